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
        self.fold_pieces((), |(), piece| to.extend_from_slice(piece));
    }

    /// Writes the block to a vector of its own, which is allocated once. For many blocks
    /// [`append_to`](Self::append_to) allocates less.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::comment("keep-alive").to_vec(), b": keep-alive\n");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`append_to`](Self::append_to) does.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.append_to(&mut bytes);
        bytes
    }
}
