//! An event that owns its bytes.

use alloc::boxed::Box;
use core::fmt;

use super::Event;
use crate::Value;

/// An event that owns its bytes, in one allocation.
///
/// ```
/// use sseam::{Event, OwnedEvent};
///
/// let event = Event::new("73857293").with_type("add").with_id("8");
/// let owned: OwnedEvent = event.into_owned();
/// assert_eq!(owned, event);
/// assert_eq!(owned.as_event(), event);
/// assert_eq!((owned.event_type(), owned.last_event_id()), ("add".into(), "8".into()));
/// assert_eq!(owned.data().parse(), Ok(73_857_293));
/// assert_eq!(OwnedEvent::new("73857293").event_type(), "message");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwnedEvent {
    /// The event type, the last event ID, the data.
    bytes: Box<[u8]>,
    type_len: usize,
    id_len: usize,
}

impl OwnedEvent {
    /// Creates an event of type `message` without an ID.
    ///
    /// For other events, create an [`Event`] and call [`into_owned`](Event::into_owned).
    pub fn new<'a>(data: impl Into<Value<'a>>) -> Self {
        Event::new(data).into_owned()
    }

    /// Borrows the event.
    #[must_use]
    pub fn as_event(&self) -> Event<'_> {
        let (event_type, rest) = self.bytes.split_at(self.type_len);
        let (last_event_id, data) = rest.split_at(self.id_len);
        Event::of(event_type, data, last_event_id)
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

    /// Returns the last event ID, as [`Event::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> Value<'_> {
        self.as_event().last_event_id()
    }
}

impl From<Event<'_>> for OwnedEvent {
    fn from(event: Event<'_>) -> Self {
        let [event_type, id, data] =
            [event.event_type(), event.last_event_id(), event.data()].map(Value::as_bytes);
        Self {
            bytes: [event_type, id, data].concat().into_boxed_slice(),
            type_len: event_type.len(),
            id_len: id.len(),
        }
    }
}

impl PartialEq<Event<'_>> for OwnedEvent {
    fn eq(&self, other: &Event<'_>) -> bool {
        self.as_event() == *other
    }
}

impl PartialEq<OwnedEvent> for Event<'_> {
    fn eq(&self, other: &OwnedEvent) -> bool {
        other == self
    }
}

impl fmt::Debug for OwnedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_event().fmt(f)
    }
}
