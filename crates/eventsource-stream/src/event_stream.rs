//! The stream of events, and the trait that creates it.

use alloc::string::String;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::decoder::Decoder;
use crate::{Event, EventStreamError};

/// Makes an [`EventStream`] of a stream of bytes.
pub trait Eventsource: Sized {
    /// Returns the events in this stream of bytes.
    fn eventsource(self) -> EventStream<Self>;
}

impl<S, B, E> Eventsource for S
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    fn eventsource(self) -> EventStream<Self> {
        EventStream::new(self)
    }
}

pin_project! {
    /// A stream of the events in a stream of bytes.
    ///
    /// It ends with the stream of bytes, which it does not poll afterwards. An event whose
    /// blank line has not come by then is discarded, as the standard requires.
    pub struct EventStream<S> {
        #[pin]
        stream: S,
        // The type of the chunks is unknown here, so the rest of one is copied.
        rest: Vec<u8>,
        // How many bytes of `rest` are parsed.
        parsed: usize,
        has_ended: bool,
        decoder: Decoder,
    }
}

impl<S> EventStream<S> {
    /// Returns the events in `stream`.
    pub fn new(stream: S) -> Self {
        Self { stream, rest: Vec::new(), parsed: 0, has_ended: false, decoder: Decoder::new() }
    }

    /// Sets the last event ID, for a stream that resumes another: that of
    /// [`last_event_id`](Self::last_event_id), and of the events until the stream sets one.
    ///
    /// An ID with NUL, CR or LF, or of more than 64 KiB, is not passed on to the events.
    pub fn set_last_event_id(&mut self, id: impl Into<String>) {
        self.decoder.set_last_event_id(id.into());
    }

    /// Returns the ID that the last event had, or as set since then: what a client sends as
    /// `Last-Event-ID` when it reconnects.
    pub fn last_event_id(&self) -> &str {
        &self.decoder.last_event_id
    }
}

impl<S, B, E> Stream for EventStream<S>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    type Item = Result<Event, EventStreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        if *this.parsed < this.rest.len() {
            let mut rest = &this.rest[*this.parsed..];
            let next = this.decoder.poll_next(&mut rest);
            *this.parsed = this.rest.len() - rest.len();
            if next.is_ready() {
                return next;
            }
        }
        while !*this.has_ended {
            match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(Ok(bytes)) => {
                    let mut chunk = bytes.as_ref();
                    let next = this.decoder.poll_next(&mut chunk);
                    // At one event a chunk nothing is left.
                    if !(chunk.is_empty() && this.rest.is_empty()) {
                        (*this.rest, *this.parsed) = (chunk.to_vec(), 0);
                    }
                    if next.is_ready() {
                        return next;
                    }
                }
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(EventStreamError::Transport(error))));
                }
                None => *this.has_ended = true,
            }
        }
        Poll::Ready(None)
    }
}
