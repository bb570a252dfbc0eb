use alloc::vec::Vec;

use super::{Buffer, Full, Limits, Slot, Storage};

/// A buffer on the heap. It starts empty, allocates only when something has to
/// be kept, grows by doubling up to its bounds, and gives the memory of a large
/// event back at the next call.
///
/// At most it holds the bound on data and four times the bound on event type
/// and ID.
///
/// ```
/// use sseam::{Parser, VecBuf};
///
/// // What `Parser::new` takes: 16 MiB of data, 64 KiB each of event type and ID.
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
    /// The bound on data of [`VecBuf::new`]: 16 MiB.
    pub const DEFAULT_DATA_LIMIT: usize = 16 << 20;

    /// The bound on each of event type and ID of [`VecBuf::new`]: 64 KiB.
    pub const DEFAULT_META_LIMIT: usize = 64 << 10;

    /// What is kept for the next event rather than given back.
    const RETAINED: usize = 128 << 10;

    /// An empty buffer with the default bounds.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limits(Self::DEFAULT_DATA_LIMIT, Self::DEFAULT_META_LIMIT)
    }

    /// An empty buffer with bounds of its own, in bytes: `data` on an event's
    /// data, `meta` on each of its event type and its ID.
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

/// Puts `bytes` at `at`, if there is room. Answers whether there is.
#[inline]
fn put(to: &mut [u8], at: usize, bytes: &[u8]) -> bool {
    // No sum of two lengths in memory overflows, here and below.
    let room = to.get_mut(at..at + bytes.len());
    room.map(|room| room.copy_from_slice(bytes)).is_some()
}

/// As [`put`], of LF and `line`; where there is no room, LF may stand there.
#[inline]
fn put_line(to: &mut [u8], at: usize, line: &[u8]) -> bool {
    let room = to.get_mut(at..).and_then(<[u8]>::split_first_mut);
    room.is_some_and(|(first, rest)| {
        *first = b'\n';
        put(rest, 0, line)
    })
}

/// As [`put_line`], where memory is to be had first.
#[cold]
fn put_line_anew(to: &mut Vec<u8>, at: usize, line: &[u8], limit: usize) -> Result<(), Full> {
    grow(to, at + line.len() + 1, limit)?;
    put_line(to, at, line).then_some(()).ok_or(Full)
}

/// Makes room for `len` bytes, more than there are and `limit` at most.
#[cold]
fn grow(to: &mut Vec<u8>, len: usize, limit: usize) -> Result<(), Full> {
    if len > limit {
        return Err(Full);
    }
    let doubled = to.len().saturating_mul(2).clamp(len, limit);
    let more = doubled - to.len();
    to.try_reserve_exact(more).map_err(|_| Full)?;
    // The vector, asked for more than it has memory for, would panic where it gets none.
    // The new length is put as a sum so that the compiler sees that it never is.
    if more <= to.capacity() - to.len() {
        to.resize(to.len() + more, 0);
    }
    Ok(())
}

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
        let (to, limit) = match slot {
            Slot::Data => (&mut self.data, self.data_limit),
            Slot::EventType => (&mut self.event_type, self.meta_limit),
            Slot::IdA => (&mut self.id_a, self.meta_limit),
            Slot::IdB => (&mut self.id_b, self.meta_limit),
        };
        if put(to, at, bytes) {
            return Ok(());
        }
        // Only the scratch space of a line may pass the bound on data.
        let limit = if slot == Slot::Data && at + bytes.len() > limit {
            limit.saturating_add(self.meta_limit)
        } else {
            limit
        };
        grow(to, at + bytes.len(), limit)?;
        put(to, at, bytes).then_some(()).ok_or(Full)
    }

    #[inline]
    fn extend(&mut self, at: usize, bytes: &[u8]) -> bool {
        put(&mut self.data, at, bytes)
    }

    #[inline]
    fn write_line(&mut self, at: usize, line: &[u8]) -> Result<(), Full> {
        if put_line(&mut self.data, at, line) {
            return Ok(());
        }
        put_line_anew(&mut self.data, at, line, self.data_limit)
    }

    fn copy_to_id(&mut self, at: usize, len: usize, id: Slot) -> Result<(), Full> {
        let to = if id == Slot::IdA { &mut self.id_a } else { &mut self.id_b };
        let bytes = self.data.get(at..).and_then(|bytes| bytes.get(..len)).ok_or(Full)?;
        if put(to, 0, bytes) {
            return Ok(());
        }
        grow(to, bytes.len(), self.meta_limit)?;
        put(to, 0, bytes).then_some(()).ok_or(Full)
    }

    fn is_oversized(&self) -> bool {
        self.data.capacity() > Self::RETAINED
    }

    fn release(&mut self) {
        self.data = Vec::new();
    }
}
