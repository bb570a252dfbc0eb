//! To a writer of `embedded-io`.

use embedded_io::Write;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-v0_7")))]
impl Block<'_> {
    /// Writes the block to a writer of `embedded-io` 0.7, with a `write_all` for each
    /// of the [pieces](Self::pieces), and no flush. Where each of these would be a
    /// packet, use [`write_to_slice`](Self::write_to_slice) and write that.
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
    /// The writer's. The block is then written in part: a reader discards that, if
    /// the stream ends there.
    ///
    /// # Panics
    ///
    /// As `write_all` does where a writer, against its contract, takes none of the
    /// bytes and calls that a success.
    pub fn write_to_embedded_io_v0_7<W: Write + ?Sized>(&self, to: &mut W) -> Result<(), W::Error> {
        self.pieces().try_for_each(|piece| to.write_all(piece))
    }
}
