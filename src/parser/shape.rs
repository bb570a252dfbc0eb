//! The shape in which nearly every server writes its events, for the fast path.
//!
//! # What was tried
//!
//! Instructions per event of the workloads in `benches/`, whole, and what a
//! change made of them:
//!
//! - One search through memchr's run-time dispatch per line: W1 233, W2 281,
//!   W3 144. The first 64 bytes with SSE2 inline, that dispatch behind: W1 280,
//!   W2 309, W3 95. With an AVX2 searcher that is made once, and asked at once
//!   behind `{` because JSON is seldom short: W1 212, W2 221, W3 101.
//! - `data: ` asked for before `event: `: W1 and W3 less by 7, W2 more by 12.
//! - The long search inline, where the length is known to be 64 and more:
//!   W1 and W2 less by 11.
//! - An enum of all outcomes, fast and slow, that the caller takes apart: W1,
//!   W2 and W3 more by 35, because every outcome then goes through memory. So
//!   whole events return straight from `Parser::next`.
//! - In `Parser::next`, LF alone and a branch each for events with and without
//!   a type, instead of one [`Values`] that both fill and CRLF too: W1 193 to
//!   172, W2 231 to 216, W3 88 to 67. What is not a whole event is told to the
//!   function behind by a [`Look`], and what lies before an end of the chunk
//!   kept at once: W1 in chunks of 64 bytes less by 120.
//! - One vector of 16 bytes inline instead of four: W3 67 to 62, W2 216 to 227.
//! - Data that goes on over the chunk by a call that answers in registers: W1
//!   in chunks of 64 bytes 928 to 886.
//! - One exit for all that takes the whole chunk: in chunks of one byte, two
//!   instructions less for each.
//! - Looking at 64 bytes for any up to CR first, as a minimum that the compiler
//!   makes vectors of: 12 instructions where SSE2 by memchr takes 32, but some
//!   400 where the program is compiled for size. Vectors by name are `unsafe`
//!   even where they are always there.

use crate::scan;

/// What a chunk, which stands where a block's data or event type may begin,
/// begins with: `data: …`, or `event: …` and `data: …`, ended by LF or CRLF.
pub(crate) enum Shape<'c> {
    /// A blank line follows: a whole event.
    Whole(Values<'c>),
    /// More lines of the like follow. The data is of the first.
    Lines(Values<'c>),
    /// The chunk ends in the data.
    Begun(Values<'c>),
    /// Anything else.
    Other,
}

/// A block's values, as slices of the chunk.
pub(crate) struct Values<'c> {
    /// Empty where there is no `event` field.
    pub(crate) event_type: &'c [u8],
    pub(crate) data: &'c [u8],
    /// What follows.
    pub(crate) rest: &'c [u8],
}

pub(crate) const DATA: &[u8] = b"data: ";
pub(crate) const ID: &[u8] = b"id: ";
pub(crate) const EVENT: &[u8] = b"event: ";

impl<'c> Shape<'c> {
    #[allow(clippy::inline_always)] // As `Parser::next`.
    #[inline(always)]
    pub(crate) fn of(chunk: &'c [u8]) -> Self {
        let (event_type, value) = if let Some(value) = chunk.strip_prefix(DATA) {
            (&[][..], value)
        } else {
            let Some(lines) = chunk.strip_prefix(EVENT) else { return Self::Other };
            let Some(len) = scan::line_end(lines) else { return Self::Other };
            let Some(values) = split_type(lines, len) else { return Self::Other };
            values
        };
        Self::with(event_type, value, data_line_end(value, scan::line_end))
    }

    /// The shape that `look` has seen of `chunk`.
    #[allow(clippy::inline_always)] // As `Parser::next`.
    #[inline(always)]
    pub(crate) fn seen(chunk: &'c [u8], look: Look) -> Self {
        let Some((lines, value)) = chunk.split_at_checked(look.value_at) else {
            return Self::Other;
        };
        let event_type = match lines.strip_prefix(EVENT) {
            None if lines.is_empty() => return Self::Other,
            None => &[],
            Some(line) => match line.strip_suffix(DATA).unwrap_or_default() {
                [event_type @ .., b'\r', b'\n'] | [event_type @ .., b'\n'] => event_type,
                _ => return Self::Other,
            },
        };
        Self::with(event_type, value, Some(look.line_end))
    }

    #[allow(clippy::inline_always)] // As `Parser::next`.
    #[inline(always)]
    fn with(event_type: &'c [u8], value: &'c [u8], line_end: Option<usize>) -> Self {
        let Some((data, rest)) = line_end.and_then(|len| value.split_at_checked(len)) else {
            return Self::Begun(Values { event_type, data: value, rest: &[] });
        };
        match rest {
            [b'\n', b'\n', rest @ ..] | [b'\r', b'\n', b'\r', rest @ ..] => {
                Self::Whole(Values { event_type, data, rest })
            }
            [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] if rest.starts_with(DATA) => {
                Self::Lines(Values { event_type, data, rest })
            }
            _ => Self::Other,
        }
    }
}

/// Where in a chunk the value of its first `data` line begins and ends. In two
/// registers, so that what one function has searched the next need not.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// Zero where the chunk does not begin in the usual shape, but in the
    /// middle of data or otherwise.
    value_at: usize,
    /// Counted from there. Zero where it is not known.
    pub(crate) line_end: usize,
}

impl Look {
    pub(crate) const NONE: Self = Self { value_at: 0, line_end: 0 };
    /// The chunk begins with an event type and ends in it.
    pub(crate) const IN_TYPE: Self = Self { value_at: 0, line_end: usize::MAX };

    /// Whether the chunk begins in the middle of data whose line end is known.
    #[inline]
    pub(crate) const fn is_in_data(self) -> bool {
        self.value_at == 0 && !matches!(self.line_end, 0 | usize::MAX)
    }

    #[inline]
    pub(crate) const fn is_in_type(self) -> bool {
        self.value_at == 0 && self.line_end == usize::MAX
    }

    /// `value`, which ends the chunk, begins with a line of `line_end` bytes.
    #[inline]
    pub(crate) fn new(chunk: &[u8], value: &[u8], line_end: usize) -> Self {
        Self { value_at: chunk.len() - value.len(), line_end }
    }

    /// The chunk begins in the middle of data.
    #[inline]
    pub(crate) const fn in_data(line_end: usize) -> Self {
        Self { value_at: 0, line_end }
    }
}

/// The event type whose line of `len` bytes `lines` begin with, and what
/// follows the name of the `data` line behind it.
#[inline]
pub(crate) fn split_type(lines: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    let (event_type, lines) = split_line(lines, len)?;
    Some((event_type, lines.strip_prefix(DATA)?))
}

/// Where the line ends that `value` begins with: asked of `line_end`, unless
/// it is JSON, which is seldom short.
#[allow(clippy::inline_always)] // As `Parser::next`.
#[inline(always)]
pub(crate) fn data_line_end(
    value: &[u8],
    line_end: impl Fn(&[u8]) -> Option<usize>,
) -> Option<usize> {
    match value {
        [b'{', ..] => scan::long_line_end(value),
        _ => line_end(value),
    }
}

/// The line of `len` bytes that `bytes` begin with, and what follows the LF of
/// the blank line behind it.
#[inline]
pub(crate) fn split_block(bytes: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    match bytes.split_at_checked(len)? {
        (line, [b'\n', b'\n', rest @ ..]) => Some((line, rest)),
        _ => None,
    }
}

/// The line of `len` bytes that `bytes` begin with, and what follows its end,
/// if that is LF or CRLF.
#[inline]
pub(crate) fn split_line(bytes: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    match bytes.split_at_checked(len)? {
        (line, [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..]) => Some((line, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
