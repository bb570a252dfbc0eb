//! What is in this stream, and did it finish? Shows the events of an event
//! stream, its comments and its errors, as a table for people or as JSON Lines
//! for scripts.
//!
//! ```text
//! cargo run --example inspect                                a sample stream
//! cargo run --example inspect -- FILE                        a recorded one
//! curl -sN URL | cargo run --example inspect -- -            a live one
//! cargo run --example inspect -- --json FILE | jq .data      for scripts
//! cargo run --example inspect -- --dialect auto FILE         did it finish?
//! cargo run --example inspect -- --chunk 1 FILE              cut into single bytes
//! cargo run --example inspect -- --help                      all the options
//! ```
//!
//! To read the code: `args` says what is wanted, `chunks` cuts the input, [`inspect`]
//! below is the loop around the parser, a `Teller` has a `dialect`
//! follow the stream, and tells an `Observer` what came of it: `table` or `json`.
//! Whatever the stream's length, memory is constant.

mod args;
mod chunks;
mod columns;
#[cfg(test)]
mod contract;
mod dialect;
mod json;
mod observer;
mod place;
mod source;
mod table;
mod teller;

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use sseam::{ArrayBuf, Buffer, End, Outcome, Parser, SliceBuf, VecBuf};

use args::{BufferKind, Command, Input, Options};
use chunks::Chunks;
use json::Json;
use observer::{Ending, Observer};
use source::Source;
use table::Table;
use teller::Teller;

/// How much data an `ArrayBuf` takes here.
const ARRAY: usize = 4096;

/// What a `SliceBuf` gets beyond the bound on data: the place where a second
/// `id` of a block waits for the end of its line.
const SLACK: usize = 1024;

/// From this size on, a file takes long enough for a progress bar.
const LARGE: u64 = 64 << 20;

fn main() -> ExitCode {
    let stdout = BufWriter::with_capacity(chunks::READ, io::stdout().lock());
    match run(lexopt::Parser::from_env(), stdout) {
        Ok(outcome) => ExitCode::from(outcome.map_or(0, status)),
        // Whoever read our output has seen enough: that is how `| head` ends.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            say(&failure);
            ExitCode::from(2)
        }
    }
}

/// The exit status that tells how the stream came out. 2 is a [`Failure`]'s.
const fn status(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Completed => 0,
        Outcome::Incomplete => 3,
        Outcome::Failed => 4,
        Outcome::Truncated => 5,
        Outcome::Unknown => 6,
    }
}

/// Writes to `out` what is in the stream, and answers how it came out, if that
/// was asked.
fn run(args: lexopt::Parser, mut out: impl Write) -> Result<Option<Outcome>, Failure> {
    let mut options = match args::parse(args).map_err(Failure::Arguments)? {
        Command::Inspect(options) => options,
        Command::Print(text) => {
            out.write_all(text.as_bytes())?;
            out.flush()?;
            return Ok(None);
        }
    };
    let source = Source::open(&options.input)?;
    let mut observer: Box<dyn Observer + '_> = if options.json {
        Box::new(Json::new(out))
    } else {
        let is_sample = options.input == Input::Sample;
        let title = "A sample stream; `inspect FILE` shows yours, `--help` says more.";
        Box::new(Table::new(out, is_sample.then_some(title), options.dialect.is_some()))
    };
    let teller = Teller::new(&mut *observer, options.dialect.take(), options.notifications);

    let limit = options.limit.unwrap_or(VecBuf::DEFAULT_DATA_LIMIT);
    let meta = VecBuf::DEFAULT_META_LIMIT;
    match options.buffer {
        BufferKind::Vec => {
            let parser = Parser::with_buffer(VecBuf::with_limits(limit, meta));
            inspect(parser, &options, source, teller)
        }
        BufferKind::Array => {
            if options.limit.is_some_and(|limit| limit > ARRAY) {
                say(&format_args!(
                    "note: the array's {ARRAY} bytes stay the bound on data, not {limit}"
                ));
            }
            let parser = Parser::with_buffer(ArrayBuf::<ARRAY>::new().with_limit(limit));
            inspect(parser, &options, source, teller)
        }
        BufferKind::Slice => {
            let mut data = zeroed(limit.saturating_add(SLACK))?;
            let mut meta = zeroed(3 * meta)?;
            let buffer = SliceBuf::new(&mut data, &mut meta).with_limit(limit);
            let parser = Parser::with_buffer(buffer);
            inspect(parser, &options, source, teller)
        }
    }
}

/// Feeds the stream to the parser and tells what comes of it.
fn inspect<B: Buffer>(
    parser: Parser<B>,
    options: &Options,
    source: Source,
    mut teller: Teller<'_>,
) -> Result<Option<Outcome>, Failure> {
    let mut parser = parser.with_notify(teller.notify());
    if let Some(id) = &options.last_event_id {
        parser
            .set_last_event_id(id)
            .map_err(|error| Failure::Arguments(format!("--last-event-id: {error}")))?;
    }

    teller.observer.begin()?;
    let bar = progress_bar(source.len);
    let mut chunks = Chunks::new(source.reader, options.chunk, options.splits.clone());
    let unreadable = |error| Failure::Input { name: source.name.clone(), error };
    while let Some(chunk) = chunks.next().map_err(unreadable)? {
        let mut rest = chunk;
        loop {
            let before = rest;
            let told = parser.next_item(&mut rest);
            teller.observer.passed(&before[..before.len() - rest.len()]);
            match told {
                Ok(Some(item)) => teller.item(item, chunk)?,
                Ok(None) => break,
                // It was about one event: the next call goes on behind it.
                Err(error) => teller.observer.error(error)?,
            }
        }
        // A live stream may pause now, and what it has said should be seen.
        if source.is_live && chunks.is_drained() {
            teller.observer.flush()?;
        }
        bar.set_position(chunks.offset());
    }

    if options.flush {
        loop {
            match parser.flush_item() {
                Ok(Some(item)) => teller.flushed(item)?,
                Ok(None) => break,
                Err(error) => teller.observer.error(error)?,
            }
        }
    }
    let end = parser.finish();
    let verdict = teller.verdict(end);
    let outcome = verdict.as_ref().map(|verdict| verdict.outcome);
    teller.observer.end(&Ending {
        discarded: end == End::MidEvent,
        last_event_id: parser.last_event_id(),
        retry: parser.reconnection_time(),
        verdict,
    })?;
    teller.observer.flush()?;
    Ok(outcome)
}

/// A bar on standard error for a large file; hidden where rows on the same
/// terminal show the progress, and would be torn by it.
fn progress_bar(len: Option<u64>) -> ProgressBar {
    let len = len.filter(|&len| len >= LARGE && !io::stdout().is_terminal());
    let Some(len) = len else {
        return ProgressBar::hidden();
    };
    let template = "{binary_bytes:>11} of {binary_total_bytes}  {wide_bar:.cyan}  {eta:>4} left";
    let style = ProgressStyle::with_template(template).expect("the template is well-formed");
    // Being hidden unless standard error is a terminal is the target's own doing.
    ProgressBar::with_draw_target(Some(len), ProgressDrawTarget::stderr())
        .with_style(style.progress_chars("━━─"))
        .with_finish(ProgressFinish::AndClear)
}

/// As `vec![0; len]`, but a size that cannot be had is an answer, not an abort.
fn zeroed(len: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(len)
        .map_err(|_| Failure::Arguments(format!("a buffer of {len} bytes cannot be had")))?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// Why there is no more to tell.
enum Failure {
    Arguments(String),
    Input { name: String, error: io::Error },
    Output(io::Error),
}

/// The input's errors are wrapped where they arise, with its name.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(sentence) => f.write_str(sentence),
            Self::Input { name, error } => write!(f, "cannot read {name}: {error}"),
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

/// A line on standard error, whose loss is nobody's harm.
fn say(message: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "inspect: {message}");
}
