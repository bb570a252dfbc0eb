//! Strings, and the decoding of their escapes.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String};
use core::fmt::{self, Write as _};
use core::hash::{Hash, Hasher};

use super::pass::skip_characters;
use super::{Error, ErrorKind, scan};
use crate::size::IS_SMALL;

/// A JSON string, borrowed from the data with its escapes.
///
/// It is valid, and decoded as it is read: each escape as its character, a surrogate pair as one
/// character, and an unpaired surrogate as U+FFFD. Nothing is copied or allocated.
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
///
/// assert!(text.starts_with("one\n") && !text.is_empty());
/// assert_eq!(text.as_raw(), r"one\ntwo \ud83d\ude00");
/// assert_eq!(text.as_bytes(), text.as_raw().as_bytes());
///
/// // With a heap:
/// assert_eq!(text.to_cow(), "one\ntwo 😀");
/// let mut shown = String::from("> ");
/// text.append_to(&mut shown);
/// text.write_to(&mut shown).expect("a `String` accepts all");
/// # Ok::<(), sseam::json::Error>(())
/// ```
///
/// # With serde
///
/// With the feature `json` it is a field type for `serde_json`, which borrows the string with its
/// escapes. For `serde-json-core`, add [`escaped_str`](super::escaped_str) as
/// `#[serde(deserialize_with)]`.
#[derive(Clone, Copy, Default)]
pub struct JsonStr<'a> {
    /// Valid UTF-8 without raw quotes and control characters, with valid escapes. As bytes,
    /// because the conversion to `str` costs more than the search for the string.
    raw: &'a [u8],
}

impl<'a> JsonStr<'a> {
    /// Creates a string from the text between its quotes.
    ///
    /// # Errors
    ///
    /// If `raw` contains a quote or a control character that is not escaped, or an invalid escape.
    pub fn new(raw: &'a str) -> Result<Self, Error> {
        let (kind, rest) = match skip_characters(raw.as_bytes()) {
            Ok([]) => return Ok(Self { raw: raw.as_bytes() }),
            Ok(quote) => (ErrorKind::TrailingCharacters, quote),
            Err(wrong) => wrong,
        };
        Err(Error::new(kind, raw.len().saturating_sub(rest.len())))
    }

    /// Creates a string that a [`Pass`](super::Pass) has validated.
    #[inline]
    pub(crate) const fn from_validated(raw: &'a [u8]) -> Self {
        Self { raw }
    }

    /// Returns the text between the quotes, with its escapes.
    #[inline]
    #[must_use]
    pub fn as_raw(&self) -> &'a str {
        let raw = core::str::from_utf8(self.raw);
        debug_assert!(raw.is_ok(), "it was validated");
        raw.unwrap_or_default()
    }

    /// Returns the bytes between the quotes, as [`as_raw`](Self::as_raw) but at no cost.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.raw
    }

    /// Returns `true` if the string is empty.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Returns the text if it has no escapes.
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

    /// Returns an iterator over the decoded characters.
    #[inline]
    pub fn chars(&self) -> Chars<'a> {
        Chars(self.as_raw())
    }

    /// Returns `true` if the decoded text begins with `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &str) -> bool {
        let mut rest = Rest::of(prefix);
        self.write_to(&mut rest).is_ok() && rest.text.is_empty()
    }

    /// Writes the decoded text to `out`, as [`Display`](fmt::Display) does but without a formatter.
    ///
    /// # Errors
    ///
    /// The errors of `out`. A part of the text may have been written.
    #[inline]
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.decode(|text| out.write_str(text))
    }

    /// Passes the decoded text to `take`, in pieces of whole characters.
    #[inline]
    pub(crate) fn decode<E>(&self, mut take: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        match self.as_str() {
            Some(text) if !IS_SMALL => take(text),
            _ => decode_escapes(self.raw, &mut take),
        }
    }

    /// Appends the decoded text to `out`.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[inline]
    pub fn append_to(&self, out: &mut String) {
        // Writing to a `String` never fails.
        let _ = self.write_to(out);
    }

    /// Returns the decoded text. Allocates only if there are escapes.
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

/// The maximum length of a character in UTF-8.
const MAX_CHAR: usize = 4;

/// The number of decoded bytes that are buffered.
const BUFFER: usize = 128;

/// Passes the text between escapes to `take`, and the character of each escape.
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

/// Decodes through a buffer, which is faster: many strings have short pieces between escapes.
fn decode_by_buffer<E>(raw: &[u8], take: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let (mut buffer, mut len) = ([0; BUFFER], 0);
    let mut rest = raw;
    while !rest.is_empty() {
        let Some(target) = buffer.get_mut(len..).and_then(<[u8]>::first_chunk_mut) else {
            len = flush(&mut buffer, len, take)?;
            continue;
        };
        let copied = scan::copy_plain(rest, target);
        len += copied;
        rest = rest.get(copied..).unwrap_or_default();
        let [b'\\', ..] = rest else { continue };
        if len + MAX_CHAR > BUFFER {
            len = flush(&mut buffer, len, take)?;
        }
        let short = rest.get(1).and_then(|escape| short_escape(*escape));
        if let (Some(byte), Some(target)) = (short, buffer.get_mut(len)) {
            *target = byte;
            (len, rest) = (len + 1, rest.get(2..).unwrap_or_default());
            continue;
        }
        let Some((char, after)) = unescape(rest) else { break };
        let target = buffer.get_mut(len..).and_then(<[u8]>::first_chunk_mut::<MAX_CHAR>);
        len += target.map_or(0, |target| char.encode_utf8(target).len());
        rest = after;
    }
    debug_assert!(rest.is_empty(), "escapes were validated");
    flush(&mut buffer, len, take).map(|_| ())
}

/// Encodes as [`encode_utf8`](char::encode_utf8), out of line.
#[inline(never)]
pub(crate) fn utf8(char: char, target: &mut [u8; MAX_CHAR]) -> &str {
    char.encode_utf8(target)
}

/// Passes the whole characters in the first `len` bytes to `take`.
///
/// Moves the bytes of a partial last character to the front, and returns their number.
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
    let len = left.iter_mut().zip(cut).map(|(target, byte)| *target = *byte).count();
    if let Some(front) = buffer.first_chunk_mut() {
        *front = left;
    }
    Ok(len)
}

/// An iterator over the decoded characters of a [`JsonStr`]. Returned by [`JsonStr::chars`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
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
        // At most twelve bytes are one character: a surrogate pair.
        (self.0.len().div_ceil(12), Some(self.0.len()))
    }
}

impl core::iter::FusedIterator for Chars<'_> {}

/// Decodes the escape that `rest` begins with, and removes it from `rest`.
fn escape(rest: &mut &str) -> Option<char> {
    let (char, after) = unescape(rest.as_bytes())?;
    *rest = rest.get(rest.len().checked_sub(after.len())?..)?;
    Some(char)
}

impl PartialEq<str> for JsonStr<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        // An escape is longer than the bytes that it decodes to.
        if self.raw.len() > other.len() && !IS_SMALL {
            return self.may_begin_as(other) && !self.is_plain() && decodes_to(*self, other);
        }
        if IS_SMALL {
            return decodes_to(*self, other);
        }
        // Without a branch for each byte, the compiler evaluates this for constant texts.
        let backslashes = other.bytes().fold(0, |found, byte| found | u8::from(byte == b'\\'));
        self.raw == other.as_bytes() && backslashes == 0
    }
}

#[inline(never)]
fn decodes_to(string: JsonStr<'_>, text: &str) -> bool {
    let mut rest = Rest::of(text);
    string.may_begin_as(text) && string.write_to(&mut rest).is_ok() && rest.is_met()
}

/// A writer that compares its input with an expected text, and fails at the first difference.
pub(crate) struct Rest<'t> {
    /// The part of the text that has not been written.
    text: &'t str,
    /// More than the text was written.
    is_exceeded: bool,
}

impl<'t> Rest<'t> {
    pub(crate) const fn of(text: &'t str) -> Self {
        Self { text, is_exceeded: false }
    }

    /// Returns `true` if exactly the text was written.
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

/// Compares the decoded texts.
impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw || self.chars().eq(other.chars())
    }
}

impl Eq for JsonStr<'_> {}

/// Hashes the decoded text, so that equal texts have equal hashes.
impl Hash for JsonStr<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.chars().for_each(|char| char.hash(state));
        state.write_u8(0xFF);
    }
}

/// Writes the decoded text.
impl fmt::Display for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) => f.pad(text),
            None => self.write_to(f),
        }
    }
}

/// Writes the decoded text as a Rust string literal.
impl fmt::Debug for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.chars().try_for_each(|char| write!(f, "{}", char.escape_debug()))?;
        f.write_char('"')
    }
}

/// Decodes the escape that `bytes` begin with (RFC 8259, section 7). Also returns the rest after
/// it.
pub(super) fn unescape(bytes: &[u8]) -> Option<(char, &[u8])> {
    let [b'\\', escape, rest @ ..] = bytes else { return None };
    match short_escape(*escape) {
        Some(byte) => Some((char::from(byte), rest)),
        None => unescape_unit(bytes),
    }
}

/// Decodes the escape of a backslash and this byte, if it is one of two characters.
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

/// Decodes as [`unescape`] an escape of one or two UTF-16 code units.
fn unescape_unit(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = parse_hex4(bytes)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, rest));
    }
    let joined = parse_hex4(rest).and_then(|(second, rest)| Some((pair(first, second)?, rest)));
    Some(joined.unwrap_or((char::REPLACEMENT_CHARACTER, rest)))
}

/// Returns the character of a surrogate pair.
pub(crate) fn pair(first: u32, second: u32) -> Option<char> {
    let (0xD800..=0xDBFF, 0xDC00..=0xDFFF) = (first, second) else { return None };
    char::from_u32(0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF))
}

/// Parses the escape of four hexadecimal digits that `bytes` begin with. Also returns the rest
/// after it.
pub(crate) fn parse_hex4(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.strip_prefix(br"\u")?.split_first_chunk::<4>()?;
    let unit = digits
        .iter()
        .try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))?;
    Some((unit, rest))
}
