//! What a block is made of, and what the parser is to tell of it.

use std::time::Duration;

use sseam::encode::{Block, Error};

use crate::common::{Log, Told};

/// The parts of a block, of which some may be refused.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The reconnection time.
    pub retry: Option<Duration>,
    /// The event type.
    pub event_type: Option<&'a [u8]>,
    /// The ID.
    pub id: Option<&'a [u8]>,
    /// What else there is.
    pub body: Body<'a>,
}

/// An event, a comment, or neither.
#[derive(Debug)]
pub enum Body<'a> {
    /// Neither.
    Nothing,
    /// A comment.
    Comment(&'a [u8]),
    /// An event's data.
    Data(&'a [u8]),
}

fn has_any(bytes: &[u8], of: &[u8]) -> bool {
    bytes.iter().any(|byte| of.contains(byte))
}

/// The lines of the text, each without its end.
fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    let mut bytes = text.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if_eq(&&b'\n');
        }
        match byte {
            b'\r' | b'\n' => lines.push(Vec::new()),
            _ => lines.last_mut().expect("a line").push(byte),
        }
    }
    lines
}

impl<'a> Parts<'a> {
    /// The block, without what is refused, which has to be that.
    pub fn block(&self) -> Block<'a> {
        let mut block = match self.body {
            Body::Nothing => Block::new(),
            Body::Comment(text) => Block::comment(text),
            Body::Data(data) => Block::data(data),
        };
        if let Some(event_type) = self.event_type {
            let with_type = block.event_type(event_type);
            let is_wrong = has_any(event_type, b"\r\n");
            assert_eq!(with_type.err(), is_wrong.then_some(Error::InvalidEventType));
            block = with_type.unwrap_or(block);
        }
        if let Some(id) = self.id {
            let with_id = block.id(id);
            let is_wrong = has_any(id, b"\r\n\0");
            assert_eq!(with_id.err(), is_wrong.then_some(Error::InvalidId));
            block = with_id.unwrap_or(block);
        }
        self.retry.map_or(block, |time| block.retry(time))
    }

    /// Adds what the parser is to tell of it.
    pub fn tell(&self, log: &mut Log) {
        let retry = self.retry.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        if retry.is_some() && retry != log.retry {
            log.retry = retry;
            log.told.extend(retry.map(Duration::from_millis).map(Told::ReconnectionTime));
        }
        let id = self.id.filter(|id| !has_any(id, b"\r\n\0"));
        log.last_event_id = id.map_or(log.last_event_id.clone(), <[u8]>::to_vec);
        let named = self.event_type.filter(|named| !has_any(named, b"\r\n"));
        let named = named.filter(|named| !named.is_empty() && *named != b"message");
        let event_type = named.unwrap_or(b"message").to_vec();
        let id_now = log.last_event_id.clone();
        if let Body::Comment(text) = self.body {
            let comment = |text| Told::Comment { text, truncated: false };
            log.told.extend(lines(text).into_iter().map(comment));
        }
        if let Body::Data(data) = self.body {
            log.told.push(Told::Event { event_type, data: lines(data).join(&b'\n'), id: id_now });
        } else if named.is_some() || id.is_some() {
            log.told.push(Told::EmptyBlock { event_type, id: id_now });
        }
    }
}
