//! What did the model say? Prints the visible text of an LLM's event stream as it
//! arrives, and at last how the stream came out.
//!
//! ```text
//! cargo run --example gather                                 a sample stream
//! cargo run --example gather -- FILE                         a recorded one
//! curl -sN URL | cargo run --example gather -- -             a live one
//! cargo run --example gather -- --help                       all the options
//! ```
//!
//! To read the code: `args` says what is wanted, `dialect`, which is inspect's,
//! chooses one, [`gather`] below is the loop, and `said` finds the text in an event.
//! Whatever the stream's length, memory is constant.

mod args;
#[path = "../inspect/dialect.rs"]
mod dialect;
mod said;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use sseam::{Item, Outcome, Parser, Signal};

use args::{Command, Input, Options};
use dialect::Follow;
use said::Printer;

/// What is played when nothing is named: the answer of a language model.
const SAMPLE: &[u8] = include_bytes!("../inspect/sample.sse");

/// Between two events of the sample.
const READING_SPEED: Duration = Duration::from_millis(150);

fn main() -> ExitCode {
    match run() {
        Ok(status) => ExitCode::from(status),
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

fn run() -> Result<u8, Failure> {
    let options = match args::parse(lexopt::Parser::from_env()).map_err(Failure::Arguments)? {
        Command::Gather(options) => options,
        Command::Print(text) => {
            io::stdout().write_all(text.as_bytes())?;
            return Ok(0);
        }
    };
    let follow = dialect::by_name(&options.dialect).ok_or_else(|| {
        let name = &options.dialect;
        Failure::Arguments(format!("no dialect is called '{name}' (--help lists them)"))
    })?;
    let input: Box<dyn Read> = match &options.input {
        Input::Sample => Box::new(SAMPLE),
        Input::Stdin => Box::new(io::stdin().lock()),
        Input::File(path) => Box::new(File::open(path).map_err(Failure::Input)?),
    };
    let outcome = gather(input, &options, follow)?;
    Ok(match outcome {
        Outcome::Completed => 0,
        Outcome::Incomplete => 3,
        Outcome::Failed => 4,
        Outcome::Truncated => 5,
        Outcome::Unknown => 6,
    })
}

/// Feeds the stream to the parser and prints the text of what comes.
fn gather(
    input: Box<dyn Read>,
    options: &Options,
    mut follow: Box<dyn Follow>,
) -> Result<Outcome, Failure> {
    let mut parser = Parser::new().with_notify(dialect::NOTIFY);
    let out = BufWriter::new(io::stdout().lock());
    let mut printer = Printer { out, input_tokens: None, output_tokens: None };
    let mut input = BufReader::with_capacity(64 << 10, input);
    loop {
        let read = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(Failure::Input)?,
        };
        if read.is_empty() {
            break;
        }
        for mut chunk in read.chunks(options.chunk.map_or(usize::MAX, Into::into)) {
            loop {
                match parser.next_item(&mut chunk) {
                    Ok(Some(item)) => hear(&item, &mut *follow, &mut printer)?,
                    Ok(None) => break,
                    // It was about one event: the next call goes on behind it.
                    Err(error) => say(&error),
                }
                if options.input == Input::Sample {
                    printer.out.flush()?;
                    thread::sleep(READING_SPEED);
                }
            }
        }
        let len = read.len();
        input.consume(len);
        // A live stream may pause now, and what it has said should be seen.
        printer.out.flush()?;
    }
    printer.out.flush()?;
    let outcome = follow.finish(parser.finish());
    if let (Some(input), Some(output)) = (printer.input_tokens, printer.output_tokens) {
        say(&format_args!("{input} tokens in, {output} out"));
    }
    say(&format_args!("{}: {outcome:?}", follow.name()));
    Ok(outcome)
}

fn hear<W: Write>(
    item: &Item<'_>,
    follow: &mut dyn Follow,
    printer: &mut Printer<W>,
) -> io::Result<()> {
    let (signal, violation) = follow.follow(item);
    if let Some(violation) = violation {
        say(&violation);
    }
    match item {
        Item::Event(event) if matches!(signal, Signal::Message | Signal::Last) => {
            said::tell(follow.name(), event, printer)
        }
        _ => Ok(()),
    }
}

/// Why there is no more to tell.
enum Failure {
    Arguments(String),
    Input(io::Error),
    Output(io::Error),
}

/// The input's errors are wrapped where they arise.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(sentence) => f.write_str(sentence),
            Self::Input(error) => write!(f, "cannot read the stream: {error}"),
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

/// A line on standard error, whose loss is nobody's harm.
fn say(message: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "gather: {message}");
}
