//! Encoding to slices.

use core::fmt;

use super::Block;

impl Block<'_> {
    /// Writes the block to the front of `to`, and returns that part of `to`.
    ///
    /// ```
    /// use sseam::encode::{Block, TooSmall};
    ///
    /// let mut memory = [0; 16];
    /// assert_eq!(Block::data("x").write_to_slice(&mut memory), Ok(&b"data: x\n\n"[..]));
    /// let too_large = Block::data("0123456789").write_to_slice(&mut memory);
    /// assert_eq!(too_large, Err(TooSmall { needed: 18 }));
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooSmall`] if the block does not fit. `to` is then unchanged.
    pub fn write_to_slice<'s>(&self, to: &'s mut [u8]) -> Result<&'s [u8], TooSmall> {
        let needed = self.encoded_len();
        let to = to.get_mut(..needed).ok_or(TooSmall { needed })?;
        // There is room: the lengths were added up.
        self.fold_pieces(Some(&mut *to), |rest: Option<&mut [u8]>, piece| {
            let (target, after) = rest?.split_at_mut_checked(piece.len())?;
            target.copy_from_slice(piece);
            Some(after)
        });
        Ok(to)
    }
}

/// The error of a slice or vector of fixed capacity that is too small for a block.
///
/// Returned by [`Block::write_to_slice`], which has an example, and `Block::append_to_heapless`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TooSmall {
    /// The number of bytes of the block: [`Block::encoded_len`].
    pub needed: usize,
}

impl fmt::Display for TooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the block of {} bytes exceeds the space left", self.needed)
    }
}

impl core::error::Error for TooSmall {}
