//! The result of a step of the machine, and the location of its values.

use crate::event::DEFAULT_TYPE;
use crate::{Event, Field};

/// The kind of an item that a step found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Event,
    EmptyBlock,
    Comment,
    UnknownField,
    ReconnectionTime,
}

/// The reason to reject a block: an [`Error`](crate::Error) without its limit, so that it
/// fits a register.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rejection {
    TooLarge(Field),
    OutOfMemory,
}

/// The values that a step found in its chunk and did not copy. An empty one may be in the
/// buffer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Borrowed<'c> {
    pub(crate) event_type: &'c [u8],
    pub(crate) data: &'c [u8],
    /// A comment, or the line of an unknown field.
    pub(crate) text: &'c [u8],
}

/// A token for an event or notification that [`Parser::find`](crate::Parser::find) found.
///
/// It borrows nothing; [`Parser::view`](crate::Parser::view) makes the item from it.
///
/// ```
/// use sseam::Parser;
///
/// let mut parser = Parser::new();
/// let chunk = b"data: one\n\ndata: tw";
/// let mut rest = &chunk[..];
/// let found = parser.find(&mut rest)?.expect("an event");
/// assert!(found.is_event());
/// let event = parser.view(chunk, found).event().expect("an event");
/// assert_eq!(event.data(), "one");
/// assert_eq!(rest, b"data: tw");
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub(crate) kind: Kind,
    /// The text was truncated.
    pub(crate) is_truncated: bool,
    pub(crate) event_type: Span,
    /// The data, or the text of a notification.
    pub(crate) value: Span,
}

impl Found {
    /// Creates the token for `event`, each of whose values is in `chunk` or the buffer.
    #[inline]
    pub(crate) fn event(chunk: &[u8], event: &Event<'_>) -> Self {
        // The default type is in neither: an empty span represents it.
        let event_type = event.event_type().as_bytes();
        let event_type = if event_type == DEFAULT_TYPE { &[] } else { event_type };
        Self {
            kind: Kind::Event,
            is_truncated: false,
            event_type: Span::locate(chunk, event_type),
            value: Span::locate(chunk, event.data().as_bytes()),
        }
    }

    /// Returns `true` if an event was found, `false` if a notification.
    #[inline]
    #[must_use]
    pub const fn is_event(self) -> bool {
        matches!(self.kind, Kind::Event)
    }
}

/// The location of a value: in the chunk, or in its slot of the buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: usize,
    len: usize,
}

impl Span {
    /// The start of a value in the buffer. No chunk is that long.
    const IN_BUFFER: usize = usize::MAX;

    /// Locates `value`, which is a part of `chunk` or else in the buffer.
    #[inline]
    pub(crate) fn locate(chunk: &[u8], value: &[u8]) -> Self {
        let start = value.as_ptr().addr().wrapping_sub(chunk.as_ptr().addr());
        let start = if start < chunk.len() { start } else { Self::IN_BUFFER };
        Self { start, len: value.len() }
    }

    /// Returns the value. Another chunk or a changed buffer gives wrong or no bytes.
    #[inline]
    pub(crate) fn get<'a>(self, chunk: &'a [u8], in_buffer: &'a [u8]) -> &'a [u8] {
        let from =
            if self.start == Self::IN_BUFFER { Some(in_buffer) } else { chunk.get(self.start..) };
        from.and_then(|from| from.get(..self.len)).unwrap_or_default()
    }
}
