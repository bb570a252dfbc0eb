//! Decodes chunks into owned events.

use alloc::string::String;
use core::task::Poll;
use core::time::Duration;

use sseam::{Item, Notify, Parser, Value, VecBuf};

use crate::{Event, EventStreamError};

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

    /// Returns the next event or error, or `Pending` once all of `chunk` is used up: as
    /// `poll_next` does, so that nothing is moved.
    #[inline]
    pub(crate) fn poll_next<E>(
        &mut self,
        chunk: &mut &[u8],
    ) -> Poll<Option<Result<Event, EventStreamError<E>>>> {
        while !chunk.is_empty() {
            match self.parser.next_item(chunk) {
                Ok(Some(Item::Event(event))) => {
                    let id = event.last_event_id();
                    if id != self.last_event_id {
                        self.last_event_id = to_string(id);
                    }
                    return Poll::Ready(Some(Ok(Event {
                        event: match event.event_type() {
                            // Neither checked nor copied at run time.
                            usual if usual == "message" => "message".into(),
                            other => to_string(other),
                        },
                        data: to_string(event.data()),
                        id: match &self.last_event_id {
                            none if none.is_empty() => String::new(),
                            id => id.clone(),
                        },
                        retry: self.retry.take(),
                    })));
                }
                Ok(Some(Item::ReconnectionTime(time))) => self.retry = Some(time),
                Ok(_) => debug_assert!(chunk.is_empty(), "no other notification is selected"),
                Err(error) => return Poll::Ready(Some(Err(EventStreamError::parser(error)))),
            }
        }
        Poll::Pending
    }
}

#[inline]
fn to_string(value: Value<'_>) -> String {
    // As `to_string_lossy`, and usually inlined.
    value.to_str().map_or_else(|_| value.to_string_lossy().into_owned(), String::from)
}
