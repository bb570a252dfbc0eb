//! What is wanted: the command line and the environment.

use std::env;
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::time::Duration;

use lexopt::prelude::*;
use sseam::dialect::StallWatch;

use crate::endpoint::{Api, Endpoint};
use crate::key::Key;

const HELP: &str = "\
Asks a language model, prints its answer as it comes, and says whether it is
whole.

Usage: chat [OPTIONS] [PROMPT...]

Whom to ask; without a URL, a recorded answer is played by a server of our own
      --url URL        instead of OPENAI_BASE_URL: a base such as
                       https://api.example.com/v1, or the whole address, which
                       ends in /chat/completions, /responses or /messages
      --api NAME       which of these to ask behind a base: 'chat' (the
                       default), 'responses' or 'messages'
      --model NAME     instead of OPENAI_MODEL
      --key-env NAME   the variable of the environment that holds the key
                       (OPENAI_API_KEY); a key is never shown
      --no-usage       do not ask 'chat' how many tokens it took: some servers
                       refuse the question

When to ask again
      --retries N      up to N times (0), where the connection fails, the
                       server is silent or busy (429, 503, 529), or the answer
                       was lost on the way; not where the provider has
                       answered, be it an error
      --backoff SECS   the first pause (1); each is twice the one before, and
                       none is shorter than the server asks by Retry-After
      --stall SECS     give up where nothing has come for so long (60)

The server of our own
      --offline        take it whatever the environment says
      --breaks N       it breaks off the first N answers (0)
      --speed N        it speaks N times as fast (1)

  -h, --help           this text
  -V, --version        the version

Standard output gets the text, standard error all the rest. Control characters
other than line ends and tabs are made visible. Where standard output is no
terminal and there are retries, the text waits until no retry will come, so that
it is one answer. The exit status is the outcome: 0 completed, 3 incomplete,
4 failed, 5 truncated, 6 unknown; or 2 where nothing could be asked; or 130
after Ctrl-C.
";

/// What is asked where nothing is.
const PROMPT: &str = "Name three rivers of Europe.";

/// What the arguments ask for.
pub(crate) enum Command {
    Ask(Box<Options>),
    /// To print this, and no more.
    Print(String),
}

#[derive(Debug)]
pub(crate) struct Options {
    /// None: the server of our own.
    pub(crate) endpoint: Option<Endpoint>,
    /// As `--api` says; the endpoint knows better.
    pub(crate) api: Api,
    pub(crate) model: String,
    pub(crate) key: Key,
    pub(crate) prompt: String,
    pub(crate) asks_usage: bool,
    pub(crate) retries: u32,
    pub(crate) backoff: Duration,
    pub(crate) stall: Duration,
    pub(crate) breaks: u32,
    pub(crate) speed: NonZeroU32,
}

/// Reads the arguments; an error is one sentence.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut url = variable("OPENAI_BASE_URL")?;
    let mut model = variable("OPENAI_MODEL")?;
    let mut key_variable = "OPENAI_API_KEY".to_string();
    let mut api = None;
    let mut words = Vec::new();
    let mut options = Options {
        endpoint: None,
        api: Api::Chat,
        model: String::new(),
        key: Key::none(),
        prompt: PROMPT.to_string(),
        asks_usage: true,
        retries: 0,
        backoff: Duration::from_secs(1),
        stall: StallWatch::ADVISED,
        breaks: 0,
        speed: NonZeroU32::MIN,
    };
    let mut is_offline = false;
    while let Some(arg) = parser.next().map_err(sentence)? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_string())),
            Short('V') | Long("version") => {
                let version = concat!("chat (sseam-clients ", env!("CARGO_PKG_VERSION"), ")\n");
                return Ok(Command::Print(version.to_string()));
            }
            Long("url") => url = Some(text(&mut parser)?),
            Long("model") => model = Some(text(&mut parser)?),
            Long("key-env") => key_variable = text(&mut parser)?,
            Long("api") => api = Some(text(&mut parser)?.parse()?),
            Long("no-usage") => options.asks_usage = false,
            Long("retries") => options.retries = number(&mut parser, "--retries")?,
            Long("backoff") => options.backoff = seconds(&mut parser, "--backoff")?,
            Long("stall") => options.stall = seconds(&mut parser, "--stall")?,
            Long("offline") => is_offline = true,
            Long("breaks") => options.breaks = number(&mut parser, "--breaks")?,
            Long("speed") => options.speed = number(&mut parser, "--speed")?,
            Value(word) => words.push(utf8(word)?),
            Short(_) | Long(_) => return Err(sentence(arg.unexpected())),
        }
    }
    if !words.is_empty() {
        options.prompt = words.join(" ");
    }
    options.api = api.unwrap_or(Api::Chat);
    // Offline nobody is shown a key.
    if let Some(url) = url.filter(|_| !is_offline) {
        let endpoint = Endpoint::new(&url, api)?;
        options.api = endpoint.api;
        options.endpoint = Some(endpoint);
        options.model = model.ok_or("which model? Say --model, or set OPENAI_MODEL")?;
        options.key = Key::new(variable(&key_variable)?, key_variable);
    }
    Ok(Command::Ask(Box::new(options)))
}

/// What the environment says, if it is anything.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        // Not what it is: it may be the key.
        Err(env::VarError::NotUnicode(_)) => Err(format!("what {name} holds is no UTF-8")),
    }
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().map_err(sentence).and_then(utf8)
}

fn utf8(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("'{}' is no UTF-8", word.display()))
}

fn number<T: std::str::FromStr>(parser: &mut lexopt::Parser, name: &str) -> Result<T, String> {
    let value = text(parser)?;
    value.parse().map_err(|_| format!("{name} takes a number, not '{value}'"))
}

fn seconds(parser: &mut lexopt::Parser, name: &str) -> Result<Duration, String> {
    let value = text(parser)?;
    let seconds = value.parse().ok().and_then(|secs| Duration::try_from_secs_f64(secs).ok());
    seconds.ok_or_else(|| format!("{name} takes a number of seconds, not '{value}'"))
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn sentence(error: lexopt::Error) -> String {
    format!("{error} (--help lists the options)")
}
