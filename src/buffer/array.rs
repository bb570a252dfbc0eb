use heapless::Vec;

use super::{Buffer, Full, Id, Limits, Slot, Storage};

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
    event_type: Vec<u8, META>,
    id_a: Vec<u8, META>,
    id_b: Vec<u8, META>,
    limit: usize,
}

impl<const DATA: usize, const META: usize> ArrayBuf<DATA, META> {
    /// An empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            data: Vec::new(),
            event_type: Vec::new(),
            id_a: Vec::new(),
            id_b: Vec::new(),
            limit: DATA,
        }
    }

    /// Lowers the bound on data to `bytes`; above `DATA` it has no effect.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = if bytes < DATA { bytes } else { DATA };
        self
    }

    fn id(&mut self, id: Id) -> &mut Vec<u8, META> {
        match id {
            Id::A => &mut self.id_a,
            Id::B => &mut self.id_b,
        }
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
    fn read(&self, slot: Slot, start: usize, end: usize) -> &[u8] {
        let bytes: &[u8] = match slot {
            Slot::Data => &self.data,
            Slot::EventType => &self.event_type,
            Slot::Id(Id::A) => &self.id_a,
            Slot::Id(Id::B) => &self.id_b,
        };
        bytes.get(start..end).unwrap_or_default()
    }

    #[inline]
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full> {
        fn put<const N: usize>(to: &mut Vec<u8, N>, at: usize, bytes: &[u8]) -> Result<(), Full> {
            to.truncate(at);
            to.extend_from_slice(bytes).map_err(|_| Full)
        }
        match slot {
            Slot::Data => put(&mut self.data, at, bytes),
            Slot::EventType => put(&mut self.event_type, at, bytes),
            Slot::Id(id) => put(self.id(id), at, bytes),
        }
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

    fn copy_to_id(&mut self, start: usize, end: usize, id: Id) -> Result<(), Full> {
        let to = match id {
            Id::A => &mut self.id_a,
            Id::B => &mut self.id_b,
        };
        to.clear();
        let bytes = self.data.get(start..end).unwrap_or_default();
        to.extend_from_slice(bytes).map_err(|_| Full)
    }
}
