//! Where a provider did not keep its word.

use core::fmt;

use crate::Value;
use crate::json::JsonStr;

const REPLACEMENT: &str = "\u{FFFD}";

/// A breach of what a provider promises of its streams.
///
/// Each names what was expected and what came. A violation is no error: the
/// event's [`Signal`](super::Signal) and the stream's
/// [`Outcome`](super::Outcome) are what they are without it.
///
/// ```
/// use sseam::dialect::{Responses, Violation};
/// use sseam::{Event, Tracker};
///
/// let mut tracker = Tracker::new(Responses::strict());
/// let data = r#"{"type":"response.queued","sequence_number":0}"#;
/// tracker.observe(&Event::new(data));
///
/// let violation = tracker.violation().expect("it begins with `response.created`");
/// assert_eq!(violation.name(), "unexpected_first");
/// assert_eq!(violation.expected().unwrap().to_string(), "response.created");
/// assert_eq!(violation.found().unwrap().to_string(), "response.queued");
/// ```
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

/// A copy of an event's name, of at most [`Name::MAX`] bytes.
///
/// A violation outlives the event that it is about, so it keeps the name
/// itself. Every event type that `OpenAI` documents fits. A longer one is cut;
/// what is not UTF-8 is U+FFFD, and JSON's escapes are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name {
    len: u8,
    bytes: [u8; Self::MAX],
}

impl Name {
    /// The most bytes that are kept.
    pub const MAX: usize = 47;

    const EMPTY: Self = Self { len: 0, bytes: [0; Self::MAX] };

    pub(super) fn new(name: Value<'_>) -> Self {
        let mut kept = Self::EMPTY;
        for chunk in name.as_bytes().utf8_chunks() {
            let bad = if chunk.invalid().is_empty() { "" } else { REPLACEMENT };
            if kept.push(chunk.valid()).and_then(|()| kept.push(bad)).is_err() {
                break;
            }
        }
        kept
    }

    /// A name in JSON.
    pub(super) fn decoded(name: JsonStr<'_>) -> Self {
        let mut kept = Self::EMPTY;
        // Where it fails, there is no room for more.
        let _ = name.write_to(&mut kept);
        kept
    }

    /// Keeps `text`, or as many of its characters as there is room for.
    fn push(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len.into()..).unwrap_or_default();
        let mut len = text.len().min(room.len());
        while !text.is_char_boundary(len) {
            len = len.saturating_sub(1);
        }
        for (to, from) in room.iter_mut().zip(text.bytes().take(len)) {
            *to = from;
        }
        self.len = self.len.saturating_add(u8::try_from(len).unwrap_or_default());
        if len < text.len() { Err(fmt::Error) } else { Ok(()) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len.into()).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
