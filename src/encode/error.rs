//! What cannot be said in an event stream.

use core::fmt;

/// Why a value cannot be part of a [`Block`](super::Block).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// An event type that holds CR or LF.
    InvalidEventType,
    /// An ID that holds CR, LF or NUL.
    InvalidId,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidEventType => "an event type cannot hold CR or LF",
            Self::InvalidId => "an ID cannot hold CR, LF or NUL",
        })
    }
}

impl core::error::Error for Error {}
