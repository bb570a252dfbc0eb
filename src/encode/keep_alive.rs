//! Comments in silent streams.

use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use futures_core::stream::Stream;

/// The bytes of a [`Block::comment`](super::Block::comment).
const COMMENT: &[u8] = b": keep-alive\n";

/// A stream of blocks, with a comment added at each tick if no block came since the previous tick.
///
/// A silence is then at most two ticks long (one in which a block came early, and one without), so
/// proxies do not drop the connection, and a server notices when its client disconnects. No timer is set per block.
///
/// `blocks` yields whole blocks, as `Bytes` or `Vec<u8>`: a comment in the middle of a block could
/// become part of its data. `ticks` is an interval, such as tokio-stream's `IntervalStream`, whose
/// first tick comes at once: the stream then begins with a comment. After the end of `ticks`, no
/// more comments are added. Box or pin streams that are not [`Unpin`].
///
/// ```
/// use core::convert::Infallible;
/// use sseam::encode::{Block, KeepAlive};
/// use tokio_stream::StreamExt;
///
/// # embassy_futures::block_on(async {
/// # struct Slow(u8);
/// # impl futures_core::Stream for Slow {
/// #     type Item = &'static str;
/// #     fn poll_next(
/// #         mut self: std::pin::Pin<&mut Self>,
/// #         context: &mut std::task::Context<'_>,
/// #     ) -> std::task::Poll<Option<&'static str>> {
/// #         self.0 += 1;
/// #         context.waker().wake_by_ref();
/// #         match self.0 {
/// #             1 | 2 => std::task::Poll::Pending,
/// #             3 => std::task::Poll::Ready(Some("Good day")),
/// #             _ => std::task::Poll::Ready(None),
/// #         }
/// #     }
/// # }
/// # let tokens = Slow(0);
/// # let ticks = tokio_stream::iter([()]);
/// let blocks = tokens.map(|token| Ok::<_, Infallible>(Block::data(token).to_vec()));
/// let mut body = KeepAlive::new(blocks, ticks);
/// assert_eq!(body.next().await, Some(Ok(b": keep-alive\n".to_vec())));
/// assert_eq!(body.next().await, Some(Ok(b"data: Good day\n\n".to_vec())));
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct KeepAlive<S, T> {
    blocks: S,
    ticks: Option<T>,
    /// A block was sent since the last tick.
    has_sent: bool,
}

impl<S, T> KeepAlive<S, T> {
    /// Creates a stream that adds comments to `blocks`.
    pub const fn new(blocks: S, ticks: T) -> Self {
        Self { blocks, ticks: Some(ticks), has_sent: false }
    }
}

impl<S, T, B, E> Stream for KeepAlive<S, T>
where
    S: Stream<Item = Result<B, E>> + Unpin,
    T: Stream + Unpin,
    B: From<&'static [u8]>,
{
    type Item = Result<B, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Poll::Ready(block) = Pin::new(&mut this.blocks).poll_next(context) {
            this.has_sent = true;
            return Poll::Ready(block);
        }
        while let Some(ticks) = &mut this.ticks {
            if ready!(Pin::new(ticks).poll_next(context)).is_none() {
                this.ticks = None;
            } else if !mem::take(&mut this.has_sent) {
                return Poll::Ready(Some(Ok(COMMENT.into())));
            }
        }
        Poll::Pending
    }
}
