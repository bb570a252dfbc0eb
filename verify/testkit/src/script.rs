//! A transport that follows a script.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::io::{self, BufRead, ErrorKind, Read};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

/// What a transport does when it is read. After the last act it has ended.
#[derive(Clone, Debug)]
pub enum Act {
    Bring(Bytes),
    /// Returns an error; the next read continues.
    Fail,
}

/// Performs one act after the other. An asynchronous one is pending between them.
pub struct Script {
    acts: VecDeque<Act>,
    /// The part of the current chunk that was not consumed.
    chunk: Bytes,
    /// How often the transport was read without a current chunk.
    asked: Rc<Cell<usize>>,
    has_waited: bool,
    has_ended: bool,
}

impl Script {
    pub fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            acts: acts.into_iter().collect(),
            chunk: Bytes::new(),
            asked: Rc::default(),
            has_waited: false,
            has_ended: false,
        }
    }

    /// Delivers these chunks.
    pub fn of(chunks: &[&[u8]]) -> Self {
        Self::new(chunks.iter().map(|chunk| Act::Bring(Bytes::copy_from_slice(chunk))))
    }

    /// How often the transport has been read for more.
    pub fn asked(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.asked)
    }

    /// Ready at every other call, like a transport with a slow peer.
    fn is_ready(&mut self) -> bool {
        self.has_waited = !self.has_waited;
        !self.has_waited
    }

    /// The next act; `None` at the end, after which it must not be read again.
    fn act(&mut self) -> Option<Act> {
        assert!(!self.has_ended, "the transport is read after its end");
        self.asked.set(self.asked.get() + 1);
        let act = self.acts.pop_front();
        self.has_ended = act.is_none();
        act
    }
}

/// The error of [`Act::Fail`].
pub fn failure() -> io::Error {
    ErrorKind::WouldBlock.into()
}

/// An empty chunk would mean the end: the reader is interrupted instead.
impl BufRead for Script {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() {
            match self.act() {
                Some(Act::Bring(chunk)) if chunk.is_empty() => {
                    return Err(ErrorKind::Interrupted.into());
                }
                Some(Act::Bring(chunk)) => self.chunk = chunk,
                Some(Act::Fail) => return Err(failure()),
                None => {}
            }
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, amount: usize) {
        self.chunk = self.chunk.slice(amount..);
    }
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl ::embedded_io::ErrorType for Script {
    type Error = io::Error;
}

impl ::embedded_io::Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(self, buffer)
    }
}

/// As for std, but never interrupted.
impl ::embedded_io::BufRead for Script {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let is_empty = |act: &Act| matches!(act, Act::Bring(chunk) if chunk.is_empty());
        while self.chunk.is_empty() && self.acts.front().is_some_and(is_empty) {
            let _ = self.act();
        }
        BufRead::fill_buf(self)
    }

    fn consume(&mut self, amount: usize) {
        BufRead::consume(self, amount);
    }
}

impl ::embedded_io_async::Read for Script {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(self, buffer)
    }
}

/// The same, pending if it has no data.
impl ::embedded_io_async::BufRead for Script {
    async fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() {
            let ready = |is_ready| if is_ready { Poll::Ready(()) } else { Poll::Pending };
            poll_fn(|_| ready(self.is_ready())).await;
        }
        ::embedded_io::BufRead::fill_buf(self)
    }

    fn consume(&mut self, amount: usize) {
        BufRead::consume(self, amount);
    }
}

/// The same.
impl tokio::io::AsyncBufRead for Script {
    fn poll_fill_buf(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let script = self.get_mut();
        if script.chunk.is_empty() && !script.is_ready() {
            return Poll::Pending;
        }
        Poll::Ready(::embedded_io::BufRead::fill_buf(script))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        BufRead::consume(&mut *self, amount);
    }
}

impl futures_io::AsyncRead for Script {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        let read = AsyncRead::poll_read(self.as_mut(), context, &mut buffer);
        read.map_ok(|()| buffer.filled().len())
    }
}

impl futures_io::AsyncBufRead for Script {
    fn poll_fill_buf(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        tokio::io::AsyncBufRead::poll_fill_buf(self, context)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        tokio::io::AsyncBufRead::consume(self, amount);
    }
}

impl Stream for Script {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.is_ready() {
            return Poll::Pending;
        }
        Poll::Ready(self.act().map(|act| match act {
            Act::Bring(chunk) => Ok(chunk),
            Act::Fail => Err(failure()),
        }))
    }
}

/// An empty chunk would mean the end: it is pending instead. Reading after the end is allowed.
impl AsyncRead for Script {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.chunk.is_empty() && !self.has_ended {
            if !self.is_ready() {
                return Poll::Pending;
            }
            match self.act() {
                Some(Act::Bring(chunk)) if chunk.is_empty() => return Poll::Pending,
                Some(Act::Bring(chunk)) => self.chunk = chunk,
                Some(Act::Fail) => return Poll::Ready(Err(failure())),
                None => {}
            }
        }
        let len = self.chunk.len().min(buffer.remaining());
        buffer.put_slice(&self.chunk.split_to(len));
        Poll::Ready(Ok(()))
    }
}

/// Polls once, and drops the future.
pub fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until it is ready.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}
