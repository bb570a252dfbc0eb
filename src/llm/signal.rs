//! The classification of events.

use core::fmt;

/// The classification of an event. Returned by [`Tracker::observe`](super::Tracker::observe) and
/// [`Reading::signal`](super::Reading::signal).
///
/// | signal | the event | what to do |
/// | --- | --- | --- |
/// | [`Payload`](Self::Payload) | content; more events follow | read it |
/// | [`Terminal`](Self::Terminal) | the final event, with content: usage, the whole response, an error | read it, then stop |
/// | [`Sentinel`](Self::Sentinel) | the final event, without content, such as `[DONE]` | stop |
/// | [`Ignored`](Self::Ignored) | a keep-alive, or an event after the final one | skip it |
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Protocol, Signal, Tracker};
///
/// let mut tracker = Tracker::of(Protocol::MESSAGES);
/// for (data, expected) in [
///     (r#"{"type":"content_block_delta","delta":{"text":"Hi"}}"#, Signal::Payload),
///     (r#"{"type":"ping"}"#, Signal::Ignored),
///     (r#"{"type":"message_stop"}"#, Signal::Terminal),
///     ("[DONE]", Signal::Ignored), // Some gateways add it.
/// ] {
///     let signal = tracker.observe(&Event::new(data));
///     assert_eq!(signal, expected);
///     if signal.has_payload() {
///         // Parse `data` here.
///     }
///     assert_eq!(signal.is_end(), signal == Signal::Terminal);
/// }
/// ```
///
/// The signal says nothing about success: an error that ends the stream is a
/// [`Terminal`](Self::Terminal), too. [`Tracker::outcome`](super::Tracker::outcome) returns how the
/// stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A payload. More events follow.
    Payload,
    /// The final event, with a payload: the usage, the whole response, or an error.
    Terminal,
    /// The final event, without a payload, such as `[DONE]`.
    Sentinel,
    /// A keep-alive, or an event after the final one.
    Ignored,
}

impl Signal {
    /// Returns `true` if the event has a payload to read: [`Payload`](Self::Payload) or
    /// [`Terminal`](Self::Terminal).
    #[inline]
    #[must_use]
    pub const fn has_payload(self) -> bool {
        matches!(self, Self::Payload | Self::Terminal)
    }

    /// Returns `true` if the event ended the stream: [`Terminal`](Self::Terminal) or
    /// [`Sentinel`](Self::Sentinel). Stop reading, or drain the connection to reuse it.
    #[inline]
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Terminal | Self::Sentinel)
    }

    /// Returns the name in lower case, for logs.
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
