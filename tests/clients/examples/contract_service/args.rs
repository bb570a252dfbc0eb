//! What is wanted: the command line.

use lexopt::prelude::*;

const HELP: &str = "\
A test service for the SSE contract tests: an event source on sseam.

Usage: contract_service [PORT]

  PORT         the port on 127.0.0.1 (8000); with 0 it is a free one. The first
               line on standard output is the service's URL
  -h, --help   this text
";

/// What the arguments ask for.
pub(crate) enum Command {
    Serve {
        port: u16,
    },
    /// To print this, and no more.
    Print(String),
}

/// Reads the arguments; an error is one sentence.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut port = None;
    while let Some(arg) = parser.next().map_err(sentence)? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_string())),
            Value(value) if port.is_none() => port = Some(value.parse().map_err(sentence)?),
            _ => return Err(sentence(arg.unexpected())),
        }
    }
    Ok(Command::Serve { port: port.unwrap_or(8000) })
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn sentence(error: lexopt::Error) -> String {
    format!("{error} (--help says what there is)")
}
