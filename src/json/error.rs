//! Errors of the JSON reader.

use core::fmt;

/// The error of data that is not valid JSON: the kind, and the offset of the byte.
///
/// ```
/// use sseam::json::{ErrorKind, JsonStr};
///
/// let error = JsonStr::new(r"one\qtwo").unwrap_err();
/// assert_eq!((error.kind(), error.at()), (ErrorKind::InvalidEscape, 3));
/// assert_eq!(error.to_string(), "invalid escape at byte 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    kind: ErrorKind,
    at: usize,
}

/// The kind of an [`Error`], whose page has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The data is not UTF-8.
    InvalidUtf8,
    /// The data ends inside a value, or is empty.
    UnexpectedEnd,
    /// A value is expected here.
    ExpectedValue,
    /// A member's name is expected here, such as after a comma.
    ExpectedName,
    /// A colon is expected here, after a member's name.
    ExpectedColon,
    /// A comma or the closing bracket is expected here, after a value.
    ExpectedCommaOrEnd,
    /// There are further characters after the value.
    TrailingCharacters,
    /// A string contains an escape that JSON does not define.
    InvalidEscape,
    /// A string contains a control character, which JSON requires to be escaped.
    ControlCharacter,
    /// Objects and arrays are nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// The data is valid JSON, but not an object.
    NotAnObject,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind, at: usize) -> Self {
        Self { kind, at }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(self) -> ErrorKind {
        self.kind
    }

    /// Returns the offset in the data of the byte where the error was found. If the data ends too
    /// early, that is its length.
    #[must_use]
    pub const fn at(self) -> usize {
        self.at
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidUtf8 => "invalid UTF-8",
            Self::UnexpectedEnd => "unexpected end of the data",
            Self::ExpectedValue => "expected a value",
            Self::ExpectedName => "expected a member's name",
            Self::ExpectedColon => "expected a colon",
            Self::ExpectedCommaOrEnd => "expected a comma or the closing bracket",
            Self::TrailingCharacters => "trailing characters",
            Self::InvalidEscape => "invalid escape",
            Self::ControlCharacter => "control character in a string",
            Self::TooDeep => "nesting exceeds the maximum depth",
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
