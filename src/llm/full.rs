//! No room for more.

use core::fmt;

/// There was no room for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no room for more of the answer")
    }
}

impl core::error::Error for Full {}

/// As much of `text` as so many bytes have room for, in whole characters.
pub(super) fn fitting(text: &str, room: usize) -> &str {
    let mut len = text.len().min(room);
    while !text.is_char_boundary(len) {
        len = len.saturating_sub(1);
    }
    text.get(..len).unwrap_or_default()
}

/// Copies as much of `text` as there is room for, in whole characters. Returns its length.
pub(super) fn copy_fitting(text: &str, room: &mut [u8]) -> usize {
    let text = fitting(text, room.len());
    for (to, from) in room.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    text.len()
}
