//! The common part of all adapters: the parser, what it found, and how the stream ended.

use super::position::Position;
use crate::parser::Found;
use crate::{Buffer, End, Error, Event, Item, Parser};

/// Feeds a parser from a transport's buffer.
///
/// An item that was found is a token until it is viewed, so that a dropped future loses nothing.
/// Its bytes are released at the next call.
#[derive(Clone)]
pub(super) struct Driver<B> {
    parser: Parser<B>,
    position: Position,
    /// The item that was found and is not viewed yet.
    found: Option<Found>,
    /// The number of buffered bytes up to the end of the item that was found or is in use.
    used: usize,
    phase: Phase,
    flush_at_end: bool,
}

#[derive(Clone)]
enum Phase {
    Open,
    /// The transport has ended, but not the stream.
    Closing,
    Ended(End),
}

/// The kind of items to search for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Events,
    Items,
}

impl Want {
    fn includes(self, found: Found) -> bool {
        self == Self::Items || found.is_event()
    }
}

/// The result of a search.
pub(super) enum Search {
    /// Nothing yet: search the rest of the buffered bytes.
    Nothing,
    /// An item to [view](Driver::view).
    Item,
    /// The end of the stream.
    End,
}

impl<B: Buffer> Driver<B> {
    pub(super) const fn new(parser: Parser<B>) -> Self {
        Self {
            parser,
            position: Position::new(),
            found: None,
            used: 0,
            phase: Phase::Open,
            flush_at_end: false,
        }
    }

    /// Selects that the end of the stream dispatches the pending event.
    pub(super) const fn flush_at_end(&mut self) {
        self.flush_at_end = true;
    }

    pub(super) const fn parser(&self) -> &Parser<B> {
        &self.parser
    }

    pub(super) const fn position(&self) -> &Position {
        &self.position
    }

    /// Returns the parser, for another transport.
    pub(super) fn into_parser(self) -> Parser<B> {
        self.parser
    }

    /// Returns how the stream ended, or `None` before its end.
    pub(super) const fn end(&self) -> Option<End> {
        match self.phase {
            Phase::Ended(end) => Some(end),
            Phase::Open | Phase::Closing => None,
        }
    }

    /// Returns `true` if the transport has ended and must not be read again.
    pub(super) const fn is_closed(&self) -> bool {
        !matches!(self.phase, Phase::Open)
    }

    /// Reports that the transport has ended.
    #[cfg(feature = "stream")]
    pub(super) fn close(&mut self) {
        if let Phase::Open = self.phase {
            self.phase = Phase::Closing;
        }
    }

    /// Prepares for a new stream, if the last one has ended.
    #[cfg(feature = "codec")]
    pub(super) fn reopen(&mut self) {
        if self.end().is_some() {
            self.phase = Phase::Open;
            self.position = Position::new();
        }
    }

    /// Prepares for a new connection, as [`Parser::reset`].
    #[cfg(feature = "codec")]
    pub(super) fn reset(&mut self) {
        self.parser.reset();
        self.phase = Phase::Open;
        self.position = Position::new();
    }

    /// Releases the item that was viewed, or that a dropped call found and this one does not want.
    /// Returns the number of bytes that the transport may drop.
    #[inline]
    pub(super) fn release(&mut self, want: Want) -> usize {
        if self.has_found(want) { 0 } else { self.forget() }
    }

    /// Releases the item that was viewed or found.
    #[inline]
    pub(super) fn forget(&mut self) -> usize {
        self.found = None;
        core::mem::take(&mut self.used)
    }

    /// Returns the number of the transport's bytes that the parser has taken.
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// Returns `true` if there is an item to [view](Self::view), perhaps from a dropped call.
    pub(super) fn has_found(&self, want: Want) -> bool {
        self.found.is_some_and(|found| want.includes(found))
    }

    /// Searches the transport's buffer, if nothing [was found](Self::has_found) before.
    ///
    /// An empty buffer means the end of the transport. Also returns the number of bytes that the
    /// transport may drop at once.
    #[inline]
    pub(super) fn search(&mut self, buffered: &[u8], want: Want) -> (Result<Search, Error>, usize) {
        debug_assert!(self.found.is_none(), "an item that was found is viewed first");
        if buffered.is_empty() {
            return (self.search_end(want), 0);
        }
        let mut rest = buffered;
        let found = match want {
            Want::Events => self.parser.find_event(&mut rest),
            Want::Items => self.parser.find(&mut rest),
        };
        let taken = buffered.len() - rest.len();
        self.position.advance(taken);
        match found {
            Ok(Some(found)) => {
                (self.found, self.used) = (Some(found), taken);
                (Ok(Search::Item), 0)
            }
            Ok(None) => (Ok(Search::Nothing), taken),
            Err(error) => (Err(error), taken),
        }
    }

    /// Returns the next event, as [`Parser::next_event`], without a token.
    #[cfg(feature = "codec")]
    #[inline]
    pub(super) fn next_event<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        let len = chunk.len();
        let event = self.parser.next_event(chunk);
        self.position.advance(len - chunk.len());
        if let Ok(Some(_)) = event {
            self.position.end_item();
        }
        event
    }

    /// Flushes, if selected, and ends the stream.
    fn search_end(&mut self, want: Want) -> Result<Search, Error> {
        if self.end().is_some() {
            return Ok(Search::End);
        }
        self.phase = Phase::Closing;
        let found = if self.flush_at_end { self.parser.find_at_end()? } else { None };
        match found {
            None => {
                self.phase = Phase::Ended(self.parser.finish());
                Ok(Search::End)
            }
            Some(found) if want.includes(found) => {
                self.found = Some(found);
                Ok(Search::Item)
            }
            Some(_) => Ok(Search::Nothing),
        }
    }

    /// Returns the event that was found, in the same bytes.
    #[inline]
    pub(super) fn view_event<'a>(&'a mut self, buffered: &'a [u8]) -> Option<Event<'a>> {
        let found = self.begin_use()?;
        debug_assert!(found.is_event(), "an event was searched for");
        Some(self.parser.view_event(buffered, found))
    }

    /// Returns the item that was found, in the same bytes, but does not mark it as viewed: a later
    /// call can return it again.
    pub(super) fn peek<'a>(&'a self, buffered: &'a [u8]) -> Option<Item<'a>> {
        Some(self.parser.view(buffered, self.found?))
    }

    /// Returns the item that was found, in the same bytes.
    #[inline]
    pub(super) fn view<'a>(&'a mut self, buffered: &'a [u8]) -> Option<Item<'a>> {
        let found = self.begin_use()?;
        Some(self.parser.view(buffered, found))
    }

    /// Marks the item that was found as viewed.
    #[inline]
    fn begin_use(&mut self) -> Option<Found> {
        self.position.end_item();
        self.found.take()
    }
}

/// Defines the common methods of all readers, streams and codecs of events.
macro_rules! event_methods {
    () => {
        /// Selects that a pending event is dispatched at the end of the stream, as by
        /// [`Parser::flush_event`](crate::Parser::flush_event).
        #[must_use]
        pub const fn with_flush(mut self) -> Self {
            self.driver.flush_at_end();
            self
        }

        /// Returns how the stream ended, or `None` before its end.
        pub const fn end(&self) -> Option<$crate::End> {
            self.driver.end()
        }

        $crate::adapter::driver::position_methods!(|self| self.driver);

        /// Returns the parser, which has the last event ID and the reconnection time.
        pub const fn parser(&self) -> &$crate::Parser<B> {
            self.driver.parser()
        }
    };
}

/// Defines the common methods of all types with a [`Driver`], for answers and events.
macro_rules! position_methods {
    (|$self:ident| $driver:expr) => {
        /// Returns the position in the stream of the last event or item, in bytes.
        ///
        /// It begins at the end of the previous one, so that spans tile the stream: bytes between
        /// two events, such as comments, belong to the second. Spans do not depend on where the
        /// stream is cut. An event ends with its blank line; if that ends in CRLF, the LF belongs
        /// to the next span. Before the first event, the span is empty.
        pub const fn span(&$self) -> core::ops::Range<u64> {
            $driver.position().span()
        }

        /// Returns the number of bytes that the parser has taken since the end of
        /// [`span`](Self::span). At the end of the stream, these are the bytes after the last
        /// event.
        pub const fn pending(&$self) -> u64 {
            $driver.position().pending()
        }
    };
}

pub(super) use {event_methods, position_methods};
