//! The lines of a text.

use core::fmt;

use crate::{Value, scan};

/// The lines of a text: one more than there are line ends.
///
/// The end of the first line is searched once, at creation. Most texts are one line, and need no
/// further search however often they are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Lines<'a> {
    text: &'a [u8],
    first_len: usize,
}

impl<'a> Lines<'a> {
    #[inline]
    pub(super) fn of(text: &'a [u8]) -> Self {
        Self { text, first_len: scan::long_line_end(text).unwrap_or(text.len()) }
    }

    /// Returns the text if it is one line.
    #[inline]
    pub(super) fn single(self) -> Option<&'a [u8]> {
        (self.first_len >= self.text.len()).then_some(self.text)
    }

    /// Removes the first of the lines that are left, and returns it.
    #[inline]
    pub(super) fn take_first(left: &mut Option<Self>) -> Option<&'a [u8]> {
        let lines = left.take()?;
        if let Some(line) = lines.single() {
            return Some(line);
        }
        let (line, rest) = lines.split_first();
        *left = rest;
        Some(line)
    }

    /// Returns the first line, and the lines after it.
    fn split_first(self) -> (&'a [u8], Option<Self>) {
        let (line, rest) = self.text.split_at_checked(self.first_len).unwrap_or_default();
        let rest = rest.strip_prefix(b"\r\n").or(rest.get(1..));
        (line, rest.map(Self::of))
    }
}

impl fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Value::new(self.text), f)
    }
}
