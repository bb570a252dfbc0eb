//! Answers and events from anything that is [`std::io::BufRead`].

use std::fmt;
use std::io::{self, BufRead, ErrorKind};
use std::time::{Duration, Instant};

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
use super::{AnswerEvent, Error};
use crate::{Buffer, Event, Item, Parser, VecBuf};

/// Reads the answer of a model, of any API.
///
/// ```
/// use sseam::adapter::io::AnswerReader;
/// use sseam::llm::{Collected, Delta, Outcome};
///
/// # let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\n: ping\n\ndata: [DONE]"[..];
/// // `body` is a file, a socket, a response's body.
/// let mut answers = AnswerReader::new(body);
/// let mut collected = Collected::with_limit(1 << 20);
/// while let Some(event) = answers.next_event() {
///     for delta in event.deltas() {
///         if let Delta::Text { text, .. } = delta {
///             print!("{text}");
///         }
///         if let Err(full) = collected.push(&delta) {
///             eprintln!("{full}");
///         }
///     }
/// }
/// if let Some(error) = answers.error() {
///     eprintln!("{error}"); // The connection broke, or an event was too large.
/// }
/// assert_eq!(answers.outcome(), Outcome::Completed);
/// assert_eq!(collected.text, "Good day");
/// ```
///
/// See [`adapter`](super#answers) for what it does at the end of the stream, and
/// [`EventReader`] for what to read from.
///
/// A read that fails is the end, and so is one that reaches the timeout that the socket was given
/// for reads. A server that sends nothing but keep-alives does not reach it: see
/// [`with_stall_limit`](Self::with_stall_limit).
pub struct AnswerReader<R, B = VecBuf> {
    reader: R,
    answers: AnswerDriver<B, io::Error>,
    stall_limit: Option<Duration>,
}

impl<R: BufRead> AnswerReader<R> {
    /// Reads from `reader`, with [`Parser::new`].
    pub fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> AnswerReader<R, B> {
    /// Reads from `reader`, with a parser of your own: its limits, its last event ID. What it
    /// notifies of is chosen here.
    pub fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, answers: AnswerDriver::new(parser), stall_limit: None }
    }

    /// Gives up when a call has waited for `limit` and only keep-alives have come. It looks at the
    /// clock whenever bytes have come; against silence, give the socket a timeout for reads. The
    /// error is [`ErrorKind::TimedOut`].
    #[must_use]
    pub const fn with_stall_limit(mut self, limit: Duration) -> Self {
        self.stall_limit = Some(limit);
        self
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
        let start = self.stall_limit.map(|limit| (Instant::now(), limit));
        loop {
            if let Some(is_found) = self.answers.found() {
                return is_found;
            }
            if start.is_some_and(|(start, limit)| start.elapsed() >= limit) {
                self.answers.fail(ErrorKind::TimedOut.into());
                return false;
            }
            match buffered(&mut self.reader, self.answers.driver()) {
                Ok(buffered) => {
                    let taken = self.answers.search(buffered);
                    self.reader.consume(taken);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.answers.fail(error),
            }
        }
    }

    answer_methods!(io::Error);

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

/// Reads events, each lent from the reader's own buffer where it lies whole in it.
///
/// ```
/// use sseam::End;
/// use sseam::adapter::io::EventReader;
///
/// let body = &b"data: one\n\ndata: two\n\n"[..]; // A file, a socket, a response's body.
/// let mut events = EventReader::new(body);
/// let mut seen = Vec::new();
/// while let Some(event) = events.next_event()? {
///     seen.push(event.data().to_string());
/// }
/// assert_eq!(seen, ["one", "two"]);
/// assert_eq!(events.end().unwrap(), End::Clean);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// What is not buffered goes into a [`std::io::BufReader`] first; its capacity is how
/// long an event may be that is not copied.
///
/// A reader that decompresses may hold back what its buffer has no room for until more
/// comes, and lose it where the connection breaks (flate2's do). Where each event counts
/// as it comes, ask the server for none: `accept-encoding: identity`.
pub struct EventReader<R, B = VecBuf> {
    reader: R,
    driver: Driver<B>,
}

impl<R: BufRead> EventReader<R> {
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
    /// See [`Error`]. [`Interrupted`](ErrorKind::Interrupted) is tried again.
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<io::Error>> {
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
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error<io::Error>> {
        if !self.find(Want::Items)? {
            return Ok(None);
        }
        let buffered = buffered(&mut self.reader, &self.driver).map_err(Error::Transport)?;
        Ok(self.driver.view(buffered))
    }

    /// Returns `true` if there is an item to view, `false` at the end of the stream.
    #[inline]
    fn find(&mut self, want: Want) -> Result<bool, Error<io::Error>> {
        self.reader.consume(self.driver.release(want));
        while !self.driver.has_found(want) {
            let buffered = match buffered(&mut self.reader, &self.driver) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                buffered => buffered.map_err(Error::Transport)?,
            };
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
fn buffered<'r, B: Buffer>(
    reader: &'r mut impl BufRead,
    driver: &Driver<B>,
) -> io::Result<&'r [u8]> {
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
