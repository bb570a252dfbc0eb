//! Streams of answers and events over any [`Stream`] of chunks.
//!
//! Asynchronous HTTP clients return the body of a response as such a stream:
//! `Response::bytes_stream()` of reqwest, or a hyper body in `http_body_util::BodyDataStream`.
//!
//! ```
//! use bytes::Bytes;
//! use futures_core::Stream;
//! use sseam::adapter::{Error, stream::EventStream};
//!
//! async fn read<E>(body: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Result<(), Error<E>> {
//!     let mut events = EventStream::new(body);
//!     while let Some(event) = events.next_event().await? {
//!         println!("{}", event.data());
//!     }
//!     Ok(())
//! }
//! ```

mod items;

use core::fmt;
use core::future::poll_fn;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::stream::{FusedStream, Stream};

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
pub use super::shared::{SharedEvent, SharedItem};
use super::{AnswerEvent, Error};
use crate::{Buffer, Event, Item, Parser, VecBuf};
pub use items::ItemStream;

/// A stream of a language model's answer, of any API.
///
/// ```
/// use bytes::Bytes;
/// use futures_core::Stream;
/// use sseam::adapter::stream::AnswerStream;
/// use sseam::llm::{Collected, Delta, Outcome};
///
/// async fn show<E: core::fmt::Display>(
///     body: impl Stream<Item = Result<Bytes, E>> + Unpin,
/// ) -> Result<String, Outcome> {
///     let mut answers = AnswerStream::new(body);
///     let mut collected = Collected::with_limit(1 << 20);
///     while let Some(event) = answers.next_event().await {
///         for delta in event.deltas() {
///             if let Delta::Text { text, .. } = delta {
///                 print!("{text}");
///             }
///             if let Err(full) = collected.push(&delta) {
///                 eprintln!("{full}");
///             }
///         }
///     }
///     if let Some(error) = answers.error() {
///         eprintln!("{error}"); // The connection broke, or an event was too large.
///     }
///     match answers.outcome() {
///         Outcome::Completed => Ok(collected.text),
///         outcome => Err(outcome), // Perhaps a retry candidate.
///     }
/// }
///
/// fn main() {
///     // The body of a response; and any executor.
///     let chunks =
///         ["data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\nda", "ta: [DONE]"];
///     let body = tokio_stream::iter(chunks.map(|chunk| Ok::<_, std::io::Error>(Bytes::from(chunk))));
///     assert_eq!(embassy_futures::block_on(show(body)).as_deref(), Ok("Good day"));
/// }
/// ```
///
/// See [`adapter`](super#answers) for errors and the end of the stream, and [`EventStream`] for the
/// requirements on the stream of chunks.
///
/// # A limit on the time without progress
///
/// A dropped future loses nothing. So a timeout around [`next_event`](Self::next_event) limits the
/// time without progress: keep-alives do not end the call.
///
/// ```
/// # use bytes::Bytes;
/// # use futures_core::Stream;
/// # use std::{future::Future, time::Duration};
/// # mod tokio {
/// #     pub mod time {
/// #         pub async fn timeout<F: Future>(_: std::time::Duration, f: F) -> Result<F::Output, ()> {
/// #             Ok(f.await)
/// #         }
/// #     }
/// # }
/// use sseam::adapter::stream::AnswerStream;
/// use sseam::llm::{Delta, Outcome, StallWatch};
/// use tokio::time::timeout;
///
/// # async fn show<E>(body: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Outcome {
/// let mut answers = AnswerStream::new(body);
/// while let Ok(Some(event)) = timeout(StallWatch::ADVISED, answers.next_event()).await {
///     for delta in event.deltas() {
///         if let Delta::Text { text, .. } = delta {
///             print!("{text}");
///         }
///     }
/// }
/// answers.outcome() // Truncated after a timeout, and a retry candidate.
/// # }
/// ```
pub struct AnswerStream<S, E, B = VecBuf> {
    stream: S,
    /// The rest of the current chunk.
    chunk: Bytes,
    answers: AnswerDriver<B, E>,
}

impl<S, T, E> AnswerStream<S, E>
where
    S: Stream<Item = Result<T, E>>,
{
    /// Creates a stream over `stream`, with [`Parser::new`].
    pub fn new(stream: S) -> Self {
        Self::with_parser(stream, Parser::new())
    }
}

impl<S, T, E, B> AnswerStream<S, E, B>
where
    S: Stream<Item = Result<T, E>>,
    B: Buffer,
{
    /// Creates a stream over `stream`, with the limits and the last event ID of `parser`. Its
    /// selection of notifications is replaced by [`Answer::NOTIFY`](crate::llm::Answer::NOTIFY).
    pub fn with_parser(stream: S, parser: Parser<B>) -> Self {
        Self { stream, chunk: Bytes::new(), answers: AnswerDriver::new(parser) }
    }
}

impl<S, E, B: Buffer> AnswerStream<S, E, B> {
    answer_methods!(E);

    /// Returns the stream of chunks.
    pub const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// Returns a stream of the remaining events, to drain and reuse the connection.
    ///
    /// Its [`into_parts`](EventStream::into_parts) returns the stream of chunks and the parser.
    pub fn into_events(self) -> EventStream<S, B> {
        let driver = self.answers.into_driver();
        EventStream { stream: self.stream, chunk: self.chunk, driver, id: Bytes::new() }
    }
}

impl<S, T, E, B> AnswerStream<S, E, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    T: Into<Bytes>,
    B: Buffer,
{
    /// Returns the next event that matters to the answer, or `None` at the end.
    ///
    /// The end is that of the answer, the stream or the connection. After it, this method does not
    /// poll the stream again. Skips keep-alives. A dropped future loses nothing.
    pub async fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if !poll_fn(|context| self.poll_found(context)).await {
            return None;
        }
        self.answers.view(Ok(&self.chunk))
    }

    /// Returns `true` if there is an item to view.
    fn poll_found(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        self.chunk.advance(self.answers.release());
        loop {
            if let Some(is_found) = self.answers.found() {
                return Poll::Ready(is_found);
            }
            if !self.chunk.is_empty() || self.answers.driver().is_closed() {
                let taken = self.answers.search(&self.chunk);
                self.chunk.advance(taken);
                continue;
            }
            // A transport can reuse its buffer if no one else holds it.
            drop(mem::take(&mut self.chunk));
            match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                Some(Ok(chunk)) => self.chunk = chunk.into(),
                Some(Err(error)) => self.answers.fail(error),
                None => self.answers.close(),
            }
        }
    }
}

/// The parser and its buffer are never pinned.
impl<S: Unpin, E, B> Unpin for AnswerStream<S, E, B> {}

impl<S: fmt::Debug, E: fmt::Debug, B: Buffer> fmt::Debug for AnswerStream<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerStream")
            .field("stream", &self.stream)
            .field("parser", self.answers.driver().parser())
            .field("outcome", &self.answers.outcome())
            .field("error", &self.answers.error())
            .finish_non_exhaustive()
    }
}

/// A stream of events, which borrow from their chunk if they are whole in it.
///
/// ```
/// use bytes::Bytes;
/// use futures_core::Stream;
/// use sseam::adapter::{Error, stream::EventStream};
///
/// async fn read<E>(body: impl Stream<Item = Result<Bytes, E>>) -> Result<(), Error<E>> {
///     let mut events = EventStream::new(Box::pin(body));
///     while let Some(event) = events.next_event().await? {
///         println!("{}", event.data());
///     }
///     Ok(())
/// }
///
/// fn main() -> Result<(), Error<std::io::Error>> {
///     // The body of a response; and any executor.
///     let body = tokio_stream::iter(["data: one\n\nda", "ta: two\n\n"].map(|s| Ok(Bytes::from(s))));
///     embassy_futures::block_on(read(body))
/// }
/// ```
///
/// It is also a [`Stream`] of [`SharedEvent`]s, which are owned, but need no more copying than
/// borrowed events. Both may be mixed.
///
/// The stream of chunks must be [`Unpin`]: use [`Box::pin`](alloc::boxed::Box::pin) or
/// [`pin!`](core::pin::pin) for one that is not. It is polled only once all earlier chunks are
/// parsed, and never after its end.
pub struct EventStream<S, B = VecBuf> {
    stream: S,
    /// The rest of the current chunk.
    chunk: Bytes,
    driver: Driver<B>,
    /// The last event ID that was shared.
    id: Bytes,
}

impl<S> EventStream<S> {
    /// Creates a stream over `stream`, with [`Parser::new`].
    pub const fn new(stream: S) -> Self {
        Self::with_parser(stream, Parser::new())
    }
}

impl<S, B: Buffer> EventStream<S, B> {
    /// Creates a stream over `stream`, with the limits, notifications and last event ID of
    /// `parser`.
    pub const fn with_parser(stream: S, parser: Parser<B>) -> Self {
        Self { stream, chunk: Bytes::new(), driver: Driver::new(parser), id: Bytes::new() }
    }

    event_methods!();

    /// Returns a [`Stream`] of owned items: events, and the notifications that the
    /// [parser](Self::with_parser) selected.
    pub const fn into_items(self) -> ItemStream<S, B> {
        ItemStream::new(self)
    }

    /// Returns the stream of chunks.
    pub const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// Returns the stream of chunks, the parser, and the rest of the chunk after the last event.
    ///
    /// The parser may be in the middle of an event. For a new connection, [`reset`](Parser::reset)
    /// it, unless the stream has ended.
    pub fn into_parts(mut self) -> (S, Parser<B>, Bytes) {
        self.chunk.advance(self.driver.used());
        (self.stream, self.driver.into_parser(), self.chunk)
    }
}

impl<S, B, T, E> EventStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    /// Returns the next event, or `None` at the end of the stream and after it. A dropped future
    /// loses nothing.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<E>> {
        let is_found = match self.find_in_chunk(Want::Events) {
            Some(found) => found?,
            None => poll_fn(|context| self.poll_found(context, Want::Events)).await?,
        };
        Ok(if is_found { self.driver.view_event(&self.chunk) } else { None })
    }

    /// Returns the next event or notification, as [`Parser::next_item`].
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub async fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<E>> {
        let is_found = match self.find_in_chunk(Want::Items) {
            Some(found) => found?,
            None => poll_fn(|context| self.poll_found(context, Want::Items)).await?,
        };
        Ok(if is_found { self.driver.view(&self.chunk) } else { None })
    }

    /// Returns `true` if there is an item to view, `false` at the end of the stream.
    #[inline]
    fn poll_found(
        &mut self,
        context: &mut Context<'_>,
        want: Want,
    ) -> Poll<Result<bool, Error<E>>> {
        loop {
            if let Some(found) = self.find_in_chunk(want) {
                return Poll::Ready(found);
            }
            // A transport can reuse its buffer if no one else holds it.
            drop(mem::take(&mut self.chunk));
            match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                Some(chunk) => self.chunk = chunk.map_err(Error::Transport)?.into(),
                None => self.driver.close(),
            }
        }
    }

    /// Searches the rest of the chunk, as [`poll_found`](Self::poll_found). Returns `None` if
    /// another chunk is needed.
    #[inline]
    fn find_in_chunk(&mut self, want: Want) -> Option<Result<bool, Error<E>>> {
        self.chunk.advance(self.driver.release(want));
        while !self.driver.has_found(want) {
            if self.chunk.is_empty() && !self.driver.is_closed() {
                return None;
            }
            let (found, taken) = self.driver.search(&self.chunk, want);
            if matches!(found, Ok(Search::Item)) {
                break;
            }
            self.chunk.advance(taken);
            match found {
                Err(error) => return Some(Err(Error::Parse(error))),
                Ok(Search::End) => return Some(Ok(false)),
                Ok(_) => {}
            }
        }
        Some(Ok(true))
    }
}

/// Yields owned events.
impl<S, B, T, E> Stream for EventStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    type Item = Result<SharedEvent, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if !ready!(this.poll_found(context, Want::Events))? {
            return Poll::Ready(None);
        }
        let event = this.driver.view_event(&this.chunk);
        Poll::Ready(event.map(|event| Ok(SharedEvent::share(&event, &this.chunk, &mut this.id))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.end().map(|_| 0))
    }
}

impl<S, B, T, E> FusedStream for EventStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    fn is_terminated(&self) -> bool {
        self.end().is_some()
    }
}

/// The parser and its buffer are never pinned.
impl<S: Unpin, B> Unpin for EventStream<S, B> {}

impl<S: fmt::Debug, B: Buffer> fmt::Debug for EventStream<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("stream", &self.stream)
            .field("parser", self.driver.parser())
            .field("end", &self.driver.end())
            .finish_non_exhaustive()
    }
}
