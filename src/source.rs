//! An event source without I/O: one stream over one connection after another.
//!
//! [`Source`] holds the parser and decides as the standard's `EventSource` does (WHATWG HTML,
//! sections 9.2.2 to 9.2.4): which response is an event stream, when to connect again and with
//! which headers, and when to stop. It has no clock, no sockets and no allocator. The caller calls
//! [`step`](Source::step), does what it returns, and reports the result. A [`Policy`] holds the
//! decisions that the standard leaves to the client.
//!
//! ```
//! use core::time::Duration;
//! use sseam::Parser;
//! use sseam::source::{Head, Policy, Source, Step};
//!
//! let now = Duration::from_secs(60); // A time since any fixed instant.
//! let mut source = Source::new(Parser::new(), Policy::event_source());
//! assert!(matches!(source.step(now), Step::Connect(_)));
//!
//! let content_type = Some(&b"text/event-stream"[..]);
//! source.answered(&Head { status: 200, content_type, retry_after: None }, now)?;
//! assert_eq!(source.step(now), Step::Read);
//!
//! let mut chunk: &[u8] = b"retry: 500\nid: 7\ndata: one\n\n";
//! while let Some(event) = source.next_event(&mut chunk)? {
//!     assert_eq!(event.data(), "one");
//! }
//! source.ended(now);
//! let until = now + Duration::from_millis(500); // Not how long, but until when.
//! assert_eq!(source.step(now), Step::Wait(until));
//!
//! let Step::Connect(request) = source.step(until) else { unreachable!() };
//! assert_eq!(request.last_event_id(), "7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! See [`Source`] for a whole program.
//!
//! # Rules for the caller
//!
//! - An error of [`next_event`](Source::next_event) concerns one event: go on with the rest of the
//!   chunk, as the program of [`Source`] does. The `?` above gives up instead.
//! - Read only if `step` returns [`Step::Read`]. Drop a response that arrives after the source was
//!   closed.
//! - [`Step::Wait`] may be until a time that a timer does not support: the valid field
//!   `retry: 18446744073709551615` means 585 million years. Wait for a shorter time and call `step`
//!   again.
//! - An ID may contain bytes that an HTTP client rejects in a header: see [`Request::headers`].
//! - After [`reconnect`](Source::reconnect) and [`close`](Source::close), drop the response and the
//!   rest of its chunk. A source cannot distinguish old bytes from new ones.
//! - At the end of a body that will be followed by another one, do not flush: see
//!   [`resumes`](Source::resumes).
//! - Send each request to the original URL. Only the headers differ.
//!
//! # Answers of language models
//!
//! A request that is sent twice is billed twice, and its answer starts over. So [`Policy::call`]
//! tries again only until a response has opened. Some APIs continue an answer from an ID or a
//! sequence number. For these choose [`Resume::WithCursor`], and report the answer's final event by
//! [`done`](Source::done): without that, the source takes the end of the response for a lost
//! connection, and asks for more. The outcome depends on how the last response ended:
//!
//! ```
//! # use sseam::Event;
//! # use sseam::llm::{Outcome, Tracker};
//! # let (event, mut tracker) = (Event::new("[DONE]"), Tracker::new());
//! # let mut source = sseam::source::Source::new(sseam::Parser::new(), sseam::source::Policy::call());
//! if tracker.observe(&event).is_end() {
//!     source.done();
//! }
//! // After `step` has returned `Closed`:
//! let outcome = tracker.outcome(source.end());
//! ```
//!
//! # States
//!
//! Each call is allowed in each state. [`step`](Source::step) changes *waiting* to *connecting*
//! when the wait is over. No other state changes by time alone.
//!
//! | call | connecting | open | waiting, closed |
//! | --- | --- | --- | --- |
//! | [`answered`](Source::answered), an event stream | open | – | – |
//! | `answered`, a status that the policy makes [transient](Policy::with_transient); none by default | waiting ¹, `Err` | `Err` | `Err` |
//! | `answered`, another status or type | closed, `Err` | `Err` | `Err` |
//! | [`ended`](Source::ended), [`lost`](Source::lost)`(Broken)` | waiting ¹ | waiting ¹ | – |
//! | `lost(Futile)` | closed | closed | – |
//! | [`done`](Source::done) | closed | – ² | closed |
//! | [`close`](Source::close) | closed | closed | closed |
//! | [`reconnect`](Source::reconnect) | connecting | connecting | connecting |
//! | bytes | discarded | events | discarded |
//!
//! –: nothing changes. `Err`: the call returns the refusal.
//!
//! ¹ Closed, if the policy's [`Resume`] does not allow another connection, or its limit of retries
//! is reached. The reason of a closed source stays until `reconnect`.
//!
//! ² Closed with [`Done`](Closed::Done) when the connection ends or breaks.
//!
//! # The standard, and policy
//!
//! | WHATWG HTML, 9.2.2 to 9.2.4 | here |
//! | --- | --- |
//! | a network error: reestablish the connection; if that is futile, fail it | [`Lost::Broken`], [`Lost::Futile`] |
//! | a status other than 200, or another type: fail | exact, unless [`Policy::with_transient`] names the status |
//! | the end of the body: reestablish | exact under [`Resume::Always`]; the other variants of [`Resume`] are policy |
//! | no limit on attempts | exact, unless [`Policy::with_max_retries`] sets one |
//! | wait for the reconnection time, and optionally some more | exact; a [minimum wait](Policy::with_min_wait), backoff, jitter and `Retry-After` are the "some more" |
//! | the reconnection time: a few seconds at first, then by `retry` | exact; 3 s, or [`Policy::with_reconnection_time`] |
//! | `Last-Event-ID`, if not empty | exact, except after an event with an empty `id`: then no header is sent, as in all browsers. By the standard's text, the previous request's header would be sent again |
//! | `Accept`, and the cache mode `no-store` | `accept: text/event-stream`, `cache-control: no-cache` |
//! | after [`close`](Source::close), and once the connection has failed: no event, no connection | exact; [`reconnect`](Source::reconnect) is an addition |
//! | a pending event at the end of the body is discarded | exact, unless [`flush_event`](Source::flush_event) is called |
//! | redirects, CORS, credentials, the events `open` and `error` | the caller's |

mod closed;
mod head;
mod link;
mod policy;
mod random;
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
/// See the [module](self) for its states and its relation to the standard.
///
/// ```
/// use std::io::{self, BufRead};
/// use std::thread::sleep;
/// use std::time::{Duration, Instant};
///
/// use sseam::Parser;
/// use sseam::source::{Head, Lost, Policy, Request, Source, Step};
///
/// struct Response {
///     status: u16,
///     content_type: Option<Vec<u8>>,
///     body: Box<dyn BufRead>,
/// }
///
/// /// Replace this by an HTTP client: it sends `request.headers()` besides your own.
/// fn get(request: Request<'_>) -> io::Result<Response> {
///     let (status, body): (u16, &'static [u8]) = match request.last_event_id().as_bytes() {
///         b"" => (200, b"retry: 1\nid: 7\ndata: one\n\nid: 8\nda"),
///         b"7" => (200, b"id: 8\ndata: two\n\n"),
///         _ => (204, b""),
///     };
///     let content_type = Some(b"text/event-stream".to_vec());
///     Ok(Response { status, content_type, body: Box::new(body) })
/// }
///
/// fn main() {
///     let clock = Instant::now();
///     let mut source = Source::new(Parser::new(), Policy::event_source());
///     let mut response = None;
///     let closed = loop {
///         match source.step(clock.elapsed()) {
///             Step::Connect(request) => match get(request) {
///                 Ok(it) => {
///                     let head = Head {
///                         status: it.status,
///                         content_type: it.content_type.as_deref(),
///                         retry_after: None,
///                     };
///                     // After an error, `step` returns whether to try again.
///                     if let Err(refusal) = source.answered(&head, clock.elapsed()) {
///                         eprintln!("{refusal}");
///                     }
///                     response = Some(it);
///                 }
///                 Err(_) => source.lost(Lost::Broken, clock.elapsed()),
///             },
///             Step::Read => {
///                 let body = &mut response.as_mut().expect("an open connection").body;
///                 match body.fill_buf() {
///                     Ok([]) => source.ended(clock.elapsed()),
///                     Ok(bytes) => {
///                         let (len, mut chunk) = (bytes.len(), bytes);
///                         loop {
///                             match source.next_event(&mut chunk) {
///                                 Ok(Some(event)) => println!("{}", event.data()),
///                                 Ok(None) => break, // The chunk is used up.
///                                 Err(error) => eprintln!("{error}"), // One event is lost.
///                             }
///                         }
///                         body.consume(len);
///                     }
///                     Err(_) => source.lost(Lost::Broken, clock.elapsed()),
///                 }
///             }
///             Step::Wait(until) => {
///                 let left = until.saturating_sub(clock.elapsed());
///                 sleep(left.min(Duration::from_secs(60 * 60)));
///             }
///             Step::Closed(closed) => break closed,
///         }
///     };
///     println!("{closed}");
/// #   assert_eq!(closed.to_string(), "the status is 204, not 200");
/// #   assert_eq!(source.parser().last_event_id(), "8");
/// }
/// ```
///
/// # Other calls
///
/// Notifications, a stream without its last blank line, and the calls of a user:
///
/// ```
/// use std::time::Duration;
///
/// use sseam::source::{Closed, Head, Policy, ReadyState, Source};
/// use sseam::{End, Item, Notify, Parser};
///
/// let now = Duration::ZERO;
/// let content_type = Some(&b"text/event-stream"[..]);
/// let head = Head { status: 200, content_type, retry_after: None };
/// let parser = Parser::new().with_notify(Notify::COMMENTS);
/// let mut source = Source::new(parser, Policy::call()).with_seed(7);
/// let _ = source.step(now);
/// source.answered(&head, now)?;
/// assert_eq!(source.ready_state(), ReadyState::Open);
///
/// let mut chunk: &[u8] = b": hello\n\ndata: one";
/// assert!(matches!(source.next_item(&mut chunk)?, Some(Item::Comment { .. })));
/// // To return an item from a function of your own:
/// let input = chunk;
/// if let Some(found) = source.find(&mut chunk)? {
///     println!("{:?}", source.view(input, found));
/// }
/// // At the end, if no other connection follows. Or `flush_item`, or `find_at_end` and `view`.
/// if !source.resumes(now) {
///     assert_eq!(source.flush_event()?.expect("an event").data(), "one");
/// }
/// source.ended(now);
/// assert_eq!(source.end(), Some(End::Clean));
/// assert_eq!(source.closed(), Some(Closed::NotResumed));
///
/// source.set_cursor(true); // From now on a sequence number could be resumed from.
/// source.reconnect();
/// assert_eq!(source.ready_state(), ReadyState::Connecting);
/// source.close();
/// assert_eq!(source.closed(), Some(Closed::ByCaller));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Source<B> {
    parser: Parser<B>,
    link: Link,
}

impl<B: Buffer> Source<B> {
    /// Creates a source that is about to connect.
    ///
    /// `parser` sets the limits and the notifications, and may have the last event ID and the
    /// reconnection time of an earlier run.
    #[must_use]
    pub const fn new(parser: Parser<B>, policy: Policy) -> Self {
        Self { parser, link: Link::new(policy) }
    }

    /// Sets the seed of random waits: a number that differs from client to client, such as a hash
    /// of its address or the time. Without a seed, waits are as long as the policy allows.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.link.set_seed(seed);
        self
    }

    /// Returns what to do at `now`, which is the time since any fixed instant by a monotonic clock.
    ///
    /// Repeated calls return the same, until a result is reported or a wait is over.
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
    /// Changes nothing if no request is pending: read the body only if [`step`](Self::step) returns
    /// [`Step::Read`].
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
                    // A new stream, also if the parser was in the middle of another one.
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
    /// As [`Parser::next_event`]: an error concerns one event, and the stream continues.
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

    /// Returns the next event, or notification that the parser [selects](Parser::with_notify), as
    /// [`Parser::next_item`] does.
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

    /// Finds the next event or selected notification and returns a token for it, as
    /// [`Parser::find`] does: for a function that loops and returns an event.
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

    /// Dispatches the pending event, as [`Parser::flush_event`] does.
    ///
    /// Call it before [`ended`](Self::ended), for servers that leave out the last blank line.
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

    /// Dispatches the pending event or returns a pending notification, as [`Parser::flush_item`]
    /// does. Call it until it returns `None`.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let found = self.find_at_end()?;
        Ok(found.map(|found| self.view(&[], found)))
    }

    /// Finds what [`flush_item`](Self::flush_item) returns, but borrows nothing:
    /// [`view`](Self::view) makes the item from the token and an empty chunk.
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

    /// Returns `true` if another connection would follow if the open one ended or broke at `now`.
    ///
    /// If so, do not flush: a flushed ID counts as received, and the server would not send that
    /// event again.
    #[must_use]
    pub fn resumes(&self, now: Duration) -> bool {
        let mut link = self.link;
        link.fail(Failure::Broken, End::Disconnected, self.progress(), now);
        link.closed().is_none()
    }

    /// Reports that the body has ended. [`end`](Self::end) then returns how it ended.
    pub fn ended(&mut self, now: Duration) {
        self.fail(Failure::Broken, self.parser.end(), now);
    }

    /// Reports that there was no response, or that the body broke off, stalled or timed out.
    pub fn lost(&mut self, lost: Lost, now: Duration) {
        let failure = match lost {
            Lost::Broken => Failure::Broken,
            Lost::Futile => Failure::Futile,
        };
        self.fail(failure, End::Disconnected, now);
    }

    /// Reports that the stream is complete, because its final event has arrived. The open
    /// connection is read to its end, and no other follows.
    pub fn done(&mut self) {
        self.link.done();
    }

    /// Sets whether the caller can resume from a position other than a last event ID, such as a
    /// sequence number in the URL.
    pub fn set_cursor(&mut self, has_cursor: bool) {
        self.link.set_cursor(has_cursor);
    }

    /// Closes the source: it does not connect again, and discards further bytes.
    pub fn close(&mut self) {
        self.link.close();
    }

    /// Connects now, in any state, like a new source with the last event ID and reconnection time
    /// of this one. Discard an open body, with the rest of its chunk.
    pub fn reconnect(&mut self) {
        self.link.reconnect();
    }

    /// Returns the state, as `EventSource.readyState`.
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.link.ready_state()
    }

    /// Returns the reason why the source is closed, or `None` if it is not.
    #[must_use]
    pub const fn closed(&self) -> Option<Closed> {
        self.link.closed()
    }

    /// Returns how the last body ended, for [`Tracker::outcome`](crate::llm::Tracker::outcome).
    ///
    /// [`End::Disconnected`] if it broke off, or if [`close`](Self::close) or
    /// [`reconnect`](Self::reconnect) was called while it was open. `None` before the first body and while one is
    /// open.
    #[must_use]
    pub const fn end(&self) -> Option<End> {
        self.link.end()
    }

    /// Returns the parser, which has the last event ID and the reconnection time.
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
