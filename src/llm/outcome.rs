//! The result of a stream.

use core::fmt;

/// The result of a stream: how it ended. Returned by [`Tracker::outcome`](super::Tracker::outcome)
/// and [`Answer::outcome`](super::Answer::outcome).
///
/// | outcome | meaning | what to do |
/// | --- | --- | --- |
/// | [`Completed`](Self::Completed) | the provider reported that the answer is complete | use the answer |
/// | [`Incomplete`](Self::Incomplete) | the provider stopped early and gave a reason, such as a token limit or a content filter | the same request would probably stop early again: see [`Answer::reason`](super::Answer::reason) |
/// | [`Failed`](Self::Failed) | the provider sent an error | decide by the error |
/// | [`Truncated`](Self::Truncated) | the stream ended before the provider ended it | retry, unless the text so far is enough |
/// | [`Unknown`](Self::Unknown) | the stream ended in a way that is not known | treat the answer as unconfirmed |
///
/// Of several stop reasons the worst counts. From worst to best, the reasons are those of failed,
/// incomplete, unknown and completed answers.
///
/// ```
/// use sseam::llm::{Outcome, Protocol, Tracker};
/// use sseam::{End, Event};
///
/// let mut tracker = Tracker::of(Protocol::RESPONSES);
/// tracker.observe(&Event::new(r#"{"type":"response.output_text.delta","delta":"Hi"}"#));
/// let outcome = tracker.outcome(End::Clean); // The server closed without a final event.
/// assert_eq!(outcome, Outcome::Truncated);
/// assert!(outcome.is_retry_candidate());
///
/// let error = r#"{"type":"error","message":"Server is overloaded"}"#;
/// tracker.observe(&Event::new(error));
/// let outcome = tracker.outcome(End::Clean);
/// assert_eq!(outcome, Outcome::Failed);
/// assert!(!outcome.is_retry_candidate());
/// assert_eq!((outcome.as_str(), outcome.to_string()), ("failed", "failed".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The provider reported that the answer is complete.
    Completed,
    /// The provider stopped early and gave a reason, such as a token limit or a content filter.
    Incomplete,
    /// The provider sent an error. No later event changes this.
    Failed,
    /// The stream ended before the provider ended it.
    Truncated,
    /// The stream ended in a way that is not known: its protocol or its stop reason is unknown, an
    /// event was too large to be read, or the body is not an event stream.
    Unknown,
}

impl Outcome {
    /// Returns `true` for [`Truncated`](Self::Truncated) only: sending the same request again may
    /// help.
    ///
    /// After [`Failed`](Self::Failed) a retry may help, too. That depends on the provider's error.
    #[inline]
    #[must_use]
    pub const fn is_retry_candidate(self) -> bool {
        matches!(self, Self::Truncated)
    }

    /// Returns the worse of two outcomes. From worst to best: failed, incomplete, unknown,
    /// completed.
    pub(super) const fn worse(self, other: Self) -> Self {
        if self.rank() > other.rank() { self } else { other }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Completed | Self::Truncated => 0,
            Self::Unknown => 1,
            Self::Incomplete => 2,
            Self::Failed => 3,
        }
    }

    /// Returns the name in lower case, for logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Truncated => "truncated",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
