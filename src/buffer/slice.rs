use super::{Buffer, Full, Limits, Slot, Storage};

/// A buffer over the caller's memory: a static, a DMA region, part of an arena.
///
/// ```
/// use sseam::{Parser, SliceBuf};
///
/// let (mut data, mut meta) = ([0; 1024], [0; 3 * 64]);
/// let mut parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
/// let mut chunk: &[u8] = b"data: x\n\n";
/// assert_eq!(parser.next(&mut chunk)?.unwrap().data(), "x");
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// For two `id`s in the same block, what [`ArrayBuf`](crate::ArrayBuf) says
/// holds here too.
#[derive(Debug)]
pub struct SliceBuf<'b> {
    data: &'b mut [u8],
    meta: &'b mut [u8],
    limit: usize,
}

impl<'b> SliceBuf<'b> {
    /// Takes `data` for the data, and one third of `meta` for each of the
    /// event type, the ID under way and the last event ID; their lengths are
    /// the bounds.
    #[must_use]
    pub const fn new(data: &'b mut [u8], meta: &'b mut [u8]) -> Self {
        let limit = data.len();
        Self { data, meta, limit }
    }

    /// Lowers the bound on data to `bytes`; above the length of the slice it
    /// has no effect.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = if bytes < self.data.len() { bytes } else { self.data.len() };
        self
    }
}

/// Where the part for `slot` begins in `meta`, whose thirds are `third` long.
#[inline]
const fn meta_start(slot: Slot, third: usize) -> usize {
    match slot {
        Slot::Data | Slot::EventType => 0,
        Slot::IdA => third,
        Slot::IdB => 2 * third,
    }
}

impl Buffer for SliceBuf<'_> {}

impl Storage for SliceBuf<'_> {
    #[inline]
    fn limits(&self) -> Limits {
        Limits { data: self.limit, meta: self.meta.len() / 3 }
    }

    fn data_capacity(&self) -> usize {
        self.data.len()
    }

    #[inline]
    fn slot(&self, slot: Slot) -> &[u8] {
        if slot == Slot::Data {
            return self.data;
        }
        let from = meta_start(slot, self.limits().meta);
        self.meta.get(from..).unwrap_or_default()
    }

    #[inline]
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full> {
        let third = self.limits().meta;
        let part = if slot == Slot::Data {
            Some(&mut *self.data)
        } else {
            let from = meta_start(slot, third);
            self.meta.get_mut(from..from + third)
        };
        let room =
            part.and_then(|part| part.get_mut(at..)).and_then(|rest| rest.get_mut(..bytes.len()));
        room.ok_or(Full)?.copy_from_slice(bytes);
        Ok(())
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
        let third = self.limits().meta;
        let from = meta_start(id, third);
        let bytes = self.data.get(at..).and_then(|bytes| bytes.get(..len)).ok_or(Full)?;
        let part = self.meta.get_mut(from..from + third);
        part.and_then(|part| part.get_mut(..bytes.len())).ok_or(Full)?.copy_from_slice(bytes);
        Ok(())
    }
}
