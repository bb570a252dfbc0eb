//! Where a value is: noted in the chunk, or copied to its slot of the buffer.

use core::mem;
use core::ops::{Index, IndexMut};

use crate::buffer::Slot;
use crate::parser::step::{Part, Span};

/// Where in the chunk a value begins that is noted and not copied.
// One more than that, so that all that is cleared is zero. As an `Option` it would
// take twice the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noted(usize);

impl Noted {
    /// It is copied, or there is none.
    pub(super) const NOWHERE: Self = Self(0);

    pub(super) const fn at(start: usize) -> Self {
        Self(start + 1)
    }

    /// What `chunk` has from there on.
    fn rest(self, chunk: &[u8]) -> Option<&[u8]> {
        // No chunk reaches as far as what comes before zero.
        chunk.get(self.0.wrapping_sub(1)..)
    }
}

/// How long a value is, and where it is noted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) len: usize,
    pub(super) at: Noted,
}

impl Place {
    pub(super) const EMPTY: Self = Self { len: 0, at: Noted::NOWHERE };

    /// The value, where it is only noted.
    pub(super) fn noted(self) -> Option<Part> {
        let start = self.at.0.checked_sub(1)?;
        Some(Part::new(start, start + self.len))
    }

    /// As [`noted`](Self::noted), which it is not any more.
    pub(super) fn take<'c>(&mut self, chunk: &'c [u8]) -> Option<&'c [u8]> {
        mem::replace(&mut self.at, Noted::NOWHERE).rest(chunk)?.get(..self.len)
    }

    /// Where the value of `slot` stands, whose place this is.
    pub(super) fn span(self, slot: Slot) -> Span {
        match self.noted() {
            Some(part) => Span::lent(part),
            None => Span::kept(slot, Part::new(0, self.len)),
        }
    }

    /// The value, from `chunk` or from what is `in_slot`.
    #[inline]
    pub(super) fn bytes<'a>(self, chunk: &'a [u8], in_slot: impl FnOnce() -> &'a [u8]) -> &'a [u8] {
        self.at.rest(chunk).unwrap_or_else(in_slot).get(..self.len).unwrap_or_default()
    }
}

/// One for each slot.
#[derive(Clone, Debug)]
pub(super) struct Places([Place; 4]);

impl Places {
    pub(super) const EMPTY: Self = Self([Place::EMPTY; 4]);
}

/// The number of the last slot: that none is beyond it is what the compiler is shown.
const LAST: usize = Slot::IdB as usize;

impl Index<Slot> for Places {
    type Output = Place;

    #[inline]
    fn index(&self, slot: Slot) -> &Place {
        &self.0[slot as usize & LAST]
    }
}

impl IndexMut<Slot> for Places {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Place {
        &mut self.0[slot as usize & LAST]
    }
}
