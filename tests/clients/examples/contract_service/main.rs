//! A test service for the public SSE contract tests: what their harness asks
//! for, an event source on sseam carries out.
//!
//! ```text
//! cargo run -p sseam-clients --example contract_service -- 8000
//! sse-contract-tests --url http://localhost:8000
//! ```
//!
//! To read the code: `service` is what the harness talks to, `create` reads
//! which stream it wants, `connect` asks a server for it, `stream` is where
//! sseam is at work, over one connection after the other, and `report` tells the
//! harness what came. It is an `EventSource` (WHATWG HTML, section 9.2.3), but
//! where the harness wants more of it; those places say so.

mod args;
mod connect;
mod create;
mod report;
mod service;
mod stream;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::runtime::Builder;

use args::Command;

fn main() -> ExitCode {
    let port = match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Serve { port }) => port,
        Ok(Command::Print(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(sentence) => return failure(&sentence),
    };
    // Whether it is the first in this process to choose one does not matter.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // One thread: what is aborted does not run on another.
    let runtime = Builder::new_current_thread().enable_all().build();
    let ended = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(port)));
    ended.map_or_else(|error| failure(&error), |()| ExitCode::SUCCESS)
}

/// Serves until the harness or Ctrl-C ends it.
async fn run(port: u16) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    // For who asked for a free port; whoever did not need not read it.
    let _ = writeln!(io::stdout(), "http://{}", listener.local_addr()?);
    tokio::select! {
        () = service::serve(listener) => Ok(()),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

fn failure(message: &dyn Display) -> ExitCode {
    say(message);
    ExitCode::from(2)
}

/// A line on standard error, whose loss is nobody's harm.
fn say(message: &dyn Display) {
    let _ = writeln!(io::stderr(), "contract_service: {message}");
}
