//! Deltas decoded one after the other.

use core::fmt;

use super::JsonStr;
use crate::json::unit;

const REPLACEMENT: &str = "\u{FFFD}";

/// Decodes the deltas of one text as they come, and joins a pair of surrogates that is
/// split over two of them: some servers cut an emoji that they escape.
///
/// ```
/// use sseam::payload::{Joiner, JsonStr};
///
/// let mut text = String::new();
/// let mut joiner = Joiner::new();
/// for delta in [r"Good \ud83d", r"\ude00 day"] {
///     joiner.write(JsonStr::new(delta)?, &mut text)?;
/// }
/// joiner.finish(&mut text)?;
/// assert_eq!(text, "Good 😀 day");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An [`Accumulator`](super::Accumulator) keeps what it is given; this is for what is
/// shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joiner {
    /// The first half of a pair, which ended the delta before.
    half: Option<u32>,
}

impl Joiner {
    /// For a text that begins.
    #[must_use]
    pub const fn new() -> Self {
        Self { half: None }
    }

    /// Writes the delta, all but the first half of a pair at its end, which waits for
    /// the next one.
    ///
    /// # Errors
    ///
    /// Those of `to`.
    pub fn write<W: fmt::Write + ?Sized>(&mut self, delta: JsonStr<'_>, to: &mut W) -> fmt::Result {
        self.decode(delta, |text| to.write_str(text))
    }

    /// At the end of the text: a half that still waits for the other is U+FFFD.
    ///
    /// # Errors
    ///
    /// Those of `to`.
    pub fn finish<W: fmt::Write + ?Sized>(&mut self, to: &mut W) -> fmt::Result {
        self.decode_end(|text| to.write_str(text))
    }

    pub(super) const fn has_half(self) -> bool {
        self.half.is_some()
    }

    /// As [`write`](Self::write), whatever takes the text.
    pub(super) fn decode<E>(
        &mut self,
        delta: JsonStr<'_>,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut raw = delta.as_bytes();
        if raw.is_empty() {
            return Ok(());
        }
        match self.half.take() {
            Some(first) => {
                match unit(raw).and_then(|(second, rest)| Some((join(first, second)?, rest))) {
                    Some((char, rest)) => {
                        take(char.encode_utf8(&mut [0; 4]))?;
                        raw = rest;
                    }
                    None => take(REPLACEMENT)?,
                }
            }
            None => {
                if let Some(text) = delta.as_str() {
                    return take(text);
                }
            }
        }
        if let Some((front, half)) = last_half(raw) {
            self.half = Some(half);
            raw = front;
        }
        if raw.is_empty() { Ok(()) } else { JsonStr::of_valid(raw).decode(take) }
    }

    /// As [`finish`](Self::finish), whatever takes the text.
    pub(super) fn decode_end<E>(
        &mut self,
        take: impl FnOnce(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        self.half.take().map_or(Ok(()), |_| take(REPLACEMENT))
    }
}

/// The first half of a pair that ends the string, and what stands before it.
#[inline]
fn last_half(raw: &[u8]) -> Option<(&[u8], u32)> {
    let (front, last @ [b'\\', ..]) = raw.split_last_chunk::<6>()? else { return None };
    let (half @ 0xD800..=0xDBFF, _) = unit(last)? else { return None };
    // A backslash behind an odd number of them is itself escaped.
    let before = front.iter().rev().take_while(|byte| **byte == b'\\').count();
    (before % 2 == 0).then_some((front, half))
}

/// The character that both halves of a pair stand for.
fn join(first: u32, second: u32) -> Option<char> {
    let units = [first, second].map(|unit| u16::try_from(unit).unwrap_or_default());
    char::decode_utf16(units).next()?.ok()
}
