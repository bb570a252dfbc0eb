//! What an event is to the client.

use core::fmt;

/// What to do with the event just observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A payload. More is to come.
    Payload,
    /// The terminal, with a payload: the usage, the whole response, an error.
    Terminal,
    /// The sentinel: the stream is over, and there is nothing to read.
    Sentinel,
    /// Nothing for the client: a keep-alive, or what follows the terminal.
    Ignored,
}

impl Signal {
    /// Whether there is something to read: [`Payload`](Self::Payload) or
    /// [`Terminal`](Self::Terminal).
    #[inline]
    #[must_use]
    pub const fn has_payload(self) -> bool {
        matches!(self, Self::Payload | Self::Terminal)
    }

    /// Whether this event ended the stream: [`Terminal`](Self::Terminal) or
    /// [`Sentinel`](Self::Sentinel). Stop reading, or read on to the end of the connection so that
    /// it can be used again.
    #[inline]
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Terminal | Self::Sentinel)
    }

    /// The name in lower case, for logs.
    ///
    /// ```
    /// assert_eq!(sseam::llm::Signal::Terminal.to_string(), "terminal");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Terminal => "terminal",
            Self::Sentinel => "sentinel",
            Self::Ignored => "ignored",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
