//! Where a provider did not keep its word.

use core::fmt;

use crate::llm::Name;

/// A breach of what a provider promises of its streams.
///
/// Each names what was expected and what came. A violation is no error: the
/// event's [`Signal`](crate::llm::Signal) and the stream's
/// [`Outcome`](crate::llm::Outcome) are what they are without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Violation {
    /// An event came after the terminal.
    AfterTerminal {
        /// The event's name.
        found: Name,
    },
    /// The stream began with another event than the one promised.
    UnexpectedFirst {
        /// The name promised.
        expected: &'static str,
        /// The name that came.
        found: Name,
    },
    /// An event came without its sequence number.
    MissingSequence {
        /// The number that was due.
        expected: u64,
    },
    /// A sequence number is larger than the one due: events were lost.
    SequenceGap {
        /// The number that was due.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// A sequence number is smaller than the one due.
    SequenceRepeat {
        /// The number that was due.
        expected: u64,
        /// The number that came.
        found: u64,
    },
}

impl Violation {
    /// The kind in lower case, for logs: `after_terminal`, `unexpected_first`,
    /// `missing_sequence`, `sequence_gap`, `sequence_repeat`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AfterTerminal { .. } => "after_terminal",
            Self::UnexpectedFirst { .. } => "unexpected_first",
            Self::MissingSequence { .. } => "missing_sequence",
            Self::SequenceGap { .. } => "sequence_gap",
            Self::SequenceRepeat { .. } => "sequence_repeat",
        }
    }

    /// What was expected; nothing after the terminal.
    #[must_use]
    pub fn expected(&self) -> Option<Mark> {
        match *self {
            Self::AfterTerminal { .. } => None,
            Self::UnexpectedFirst { expected, .. } => Some(Mark::Name(Name::new(expected.into()))),
            Self::MissingSequence { expected }
            | Self::SequenceGap { expected, .. }
            | Self::SequenceRepeat { expected, .. } => Some(Mark::Number(expected)),
        }
    }

    /// What came; nothing where a number is missing.
    #[must_use]
    pub const fn found(&self) -> Option<Mark> {
        match *self {
            Self::AfterTerminal { found } | Self::UnexpectedFirst { found, .. } => {
                Some(Mark::Name(found))
            }
            Self::MissingSequence { .. } => None,
            Self::SequenceGap { found, .. } | Self::SequenceRepeat { found, .. } => {
                Some(Mark::Number(found))
            }
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AfterTerminal { found } => write!(f, "`{found}` after the terminal"),
            Self::UnexpectedFirst { expected, found } => {
                write!(f, "`{found}` comes first, not `{expected}`")
            }
            Self::MissingSequence { expected } => {
                write!(f, "no sequence number where {expected} is due")
            }
            Self::SequenceGap { expected, found } => {
                write!(f, "sequence number {found} where {expected} is due: a gap")
            }
            Self::SequenceRepeat { expected, found } => {
                write!(f, "sequence number {found} where {expected} is due: a repeat")
            }
        }
    }
}

/// One side of a [`Violation`], to be shown: a number or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant)] // Made to be shown and dropped.
pub enum Mark {
    /// A sequence number.
    Number(u64),
    /// An event's name.
    Name(Name),
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}
