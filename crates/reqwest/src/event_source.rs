//! Events over as many connections as necessary.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::FusedStream;
use reqwest::header::HeaderMap;
use reqwest::{Client, IntoUrl, RequestBuilder};
use sseam::adapter::stream::{SharedEvent, SharedItem};
use sseam::source::{Closed, Policy, ReadyState, Request};
use sseam::{End, Event, Found, Parser, VecBuf};

use crate::driver::{Driver, Progress};
use crate::{CannotClone, Error};

/// Receives the events of a stream, and reconnects when the connection is lost.
///
/// ```no_run
/// use sseam_reqwest::EventSource;
///
/// # async fn listen() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = EventSource::get("http://localhost:8000/events")?;
/// while let Some(event) = source.next_event().await? {
///     println!("{}: {}", event.event_type(), event.data());
/// }
/// # Ok(())
/// # }
/// ```
///
/// By default it does what browsers do ([`Policy::event_source`]): it reconnects after each
/// connection that ended or broke, with `Last-Event-ID`, after the reconnection time; and stops at
/// a response that is not an event stream. For the answer of a language model use
/// [`AnswerSource`](crate::AnswerSource).
///
/// A lost connection that will be established again is never an error. [`next_item`](Self::next_item)
/// reports it: the page of the [crate] has that loop, which also continues after an event that
/// exceeds a limit.
///
/// Futures may be dropped at any time: nothing is lost, and a pending request or wait continues
/// with the next call. Requires a tokio runtime with time enabled.
pub struct EventSource {
    driver: Driver,
    /// The last event ID that was shared.
    id: Bytes,
}

/// What an [`EventSource`] receives. Returned by [`EventSource::next_item`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Item<T> {
    /// The response has arrived, and is an event stream: [`headers`](EventSource::headers) returns
    /// its headers.
    Open,
    /// An event, or a notification that the [parser](EventSource::with_parser) selects.
    Received(T),
    /// The connection was lost, or not established, and will be retried.
    Lost(Error),
}

impl Progress {
    fn view<T>(self, view: impl FnOnce(Found) -> T) -> Item<T> {
        match self {
            Self::Open => Item::Open,
            Self::Found(found) => Item::Received(view(found)),
            Self::Lost(error) => Item::Lost(error),
        }
    }
}

impl EventSource {
    /// Sends `request` for each connection.
    ///
    /// Adds `accept`, `cache-control` and `last-event-id`; the first two unless the request has its
    /// own.
    ///
    /// ```no_run
    /// use sseam::Parser;
    /// use sseam_reqwest::EventSource;
    ///
    /// # async fn listen() -> Result<(), Box<dyn std::error::Error>> {
    /// let request = reqwest::Client::new().get("http://localhost:8000/jobs/7").bearer_auth("token");
    /// let mut parser = Parser::with_limit(1 << 20);
    /// parser.set_last_event_id(b"12")?; // From an earlier run of the program.
    /// let mut source = EventSource::new(request)?.with_parser(parser).with_flush();
    /// while let Some(event) = source.next_event().await? {
    ///     if event.event_type() == "finished" {
    ///         source.done(); // Or `close`, to drop the rest. `reconnect` starts over.
    ///     }
    /// }
    /// println!("{:?}, {:?}, {:?}", source.closed(), source.end(), source.ready_state());
    /// println!("resume from {}", source.parser().last_event_id());
    /// println!("the last server: {:?}", source.headers().get("server"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CannotClone`] if its body is a stream, or it could not be built: see
    /// [`from_fn`](Self::from_fn).
    pub fn new(request: RequestBuilder) -> Result<Self, CannotClone> {
        Driver::repeat(request).map(Self::of)
    }

    /// Sends a GET request to `url`, by a new client.
    ///
    /// # Errors
    ///
    /// If `url` is invalid, or the client cannot be created: see [`ClientBuilder::build`](reqwest::ClientBuilder::build).
    pub fn get(url: impl IntoUrl) -> reqwest::Result<Self> {
        let (client, url) = (Client::builder().build()?, url.into_url()?);
        Ok(Self::from_fn(move |_| client.get(url.clone())))
    }

    /// Creates each request by a function: for a token that expires, a cursor in the URL, a body
    /// that is a stream. Adds headers as [`new`](Self::new) does.
    ///
    /// ```no_run
    /// use sseam::source::Policy;
    /// use sseam_reqwest::EventSource;
    ///
    /// # fn token() -> String { String::new() }
    /// # async fn listen() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = reqwest::Client::new();
    /// let mut source = EventSource::from_fn(move |request| {
    ///     let since = request.last_event_id().to_string(); // Sent as a header, too.
    ///     client.get(format!("http://localhost:8000/events?since={since}")).bearer_auth(token())
    /// })
    /// .with_policy(Policy::event_source().with_max_retries(Some(5)));
    /// while let Some(event) = source.next_event().await? {
    ///     println!("{}", event.data());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_fn(make: impl FnMut(Request<'_>) -> RequestBuilder + Send + 'static) -> Self {
        Self::of(Driver::new(make))
    }

    fn of(driver: Driver) -> Self {
        Self { driver, id: Bytes::new() }
    }

    /// Sets whether and when to reconnect. An open connection is dropped.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.driver.set_policy(policy);
        self
    }

    /// Sets the parser: its limits, its notifications, and the last event ID of an earlier run.
    #[must_use]
    pub fn with_parser(mut self, parser: Parser<VecBuf>) -> Self {
        self.driver.set_parser(parser);
        self
    }

    /// Dispatches the pending event at the end of the last body, as [`Parser::flush_event`] does:
    /// for servers that omit the last blank line. The standard discards it. It is also discarded if
    /// another connection follows, which sends it again.
    #[must_use]
    pub fn with_flush(mut self) -> Self {
        self.driver.flush_at_end();
        self
    }

    /// Returns the next event, borrowed from the chunk it came in.
    ///
    /// `None` if nothing follows: because you [closed](Self::close) it, the stream was
    /// [done](Self::done), the server answered 204, or the stream ended and the policy does not
    /// resume it. [`closed`](Self::closed) returns which.
    ///
    /// # Errors
    ///
    /// [`Error::Parse`] for an event that exceeds a limit; the next call continues after it. Any
    /// other error is final: the connection was lost, or there is none, and the policy allows no
    /// further one.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time enabled.
    pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error> {
        match poll_fn(|cx| self.poll_event(cx)).await {
            None => Ok(None),
            Some(found) => Ok(self.driver.view(found?).event()),
        }
    }

    /// As [`next_event`](Self::next_event), and also returns changes of the connection, and
    /// notifications.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    ///
    /// # Panics
    ///
    /// As [`next_event`](Self::next_event).
    pub async fn next_item(&mut self) -> Result<Option<Item<sseam::Item<'_>>>, Error> {
        let Some(progress) = poll_fn(|cx| self.driver.poll_progress(cx)).await else {
            return Ok(None);
        };
        Ok(Some(progress?.view(|found| self.driver.view(found))))
    }

    /// Returns a stream of what [`next_item`](Self::next_item) returns, owned.
    #[must_use]
    pub fn into_items(self) -> ItemStream {
        ItemStream { source: self }
    }

    /// Sets whether something other than a last event ID can be resumed from, such as a sequence
    /// number that the function of [`from_fn`](Self::from_fn) puts into the URL.
    pub fn set_cursor(&mut self, has_cursor: bool) {
        self.driver.set_cursor(has_cursor);
    }

    /// Closes the connection and does not reconnect.
    pub fn close(&mut self) {
        self.driver.close();
    }

    /// Marks the stream as complete: the rest of the open body is read, and no further connection
    /// follows.
    pub fn done(&mut self) {
        self.driver.done();
    }

    /// Closes the connection, if there is one, and connects at once, also after an error or
    /// [`close`](Self::close).
    pub fn reconnect(&mut self) {
        self.driver.reconnect();
    }

    /// Returns the state, like `EventSource.readyState`.
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.driver.source().ready_state()
    }

    /// Returns why it does not reconnect, or `None` if it does.
    #[must_use]
    pub const fn closed(&self) -> Option<Closed> {
        self.driver.source().closed()
    }

    /// Returns how the last body ended, for a [tracker](sseam::llm::Tracker::outcome). `None`
    /// before the first body and while one is open.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.driver.end()
    }

    /// Returns the headers of the last response that was an event stream; empty before that.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        self.driver.headers()
    }

    /// Returns the parser, for the last event ID and the reconnection time.
    #[must_use]
    pub const fn parser(&self) -> &Parser<VecBuf> {
        self.driver.source().parser()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Found, Error>>> {
        loop {
            match ready!(self.driver.poll_progress(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(Progress::Found(found))) if found.is_event() => {
                    return Poll::Ready(Some(Ok(found)));
                }
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Owned events, which share the chunk they arrived in.
///
/// The stream ends after a final error.
impl Stream for EventSource {
    type Item = Result<SharedEvent, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let found = ready!(this.poll_event(cx));
        let Self { driver, id } = this;
        Poll::Ready(match found {
            None => None,
            Some(Err(error)) => Some(Err(error)),
            Some(Ok(found)) => {
                let event = driver.view(found).event();
                event.map(|event| Ok(SharedEvent::share(&event, driver.chunk(), id)))
            }
        })
    }
}

impl FusedStream for EventSource {
    fn is_terminated(&self) -> bool {
        self.closed().is_some()
    }
}

impl fmt::Debug for EventSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSource").field("source", self.driver.source()).finish_non_exhaustive()
    }
}

/// A stream of owned items of an [`EventSource`]. Created by [`EventSource::into_items`].
///
/// ```no_run
/// use futures_core::Stream;
/// use sseam_reqwest::{EventSource, Item};
/// # async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
/// #     std::future::poll_fn(|context| std::pin::Pin::new(&mut *stream).poll_next(context)).await
/// # }
///
/// # async fn listen() -> Result<(), Box<dyn std::error::Error>> {
/// let mut items = EventSource::get("http://localhost:8000/events")?.into_items();
/// while let Some(item) = next(&mut items).await { // `StreamExt::next` of tokio-stream or futures.
///     match item? {
///         Item::Received(item) => println!("{:?}", item.as_item()),
///         Item::Lost(_) if items.get_ref().parser().last_event_id().is_empty() => {
///             items.get_mut().close(); // Nothing to resume from.
///         }
///         _ => {}
///     }
/// }
/// let source = items.into_inner();
/// println!("{:?}", source.closed());
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// If it is polled outside of a tokio runtime with time enabled.
#[derive(Debug)]
pub struct ItemStream {
    source: EventSource,
}

impl ItemStream {
    /// Returns the event source.
    #[must_use]
    pub const fn get_ref(&self) -> &EventSource {
        &self.source
    }

    /// Returns the event source, to close it or to reconnect.
    pub const fn get_mut(&mut self) -> &mut EventSource {
        &mut self.source
    }

    /// Returns the event source.
    #[must_use]
    pub fn into_inner(self) -> EventSource {
        self.source
    }
}

impl Stream for ItemStream {
    type Item = Result<Item<SharedItem>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let EventSource { driver, id } = &mut self.get_mut().source;
        Poll::Ready(ready!(driver.poll_progress(cx)).map(|progress| {
            progress.map(|progress| {
                progress.view(|found| SharedItem::share(&driver.view(found), driver.chunk(), id))
            })
        }))
    }
}

impl FusedStream for ItemStream {
    fn is_terminated(&self) -> bool {
        self.source.is_terminated()
    }
}
