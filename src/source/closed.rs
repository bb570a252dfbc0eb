//! How a connection is lost, and why a source is closed.

use core::fmt;

use super::Refusal;

/// How a connection was lost, or was not established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lost {
    /// There was no response, or its body broke off, stalled or timed out.
    Broken,
    /// Trying again is futile: the URL is invalid, a certificate is rejected.
    Futile,
}

/// Why a [`Source`](super::Source) connects no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// [`close`](super::Source::close) was called.
    ByCaller,
    /// The stream is complete: [`done`](super::Source::done) was called.
    Done,
    /// The response was not an event stream, and either its status is not transient or the policy
    /// allows no further try.
    Refused(Refusal),
    /// The connection was [`Lost::Futile`].
    Futile,
    /// The policy's [`Resume`](super::Resume) does not resume there.
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

/// The state of a source, as `EventSource.readyState` has it (WHATWG HTML, section 9.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ReadyState {
    /// It is about to connect, connects, or waits before it does.
    Connecting = 0,
    /// A connection is open.
    Open = 1,
    /// It connects no more.
    Closed = 2,
}
