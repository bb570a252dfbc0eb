use heapless::{Vec, VecView};

use super::{Buffer, Full, Limits, Slot, Storage};

/// A buffer in place, without a heap: `DATA` bytes for an event's data, `META`
/// bytes for each of its event type and its ID.
///
/// ```
/// use sseam::{ArrayBuf, Parser};
///
/// let mut parser = Parser::<ArrayBuf<1024>>::default();
/// // In a `static`, with 64 bytes each for event type and ID:
/// const SMALL: Parser<ArrayBuf<256, 64>> = Parser::with_buffer(ArrayBuf::new());
/// # let _ = (&mut parser, SMALL);
/// ```
///
/// A second `id` in the same block has to be kept beside the first until its
/// line has ended (it may yet turn out to hold NUL and be ignored). It is kept
/// behind the block's data: where data and ID together need more than `DATA`
/// bytes, it is too large.
#[derive(Clone, Debug)]
pub struct ArrayBuf<const DATA: usize, const META: usize = 128> {
    data: Vec<u8, DATA>,
    /// One for each slot but the first, which is the data's.
    metas: [Vec<u8, META>; 3],
    limit: usize,
}

impl<const DATA: usize, const META: usize> ArrayBuf<DATA, META> {
    /// An empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self { data: Vec::new(), metas: [Vec::new(), Vec::new(), Vec::new()], limit: DATA }
    }

    /// Lowers the bound on data to `bytes`; above `DATA` it has no effect.
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
        let to: &mut VecView<u8> = match slot {
            Slot::Data => &mut self.data,
            meta => self.metas.get_mut(meta as usize - 1).ok_or(Full)?,
        };
        to.truncate(at);
        to.extend_from_slice(bytes).map_err(|_| Full)
    }

    #[inline]
    fn extend(&mut self, at: usize, bytes: &[u8]) -> bool {
        self.write(Slot::Data, at, bytes).is_ok()
    }

    #[inline]
    fn write_line(&mut self, at: usize, line: &[u8]) -> Result<(), Full> {
        self.write(Slot::Data, at, b"\n")?;
        self.write(Slot::Data, at + 1, line)
    }

    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full> {
        let to: &mut VecView<u8> = self.metas.get_mut(id as usize - 1).ok_or(Full)?;
        let bytes = self.data.get(at..).and_then(|bytes| bytes.get(..len)).ok_or(Full)?;
        to.clear();
        to.extend_from_slice(bytes).map_err(|_| Full)
    }
}
