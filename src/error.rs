//! Errors of the parser.

use core::fmt;

use crate::Field;

/// Why the parser rejected an event.
///
/// An error concerns one event. The rest of that event is skipped up to its blank
/// line, its ID is not committed, and the next event is parsed as usual: keep calling
/// [`Parser::next_event`](crate::Parser::next_event).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A value exceeds the buffer's limit. If an event exceeds several limits, only the
    /// first in stream order is reported.
    TooLarge {
        /// The field whose value is too large.
        field: Field,
        /// The limit, in bytes. Only a second `id` in one block may be held to a
        /// smaller one: see [`ArrayBuf`](crate::ArrayBuf).
        limit: usize,
    },
    /// Memory allocation failed.
    OutOfMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { field, limit } => {
                write!(f, "`{field}` exceeds the limit of {limit} bytes")
            }
            Self::OutOfMemory => f.write_str("failed to allocate memory for the event"),
        }
    }
}

impl core::error::Error for Error {}

/// Why [`Parser::set_last_event_id`](crate::Parser::set_last_event_id) rejected an ID.
/// The last event ID is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LastEventIdError {
    /// The ID contains NUL, CR or LF, which no ID of a stream can.
    InvalidByte,
    /// The ID exceeds the buffer's limit on IDs.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Memory allocation failed.
    OutOfMemory,
}

impl fmt::Display for LastEventIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidByte => f.write_str("a last event ID cannot contain NUL, CR or LF"),
            Self::TooLarge { limit } => {
                write!(f, "the last event ID exceeds the limit of {limit} bytes")
            }
            Self::OutOfMemory => f.write_str("failed to allocate memory for the last event ID"),
        }
    }
}

impl core::error::Error for LastEventIdError {}
