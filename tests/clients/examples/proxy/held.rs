//! Every byte before the break.
//!
//! When a body fails, hyper closes the client's connection at once, also where
//! it has yet to write frames that it took from the body before: a client that
//! reads slowly would lose them. So a body's error is held back until the
//! connection says that all before it is written.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Frame, SizeHint};
use hyper::rt::{Read, ReadBufCursor, Write};

/// What a body and its connection share: whether the body waits for all that
/// it gave to be written. Both are polled by one task, in turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unwritten(Arc<AtomicBool>);

/// A body whose error is held back.
pub(crate) struct Held<B: Body> {
    body: B,
    error: Option<B::Error>,
    unwritten: Unwritten,
}

impl<B: Body> Held<B> {
    pub(crate) fn new(body: B, unwritten: Unwritten) -> Self {
        Self { body, error: None, unwritten }
    }
}

impl<B: Body<Error: Unpin> + Unpin> Body for Held<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        if self.error.is_none() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Err(error)) => self.error = Some(error),
                frame => return Poll::Ready(frame),
            }
            self.unwritten.0.store(true, Ordering::Release);
            // hyper need not flush before it waits, but does when it is woken.
            cx.waker().wake_by_ref();
        }
        if self.unwritten.0.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        Poll::Ready(self.error.take().map(Err))
    }

    fn is_end_stream(&self) -> bool {
        self.error.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that says when all is written: hyper flushes it as soon as it
/// has written whatever it had taken.
pub(crate) struct Told<T> {
    io: T,
    unwritten: Unwritten,
}

impl<T> Told<T> {
    pub(crate) fn new(io: T, unwritten: Unwritten) -> Self {
        Self { io, unwritten }
    }
}

impl<T: Read + Unpin> Read for Told<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: Write + Unpin> Write for Told<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        if self.unwritten.0.swap(false, Ordering::AcqRel) {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}
