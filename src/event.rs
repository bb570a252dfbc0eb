//! What the parser yields.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;
use core::time::Duration;

use crate::Value;

/// The event type of an event whose stream names none (section 9.2.6, "dispatch the event").
pub(crate) const DEFAULT_TYPE: &[u8] = b"message";

/// An event as it was dispatched, borrowed from the chunk or from the parser.
///
/// ```
/// use sseam::Parser;
///
/// let mut chunk: &[u8] = b"event: add\ndata: 73857293\nid: 8\n\n";
/// let mut parser = Parser::new();
/// let event = parser.next(&mut chunk)?.expect("a whole event");
/// assert_eq!(event.event_type(), "add");
/// assert_eq!(event.data(), "73857293");
/// assert_eq!(event.last_event_id(), "8");
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::struct_field_names)] // The standard's name for it.
pub struct Event<'a> {
    event_type: Value<'a>,
    data: Value<'a>,
    last_event_id: Value<'a>,
}

impl<'a> Event<'a> {
    /// An event of one's own making, for tests and for dialects. An empty
    /// `event_type` stands for `message`.
    ///
    /// ```
    /// use sseam::Event;
    ///
    /// let event = Event::new("", "[DONE]", "");
    /// assert_eq!(event.event_type(), "message");
    /// ```
    #[inline]
    pub fn new(
        event_type: impl Into<Value<'a>>,
        data: impl Into<Value<'a>>,
        last_event_id: impl Into<Value<'a>>,
    ) -> Self {
        let event_type = event_type.into();
        Self {
            event_type: if event_type.is_empty() { Value::new(DEFAULT_TYPE) } else { event_type },
            data: data.into(),
            last_event_id: last_event_id.into(),
        }
    }

    /// The event type: the value of the last `event` field, or `message`.
    #[inline]
    #[must_use]
    pub const fn event_type(&self) -> Value<'a> {
        self.event_type
    }

    /// The data: the values of all `data` fields, joined with LF.
    #[inline]
    #[must_use]
    pub const fn data(&self) -> Value<'a> {
        self.data
    }

    /// The last event ID as it stood when the event was dispatched, which an
    /// earlier event may have set; empty where none has.
    #[inline]
    #[must_use]
    pub const fn last_event_id(&self) -> Value<'a> {
        self.last_event_id
    }

    /// A copy that borrows nothing.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[must_use]
    pub fn into_owned(self) -> OwnedEvent {
        self.into()
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_type", &self.event_type)
            .field("data", &self.data)
            .field("last_event_id", &self.last_event_id)
            .finish()
    }
}

/// An event that borrows nothing. Its three values share one allocation.
///
/// ```
/// use sseam::{Event, OwnedEvent};
///
/// let owned: OwnedEvent = Event::new("add", "73857293", "8").into_owned();
/// assert_eq!(owned.as_event().data(), "73857293");
/// ```
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwnedEvent {
    /// The event type, the last event ID, the data.
    bytes: Box<[u8]>,
    type_len: usize,
    id_len: usize,
}

#[cfg(feature = "alloc")]
impl OwnedEvent {
    /// The event, borrowed from this copy.
    #[must_use]
    pub fn as_event(&self) -> Event<'_> {
        let (event_type, rest) = self.bytes.split_at(self.type_len);
        let (last_event_id, data) = rest.split_at(self.id_len);
        Event::new(event_type, data, last_event_id)
    }
}

#[cfg(feature = "alloc")]
impl From<Event<'_>> for OwnedEvent {
    fn from(event: Event<'_>) -> Self {
        let [event_type, id, data] =
            [event.event_type, event.last_event_id, event.data].map(Value::as_bytes);
        Self {
            bytes: [event_type, id, data].concat().into_boxed_slice(),
            type_len: event_type.len(),
            id_len: id.len(),
        }
    }
}

#[cfg(feature = "alloc")]
impl fmt::Debug for OwnedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_event().fmt(f)
    }
}

/// An event, or one of the notifications that [`Notify`](crate::Notify) chose.
///
/// A text that does not fit into the space left for data is told as far as it
/// fits, with `truncated` set; it never costs an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// An event.
    Event(Event<'a>),
    /// A line that began with a colon.
    Comment {
        /// What follows the colon, less one space.
        text: Value<'a>,
        /// Whether `text` is only the beginning.
        truncated: bool,
    },
    /// A field that the standard does not know.
    UnknownField {
        /// The field's name: what stands before the first colon, or the whole line.
        name: Value<'a>,
        /// The field's value: what follows the colon, less one space.
        value: Value<'a>,
        /// Whether `name` and `value` are only the beginning of both.
        truncated: bool,
    },
    /// A block that set an event type or an ID and ended without data.
    EmptyBlock {
        /// The event type that the block set, or `message`.
        event_type: Value<'a>,
        /// The last event ID, which the block may have set.
        last_event_id: Value<'a>,
    },
    /// A `retry` field has set the reconnection time to a new value.
    ReconnectionTime(Duration),
}

/// How an event stream ended: what [`Parser::finish`](crate::Parser::finish) answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct End {
    pub(crate) discarded: bool,
}

impl End {
    /// Whether the stream ended in the middle of a line, or in the middle of a
    /// block that had set data, an event type or an ID (or had been given up
    /// for its size). The standard discards such a beginning, and so did
    /// `finish`.
    #[must_use]
    pub const fn discarded(self) -> bool {
        self.discarded
    }
}
