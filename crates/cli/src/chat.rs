//! Asks a language model, prints its answer as it arrives, and reports whether it is complete; if
//! the answer was lost, it can ask again.
//!
//! `ask` sends the request and reads the stream of the answer, `reply` handles other responses, and
//! this file decides about retries. `endpoint` has the URL and the key, and `terminal` prints.

mod ask;
mod endpoint;
mod reply;
mod terminal;

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use sseam::llm::StallWatch;
use tokio::runtime::Builder;

use crate::output::{Failure, INTERRUPTED};
use crate::verdict::status;
use ask::Question;
use endpoint::{Api, Endpoint, Key, serve_recorded};
use reply::RequestError;
use terminal::Terminal;

pub(crate) const HELP: &str = include_str!("help/chat.txt");

const URL: &str = "Use this URL instead of OPENAI_BASE_URL: a base such as \
                   https://api.example.com/v1, or the complete URL, which ends in \
                   /chat/completions, /responses or /messages";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The question
    #[arg(default_value = "Name three rivers of Europe.")]
    prompt: Vec<String>,
    #[arg(long, help = URL)]
    url: Option<String>,
    /// The API at a base URL: 'chat' (the default), 'responses' or 'messages'
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    api: Option<Api>,
    #[arg(long, value_name = "NAME", help = "Use this model instead of OPENAI_MODEL")]
    model: Option<String>,
    /// The environment variable that holds the key; the key is never printed
    #[arg(long, value_name = "NAME", default_value = "OPENAI_API_KEY")]
    key_env: String,
    /// Do not request token counts from 'chat': some servers refuse the option
    #[arg(long)]
    no_usage: bool,
    /// Ask again, up to N times, if the connection fails, the server is silent or busy (429, 503,
    /// 529), or the answer was lost; not after an answer or an error from the provider
    #[arg(long, value_name = "N", default_value = "0")]
    retries: u32,
    /// The first pause (1); each is twice the one before, and none is shorter than Retry-After
    #[arg(long, value_name = "SECS", default_value = "1", value_parser = seconds)]
    backoff: Duration,
    /// Give up if nothing arrives for this long (60)
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    stall: Option<Duration>,
    /// Play a recorded answer from a local server, whatever the environment sets
    #[arg(long)]
    offline: bool,
    /// Break off the first N recorded answers (0)
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true)]
    breaks: u32,
    /// Play the recorded answer N times as fast (1)
    #[arg(long, value_name = "N", default_value = "1", hide_default_value = true)]
    speed: NonZeroU32,
}

fn seconds(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().ok().and_then(|secs| Duration::try_from_secs_f64(secs).ok());
    seconds.ok_or_else(|| "not a number of seconds".to_string())
}

/// The question by the arguments and the environment.
fn question(args: &Args) -> Result<Question, String> {
    let or_variable = |arg: &Option<String>, name| match arg {
        Some(arg) => Ok(Some(arg.clone())),
        None => variable(name),
    };
    let url = or_variable(&args.url, "OPENAI_BASE_URL")?.filter(|_| !args.offline);
    let is_offline = url.is_none();
    let (endpoint, model, key) = if let Some(url) = url {
        let model = or_variable(&args.model, "OPENAI_MODEL")?;
        let model = model.ok_or("no model: use --model, or set OPENAI_MODEL")?;
        (Endpoint::new(&url, args.api)?, model, variable(&args.key_env)?)
    } else {
        let address = serve_recorded(args.speed, args.breaks)
            .map_err(|error| format!("cannot listen on loopback: {error}"))?;
        // The recorded answers need no key.
        (Endpoint::new(&format!("http://{address}/v1"), args.api)?, String::new(), None)
    };
    Ok(Question {
        endpoint,
        is_offline,
        model,
        key: Key::new(key, args.key_env.clone()),
        prompt: args.prompt.join(" "),
        asks_usage: !args.no_usage,
        stall: args.stall.unwrap_or(StallWatch::ADVISED),
    })
}

/// The value of a variable, if it is set and not empty.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        // Its value is not printed: it may be the key.
        Err(env::VarError::NotUnicode(_)) => Err(format!("the value of {name} is not UTF-8")),
    }
}

pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let question = question(args).map_err(Failure::Usage)?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Usage(error.to_string()))?;
    let mut terminal = Terminal::new(question.key.clone());
    let status = runtime.block_on(async {
        tokio::select! {
            status = converse(args, &question, &mut terminal) => status,
            Ok(()) = tokio::signal::ctrl_c() => {
                terminal.note("stopped");
                Ok(INTERRUPTED)
            }
        }
    });
    // A pending name lookup cannot be cancelled: it is not awaited.
    runtime.shutdown_background();
    status
}

/// Asks until there is a final answer, and returns the exit status.
async fn converse(args: &Args, question: &Question, to: &mut Terminal) -> Result<u8, Failure> {
    if question.is_offline {
        to.note("offline: this is a recorded answer; see --help for how to ask a model");
        to.note(format_args!("> {}", question.prompt));
    }
    let client = question.client().map_err(Failure::Usage)?;
    let mut made = 0;
    loop {
        to.begin(made < args.retries);
        let (status, retry_after) = match question.ask(&client, to).await {
            // Complete, cut short, or an error: the provider has answered. Only a lost answer is
            // worth asking again.
            Ok(outcome) => {
                let is_lost = outcome.is_retry_candidate();
                (status(outcome), is_lost.then_some(Duration::ZERO))
            }
            Err(RequestError::NoAnswer { why, retry_after }) => {
                to.error(&why);
                (2, retry_after)
            }
            Err(RequestError::Output(error)) => return Err(error.into()),
        };
        let Some(at_least) = retry_after.filter(|&at| made < args.retries && at <= LONGEST) else {
            to.keep()?;
            return Ok(status);
        };
        to.forget();
        let pause = at_least.max(backoff(args.backoff, made));
        made += 1;
        let (secs, allowed) = (pause.as_secs_f64(), args.retries);
        to.note(format_args!("retry {made} of {allowed} in {secs:.1} s"));
        tokio::time::sleep(pause).await;
    }
}

/// The longest pause; a server that asks for more is not retried.
const LONGEST: Duration = Duration::from_secs(60);

/// The pause before retry `made`: a random part between half of it and all, so that clients that
/// lost their connections together do not reconnect together.
fn backoff(first: Duration, made: u32) -> Duration {
    let pause = first.saturating_mul(1 << made.min(16)).min(LONGEST);
    // The random seed of the standard library's hash maps is good enough.
    let random = RandomState::new().build_hasher().finish();
    let share = f64::from(u16::try_from(random & 0xFFFF).unwrap_or(u16::MAX)) / 65535.0;
    pause.mul_f64(0.5 + share / 2.0)
}
