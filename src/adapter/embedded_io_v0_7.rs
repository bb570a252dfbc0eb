//! Answers and events from anything that is [`embedded_io::BufRead`].

use core::fmt;

use ::embedded_io::BufRead;

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
use super::{AnswerEvent, Error};
#[cfg(feature = "alloc")]
use crate::VecBuf;
use crate::{Buffer, Event, Item, Parser};

/// Reads the answer of a model, of any API.
///
/// ```
/// use sseam::adapter::embedded_io_v0_7::AnswerReader;
/// use sseam::llm::{Answer, Delta, Outcome, Protocol};
/// use sseam::{ArrayBuf, Parser};
///
/// // Anything with a buffer of its own.
/// let uart = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]"[..];
/// let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
/// let answer = Answer::of(Protocol::CHAT);
/// let mut answers = AnswerReader::with_parser(uart, parser).with_answer(answer);
/// while let Some(event) = answers.next_event() {
///     for delta in event.deltas() {
///         if let Delta::Text { text, .. } = delta {
///             print!("{text}"); // To a display, a serial line.
///         }
///     }
/// }
/// assert_eq!(answers.outcome(), Outcome::Completed);
/// ```
///
/// See [`adapter`](super#answers) for what it does at the end of the stream. Its size is that of
/// the parser, the [`Answer`](crate::llm::Answer), and some 100 bytes.
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
    /// stream, of the connection, or of the answer, after which nothing is read any more. Blocks
    /// only if all that is buffered is parsed.
    pub fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if !self.find() {
            return None;
        }
        // The same bytes once more: a borrow of the search's could not be returned.
        match buffered(&mut self.reader, self.answers.driver()) {
            Ok(buffered) => self.answers.view(buffered),
            Err(error) => {
                self.answers.fail(error);
                None
            }
        }
    }

    /// Returns `true` if there is something to view.
    fn find(&mut self) -> bool {
        self.reader.consume(self.answers.release());
        loop {
            if let Some(is_found) = self.answers.found() {
                return is_found;
            }
            match buffered(&mut self.reader, self.answers.driver()) {
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
/// use sseam::adapter::embedded_io_v0_7::EventReader;
/// use sseam::{ArrayBuf, End, Parser};
///
/// let uart = &b"data: one\n\ndata: two\n\n"[..]; // Anything with a buffer of its own.
/// let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
/// let mut events = EventReader::with_parser(uart, parser);
/// let mut count = 0;
/// while let Some(event) = events.next_event()? {
///     assert_eq!(event.event_type(), "message");
///     count += 1;
/// }
/// assert_eq!(count, 2);
/// assert_eq!(events.end().unwrap(), End::Clean);
/// # Ok::<(), sseam::adapter::Error<core::convert::Infallible>>(())
/// ```
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

    /// The next event, or `None` at the end of the stream, where it stays. Blocks only
    /// where all that is buffered is parsed.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The reader's are passed on, whatever their kind.
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<R::Error>> {
        if !self.find(Want::Events)? {
            return Ok(None);
        }
        // The same bytes once more: a borrow of the search's could not be returned.
        let buffered = buffered(&mut self.reader, &self.driver).map_err(Error::Transport)?;
        Ok(self.driver.view_event(buffered))
    }

    /// The next event or notification, as [`Parser::next_item`].
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<R::Error>> {
        if !self.find(Want::Items)? {
            return Ok(None);
        }
        let buffered = buffered(&mut self.reader, &self.driver).map_err(Error::Transport)?;
        Ok(self.driver.view(buffered))
    }

    /// Returns `true` if there is an item to view, `false` at the end of the stream.
    #[inline]
    fn find(&mut self, want: Want) -> Result<bool, Error<R::Error>> {
        self.reader.consume(self.driver.release(want));
        while !self.driver.has_found(want) {
            let buffered = buffered(&mut self.reader, &self.driver).map_err(Error::Transport)?;
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
    /// [`reset`](Parser::reset) it, unless the stream has ended.
    pub fn into_parts(mut self) -> (R, Parser<B>) {
        self.reader.consume(self.driver.used());
        (self.reader, self.driver.into_parser())
    }
}

/// What is buffered, or a first read; nothing at the end, which is not asked for twice.
fn buffered<'r, R: BufRead, B: Buffer>(
    reader: &'r mut R,
    driver: &Driver<B>,
) -> Result<&'r [u8], R::Error> {
    if driver.is_closed() { Ok(&[]) } else { reader.fill_buf() }
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
