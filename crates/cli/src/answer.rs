//! Prints the answer in a language model's event stream as it arrives, and then its outcome: as
//! text for people or as JSON Lines for scripts.

mod json;
mod plain;

use std::io;
use std::thread;
use std::time::Duration;

use sseam::llm::strict::Check;
use sseam::llm::{Delta, Outcome, Signal};
use sseam::{End, Item, Parser, VecBuf};

use crate::dialect::{self, Dialect};
use crate::input::{Follow, How, Input, is_interrupted};
use crate::output::{self, Failure, INTERRUPTED, Text};
use crate::reader::{Reader, Step};
use crate::verdict::{KEPT, status};
use json::Json;
use plain::Plain;

pub(crate) const HELP: &str = include_str!("help/answer.txt");

/// The pause between two events of the sample.
const READING_SPEED: Duration = Duration::from_millis(150);

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    input: Input,
    /// Print one JSON object a line instead of the text
    #[arg(long)]
    json: bool,
    /// The protocol; 'auto' detects it
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = Dialect::parser())]
    dialect: Dialect,
    /// The limit on an event's data in bytes (16 MiB)
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Read the pending event at the end of the stream, which the standard discards
    #[arg(long)]
    flush: bool,
    /// Treat the stream as if the connection had broken after its last byte
    #[arg(long)]
    broken: bool,
}

/// Feeds the stream to the reader, prints what is new, and returns the exit status.
pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let limit = args.limit.unwrap_or(VecBuf::DEFAULT_DATA_LIMIT);
    let buffer = VecBuf::with_limits(limit, VecBuf::DEFAULT_META_LIMIT);
    let follow = Follow { how: How::Call, parser: Parser::with_buffer(buffer) };
    let mut chunks = args.input.open(Vec::new(), follow)?;
    let mut reader = Reader::with_limit(args.dialect.protocol(), limit);
    let mut shown = Shown {
        printer: if args.json { Box::new(Json::with_limit(KEPT)) } else { Box::new(Plain::new()) },
        out: Text::new(),
        check: args.dialect.check(),
        has_events: false,
        has_ended: false,
        ignored: 0,
        pause: if chunks.is_sample && !args.json { READING_SPEED } else { Duration::ZERO },
    };
    while let Some(chunk) = chunks.next()? {
        reader.feed(chunk, &mut |step| shown.take(step))?;
        // Reading the next chunk may take a while.
        if chunks.is_drained() {
            shown.out.flush()?;
        }
        // The connection may stay open.
        if chunks.is_url && reader.answer().is_over() {
            break;
        }
    }
    let mut take = |step: Step<'_, '_>| shown.take(step);
    let mut end = if args.flush { reader.flush(&mut take) } else { reader.finish(&mut take) }?;
    // After Ctrl-C the rest of the stream is unknown.
    if args.broken || chunks.is_broken() || is_interrupted() {
        end = End::Disconnected;
    }
    shown.out.flush()?;
    let no_event = output::no_event(&chunks.head, chunks.offset);
    if let Some(sentence) = no_event.filter(|_| !shown.has_events && chunks.offset > 0) {
        shown.out.say(&format_args!("{}: {sentence}", chunks.name));
    }
    let ending = Ending {
        dialect: dialect::name(reader.answer().tracker()),
        outcome: match reader.outcome(end) {
            Outcome::Truncated | Outcome::Completed if chunks.is_refused() => Outcome::Unknown,
            outcome => outcome,
        },
        ignored: shown.ignored,
    };
    shown.printer.end(&ending, &mut shown.out)?;
    Ok(if is_interrupted() { INTERRUPTED } else { status(ending.outcome) })
}

/// Prints an answer. Errors are those of standard output.
trait Printer {
    /// Prints what is new.
    fn delta(&mut self, delta: &Delta<'_>, out: &mut Text) -> io::Result<()>;

    /// Prints the summary at the end of the stream.
    fn end(&mut self, ending: &Ending, out: &mut Text) -> io::Result<()>;
}

/// How the stream ended.
struct Ending {
    dialect: Option<&'static str>,
    outcome: Outcome,
    /// How many events before the end were ignored.
    ignored: u64,
}

/// Prints the steps of the stream.
struct Shown {
    printer: Box<dyn Printer>,
    out: Text,
    check: Option<Check>,
    has_events: bool,
    has_ended: bool,
    /// How many events before the end were ignored.
    ignored: u64,
    /// The pause after each event.
    pause: Duration,
}

impl Shown {
    fn take(&mut self, step: Step<'_, '_>) -> io::Result<()> {
        match step {
            Step::Delta(delta) => self.printer.delta(delta, &mut self.out)?,
            Step::Lost(error) => self.out.say(&error),
            Step::Item(item, signal) => {
                let is_event = matches!(item, Item::Event(_));
                self.has_events |= is_event;
                self.has_ended |= signal.is_end();
                self.ignored += u64::from(is_event && !self.has_ended && signal == Signal::Ignored);
                let violation = self.check.as_mut().and_then(|check| check.notice(item));
                if let Some(violation) = violation {
                    self.out.say(&violation);
                }
                if !self.pause.is_zero() && !is_interrupted() {
                    self.out.flush()?;
                    thread::sleep(self.pause);
                }
            }
        }
        Ok(())
    }
}
