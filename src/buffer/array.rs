use super::sealed::Sealed;
use super::{Buffer, Full, Limits, Slot, Storage, part, put};

/// A buffer in place, without a heap: `DATA` bytes for an event's data, and `META` bytes for each
/// of its event type and its ID.
///
/// ```
/// use sseam::{ArrayBuf, Parser};
///
/// let mut parser = Parser::<ArrayBuf<1024>>::default();
/// // In a `static`, with 64 bytes each for event type and ID:
/// const SMALL: Parser<ArrayBuf<256, 64>> = Parser::with_buffer(ArrayBuf::new());
/// // With a limit that is below the size:
/// let limited = Parser::with_buffer(ArrayBuf::<1024>::new().with_limit(1000));
/// # let _ = (&mut parser, SMALL, limited);
/// ```
///
/// # A second ID in a block
///
/// If a block has a second `id`, the first one is kept until the second is complete, because a
/// second one that contains NUL is ignored. Until then the second ID is buffered after the block's
/// data: it is too large if data and ID together exceed `DATA` bytes.
#[derive(Clone, Debug)]
pub struct ArrayBuf<const DATA: usize, const META: usize = 128> {
    data: [u8; DATA],
    /// The slots other than `Slot::Data`, in order.
    metas: [[u8; META]; 3],
    limit: usize,
}

impl<const DATA: usize, const META: usize> ArrayBuf<DATA, META> {
    /// Creates an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self { data: [0; DATA], metas: [[0; META]; 3], limit: DATA }
    }

    /// Lowers the limit on data to `bytes`. A value above `DATA` has no effect.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = if bytes < DATA { bytes } else { DATA };
        self
    }
}

impl<const DATA: usize, const META: usize> Default for ArrayBuf<DATA, META> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const DATA: usize, const META: usize> Sealed for ArrayBuf<DATA, META> {}
impl<const DATA: usize, const META: usize> Buffer for ArrayBuf<DATA, META> {}

impl<const DATA: usize, const META: usize> Storage for ArrayBuf<DATA, META> {
    #[inline]
    fn limits(&self) -> Limits {
        Limits { data: self.limit, meta: META }
    }

    fn data_capacity(&self) -> usize {
        DATA
    }

    #[inline]
    fn slot(&self, slot: Slot) -> &[u8] {
        match slot {
            Slot::Data => &self.data,
            meta => self.metas.get(meta as usize - 1).map_or(&[], |meta| meta),
        }
    }

    #[inline]
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full> {
        match slot {
            Slot::Data => put(&mut self.data, at, bytes),
            meta => put(self.metas.get_mut(meta as usize - 1).ok_or(Full)?, at, bytes),
        }
    }

    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full> {
        let to = self.metas.get_mut(id as usize - 1).ok_or(Full)?;
        put(to, 0, part(&self.data, at, len)?)
    }
}
