//! Owned items from a stream of chunks.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::stream::{FusedStream, Stream};

use super::super::driver::Want;
use super::{EventStream, SharedItem};
use crate::adapter::Error;
use crate::{Buffer, VecBuf};

/// A [`Stream`] of owned events and notifications. Returned by [`EventStream::into_items`].
///
/// ```
/// use bytes::Bytes;
/// use sseam::adapter::stream::{EventStream, SharedItem};
/// use sseam::{Notify, Parser};
/// use tokio_stream::StreamExt;
///
/// # embassy_futures::block_on(async {
/// # let body = tokio_stream::iter([Ok::<_, std::io::Error>(": keep-alive\ndata: x\n\n")]);
/// let parser = Parser::new().with_notify(Notify::COMMENTS);
/// let mut items = EventStream::with_parser(body, parser).into_items();
/// while let Some(item) = items.next().await {
///     match item? {
///         SharedItem::Event(event) => assert_eq!(event.data(), "x"),
///         SharedItem::Comment { text, .. } => assert_eq!(text, "keep-alive"),
///         _ => {}
///     }
/// }
/// # Ok::<(), sseam::adapter::Error<std::io::Error>>(()) }).unwrap();
/// ```
pub struct ItemStream<S, B = VecBuf> {
    events: EventStream<S, B>,
}

impl<S, B: Buffer> ItemStream<S, B> {
    pub(super) const fn new(events: EventStream<S, B>) -> Self {
        Self { events }
    }

    /// Returns the stream of events, which has the end, the parser, and the span of the last item.
    pub const fn get_ref(&self) -> &EventStream<S, B> {
        &self.events
    }

    /// Returns the stream of the further events.
    pub fn into_inner(self) -> EventStream<S, B> {
        self.events
    }
}

impl<S, B, T, E> Stream for ItemStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    type Item = Result<SharedItem, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let events = &mut self.get_mut().events;
        if !ready!(events.poll_found(context, Want::Items))? {
            return Poll::Ready(None);
        }
        let item = events.driver.view(&events.chunk);
        Poll::Ready(item.map(|item| Ok(SharedItem::share(&item, &events.chunk, &mut events.id))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.events.size_hint()
    }
}

impl<S, B, T, E> FusedStream for ItemStream<S, B>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    B: Buffer,
    T: Into<Bytes>,
{
    fn is_terminated(&self) -> bool {
        self.events.is_terminated()
    }
}

impl<S: fmt::Debug, B: Buffer> fmt::Debug for ItemStream<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream").field("events", &self.events).finish()
    }
}
