//! Encoding to writers of `std`.

use std::io::{self, Write};

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "std")))]
impl Block<'_> {
    /// Writes the block to a writer of `std`, or to a `&mut` of one.
    ///
    /// Calls `write_all` for each of the [pieces](Self::pieces), and does not flush. If each call
    /// would send a packet, as for a `TcpStream`, use a [`BufWriter`](io::BufWriter) and flush it
    /// after each block, or write the bytes of [`append_to`](Self::append_to).
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
    /// The errors of [`write_all`](Write::write_all). A part of the block may have been written,
    /// which clients discard if the stream ends there.
    pub fn write_to(&self, mut to: impl Write) -> io::Result<()> {
        self.pieces().try_for_each(|piece| to.write_all(piece))
    }
}
