//! Memory for the parts of an event that cannot be borrowed from the chunk.

mod array;
mod sealed;
mod slice;
#[cfg(feature = "alloc")]
mod vec;

pub use array::ArrayBuf;
#[cfg(test)]
pub(crate) use sealed::Sealed;
pub use slice::SliceBuf;
#[cfg(feature = "alloc")]
pub use vec::VecBuf;

/// Bounded memory for a parser: [`ArrayBuf`] in place, [`SliceBuf`] over the caller's memory, or
/// [`VecBuf`] on the heap.
///
/// A parser copies only values that straddle chunks, data of several lines, and IDs. A buffer has
/// two limits: one for an event's data, and one for each of its event type and its ID. They apply
/// to each value, copied or not: a long ID never leaves less room for a later event.
///
/// This trait is sealed: it cannot be implemented outside this crate.
///
/// ```
/// use sseam::{ArrayBuf, Buffer, Parser};
///
/// fn count<B: Buffer>(mut parser: Parser<B>, mut chunk: &[u8]) -> Result<usize, sseam::Error> {
///     let mut count = 0;
///     while parser.next_event(&mut chunk)?.is_some() {
///         count += 1;
///     }
///     Ok(count)
/// }
///
/// let parser = Parser::with_buffer(ArrayBuf::<256>::new());
/// assert_eq!(count(parser, b"data: one\n\ndata: two\n\n"), Ok(2));
/// ```
pub trait Buffer: Storage + sealed::Sealed {}

/// The limits on the sizes of values, in bytes.
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

/// A part of a buffer, with room for one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The data, followed by the scratch space of the current line.
    Data,
    /// The event type.
    EventType,
    /// One of the two IDs, of which one is committed and the other pending. They change roles
    /// when the pending ID is committed.
    IdA,
    /// The other ID.
    IdB,
}

impl Slot {
    /// Returns the slot of the other ID.
    #[inline]
    pub(crate) const fn other_id(self) -> Self {
        match self {
            Self::IdB => Self::IdA,
            _ => Self::IdB,
        }
    }
}

/// The error of a write that does not fit, or for which allocation failed.
#[derive(Debug)]
pub struct Full;

/// Bytes in slots. The machine keeps the lengths of the values.
pub trait Storage {
    /// Returns the limits, which never change.
    fn limits(&self) -> Limits;

    /// Returns the maximum size of [`Slot::Data`], which is at least the limit on data.
    fn data_capacity(&self) -> usize;

    /// Returns the bytes of `slot`: at least those that were ever written.
    fn slot(&self, slot: Slot) -> &[u8];

    /// Copies `bytes` to `at`, which may be after the end of earlier writes. Other bytes of the
    /// slot stay. Changes nothing if it fails.
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full>;

    /// Copies `len` bytes of [`Slot::Data`], from `at` on, to the start of `id`.
    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full>;

    /// Returns `true` if the buffer holds more memory than an idle parser should.
    fn is_oversized(&self) -> bool {
        false
    }

    /// Frees the memory of [`Slot::Data`] and its bytes.
    fn shrink(&mut self) {}
}

/// Copies `bytes` to `at` in `to`, if they fit.
#[inline]
fn put(to: &mut [u8], at: usize, bytes: &[u8]) -> Result<(), Full> {
    let room = to.get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len()));
    room.ok_or(Full)?.copy_from_slice(bytes);
    Ok(())
}

/// Returns `len` bytes of `from`, from `at` on.
fn part(from: &[u8], at: usize, len: usize) -> Result<&[u8], Full> {
    from.get(at..).and_then(|rest| rest.get(..len)).ok_or(Full)
}

#[cfg(test)]
mod tests;
