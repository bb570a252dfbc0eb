use super::sealed::Sealed;
use super::{Buffer, Full, Limits, Slot, Storage, part, put};

/// A buffer over the caller's memory: a static, a DMA region, part of an arena.
///
/// ```
/// use sseam::{Parser, SliceBuf};
///
/// let (mut data, mut meta) = ([0; 1024], [0; 3 * 64]);
/// let mut parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
/// let mut chunk: &[u8] = b"data: x\n\n";
/// assert_eq!(parser.next_event(&mut chunk)?.unwrap().data(), "x");
///
/// // With a limit that is below the size:
/// let parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta).with_limit(1000));
/// # drop(parser);
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// A second `id` in a block is limited as in
/// [`ArrayBuf`](crate::ArrayBuf#a-second-id-in-a-block).
#[derive(Debug)]
pub struct SliceBuf<'b> {
    data: &'b mut [u8],
    meta: &'b mut [u8],
    limit: usize,
}

impl<'b> SliceBuf<'b> {
    /// Creates a buffer of `data` for an event's data, and `meta` for event type and IDs.
    ///
    /// The event type, the pending ID and the last event ID get one third of `meta` each. The
    /// lengths of `data` and of such a third are the limits.
    #[must_use]
    pub const fn new(data: &'b mut [u8], meta: &'b mut [u8]) -> Self {
        let limit = data.len();
        Self { data, meta, limit }
    }

    /// Lowers the limit on data to `bytes`. A value above the length of the slice has no effect.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = if bytes < self.data.len() { bytes } else { self.data.len() };
        self
    }
}

/// Returns the offset in `meta` of the third for `slot`.
#[inline]
const fn meta_start(slot: Slot, third: usize) -> usize {
    match slot {
        Slot::Data | Slot::EventType => 0,
        Slot::IdA => third,
        Slot::IdB => 2 * third,
    }
}

/// Returns the third of `meta` for `slot`.
#[inline]
fn meta_part(meta: &mut [u8], slot: Slot) -> Result<&mut [u8], Full> {
    let third = meta.len() / 3;
    let rest = meta.get_mut(meta_start(slot, third)..);
    rest.and_then(|rest| rest.get_mut(..third)).ok_or(Full)
}

impl Sealed for SliceBuf<'_> {}
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
        match slot {
            Slot::Data => put(self.data, at, bytes),
            meta => put(meta_part(self.meta, meta)?, at, bytes),
        }
    }

    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full> {
        put(meta_part(self.meta, id)?, 0, part(self.data, at, len)?)
    }
}
