//! Shortcuts for blocks that are whole in the chunk and have the usual lines in the usual order.
//!
//! Pure functions of the chunk, for speed alone. The machine reads all other blocks.

use crate::scan;

/// A block of the usual lines, as slices of the chunk.
pub(super) struct WholeBlock<'c> {
    pub(super) id: Option<&'c [u8]>,
    /// Empty if there is no `event` line.
    pub(super) event_type: &'c [u8],
    pub(super) data: &'c [u8],
    /// The bytes after the blank line; `None` if the chunk ends within the data.
    pub(super) rest: Option<&'c [u8]>,
}

/// The beginning of a usual `data` line.
pub(super) const DATA: &[u8] = b"data: ";
const EVENT: &[u8] = b"event: ";
const ID: &[u8] = b"id: ";

/// Reads a block of `id`, `event` and `data` lines and a blank line, with LF or CRLF.
///
/// `id` and `event` are optional. Skips blank lines and comments before the block, but leaves
/// comments to the machine if `reports_comments`.
#[inline]
pub(super) fn block(mut chunk: &[u8], reports_comments: bool) -> Option<WholeBlock<'_>> {
    loop {
        chunk = match chunk {
            [b'\n' | b'\r', rest @ ..] => rest,
            [b':', line @ ..] if !reports_comments => line.get(scan::line_end(line)?..)?,
            _ => break,
        }
    }
    let mut id = None;
    if let Some(value) = chunk.strip_prefix(ID) {
        // `id_end` stops at NUL, too: then no line end follows, and the machine reads the block.
        let (value, rest) = split_line(value, scan::id_end(value)?)?;
        (id, chunk) = (Some(value), rest);
    }
    let mut event_type = &[][..];
    if let Some(value) = chunk.strip_prefix(EVENT) {
        (event_type, chunk) = split_line(value, scan::line_end(value)?)?;
    }
    let value = chunk.strip_prefix(DATA)?;
    let Some(len) = data_end(value, scan::line_end) else {
        return Some(WholeBlock { id, event_type, data: value, rest: None });
    };
    match value.split_at_checked(len)? {
        (data, [b'\n', b'\n', rest @ ..] | [b'\r', b'\n', b'\r', rest @ ..]) => {
            Some(WholeBlock { id, event_type, data, rest: Some(rest) })
        }
        _ => None,
    }
}

/// Returns the value of an `event` line, and the rest of `chunk` from the value of the `data` line
/// after it.
#[inline]
pub(super) fn split_type(chunk: &[u8]) -> Option<(&[u8], &[u8])> {
    let value = chunk.strip_prefix(EVENT)?;
    let (event_type, lines) = split_line(value, scan::short_line_end(value)?)?;
    Some((event_type, lines.strip_prefix(DATA)?))
}

/// Returns the end of the line that `value` begins with: found by `line_end`, or by the search
/// for long lines if the line looks like JSON.
#[allow(clippy::inline_always)] // As `Parser::next_event`.
#[inline(always)]
pub(super) fn data_end(value: &[u8], line_end: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
    match value {
        [b'{', ..] => scan::long_line_end(value),
        _ => line_end(value),
    }
}

/// Returns the line of `len` bytes and the bytes after its blank line, if both end in LF.
#[inline]
pub(super) fn split_block(bytes: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    match bytes.split_at_checked(len)? {
        (line, [b'\n', b'\n', rest @ ..]) => Some((line, rest)),
        _ => None,
    }
}

/// Returns the line of `len` bytes and the bytes after its LF or CRLF.
#[inline]
fn split_line(bytes: &[u8], len: usize) -> Option<(&[u8], &[u8])> {
    match bytes.split_at_checked(len)? {
        (line, [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..]) => Some((line, rest)),
        _ => None,
    }
}
