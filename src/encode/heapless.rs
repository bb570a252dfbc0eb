//! Encoding to vectors of heapless.

use heapless::Vec;

use super::{Block, TooSmall};

#[cfg_attr(docsrs, doc(cfg(feature = "heapless")))]
impl Block<'_> {
    /// Appends the block to a vector of heapless 0.9.
    ///
    /// ```
    /// use heapless::Vec;
    /// use sseam::encode::{Block, TooSmall};
    ///
    /// let mut bytes = Vec::<u8, 16>::new();
    /// assert_eq!(Block::data("one").append_to_heapless(&mut bytes), Ok(()));
    /// assert_eq!(bytes, b"data: one\n\n");
    /// let too_large = Block::data("two").append_to_heapless(&mut bytes);
    /// assert_eq!(too_large, Err(TooSmall { needed: 11 }));
    /// assert_eq!(bytes, b"data: one\n\n");
    /// ```
    ///
    /// # Errors
    ///
    /// [`TooSmall`] if `to` has no room for the block. `to` is then unchanged.
    pub fn append_to_heapless<const N: usize>(&self, to: &mut Vec<u8, N>) -> Result<(), TooSmall> {
        let needed = self.encoded_len();
        if needed > N.saturating_sub(to.len()) {
            return Err(TooSmall { needed });
        }
        self.pieces()
            .try_for_each(|piece| to.extend_from_slice(piece))
            .map_err(|_| TooSmall { needed })
    }
}
