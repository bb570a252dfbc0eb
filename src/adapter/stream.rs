//! Events from any [`Stream`] of chunks.
//!
//! That is what asynchronous HTTP clients make of a response's body: reqwest's
//! `Response::bytes_stream()`; a hyper body in `http_body_util::BodyDataStream`.

use core::fmt;
use core::future::poll_fn;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::stream::{FusedStream, Stream};

use super::Error;
use super::pump::{Found, Pump, Wanted};
pub use super::shared::SharedEvent;
use crate::{Buffer, End, Event, Item, Parser, VecBuf};

/// Reads events, each lent from its chunk where it lay whole in it.
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
/// ```
///
/// It is itself a [`Stream`], of [`SharedEvent`]s, which own what they hold and copy it
/// no more than those that are lent; both ways can be mixed.
///
/// The stream of chunks must be [`Unpin`]: use [`Box::pin`](alloc::boxed::Box::pin) or
/// [`pin!`](core::pin::pin) for one that is not. It is polled only where all that came is
/// parsed, and never behind its end.
pub struct EventStream<S, B = VecBuf> {
    stream: S,
    /// What is left of the chunk under way.
    chunk: Bytes,
    pump: Pump<B>,
    /// The last event ID that was shared.
    id: Bytes,
}

impl<S> EventStream<S> {
    /// Reads from `stream`, with [`Parser::new`].
    pub const fn new(stream: S) -> Self {
        Self::with_parser(stream, Parser::new())
    }
}

impl<S, B: Buffer> EventStream<S, B> {
    /// Reads from `stream`, with a parser of your own: its bounds, what it notifies of,
    /// its last event ID.
    pub const fn with_parser(stream: S, parser: Parser<B>) -> Self {
        Self { stream, chunk: Bytes::new(), pump: Pump::new(parser), id: Bytes::new() }
    }

    /// At the end of the stream dispatches what is pending, as [`Parser::flush`] does.
    #[must_use]
    pub const fn with_flush(mut self) -> Self {
        self.pump.flush();
        self
    }

    /// How the stream ended, once it has.
    pub const fn end(&self) -> Option<End> {
        self.pump.end()
    }

    /// The parser: the last event ID, the reconnection time.
    pub const fn parser(&self) -> &Parser<B> {
        self.pump.parser()
    }

    /// The stream of chunks.
    pub const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream of chunks; the parser, which goes on in the middle of an event if there
    /// is one under way; and what is left of the chunk behind what was yielded last. For a
    /// new connection [`reset`](Parser::reset) the parser, unless the stream has ended.
    pub fn into_parts(mut self) -> (S, Parser<B>, Bytes) {
        self.chunk.advance(self.pump.used());
        (self.stream, self.pump.into_parser(), self.chunk)
    }
}

impl<S, B, T, E> EventStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    /// The next event, or `None` at the end of the stream, where it stays. A future that
    /// is dropped before it is ready has lost nothing.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<E>> {
        let is_found = poll_fn(|context| self.poll_found(context, Wanted::Events)).await?;
        Ok(if is_found { self.pump.lend_event(&self.chunk) } else { None })
    }

    /// The next event or notification, as [`Parser::next_item`].
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub async fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<E>> {
        let is_found = poll_fn(|context| self.poll_found(context, Wanted::Items)).await?;
        Ok(if is_found { self.pump.lend(&self.chunk) } else { None })
    }

    /// Whether there is something to lend; else the stream has ended.
    #[inline]
    fn poll_found(
        &mut self,
        context: &mut Context<'_>,
        wanted: Wanted,
    ) -> Poll<Result<bool, Error<E>>> {
        self.chunk.advance(self.pump.release());
        while !self.pump.has_found(wanted) {
            while self.chunk.is_empty() && !self.pump.is_closed() {
                // Who reads into one buffer can use it again if no one else holds it.
                drop(mem::take(&mut self.chunk));
                match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                    Some(chunk) => self.chunk = chunk.map_err(Error::Transport)?.into(),
                    None => break,
                }
            }
            let (found, taken) = self.pump.search(&self.chunk, wanted);
            if matches!(found, Ok(Found::Item)) {
                break;
            }
            self.chunk.advance(taken);
            if matches!(found.map_err(Error::Parse)?, Found::End) {
                return Poll::Ready(Ok(false));
            }
        }
        Poll::Ready(Ok(true))
    }
}

/// The events, owned.
impl<S, B, T, E> Stream for EventStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    type Item = Result<SharedEvent, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if !ready!(this.poll_found(context, Wanted::Events))? {
            return Poll::Ready(None);
        }
        let event = this.pump.lend_event(&this.chunk);
        Poll::Ready(event.map(|event| Ok(SharedEvent::new(&event, &this.chunk, &mut this.id))))
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
            .field("parser", self.pump.parser())
            .field("end", &self.pump.end())
            .finish_non_exhaustive()
    }
}
