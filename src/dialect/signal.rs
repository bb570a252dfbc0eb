//! What an event is to the client, and what a dialect makes of it.

use core::fmt;

use super::Outcome;

/// What to do with the event just observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A payload. More is to come.
    Message,
    /// The terminal, with a payload: the usage, the whole response, an error.
    Last,
    /// The sentinel: the stream is over, and there is nothing to parse.
    Done,
    /// Nothing for the client: a keep-alive, or what follows the terminal.
    Ignore,
}

impl Signal {
    /// Whether this event ended the stream: [`Last`](Self::Last) or
    /// [`Done`](Self::Done). Stop reading, or read on to the end of the
    /// connection so that it can be used again.
    #[inline]
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Last | Self::Done)
    }

    /// The name in lower case, for logs.
    ///
    /// ```
    /// assert_eq!(sseam::Signal::Last.to_string(), "last");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Last => "last",
            Self::Done => "done",
            Self::Ignore => "ignore",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a [`Dialect`](super::Dialect) makes of one event: a [`Signal`], and,
/// where the event ended the stream, how it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Observation {
    /// A payload.
    Message,
    /// The terminal, with a payload.
    Last(Outcome),
    /// The sentinel.
    Done(Outcome),
    /// Nothing for the client.
    Ignore,
}
