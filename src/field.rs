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

/// A field name that the parser acts on. No two begin with the same byte, so
/// the first byte of a line says which one it may still become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Data,
    Event,
    Id,
    Retry,
}

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

    /// The name, and the colon that a value follows.
    pub(crate) const fn with_colon(self) -> &'static [u8] {
        match self {
            Self::Data => b"data:",
            Self::Event => b"event:",
            Self::Id => b"id:",
            Self::Retry => b"retry:",
        }
    }
}
