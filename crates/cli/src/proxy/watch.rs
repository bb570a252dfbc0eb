//! The body that is watched while it passes, and the connection on which it goes to the client.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::rt::ReadBufCursor;
use hyper_util::rt::TokioIo;
use sseam::dialect::Auto;
use sseam::{Item, Outcome, Parser, Tracker, VecBuf};
use tokio::net::TcpStream;

use super::Log;
use crate::dialect::NOTIFY;

/// What a body and its connection share: whether the body waits for all that it gave to be
/// written. Both are polled by one task, in turn.
pub(super) type Unwritten = Arc<AtomicBool>;

/// A body that passes each frame on as it comes, and shows it to the watch, if there is one.
///
/// When a body fails, hyper closes the client's connection at once, also where it has yet to write
/// frames that it took from the body before: a client that reads slowly would lose them. So an
/// error is held back until the connection says that all before it is written.
pub(crate) struct Watched {
    body: Incoming,
    watch: Option<Watch>,
    error: Option<hyper::Error>,
    unwritten: Unwritten,
}

impl Watched {
    pub(crate) fn new(body: Incoming, watch: Option<Watch>, unwritten: Unwritten) -> Self {
        Self { body, watch, error: None, unwritten }
    }

    /// The watch ends, and its line is written.
    fn end(&mut self, end: &'static str) {
        if let Some(watch) = &mut self.watch {
            watch.end = end;
        }
        self.watch = None;
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        if self.error.is_none() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let (Some(watch), Some(data)) = (&mut self.watch, frame.data_ref()) {
                        watch.see(data);
                    }
                    // Nobody polls for more after this.
                    if self.body.is_end_stream() {
                        self.end("whole");
                    }
                    return Poll::Ready(Some(Ok(frame)));
                }
                None => {
                    self.end("whole");
                    return Poll::Ready(None);
                }
                Some(Err(error)) => self.error = Some(error),
            }
            self.end("broken");
            self.unwritten.store(true, Ordering::Release);
            // hyper need not flush before it waits, but does when it is woken.
            cx.waker().wake_by_ref();
        }
        if self.unwritten.load(Ordering::Acquire) {
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

/// Follows a stream. Its line is written when it is dropped.
pub(super) struct Watch {
    parser: Parser<VecBuf>,
    tracker: Tracker<Auto>,
    events: u64,
    bytes: u64,
    /// When the request arrived, and how long after it the first event did.
    start: Instant,
    first: Option<Duration>,
    /// What ended it: it is `whole`, it was `broken` by the upstream, or `dropped` by the client or
    /// with the proxy.
    end: &'static str,
    exchange: String,
    log: Log,
}

impl Watch {
    /// A watch over the response to a request that arrived at `start`. Lines begin with
    /// `exchange`.
    pub(super) fn new(exchange: String, start: Instant, log: Log) -> Self {
        Self {
            parser: Parser::new().with_notify(NOTIFY),
            tracker: Tracker::new(Auto::new()),
            events: 0,
            bytes: 0,
            start,
            first: None,
            end: "dropped",
            exchange,
            log,
        }
    }

    fn see(&mut self, mut chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        loop {
            match self.parser.next_item(&mut chunk) {
                Ok(Some(item)) => {
                    if let Item::Event(_) = item {
                        self.events += 1;
                        self.first.get_or_insert_with(|| self.start.elapsed());
                    }
                    self.tracker.notice(&item);
                }
                Ok(None) => break,
                Err(error) => self.skipped(error),
            }
        }
    }

    fn outcome(&mut self) -> Outcome {
        if self.end != "whole" {
            return self.tracker.finish(None);
        }
        // Some servers close right after `data: [DONE]`, without the blank line. It ends the
        // stream, but it is no event that came.
        loop {
            match self.parser.flush_item() {
                Ok(Some(item)) => {
                    self.tracker.notice(&item);
                }
                Ok(None) => break,
                Err(error) => self.skipped(error),
            }
        }
        self.tracker.finish(self.parser.finish())
    }

    fn skipped(&self, error: sseam::Error) {
        let _ = self.log.try_send(format!("{} skipped=\"{error}\"", self.exchange));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let outcome = self.outcome();
        let Self { exchange, events, bytes, end, .. } = self;
        let dialect = self.tracker.dialect().settled().unwrap_or("-");
        let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
        let first = self.first.map_or("-".to_string(), millis);
        let duration = millis(self.start.elapsed());
        let _ = self.log.try_send(format!(
            "{exchange} dialect={dialect} events={events} bytes={bytes} outcome={outcome} \
             end={end} first_ms={first} duration_ms={duration}"
        ));
    }
}

/// A connection that says when all is written: hyper flushes it as soon as it has written whatever
/// it had taken.
pub(super) struct Told {
    pub(super) io: TokioIo<TcpStream>,
    pub(super) unwritten: Unwritten,
}

impl hyper::rt::Read for Told {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for Told {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        if self.unwritten.swap(false, Ordering::AcqRel) {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
