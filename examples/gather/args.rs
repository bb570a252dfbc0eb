//! What is wanted: the command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use lexopt::prelude::*;

const HELP: &str = "\
What did the model say? Prints the visible text of an LLM's event stream.

Usage: gather [OPTIONS] [FILE | -]

Without FILE a sample stream is played; '-' is standard input.

      --dialect NAME       chat, responses, responses-strict, messages,
                           generate-content, cohere-chat, assistants, done,
                           or auto (the default), which finds out
      --chunk N            feed N bytes at a time instead of what a read brings
  -h, --help               this text
  -V, --version            the version

Standard output gets the text and nothing else, as it arrives; standard error
gets breaches of responses-strict, and at the end tool calls (of their arguments
64 KiB are kept), usage, and the outcome. The exit status is the outcome:
0 completed, 3 incomplete, 4 failed, 5 truncated, 6 unknown; or 2 where the
arguments are wrong or the stream cannot be read. What the end of the stream
cuts off is left out, as the standard has it.
";

/// What the arguments ask for.
pub(crate) enum Command {
    Gather(Options),
    /// To print this, and no more.
    Print(String),
}

pub(crate) struct Options {
    pub(crate) input: Input,
    pub(crate) dialect: String,
    pub(crate) chunk: Option<NonZeroUsize>,
}

#[derive(PartialEq, Eq)]
pub(crate) enum Input {
    Sample,
    Stdin,
    File(PathBuf),
}

/// Reads the arguments; an error is one sentence.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let sentence = |error| format!("{error} (--help lists the options)");
    let mut options = Options { input: Input::Sample, dialect: "auto".to_string(), chunk: None };
    while let Some(arg) = parser.next().map_err(sentence)? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_string())),
            Short('V') | Long("version") => {
                let version = concat!("gather (sseam ", env!("CARGO_PKG_VERSION"), ")\n");
                return Ok(Command::Print(version.to_string()));
            }
            Long("dialect") => {
                let name = parser.value().map_err(sentence)?;
                options.dialect = name.to_string_lossy().into_owned();
            }
            Long("chunk") => {
                let size = parser.value().map_err(sentence)?;
                let number = size.to_str().and_then(|size| size.parse().ok());
                options.chunk = Some(number.ok_or_else(|| {
                    format!(
                        "--chunk takes a number of bytes, at least 1, not '{}'",
                        size.to_string_lossy()
                    )
                })?);
            }
            Value(path) => options.input = input(&options.input, path)?,
            Short(_) | Long(_) => return Err(sentence(arg.unexpected())),
        }
    }
    Ok(Command::Gather(options))
}

/// The input that `path` names, if it is the first.
fn input(old: &Input, path: OsString) -> Result<Input, String> {
    if *old != Input::Sample {
        return Err(format!("one stream at a time: '{}' is one too many", path.to_string_lossy()));
    }
    Ok(if path == "-" { Input::Stdin } else { Input::File(path.into()) })
}
