//! Into a vector.

use alloc::vec::Vec;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Block<'_> {
    /// Appends the block to `to`. It allocates once at most, and not where `to` has
    /// the capacity: clear and keep one for all blocks.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// let mut bytes = Vec::new();
    /// Block::data("one").append_to(&mut bytes);
    /// Block::data("two").append_to(&mut bytes);
    /// assert_eq!(bytes, b"data: one\n\ndata: two\n\n");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Vec::reserve`] does, where there would be more than `isize::MAX` bytes.
    pub fn append_to(&self, to: &mut Vec<u8>) {
        to.reserve(self.encoded_len());
        self.pieces().for_each(|piece| to.extend_from_slice(piece));
    }
}
