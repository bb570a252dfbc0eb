//! How a stream came out.

use core::fmt;

/// How a stream came out: what [`Tracker::outcome`](super::Tracker::outcome) answers.
///
/// ```
/// use sseam::llm::Outcome;
///
/// assert!(Outcome::Truncated.is_retry_candidate());
/// assert!(!Outcome::Failed.is_retry_candidate());
/// assert_eq!(Outcome::Incomplete.to_string(), "incomplete");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The provider said that it is finished.
    Completed,
    /// The provider stopped early and said so: a token limit, a content filter.
    Incomplete,
    /// The provider sent an error. Nothing that follows takes it back.
    Failed,
    /// The stream ended and the provider had not said that it is finished.
    Truncated,
    /// The stream ended, and nothing that is known says how: its protocol or its reason is one
    /// that nobody knows here, an event was too large to be read, or it is no event stream.
    Unknown,
}

impl Outcome {
    /// Whether sending the request again may help: true for
    /// [`Truncated`](Self::Truncated) alone.
    ///
    /// A provider that said something has answered. An error of its own may go
    /// away too, but that is in the error, not in how the stream ended.
    #[inline]
    #[must_use]
    pub const fn is_retry_candidate(self) -> bool {
        matches!(self, Self::Truncated)
    }

    /// The worse of two: failed, incomplete, unknown, completed.
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

    /// The name in lower case, for logs.
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
