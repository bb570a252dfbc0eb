//! Where the parser keeps what it cannot lend from the chunk.

mod array;
mod slice;
#[cfg(feature = "alloc")]
mod vec;

pub use array::ArrayBuf;
pub use slice::SliceBuf;
#[cfg(feature = "alloc")]
pub use vec::VecBuf;

/// Bounded memory for a parser: [`ArrayBuf`] in place, [`SliceBuf`] over the
/// caller's memory, [`VecBuf`] on the heap.
///
/// Only what straddles chunks, data of several lines, and IDs are ever put
/// into it. It has two bounds, counted per value and enforced whether or not a
/// value is copied: one on an event's data, one on each of its event type and
/// its ID, so that a long ID never shrinks a later event.
///
/// The trait is sealed: these three are all there are.
pub trait Buffer: Storage {}

/// What a buffer's values may have, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The data of an event.
    pub data: usize,
    /// Each of event type and ID.
    pub meta: usize,
}

impl Limits {
    #[inline]
    pub(crate) const fn allow(self, event_type: &[u8], data: &[u8]) -> bool {
        data.len() <= self.data && event_type.len() <= self.meta
    }
}

/// One of the places in a buffer, with room for one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The data, and behind it the scratch space of the line under way.
    Data,
    /// The event type.
    EventType,
    /// One of the two IDs, of which one is committed and the other pending. They
    /// change places when the pending one is committed.
    IdA,
    /// The other.
    IdB,
}

impl Slot {
    /// The slot of the other ID.
    #[inline]
    pub(crate) const fn other_id(self) -> Self {
        match self {
            Self::IdB => Self::IdA,
            _ => Self::IdB,
        }
    }
}

/// There was no room, or no memory to be had, for a write.
#[derive(Debug)]
pub struct Full;

/// What the machine asks of a buffer. It is object-safe, so that the machine is
/// compiled once. Lengths are the machine's: a buffer only holds bytes.
pub trait Storage {
    /// The bounds, which never change.
    fn limits(&self) -> Limits;

    /// How far [`Slot::Data`] can be written: at least the bound on data.
    fn data_capacity(&self) -> usize;

    /// The bytes of `slot`, as far as they were ever written at least.
    fn slot(&self, slot: Slot) -> &[u8];

    /// Puts `bytes` at `at`, where an earlier write must have ended or passed;
    /// what stood from there on is gone. Changes nothing where it fails.
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full>;

    /// As [`write`](Self::write) to [`Slot::Data`], but only where that takes
    /// no memory: answers whether it was done.
    fn extend(&mut self, at: usize, bytes: &[u8]) -> bool
    where
        Self: Sized;

    /// Puts LF and `line` into [`Slot::Data`], as [`write`](Self::write) would.
    fn write_line(&mut self, at: usize, line: &[u8]) -> Result<(), Full>
    where
        Self: Sized;

    /// Makes `len` bytes of [`Slot::Data`], from `at` on, the whole of `id`.
    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full>;

    /// Whether more memory is held than an idle parser should.
    fn is_oversized(&self) -> bool {
        false
    }

    /// Gives back the memory of [`Slot::Data`], whose bytes are gone then.
    fn release(&mut self) {}
}

#[cfg(test)]
mod tests;
