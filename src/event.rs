//! Events and notifications, as the parser returns them.

#[cfg(feature = "alloc")]
mod owned;

use core::fmt;
use core::time::Duration;

use crate::Value;
#[cfg(feature = "alloc")]
pub use owned::OwnedEvent;

/// The event type of an event without an `event` field (section 9.2.6, "dispatch the event").
pub(crate) const DEFAULT_TYPE: &[u8] = b"message";

/// A dispatched event, borrowed from the chunk or from the parser.
///
/// ```
/// use sseam::Parser;
///
/// let mut chunk: &[u8] = b"event: add\ndata: 73857293\nid: 8\n\n";
/// let mut parser = Parser::new();
/// let event = parser.next_event(&mut chunk)?.expect("a whole event");
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
    /// Creates an event of type `message` without an ID, for tests and for protocols of your own.
    ///
    /// ```
    /// use sseam::Event;
    ///
    /// let event = Event::new("73857293").with_type("add").with_id("8");
    /// assert_eq!(event.event_type(), "add");
    /// ```
    #[inline]
    pub fn new(data: impl Into<Value<'a>>) -> Self {
        Self {
            event_type: Value::new(DEFAULT_TYPE),
            data: data.into(),
            last_event_id: Value::new(&[]),
        }
    }

    /// Sets the event type. An empty one means `message`.
    #[inline]
    #[must_use]
    pub fn with_type(mut self, event_type: impl Into<Value<'a>>) -> Self {
        let event_type = event_type.into();
        self.event_type = if event_type.is_empty() { Value::new(DEFAULT_TYPE) } else { event_type };
        self
    }

    /// Sets the last event ID.
    #[inline]
    #[must_use]
    pub fn with_id(mut self, last_event_id: impl Into<Value<'a>>) -> Self {
        self.last_event_id = last_event_id.into();
        self
    }

    /// Creates an event from values of the parser. An empty type means `message`.
    #[inline]
    pub(crate) fn of(event_type: &'a [u8], data: &'a [u8], last_event_id: &'a [u8]) -> Self {
        Self::new(data).with_type(event_type).with_id(last_event_id)
    }

    /// Returns the event type: the value of the last `event` field, or `message`.
    #[inline]
    #[must_use]
    pub const fn event_type(&self) -> Value<'a> {
        self.event_type
    }

    /// Returns the data: the values of all `data` fields, joined with LF.
    #[inline]
    #[must_use]
    pub const fn data(&self) -> Value<'a> {
        self.data
    }

    /// Returns the last event ID at the time of dispatch, which an earlier event may have set.
    /// Empty if there is none.
    #[inline]
    #[must_use]
    pub const fn last_event_id(&self) -> Value<'a> {
        self.last_event_id
    }

    /// Copies the event to the heap.
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

/// An event, or a notification that [`Notify`](crate::Notify) selected.
///
/// A comment or unknown field that does not fit into the buffer after the pending event's data is
/// truncated, with `truncated` set. It never causes an error.
///
/// ```
/// use sseam::{Item, Notify, Parser};
///
/// let mut parser = Parser::new().with_notify(Notify::UNKNOWN_FIELDS);
/// let mut chunk: &[u8] = b"error: overloaded\ndata: x\n\n";
/// let Some(Item::UnknownField { name, value, truncated: false }) = parser.next_item(&mut chunk)?
/// else {
///     panic!("an unknown field");
/// };
/// assert_eq!((name.to_str(), value.to_str()), (Ok("error"), Ok("overloaded")));
/// let item = parser.next_item(&mut chunk)?.expect("an event");
/// assert_eq!(item.event().unwrap().data(), "x");
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Item<'a> {
    /// An event.
    Event(Event<'a>),
    /// A comment: a line that begins with a colon.
    Comment {
        /// The rest of the line after the colon and one space.
        text: Value<'a>,
        /// `text` is only the beginning.
        truncated: bool,
    },
    /// A field that the standard does not define.
    UnknownField {
        /// The field's name: the line up to its first colon, or the whole line.
        name: Value<'a>,
        /// The field's value: the rest of the line after the colon and one space.
        value: Value<'a>,
        /// `name` and `value` are only the beginning of the line.
        truncated: bool,
    },
    /// A block that set an event type or an ID and ended without data.
    EmptyBlock {
        /// The event type that the block set, or `message`.
        event_type: Value<'a>,
        /// The last event ID, which the block may have set.
        last_event_id: Value<'a>,
    },
    /// A `retry` field set the reconnection time, perhaps to the same value as before.
    ReconnectionTime(Duration),
}

impl<'a> Item<'a> {
    /// Returns the event, or `None` if the item is a notification.
    #[inline]
    #[must_use]
    pub const fn event(self) -> Option<Event<'a>> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// The way an event stream ended. Returned by [`Parser::finish`](crate::Parser::finish).
///
/// ```
/// use sseam::{End, Parser};
///
/// let mut parser = Parser::new();
/// let mut chunk: &[u8] = b"data: one\n\ndata: tw";
/// while parser.next_event(&mut chunk)?.is_some() {}
/// assert_eq!(parser.finish(), End::MidEvent);
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum End {
    /// The stream ended between events: nothing was lost.
    Clean,
    /// The stream ended within an event, which the standard discards.
    ///
    /// More precisely: within a line, or within a block that set data, an event type or an ID, or
    /// that exceeded a limit.
    MidEvent,
    /// The connection broke before the stream ended. Only the owner of the connection can report
    /// this; a parser never returns it. `None` has the same meaning for
    /// [`outcome`](crate::llm::Answer::outcome), and adapters return `None` from `end`.
    Disconnected,
}
