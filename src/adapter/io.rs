//! Events from anything that is [`std::io::BufRead`].

use std::fmt;
use std::io::{self, BufRead, ErrorKind};

use super::Error;
use super::driver::{Driver, Search, Want};
use crate::{Buffer, End, Event, Item, Parser, VecBuf};

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

    /// At the end of the stream dispatches what is pending, as [`Parser::flush_event`] does.
    #[must_use]
    pub const fn with_flush(mut self) -> Self {
        self.driver.flush_at_end();
        self
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
        self.reader.consume(self.driver.release());
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

    /// How the stream ended, once it has.
    pub const fn end(&self) -> Option<End> {
        self.driver.end()
    }

    /// The parser: the last event ID, the reconnection time.
    pub const fn parser(&self) -> &Parser<B> {
        self.driver.parser()
    }

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
