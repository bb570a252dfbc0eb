//! To a writer of `embedded-io-async`.

use embedded_io_async::Write;

use super::Block;

#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-async-v0_7")))]
impl Block<'_> {
    /// Writes the block to a writer of `embedded-io-async` 0.7, with a `write_all` for
    /// each of the [pieces](Self::pieces), and no flush. Where each of these would be
    /// a packet, use [`write_to_slice`](Self::write_to_slice) and write that.
    ///
    /// Where the future is dropped before it is done, the block is written in part.
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
    /// The writer's. The block is then written in part: a reader discards that, if
    /// the stream ends there.
    ///
    /// # Panics
    ///
    /// As `write_all` does where a writer, against its contract, takes none of the
    /// bytes and calls that a success.
    pub async fn write_to_embedded_io_async_v0_7<W: Write>(
        &self,
        to: &mut W,
    ) -> Result<(), W::Error> {
        for piece in self.pieces() {
            to.write_all(piece).await?;
        }
        Ok(())
    }
}
