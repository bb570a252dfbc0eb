//! To a writer of `std`.

use std::io::{self, Write};

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "std")))]
impl Block<'_> {
    /// Writes the block to a writer of `std`, or to a `&mut` of one, with a `write_all`
    /// for each of the [pieces](Self::pieces), and no flush. Where each of these would be
    /// a packet, as with a `TcpStream`, put a [`BufWriter`](io::BufWriter) around it and
    /// flush that behind each block, or write what [`append_to`](Self::append_to) gives.
    ///
    /// ```
    /// use std::io::{BufWriter, Write};
    /// use sseam::encode::Block;
    ///
    /// let mut connection = Vec::new();
    /// let mut writer = BufWriter::new(&mut connection);
    /// Block::data("x").write_to(&mut writer)?;
    /// writer.flush()?;
    /// # drop(writer);
    /// assert_eq!(connection, b"data: x\n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The writer's, as [`write_all`](Write::write_all) has them. The block is then
    /// written in part: a reader discards that, if the stream ends there.
    pub fn write_to(&self, mut to: impl Write) -> io::Result<()> {
        self.pieces().try_for_each(|piece| to.write_all(piece))
    }
}
