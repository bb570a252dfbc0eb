//! Pieces of text, decoded, and never cut within a character.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt::{self, Write as _};

use super::payload::StrOrJson;
use crate::json::{Json, JsonStr, Rest, pair, parse_hex4, utf8};

/// A piece of text, borrowed from the event and decoded as it is read.
///
/// If a provider splits a character over two events, as two halves of a surrogate pair, the whole
/// character is part of the second piece. An unpaired half becomes U+FFFD. At the end of a text it
/// is dropped.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Delta};
///
/// let mut answer = Answer::new();
/// let event = Event::new(r#"{"type":"response.output_text.delta","delta":"a\tb"}"#);
/// let Some(Delta::Text { text, .. }) = answer.read(&event).next() else { panic!("no text") };
/// assert_eq!(text, "a\tb");
/// let mut decoded = String::new();
/// text.append_to(&mut decoded); // Or `write_to`, for any `fmt::Write`; or `{text}`.
/// assert_eq!(decoded, "a\tb");
///
/// assert_eq!(text.as_str(), None); // There is an escape to decode.
/// assert_eq!(text.as_json_str().expect("a string").as_raw(), r"a\tb");
/// assert!(!text.is_empty());
/// ```
#[derive(Clone, Copy, Default)]
pub struct Piece<'a> {
    /// A character whose first half was in an earlier piece.
    first: Option<char>,
    text: StrOrJson<'a>,
}

impl<'a> Piece<'a> {
    #[inline]
    pub(super) const fn of(text: StrOrJson<'a>) -> Self {
        Self { first: None, text }
    }

    /// Creates a piece of raw text, which is not a JSON string.
    pub(super) const fn of_bytes(text: &'a [u8]) -> Self {
        Self::of(StrOrJson::Json(Json::of_skipped(text)))
    }

    /// Returns the text if it needs no decoding: it has no escapes and is valid UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match (self.first, self.text) {
            (None, StrOrJson::Str(text)) => text.as_str(),
            (None, StrOrJson::Json(text)) => core::str::from_utf8(text.as_bytes()).ok(),
            _ => None,
        }
    }

    /// Returns the string as written in the event, if that is the whole piece.
    #[must_use]
    pub const fn as_json_str(&self) -> Option<JsonStr<'a>> {
        if self.first.is_none() { self.text.as_json_str() } else { None }
    }

    /// Returns `true` if the piece is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.first.is_none() && self.text.is_empty()
    }

    /// Writes the decoded text.
    ///
    /// # Errors
    ///
    /// Those of `out`, which may have received a part of the text.
    #[inline]
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        if let Some(first) = self.first {
            out.write_str(utf8(first, &mut [0; 4]))?;
        }
        self.text.write_to(out)
    }

    /// Appends the decoded text.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[inline]
    pub fn append_to(&self, out: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = self.write_to(out);
    }
}

/// Writes the decoded text.
impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

/// Writes the decoded text in quotes, escaped as a `str`.
impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        quote(self, f)
    }
}

/// Writes the output of `shown` in quotes, escaped as a `str`.
pub(super) fn quote(shown: &dyn fmt::Display, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    write!(Escaped(f), "{shown}")?;
    f.write_char('"')
}

struct Escaped<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write!(self.0, "{}", text.escape_debug())
    }
}

impl PartialEq<str> for Piece<'_> {
    fn eq(&self, other: &str) -> bool {
        let mut rest = Rest::of(other);
        self.write_to(&mut rest).is_ok() && rest.is_met()
    }
}

impl PartialEq<&str> for Piece<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// First halves of surrogate pairs, until their second halves arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halves {
    /// Each with the text that it is part of. A half of 0 marks a free place.
    waiting: [(u32, u16); 4],
    has_any: bool,
}

impl Halves {
    pub(super) const NONE: Self = Self { waiting: [(0, 0); 4], has_any: false };

    /// Returns the next piece of the text `of`. A half at its end is held back; a half that was
    /// held back is joined to its beginning.
    #[inline]
    pub(super) fn join<'a>(&mut self, of: u32, text: StrOrJson<'a>) -> Piece<'a> {
        match text {
            StrOrJson::Str(string)
                if may_end_in_half(string) || self.has_any && !string.is_empty() =>
            {
                self.join_string(of, string)
            }
            _ => Piece::of(text),
        }
    }

    #[inline(never)]
    fn join_string<'a>(&mut self, of: u32, string: JsonStr<'a>) -> Piece<'a> {
        let (mut first, mut raw) = (None, string.as_bytes());
        let mut waiting = self.waiting.iter_mut();
        if let Some((_, half)) = waiting.find(|(tag, half)| *tag == of && *half != 0) {
            let half = core::mem::take(half);
            let joined =
                parse_hex4(raw).and_then(|(second, rest)| Some((pair(half.into(), second)?, rest)));
            first = Some(joined.map_or(char::REPLACEMENT_CHARACTER, |(char, _)| char));
            raw = joined.map_or(raw, |(_, rest)| rest);
        }
        if let Some((front, half)) = last_half(raw) {
            raw = front;
            // If no place is free, the half is lost.
            if let Some(free) = self.waiting.iter_mut().find(|(_, half)| *half == 0) {
                *free = (of, half);
            }
        }
        self.has_any = self.waiting.iter().any(|(_, half)| *half != 0);
        Piece { first, text: JsonStr::from_validated(raw).into() }
    }
}

/// Returns `true` if the last six bytes may be an escape of the form `\uXXXX`.
#[inline]
fn may_end_in_half(string: JsonStr<'_>) -> bool {
    matches!(string.as_bytes(), [.., b'\\', b'u', _, _, _, _])
}

/// Splits off the first half of a surrogate pair at the end of the string.
fn last_half(raw: &[u8]) -> Option<(&[u8], u16)> {
    let (front, last) = raw.split_last_chunk::<6>()?;
    let (half @ 0xD800..=0xDBFF, _) = parse_hex4(last)? else { return None };
    // A backslash after an odd number of backslashes is itself escaped.
    let before = front.iter().rev().take_while(|byte| **byte == b'\\').count();
    if before % 2 == 0 { Some((front, u16::try_from(half).ok()?)) } else { None }
}
