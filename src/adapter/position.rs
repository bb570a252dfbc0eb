//! The position of an adapter in the stream.

use core::ops::Range;

/// The number of bytes that the parser has taken, and the position of the last item.
#[derive(Clone, Default)]
pub(super) struct Position {
    taken: u64,
    /// The start and end of the last item.
    start: u64,
    end: u64,
}

impl Position {
    pub(super) const fn new() -> Self {
        Self { taken: 0, start: 0, end: 0 }
    }

    /// Counts `len` more bytes that the parser has taken.
    #[inline]
    pub(super) const fn advance(&mut self, len: usize) {
        self.taken = self.taken.wrapping_add(len as u64);
    }

    /// Sets the end of an item to the last byte taken.
    #[inline]
    pub(super) const fn end_item(&mut self) {
        (self.start, self.end) = (self.end, self.taken);
    }

    pub(super) const fn span(&self) -> Range<u64> {
        self.start..self.end
    }

    pub(super) const fn pending(&self) -> u64 {
        self.taken.wrapping_sub(self.end)
    }
}
