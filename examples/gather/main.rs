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
//! chooses one, [`gather`] below is the loop, `said` finds the text in an event, and
//! `calls` keeps the tool calls. Whatever the stream's length, memory is constant.

mod args;
mod calls;
#[cfg(test)]
mod contract;
#[path = "../inspect/dialect.rs"]
mod dialect;
mod said;

use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use sseam::payload::{Joiner, JsonStr};
use sseam::{Item, Outcome, Parser, Signal};

use args::{Command, Input, Options};
use calls::Calls;
use dialect::Follow;
use said::{Listener, Untold};

/// What is played when nothing is named: the answer of a language model.
const SAMPLE: &[u8] = include_bytes!("../inspect/sample.sse");

/// Between two events of the sample.
const READING_SPEED: Duration = Duration::from_millis(150);

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env(), io::stdout().lock(), io::stderr()) {
        Ok(status) => ExitCode::from(status),
        // Whoever read our output has seen enough: that is how `| head` ends.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            say(&mut io::stderr(), &failure);
            ExitCode::from(2)
        }
    }
}

/// Does what the arguments ask for, and yields the exit status.
fn run(args: lexopt::Parser, mut out: impl Write, err: impl Write) -> Result<u8, Failure> {
    let options = match args::parse(args).map_err(Failure::Arguments)? {
        Command::Gather(options) => options,
        Command::Print(text) => {
            out.write_all(text.as_bytes())?;
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
    let outcome = gather(input, &options, follow, Printer::new(out, err))?;
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
    mut printer: Printer<impl Write, impl Write>,
) -> Result<Outcome, Failure> {
    let mut parser = Parser::new().with_notify(dialect::NOTIFY);
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
                    Err(error) => printer.say(&error),
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
    let outcome = follow.finish(parser.finish());
    printer.finish(&format_args!("{}: {outcome:?}", follow.name()))?;
    Ok(outcome)
}

fn hear(
    item: &Item<'_>,
    follow: &mut dyn Follow,
    printer: &mut Printer<impl Write, impl Write>,
) -> io::Result<()> {
    let (signal, violation) = follow.follow(item);
    if let Some(violation) = violation {
        printer.say(&violation);
    }
    let Item::Event(event) = item else { return Ok(()) };
    if !matches!(signal, Signal::Message | Signal::Last) {
        return Ok(());
    }
    match said::tell(follow.name(), event, printer) {
        Ok(()) => {}
        Err(Untold::Unread(error)) => {
            printer.say(&format_args!("an event could not be read: {error}"));
        }
        Err(Untold::Unheard(error)) => return Err(error),
    }
    Ok(())
}

/// Prints the text as it comes, and keeps the rest for the end.
struct Printer<W: Write, E> {
    out: BufWriter<W>,
    err: E,
    text: Joiner,
    calls: Calls,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl<W: Write, E: Write> Printer<W, E> {
    fn new(out: W, err: E) -> Self {
        let out = BufWriter::new(out);
        let (text, calls) = (Joiner::new(), Calls::new());
        Self { out, err, text, calls, input_tokens: None, output_tokens: None }
    }

    fn say(&mut self, message: &dyn Display) {
        say(&mut self.err, message);
    }

    fn finish(mut self, outcome: &dyn Display) -> io::Result<()> {
        let mut rest = String::new();
        let _ = self.text.finish(&mut rest);
        self.out.write_all(rest.as_bytes())?;
        self.out.flush()?;
        self.calls.lines(|line| say(&mut self.err, &line));
        if let (Some(input), Some(output)) = (self.input_tokens, self.output_tokens) {
            say(&mut self.err, &format_args!("{input} tokens in, {output} out"));
        }
        say(&mut self.err, outcome);
        Ok(())
    }
}

impl<W: Write, E: Write> Listener for Printer<W, E> {
    fn text(&mut self, text: JsonStr<'_>) -> io::Result<()> {
        let mut decoded = String::new();
        // A `String` takes whatever is written.
        let _ = self.text.write(text, &mut decoded);
        self.out.write_all(decoded.as_bytes())
    }

    fn call(&mut self, index: u64, name: Option<JsonStr<'_>>, piece: Option<JsonStr<'_>>) {
        self.calls.name(index, name);
        self.calls.piece(index, piece);
    }

    fn whole_call(
        &mut self,
        index: u64,
        name: Option<JsonStr<'_>>,
        arguments: Option<JsonStr<'_>>,
    ) {
        self.calls.name(index, name);
        self.calls.whole(index, arguments);
    }

    fn usage(&mut self, input: Option<u64>, output: Option<u64>) {
        self.input_tokens = input.or(self.input_tokens);
        self.output_tokens = output.or(self.output_tokens);
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
fn say(err: &mut impl Write, message: &dyn Display) {
    let _ = writeln!(err, "gather: {message}");
}
