//! What is wrong with JSON, and where.

use core::fmt;

/// Why data could not be read as JSON: what is wrong, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    at: usize,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The data is not UTF-8.
    InvalidUtf8,
    /// The data ends inside a value, or is empty.
    UnexpectedEnd,
    /// No value begins so.
    ExpectedValue,
    /// A member has no name, or there is a comma too many.
    ExpectedName,
    /// No colon follows a member's name.
    ExpectedColon,
    /// Neither a comma nor the bracket that closes follows a value.
    ExpectedCommaOrEnd,
    /// Something follows the value.
    TrailingCharacters,
    /// An escape that JSON does not have.
    InvalidEscape,
    /// A control character in a string, which JSON asks to escape.
    ControlCharacter,
    /// Nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// JSON, but no object.
    NotAnObject,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind, at: usize) -> Self {
        Self { kind, at }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> ErrorKind {
        self.kind
    }

    /// The offset of the byte in the data where it was noticed. Where the data ends too early
    /// that is its length.
    #[must_use]
    pub const fn at(self) -> usize {
        self.at
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidUtf8 => "not UTF-8",
            Self::UnexpectedEnd => "the data ends too early",
            Self::ExpectedValue => "expected a value",
            Self::ExpectedName => "expected a member's name",
            Self::ExpectedColon => "expected a colon",
            Self::ExpectedCommaOrEnd => "expected a comma or the closing bracket",
            Self::TrailingCharacters => "something follows the value",
            Self::InvalidEscape => "an escape that JSON does not have",
            Self::ControlCharacter => "a control character in a string",
            Self::TooDeep => "nested too deep",
            Self::NotAnObject => "not an object",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.at)
    }
}

impl core::error::Error for Error {}
