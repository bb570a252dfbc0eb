//! Asks a language model, prints its answer as it comes, and says whether it is whole; if it was
//! lost on the way, it can ask again.
//!
//! To read the code: `ask` sends the request and reads the answer's stream, `reply` takes what is
//! no stream; here it is decided what follows. Around them, `endpoint` says whom to ask, and
//! `terminal` prints.

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
use reply::Trouble;
use terminal::Terminal;

pub(crate) const HELP: &str = include_str!("help/chat.txt");

const URL: &str = "Ask there, instead of OPENAI_BASE_URL: a base such as \
                   https://api.example.com/v1, or the whole address, which ends in \
                   /chat/completions, /responses or /messages";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The question
    #[arg(default_value = "Name three rivers of Europe.")]
    prompt: Vec<String>,
    #[arg(long, help = URL)]
    url: Option<String>,
    /// What to ask at a base: 'chat' (the default), 'responses' or 'messages'
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    api: Option<Api>,
    #[arg(long, value_name = "NAME", help = "Ask this model, instead of OPENAI_MODEL")]
    model: Option<String>,
    /// The variable of the environment that holds the key; a key is never shown
    #[arg(long, value_name = "NAME", default_value = "OPENAI_API_KEY")]
    key_env: String,
    /// Do not ask 'chat' how many tokens it took: some servers refuse the question
    #[arg(long)]
    no_usage: bool,
    /// Ask again, up to N times, where the connection fails, the server is silent or busy (429,
    /// 503, 529), or the answer was lost on the way; not where the provider has answered, be it an
    /// error
    #[arg(long, value_name = "N", default_value = "0")]
    retries: u32,
    /// The first pause (1); each is twice the one before, and none is shorter than the server asks
    /// by Retry-After
    #[arg(long, value_name = "SECS", default_value = "1", value_parser = seconds)]
    backoff: Duration,
    /// Give up where nothing has come for so long (60)
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    stall: Option<Duration>,
    /// Take the server of our own, whatever the environment says
    #[arg(long)]
    offline: bool,
    /// It breaks off the first N answers (0)
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true)]
    breaks: u32,
    /// It speaks N times as fast (1)
    #[arg(long, value_name = "N", default_value = "1", hide_default_value = true)]
    speed: NonZeroU32,
}

fn seconds(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().ok().and_then(|secs| Duration::try_from_secs_f64(secs).ok());
    seconds.ok_or_else(|| "this is no number of seconds".to_string())
}

/// What to ask, as the arguments and the environment say.
fn question(args: &Args) -> Result<Question, String> {
    let or_variable = |arg: &Option<String>, name| match arg {
        Some(arg) => Ok(Some(arg.clone())),
        None => variable(name),
    };
    let url = or_variable(&args.url, "OPENAI_BASE_URL")?.filter(|_| !args.offline);
    let is_offline = url.is_none();
    let (endpoint, model, key) = if let Some(url) = url {
        let model = or_variable(&args.model, "OPENAI_MODEL")?;
        let model = model.ok_or("which model? Say --model, or set OPENAI_MODEL")?;
        (Endpoint::new(&url, args.api)?, model, variable(&args.key_env)?)
    } else {
        let address = serve_recorded(args.speed, args.breaks)
            .map_err(|error| format!("cannot listen on loopback: {error}"))?;
        // Offline nobody is shown a key.
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

/// What the environment says, if it is anything.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        // Not what it is: it may be the key.
        Err(env::VarError::NotUnicode(_)) => Err(format!("what {name} holds is no UTF-8")),
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
    // A name that is being looked up cannot be stopped, and is not waited for.
    runtime.shutdown_background();
    status
}

/// Asks until there is an answer that stays, and yields the exit status.
async fn converse(args: &Args, question: &Question, to: &mut Terminal) -> Result<u8, Failure> {
    if question.is_offline {
        to.note("offline: a recorded answer, whatever is asked; --help says how to ask a model");
        to.note(format_args!("> {}", question.prompt));
    }
    let client = question.client().map_err(Failure::Usage)?;
    let mut made = 0;
    loop {
        to.begin(made < args.retries);
        let (status, retry_after) = match question.ask(&client, to).await {
            // Whole, cut short, an error: the provider has answered. Only an answer that was lost
            // on the way is worth the same question again.
            Ok(outcome) => {
                let is_lost = outcome.is_retry_candidate();
                (status(outcome), is_lost.then_some(Duration::ZERO))
            }
            Err(Trouble::NoAnswer { why, retry_after }) => {
                to.trouble(&why);
                (2, retry_after)
            }
            Err(Trouble::Output(error)) => return Err(error.into()),
        };
        let Some(at_least) = retry_after.filter(|&at| made < args.retries && at <= LONGEST) else {
            to.keep()?;
            return Ok(status);
        };
        to.forget();
        let pause = at_least.max(backoff(args.backoff, made));
        made += 1;
        let (secs, allowed) = (pause.as_secs_f64(), args.retries);
        to.note(format_args!("asks again in {secs:.1} s: retry {made} of {allowed}"));
        tokio::time::sleep(pause).await;
    }
}

/// No pause of ours is longer, and a server that asks for more is left alone.
const LONGEST: Duration = Duration::from_secs(60);

/// The pause after so many retries: between half of it and all, as clients that broke off together
/// must not come back together.
fn backoff(first: Duration, made: u32) -> Duration {
    let pause = first.saturating_mul(1 << made.min(16)).min(LONGEST);
    // What the standard library seeds its hash maps with is random enough.
    let random = RandomState::new().build_hasher().finish();
    let share = f64::from(u16::try_from(random & 0xFFFF).unwrap_or(u16::MAX)) / 65535.0;
    pause.mul_f64(0.5 + share / 2.0)
}
