//! Readers of answers and events over any [`std::io::BufRead`].
//!
//! ```
//! use sseam::adapter::io::EventReader;
//!
//! let mut events = EventReader::new(&b"data: one\n\n"[..]);
//! assert_eq!(events.next_event()?.unwrap().data(), "one");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::fmt;
use std::io::{self, BufRead, ErrorKind};
use std::time::{Duration, Instant};

use super::answer::{AnswerDriver, answer_methods};
use super::driver::{Driver, Search, Want, event_methods};
use super::{AnswerEvent, Error};
use crate::{Buffer, Event, Item, Parser, VecBuf};

/// A reader of a language model's answer, of any API.
///
/// ```
/// use sseam::adapter::io::AnswerReader;
/// use sseam::llm::{Collected, Delta, Outcome};
///
/// fn main() -> Result<(), Outcome> {
///     // A file, a socket, the body of a response.
///     let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n: ping\n\ndata: [DONE]"[..];
///     let mut answers = AnswerReader::new(body);
///     let mut collected = Collected::with_limit(1 << 20);
///     while let Some(event) = answers.next_event() {
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
///     assert_eq!(collected.text, "Hi");
///     match answers.outcome() {
///         Outcome::Completed => Ok(()),
///         outcome => Err(outcome), // Perhaps a retry candidate.
///     }
/// }
/// ```
///
/// See [`adapter`](super#answers) for errors and the end of the stream, and [`EventReader`] for
/// buffering and compression.
///
/// A read that fails ends the answer, and so does one that reaches the socket's read timeout. A
/// server that sends only keep-alives never reaches that timeout: see
/// [`with_stall_limit`](Self::with_stall_limit).
pub struct AnswerReader<R, B = VecBuf> {
    reader: R,
    answers: AnswerDriver<B, io::Error>,
    stall_limit: Option<Duration>,
}

impl<R: BufRead> AnswerReader<R> {
    /// Creates a reader over `reader`, or a `&mut` of one, with [`Parser::new`].
    pub fn new(reader: R) -> Self {
        Self::with_parser(reader, Parser::new())
    }
}

impl<R: BufRead, B: Buffer> AnswerReader<R, B> {
    /// Creates a reader over `reader`, with the limits and the last event ID of `parser`. Its
    /// notifications are replaced.
    pub fn with_parser(reader: R, parser: Parser<B>) -> Self {
        Self { reader, answers: AnswerDriver::new(parser), stall_limit: None }
    }

    /// Sets the maximum time that a call waits while only keep-alives arrive.
    ///
    /// The error is [`ErrorKind::TimedOut`]. The time is only checked when bytes arrive: to limit
    /// silence, set a read timeout on the socket.
    #[must_use]
    pub const fn with_stall_limit(mut self, limit: Duration) -> Self {
        self.stall_limit = Some(limit);
        self
    }

    /// Returns the next event that matters to the answer, or `None` at the end.
    ///
    /// That is the end of the answer, of the stream or of the connection. After it, later calls
    /// return `None` and do not read. Skips keep-alives. Blocks only if all buffered bytes are
    /// parsed.
    pub fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if !self.find() {
            return None;
        }
        // The same bytes again: the borrow of the search cannot be returned.
        let buffered = buffered(&mut self.reader, self.answers.driver());
        self.answers.view(buffered)
    }

    /// Returns `true` if there is an item to view.
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

/// A reader of events, which borrow from the transport's buffer if they are whole in it.
///
/// ```
/// use std::io;
///
/// use sseam::End;
/// use sseam::adapter::io::EventReader;
///
/// fn main() -> io::Result<()> {
///     // A file, a socket, the body of a response.
///     let body = &b"data: one\n\ndata: two\n\n"[..];
///     let mut events = EventReader::new(body);
///     while let Some(event) = events.next_event()? {
///         println!("{}: {}", event.event_type(), event.data());
///     }
///     assert_eq!(events.end(), Some(End::Clean));
///     Ok(())
/// }
/// ```
///
/// Wrap an unbuffered reader in a [`std::io::BufReader`]. Events longer than its capacity are
/// copied.
///
/// A decompressing reader may delay bytes that do not fit its buffer, and lose them if the
/// connection breaks, as those of flate2 do. If each event matters as soon as it arrives, send
/// `accept-encoding: identity`.
pub struct EventReader<R, B = VecBuf> {
    reader: R,
    driver: Driver<B>,
}

impl<R: BufRead> EventReader<R> {
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

    /// Returns the next event, or `None` at the end of the stream and after it. Blocks only if all
    /// buffered bytes are parsed.
    ///
    /// # Errors
    ///
    /// See [`Error`]. [`Interrupted`](ErrorKind::Interrupted) reads are repeated.
    pub fn next_event(&mut self) -> Result<Option<Event<'_>>, Error<io::Error>> {
        if !self.find(Want::Events)? {
            return Ok(None);
        }
        // The same bytes again: the borrow of the search cannot be returned.
        let buffered = buffered(&mut self.reader, &self.driver).map_err(Error::Transport)?;
        Ok(self.driver.view_event(buffered))
    }

    /// Returns the next event or notification, as [`Parser::next_item`].
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

    /// Returns the reader.
    pub const fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Returns the reader, positioned after the last byte that the parser has taken, and the parser.
    ///
    /// The parser may be in the middle of an event. For a new connection, [`reset`](Parser::reset)
    /// it, unless the stream has ended.
    pub fn into_parts(mut self) -> (R, Parser<B>) {
        self.reader.consume(self.driver.used());
        (self.reader, self.driver.into_parser())
    }
}

/// Returns the buffered bytes, reads if there are none, and returns none after the end.
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
