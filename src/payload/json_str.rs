//! A string that stays as it stands in the event.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String};
use core::fmt::{self, Write as _};

use super::{Error, ErrorKind, check};
use crate::dialect::peek::{Text, unescape};

/// A JSON string as it stands between its quotes, borrowed from the event.
///
/// It is known to be well-formed, and decodes as it is read: every escape stands
/// for its character, a pair of surrogates for one, and a lone surrogate for
/// U+FFFD. Nothing is copied and nothing allocated.
///
/// ```
/// use sseam::payload::JsonStr;
///
/// let text = JsonStr::new(r"one\ntwo \ud83d\ude00")?;
/// assert_eq!(text, "one\ntwo 😀");
/// assert_eq!(text.to_string(), "one\ntwo 😀");
/// assert_eq!(text.chars().last(), Some('😀'));
/// assert_eq!(text.as_borrowed(), None); // There is something to decode.
/// assert_eq!(JsonStr::new("one")?.as_borrowed(), Some("one"));
/// # Ok::<(), sseam::payload::Error>(())
/// ```
///
/// # With serde
///
/// With the feature `serde` it deserialises in types of your own, from
/// `serde_json` (which needs its feature `raw_value`, as this crate's feature
/// `json` has it) and from `serde-json-core`, with the same result and borrowed
/// from both. Other formats lend it only what JSON would not escape.
#[derive(Clone, Copy, Default)]
pub struct JsonStr<'a>(&'a str);

impl<'a> JsonStr<'a> {
    /// The string that stands as `raw` between its quotes.
    ///
    /// # Errors
    ///
    /// Where `raw` holds a quote or a control character that is not escaped, or
    /// an escape that JSON does not have.
    pub fn new(raw: &'a str) -> Result<Self, Error> {
        let (kind, rest) = match check::characters(raw.as_bytes()) {
            Ok([]) => return Ok(Self(raw)),
            Ok(quote) => (ErrorKind::TrailingCharacters, quote),
            Err(wrong) => wrong,
        };
        Err(Error::new(kind, raw.len().saturating_sub(rest.len())))
    }

    /// A string of JSON that was checked.
    #[inline]
    pub(super) fn of_checked(text: Text<'a>) -> Option<Self> {
        core::str::from_utf8(text.as_raw()).ok().map(Self)
    }

    /// What stands between the quotes, escapes and all.
    #[inline]
    #[must_use]
    pub const fn as_raw(&self) -> &'a str {
        self.0
    }

    /// Whether it is the empty string.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, if there is nothing to decode.
    #[inline]
    #[must_use]
    pub fn as_borrowed(&self) -> Option<&'a str> {
        memchr::memchr(b'\\', self.0.as_bytes()).is_none().then_some(self.0)
    }

    /// The decoded characters.
    #[inline]
    pub const fn chars(&self) -> Chars<'a> {
        Chars(self.0)
    }

    /// The decoded text in pieces: what stands for itself, and one character for
    /// each escape or pair of them.
    #[inline]
    pub(super) const fn pieces(&self) -> Pieces<'a> {
        Pieces(self.0)
    }

    /// Writes the decoded text, as [`Display`](fmt::Display) does, but without a
    /// formatter: to a `String`, a `heapless::String`, or any other [`fmt::Write`]. If that
    /// fails, what fitted is written.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.pieces().try_for_each(|piece| match piece {
            Piece::Plain(text) => out.write_str(text),
            Piece::Escaped(char) => out.write_char(char),
        })
    }

    /// The decoded text, which allocates only when there is something to decode.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[must_use]
    pub fn to_cow(&self) -> Cow<'a, str> {
        if let Some(text) = self.as_borrowed() {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.0.len());
        // A `String` takes whatever is written.
        let _ = self.write_to(&mut text);
        Cow::Owned(text)
    }
}

/// A string that [`peek`](crate::dialect::peek) has found.
impl<'a> TryFrom<Text<'a>> for JsonStr<'a> {
    type Error = Error;

    fn try_from(text: Text<'a>) -> Result<Self, Error> {
        let raw = core::str::from_utf8(text.as_raw());
        Self::new(raw.map_err(|error| Error::new(ErrorKind::InvalidUtf8, error.valid_up_to()))?)
    }
}

/// The decoded characters of a [`JsonStr`].
#[derive(Clone, Debug)]
#[must_use = "nothing is decoded before it is asked for"]
pub struct Chars<'a>(&'a str);

impl Iterator for Chars<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        if self.0.starts_with('\\') {
            return escape(&mut self.0);
        }
        let mut chars = self.0.chars();
        let char = chars.next();
        self.0 = chars.as_str();
        char
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // Twelve bytes for one character is the most: a pair of surrogates.
        (self.0.len().div_ceil(12), Some(self.0.len()))
    }
}

impl core::iter::FusedIterator for Chars<'_> {}

/// The character of the escape that `rest` begins with, over which it moves on.
fn escape(rest: &mut &str) -> Option<char> {
    let (char, behind) = unescape(rest.as_bytes())?;
    *rest = rest.get(rest.len().checked_sub(behind.len())?..)?;
    Some(char)
}

/// A part of the decoded text.
pub(super) enum Piece<'a> {
    Plain(&'a str),
    Escaped(char),
}

/// What a string is made of, in order.
pub(super) struct Pieces<'a>(&'a str);

impl<'a> Pieces<'a> {
    /// What has not been told yet.
    pub(super) const fn as_raw(&self) -> &'a str {
        self.0
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.starts_with('\\') {
            return escape(&mut self.0).map(Piece::Escaped);
        }
        let len = memchr::memchr(b'\\', self.0.as_bytes()).unwrap_or(self.0.len());
        let (plain, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        (!plain.is_empty()).then_some(Piece::Plain(plain))
    }
}

/// As it decodes.
impl PartialEq<str> for JsonStr<'_> {
    fn eq(&self, other: &str) -> bool {
        let mut rest = other;
        let is_prefix = self.pieces().all(|piece| {
            let behind = match piece {
                Piece::Plain(text) => rest.strip_prefix(text),
                Piece::Escaped(char) => rest.strip_prefix(char),
            };
            rest = behind.unwrap_or(rest);
            behind.is_some()
        });
        is_prefix && rest.is_empty()
    }
}

impl PartialEq<&str> for JsonStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<JsonStr<'_>> for str {
    fn eq(&self, other: &JsonStr<'_>) -> bool {
        other == self
    }
}

impl PartialEq<JsonStr<'_>> for &str {
    fn eq(&self, other: &JsonStr<'_>) -> bool {
        other == self
    }
}

/// As both decode, however they are written.
impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.chars().eq(other.chars())
    }
}

impl Eq for JsonStr<'_> {}

/// Writes the decoded text.
impl fmt::Display for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_borrowed() {
            Some(text) => f.pad(text),
            None => self.write_to(f),
        }
    }
}

/// The decoded text, quoted as Rust quotes it.
impl fmt::Debug for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.chars().try_for_each(|char| write!(f, "{}", char.escape_debug()))?;
        f.write_char('"')
    }
}
