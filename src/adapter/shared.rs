//! Owned events and items that share the bytes of their chunk.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Range;
use core::time::Duration;

use bytes::Bytes;

use crate::event::DEFAULT_TYPE;
use crate::{Event, Item, Value};

/// An owned event that shares its chunk by a reference count, or is a copy.
///
/// It shares the chunk if it was whole in it. Cloning it copies no bytes.
///
/// A shared event keeps the whole chunk in memory. To keep an event for long, copy it by
/// [`as_event`](Self::as_event) and [`into_owned`](Event::into_owned).
///
/// ```
/// use sseam::adapter::stream::SharedEvent;
///
/// let event = SharedEvent::new("73857293"); // Or an item of an `EventStream`.
/// assert_eq!((event.event_type(), event.data()), ("message".into(), "73857293".into()));
/// assert_eq!(event.data_bytes(), "73857293");
/// let owned = event.as_event().into_owned();
/// assert_eq!(owned, event.as_event());
/// ```
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

    /// Creates an event that shares the memory of `chunk`. For custom adapters.
    ///
    /// Copies the event type and the data of `event` if one of them is not in `chunk`.
    ///
    /// `id` is the last event ID that was shared before. It is updated if it has changed, so that
    /// the events of a stream share their ID, too.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use sseam::Parser;
    /// use sseam::adapter::stream::SharedEvent;
    ///
    /// let bytes = Bytes::from_static(b"id: 8\ndata: one\n\ndata: two\n\n");
    /// let (mut parser, mut id) = (Parser::new(), Bytes::new());
    /// let mut events = Vec::new();
    /// let mut chunk = &bytes[..];
    /// while let Some(event) = parser.next_event(&mut chunk)? {
    ///     events.push(SharedEvent::share(&event, &bytes, &mut id));
    /// }
    /// assert_eq!(events[1].data(), "two");
    /// assert_eq!(events[1].last_event_id(), "8");
    /// # Ok::<(), sseam::Error>(())
    /// ```
    #[must_use]
    pub fn share(event: &Event<'_>, chunk: &Bytes, id: &mut Bytes) -> Self {
        let last_event_id = share_id(event.last_event_id(), id);
        let [event_type, data] = [event.event_type(), event.data()].map(Value::as_bytes);
        // The default type is not in the chunk: an empty range represents it.
        let event_type = if event_type == DEFAULT_TYPE { &[] } else { event_type };
        if let Some(data) = range_in(chunk, data) {
            if let Some(event_type) = range_in(chunk, event_type) {
                return Self { bytes: chunk.clone(), event_type, data, last_event_id };
            }
        }
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

impl Hash for SharedEvent {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_event().hash(state);
    }
}

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

/// An owned [`Item`] that shares the bytes of its chunk, as a [`SharedEvent`] does.
///
/// [`ItemStream`](super::stream::ItemStream) yields it. An adapter of your own makes it:
///
/// ```
/// use bytes::Bytes;
/// use sseam::adapter::stream::SharedItem;
/// use sseam::{Item, Notify, Parser};
///
/// let bytes = Bytes::from_static(b": hello\n\ndata: one\n\n");
/// let mut parser = Parser::new().with_notify(Notify::COMMENTS);
/// let (mut id, mut chunk, mut items) = (Bytes::new(), &bytes[..], Vec::new());
/// while let Some(item) = parser.next_item(&mut chunk)? {
///     items.push(SharedItem::share(&item, &bytes, &mut id));
/// }
/// assert!(matches!(&items[0], SharedItem::Comment { text, .. } if text == "hello"));
/// assert!(matches!(items[1].as_item(), Item::Event(event) if event.data() == "one"));
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SharedItem {
    /// An event.
    Event(SharedEvent),
    /// As [`Item::Comment`].
    Comment {
        /// The rest of the line after the colon and one space.
        text: Bytes,
        /// `text` is only the beginning.
        truncated: bool,
    },
    /// As [`Item::UnknownField`].
    UnknownField {
        /// The field's name.
        name: Bytes,
        /// The field's value.
        value: Bytes,
        /// `name` and `value` are only the beginning of the line.
        truncated: bool,
    },
    /// As [`Item::EmptyBlock`].
    EmptyBlock {
        /// The event type that the block set, or `message`.
        event_type: Bytes,
        /// The last event ID, which the block may have set.
        last_event_id: Bytes,
    },
    /// As [`Item::ReconnectionTime`].
    ReconnectionTime(Duration),
}

impl SharedItem {
    /// Creates an item that shares the memory of `chunk`, or else copies it, as
    /// [`SharedEvent::share`] does.
    #[must_use]
    pub fn share(item: &Item<'_>, chunk: &Bytes, id: &mut Bytes) -> Self {
        let share = |value| share_value(value, chunk);
        match *item {
            Item::Event(event) => Self::Event(SharedEvent::share(&event, chunk, id)),
            Item::Comment { text, truncated } => Self::Comment { text: share(text), truncated },
            Item::UnknownField { name, value, truncated } => {
                Self::UnknownField { name: share(name), value: share(value), truncated }
            }
            Item::EmptyBlock { event_type, last_event_id } => Self::EmptyBlock {
                event_type: share(event_type),
                last_event_id: share_id(last_event_id, id),
            },
            Item::ReconnectionTime(time) => Self::ReconnectionTime(time),
        }
    }

    /// Borrows the item.
    #[must_use]
    pub fn as_item(&self) -> Item<'_> {
        match self {
            Self::Event(event) => Item::Event(event.as_event()),
            Self::Comment { text, truncated } => {
                Item::Comment { text: Value::new(text), truncated: *truncated }
            }
            Self::UnknownField { name, value, truncated } => Item::UnknownField {
                name: Value::new(name),
                value: Value::new(value),
                truncated: *truncated,
            },
            Self::EmptyBlock { event_type, last_event_id } => Item::EmptyBlock {
                event_type: Value::new(event_type),
                last_event_id: Value::new(last_event_id),
            },
            Self::ReconnectionTime(time) => Item::ReconnectionTime(*time),
        }
    }
}

/// Returns the range of `value` in `chunk`, or an empty range for an empty value.
fn range_in(chunk: &[u8], value: &[u8]) -> Option<Range<usize>> {
    if value.is_empty() {
        return Some(0..0);
    }
    let start = value.as_ptr().addr().wrapping_sub(chunk.as_ptr().addr());
    let end = start.checked_add(value.len())?;
    (end <= chunk.len()).then_some(start..end)
}

fn share_value(value: Value<'_>, chunk: &Bytes) -> Bytes {
    if value == *DEFAULT_TYPE {
        return Bytes::from_static(DEFAULT_TYPE);
    }
    match range_in(chunk, value.as_bytes()) {
        Some(range) => chunk.slice(range),
        None => Bytes::copy_from_slice(value.as_bytes()),
    }
}

/// Returns the last event ID as shared bytes, and updates `shared` if the ID has changed.
fn share_id(id: Value<'_>, shared: &mut Bytes) -> Bytes {
    if id != shared[..] {
        *shared = Bytes::copy_from_slice(id.as_bytes());
    }
    shared.clone()
}
