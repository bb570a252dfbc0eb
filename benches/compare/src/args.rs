//! What is wanted: the command line.

use std::path::PathBuf;

use lexopt::prelude::*;

use crate::plan::Plan;

pub(crate) const HELP: &str = "\
sseam and its peers on the same streams: are they right, and how fast are they?

Usage: cargo run --release --manifest-path benches/compare/Cargo.toml -- [OPTIONS]

      --quick        256 KiB only, whole and in chunks of 1460 bytes
      --check        only the comparison with the standard, nothing is timed
      --output DIR   where compare.csv and compare.svg go (target/compare)
  -h, --help         this text

The report goes to standard output, as Markdown. The exit status is 0, or 1
where sseam itself is wrong, or 2 where something else failed.
";

/// From the crate's root, wherever this one is built.
const OUTPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/compare");

/// What the arguments ask for.
pub(crate) enum Command {
    Help,
    Check,
    Compare { plan: Plan, output: PathBuf },
}

pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut plan, mut output, mut only_check) = (Plan::full(), PathBuf::from(OUTPUT), false);
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("quick") => plan = Plan::quick(),
            Long("check") => only_check = true,
            Long("output") => output = parser.value()?.into(),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(if only_check { Command::Check } else { Command::Compare { plan, output } })
}
