//! Decodes chunks into owned events.

use alloc::string::String;
use core::time::Duration;

use sseam::{Error, Item, Notify, Parser, Value, VecBuf};

use crate::Event;

pub(crate) struct Decoder {
    parser: Parser<VecBuf>,
    /// Set since the last event.
    retry: Option<Duration>,
    /// That of the last event, or as set by the caller since then.
    pub(crate) last_event_id: String,
}

impl Decoder {
    pub(crate) const fn new() -> Self {
        Self {
            parser: Parser::new().with_notify(Notify::RECONNECTION_TIME),
            retry: None,
            last_event_id: String::new(),
        }
    }

    /// Sets the ID of the next events without an ID of their own. It is empty if `id` cannot
    /// be an ID.
    pub(crate) fn set_last_event_id(&mut self, id: String) {
        if self.parser.set_last_event_id(id.as_bytes()).is_err() {
            let cleared = self.parser.set_last_event_id(b"");
            debug_assert!(cleared.is_ok(), "an empty ID is within each limit");
        }
        self.last_event_id = id;
    }

    /// Returns the next event, or `None` once all of `chunk` is used up.
    pub(crate) fn next(&mut self, chunk: &mut &[u8]) -> Result<Option<Event>, Error> {
        // Every second call has no bytes, at one event a chunk.
        while !chunk.is_empty() {
            match self.parser.next_item(chunk)? {
                Some(Item::Event(event)) => {
                    let event = Event {
                        event: to_string(event.event_type()),
                        data: to_string(event.data()),
                        id: to_string(event.last_event_id()),
                        retry: self.retry.take(),
                    };
                    self.last_event_id.clone_from(&event.id);
                    return Ok(Some(event));
                }
                Some(Item::ReconnectionTime(time)) => self.retry = Some(time),
                _ => debug_assert!(chunk.is_empty(), "no other notification is selected"),
            }
        }
        Ok(None)
    }
}

fn to_string(value: Value<'_>) -> String {
    value.to_string_lossy().into_owned()
}
