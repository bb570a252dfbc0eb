//! An owned event that shares its bytes with the chunk that it came in.

use core::fmt;

use bytes::Bytes;

use crate::Event;
use crate::event::DEFAULT_TYPE;
use crate::parser::Part;

/// An event that borrows nothing and, where it lay whole in a chunk, copies nothing:
/// it shares the chunk by a reference count, and is as cheap to clone.
///
/// So it keeps the whole chunk in memory. What is to be kept for long is better copied:
/// [`as_event`](Self::as_event), then [`into_owned`](Event::into_owned).
#[derive(Clone)]
pub struct SharedEvent {
    /// The chunk, or a copy of the event type and the data.
    bytes: Bytes,
    event_type: Part,
    data: Part,
    last_event_id: Bytes,
}

impl SharedEvent {
    /// The event, sharing `chunk` where it lies in it. `id` is the last event ID that
    /// was shared before, renewed where it has changed.
    pub(super) fn new(event: &Event<'_>, chunk: &Bytes, id: &mut Bytes) -> Self {
        let event_type = event.event_type().as_bytes();
        // A constant, unless the stream names it.
        let event_type = if event_type == DEFAULT_TYPE { &[] } else { event_type };
        let data = event.data().as_bytes();
        if event.last_event_id() != id[..] {
            *id = Bytes::copy_from_slice(event.last_event_id().as_bytes());
        }
        let last_event_id = id.clone();
        let parts = [event_type, data].map(|value| Part::within(chunk, value));
        if let [Some(event_type), Some(data)] = parts {
            return Self { bytes: chunk.clone(), event_type, data, last_event_id };
        }
        let bytes = [event_type, data].concat();
        Self {
            event_type: Part::new(0, event_type.len()),
            data: Part::new(event_type.len(), bytes.len()),
            bytes: bytes.into(),
            last_event_id,
        }
    }

    /// The event, borrowed from this one.
    #[must_use]
    pub fn as_event(&self) -> Event<'_> {
        let [event_type, data] = [self.event_type, self.data].map(|part| part.of(&self.bytes));
        Event::new(event_type, data, &self.last_event_id[..])
    }

    /// The event type, as a shared slice.
    #[must_use]
    pub fn event_type(&self) -> Bytes {
        if self.event_type.range().is_empty() {
            return Bytes::from_static(DEFAULT_TYPE);
        }
        self.bytes.slice(self.event_type.range())
    }

    /// The data, as a shared slice.
    #[must_use]
    pub fn data(&self) -> Bytes {
        self.bytes.slice(self.data.range())
    }

    /// The last event ID as it stood when the event was dispatched. It is shared with
    /// the events before and behind that have the same.
    #[must_use]
    pub fn last_event_id(&self) -> Bytes {
        self.last_event_id.clone()
    }
}

impl PartialEq for SharedEvent {
    fn eq(&self, other: &Self) -> bool {
        self.as_event() == other.as_event()
    }
}

impl Eq for SharedEvent {}

impl fmt::Debug for SharedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_event().fmt(f)
    }
}
