//! Lost connections, and reasons why a source is closed.

use core::fmt;

use super::Refusal;

/// The way a connection was lost or could not be established.
///
/// [`Source`](super::Source) has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lost {
    /// There was no response, or the body broke off, stalled or timed out.
    Broken,
    /// Trying again is futile: the URL is invalid, or a certificate was rejected.
    Futile,
}

/// The reason why a [`Source`](super::Source) is closed.
///
/// ```
/// use core::time::Duration;
/// use sseam::Parser;
/// use sseam::source::{Closed, Head, Policy, Refusal, Source};
///
/// let mut source = Source::new(Parser::new(), Policy::event_source());
/// let head = Head { status: 204, content_type: None, retry_after: None };
/// assert_eq!(source.answered(&head, Duration::ZERO), Err(Refusal::Status(204)));
/// assert_eq!(source.closed(), Some(Closed::Refused(Refusal::Status(204))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// [`close`](super::Source::close) was called.
    ByCaller,
    /// The stream is complete: [`done`](super::Source::done) was called.
    Done,
    /// The response was not an event stream, and its status is not transient or the policy allows
    /// no further attempt.
    Refused(Refusal),
    /// The connection was [`Lost::Futile`].
    Futile,
    /// The policy's [`Resume`](super::Resume) does not allow to connect again.
    NotResumed,
    /// The policy's limit on retries is reached.
    GaveUp,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByCaller => "closed by the caller",
            Self::Done => "the stream is complete",
            Self::Refused(refusal) => return refusal.fmt(f),
            Self::Futile => "trying again is futile",
            Self::NotResumed => "the stream ended or broke off and is not to be resumed",
            Self::GaveUp => "too many failures in a row",
        })
    }
}

/// The state of a source, as `EventSource.readyState` (WHATWG HTML, section 9.2.2).
///
/// [`Source`](super::Source) has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ReadyState {
    /// Connecting, or waiting before the next connection.
    Connecting = 0,
    /// A connection is open.
    Open = 1,
    /// Closed: no connection follows.
    Closed = 2,
}
