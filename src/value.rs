//! The values of events and notifications.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt::{self, Write as _};
use core::str::{FromStr, Utf8Error};

/// Borrowed bytes: the data, type or ID of an event, a comment, or an unknown field's name or value.
///
/// UTF-8 is validated lazily, because validation takes longer than parsing. The standard decodes
/// the stream as UTF-8 with replacement; [`Display`](fmt::Display) and
/// [`to_string_lossy`](Self::to_string_lossy) do the same.
///
/// ```
/// use sseam::Value;
///
/// let value = Value::from("[DONE]");
/// assert_eq!(value, "[DONE]");
/// assert_eq!(value.as_bytes(), b"[DONE]");
/// assert_eq!(value.to_str(), Ok("[DONE]"));
/// assert_eq!((value.len(), value.is_empty()), (6, false));
///
/// let broken = Value::from(b"caf\xE9");
/// assert!(broken.to_str().is_err());
/// assert_eq!(broken.to_string(), "caf\u{FFFD}");
/// assert_eq!(broken.to_string_lossy(), "caf\u{FFFD}");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// Creates a value of `bytes`.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, as they are in the stream.
    #[inline]
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Returns the number of bytes.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there are no bytes.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value as a string, validated at each call.
    ///
    /// # Errors
    ///
    /// If the bytes are not UTF-8.
    #[inline]
    pub const fn to_str(self) -> Result<&'a str, Utf8Error> {
        core::str::from_utf8(self.0)
    }

    /// Parses the value as `T`, such as a number, by [`str::parse`].
    ///
    /// # Errors
    ///
    /// [`ParseValueError`] if the bytes are not UTF-8, or if `T` rejects the text.
    ///
    /// ```
    /// use sseam::{ParseValueError, Value};
    ///
    /// assert_eq!(Value::from("42").parse(), Ok(42));
    /// let error = Value::from("many").parse::<u32>().unwrap_err();
    /// assert!(matches!(error, ParseValueError::Value(_)));
    /// assert_eq!(error.to_string(), "invalid digit found in string");
    /// ```
    pub fn parse<T: FromStr>(self) -> Result<T, ParseValueError<T::Err>> {
        self.to_str().map_err(ParseValueError::Utf8)?.parse().map_err(ParseValueError::Value)
    }

    /// Returns the value as a string, with U+FFFD for invalid UTF-8.
    ///
    /// Each maximal ill-formed part becomes one U+FFFD, as in the WHATWG Encoding Standard.
    /// Allocates only if the value contains invalid UTF-8.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[must_use]
    pub fn to_string_lossy(self) -> Cow<'a, str> {
        // Checking first is several times faster if nothing is to be replaced.
        self.to_str().map_or_else(|_| String::from_utf8_lossy(self.0), Cow::Borrowed)
    }
}

/// The error of [`Value::parse`], which has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseValueError<E> {
    /// The bytes are not UTF-8.
    Utf8(Utf8Error),
    /// The type rejected the text.
    Value(E),
}

impl<E: fmt::Display> fmt::Display for ParseValueError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8(error) => error.fmt(f),
            Self::Value(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error> core::error::Error for ParseValueError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Utf8(error) => error.source(),
            Self::Value(error) => error.source(),
        }
    }
}

/// Writes the value as text, with U+FFFD for invalid UTF-8, as `to_string_lossy`.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(text) = self.to_str() {
            return f.pad(text);
        }
        write_lossy(self.0, f)
    }
}

/// Writes `bytes` as text, with U+FFFD for each maximal ill-formed part.
pub(crate) fn write_lossy<W: fmt::Write + ?Sized>(bytes: &[u8], out: &mut W) -> fmt::Result {
    let mut rest = bytes;
    loop {
        let error = match core::str::from_utf8(rest) {
            Ok(text) => return out.write_str(text),
            Err(error) => error,
        };
        let (valid, ill) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
        out.write_str(core::str::from_utf8(valid).unwrap_or_default())?;
        out.write_str("\u{FFFD}")?;
        rest = ill.get(error.error_len().unwrap_or(ill.len())..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            write!(f, "{}", chunk.valid().escape_debug())?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        f.write_char('"')
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    #[inline]
    fn from(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    #[inline]
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    #[inline]
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<'a> From<&'a String> for Value<'a> {
    #[inline]
    fn from(text: &'a String) -> Self {
        Self(text.as_bytes())
    }
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    #[inline]
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Value<'_> {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

macro_rules! equal_to {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Value<'_> {
            #[inline]
            fn eq(&self, other: &$other) -> bool {
                let other: &[u8] = other.as_ref();
                self.0 == other
            }
        }
        impl PartialEq<Value<'_>> for $other {
            #[inline]
            fn eq(&self, other: &Value<'_>) -> bool {
                other == self
            }
        }
    )*};
}
equal_to!(str, &str, [u8], &[u8]);
#[cfg(feature = "alloc")]
equal_to!(String, Vec<u8>);

impl<const N: usize> PartialEq<[u8; N]> for Value<'_> {
    #[inline]
    fn eq(&self, other: &[u8; N]) -> bool {
        self.0 == other
    }
}

impl<const N: usize> PartialEq<&[u8; N]> for Value<'_> {
    #[inline]
    fn eq(&self, other: &&[u8; N]) -> bool {
        self.0 == *other
    }
}
