//! What can go wrong with one event.

use core::fmt;

use crate::Field;

/// Why an event could not be yielded, or a last event ID not be seeded.
///
/// An error from the parser is about one event only. The rest of that event is
/// skipped up to its blank line, its ID is not committed, and the next event
/// parses as if nothing had happened: keep calling
/// [`Parser::next`](crate::Parser::next).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A value is larger than the buffer's bound for it. Where an event breaks
    /// several bounds, the first in stream order is told, once.
    TooLarge {
        /// The field whose value it is.
        field: Field,
        /// The bound, in bytes. Only a second `id` in one block may have to be
        /// smaller than that: see [`ArrayBuf`](crate::ArrayBuf).
        limit: usize,
    },
    /// The allocator refused memory that the bounds would have allowed.
    OutOfMemory,
    /// A seeded last event ID holds NUL, CR or LF, which no ID of a stream can.
    InvalidLastEventId,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { field, limit } => {
                write!(f, "`{field}` is larger than its bound of {limit} bytes")
            }
            Self::OutOfMemory => f.write_str("out of memory for the event"),
            Self::InvalidLastEventId => f.write_str("a last event ID cannot hold NUL, CR or LF"),
        }
    }
}

impl core::error::Error for Error {}
