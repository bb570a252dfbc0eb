//! What is wanted: the command line.

use lexopt::prelude::*;

use crate::forward::Upstream;

const HELP: &str = "\
Passes HTTP on to an upstream and says of each event stream how it ended.

Usage: proxy --upstream URL [OPTIONS]

      --upstream URL   where requests go, http or https; a path in it is put
                       before that of each request
      --listen ADDR    where to listen (127.0.0.1:8080)
      --identity       ask the upstream to compress nothing. Without this, what
                       client and upstream agree on is left to them, and a
                       compressed stream passes unwatched
  -h, --help           this text
";

/// What the arguments ask for.
pub(crate) enum Command {
    Serve(Options),
    /// To print this, and no more.
    Print(String),
}

pub(crate) struct Options {
    pub(crate) upstream: Upstream,
    pub(crate) listen: String,
    pub(crate) identity: bool,
}

/// Reads the arguments; an error is one sentence.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut upstream = None;
    let mut listen = "127.0.0.1:8080".to_string();
    let mut identity = false;
    while let Some(arg) = parser.next().map_err(sentence)? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_string())),
            Long("upstream") => {
                let url = parser.value().and_then(ValueExt::string).map_err(sentence)?;
                upstream = Some(url.parse()?);
            }
            Long("listen") => {
                listen = parser.value().and_then(ValueExt::string).map_err(sentence)?;
            }
            Long("identity") => identity = true,
            _ => return Err(sentence(arg.unexpected())),
        }
    }
    let upstream = upstream.ok_or("--upstream is missing (--help lists the options)")?;
    Ok(Command::Serve(Options { upstream, listen, identity }))
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn sentence(error: lexopt::Error) -> String {
    format!("{error} (--help lists the options)")
}
