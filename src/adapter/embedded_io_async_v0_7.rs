//! Answers and events from anything that is [`embedded_io_async::BufRead`].

use core::fmt;

use ::embedded_io_async::BufRead;

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
use super::{AnswerEvent, Error};
#[cfg(feature = "alloc")]
use crate::VecBuf;
use crate::{Buffer, Event, Item, Parser};

/// Reads the answer of a model, of any API.
///
/// ```
/// use core::fmt::Write;
///
/// use embedded_io_async::BufRead;
/// use sseam::adapter::embedded_io_async_v0_7::AnswerReader;
/// use sseam::llm::{Answer, Delta, Outcome, Protocol};
/// use sseam::{ArrayBuf, Parser};
///
/// /// Writes the text as it comes.
/// async fn show<R: BufRead>(socket: R, screen: &mut impl Write) -> Outcome {
///     let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
///     let answer = Answer::of(Protocol::CHAT);
///     let mut answers = AnswerReader::with_parser(socket, parser).with_answer(answer);
///     while let Some(event) = answers.next_event().await {
///         for delta in event.deltas() {
///             if let Delta::Text { text, .. } = delta {
///                 let _ = text.write_to(screen); // What does not fit is not shown.
///             }
///         }
///     }
///     answers.outcome()
/// }
///
/// // Anything with a buffer of its own.
/// let socket = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]"[..];
/// let mut screen = String::new();
/// assert_eq!(embassy_futures::block_on(show(socket, &mut screen)), Outcome::Completed);
/// assert_eq!(screen, "Good day");
/// ```
///
/// See [`adapter`](super#answers) for what it does at the end of the stream. Its size is that of
/// the parser, the [`Answer`](crate::llm::Answer), and some 100 bytes.
///
/// A future that is dropped while it waits loses nothing, if that is so for the reader's own: the
/// next call goes on where it was. So a timer beside [`next_event`](Self::next_event), such as
/// `embassy_time::with_timeout`, is a limit on the time without progress: keep-alives do not end
/// the call.
pub struct AnswerReader<R: BufRead, B> {
    reader: R,
    answers: AnswerDriver<B, R::Error>,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<R: BufRead> AnswerReader<R, VecBuf> {
    /// Reads from `reader`, with [`Parser::new`].
    pub fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> AnswerReader<R, B> {
    /// Reads from `reader`, with a parser of your own: its limits, its last event ID. What it
    /// notifies of is chosen here.
    pub fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, answers: AnswerDriver::new(parser) }
    }

    /// Returns what the stream yields next, without keep-alives, or `None` at the end: of the
    /// stream, of the connection, or of the answer, after which nothing is read any more. Waits
    /// only if all that is buffered is parsed.
    pub async fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if !self.find().await {
            return None;
        }
        // The same bytes once more: a borrow of the search's could not be returned.
        match buffered(&mut self.reader, self.answers.driver()).await {
            Ok(buffered) => self.answers.view(buffered),
            Err(error) => {
                self.answers.fail(error);
                None
            }
        }
    }

    /// Returns `true` if there is something to view.
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

    /// Returns a reader of the events that follow, to drain a connection that is to be used again,
    /// or to take reader and parser [out of it](EventReader::into_parts).
    pub fn into_events(self) -> EventReader<R, B> {
        EventReader { reader: self.reader, driver: self.answers.into_driver() }
    }
}

impl<R: BufRead + fmt::Debug, B: Buffer> fmt::Debug for AnswerReader<R, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerReader")
            .field("reader", &self.reader)
            .field("parser", self.answers.driver().parser())
            .field("outcome", &self.answers.outcome())
            .field("error", &self.answers.error())
            .finish()
    }
}

/// Reads events, each lent from the reader's own buffer where it lies whole in it.
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
/// let socket = &b"data: one\n\ndata: two\n\n"[..]; // Anything with a buffer of its own.
/// assert_eq!(embassy_futures::block_on(count(socket)), Ok(2));
/// ```
///
/// A future that is dropped while it waits, as in a `select` with a timeout, loses
/// nothing, if that is so for the reader's own: the next call goes on where it was.
pub struct EventReader<R, B> {
    reader: R,
    driver: Driver<B>,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl<R: BufRead> EventReader<R, VecBuf> {
    /// Reads from `reader`, with [`Parser::new`].
    pub const fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> EventReader<R, B> {
    /// Reads from `reader`, with a parser of your own: its bounds, what it notifies of,
    /// its last event ID.
    pub const fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, driver: Driver::new(parser) }
    }

    /// The next event, or `None` at the end of the stream, where it stays. Waits only
    /// where all that is buffered is parsed.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The reader's are passed on, whatever their kind.
    pub async fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<R::Error>> {
        if !self.find(Want::Events).await? {
            return Ok(None);
        }
        // The same bytes once more: a borrow of the search's could not be returned.
        let buffered = buffered(&mut self.reader, &self.driver).await.map_err(Error::Transport)?;
        Ok(self.driver.view_event(buffered))
    }

    /// The next event or notification, as [`Parser::next_item`].
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

    /// The reader.
    pub const fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The reader, which stands behind what was lent last, and the parser, which goes
    /// on in the middle of an event if there is one under way. For a new connection
    /// [`reset`](Parser::reset) it, unless the stream has ended. What a dropped future
    /// had found already goes with it.
    pub fn into_parts(mut self) -> (R, Parser<B>) {
        self.reader.consume(self.driver.used());
        (self.reader, self.driver.into_parser())
    }
}

/// What is buffered, or a first read; nothing at the end, which is not asked for twice.
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
