use alloc::vec::Vec;

use super::sealed::Sealed;
use super::{Buffer, Full, Limits, Slot, Storage, part, put};

/// A buffer on the heap, which grows by doubling up to its limits.
///
/// It starts empty and allocates only when a value has to be copied. The memory of a large event
/// is freed at the next call of the parser.
///
/// It holds at most the limit on data plus four times the limit on event type and ID.
///
/// ```
/// use sseam::{Parser, VecBuf};
///
/// // As in `Parser::new`: 16 MiB of data, 64 KiB each of event type and ID.
/// let mut parser = Parser::with_buffer(VecBuf::new());
/// // 1 MiB of data, 128 bytes each of event type and ID.
/// let mut parser = Parser::with_buffer(VecBuf::with_limits(1 << 20, 128));
/// # let _ = &mut parser;
/// ```
#[derive(Clone, Debug)]
pub struct VecBuf {
    data: Vec<u8>,
    event_type: Vec<u8>,
    id_a: Vec<u8>,
    id_b: Vec<u8>,
    data_limit: usize,
    meta_limit: usize,
}

impl VecBuf {
    /// The limit on data of [`VecBuf::new`]: 16 MiB.
    pub const DEFAULT_DATA_LIMIT: usize = 16 << 20;

    /// The limit on each of event type and ID of [`VecBuf::new`]: 64 KiB.
    pub const DEFAULT_META_LIMIT: usize = 64 << 10;

    /// The capacity up to which memory is kept for the next event.
    const RETAINED: usize = 128 << 10;

    /// Creates an empty buffer with the default limits.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limits(Self::DEFAULT_DATA_LIMIT, Self::DEFAULT_META_LIMIT)
    }

    /// Creates an empty buffer with limits in bytes: `data` on an event's data, `meta` on each of
    /// its event type and its ID.
    #[must_use]
    pub const fn with_limits(data: usize, meta: usize) -> Self {
        Self {
            data: Vec::new(),
            event_type: Vec::new(),
            id_a: Vec::new(),
            id_b: Vec::new(),
            data_limit: data,
            meta_limit: meta,
        }
    }
}

impl Default for VecBuf {
    fn default() -> Self {
        Self::new()
    }
}

/// Copies `bytes` to `at` in `to`, which may grow to `limit` bytes.
#[inline]
fn put_or_grow(to: &mut Vec<u8>, at: usize, bytes: &[u8], limit: usize) -> Result<(), Full> {
    if put(to, at, bytes).is_ok() {
        return Ok(());
    }
    // The sum of two lengths in memory does not overflow.
    grow(to, at + bytes.len(), limit)?;
    put(to, at, bytes)
}

/// Grows `to` to at least `len` bytes, which is more than its length, and at most `limit`.
#[cold]
fn grow(to: &mut Vec<u8>, len: usize, limit: usize) -> Result<(), Full> {
    if len > limit {
        return Err(Full);
    }
    let doubled = to.len().saturating_mul(2).clamp(len, limit);
    let more = doubled - to.len();
    to.try_reserve_exact(more).map_err(|_| Full)?;
    // A vector that grows beyond its capacity panics if allocation fails. The new length is
    // written as a sum so that the compiler sees that it stays within the capacity.
    if more <= to.capacity() - to.len() {
        to.resize(to.len() + more, 0);
    }
    Ok(())
}

impl Sealed for VecBuf {}
impl Buffer for VecBuf {}

impl Storage for VecBuf {
    #[inline]
    fn limits(&self) -> Limits {
        Limits { data: self.data_limit, meta: self.meta_limit }
    }

    fn data_capacity(&self) -> usize {
        self.data_limit.saturating_add(self.meta_limit)
    }

    #[inline]
    fn slot(&self, slot: Slot) -> &[u8] {
        match slot {
            Slot::Data => &self.data,
            Slot::EventType => &self.event_type,
            Slot::IdA => &self.id_a,
            Slot::IdB => &self.id_b,
        }
    }

    #[inline]
    fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Full> {
        let capacity = self.data_capacity();
        let (to, limit) = match slot {
            // Only the scratch space of a line may exceed the limit on data.
            Slot::Data if at + bytes.len() > self.data_limit => (&mut self.data, capacity),
            Slot::Data => (&mut self.data, self.data_limit),
            Slot::EventType => (&mut self.event_type, self.meta_limit),
            Slot::IdA => (&mut self.id_a, self.meta_limit),
            Slot::IdB => (&mut self.id_b, self.meta_limit),
        };
        put_or_grow(to, at, bytes, limit)
    }

    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full> {
        let to = if id == Slot::IdA { &mut self.id_a } else { &mut self.id_b };
        put_or_grow(to, 0, part(&self.data, at, len)?, self.meta_limit)
    }

    fn is_oversized(&self) -> bool {
        self.data.capacity() > Self::RETAINED
    }

    fn shrink(&mut self) {
        self.data = Vec::new();
    }
}
