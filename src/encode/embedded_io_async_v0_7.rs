//! Encoding to writers of `embedded-io-async`.

use embedded_io_async::Write;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-async-v0_7")))]
impl Block<'_> {
    /// Writes the block to a writer of `embedded-io-async` 0.7, or to a `&mut` of one.
    ///
    /// Calls `write_all` for each of the [pieces](Self::pieces), and does not flush. If each call
    /// would send a packet, use [`write_to_slice`](Self::write_to_slice) and write the slice.
    ///
    /// If the future is dropped before it is ready, a part of the block may have been written.
    ///
    /// ```
    /// use embedded_io_async::Write;
    /// use sseam::encode::Block;
    ///
    /// async fn send<W: Write>(mut writer: W) -> Result<(), W::Error> {
    ///     Block::data("x").write_to_embedded_io_async_v0_7(&mut writer).await?;
    ///     writer.flush().await
    /// }
    /// # use std::{pin::pin, task::{Context, Poll, Waker}};
    /// # let mut memory = [0; 9];
    /// # let sent = pin!(send(&mut memory[..])).poll(&mut Context::from_waker(Waker::noop()));
    /// # assert_eq!(sent, Poll::Ready(Ok(())));
    /// # assert_eq!(memory, *b"data: x\n\n");
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
    pub async fn write_to_embedded_io_async_v0_7<W: Write>(
        &self,
        mut to: W,
    ) -> Result<(), W::Error> {
        for piece in self.pieces() {
            to.write_all(piece).await?;
        }
        Ok(())
    }
}
