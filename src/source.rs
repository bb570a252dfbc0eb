//! An event source without I/O: one stream over one connection after another.
//!
//! [`Source`] holds the parser and decides what the standard's `EventSource` decides (WHATWG
//! HTML, sections 9.2.2 to 9.2.4): which response is an event stream, when to connect again and
//! with which headers, and when to stop. It has no clock, no sockets and no allocator. The
//! caller asks [`step`](Source::step) what to do, does it, and reports what came. A [`Policy`]
//! holds what the standard leaves to the client.
//!
//! ```
//! use std::io::{self, BufRead};
//! use std::thread::sleep;
//! use std::time::{Duration, Instant};
//!
//! use sseam::Parser;
//! use sseam::source::{Head, Lost, Policy, Request, Source, Step};
//!
//! # struct Response { status: u16, content_type: Option<&'static [u8]>, body: &'static [u8] }
//! # let responses = [(200, &b"retry: 1\nid: 7\ndata: one\n\nid: 8\nda"[..]), (200, b"data: two\n\n"), (204, b"")];
//! # let mut requests = Vec::new();
//! let mut get = |request: Request<'_>| -> io::Result<Response> {
//!     // Any HTTP client: sends `request.headers()` besides your own.
//! #   let id = request.headers().find(|(name, _)| *name == "last-event-id");
//! #   requests.push(id.map(|(_, id)| id.to_string()));
//! #   let (status, body) = responses[requests.len() - 1];
//! #   Ok(Response { status, content_type: Some(b"text/event-stream"), body })
//! };
//! # let mut seen = Vec::new();
//! # let mut print = |text: String| seen.push(text);
//!
//! let clock = Instant::now();
//! let mut source = Source::new(Parser::new(), Policy::event_source());
//! let mut response = None;
//! let closed = loop {
//!     match source.step(clock.elapsed()) {
//!         Step::Connect(request) => match get(request) {
//!             Ok(it) => {
//!                 let head = Head {
//!                     status: it.status,
//!                     content_type: it.content_type,
//!                     retry_after: None,
//!                 };
//!                 // `step` then returns whether to try again.
//!                 if let Err(refusal) = source.answered(&head, clock.elapsed()) {
//!                     eprintln!("{refusal}");
//!                 }
//!                 response = Some(it);
//!             }
//!             Err(_) => source.lost(Lost::Broken, clock.elapsed()),
//!         },
//!         Step::Read => {
//!             let body = &mut response.as_mut().expect("an open connection").body;
//!             match body.fill_buf() {
//!                 Ok([]) => source.ended(clock.elapsed()),
//!                 Ok(bytes) => {
//!                     let (len, mut chunk) = (bytes.len(), bytes);
//!                     loop {
//!                         match source.next_event(&mut chunk) {
//!                             Ok(Some(event)) => print(event.data().to_string()),
//!                             Ok(None) => break,
//!                             Err(error) => eprintln!("{error}"), // About one event.
//!                         }
//!                     }
//!                     body.consume(len);
//!                 }
//!                 Err(_) => source.lost(Lost::Broken, clock.elapsed()),
//!             }
//!         }
//!         Step::Wait(until) => {
//!             let left = until.saturating_sub(clock.elapsed());
//!             sleep(left.min(Duration::from_secs(60 * 60)));
//!         }
//!         Step::Closed(closed) => break closed,
//!     }
//! };
//! println!("{closed}");
//! # assert_eq!(seen, ["one", "two"]);
//! # assert_eq!(requests, [None, Some("7".to_string()), Some("7".to_string())]);
//! # assert_eq!(closed.to_string(), "the status is 204, not 200");
//! ```
//!
//! # What to mind
//!
//! - The loop over a chunk has three arms. `while let Ok(Some(event))` ends at an error, which is
//!   about one event, and loses the rest of the chunk.
//! - Read only if `step` returns [`Step::Read`]. A response that comes after the source was closed
//!   is valid, and to be dropped.
//! - A wait may be longer than timers can hold (`retry: 18446744073709551615` is valid, and then
//!   `Instant + Duration` panics): wait for less, and ask again.
//! - An ID may hold bytes that an HTTP client rejects in a header: see [`Request::headers`].
//! - After [`reconnect`](Source::reconnect) and [`close`](Source::close), drop the response with
//!   what is left of its chunk. A source cannot know old bytes from new ones.
//! - Each request is the same, to the original URL, but for its headers.
//!
//! # Answers of language models
//!
//! A request that is sent twice is paid for twice, and its answer begins anew. [`Policy::call`]
//! therefore tries again only until a response has opened. If a run can be resumed, by
//! [`Resume::WithCursor`], report the final event, so that the end of its response is not taken for
//! a break; and the outcome needs to know how the last response ended:
//!
//! ```
//! # use sseam::Event;
//! # use sseam::llm::{Outcome, Tracker};
//! # let (event, mut tracker) = (Event::new("[DONE]"), Tracker::new());
//! # let mut source = sseam::source::Source::new(sseam::Parser::new(), sseam::source::Policy::call());
//! if tracker.observe(&event).is_end() {
//!     source.done();
//! }
//! // And once `step` returns `Closed`:
//! let outcome = tracker.outcome(source.end());
//! ```
//!
//! # States
//!
//! Each call is allowed in each state. [`step`](Source::step) leads from *waiting* to *connecting*,
//! once the wait is over; nothing else depends on the clock.
//!
//! | report | connecting | open | waiting, closed |
//! | --- | --- | --- | --- |
//! | [`answered`](Source::answered), an event stream | open | – | – |
//! | – a transient status | waiting ¹, `Err` | `Err` | `Err` |
//! | – another status or type | closed, `Err` | `Err` | `Err` |
//! | [`ended`](Source::ended), [`lost`](Source::lost)`(Broken)` | waiting ¹ | waiting ¹ | – |
//! | `lost(Futile)` | closed | closed | – |
//! | [`done`](Source::done) | closed | – ² | closed |
//! | [`close`](Source::close) | closed | closed | closed |
//! | [`reconnect`](Source::reconnect) | connecting | connecting | connecting |
//! | bytes | discarded | events | discarded |
//!
//! ¹ Closed, if the policy does not resume there or its limit is reached. Once it is closed, the
//! reason stays.
//! ² When the connection is over, whatever way, closed because of [`Done`](Closed::Done).
//!
//! # The standard, and policy
//!
//! | WHATWG HTML, 9.2.2 to 9.2.4 | here |
//! | --- | --- |
//! | a network error: reestablish the connection; if that is futile, fail it | [`Lost::Broken`], [`Lost::Futile`] |
//! | a status other than 200, 204 and 503 included, or another type: fail | exact, unless [`Policy::with_transient`] names the status |
//! | the end of the body: reestablish | exact under [`Resume::Always`]; the other orders are policy |
//! | no limit on attempts | exact, unless [`Policy::with_max_retries`] sets one |
//! | wait for the reconnection time, and optionally some more | exact; the minimum, backoff, jitter and `Retry-After` are the "some more" |
//! | the reconnection time: a few seconds at first, then by `retry` | exact; 3 s, or [`Policy::with_reconnection_time`] |
//! | `Last-Event-ID`, if not empty | exact, and none after the ID was reset to empty: by the letter, an earlier header would stay in the request, which no browser does |
//! | `Accept`, and the cache mode `no-store` | `accept: text/event-stream`, `cache-control: no-cache` |
//! | after [`close`](Source::close), and once the connection has failed: no event, no connection | exact; [`reconnect`](Source::reconnect) is an addition |
//! | a pending event at the end of the body is discarded | exact, unless [`flush_event`](Source::flush_event) is called |
//! | redirects, CORS, credentials, the events `open` and `error` | the caller's |

mod chance;
mod closed;
mod head;
mod link;
mod policy;
mod step;
mod time;

use core::fmt;
use core::time::Duration;

use crate::{Buffer, End, Error, Event, Found, Item, Parser};
pub use closed::{Closed, Lost, ReadyState};
pub use head::{Head, Refusal, is_event_stream, retry_after};
use link::{Failure, Link, Progress, State};
pub use policy::{Healthy, Policy, Resume};
pub use step::{Request, Step};
use time::duration;

/// An event source: one stream over one connection after another, without I/O.
///
/// See the [module](self) for the loop that drives it and for its states.
#[derive(Clone)]
pub struct Source<B> {
    parser: Parser<B>,
    link: Link,
}

impl<B: Buffer> Source<B> {
    /// Creates a source that is about to connect. The parser brings limits, notifications, and
    /// the last event ID and reconnection time of an earlier run.
    #[must_use]
    pub const fn new(parser: Parser<B>, policy: Policy) -> Self {
        Self { parser, link: Link::new(policy) }
    }

    /// Sets a number that differs from client to client, such as a hash of its address or the
    /// time: waits are then spread by chance. Without a seed they are as long as the policy
    /// allows.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.link.set_seed(seed);
        self
    }

    /// Returns what to do at `now`: a time since any fixed instant, by a monotonic clock.
    ///
    /// Returns the same as often as it is called, until something is reported or a wait is over.
    pub fn step(&mut self, now: Duration) -> Step<'_> {
        match self.link.state_at(now) {
            State::Connecting => Step::Connect(Request {
                last_event_id: self.parser.last_event_id(),
                failures: self.link.failures(),
            }),
            State::Open { .. } => Step::Read,
            State::Waiting { until } => Step::Wait(duration(until)),
            State::Closed(closed) => Step::Closed(closed),
        }
    }

    /// Reports the head of a response.
    ///
    /// If no request is under way, nothing changes: read the body only if [`step`](Self::step)
    /// returns [`Step::Read`].
    ///
    /// # Errors
    ///
    /// [`Refusal`] if the response is not an event stream. `step` then returns whether to try
    /// again.
    pub fn answered(&mut self, head: &Head<'_>, now: Duration) -> Result<(), Refusal> {
        let checked = head.check();
        if self.link.is_connecting() {
            match checked {
                Ok(()) => {
                    // A stream of its own, also after the one that the parser came with.
                    self.parser.reset();
                    self.link.open(now);
                }
                Err(refusal) => {
                    let retry_after = head.retry_after;
                    self.fail(Failure::Refused { refusal, retry_after }, End::Disconnected, now);
                }
            }
        }
        checked
    }

    /// Returns the next event, as [`Parser::next_event`] does. If no connection is open, discards
    /// the chunk and returns `None`.
    ///
    /// # Errors
    ///
    /// As [`Parser::next_event`]: about one event; the stream continues.
    #[inline]
    pub fn next_event<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        if !self.link.is_open() {
            *chunk = &[];
            return Ok(None);
        }
        let event = self.parser.next_event(chunk)?;
        if event.is_some() {
            self.link.note_event();
        }
        Ok(event)
    }

    /// As [`next_event`](Self::next_event), and returns the notifications that the parser
    /// [selects](Parser::with_notify).
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn next_item<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Item<'a>>, Error> {
        let input = *chunk;
        let found = self.find(chunk)?;
        Ok(found.map(|found| self.view(input, found)))
    }

    /// As [`next_item`](Self::next_item), but borrows nothing: for a function of your own that
    /// loops and returns an event, as [`Parser::find`].
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn find(&mut self, chunk: &mut &[u8]) -> Result<Option<Found>, Error> {
        if !self.link.is_open() {
            *chunk = &[];
            return Ok(None);
        }
        let found = self.parser.find(chunk)?;
        if found.is_some_and(Found::is_event) {
            self.link.note_event();
        }
        Ok(found)
    }

    /// Returns the item that [`find`](Self::find) found in `chunk`, as [`Parser::view`] does.
    #[must_use]
    pub fn view<'a>(&'a self, chunk: &'a [u8], found: Found) -> Item<'a> {
        self.parser.view(chunk, found)
    }

    /// Dispatches the pending event, as [`Parser::flush_event`] does: before
    /// [`ended`](Self::ended), for servers that leave the last blank line out.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_event(&mut self) -> Result<Option<Event<'_>>, Error> {
        if !self.link.is_open() {
            return Ok(None);
        }
        let event = self.parser.flush_event()?;
        if event.is_some() {
            self.link.note_event();
        }
        Ok(event)
    }

    /// As [`flush_event`](Self::flush_event), and returns notifications, as
    /// [`Parser::flush_item`] does: call it until it returns `None`.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let found = self.find_at_end()?;
        Ok(found.map(|found| self.view(&[], found)))
    }

    /// As [`flush_item`](Self::flush_item), but borrows nothing: [`view`](Self::view) makes the
    /// item from the token and an empty chunk.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn find_at_end(&mut self) -> Result<Option<Found>, Error> {
        if !self.link.is_open() {
            return Ok(None);
        }
        let found = self.parser.find_at_end()?;
        if found.is_some_and(Found::is_event) {
            self.link.note_event();
        }
        Ok(found)
    }

    /// Returns `true` if another connection follows, should the open one end or break at `now`.
    ///
    /// Then do not flush: a pending block is sent again, whole, unless its ID counts as received.
    #[must_use]
    pub fn resumes(&self, now: Duration) -> bool {
        let mut link = self.link;
        link.fail(Failure::Broken, End::Disconnected, self.progress(), now);
        link.closed().is_none()
    }

    /// Reports that the body has ended. [`end`](Self::end) then returns how.
    pub fn ended(&mut self, now: Duration) {
        self.fail(Failure::Broken, self.parser.end(), now);
    }

    /// Reports that there is no response, or that the body broke off, stalled or timed out.
    pub fn lost(&mut self, lost: Lost, now: Duration) {
        let failure = match lost {
            Lost::Broken => Failure::Broken,
            Lost::Futile => Failure::Futile,
        };
        self.fail(failure, End::Disconnected, now);
    }

    /// Reports that the stream is complete: its final event has come. The open connection is read
    /// to its end, and no other follows.
    pub fn done(&mut self) {
        self.link.done();
    }

    /// Sets whether there is something other than a last event ID to resume from, such as a
    /// sequence number that the caller puts into the URL.
    pub fn set_cursor(&mut self, has_cursor: bool) {
        self.link.set_cursor(has_cursor);
    }

    /// Connects no more, and discards what comes.
    pub fn close(&mut self) {
        self.link.close();
    }

    /// Connects now, whatever the state, as a new source with the last event ID and reconnection
    /// time of this one. Discard the body that is open, with what is left of its chunk.
    pub fn reconnect(&mut self) {
        self.link.reconnect();
    }

    /// Returns the state, as `EventSource.readyState` has it.
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.link.ready_state()
    }

    /// Returns why it connects no more, or `None` if it does.
    #[must_use]
    pub const fn closed(&self) -> Option<Closed> {
        self.link.closed()
    }

    /// Returns how the last body ended: what a [tracker](crate::llm::Tracker::outcome) asks for.
    /// [`End::Disconnected`] if it broke off, or was left by [`close`](Self::close) or
    /// [`reconnect`](Self::reconnect). `None` before the first body and while one is open.
    #[must_use]
    pub const fn end(&self) -> Option<End> {
        self.link.end()
    }

    /// Returns the parser, for the last event ID and the reconnection time.
    #[must_use]
    pub const fn parser(&self) -> &Parser<B> {
        &self.parser
    }

    fn fail(&mut self, failure: Failure, end: End, now: Duration) {
        let progress = self.progress();
        self.link.fail(failure, end, progress, now);
    }

    fn progress(&self) -> Progress {
        Progress {
            has_id: !self.parser.last_event_id().is_empty(),
            reconnection_time: self.parser.reconnection_time_in_millis(),
        }
    }
}

impl<B: Buffer> fmt::Debug for Source<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("parser", &self.parser)
            .field("link", &self.link)
            .finish_non_exhaustive()
    }
}
