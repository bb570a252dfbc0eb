//! Asks a language model, prints its answer as it comes, and says whether it is
//! whole; if it was lost on the way, it can ask again.
//!
//! ```text
//! cargo run -p sseam-clients --example chat                            without a network
//! cargo run -p sseam-clients --example chat -- --breaks 1 --retries 1  the same, and it breaks off
//! OPENAI_BASE_URL=… OPENAI_API_KEY=… OPENAI_MODEL=… cargo run -p sseam-clients --example chat -- Why is the sky blue?
//! cargo run -p sseam-clients --example chat -- --help                  all the options
//! ```
//!
//! To read the code: `ask` sends the request, `answer` reads the stream, which is
//! where sseam is at work, and gives its outcome, `retry` decides what follows from
//! that. Around them, `args`, `key` and `endpoint` say what is wanted, `said` knows
//! what the events hold, `whole` takes an answer that is no stream, `refusal` and
//! `trouble` say why there is none, `terminal` prints, after `harmless`, and
//! `offline` is a server to try it with.

mod answer;
mod args;
mod ask;
mod endpoint;
mod harmless;
mod key;
mod offline;
mod refusal;
mod retry;
mod said;
mod terminal;
mod trouble;
mod whole;

use std::io::{self, Write};
use std::process::ExitCode;

use sseam::Outcome;
use tokio::runtime::Builder;

use args::{Command, Options};
use ask::Asker;
use endpoint::Endpoint;
use offline::Offline;
use retry::Retries;
use terminal::Terminal;
use trouble::Trouble;

/// What a shell says of a program that Ctrl-C has ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let options = match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Ask(options)) => options,
        Ok(Command::Print(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(sentence) => return wrong(&sentence),
    };
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return wrong(&error.to_string()),
    };
    let mut terminal = Terminal::new(options.key.clone());
    let status = runtime.block_on(async {
        tokio::select! {
            came_out = converse(&options, &mut terminal) => status(came_out, &mut terminal),
            Ok(()) = tokio::signal::ctrl_c() => {
                terminal.note("stopped");
                INTERRUPTED
            }
        }
    });
    // A name that is being looked up cannot be stopped, and is not waited for.
    runtime.shutdown_background();
    ExitCode::from(status)
}

/// Asks until there is an answer, or no sense in asking again.
async fn converse(options: &Options, terminal: &mut Terminal) -> Result<Outcome, Trouble> {
    let endpoint = match &options.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => offline(options, terminal).await?,
    };
    let asker = Asker::new(endpoint, options)?;
    let mut retries = Retries::new(options.retries, options.backoff);
    loop {
        terminal.begin(retries.are_left());
        let came_out = asker.ask(terminal).await;
        let Some(pause) = retries.next(&came_out) else {
            terminal.keep().map_err(Trouble::Output)?;
            return came_out;
        };
        if let Err(trouble) = &came_out {
            terminal.trouble(&trouble.to_string());
        }
        terminal.forget();
        let (made, allowed) = (retries.made, retries.allowed);
        let pause_secs = pause.as_secs_f64();
        terminal.note(format_args!("asks again in {pause_secs:.1} s: retry {made} of {allowed}"));
        tokio::time::sleep(pause).await;
    }
}

/// Starts the server of our own.
async fn offline(options: &Options, terminal: &mut Terminal) -> Result<Endpoint, Trouble> {
    let offline = Offline::new(options.speed, options.breaks);
    let address = offline
        .start()
        .await
        .map_err(|error| Trouble::Unsendable(format!("cannot listen on loopback: {error}")))?;
    terminal.note("offline: a recorded answer, whatever is asked; --help says how to ask a model");
    terminal.note(format_args!("> {}", options.prompt));
    Endpoint::new(&format!("http://{address}/v1"), Some(options.api)).map_err(Trouble::Unsendable)
}

/// The exit status.
fn status(came_out: Result<Outcome, Trouble>, terminal: &mut Terminal) -> u8 {
    match came_out {
        Ok(Outcome::Completed) => 0,
        Ok(Outcome::Incomplete) => 3,
        Ok(Outcome::Failed) => 4,
        Ok(Outcome::Truncated) => 5,
        Ok(Outcome::Unknown) => 6,
        // Whoever read our output has seen enough: that is how `| head` ends.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(trouble) => {
            terminal.trouble(&trouble.to_string());
            2
        }
    }
}

fn wrong(sentence: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "chat: {}", harmless::line(sentence));
    ExitCode::from(2)
}
