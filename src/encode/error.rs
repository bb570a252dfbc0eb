//! Errors of the encoder.

use core::fmt;

/// The error of a value that cannot be part of a [`Block`](super::Block).
///
/// ```
/// use sseam::encode::{Block, Error};
///
/// assert_eq!(Block::data("x").id("7\0"), Err(Error::InvalidId));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// The event type contains CR or LF.
    InvalidEventType,
    /// The ID contains CR, LF or NUL.
    InvalidId,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidEventType => "the event type contains CR or LF",
            Self::InvalidId => "the ID contains CR, LF or NUL",
        })
    }
}

impl core::error::Error for Error {}
