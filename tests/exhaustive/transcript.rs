//! What a parser tells, as text that is quickly compared. The separators stand
//! in no stream here.

use std::io::Write as _;

use sseam::{Buffer, End, Error, Event, Item, Parser};

use crate::common::{Log, Told};

/// How a parser is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Next,
    NextItem,
}

/// What was told, in order.
#[derive(Default, PartialEq, Eq)]
pub struct Transcript(pub Vec<u8>);

impl Transcript {
    /// Sets off what follows.
    pub fn separate(&mut self) {
        self.0.push(b'/');
    }

    fn put(&mut self, kind: u8, values: [&[u8]; 3]) {
        // Most of the time goes here, and the values are short.
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
            other => self.told(&other.into()),
        }
    }

    fn error(&mut self, error: Error) {
        write!(self.0, "!{error:?};").expect("memory");
    }

    /// Adds what the oracle tells.
    pub fn told(&mut self, told: &Told) {
        let is_cut = |truncated: bool| if truncated { &b"cut"[..] } else { b"" };
        match told {
            Told::Event { event_type, data, id } => self.put(b'E', [event_type, data, id]),
            Told::Comment { text, truncated } => self.put(b'C', [text, is_cut(*truncated), b""]),
            Told::UnknownField { name, value, truncated } => {
                self.put(b'U', [name, value, is_cut(*truncated)]);
            }
            Told::EmptyBlock { event_type, id } => self.put(b'B', [event_type, id, b""]),
            Told::ReconnectionTime(time) => write!(self.0, "R|{time:?};").expect("memory"),
            Told::Error(error) => self.error(*error),
        }
    }

    /// Adds the oracle's end of the stream.
    pub fn log(&mut self, log: &Log) {
        log.told.iter().for_each(|told| self.told(told));
        self.put_end(log.discarded, &log.last_event_id, log.retry.map(u128::from));
    }

    /// Feeds the chunk and adds what is told.
    pub fn push<B: Buffer>(&mut self, parser: &mut Parser<B>, via: Via, mut chunk: &[u8]) {
        loop {
            let told = match via {
                Via::Next => parser.next_event(&mut chunk).map(|event| event.map(Item::Event)),
                Via::NextItem => parser.next_item(&mut chunk),
            };
            match told {
                Ok(Some(item)) => self.item(item),
                Ok(None) => break,
                Err(error) => self.error(error),
            }
        }
        assert!(chunk.is_empty(), "`None` means that the chunk is used up");
    }

    /// Flushes and adds what is told.
    pub fn flush<B: Buffer>(&mut self, parser: &mut Parser<B>, via: Via) {
        loop {
            let told = match via {
                Via::Next => parser.flush_event().map(|event| event.map(Item::Event)),
                Via::NextItem => parser.flush_item(),
            };
            match told {
                Ok(Some(item)) => self.item(item),
                Ok(None) => break,
                Err(error) => self.error(error),
            }
        }
    }

    /// Ends the stream and adds what that says.
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
