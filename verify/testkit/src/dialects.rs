//! Reading a stream through the parser and a tracker.

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    Violation,
};
use sseam::{ArrayBuf, End, Notify, Outcome, Parser, Signal, SliceBuf, Tracker};

/// What a tracker says of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of each event: `m` a message, `L` the last, `D` done, `.` to be ignored.
    pub signals: String,
    /// Of the notifications that are not to be ignored.
    pub noticed: String,
    pub violations: Vec<Violation>,
    pub outcome: Outcome,
}

impl Said {
    pub fn messages(&self) -> usize {
        self.signals.matches('m').count()
    }
}

fn letter(signal: Signal) -> char {
    match signal {
        Signal::Message => 'm',
        Signal::Last => 'L',
        Signal::Done => 'D',
        Signal::Ignore => '.',
    }
}

/// Reads streams, one after the other, with the same memory.
pub struct Reader {
    data: Vec<u8>,
    meta: Vec<u8>,
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

    pub fn with_room(data: usize) -> Self {
        Self { data: vec![0; data], meta: vec![0; 3 * 1024] }
    }

    /// Reads the chunks with all notifications, and then the end of the stream,
    /// with a flush or without.
    pub fn read<D: Dialect>(
        &mut self,
        chunks: &[&[u8]],
        flush: bool,
        tracker: &mut Tracker<D>,
    ) -> Said {
        let buffer = SliceBuf::new(&mut self.data, &mut self.meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(Notify::ALL);
        let (mut signals, mut noticed, mut violations) = (String::new(), String::new(), Vec::new());
        for &bytes in chunks {
            let mut chunk = bytes;
            while let Some(item) = parser.next_item(&mut chunk).expect("within the bounds") {
                let signal = tracker.notice(&item);
                if let sseam::Item::Event(_) = item {
                    signals.push(letter(signal));
                    violations.extend(tracker.violation());
                } else if signal != Signal::Ignore {
                    noticed.push(letter(signal));
                }
            }
        }
        if flush {
            if let Some(event) = parser.flush_event().expect("within the bounds") {
                signals.push(letter(tracker.observe(&event)));
                violations.extend(tracker.violation());
            }
        }
        let end = parser.finish();
        let outcome = tracker.finish(end);
        assert_eq!(outcome, tracker.finish(end), "asked again");
        assert_eq!(tracker.is_over(), tracker.outcome().is_some());
        if let Some(settled) = tracker.outcome() {
            assert_eq!(outcome, settled, "an outcome that is settled stays");
        }
        Said { signals, noticed, violations, outcome }
    }
}

/// What a parser says that was left between two events, or in the middle of one.
pub fn ends() -> [End; 2] {
    [&b""[..], b"data"].map(|mut chunk| {
        let mut parser = Parser::<ArrayBuf<16>>::default();
        assert_eq!(parser.next_event(&mut chunk), Ok(None));
        parser.finish()
    })
}

/// What `dialect` says of a stream that comes whole and is not flushed.
pub fn read<D: Dialect>(stream: &str, dialect: D) -> Said {
    Reader::new().read(&[stream.as_bytes()], false, &mut Tracker::new(dialect))
}

/// A stream of the events written one a line: the data alone, or the event
/// type, a bar, and the data.
pub fn stream(events: &str) -> String {
    let event = |line: &str| match line.split_once(" | ") {
        Some((event_type, data)) => format!("event: {event_type}\ndata: {data}\n\n"),
        None => format!("data: {line}\n\n"),
    };
    events.lines().map(str::trim).filter(|line| !line.is_empty()).map(event).collect()
}

/// Each dialect, at the start of a stream.
pub fn dialects() -> Vec<Box<dyn Dialect>> {
    vec![
        Box::new(Done::new()),
        Box::new(Chat::new()),
        Box::new(Responses::new()),
        Box::new(Responses::strict()),
        Box::new(Messages::new()),
        Box::new(GenerateContent::new()),
        Box::new(CohereChat::new()),
        Box::new(Assistants::new()),
        Box::new(Auto::new()),
    ]
}
