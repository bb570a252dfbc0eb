//! Shared by the tests, proofs and fuzz targets: reading a stream with every buffer in any chunks,
//! and recording it; the oracle for the expected trace; streams and transports.

pub mod cases;
pub mod fixtures;
pub mod heap;
pub mod json;
pub mod llm;
pub mod oracle;
#[cfg(feature = "payloads")]
pub mod payloads;
pub mod recorded;
#[cfg(feature = "adapters")]
pub mod script;
pub mod streams;
#[cfg(feature = "adapters")]
pub mod table;

pub use oracle::oracle;

use std::time::Duration;

use sseam::{ArrayBuf, Buffer, End, Error, Event, Item, Notify, Parser, SliceBuf};

/// Everything that a parser reports of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub outputs: Vec<Output>,
    pub last_event_id: Vec<u8>,
    pub retry: Option<u64>,
    pub discarded: bool,
}

/// One item, or one error.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    Event { event_type: Vec<u8>, data: Vec<u8>, id: Vec<u8> },
    Comment { text: Vec<u8>, truncated: bool },
    UnknownField { name: Vec<u8>, value: Vec<u8>, truncated: bool },
    EmptyBlock { event_type: Vec<u8>, id: Vec<u8> },
    ReconnectionTime(Duration),
    Error(Error),
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |bytes: &[u8]| match bytes.len() {
            0..100 => bytes.escape_ascii().to_string(),
            len => format!("{}… ({len} bytes)", bytes[..80].escape_ascii()),
        };
        match self {
            Output::Event { event_type, data, id } => {
                write!(f, "event({}, {}, {})", show(event_type), show(data), show(id))
            }
            Output::Comment { text, truncated } => {
                write!(f, "comment({}, {truncated})", show(text))
            }
            Output::UnknownField { name, value, truncated } => {
                write!(f, "unknown({}, {}, {truncated})", show(name), show(value))
            }
            Output::EmptyBlock { event_type, id } => {
                write!(f, "empty({}, {})", show(event_type), show(id))
            }
            Output::ReconnectionTime(time) => write!(f, "retry({time:?})"),
            Output::Error(error) => write!(f, "{error:?}"),
        }
    }
}

impl From<Event<'_>> for Output {
    fn from(event: Event<'_>) -> Self {
        Output::Event {
            event_type: event.event_type().as_bytes().to_vec(),
            data: event.data().as_bytes().to_vec(),
            id: event.last_event_id().as_bytes().to_vec(),
        }
    }
}

impl From<Item<'_>> for Output {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Event(event) => event.into(),
            Item::Comment { text, truncated } => {
                Output::Comment { text: text.as_bytes().to_vec(), truncated }
            }
            Item::UnknownField { name, value, truncated } => Output::UnknownField {
                name: name.as_bytes().to_vec(),
                value: value.as_bytes().to_vec(),
                truncated,
            },
            Item::EmptyBlock { event_type, last_event_id } => Output::EmptyBlock {
                event_type: event_type.as_bytes().to_vec(),
                id: last_event_id.as_bytes().to_vec(),
            },
            Item::ReconnectionTime(time) => Output::ReconnectionTime(time),
            other => panic!("an item that the tests do not know: {other:?}"),
        }
    }
}

pub const fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// How a stream is read.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The limit on data.
    pub data: usize,
    /// The limit on each of event type and ID: 4, 16 or 1024.
    pub meta: usize,
    pub notify: Notify,
    /// Whether to flush at the end.
    pub flush: bool,
}

impl Setup {
    /// Limits that no test stream exceeds by accident.
    pub const ROOMY: Self =
        Self { data: ROOMY_DATA, meta: 1024, notify: Notify::NONE, flush: false };
}

/// Its limit on data. Miri is slow on large memory.
pub const ROOMY_DATA: usize = if cfg!(miri) { 4000 } else { 100_000 };

/// The distance between the places where a stream is cut in turn. Miri is too slow for each.
pub const CUTS_APART: usize = if cfg!(miri) { 23 } else { 1 };

/// Cuts `stream` at the offsets, in any order; a repeated one makes an empty chunk.
pub fn cut<'s>(stream: &'s [u8], offsets: &[usize]) -> Vec<&'s [u8]> {
    let mut offsets: Vec<usize> = offsets.iter().map(|&at| at.min(stream.len())).collect();
    offsets.sort_unstable();
    offsets.push(stream.len());
    let mut start = 0;
    let chunk = |end| &stream[std::mem::replace(&mut start, end)..end];
    offsets.into_iter().map(chunk).collect()
}

/// The single bytes of `stream`.
pub fn bytewise(stream: &[u8]) -> Vec<&[u8]> {
    stream.chunks(1).collect()
}

/// `stream` whole, in single bytes, and cut once at each place.
pub fn cut_anywhere(stream: &[u8]) -> Vec<Vec<&[u8]>> {
    let once = (1..stream.len()).step_by(CUTS_APART).map(|at| cut(stream, &[at]));
    [vec![stream], bytewise(stream)].into_iter().chain(once).collect()
}

/// `stream` with its LFs, and with CRs and CRLFs instead.
pub fn with_each_line_end(stream: &str) -> [String; 3] {
    ["\n", "\r", "\r\n"].map(|end| stream.replace('\n', end))
}

/// Feeds the chunks through `next_item`, ends the stream, and records everything.
pub fn read<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]], flush: bool) -> Trace {
    read_by(parser, chunks, flush, |parser, chunk| match chunk {
        Some(chunk) => Ok(parser.next_item(chunk)?.map(Output::from)),
        None => Ok(parser.flush_item()?.map(Output::from)),
    })
}

/// As [`read`], through `find` and `view`.
pub fn read_found<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]], flush: bool) -> Trace {
    read_by(parser, chunks, flush, |parser, rest| {
        let Some(rest) = rest else { return Ok(parser.flush_item()?.map(Output::from)) };
        let chunk = *rest;
        let Some(found) = parser.find(rest)? else { return Ok(None) };
        let item = parser.view(chunk, found);
        assert_eq!(item, parser.view(chunk, found), "a second view");
        assert_eq!(item.event().is_some(), found.is_event());
        Ok(Some(item.into()))
    })
}

/// As [`read`], through `next_event` and `flush_event`, which report only events and errors.
pub fn read_events<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]], flush: bool) -> Trace {
    read_by(parser, chunks, flush, |parser, chunk| match chunk {
        Some(chunk) => Ok(parser.next_event(chunk)?.map(Output::from)),
        None => Ok(parser.flush_event()?.map(Output::from)),
    })
}

/// Reads by `next`, which gets a chunk, or `None` for a flush.
fn read_by<B: Buffer>(
    parser: &mut Parser<B>,
    chunks: &[&[u8]],
    flush: bool,
    next: impl Fn(&mut Parser<B>, Option<&mut &[u8]>) -> Result<Option<Output>, Error>,
) -> Trace {
    let mut outputs = Vec::new();
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(next) = next(parser, Some(&mut chunk)).transpose() {
            outputs.push(next.unwrap_or_else(Output::Error));
        }
        assert!(chunk.is_empty(), "`None` without consuming the chunk");
    }
    if flush {
        while let Some(next) = next(parser, None).transpose() {
            outputs.push(next.unwrap_or_else(Output::Error));
        }
    }
    let discarded = parser.finish() == End::MidEvent;
    Trace {
        outputs,
        last_event_id: parser.last_event_id().as_bytes().to_vec(),
        retry: parser
            .reconnection_time()
            .map(|time| u64::try_from(time.as_millis()).expect("a u64 of milliseconds")),
        discarded,
    }
}

/// The trace of a run, and its buffer.
pub struct Run {
    pub buffer: &'static str,
    /// How many bytes the buffer can hold besides the data during a line.
    pub scratch: usize,
    pub trace: Trace,
}

/// Reads the chunks with each buffer: through `next_item` with the setup's notifications, through
/// `find`, and through `next_event`, and compares their traces.
pub fn read_with_each_buffer(setup: &Setup, chunks: &[&[u8]]) -> Vec<Run> {
    let mut runs = Vec::new();
    #[cfg(feature = "alloc")]
    {
        let buffer = || sseam::VecBuf::with_limits(setup.data, setup.meta);
        runs.push(each_way("VecBuf", setup.data + setup.meta, buffer, setup, chunks));
    }
    let (mut data, mut meta) = (vec![0; setup.data], vec![0; 3 * setup.meta]);
    let trace = read(&mut parser(SliceBuf::new(&mut data, &mut meta), setup), chunks, setup.flush);
    runs.push(Run { buffer: "SliceBuf", scratch: setup.data, trace });
    runs.push(match setup.meta {
        4 => array::<64, 4>(setup, chunks),
        16 => array::<64, 16>(setup, chunks),
        1024 => array::<ROOMY_DATA, 1024>(setup, chunks),
        other => panic!("no ArrayBuf for a bound of {other}"),
    });
    runs
}

fn array<const D: usize, const M: usize>(setup: &Setup, chunks: &[&[u8]]) -> Run {
    assert!(setup.data <= D, "no ArrayBuf for a bound of {}", setup.data);
    each_way("ArrayBuf", D, || ArrayBuf::<D, M>::new().with_limit(setup.data), setup, chunks)
}

fn each_way<B: Buffer>(
    name: &'static str,
    scratch: usize,
    buffer: impl Fn() -> B,
    setup: &Setup,
    chunks: &[&[u8]],
) -> Run {
    let trace = read(&mut parser(buffer(), setup), chunks, setup.flush);
    let found = read_found(&mut parser(buffer(), setup), chunks, setup.flush);
    assert_eq!(found, trace, "`find` against `next_item`, {name}");
    let events = read_events(&mut parser(buffer(), setup), chunks, setup.flush);
    let is_event = |output: &&Output| matches!(output, Output::Event { .. } | Output::Error(_));
    let outputs = trace.outputs.iter().filter(is_event).cloned().collect();
    assert_eq!(
        events,
        Trace { outputs, ..trace.clone() },
        "`next_event` against `next_item`, {name}"
    );
    Run { buffer: name, scratch, trace }
}

fn parser<B: Buffer>(buffer: B, setup: &Setup) -> Parser<B> {
    Parser::with_buffer(buffer).with_notify(setup.notify)
}

/// Reads the chunks with each buffer and compares with the oracle.
#[track_caller]
pub fn assert_as_oracle(setup: &Setup, stream: &[u8], chunks: &[&[u8]]) {
    for Run { buffer, scratch, trace } in read_with_each_buffer(setup, chunks) {
        assert_eq!(
            trace,
            oracle(stream, setup, scratch),
            "{buffer}, {setup:?}, {:?}",
            show(chunks)
        );
    }
}

/// Reads `stream` in any chunks with each buffer, and compares the `Debug` text of each output.
#[track_caller]
pub fn assert_output(setup: &Setup, stream: &[u8], expected: &[&str]) {
    for chunks in cut_anywhere(stream) {
        for Run { buffer, trace, .. } in read_with_each_buffer(setup, &chunks) {
            let outputs: Vec<String> =
                trace.outputs.iter().map(|output| format!("{output:?}")).collect();
            assert_eq!(outputs, expected, "{buffer}, {setup:?}, {:?}", show(&chunks));
        }
    }
}

/// The chunks, for a failure message.
pub fn show(chunks: &[&[u8]]) -> Vec<String> {
    chunks
        .iter()
        .take(40)
        .map(|chunk| chunk[..chunk.len().min(200)].escape_ascii().to_string())
        .collect()
}
