//! Parsers in their states after each prefix of a stream.

use std::io::Write as _;

use sseam::{Buffer, End, Error, Event, Item, Parser, SliceBuf};
use sseam_testkit::{Output, Setup, Trace};

/// A stream read byte by byte that can be rewound to any prefix.
pub trait Snapshots {
    /// Reads one more byte and adds what is reported.
    fn push(&mut self, stream: &[u8], transcript: &mut Transcript);

    /// Rewinds by one byte.
    fn pop(&mut self);

    /// Calls `work` with a parser that has read `read` bytes of `stream`.
    fn fork<R>(&mut self, stream: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R;
}

/// A parser with any buffer.
pub trait Fork {
    fn push(&mut self, chunk: &[u8], transcript: &mut Transcript);
    fn flush(&mut self, transcript: &mut Transcript);
    fn finish(&mut self, transcript: &mut Transcript);
}

impl<B: Buffer> Fork for (&mut Parser<B>, Via) {
    fn push(&mut self, chunk: &[u8], transcript: &mut Transcript) {
        transcript.push(self.0, self.1, chunk);
    }

    fn flush(&mut self, transcript: &mut Transcript) {
        transcript.flush(self.0, self.1);
    }

    fn finish(&mut self, transcript: &mut Transcript) {
        transcript.finish(self.0);
    }
}

/// Keeps a parser for each prefix.
pub struct Cloned<B> {
    parsers: Vec<Parser<B>>,
    via: Via,
}

impl<B: Buffer> Cloned<B> {
    pub fn new(buffer: B, setup: &Setup, via: Via) -> Self {
        Self { parsers: vec![Parser::with_buffer(buffer).with_notify(setup.notify)], via }
    }
}

impl<B: Buffer + Clone> Snapshots for Cloned<B> {
    fn push(&mut self, stream: &[u8], transcript: &mut Transcript) {
        let mut parser = self.parsers.last().expect("the first").clone();
        transcript.push(&mut parser, self.via, &stream[stream.len() - 1..]);
        self.parsers.push(parser);
    }

    fn pop(&mut self) {
        self.parsers.pop();
    }

    fn fork<R>(&mut self, _: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R {
        work(&mut (&mut self.parsers[read].clone(), self.via))
    }
}

/// Reads the prefix again each time: a `SliceBuf` cannot be cloned.
pub struct Replayed {
    setup: Setup,
    via: Via,
    data: Vec<u8>,
    meta: Vec<u8>,
}

impl Replayed {
    pub fn new(setup: &Setup, via: Via) -> Self {
        let (data, meta) = (vec![0; setup.data], vec![0; 3 * setup.meta]);
        Self { setup: setup.clone(), via, data, meta }
    }
}

impl Snapshots for Replayed {
    fn push(&mut self, stream: &[u8], transcript: &mut Transcript) {
        let last = &stream[stream.len() - 1..];
        self.fork(stream, stream.len() - 1, |parser| parser.push(last, transcript));
    }

    fn pop(&mut self) {}

    fn fork<R>(&mut self, stream: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R {
        let buffer = SliceBuf::new(&mut self.data, &mut self.meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(self.setup.notify);
        let mut transcript = Transcript::default();
        for byte in stream[..read].chunks(1) {
            transcript.push(&mut parser, self.via, byte);
        }
        work(&mut (&mut parser, self.via))
    }
}

// What a parser reports, as text that is quick to compare. The separators do not occur in any
// stream here.

/// The methods to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Next,
    NextItem,
}

/// What was reported, in order.
#[derive(Default, PartialEq, Eq)]
pub struct Transcript(pub Vec<u8>);

impl Transcript {
    /// Separates what follows.
    pub fn separate(&mut self) {
        self.0.push(b'/');
    }

    fn put(&mut self, kind: u8, values: [&[u8]; 3]) {
        // Most of the time is spent here, and the values are short.
        self.0.push(kind);
        for value in values {
            self.0.push(b'|');
            for &byte in value {
                self.0.push(byte);
            }
        }
        self.0.push(b';');
    }

    fn event(&mut self, event: &Event<'_>) {
        let values = [event.event_type(), event.data(), event.last_event_id()];
        self.put(b'E', values.map(sseam::Value::as_bytes));
    }

    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Event(event) => self.event(&event),
            other => self.output(&other.into()),
        }
    }

    fn error(&mut self, error: Error) {
        write!(self.0, "!{error:?};").expect("memory");
    }

    /// Adds what the oracle reports.
    pub fn output(&mut self, output: &Output) {
        let cut_mark = |truncated: bool| if truncated { &b"cut"[..] } else { b"" };
        match output {
            Output::Event { event_type, data, id } => self.put(b'E', [event_type, data, id]),
            Output::Comment { text, truncated } => {
                self.put(b'C', [text, cut_mark(*truncated), b""]);
            }
            Output::UnknownField { name, value, truncated } => {
                self.put(b'U', [name, value, cut_mark(*truncated)]);
            }
            Output::EmptyBlock { event_type, id } => self.put(b'B', [event_type, id, b""]),
            Output::ReconnectionTime(time) => write!(self.0, "R|{time:?};").expect("memory"),
            Output::Error(error) => self.error(*error),
        }
    }

    /// Adds the oracle's end of the stream.
    pub fn trace(&mut self, trace: &Trace) {
        trace.outputs.iter().for_each(|output| self.output(output));
        self.put_end(trace.discarded, &trace.last_event_id, trace.retry.map(u128::from));
    }

    /// Feeds the chunk and adds what is reported.
    pub fn push<B: Buffer>(&mut self, parser: &mut Parser<B>, via: Via, mut chunk: &[u8]) {
        loop {
            let next = match via {
                Via::Next => parser.next_event(&mut chunk).map(|event| event.map(Item::Event)),
                Via::NextItem => parser.next_item(&mut chunk),
            };
            match next {
                Ok(Some(item)) => self.item(item),
                Ok(None) => break,
                Err(error) => self.error(error),
            }
        }
        assert!(chunk.is_empty(), "`None` means that the chunk is used up");
    }

    /// Flushes and adds what is reported.
    pub fn flush<B: Buffer>(&mut self, parser: &mut Parser<B>, via: Via) {
        loop {
            let next = match via {
                Via::Next => parser.flush_event().map(|event| event.map(Item::Event)),
                Via::NextItem => parser.flush_item(),
            };
            match next {
                Ok(Some(item)) => self.item(item),
                Ok(None) => break,
                Err(error) => self.error(error),
            }
        }
    }

    /// Ends the stream and adds the result.
    pub fn finish<B: Buffer>(&mut self, parser: &mut Parser<B>) {
        let discarded = parser.finish() == End::MidEvent;
        let retry = parser.reconnection_time().map(|time| time.as_millis());
        self.put_end(discarded, parser.last_event_id().as_bytes(), retry);
    }

    fn put_end(&mut self, discarded: bool, last_event_id: &[u8], retry: Option<u128>) {
        self.0.push(if discarded { b'D' } else { b'.' });
        for &byte in last_event_id {
            self.0.push(byte);
        }
        if let Some(retry) = retry {
            write!(self.0, "R={retry};").expect("memory");
        }
    }
}
