//! Shows the events of a stream, its comments and its errors, and whether it finished: as a table
//! for people or as JSON Lines for scripts.
//!
//! Memory is constant for streams of any length.

mod json;
mod table;

use std::ffi::OsString;
use std::io::{self, BufWriter};
use std::mem;
use std::time::Duration;

use clap::ValueEnum;
use sseam::llm::strict::{Check, Violation};
use sseam::llm::{Answer, Outcome, Reason, Signal, Tracker};
use sseam::{ArrayBuf, Buffer, End, Error, Item, Notify, Parser, SliceBuf, Value, VecBuf};

use crate::dialect::{self, Dialect};
use crate::input::{self, Chunks, How, Input, READ, is_interrupted};
use crate::output::{self, Failure, INTERRUPTED, say};
use crate::reader::may_be_cut;
use crate::verdict::status;
use json::Json;
use table::Table;

pub(crate) const HELP: &str = include_str!("help/inspect.txt");

/// The limit on data of an `ArrayBuf`.
const ARRAY: usize = 4096;

/// The memory of a `SliceBuf` beyond the limit on data: space for a second `id` of a block until
/// its line has ended.
const SLACK: usize = 1024;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    input: Input,
    /// Print one JSON object a line instead of the table
    #[arg(long)]
    json: bool,
    /// Also show comments, unknown fields, blocks without data and reconnection times
    #[arg(long)]
    notifications: bool,
    /// Show whether the stream finished: the role of each event in a protocol, and the outcome of
    /// the stream. 'auto' detects the protocol
    #[arg(long, value_name = "NAME", value_parser = Dialect::parser())]
    dialect: Option<Dialect>,
    /// Also end a chunk at these offsets in the stream; one given twice makes an empty chunk, one
    /// beyond the end has no effect; --chunk restarts at each
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    splits: Vec<u64>,
    /// The parser's buffer: on the heap ('vec', the default), an array of 4096 bytes ('array'), or
    /// a slice ('slice')
    #[arg(long, value_name = "KIND", default_value = "vec")]
    #[arg(hide_default_value = true, hide_possible_values = true)]
    buffer: BufferKind,
    /// The limit on an event's data in bytes (16 MiB)
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Dispatch the pending event at the end of the stream, which the standard discards
    #[arg(long)]
    flush: bool,
    /// Resume with this last event ID
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    last_event_id: Option<OsString>,
}

#[derive(Clone, Copy, ValueEnum)]
enum BufferKind {
    Vec,
    Array,
    Slice,
}

/// Prints the contents of the stream, and returns the exit status.
pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let limit = args.limit.unwrap_or(VecBuf::DEFAULT_DATA_LIMIT);
    let meta = VecBuf::DEFAULT_META_LIMIT;
    let mut parser = Parser::with_buffer(VecBuf::with_limits(limit, meta));
    resume(&mut parser, args)?;
    let chunks =
        args.input.open(args.splits.clone(), input::Follow { how: How::Stream, parser })?;
    let out = BufWriter::with_capacity(READ, io::stdout().lock());
    let mut observer: Box<dyn Observer> = if args.json {
        Box::new(Json(out))
    } else {
        Box::new(Table::new(out, chunks.is_sample, args.dialect.is_some()))
    };
    let reporter = Reporter {
        observer: &mut *observer,
        follow: args.dialect.map(Follow::new),
        notifications: args.notifications,
        is_hidden: false,
        has_events: false,
    };

    match args.buffer {
        BufferKind::Vec => {
            let parser = Parser::with_buffer(VecBuf::with_limits(limit, meta));
            inspect(parser, args, chunks, reporter)
        }
        BufferKind::Array => {
            if args.limit.is_some_and(|limit| limit > ARRAY) {
                say(&format_args!(
                    "note: the limit on data is the array's {ARRAY} bytes, not {limit}"
                ));
            }
            let parser = Parser::with_buffer(ArrayBuf::<ARRAY>::new().with_limit(limit));
            inspect(parser, args, chunks, reporter)
        }
        BufferKind::Slice => {
            let mut data = zeroed(limit.saturating_add(SLACK))?;
            let mut meta = zeroed(3 * meta)?;
            let buffer = SliceBuf::new(&mut data, &mut meta).with_limit(limit);
            inspect(Parser::with_buffer(buffer), args, chunks, reporter)
        }
    }
}

/// Feeds the stream to the parser and shows the results.
fn inspect<B: Buffer>(
    parser: Parser<B>,
    args: &Args,
    mut chunks: Chunks,
    mut reporter: Reporter<'_>,
) -> Result<u8, Failure> {
    let mut parser = parser.with_notify(match &reporter.follow {
        _ if args.notifications => Notify::ALL,
        Some(_) => Answer::NOTIFY,
        None => Notify::NONE,
    });
    resume(&mut parser, args)?;
    let mut is_on_another = false;
    loop {
        let Some(chunk) = chunks.next()? else {
            let is_complete =
                reporter.follow.as_ref().is_some_and(|follow| follow.is_complete(parser.end()));
            if !chunks.reconnects(is_complete) {
                break;
            }
            is_on_another = true;
            continue;
        };
        if mem::take(&mut is_on_another) {
            // An incomplete event may be left, which the server sends again.
            parser.reset();
        }
        let mut rest = chunk;
        loop {
            let before = rest;
            let next = parser.next_item(&mut rest);
            reporter.observer.passed(&before[..before.len() - rest.len()]);
            match next {
                Ok(Some(item)) => reporter.item(item, chunk)?,
                Ok(None) => break,
                // The error concerns one event: the next call continues after it.
                Err(error) => reporter.lost(error)?,
            }
        }
        // A live stream may pause now: show what has arrived.
        if chunks.is_live && chunks.is_drained() {
            reporter.observer.flush()?;
        }
    }

    if args.flush {
        loop {
            match parser.flush_item() {
                Ok(Some(item)) => reporter.flushed(item)?,
                Ok(None) => break,
                Err(error) => reporter.lost(error)?,
            }
        }
    } else if reporter.follow.is_some() {
        // A body that is not an event stream, such as `{"error":…}`, often has no line end.
        while let Some(item) = parser.flush_notification() {
            reporter.item(item, &[])?;
        }
    }
    let no_event = if reporter.has_events || is_interrupted() {
        None
    } else {
        output::no_event(&chunks.head, chunks.offset)
    };
    let end = parser.finish();
    let verdict = reporter.follow.as_ref().map(|follow| {
        // After Ctrl-C the rest of the stream is unknown.
        let is_broken = chunks.is_broken() || is_interrupted();
        let end = if is_broken { End::Disconnected } else { end };
        follow.verdict(end, reporter.is_hidden)
    });
    let outcome = verdict.as_ref().map(|verdict| verdict.outcome);
    reporter.observer.end(&Ending {
        discarded: end == End::MidEvent,
        last_event_id: parser.last_event_id(),
        retry: parser.reconnection_time(),
        is_no_stream: no_event.is_some(),
        verdict,
    })?;
    reporter.observer.flush()?;
    if let Some(sentence) = no_event {
        say(&format_args!("{}: {sentence}", chunks.name));
    }
    Ok(if is_interrupted() { INTERRUPTED } else { outcome.map_or(0, status) })
}

/// Sets the last event ID from the arguments.
fn resume<B: Buffer>(parser: &mut Parser<B>, args: &Args) -> Result<(), Failure> {
    let Some(id) = &args.last_event_id else { return Ok(()) };
    parser
        .set_last_event_id(id.as_encoded_bytes())
        .map_err(|error| Failure::Usage(format!("--last-event-id: {error}")))
}

/// Like `vec![0; len]`, but a failed allocation is an error, not an abort.
fn zeroed(len: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(len)
        .map_err(|_| Failure::Usage(format!("cannot allocate a buffer of {len} bytes")))?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// Shows, in stream order, what the parser reports, and the protocol's signals if a dialect was
/// chosen. Errors are those of the output.
trait Observer {
    /// The bytes consumed by the last call, before what it reported.
    fn passed(&mut self, _bytes: &[u8]) {}

    /// An event or a notification, its signal in the dialect, and the chunk in which it ended.
    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()>;

    /// The last event deviates from the provider's documentation.
    fn violation(&mut self, violation: &Violation) -> io::Result<()>;

    /// An event that was lost.
    fn error(&mut self, error: Error) -> io::Result<()>;

    /// The end of the stream: nothing follows.
    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()>;

    /// Flushes the output.
    fn flush(&mut self) -> io::Result<()>;
}

/// How the stream ended, and its state for the next connection.
struct Ending<'a> {
    discarded: bool,
    last_event_id: Value<'a>,
    retry: Option<Duration>,
    /// Whether it has no event and does not look like an event stream.
    is_no_stream: bool,
    /// If a dialect was chosen.
    verdict: Option<Verdict>,
}

/// The dialect's result at the end.
struct Verdict {
    dialect: &'static str,
    outcome: Outcome,
    reason: Option<Reason>,
    /// Whether the end was a notification, which was not shown.
    is_hidden: bool,
}

/// The name of a signal in the output.
const fn word(signal: Signal) -> &'static str {
    match signal {
        Signal::Payload => "message",
        Signal::Terminal => "last",
        Signal::Sentinel => "done",
        Signal::Ignored => "ignore",
    }
}

/// Follows the stream in a dialect.
struct Follow {
    tracker: Tracker,
    check: Option<Check>,
}

impl Follow {
    fn new(dialect: Dialect) -> Self {
        Self { tracker: dialect.tracker(), check: dialect.check() }
    }

    /// Returns `true` if the provider has reported the outcome of the answer, if the stream ends by
    /// `end`.
    fn is_complete(&self, end: End) -> bool {
        let outcome = self.tracker.outcome(end);
        self.tracker.is_over() || !matches!(outcome, Outcome::Truncated | Outcome::Unknown)
    }

    fn verdict(&self, end: End, is_hidden: bool) -> Verdict {
        Verdict {
            dialect: dialect::name(&self.tracker).unwrap_or("none"),
            outcome: self.tracker.outcome(end),
            reason: self.tracker.reason(),
            is_hidden,
        }
    }
}

/// Passes what the parser reports to the observer, with the dialect's signals.
struct Reporter<'o> {
    observer: &'o mut dyn Observer,
    follow: Option<Follow>,
    /// Whether notifications are shown.
    notifications: bool,
    /// Whether the end was a notification that was not shown.
    is_hidden: bool,
    has_events: bool,
}

impl Reporter<'_> {
    /// Passes on an item, and the chunk in which it ended.
    fn item(&mut self, item: Item<'_>, chunk: &[u8]) -> io::Result<()> {
        let Some(follow) = &mut self.follow else { return self.show(item, None, chunk) };
        let signal = follow.tracker.notice(&item);
        let violation = follow.check.as_mut().and_then(|check| check.notice(&item));
        self.show(item, Some(signal), chunk)?;
        violation.map_or(Ok(()), |violation| self.observer.violation(&violation))
    }

    /// Passes on an item that was flushed at the end of the stream. It is always shown, but the
    /// dialect gets it only if it cannot be truncated.
    fn flushed(&mut self, item: Item<'_>) -> io::Result<()> {
        if may_be_cut(&item) {
            let signal = self.follow.as_ref().map(|_| Signal::Ignored);
            return self.show(item, signal, &[]);
        }
        self.item(item, &[])
    }

    /// Passes on an event that the parser dropped.
    fn lost(&mut self, error: Error) -> io::Result<()> {
        if let Some(follow) = &mut self.follow {
            follow.tracker.lost(&error);
        }
        self.observer.error(error)
    }

    fn show(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        self.has_events |= matches!(item, Item::Event(_));
        if self.notifications || matches!(item, Item::Event(_)) {
            return self.observer.item(item, signal, chunk);
        }
        self.is_hidden |= signal.is_some_and(Signal::is_end);
        Ok(())
    }
}
