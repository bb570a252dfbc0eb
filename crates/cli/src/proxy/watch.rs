//! A body that is watched while it is forwarded, and the client's connection.

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
use sseam::llm::{Answer, Outcome};
use sseam::{End, Item};
use tokio::net::TcpStream;

use super::Log;
use crate::dialect;
use crate::json::Str;
use crate::reader::{Reader, Step};

/// Shared by a body and its connection: whether the body waits until everything is written. Both
/// are polled by one task, in turn.
pub(super) type Unwritten = Arc<AtomicBool>;

/// A body that forwards each frame as it arrives, and shows it to the watch, if there is one.
///
/// When a body fails, hyper closes the client's connection at once, even if frames from before the
/// error are not written yet: a slow client would lose them. So an error is delayed until the
/// connection has written everything before it.
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

    /// Ends the watch, which prints its line.
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
                    // Not polled again after this.
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

/// Follows a stream. Prints its line on drop.
pub(super) struct Watch {
    reader: Reader,
    events: u64,
    bytes: u64,
    /// When the request arrived, and how long after it the first event arrived.
    start: Instant,
    first: Option<Duration>,
    /// The end: `whole`, `broken` by the upstream, or `dropped` by the client or with the proxy.
    end: &'static str,
    exchange: String,
    log: Log,
}

impl Watch {
    /// Watches the response to a request that arrived at `start`. Lines begin with `exchange`.
    pub(super) fn new(exchange: String, start: Instant, log: Log) -> Self {
        Self {
            reader: Reader::new(None),
            events: 0,
            bytes: 0,
            start,
            first: None,
            end: "dropped",
            exchange,
            log,
        }
    }

    fn see(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        let Self { reader, events, start, first, exchange, log, .. } = self;
        let seen = reader.feed(chunk, &mut |step| {
            match step {
                Step::Item(Item::Event(_), _) => {
                    *events += 1;
                    first.get_or_insert_with(|| start.elapsed());
                }
                Step::Lost(error) => skipped(log, exchange, error),
                _ => {}
            }
            Ok(())
        });
        debug_assert!(seen.is_ok(), "nothing is written that could fail");
    }

    fn outcome(&mut self) -> Outcome {
        let Self { reader, exchange, log, .. } = self;
        if self.end != "whole" {
            return reader.outcome(End::Disconnected);
        }
        // A flushed item may end the stream, but does not count as an event.
        let end = reader.flush(&mut |step| {
            if let Step::Lost(error) = step {
                skipped(log, exchange, error);
            }
            Ok(())
        });
        reader.outcome(end.unwrap_or(End::Clean))
    }
}

fn skipped(log: &Log, exchange: &str, error: sseam::Error) {
    let _ = log.try_send(format!("{exchange} skipped=\"{error}\""));
}

/// The reason and the usage, as a line shows them.
fn usage(answer: &Answer) -> String {
    // A provider's own word may contain spaces or line ends.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let reason = answer.reason().map(|reason| match reason.as_str() {
        word if word.bytes().all(is_plain) => word.to_string(),
        word => Str(word).to_string(),
    });
    let number = |count: Option<u64>| count.map_or("-".to_string(), |count| count.to_string());
    let (input, output) = (number(answer.usage().input), number(answer.usage().output));
    let reason = reason.as_deref().unwrap_or("-");
    format!("reason={reason} input_tokens={input} output_tokens={output}")
}

impl Drop for Watch {
    fn drop(&mut self) {
        let outcome = self.outcome();
        let Self { exchange, events, bytes, end, .. } = self;
        let answer = self.reader.answer();
        let dialect = dialect::name(answer.tracker()).unwrap_or("-");
        let usage = usage(answer);
        let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
        let first = self.first.map_or("-".to_string(), millis);
        let duration = millis(self.start.elapsed());
        let _ = self.log.try_send(format!(
            "{exchange} dialect={dialect} events={events} bytes={bytes} outcome={outcome} \
             end={end} first_ms={first} duration_ms={duration} {usage}"
        ));
    }
}

/// A connection that tracks whether everything is written: hyper flushes it as soon as it has
/// written everything that it has taken.
pub(super) struct FlushTracker {
    pub(super) io: TokioIo<TcpStream>,
    pub(super) unwritten: Unwritten,
}

impl hyper::rt::Read for FlushTracker {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for FlushTracker {
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
