//! Encoding to vectors.

use alloc::vec::Vec;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Block<'_> {
    /// Appends the block to `to`.
    ///
    /// Allocates at most once, and not if `to` has the capacity: reuse one vector for all blocks.
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
    /// As [`Vec::reserve`], if the vector would exceed `isize::MAX` bytes.
    pub fn append_to(&self, to: &mut Vec<u8>) {
        to.reserve(self.encoded_len());
        self.fold_pieces((), |(), piece| to.extend_from_slice(piece));
    }

    /// Returns the block in a new vector, which is allocated once.
    ///
    /// For many blocks, [`append_to`](Self::append_to) allocates less.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::comment("keep-alive").to_vec(), b": keep-alive\n");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`append_to`](Self::append_to).
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.append_to(&mut bytes);
        bytes
    }
}
