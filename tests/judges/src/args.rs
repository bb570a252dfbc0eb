//! What the command line asks for.

use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
What parsers that others wrote make of the same streams as sseam.

Usage: judges [OPTIONS] [NAME]...

A name is the beginning of a judge's: sse-core, sse-parse, eventsource-parser
(needs Node.js and `npm ci` in this folder) or Chromium (needs both). Without a
name, all but Chromium. sseam always takes part.

Options:
  --streams <COUNT>  how many streams are generated [100000]
  --seed <NUMBER>    from which number [1]

The exit status is 0 if each says what the standard says but for what is listed,
1 if one does not, or 2 if something else failed.
";

pub(crate) struct Args {
    pub(crate) names: Vec<String>,
    pub(crate) streams: usize,
    pub(crate) seed: u64,
}

/// None where help is asked for.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Option<Args>, lexopt::Error> {
    let mut args = Args { names: Vec::new(), streams: 100_000, seed: 1 };
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(None),
            Long("streams") => args.streams = parser.value()?.parse()?,
            Long("seed") => args.seed = parser.value()?.parse()?,
            Value(name) => args.names.push(name.string()?),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(Some(args))
}
