//! Reading a stream through the parser, a tracker and an answer.

use std::fmt::Display;

use sseam::llm::{Answer, Delta, Outcome, Protocol, Reason, Signal, Tracker, Usage};
use sseam::{ArrayBuf, Buffer, End, Error, Item, Notify, Parser, SliceBuf};

/// All that an answer and its tracker say of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of each event: `p` a payload, `T` the terminal, `S` the sentinel, `.` to be ignored.
    pub signals: String,
    /// Of the notifications that are not to be ignored.
    pub noticed: String,
    /// Each delta, as it is debugged.
    pub deltas: Vec<String>,
    pub contents: Contents,
    /// The protocol's name, once it is known.
    pub protocol: Option<&'static str>,
    pub reason: Option<Reason>,
    pub usage: Usage,
    /// At the end of the stream.
    pub outcome: Outcome,
    /// Where the connection breaks instead of ending.
    pub broken: Outcome,
}

/// What deltas say, put together.
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
    /// Kind, code and message: of each the first that came.
    pub error: Option<[Option<String>; 3]>,
    /// How often the provider started again.
    pub restarts: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub id: Option<String>,
    pub name: String,
    pub arguments: String,
}

impl Contents {
    /// Takes a delta, and checks that calls are counted up by one.
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

/// Reads streams, one after the other, with the same memory.
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
    /// With room for streams that are written here.
    pub fn new() -> Self {
        Self::with_room(100_000)
    }

    /// With so many bytes for an event's data.
    pub fn with_room(data: usize) -> Self {
        Self { data: vec![0; data], meta: vec![0; 3 * 1024], flush: false, most: usize::MAX }
    }

    /// Whether to flush the parser at the end.
    #[must_use]
    pub fn flush(mut self, flush: bool) -> Self {
        self.flush = flush;
        self
    }

    /// Asks for so many deltas of an event at most.
    #[must_use]
    pub fn at_most(mut self, deltas: usize) -> Self {
        self.most = deltas;
        self
    }

    /// Reads the chunks and then the end of the stream.
    pub fn read(&mut self, chunks: &[&[u8]], answer: &mut Answer) -> Said {
        self.read_each(chunks, answer, |_| {})
    }

    /// As [`read`](Self::read), and hands on each delta.
    pub fn read_each(
        &mut self,
        chunks: &[&[u8]],
        answer: &mut Answer,
        mut each: impl FnMut(&Delta<'_>),
    ) -> Said {
        let buffer = SliceBuf::new(&mut self.data, &mut self.meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(NOTIFY);
        let mut follower = Follower { most: self.most, ..Follower::new(*answer) };
        for chunk in chunks {
            follower.feed(&mut parser, chunk, &mut each);
        }
        follower.end(&mut parser, self.flush, &mut each);
        *answer = follower.answer;
        follower.said(parser.finish())
    }
}

/// What [`Follower`] wants its parser to notify it of.
pub const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// What an answer says of the items so far. It checks that a tracker says the same.
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

    /// Takes an event or a notification.
    pub fn take(&mut self, item: &Item<'_>, each: &mut impl FnMut(&Delta<'_>)) {
        let mut reading = self.answer.read_item(item);
        let signal = reading.signal();
        // `take` on the iterator by reference asks for no more than that.
        for delta in reading.by_ref().take(self.most) {
            self.deltas.push(format!("{delta:?}"));
            // Of a call whose beginning was not asked for, the rest is of none.
            if self.most == usize::MAX {
                self.contents.push(&delta);
            }
            each(&delta);
        }
        drop(reading);
        assert_eq!(self.tracker.notice(item), signal, "the tracker's signal of {item:?}");
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

    /// Takes what a parser finds in a chunk.
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

    /// Takes what a parser has at the end of the stream.
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
                // There was no blank line, and nothing in the block ends a stream by itself.
                Ok(Some(Item::EmptyBlock { .. })) => {}
                Ok(Some(Item::Event(event))) if event.data().is_empty() => {}
                Ok(Some(item)) => self.take(&item, each),
                Ok(None) => break,
                Err(error) => self.lost(&error),
            }
        }
    }

    /// All that was said, and how the stream came out.
    pub fn said(self, end: End) -> Said {
        let Self { answer, tracker, signals, noticed, deltas, contents, .. } = self;
        let (outcome, broken) = (answer.outcome(end), answer.outcome(None));
        assert_eq!((tracker.outcome(end), tracker.outcome(None)), (outcome, broken));
        assert!(!tracker.is_over() || outcome == broken, "what is settled stays");
        let protocol = tracker.protocol().map(Protocol::name);
        let (reason, usage) = (answer.reason(), answer.usage());
        Said { signals, noticed, deltas, contents, protocol, reason, usage, outcome, broken }
    }
}

/// How a stream can end.
pub fn ends() -> [End; 3] {
    let [clean, mid_event] = [&b""[..], b"data"].map(|mut chunk| {
        let mut parser = Parser::<ArrayBuf<16>>::default();
        assert_eq!(parser.next_event(&mut chunk), Ok(None));
        parser.finish()
    });
    [clean, mid_event, End::Disconnected]
}

/// What an answer in any protocol says of a stream that comes whole and is not flushed.
pub fn read(stream: &str) -> Said {
    read_as(stream, Answer::new())
}

/// As [`read`], by this answer.
pub fn read_as(stream: &str, mut answer: Answer) -> Said {
    Reader::new().read(&[stream.as_bytes()], &mut answer)
}

/// A stream of the events written one a line: the data alone, or the event type, a bar, and the
/// data.
pub fn stream(events: &str) -> String {
    let event = |line: &str| match line.split_once(" | ") {
        Some((event_type, data)) => format!("event: {event_type}\ndata: {data}\n\n"),
        None => format!("data: {line}\n\n"),
    };
    events.lines().map(str::trim).filter(|line| !line.is_empty()).map(event).collect()
}
