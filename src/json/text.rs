//! A string as it stands in the data, and what its escapes stand for.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String};
use core::fmt::{self, Write as _};

use super::pass::characters;
use super::{Error, ErrorKind, scan};
use crate::size::IS_SMALL;

/// A JSON string as it stands between its quotes, borrowed from the data.
///
/// It is well-formed, and decoded as it is read: every escape stands for its character, a pair
/// of surrogates for one character, and a lone surrogate for U+FFFD. Nothing is copied or
/// allocated.
///
/// ```
/// use sseam::json::JsonStr;
///
/// let text = JsonStr::new(r"one\ntwo \ud83d\ude00")?;
/// assert_eq!(text, "one\ntwo 😀");
/// assert_eq!(text.to_string(), "one\ntwo 😀");
/// assert_eq!(text.chars().last(), Some('😀'));
/// assert_eq!(text.as_str(), None); // There are escapes to decode.
/// assert_eq!(JsonStr::new("one")?.as_str(), Some("one"));
/// # Ok::<(), sseam::json::Error>(())
/// ```
///
/// # With serde
///
/// With the feature `json` it is a field for `serde_json`, and borrows the string as it stands. `serde-json-core` has no public way to do so by a field's type alone: there, name
/// `escaped_str` in `#[serde(deserialize_with)]`.
#[derive(Clone, Copy, Default)]
pub struct JsonStr<'a> {
    /// UTF-8 without raw quotes and control characters, and all of its escapes are whole. As
    /// bytes, since making a `str` of them costs more than finding them.
    raw: &'a [u8],
}

impl<'a> JsonStr<'a> {
    /// Creates the string that stands as `raw` between its quotes.
    ///
    /// # Errors
    ///
    /// If `raw` holds a quote or a control character that is not escaped, or an escape that
    /// JSON does not have.
    pub fn new(raw: &'a str) -> Result<Self, Error> {
        let (kind, rest) = match characters(raw.as_bytes()) {
            Ok([]) => return Ok(Self { raw: raw.as_bytes() }),
            Ok(quote) => (ErrorKind::TrailingCharacters, quote),
            Err(wrong) => wrong,
        };
        Err(Error::new(kind, raw.len().saturating_sub(rest.len())))
    }

    /// The string that a pass has validated.
    #[inline]
    pub(crate) const fn of_valid(raw: &'a [u8]) -> Self {
        Self { raw }
    }

    /// The text between the quotes, escapes and all.
    #[inline]
    #[must_use]
    pub fn as_raw(&self) -> &'a str {
        let raw = core::str::from_utf8(self.raw);
        debug_assert!(raw.is_ok(), "it was validated");
        raw.unwrap_or_default()
    }

    /// As [`as_raw`](Self::as_raw), without making sure once more that it is UTF-8.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.raw
    }

    /// Whether it is the empty string.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The text, if it has no escapes.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        if self.is_plain() { Some(self.as_raw()) } else { None }
    }

    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !scan::has_backslash(self.raw)
    }

    #[inline]
    fn may_begin_as(&self, text: &str) -> bool {
        self.raw.first() == text.as_bytes().first() || matches!(self.raw, [b'\\', ..])
    }

    /// The decoded characters.
    #[inline]
    pub fn chars(&self) -> Chars<'a> {
        Chars(self.as_raw())
    }

    /// Whether the decoded text begins with `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &str) -> bool {
        let mut rest = Rest::of(prefix);
        self.write_to(&mut rest).is_ok() && rest.text.is_empty()
    }

    /// Writes the decoded text to any [`fmt::Write`], as [`Display`](fmt::Display) does but
    /// without a formatter. If that fails, what was written before stands.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    #[inline]
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.decode(|text| out.write_str(text))
    }

    /// Has `take` take the decoded text, in pieces of whole characters.
    #[inline]
    pub(crate) fn decode<E>(&self, mut take: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        match self.as_str() {
            Some(text) if !IS_SMALL => take(text),
            _ => decode_escapes(self.raw, &mut take),
        }
    }

    /// Appends the decoded text.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[inline]
    pub fn append_to(&self, out: &mut String) {
        // A `String` takes whatever is written.
        let _ = self.write_to(out);
    }

    /// The decoded text, which allocates only if there are escapes.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[must_use]
    pub fn to_cow(&self) -> Cow<'a, str> {
        if let Some(text) = self.as_str() {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.raw.len());
        self.append_to(&mut text);
        Cow::Owned(text)
    }
}

/// The most bytes of a character in UTF-8.
const MAX_CHAR: usize = 4;

/// How many decoded bytes are put together before they are handed on.
const BUFFER: usize = 128;

/// Hands on what stands between escapes, and the character of each.
#[inline(never)]
fn decode_escapes<E>(raw: &[u8], take: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    if !IS_SMALL {
        return decode_by_buffer(raw, take);
    }
    let mut rest = raw;
    while !rest.is_empty() {
        let plain = scan::backslash(rest).unwrap_or(rest.len());
        let (text, after) = rest.split_at_checked(plain).unwrap_or_default();
        take(core::str::from_utf8(text).unwrap_or_default())?;
        let Some((char, after)) = unescape(after) else { break };
        take(utf8(char, &mut [0; MAX_CHAR]))?;
        rest = after;
    }
    Ok(())
}

/// The same: a shortcut, as many strings consist of short pieces between escapes.
fn decode_by_buffer<E>(raw: &[u8], take: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let (mut buffer, mut len) = ([0; BUFFER], 0);
    let mut rest = raw;
    while !rest.is_empty() {
        let Some(place) = buffer.get_mut(len..).and_then(<[u8]>::first_chunk_mut) else {
            len = flush(&mut buffer, len, take)?;
            continue;
        };
        let copied = scan::copy_plain(rest, place);
        len += copied;
        rest = rest.get(copied..).unwrap_or_default();
        let [b'\\', ..] = rest else { continue };
        if len + MAX_CHAR > BUFFER {
            len = flush(&mut buffer, len, take)?;
        }
        if let ([_, escape, after @ ..], Some(place)) = (rest, buffer.get_mut(len)) {
            if let Some(byte) = short_escape(*escape) {
                *place = byte;
                (len, rest) = (len + 1, after);
                continue;
            }
        }
        let Some((char, after)) = unescape(rest) else { break };
        let place = buffer.get_mut(len..).and_then(<[u8]>::first_chunk_mut::<MAX_CHAR>);
        len += place.map_or(0, |place| char.encode_utf8(place).len());
        rest = after;
    }
    debug_assert!(rest.is_empty(), "escapes were validated");
    flush(&mut buffer, len, take).map(|_| ())
}

/// As [`encode_utf8`](char::encode_utf8), once for all.
#[inline(never)]
pub(crate) fn utf8(char: char, place: &mut [u8; MAX_CHAR]) -> &str {
    char.encode_utf8(place)
}

/// Hands on the whole characters among the first `len` bytes, and returns how many bytes of a
/// last one are left, which are then the first ones.
fn flush<E>(
    buffer: &mut [u8; BUFFER],
    len: usize,
    take: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<usize, E> {
    let bytes = buffer.get(..len).unwrap_or_default();
    let whole = core::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    take(core::str::from_utf8(bytes.get(..whole).unwrap_or_default()).unwrap_or_default())?;
    let mut left = [0; MAX_CHAR];
    let cut = bytes.get(whole..).unwrap_or_default();
    let len = left.iter_mut().zip(cut).map(|(place, byte)| *place = *byte).count();
    if let Some(front) = buffer.first_chunk_mut() {
        *front = left;
    }
    Ok(len)
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
    let (char, after) = unescape(rest.as_bytes())?;
    *rest = rest.get(rest.len().checked_sub(after.len())?..)?;
    Some(char)
}

impl PartialEq<str> for JsonStr<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        // An escape stands for fewer bytes than it has.
        if self.raw.len() > other.len() && !IS_SMALL {
            return self.may_begin_as(other) && !self.is_plain() && decodes_to(*self, other);
        }
        if IS_SMALL {
            return decodes_to(*self, other);
        }
        // Without a branch for each byte, the compiler asks this of a text that it knows.
        let backslashes = other.bytes().fold(0, |found, byte| found | u8::from(byte == b'\\'));
        self.raw == other.as_bytes() && backslashes == 0
    }
}

#[inline(never)]
fn decodes_to(string: JsonStr<'_>, text: &str) -> bool {
    let mut rest = Rest::of(text);
    string.may_begin_as(text) && string.write_to(&mut rest).is_ok() && rest.is_met()
}

/// What is left of a text that is compared with what is written, which fails where they differ.
pub(crate) struct Rest<'t> {
    text: &'t str,
    /// Something was written behind the text.
    is_exceeded: bool,
}

impl<'t> Rest<'t> {
    pub(crate) const fn of(text: &'t str) -> Self {
        Self { text, is_exceeded: false }
    }

    /// Whether the text was written, and nothing else.
    pub(crate) const fn is_met(&self) -> bool {
        self.text.is_empty() && !self.is_exceeded
    }
}

impl fmt::Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let len = text.len().min(self.text.len());
        if text.as_bytes().get(..len) != self.text.as_bytes().get(..len) {
            return Err(fmt::Error);
        }
        self.is_exceeded |= len < text.len();
        self.text = self.text.get(len..).unwrap_or_default();
        Ok(())
    }
}

macro_rules! equal_to {
    ($($left:ty, $right:ty, |$a:ident, $b:ident| $equal:expr;)*) => {$(
        impl PartialEq<$right> for $left {
            #[inline]
            fn eq(&self, $b: &$right) -> bool {
                let $a = self;
                $equal
            }
        }
    )*};
}
equal_to! {
    JsonStr<'_>, &str, |string, text| *string == **text;
    str, JsonStr<'_>, |text, string| *string == *text;
    &str, JsonStr<'_>, |text, string| *string == **text;
}

/// As both decode, however they are written.
impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw || self.chars().eq(other.chars())
    }
}

impl Eq for JsonStr<'_> {}

/// Writes the decoded text.
impl fmt::Display for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
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

/// The character of the escape that `bytes` begin with, and what follows it
/// (RFC 8259, section 7).
pub(super) fn unescape(bytes: &[u8]) -> Option<(char, &[u8])> {
    let [b'\\', escape, rest @ ..] = bytes else { return None };
    match short_escape(*escape) {
        Some(byte) => Some((char::from(byte), rest)),
        None => unescape_unit(bytes),
    }
}

/// What a backslash and this byte stand for, if that is one byte.
#[inline]
pub(super) fn short_escape(escape: u8) -> Option<u8> {
    Some(match escape {
        b'"' | b'\\' | b'/' => escape,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// As [`unescape`], of one or two units of UTF-16.
fn unescape_unit(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = unit(bytes)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, rest));
    }
    let joined = unit(rest).and_then(|(second, rest)| Some((pair(first, second)?, rest)));
    Some(joined.unwrap_or((char::REPLACEMENT_CHARACTER, rest)))
}

/// The character that a pair of surrogates stands for.
pub(crate) fn pair(first: u32, second: u32) -> Option<char> {
    let (0xD800..=0xDBFF, 0xDC00..=0xDFFF) = (first, second) else { return None };
    char::from_u32(0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF))
}

/// The four hexadecimal digits of the escape that `bytes` begin with.
pub(crate) fn unit(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.strip_prefix(br"\u")?.split_first_chunk::<4>()?;
    let unit = digits
        .iter()
        .try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))?;
    Some((unit, rest))
}
