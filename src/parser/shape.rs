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
//!   whole events return straight from `Parser::next`, and all else through
//!   one call.

use crate::scan;

/// What a chunk, which stands at the start of a block, begins with: `data: …`,
/// or `event: …` and `data: …`, ended by LF or CRLF.
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
const EVENT: &[u8] = b"event: ";

impl<'c> Shape<'c> {
    // As `Parser::next`, of which it is most.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn of(chunk: &'c [u8]) -> Self {
        let (event_type, value) = if let Some(value) = chunk.strip_prefix(DATA) {
            (&[][..], value)
        } else {
            let Some((event_type, lines)) = chunk.strip_prefix(EVENT).and_then(line) else {
                return Self::Other;
            };
            let Some(value) = lines.strip_prefix(DATA) else { return Self::Other };
            (event_type, value)
        };
        let line_end = match value {
            // JSON, which is seldom short.
            [b'{', ..] => scan::long_line_end(value),
            _ => scan::line_end(value),
        };
        let Some(len) = line_end else {
            return Self::Begun(Values { event_type, data: value, rest: &[] });
        };
        match value.split_at_checked(len) {
            Some((data, [b'\n', b'\n', rest @ ..] | [b'\r', b'\n', b'\r', rest @ ..])) => {
                Self::Whole(Values { event_type, data, rest })
            }
            Some((data, [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..]))
                if rest.starts_with(DATA) =>
            {
                Self::Lines(Values { event_type, data, rest })
            }
            _ => Self::Other,
        }
    }
}

/// The line that `bytes` begin with, and what follows its end.
#[inline]
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    split_line(bytes, scan::line_end(bytes)?)
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
