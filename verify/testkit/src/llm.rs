//! Reads a stream through the parser, a tracker and an answer.

use std::fmt::Display;

use sseam::llm::{Answer, Delta, Outcome, Protocol, Reason, Signal, Tracker, Usage};
use sseam::{ArrayBuf, Buffer, End, Error, Item, Notify, Parser, SliceBuf};

/// Everything that an answer and its tracker report of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// For each event: `p` a payload, `T` the terminal, `S` the sentinel, `.` ignored.
    pub signals: String,
    /// For notifications that are not ignored.
    pub noticed: String,
    /// The `Debug` text of each delta.
    pub deltas: Vec<String>,
    pub contents: Contents,
    /// The protocol's name, once it is known.
    pub protocol: Option<&'static str>,
    pub reason: Option<Reason>,
    pub usage: Usage,
    /// At the end of the stream.
    pub outcome: Outcome,
    /// If the connection breaks instead of ending.
    pub broken: Outcome,
}

/// The contents of the deltas, concatenated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub text: String,
    pub reasoning: String,
    pub refusal: String,
    pub calls: Vec<Call>,
    /// Names, and JSON.
    pub opaque: Vec<(String, String)>,
    pub usage: Usage,
    pub reason: Option<Reason>,
    /// Kind, code and message: the first of each.
    pub error: Option<[Option<String>; 3]>,
    /// How often the provider restarted.
    pub restarts: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub id: Option<String>,
    pub name: String,
    pub arguments: String,
}

impl Contents {
    /// Adds a delta, and checks that calls are numbered consecutively.
    pub fn push(&mut self, delta: &Delta<'_>) {
        match *delta {
            Delta::Text { text, .. } => self.text += &text.to_string(),
            Delta::Reasoning { text, .. } => self.reasoning += &text.to_string(),
            Delta::Refusal { text, .. } => self.refusal += &text.to_string(),
            Delta::Call { call, id, name, .. } => {
                assert!(call as usize <= self.calls.len(), "call {call} begins too early");
                if call as usize == self.calls.len() {
                    self.calls.push(Call::default());
                }
                let call = &mut self.calls[call as usize];
                if let Some(id) = id {
                    assert_eq!(call.id, None, "a second ID");
                    call.id = Some(id.to_string());
                }
                call.name += &name.map(|name| name.to_string()).unwrap_or_default();
            }
            Delta::Arguments { call, json, .. } => {
                self.calls[call as usize].arguments += &json.to_string();
            }
            Delta::Opaque { name, json, .. } => {
                let json = String::from_utf8_lossy(json.as_bytes()).into_owned();
                self.opaque.push((name.to_owned(), json));
            }
            Delta::Usage { usage, .. } => self.usage = usage,
            Delta::Reason { reason, .. } => self.reason = Some(reason),
            Delta::Error { error, .. } => {
                let text = |part: Option<&dyn Display>| part.map(ToString::to_string);
                let parts = [
                    text(error.kind.as_ref().map(|part| part as _)),
                    text(error.code.as_ref().map(|part| part as _)),
                    text(error.message.as_ref().map(|part| part as _)),
                ];
                let kept = self.error.get_or_insert_default();
                for (kept, part) in kept.iter_mut().zip(parts) {
                    *kept = kept.take().or(part);
                }
            }
            Delta::Restart => {
                let Self { usage, error, restarts, .. } = std::mem::take(self);
                *self = Self { usage, error, restarts: restarts + 1, ..Self::default() };
            }
            _ => panic!("a delta that is not known here: {delta:?}"),
        }
    }
}

fn letter(signal: Signal) -> char {
    match signal {
        Signal::Payload => 'p',
        Signal::Terminal => 'T',
        Signal::Sentinel => 'S',
        Signal::Ignored => '.',
    }
}

/// Reads several streams with the same memory.
pub struct Reader {
    data: Vec<u8>,
    meta: Vec<u8>,
    flush: bool,
    most: usize,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// With enough memory for the streams written here.
    pub fn new() -> Self {
        Self::with_room(100_000)
    }

    /// With `data` bytes for an event's data.
    pub fn with_room(data: usize) -> Self {
        Self { data: vec![0; data], meta: vec![0; 3 * 1024], flush: false, most: usize::MAX }
    }

    /// Sets whether to flush the parser at the end.
    #[must_use]
    pub fn flush(mut self, flush: bool) -> Self {
        self.flush = flush;
        self
    }

    /// Requests at most this many deltas of an event.
    #[must_use]
    pub fn at_most(mut self, deltas: usize) -> Self {
        self.most = deltas;
        self
    }

    /// Reads the chunks and then the end of the stream.
    pub fn read(&mut self, chunks: &[&[u8]], answer: &mut Answer) -> Record {
        self.read_each(chunks, answer, |_| {})
    }

    /// As [`read`](Self::read), and calls `each` with every delta.
    pub fn read_each(
        &mut self,
        chunks: &[&[u8]],
        answer: &mut Answer,
        mut each: impl FnMut(&Delta<'_>),
    ) -> Record {
        let buffer = SliceBuf::new(&mut self.data, &mut self.meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(NOTIFY);
        let mut follower = Follower { most: self.most, ..Follower::new(*answer) };
        for chunk in chunks {
            follower.feed(&mut parser, chunk, &mut each);
        }
        follower.end(&mut parser, self.flush, &mut each);
        *answer = follower.answer;
        follower.finish(parser.finish())
    }
}

/// The notifications that [`Follower`] needs.
pub const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// Records what an answer returns for each item, and checks that a tracker agrees.
#[derive(Clone)]
pub struct Follower {
    pub answer: Answer,
    tracker: Tracker,
    most: usize,
    signals: String,
    noticed: String,
    deltas: Vec<String>,
    contents: Contents,
}

impl Follower {
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            tracker: *answer.tracker(),
            most: usize::MAX,
            signals: String::new(),
            noticed: String::new(),
            deltas: Vec::new(),
            contents: Contents::default(),
        }
    }

    /// Adds an event or a notification.
    pub fn take(&mut self, item: &Item<'_>, each: &mut impl FnMut(&Delta<'_>)) {
        let mut reading = self.answer.read_item(item);
        let signal = reading.signal();
        // `take` by reference requests no further delta.
        for delta in reading.by_ref().take(self.most) {
            self.deltas.push(format!("{delta:?}"));
            // If the beginning of a call was not requested, its rest cannot be assigned.
            if self.most == usize::MAX {
                self.contents.push(&delta);
            }
            each(&delta);
        }
        drop(reading);
        assert_eq!(self.tracker.notice(item), signal, "the tracker's signal for {item:?}");
        assert_eq!(self.tracker, *self.answer.tracker(), "after {item:?}");
        if let Item::Event(_) = item {
            self.signals.push(letter(signal));
        } else if signal != Signal::Ignored {
            self.noticed.push(letter(signal));
        }
    }

    fn lost(&mut self, error: &Error) {
        self.answer.lost(error);
        self.tracker.lost(error);
    }

    /// Adds what a parser finds in a chunk.
    pub fn feed<B: Buffer>(
        &mut self,
        parser: &mut Parser<B>,
        mut chunk: &[u8],
        each: &mut impl FnMut(&Delta<'_>),
    ) {
        loop {
            match parser.next_item(&mut chunk) {
                Ok(Some(item)) => self.take(&item, each),
                Ok(None) => break,
                Err(error) => self.lost(&error),
            }
        }
    }

    /// Adds what a parser reports at the end of the stream.
    pub fn end<B: Buffer>(
        &mut self,
        parser: &mut Parser<B>,
        flush: bool,
        each: &mut impl FnMut(&Delta<'_>),
    ) {
        if !flush {
            if let Some(item) = parser.flush_notification() {
                self.take(&item, each);
            }
            return;
        }
        loop {
            match parser.flush_item() {
                // There was no blank line, and a block without data does not end a stream.
                Ok(Some(Item::EmptyBlock { .. })) => {}
                Ok(Some(Item::Event(event))) if event.data().is_empty() => {}
                Ok(Some(item)) => self.take(&item, each),
                Ok(None) => break,
                Err(error) => self.lost(&error),
            }
        }
    }

    /// Returns the record with the outcome of the stream.
    pub fn finish(self, end: End) -> Record {
        let Self { answer, tracker, signals, noticed, deltas, contents, .. } = self;
        let (outcome, broken) = (answer.outcome(end), answer.outcome(None));
        assert_eq!((tracker.outcome(end), tracker.outcome(None)), (outcome, broken));
        assert!(!tracker.is_over() || outcome == broken, "a known outcome is final");
        let protocol = tracker.protocol().map(Protocol::name);
        let (reason, usage) = (answer.reason(), answer.usage());
        Record { signals, noticed, deltas, contents, protocol, reason, usage, outcome, broken }
    }
}

/// All ways in which a stream can end.
pub fn ends() -> [End; 3] {
    let [clean, mid_event] = [&b""[..], b"data"].map(|mut chunk| {
        let mut parser = Parser::<ArrayBuf<16>>::default();
        assert_eq!(parser.next_event(&mut chunk), Ok(None));
        parser.finish()
    });
    [clean, mid_event, End::Disconnected]
}

/// The record of an unflushed whole stream, in any protocol.
pub fn read(stream: &str) -> Record {
    read_as(stream, Answer::new())
}

/// As [`read`], by this answer.
pub fn read_as(stream: &str, mut answer: Answer) -> Record {
    Reader::new().read(&[stream.as_bytes()], &mut answer)
}

/// A stream from events written one a line: the data alone, or the event type, a bar, and the data.
pub fn stream(events: &str) -> String {
    let event = |line: &str| match line.split_once(" | ") {
        Some((event_type, data)) => format!("event: {event_type}\ndata: {data}\n\n"),
        None => format!("data: {line}\n\n"),
    };
    events.lines().map(str::trim).filter(|line| !line.is_empty()).map(event).collect()
}
