//! Drives a [`Source`] with reqwest: sends its requests, reads their bodies, and waits.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response};
use sseam::source::{Closed, Lost, Policy, Refusal, Request, Source, Step};
use sseam::{End, Found, Item, Parser, VecBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::exchange::{Exchange, answered, send};
use crate::{CannotClone, Error};

/// The longest sleep at a time: a stream may ask for more than timers support.
const MAX_SLEEP: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A response's body.
pub(crate) type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

pub(crate) struct Driver {
    source: Source<VecBuf>,
    policy: Policy,
    make: Box<dyn FnMut(Request<'_>) -> RequestBuilder + Send>,
    /// The source's time counts from here.
    start: Instant,
    task: Task,
    /// The chunk that is searched.
    chunk: Bytes,
    /// The offset in it at which the last search began.
    searched_from: usize,
    /// The offset in it at which the next search begins.
    rest: usize,
    headers: HeaderMap,
    /// How the last body ended, before the pending event was dispatched.
    end: Option<End>,
    has_opened: bool,
    flush_at_end: bool,
}

/// The pending work. It is kept between polls, so a dropped future loses nothing.
enum Task {
    None,
    Exchange(Exchange),
    Body(Body),
    /// The body has ended; the pending event is dispatched.
    Flush,
    Sleep(Pin<Box<Sleep>>),
}

pub(crate) enum Progress {
    Open,
    /// An item, to [view](Driver::view) before the next poll.
    Found(Found),
    /// The connection was lost, and will be established again.
    Lost(Error),
}

/// `None`: nothing follows. An error is final, unless it concerns an event.
type Report = Option<Result<Progress, Error>>;

impl Driver {
    pub(crate) fn new(make: impl FnMut(Request<'_>) -> RequestBuilder + Send + 'static) -> Self {
        let policy = Policy::event_source();
        Self {
            source: source(Parser::new(), policy),
            policy,
            make: Box::new(make),
            start: Instant::now(),
            task: Task::None,
            chunk: Bytes::new(),
            searched_from: 0,
            rest: 0,
            headers: HeaderMap::new(),
            end: None,
            has_opened: false,
            flush_at_end: false,
        }
    }

    /// Sends the same request each time.
    pub(crate) fn repeat(request: RequestBuilder) -> Result<Self, CannotClone> {
        if request.try_clone().is_none() {
            return Err(CannotClone);
        }
        Ok(Self::new(move |_| request.try_clone().expect("the request was cloned before")))
    }

    /// Sets the policy, and starts again.
    pub(crate) fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
        self.set_parser(self.source.parser().clone());
    }

    /// Sets the parser, and starts again.
    pub(crate) fn set_parser(&mut self, parser: Parser<VecBuf>) {
        self.source = source(parser, self.policy);
        self.leave();
    }

    /// Dispatches the pending event at the end of a body.
    pub(crate) fn flush_at_end(&mut self) {
        self.flush_at_end = true;
    }

    pub(crate) const fn source(&self) -> &Source<VecBuf> {
        &self.source
    }

    /// The headers of the last event stream's response.
    pub(crate) const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How the last body ended, before the pending event was dispatched.
    pub(crate) fn end(&self) -> Option<End> {
        self.end.or(self.source.end())
    }

    /// The same, if the current item was pending at that end.
    pub(crate) fn flushed(&self) -> Option<End> {
        self.end.filter(|_| matches!(self.task, Task::Flush))
    }

    /// Returns `true` if there was an event stream.
    pub(crate) const fn has_opened(&self) -> bool {
        self.has_opened
    }

    /// The chunk that contains the last found item.
    pub(crate) const fn chunk(&self) -> &Bytes {
        &self.chunk
    }

    pub(crate) fn set_cursor(&mut self, has_cursor: bool) {
        self.source.set_cursor(has_cursor);
    }

    pub(crate) fn done(&mut self) {
        self.source.done();
        if self.source.closed().is_some() {
            self.leave();
        }
    }

    /// As [`done`](Self::done), but drops the connection: its rest is not needed.
    pub(crate) fn finish(&mut self) {
        self.done();
        self.source.lost(Lost::Broken, self.start.elapsed());
        self.leave();
    }

    pub(crate) fn close(&mut self) {
        self.source.close();
        self.leave();
    }

    pub(crate) fn reconnect(&mut self) {
        self.source.reconnect();
        self.leave();
    }

    /// Views the last found item.
    pub(crate) fn view(&self, found: Found) -> Item<'_> {
        self.source.view(&self.chunk[self.searched_from..], found)
    }

    pub(crate) fn poll_progress(&mut self, cx: &mut Context<'_>) -> Poll<Report> {
        loop {
            let now = self.start.elapsed();
            match self.source.step(now) {
                Step::Connect(wanted) => {
                    if let Task::Exchange(exchange) = &mut self.task {
                        let response = ready!(exchange.as_mut().poll(cx));
                        return Poll::Ready(self.answered(response));
                    }
                    self.task = Task::Exchange(send((self.make)(wanted), wanted));
                }
                Step::Read => match self.find() {
                    Ok(Some(found)) => return Poll::Ready(Some(Ok(Progress::Found(found)))),
                    Err(error) => return Poll::Ready(Some(Err(Error::Parse(error)))),
                    Ok(None) => {
                        let Task::Body(body) = &mut self.task else {
                            self.source.ended(now);
                            return Poll::Ready(self.over(Error::Ended));
                        };
                        match ready!(body.as_mut().poll_next(cx)) {
                            Some(Ok(chunk)) => self.set_chunk(chunk),
                            Some(Err(error)) => {
                                self.source.lost(Lost::Broken, now);
                                return Poll::Ready(self.over(Error::Transport(error)));
                            }
                            None => {
                                self.end = Some(self.source.parser().end());
                                self.set_chunk(Bytes::new());
                                // The pending event is sent again if another connection follows.
                                let flushes = self.flush_at_end && !self.source.resumes(now);
                                self.task = if flushes { Task::Flush } else { Task::None };
                            }
                        }
                    }
                },
                Step::Wait(until) => {
                    let wait = until.saturating_sub(now).min(MAX_SLEEP);
                    if let Task::Sleep(timer) = &mut self.task {
                        ready!(timer.as_mut().poll(cx));
                        self.task = Task::None;
                    } else {
                        self.task = Task::Sleep(Box::pin(sleep(wait)));
                    }
                }
                Step::Closed(_) => {
                    self.leave();
                    return Poll::Ready(None);
                }
            }
        }
    }

    /// Searches the rest of the chunk, or, when the body has ended, the pending event.
    fn find(&mut self) -> Result<Option<Found>, sseam::Error> {
        if let Task::Flush = self.task {
            return self.source.find_at_end();
        }
        let mut rest = &self.chunk[self.rest..];
        self.searched_from = self.rest;
        let found = self.source.find(&mut rest);
        self.rest = self.chunk.len() - rest.len();
        found
    }

    fn answered(&mut self, response: reqwest::Result<Response>) -> Report {
        self.task = Task::None;
        let now = self.start.elapsed();
        match response {
            Ok(response) if answered(&mut self.source, &response, now).is_ok() => {
                self.headers.clone_from(response.headers());
                self.end = None;
                self.has_opened = true;
                self.task = Task::Body(Box::pin(response.bytes_stream()));
                Some(Ok(Progress::Open))
            }
            Ok(response) => self.over(Error::Refused(Box::new(response))),
            Err(error) => {
                let lost = if error.is_builder() { Lost::Futile } else { Lost::Broken };
                self.source.lost(lost, now);
                self.over(Error::Transport(error))
            }
        }
    }

    /// Returns the report of a connection that ended with `error`.
    fn over(&mut self, error: Error) -> Report {
        self.leave();
        let is_polite = match self.source.closed() {
            None => return Some(Ok(Progress::Lost(error))),
            Some(Closed::NotResumed) => matches!(error, Error::Ended),
            Some(Closed::Done | Closed::Refused(Refusal::Status(204))) => true,
            Some(_) => false,
        };
        if is_polite { None } else { Some(Err(error)) }
    }

    /// Drops the connection, and the rest of its bytes.
    fn leave(&mut self) {
        self.task = Task::None;
        self.set_chunk(Bytes::new());
    }

    fn set_chunk(&mut self, chunk: Bytes) {
        self.chunk = chunk;
        self.rest = 0;
        self.searched_from = 0;
    }
}

/// Each source has its own seed, so that the clients of a server do not reconnect at once.
fn source(parser: Parser<VecBuf>, policy: Policy) -> Source<VecBuf> {
    Source::new(parser, policy).with_seed(RandomState::new().hash_one(()))
}
