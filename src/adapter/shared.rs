//! An owned event that shares its bytes with the chunk that it came in.

use core::fmt;
use core::ops::Range;

use bytes::Bytes;

use crate::{Event, Value};

/// An owned event that shares the chunk it came in by a reference count, if it lay whole
/// in one; else it has a copy of its own. Cloning it copies no bytes.
///
/// It keeps the whole chunk in memory. To keep an event for long, copy it:
/// [`as_event`](Self::as_event), then [`into_owned`](Event::into_owned).
#[derive(Clone)]
pub struct SharedEvent {
    /// The chunk, or a copy of the event type and the data.
    bytes: Bytes,
    event_type: Range<usize>,
    data: Range<usize>,
    last_event_id: Bytes,
}

impl SharedEvent {
    /// Creates an event of type `message` without an ID, for tests.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::adapter::stream::SharedEvent;
    ///
    /// assert_eq!(SharedEvent::new("73857293"), Event::new("73857293"));
    /// ```
    pub fn new(data: impl Into<Bytes>) -> Self {
        let bytes = data.into();
        Self { event_type: 0..0, data: 0..bytes.len(), bytes, last_event_id: Bytes::new() }
    }

    /// Copies `event`, or shares `chunk` if the event type and the data are in these `ranges`
    /// of it. `id` is the last event ID that was shared before, renewed if it has changed.
    pub(super) fn share(
        event: &Event<'_>,
        ranges: Option<[Range<usize>; 2]>,
        chunk: &Bytes,
        id: &mut Bytes,
    ) -> Self {
        if event.last_event_id() != id[..] {
            *id = Bytes::copy_from_slice(event.last_event_id().as_bytes());
        }
        let last_event_id = id.clone();
        if let Some([event_type, data]) = ranges {
            return Self { bytes: chunk.clone(), event_type, data, last_event_id };
        }
        let [event_type, data] = [event.event_type(), event.data()].map(Value::as_bytes);
        let bytes = [event_type, data].concat();
        Self {
            event_type: 0..event_type.len(),
            data: event_type.len()..bytes.len(),
            bytes: bytes.into(),
            last_event_id,
        }
    }

    /// Borrows the event.
    #[must_use]
    pub fn as_event(&self) -> Event<'_> {
        let [event_type, data] =
            [&self.event_type, &self.data].map(|part| &self.bytes[part.clone()]);
        Event::of(event_type, data, &self.last_event_id)
    }

    /// Returns the event type, as [`Event::event_type`].
    #[must_use]
    pub fn event_type(&self) -> Value<'_> {
        self.as_event().event_type()
    }

    /// Returns the data, as [`Event::data`].
    #[must_use]
    pub fn data(&self) -> Value<'_> {
        self.as_event().data()
    }

    /// Returns the data as a slice that shares the memory of this event.
    #[must_use]
    pub fn data_bytes(&self) -> Bytes {
        self.bytes.slice(self.data.clone())
    }

    /// Returns the last event ID, as [`Event::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> Value<'_> {
        self.as_event().last_event_id()
    }
}

impl PartialEq for SharedEvent {
    fn eq(&self, other: &Self) -> bool {
        self.as_event() == other.as_event()
    }
}

impl Eq for SharedEvent {}

impl PartialEq<Event<'_>> for SharedEvent {
    fn eq(&self, other: &Event<'_>) -> bool {
        self.as_event() == *other
    }
}

impl PartialEq<SharedEvent> for Event<'_> {
    fn eq(&self, other: &SharedEvent) -> bool {
        other == self
    }
}

impl fmt::Debug for SharedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_event().fmt(f)
    }
}
