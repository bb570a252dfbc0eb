//! Errors of the parser.

use core::fmt;

use crate::Field;

/// An error about one event, which the parser rejected.
///
/// The following calls skip the rest of that event, up to its blank line. Its ID is not
/// committed, and the next event is parsed as usual: keep calling
/// [`Parser::next_event`](crate::Parser::next_event), as in
/// [this loop](crate::Parser#continuing-after-an-error).
///
/// ```
/// use sseam::{Error, Field, Parser};
///
/// let mut parser = Parser::with_limit(4);
/// let mut chunk: &[u8] = b"data: three\n\n";
/// let error = parser.next_event(&mut chunk).unwrap_err();
/// assert_eq!(error, Error::TooLarge { field: Field::Data, limit: 4 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A value exceeds the buffer's limit. If an event exceeds several limits, only the
    /// first in stream order is reported.
    TooLarge {
        /// The field whose value is too large.
        field: Field,
        /// The limit, in bytes. Only for a second `id` in one block it may be smaller: see
        /// [`ArrayBuf`](crate::ArrayBuf).
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

/// The error of [`Parser::set_last_event_id`](crate::Parser::set_last_event_id).
///
/// ```
/// use sseam::{LastEventIdError, Parser};
///
/// let mut parser = Parser::new();
/// assert_eq!(parser.set_last_event_id(b"7\n8"), Err(LastEventIdError::InvalidByte));
/// assert_eq!(parser.last_event_id(), "");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LastEventIdError {
    /// The ID contains NUL, CR or LF, which an ID in a stream cannot.
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
            Self::InvalidByte => f.write_str("the last event ID contains NUL, CR or LF"),
            Self::TooLarge { limit } => {
                write!(f, "the last event ID exceeds the limit of {limit} bytes")
            }
            Self::OutOfMemory => f.write_str("failed to allocate memory for the last event ID"),
        }
    }
}

impl core::error::Error for LastEventIdError {}
