//! Fields and kinds of lines (WHATWG HTML, section 9.2.6).

use core::fmt;

/// A field whose value has a size limit. Part of [`Error::TooLarge`](crate::Error::TooLarge).
///
/// ```
/// assert_eq!(sseam::Field::Id.name(), "id");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `data`: the event's data, all its lines joined.
    Data,
    /// `event`: the event type.
    Event,
    /// `id`: the last event ID.
    Id,
}

impl Field {
    /// Returns the field's name as written in an event stream: `data`, `event` or `id`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Event => "event",
            Self::Id => "id",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of a line: a known field, or another kind. The byte order mark is read as a name at
/// the start of the stream.
// The value of each kind with a name is the offset of that name in `NAMES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Data = 0,
    Event = 5,
    Id = 11,
    Retry = 14,
    /// A field whose name is empty.
    Comment = 19,
    ByteOrderMark = 20,
    /// A field that the standard does not define.
    Unknown = 23,
    /// A line whose rest has no effect.
    Ignored = 24,
}

/// The names, each with its colon, and the mark.
const NAMES: &[u8; 23] = b"data:event:id:retry:\xEF\xBB\xBF";

impl Line {
    /// Returns the only line that may begin with `first`: no two names share their first byte.
    pub(crate) const fn beginning_with(first: u8) -> Self {
        match first {
            b'd' => Self::Data,
            b'e' => Self::Event,
            b'i' => Self::Id,
            b'r' => Self::Retry,
            b':' => Self::Comment,
            0xEF => Self::ByteOrderMark,
            _ => Self::Unknown,
        }
    }

    /// Returns the name and its colon, without the first `seen` bytes.
    #[inline]
    pub(crate) fn name_rest(self, seen: u8) -> &'static [u8] {
        let end = match self {
            Self::Data => 5,
            Self::Event => 11,
            Self::Id => 14,
            Self::Retry | Self::Comment => 20,
            Self::ByteOrderMark | Self::Unknown | Self::Ignored => 23,
        };
        let rest = NAMES.get(self as usize + usize::from(seen)..end);
        debug_assert!(rest.is_some(), "no more than the name was seen");
        rest.unwrap_or_default()
    }

    /// Returns the first `seen` bytes of the name.
    pub(crate) fn name_beginning(self, seen: u8) -> &'static [u8] {
        let start = self as usize;
        let beginning = NAMES.get(start..start + usize::from(seen));
        debug_assert!(beginning.is_some(), "no more than the name was seen");
        beginning.unwrap_or_default()
    }
}
