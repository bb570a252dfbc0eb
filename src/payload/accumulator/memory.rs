//! Where an accumulator keeps what it gathers.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use super::Full;

mod sealed {
    pub trait Sealed {}
}

/// Where an [`Accumulator`](super::Accumulator) keeps what it gathers: [`Slice`], or,
/// with `alloc`, `Growing`.
#[doc(hidden)]
pub trait Memory: Default + sealed::Sealed {
    /// What is there.
    fn bytes(&self) -> &[u8];
    /// How many more bytes there is room for.
    fn room(&self) -> usize;
    /// Adds the bytes, or none of them.
    fn extend(&mut self, bytes: &[u8]) -> Result<(), Full>;
    /// Overwrites what stands there.
    fn write(&mut self, at: usize, bytes: [u8; 4]);
    /// Forgets what is there.
    fn clear(&mut self);
}

/// Memory of the caller's.
#[derive(Default)]
pub struct Slice<'b> {
    bytes: &'b mut [u8],
    len: usize,
}

impl<'b> Slice<'b> {
    pub(super) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }
}

impl sealed::Sealed for Slice<'_> {}

impl Memory for Slice<'_> {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn room(&self) -> usize {
        self.bytes.len().saturating_sub(self.len)
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let end = self.len.checked_add(bytes.len()).ok_or(Full)?;
        let place = self.bytes.get_mut(self.len..end).ok_or(Full)?;
        place.copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }

    fn write(&mut self, at: usize, bytes: [u8; 4]) {
        if let Some(place) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
        }
    }

    fn clear(&mut self) {
        self.len = 0;
    }
}

impl fmt::Debug for Slice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.len, self.bytes.len())
    }
}

/// Memory that grows, up to a bound.
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
#[derive(Clone, Default)]
pub struct Growing {
    bytes: Vec<u8>,
    limit: usize,
}

#[cfg(feature = "alloc")]
impl Growing {
    pub(super) const fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }
}

#[cfg(feature = "alloc")]
impl sealed::Sealed for Growing {}

#[cfg(feature = "alloc")]
impl Memory for Growing {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn room(&self) -> usize {
        self.limit.saturating_sub(self.bytes.len())
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), Full> {
        if bytes.len() > self.room() {
            return Err(Full);
        }
        // Doubling would go beyond the bound.
        if bytes.len() > self.bytes.capacity().saturating_sub(self.bytes.len()) {
            let len = self.bytes.len();
            let wanted = len.saturating_mul(2).max(len.saturating_add(bytes.len())).max(64);
            let more = wanted.min(self.limit).saturating_sub(len);
            self.bytes.try_reserve_exact(more).map_err(|_| Full)?;
        }
        // The vector, asked for more than there is room for, would panic where it
        // gets none.
        let has_room = bytes.len() <= self.bytes.capacity().saturating_sub(self.bytes.len());
        if has_room {
            self.bytes.extend_from_slice(bytes);
        }
        has_room.then_some(()).ok_or(Full)
    }

    fn write(&mut self, at: usize, bytes: [u8; 4]) {
        if let Some(place) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
        }
    }

    fn clear(&mut self) {
        self.bytes.clear();
    }
}

#[cfg(feature = "alloc")]
impl fmt::Debug for Growing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.bytes.len(), self.limit)
    }
}
