//! A reverse proxy that passes everything on as it comes and, on the side,
//! says of each event stream how it ended.
//!
//! ```text
//! cargo run -p sseam-clients --example proxy -- --upstream https://api.example.com
//! curl -N http://127.0.0.1:8080/v1/chat/completions …
//! ```
//!
//! A line on standard error for each event stream:
//!
//! ```text
//! method=POST path=/v1/chat/completions status=200 dialect=chat events=42 bytes=9120 outcome=completed end=whole first_ms=310.2 duration_ms=1803.5
//! ```
//!
//! To read the code: `serve` takes connections, `forward` a request upstream
//! and its response back, `watch` is where sseam is at work, around the
//! response's body, `held` what exactness asks for where an upstream breaks,
//! `line` what is said. It speaks HTTP/1.1 on both sides, to the upstream with
//! TLS or without.

mod args;
mod forward;
mod held;
mod line;
mod print;
mod serve;
mod watch;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use args::{Command, Options};
use forward::Proxy;

fn main() -> ExitCode {
    let options = match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Serve(options)) => options,
        Ok(Command::Print(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(sentence) => return failure(&sentence),
    };
    let (printer, log) = print::printer();
    let ended = Runtime::new().map_err(Into::into).and_then(|runtime| {
        // Leaving drops the runtime, and with it the streams under way: each
        // of them has its line.
        runtime.block_on(run(options, log))
    });
    printer.finish();
    ended.map_or_else(|error| failure(&error), |()| ExitCode::SUCCESS)
}

/// Serves until Ctrl-C.
async fn run(options: Options, log: line::Log) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(&options.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.listen))?;
    say(&format_args!("http://{} passes on to {}", listener.local_addr()?, options.upstream));
    let proxy = Proxy::new(options.upstream, options.identity, log)?;
    tokio::select! {
        never = serve::serve(listener, Arc::new(proxy)) => match never {},
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

fn failure(message: &dyn Display) -> ExitCode {
    say(message);
    ExitCode::from(2)
}

/// A line on standard error, whose loss is nobody's harm.
fn say(message: &dyn Display) {
    let _ = writeln!(io::stderr(), "proxy: {message}");
}
