//! Streams that are always ready, polled by hand: no runtime, no waking.

use std::convert::Infallible;
use std::iter;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use futures_util::stream;

/// The chunks as a transport that never waits and never fails.
pub(crate) fn transport<C>(
    chunks: impl Iterator<Item = C>,
) -> impl Stream<Item = Result<C, Infallible>> + Unpin {
    stream::iter(chunks.map(Ok))
}

/// What `stream` yields, down to its end.
pub(crate) fn poll<S: Stream + Unpin>(mut stream: S) -> impl Iterator<Item = S::Item> {
    let mut context = Context::from_waker(Waker::noop());
    iter::from_fn(move || match Pin::new(&mut stream).poll_next(&mut context) {
        Poll::Ready(item) => item,
        Poll::Pending => unreachable!("the transport is always ready"),
    })
}
