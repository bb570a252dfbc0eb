//! Errors of a connection, or of an event.

use std::error::Error as StdError;
use std::fmt;

use reqwest::Response;

/// Why there is no event, or no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built or sent, or the body broke off.
    Transport(reqwest::Error),
    /// The response is not an event stream: its status is not 200, or its content type is not
    /// `text/event-stream`. The body has not been read, and often has the reason.
    Refused(Box<Response>),
    /// The body has ended, which an event source treats as a lost connection.
    Ended,
    /// An event exceeds a limit and was skipped. The stream continues.
    Parse(sseam::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Refused(response) if response.status() == 200 => {
                f.write_str("the response is not an event stream")
            }
            Self::Refused(response) => {
                write!(f, "the server answered {} instead of an event stream", response.status())
            }
            Self::Ended => f.write_str("the stream has ended"),
            Self::Parse(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Parse(error) => error.source(),
            Self::Refused(_) | Self::Ended => None,
        }
    }
}

/// The request cannot be cloned to be sent again: either its body is a stream, or the builder holds an
/// error.
///
/// [`from_fn`](crate::EventSource::from_fn) takes a function that creates it for each connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CannotClone;

impl fmt::Display for CannotClone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request cannot be cloned to be sent again")
    }
}

impl StdError for CannotClone {}
