//! Violations of the documented event order.

use core::fmt;

use crate::llm::Name;

/// A violation of the documented event order. Returned by
/// [`Check::observe`](super::Check::observe).
///
/// A violation does not change the event's [`Signal`](crate::llm::Signal) or the stream's
/// [`Outcome`](crate::llm::Outcome).
///
/// ```
/// use sseam::Event;
/// use sseam::llm::strict::{Check, Violation};
///
/// let event = Event::new(r#"{"type":"response.created","sequence_number":1}"#);
/// let violation = Check::new().observe(&event).expect("number 0 is missing");
/// assert_eq!(violation, Violation::SequenceGap { expected: 0, found: 1 });
/// assert_eq!(violation.name(), "sequence_gap");
/// assert_eq!(violation.to_string(), "sequence number 1, expected 0: gap");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Violation {
    /// An event follows the final one.
    AfterTerminal {
        /// The name of that event.
        found: Name,
    },
    /// The stream does not begin with the documented event.
    UnexpectedFirst {
        /// The documented name.
        expected: &'static str,
        /// The name of the first event.
        found: Name,
    },
    /// An event has no sequence number.
    MissingSequence {
        /// The expected number.
        expected: u64,
    },
    /// A sequence number is larger than expected: events were lost.
    SequenceGap {
        /// The expected number.
        expected: u64,
        /// The event's number.
        found: u64,
    },
    /// A sequence number is smaller than expected.
    SequenceRepeat {
        /// The expected number.
        expected: u64,
        /// The event's number.
        found: u64,
    },
}

impl Violation {
    /// Returns the kind in lower case, for logs: `after_terminal`, `unexpected_first`,
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

    /// Returns what was expected, or `None` for an event after the final one.
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

    /// Returns what was found, or `None` for a missing number.
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
            Self::AfterTerminal { found } => write!(f, "`{found}` after the final event"),
            Self::UnexpectedFirst { expected, found } => {
                write!(f, "first event is `{found}`, expected `{expected}`")
            }
            Self::MissingSequence { expected } => {
                write!(f, "sequence number missing, expected {expected}")
            }
            Self::SequenceGap { expected, found } => {
                write!(f, "sequence number {found}, expected {expected}: gap")
            }
            Self::SequenceRepeat { expected, found } => {
                write!(f, "sequence number {found}, expected {expected}: repeat")
            }
        }
    }
}

/// The expected or found value of a [`Violation`]: a sequence number or an event's name.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::strict::{Check, Mark};
///
/// let event = Event::new(r#"{"type":"response.created","sequence_number":1}"#);
/// let violation = Check::new().observe(&event).expect("number 0 is missing");
/// assert_eq!(violation.expected(), Some(Mark::Number(0)));
/// assert_eq!(violation.found(), Some(Mark::Number(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant)] // Displayed and dropped, never stored.
#[non_exhaustive]
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
