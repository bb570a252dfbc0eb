//! The names of the fields that the standard knows (section 9.2.6).

use core::fmt;

/// A field whose value is bounded; [`Error::TooLarge`](crate::Error::TooLarge) names it.
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
    /// The field's name as it stands in an event stream: `data`, `event` or `id`.
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

/// A field name that the parser acts on; or the byte order mark, which is read as if
/// it were one. No two begin with the same byte, so the first byte of a line says which
/// one it may still become.
// Each is where it begins in `NAMES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Data = 0,
    Event = 5,
    Id = 11,
    Retry = 14,
    ByteOrderMark = 20,
}

/// The names, each with the colon that a value follows.
const NAMES: &[u8; 23] = b"data:event:id:retry:\xEF\xBB\xBF";

impl Name {
    pub(crate) const fn beginning_with(first: u8) -> Option<Self> {
        match first {
            b'd' => Some(Self::Data),
            b'e' => Some(Self::Event),
            b'i' => Some(Self::Id),
            b'r' => Some(Self::Retry),
            _ => None,
        }
    }

    /// Whether `byte` comes behind the first `seen`.
    pub(crate) fn goes_on(self, seen: u8, byte: u8) -> bool {
        NAMES.get(self as usize + usize::from(seen)) == Some(&byte)
    }

    /// How long it is, with the colon.
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Data => 5,
            Self::Event | Self::Retry => 6,
            Self::Id | Self::ByteOrderMark => 3,
        }
    }

    /// The first `seen` bytes.
    pub(crate) fn beginning(self, seen: u8) -> &'static [u8] {
        let start = self as usize;
        NAMES.get(start..start + usize::from(seen)).unwrap_or_default()
    }
}
