//! Readers of answers and events over any [`embedded_io_async::BufRead`].
//!
//! ```
//! use sseam::adapter::embedded_io_async_v0_7::EventReader;
//! use sseam::{ArrayBuf, Parser};
//!
//! # embassy_futures::block_on(async {
//! let parser = Parser::with_buffer(ArrayBuf::<256>::new());
//! let mut events = EventReader::with_parser(&b"data: one\n\n"[..], parser);
//! assert_eq!(events.next_event().await?.unwrap().data(), "one");
//! # Ok::<(), sseam::adapter::Error<core::convert::Infallible>>(()) }).unwrap();
//! ```

use core::fmt;

use ::embedded_io_async::{BufRead, ErrorType};

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
use super::{AnswerEvent, Error};
#[cfg(feature = "alloc")]
use crate::VecBuf;
use crate::{Buffer, Event, Item, Parser};

/// A reader of a language model's answer, of any API.
///
/// ```
/// use core::fmt::Write;
///
/// use embedded_io_async::BufRead;
/// use sseam::adapter::embedded_io_async_v0_7::AnswerReader;
/// use sseam::llm::{Answer, Delta, Outcome, Protocol};
/// use sseam::{ArrayBuf, Parser};
///
/// /// Writes the text as it arrives.
/// async fn show<R: BufRead>(socket: R, screen: &mut impl Write) -> Outcome {
///     let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
///     let answer = Answer::of(Protocol::CHAT);
///     let mut answers = AnswerReader::with_parser(socket, parser).with_answer(answer);
///     while let Some(event) = answers.next_event().await {
///         for delta in event.deltas() {
///             if let Delta::Text { text, .. } = delta {
///                 let _ = text.write_to(screen); // Text that does not fit is not shown.
///             }
///         }
///     }
///     answers.outcome()
/// }
///
/// fn main() {
///     // Any buffered reader.
///     let socket = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]"[..];
///     let mut screen = String::new();
///     let outcome = embassy_futures::block_on(show(socket, &mut screen));
///     assert_eq!((outcome, screen.as_str()), (Outcome::Completed, "Hi"));
/// }
/// ```
///
/// See [`adapter`](super#answers) for errors and the end of the stream. Its size is that of the
/// parser and the [`Answer`](crate::llm::Answer), plus some 100 bytes.
///
/// A dropped future loses nothing if the reader's futures do not: the next call continues. So a
/// timeout around [`next_event`](Self::next_event), such as `embassy_time::with_timeout`, limits
/// the time without progress: keep-alives do not end the call.
pub struct AnswerReader<R: ErrorType, B> {
    reader: R,
    answers: AnswerDriver<B, R::Error>,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<R: BufRead> AnswerReader<R, VecBuf> {
    /// Creates a reader over `reader`, or a `&mut` of one, with [`Parser::new`].
    pub fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> AnswerReader<R, B> {
    /// Creates a reader over `reader`, with the limits and the last event ID of `parser`. Its
    /// notifications are replaced.
    pub fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, answers: AnswerDriver::new(parser) }
    }

    /// Returns the next event that matters to the answer, or `None` at the end.
    ///
    /// The end is that of the answer, the stream or the connection, after which it does not read
    /// again. Skips keep-alives. Waits only if all buffered bytes
    /// are parsed.
    pub async fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if !self.find().await {
            return None;
        }
        // The same bytes again: the borrow of the search cannot be returned.
        let buffered = buffered(&mut self.reader, self.answers.driver()).await;
        self.answers.view(buffered)
    }

    /// Returns `true` if there is an item to view.
    async fn find(&mut self) -> bool {
        self.reader.consume(self.answers.release());
        loop {
            if let Some(is_found) = self.answers.found() {
                return is_found;
            }
            match buffered(&mut self.reader, self.answers.driver()).await {
                Ok(buffered) => {
                    let taken = self.answers.search(buffered);
                    self.reader.consume(taken);
                }
                Err(error) => self.answers.fail(error),
            }
        }
    }

    answer_methods!(R::Error);

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

impl<R: ErrorType + fmt::Debug, B: Buffer> fmt::Debug for AnswerReader<R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerReader")
            .field("reader", &self.reader)
            .field("parser", self.answers.driver().parser())
            .field("outcome", &self.answers.outcome())
            .field("error", &self.answers.error())
            .finish()
    }
}

/// A reader of events, which borrow from the transport's buffer if they are whole in it.
///
/// ```
/// use embedded_io_async::BufRead;
/// use sseam::adapter::Error;
/// use sseam::adapter::embedded_io_async_v0_7::EventReader;
/// use sseam::{ArrayBuf, Parser};
///
/// async fn count<R: BufRead>(socket: R) -> Result<usize, Error<R::Error>> {
///     let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
///     let mut events = EventReader::with_parser(socket, parser);
///     let mut count = 0;
///     while let Some(_event) = events.next_event().await? {
///         count += 1;
///     }
///     Ok(count)
/// }
///
/// fn main() {
///     let socket = &b"data: one\n\ndata: two\n\n"[..]; // Any buffered reader.
///     assert_eq!(embassy_futures::block_on(count(socket)), Ok(2));
/// }
/// ```
///
/// A dropped future, as in a `select` with a timeout, loses nothing if the reader's futures do not:
/// the next call continues.
pub struct EventReader<R, B> {
    reader: R,
    driver: Driver<B>,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<R: BufRead> EventReader<R, VecBuf> {
    /// Creates a reader over `reader`, or a `&mut` of one, with [`Parser::new`].
    pub const fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> EventReader<R, B> {
    /// Creates a reader over `reader`, with the limits, notifications and last event ID of
    /// `parser`.
    pub const fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, driver: Driver::new(parser) }
    }

    /// Returns the next event, or `None` at the end of the stream and after it. Waits only if all
    /// buffered bytes are parsed.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Errors of the reader are returned, whatever their kind.
    pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<R::Error>> {
        if !self.find(Want::Events).await? {
            return Ok(None);
        }
        // The same bytes again: the borrow of the search cannot be returned.
        let buffered = buffered(&mut self.reader, &self.driver).await.map_err(Error::Transport)?;
        Ok(self.driver.view_event(buffered))
    }

    /// Returns the next event or notification, as [`Parser::next_item`].
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub async fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<R::Error>> {
        if !self.find(Want::Items).await? {
            return Ok(None);
        }
        let buffered = buffered(&mut self.reader, &self.driver).await.map_err(Error::Transport)?;
        Ok(self.driver.view(buffered))
    }

    /// Returns `true` if there is an item to view, `false` at the end of the stream.
    #[inline]
    async fn find(&mut self, want: Want) -> Result<bool, Error<R::Error>> {
        self.reader.consume(self.driver.release(want));
        while !self.driver.has_found(want) {
            let buffered =
                buffered(&mut self.reader, &self.driver).await.map_err(Error::Transport)?;
            let (found, taken) = self.driver.search(buffered, want);
            if matches!(found, Ok(Search::Item)) {
                break;
            }
            self.reader.consume(taken);
            if matches!(found.map_err(Error::Parse)?, Search::End) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    event_methods!();

    /// Returns the reader.
    pub const fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Returns the reader, positioned after the last event, and the parser.
    ///
    /// The parser may be in the middle of an event. For a new connection, [`reset`](Parser::reset)
    /// it, unless the stream has ended. An event that a dropped future has found is lost.
    pub fn into_parts(mut self) -> (R, Parser<B>) {
        self.reader.consume(self.driver.used());
        (self.reader, self.driver.into_parser())
    }
}

/// Returns the buffered bytes, reads if there are none, and returns none after the end.
async fn buffered<'r, R: BufRead, B: Buffer>(
    reader: &'r mut R,
    driver: &Driver<B>,
) -> Result<&'r [u8], R::Error> {
    if driver.is_closed() { Ok(&[]) } else { reader.fill_buf().await }
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
