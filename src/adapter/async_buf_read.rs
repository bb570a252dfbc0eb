//! The readers over the traits `AsyncBufRead` of tokio and futures-io, which are alike.

use core::task::Poll;
use std::io::{self, ErrorKind};

/// Returns the buffered bytes, or an error if a reader waits for bytes that it had buffered.
///
/// The reader cannot be polled again: the borrow checker extends the borrow of the returned bytes
/// to the path that returns none.
pub(super) fn already_buffered(polled: Poll<io::Result<&[u8]>>) -> Poll<io::Result<&[u8]>> {
    match polled {
        Poll::Ready(buffered) => Poll::Ready(buffered),
        Poll::Pending => Poll::Ready(Err(ErrorKind::WouldBlock.into())),
    }
}

/// Defines `AnswerReader` and `EventReader` over a trait.
macro_rules! readers {
    (
        $AsyncBufRead:path;
        $(#[$answer_reader:meta])* AnswerReader;
        $(#[$event_reader:meta])* EventReader;
    ) => {
        use core::fmt;
        use core::future::poll_fn;
        use core::pin::Pin;
        use core::task::{Context, Poll, ready};
        use std::io;

        use super::answer::{AnswerDriver, answer_methods};
        use super::async_buf_read::already_buffered;
        use super::driver::{Driver, Search, Want, event_methods};
        use super::{AnswerEvent, Error};
        use crate::{Buffer, Event, Item, Parser, VecBuf};

        $(#[$answer_reader])*
        pub struct AnswerReader<R, B = VecBuf> {
            reader: R,
            answers: AnswerDriver<B, io::Error>,
        }

        impl<R: $AsyncBufRead + Unpin> AnswerReader<R> {
            /// Creates a reader over `reader`, or a `&mut` of one, with [`Parser::new`].
            pub fn new(reader: R) -> Self {
                Self::with_parser(reader, Parser::new())
            }
        }

        impl<R: $AsyncBufRead + Unpin, B: Buffer> AnswerReader<R, B> {
            /// Creates a reader over `reader`, with the limits and the last event ID of `parser`.
            /// Its notifications are replaced.
            pub fn with_parser(reader: R, parser: Parser<B>) -> Self {
                Self { reader, answers: AnswerDriver::new(parser) }
            }

            /// Returns the next event that matters to the answer, or `None` at the end.
            ///
            /// The end is that of the answer, the stream or the connection, after which it does not
            /// read again. Skips keep-alives. Waits only if all buffered bytes are parsed. A
            /// dropped future loses nothing.
            pub async fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
                if !poll_fn(|context| self.poll_found(context)).await {
                    return None;
                }
                let buffered = buffered(&mut self.reader, self.answers.driver()).await;
                self.answers.view(buffered)
            }

            /// Returns `true` if there is an item to view.
            fn poll_found(&mut self, context: &mut Context<'_>) -> Poll<bool> {
                Pin::new(&mut self.reader).consume(self.answers.release());
                loop {
                    if let Some(is_found) = self.answers.found() {
                        return Poll::Ready(is_found);
                    }
                    let driver = self.answers.driver();
                    match ready!(poll_buffered(&mut self.reader, driver, context)) {
                        Ok(buffered) => {
                            let taken = self.answers.search(buffered);
                            Pin::new(&mut self.reader).consume(taken);
                        }
                        Err(error) => self.answers.fail(error),
                    }
                }
            }

            answer_methods!(io::Error);

            /// Returns the reader.
            pub const fn get_ref(&self) -> &R {
                &self.reader
            }

            /// Returns a reader of the further events, to drain and reuse the connection.
            ///
            /// Also the way to get reader and parser, by [`into_parts`](EventReader::into_parts).
            pub fn into_events(self) -> EventReader<R, B> {
                EventReader { reader: self.reader, driver: self.answers.into_driver() }
            }
        }

        impl<R: fmt::Debug, B: Buffer> fmt::Debug for AnswerReader<R, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("AnswerReader")
                    .field("reader", &self.reader)
                    .field("parser", self.answers.driver().parser())
                    .field("outcome", &self.answers.outcome())
                    .field("error", &self.answers.error())
                    .finish_non_exhaustive()
            }
        }

        $(#[$event_reader])*
        pub struct EventReader<R, B = VecBuf> {
            reader: R,
            driver: Driver<B>,
        }

        impl<R: $AsyncBufRead + Unpin> EventReader<R> {
            /// Creates a reader over `reader`, or a `&mut` of one, with [`Parser::new`].
            pub const fn new(reader: R) -> Self {
                Self::with_parser(reader, Parser::new())
            }
        }

        impl<R: $AsyncBufRead + Unpin, B: Buffer> EventReader<R, B> {
            /// Creates a reader over `reader`, with the limits, notifications and last event ID of
            /// `parser`.
            pub const fn with_parser(reader: R, parser: Parser<B>) -> Self {
                Self { reader, driver: Driver::new(parser) }
            }

            /// Returns the next event, or `None` at the end of the stream and after it.
            ///
            /// Waits only if all buffered bytes are parsed. A dropped future loses nothing.
            ///
            /// # Errors
            ///
            /// See [`Error`]. Errors of the reader are returned, whatever their kind.
            pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<io::Error>> {
                if !poll_fn(|context| self.poll_found(context, Want::Events)).await? {
                    return Ok(None);
                }
                let buffered = buffered(&mut self.reader, &self.driver).await;
                Ok(self.driver.view_event(buffered.map_err(Error::Transport)?))
            }

            /// Returns the next event or notification, as [`Parser::next_item`].
            ///
            /// # Errors
            ///
            /// As [`next_event`](Self::next_event).
            pub async fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<io::Error>> {
                if !poll_fn(|context| self.poll_found(context, Want::Items)).await? {
                    return Ok(None);
                }
                let buffered = buffered(&mut self.reader, &self.driver).await;
                Ok(self.driver.view(buffered.map_err(Error::Transport)?))
            }

            /// Returns `true` if there is an item to view, `false` at the end of the stream.
            fn poll_found(
                &mut self,
                context: &mut Context<'_>,
                want: Want,
            ) -> Poll<Result<bool, Error<io::Error>>> {
                Pin::new(&mut self.reader).consume(self.driver.release(want));
                while !self.driver.has_found(want) {
                    let buffered = ready!(poll_buffered(&mut self.reader, &self.driver, context));
                    let buffered = buffered.map_err(Error::Transport)?;
                    let (found, taken) = self.driver.search(buffered, want);
                    if matches!(found, Ok(Search::Item)) {
                        break;
                    }
                    Pin::new(&mut self.reader).consume(taken);
                    if matches!(found.map_err(Error::Parse)?, Search::End) {
                        return Poll::Ready(Ok(false));
                    }
                }
                Poll::Ready(Ok(true))
            }

            event_methods!();

            /// Returns the reader.
            pub const fn get_ref(&self) -> &R {
                &self.reader
            }

            /// Returns the reader, positioned after the last event, and the parser.
            ///
            /// The parser may be in the middle of an event. For a new connection,
            /// [`reset`](Parser::reset) it, unless the stream has ended.
            pub fn into_parts(mut self) -> (R, Parser<B>) {
                Pin::new(&mut self.reader).consume(self.driver.used());
                (self.reader, self.driver.into_parser())
            }
        }

        impl<R: fmt::Debug, B: Buffer> fmt::Debug for EventReader<R, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("EventReader")
                    .field("reader", &self.reader)
                    .field("parser", self.driver.parser())
                    .field("end", &self.driver.end())
                    .finish()
            }
        }

        /// Returns the buffered bytes, reads if there are none, and returns none after the end.
        fn poll_buffered<'r, R: $AsyncBufRead + Unpin, B: Buffer>(
            reader: &'r mut R,
            driver: &Driver<B>,
            context: &mut Context<'_>,
        ) -> Poll<io::Result<&'r [u8]>> {
            if driver.is_closed() {
                return Poll::Ready(Ok(&[]));
            }
            Pin::new(reader).poll_fill_buf(context)
        }

        /// Returns the bytes of the item that was found again: the borrow of the search cannot be
        /// returned.
        async fn buffered<'r, R: $AsyncBufRead + Unpin, B: Buffer>(
            reader: &'r mut R,
            driver: &Driver<B>,
        ) -> io::Result<&'r [u8]> {
            let mut reader = Some(reader);
            poll_fn(|context| {
                let polled = reader.take().map(|reader| poll_buffered(reader, driver, context));
                already_buffered(polled.unwrap_or(Poll::Pending))
            })
            .await
        }
    };
}

pub(super) use readers;
