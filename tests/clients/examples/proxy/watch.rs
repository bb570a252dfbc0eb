//! The body that is watched while it passes: this is where sseam is at work.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use sseam::dialect::Auto;
use sseam::{Item, Notify, Outcome, Parser, Tracker, VecBuf};

use crate::line::{End, Exchange, Line, Log, Record};

/// What some servers fail or end a stream with.
const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// A body that passes each frame on as it comes, and shows it to the watch, if
/// there is one.
pub(crate) struct Watched<B> {
    body: B,
    watch: Option<Watch>,
}

impl<B> Watched<B> {
    pub(crate) fn new(body: B, watch: Option<Watch>) -> Self {
        Self { body, watch }
    }

    /// The watch ends, and its line is written.
    fn end(&mut self, end: End) {
        if let Some(watch) = &mut self.watch {
            watch.end = end;
        }
        self.watch = None;
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some(watch), Some(data)) = (&mut self.watch, frame.data_ref()) {
                    watch.see(data);
                }
                // Nobody polls for more after this.
                if self.body.is_end_stream() {
                    self.end(End::Whole);
                }
            }
            Some(Err(_)) => self.end(End::Broken),
            None => self.end(End::Whole),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Follows a stream. Its line is written when it is dropped.
pub(crate) struct Watch {
    parser: Parser<VecBuf>,
    tally: Tally,
    bytes: u64,
    end: End,
    exchange: Exchange,
    log: Log,
}

impl Watch {
    /// A watch over the response to a request that arrived at `start`.
    pub(crate) fn new(exchange: Exchange, start: Instant, log: Log) -> Self {
        Self {
            parser: Parser::new().with_notify(NOTIFY),
            tally: Tally { tracker: Tracker::new(Auto::new()), events: 0, start, first: None },
            bytes: 0,
            end: End::Dropped,
            exchange,
            log,
        }
    }

    fn see(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let mut chunk = bytes;
        loop {
            match self.parser.next_item(&mut chunk) {
                Ok(Some(item)) => self.tally.note(&item),
                Ok(None) => break,
                Err(error) => self.skipped(error),
            }
        }
    }

    fn outcome(&mut self) -> Outcome {
        if self.end != End::Whole {
            return self.tally.tracker.finish(None);
        }
        // Some servers close right after `data: [DONE]`, without the blank line.
        loop {
            match self.parser.flush_item() {
                Ok(Some(item)) => self.tally.note(&item),
                Ok(None) => break,
                Err(error) => self.skipped(error),
            }
        }
        self.tally.tracker.finish(self.parser.finish())
    }

    fn skipped(&self, error: sseam::Error) {
        (self.log)(Line::Skipped { exchange: self.exchange.clone(), error });
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let outcome = self.outcome();
        let tally = &self.tally;
        (self.log)(Line::Ended(Record {
            exchange: self.exchange.clone(),
            dialect: tally.tracker.dialect().settled(),
            events: tally.events,
            bytes: self.bytes,
            outcome,
            end: self.end,
            first: tally.first,
            duration: tally.start.elapsed(),
        }));
    }
}

/// What came, beside the parser that lends it.
struct Tally {
    tracker: Tracker<Auto>,
    events: u64,
    start: Instant,
    first: Option<Duration>,
}

impl Tally {
    fn note(&mut self, item: &Item<'_>) {
        if let Item::Event(_) = item {
            self.events += 1;
            self.first.get_or_insert_with(|| self.start.elapsed());
        }
        self.tracker.notice(item);
    }
}
