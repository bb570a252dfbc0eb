//! A piece of text as it is handed out: decoded, and never half a character.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt::{self, Write as _};

use super::payload::StrOrJson;
use crate::json::{Json, JsonStr, Rest, pair, parse_hex4, utf8};

/// A piece of a text, borrowed from the event and decoded as it is read.
///
/// Where a provider cuts a character in two, both halves are joined: it comes with the piece
/// that brings the second one. A half without its other is U+FFFD, or, at the end of all, lost.
#[derive(Clone, Copy, Default)]
pub struct Piece<'a> {
    /// A character that an earlier piece began.
    first: Option<char>,
    text: StrOrJson<'a>,
}

impl<'a> Piece<'a> {
    #[inline]
    pub(super) const fn of(text: StrOrJson<'a>) -> Self {
        Self { first: None, text }
    }

    /// Text that is no JSON, and shown as it stands.
    pub(super) const fn of_bytes(text: &'a [u8]) -> Self {
        Self::of(StrOrJson::Json(Json::of_skipped(text)))
    }

    /// The text, if it has nothing to decode.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match (self.first, self.text) {
            (None, StrOrJson::Str(text)) => text.as_str(),
            (None, StrOrJson::Json(text)) => core::str::from_utf8(text.as_bytes()).ok(),
            _ => None,
        }
    }

    /// The string as it stands in the event, if it is one and all of the piece.
    #[must_use]
    pub const fn as_json_str(&self) -> Option<JsonStr<'a>> {
        if self.first.is_none() { self.text.as_json_str() } else { None }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.first.is_none() && self.text.is_empty()
    }

    /// Writes the text. If that fails, what was written before stands.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    #[inline]
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        if let Some(first) = self.first {
            out.write_str(utf8(first, &mut [0; 4]))?;
        }
        self.text.write_to(out)
    }

    /// Appends the text.
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    #[inline]
    pub fn append_to(&self, out: &mut String) {
        // A `String` takes whatever is written.
        let _ = self.write_to(out);
    }
}

/// Writes the text.
impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

/// The text, quoted as Rust quotes it.
impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        quote(self, f)
    }
}

/// Writes what is shown as Rust quotes it.
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

/// Halves of characters that wait for their other ones: first halves of pairs of surrogates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halves {
    /// Each with what it ends; 0 is no half.
    waiting: [(u32, u16); 4],
    has_any: bool,
}

impl Halves {
    pub(super) const NONE: Self = Self { waiting: [(0, 0); 4], has_any: false };

    /// The next piece of a text, less half a character at its end, with the one that it completes.
    /// `of` tells the text from others.
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
            // Where so many wait, the next one is lost.
            if let Some(free) = self.waiting.iter_mut().find(|(_, half)| *half == 0) {
                *free = (of, half);
            }
        }
        self.has_any = self.waiting.iter().any(|(_, half)| *half != 0);
        Piece { first, text: JsonStr::from_validated(raw).into() }
    }
}

/// Whether the last six bytes may be an escape of four digits.
#[inline]
fn may_end_in_half(string: JsonStr<'_>) -> bool {
    matches!(string.as_bytes(), [.., b'\\', b'u', _, _, _, _])
}

/// The first half of a pair that ends the string, and what stands before it.
fn last_half(raw: &[u8]) -> Option<(&[u8], u16)> {
    let (front, last) = raw.split_last_chunk::<6>()?;
    let (half @ 0xD800..=0xDBFF, _) = parse_hex4(last)? else { return None };
    // A backslash behind an odd number of them is itself escaped.
    let before = front.iter().rev().take_while(|byte| **byte == b'\\').count();
    if before % 2 == 0 { Some((front, u16::try_from(half).ok()?)) } else { None }
}
