//! What `EventStream` reports instead of an event.

use alloc::string::{FromUtf8Error, String, ToString};
use core::error::Error;
use core::fmt;

use nom::error::{Error as NomError, ErrorKind};

/// Error of an [`EventStream`](crate::EventStream).
///
/// None of them ends it: it may be polled again.
#[derive(Debug, PartialEq)]
pub enum EventStreamError<E> {
    /// The stream is not UTF-8. Does not occur: U+FFFD replaces what is invalid.
    Utf8(FromUtf8Error),
    /// An event exceeds a limit ([`ErrorKind::TooLarge`]) or there is no memory for it
    /// ([`ErrorKind::Fail`]). The text is that of the [`sseam::Error`]. The events after it follow.
    Parser(NomError<String>),
    /// The stream of bytes returned an error.
    Transport(E),
}

impl<E> From<NomError<&str>> for EventStreamError<E> {
    fn from(error: NomError<&str>) -> Self {
        Self::Parser(NomError { input: error.input.into(), code: error.code })
    }
}

impl<E> EventStreamError<E> {
    pub(crate) fn parser(error: sseam::Error) -> Self {
        let code = match error {
            sseam::Error::TooLarge { .. } => ErrorKind::TooLarge,
            _ => ErrorKind::Fail,
        };
        Self::Parser(NomError { input: error.to_string(), code })
    }
}

impl<E: fmt::Display> fmt::Display for EventStreamError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8(error) => write!(f, "UTF8 error: {error}"),
            Self::Parser(error) => write!(f, "Parse error: {error}"),
            Self::Transport(error) => write!(f, "Transport error: {error}"),
        }
    }
}

impl<E: fmt::Display + fmt::Debug + Send + Sync> Error for EventStreamError<E> {}
