//! Encoding to writers of `embedded-io`.

use embedded_io::Write;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-v0_7")))]
impl Block<'_> {
    /// Writes the block to a writer of `embedded-io` 0.7, or to a `&mut` of one.
    ///
    /// Calls `write_all` for each of the [pieces](Self::pieces), and does not flush. If each call
    /// would send a packet, use [`write_to_slice`](Self::write_to_slice) and write the slice.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// let mut memory = [0; 32];
    /// let mut writer = &mut memory[..];
    /// Block::data("x").write_to_embedded_io_v0_7(&mut writer)?;
    /// let len = 32 - writer.len();
    /// assert_eq!(memory[..len], *b"data: x\n\n");
    /// # Ok::<(), embedded_io::SliceWriteError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the writer. A part of the block may have been written, which clients discard
    /// if the stream ends there.
    ///
    /// # Panics
    ///
    /// As `write_all`, if the writer violates its contract and returns `Ok(0)`.
    pub fn write_to_embedded_io_v0_7<W: Write>(&self, mut to: W) -> Result<(), W::Error> {
        self.pieces().try_for_each(|piece| to.write_all(piece))
    }
}
