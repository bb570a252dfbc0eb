//! Where in the stream an adapter is.

use core::ops::Range;

/// Counts the bytes that the parser has taken, and notes where the last item was.
#[derive(Default)]
pub(super) struct Position {
    taken: u64,
    /// Of the last item.
    start: u64,
    end: u64,
}

impl Position {
    pub(super) const fn new() -> Self {
        Self { taken: 0, start: 0, end: 0 }
    }

    /// Notes that the parser has taken `len` bytes more.
    #[inline]
    pub(super) const fn advance(&mut self, len: usize) {
        self.taken = self.taken.wrapping_add(len as u64);
    }

    /// Notes that an item is returned, which ends with the last byte taken.
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
