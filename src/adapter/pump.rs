//! What all adapters share: the parser, what it has found, and how it ended.

use crate::buffer::Slot;
use crate::event::DEFAULT_TYPE;
use crate::parser::{Part, Span, Step};
use crate::{Buffer, End, Error, Event, Item, Parser};

/// Feeds a parser from what a transport has buffered.
///
/// What is found is kept in ranges until it is lent, so that a future that is dropped
/// in between loses nothing; what it occupies is released when the next is asked for.
pub(super) struct Pump<B> {
    parser: Parser<B>,
    /// What was found and is not yet released.
    found: Option<Step>,
    /// How much of what is buffered it took.
    used: usize,
    is_lent: bool,
    stage: Stage,
    flushes: bool,
}

enum Stage {
    Open,
    /// The transport has ended, the stream not yet.
    Closing,
    Ended(End),
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Events,
    Items,
}

impl Wanted {
    fn includes(self, step: Step) -> bool {
        match step {
            Step::NeedMore => false,
            Step::Event { .. } => true,
            _ => self == Self::Items,
        }
    }
}

/// What a search has come to.
pub(super) enum Found {
    /// Nothing yet. What is left of the buffered bytes is to be searched again.
    Nothing,
    /// Something to [lend](Pump::lend).
    Item,
    /// The end of the stream.
    End,
}

impl<B: Buffer> Pump<B> {
    pub(super) const fn new(parser: Parser<B>) -> Self {
        Self { parser, found: None, used: 0, is_lent: false, stage: Stage::Open, flushes: false }
    }

    /// To dispatch what is pending at the end.
    pub(super) const fn flush(&mut self) {
        self.flushes = true;
    }

    pub(super) const fn parser(&self) -> &Parser<B> {
        &self.parser
    }

    /// The parser, to go on with another transport.
    pub(super) fn into_parser(self) -> Parser<B> {
        self.parser
    }

    /// How the stream ended, if it has.
    pub(super) const fn end(&self) -> Option<End> {
        match self.stage {
            Stage::Ended(end) => Some(end),
            Stage::Open | Stage::Closing => None,
        }
    }

    /// Whether the transport is not to be asked any more.
    pub(super) const fn is_closed(&self) -> bool {
        !matches!(self.stage, Stage::Open)
    }

    /// Lets go of what was lent: so many bytes the transport may now forget.
    #[inline]
    pub(super) fn release(&mut self) -> usize {
        if !self.is_lent {
            return 0;
        }
        self.is_lent = false;
        self.forget()
    }

    fn forget(&mut self) -> usize {
        self.found = None;
        core::mem::take(&mut self.used)
    }

    /// How many of the bytes that the transport still keeps the parser has taken.
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// Whether something is there to [lend](Self::lend), be it from a call that was dropped.
    pub(super) fn has_found(&self, wanted: Wanted) -> bool {
        self.found.is_some_and(|step| wanted.includes(step))
    }

    /// Looks for what is wanted, which [was not found](Self::has_found), in what the
    /// transport has buffered, of which nothing means that it has ended. Says, besides,
    /// how many bytes it may forget at once.
    #[inline]
    pub(super) fn search(
        &mut self,
        buffered: &[u8],
        wanted: Wanted,
    ) -> (Result<Found, Error>, usize) {
        if self.found.is_some() {
            // A notification, which a dropped call had asked for and this one has not.
            return (Ok(Found::Nothing), self.forget());
        }
        if buffered.is_empty() {
            return (self.search_end(wanted), 0);
        }
        let mut rest = buffered;
        let found = match wanted {
            Wanted::Events => self.next_event(&mut rest).map(|step| self.keep(step, wanted)),
            Wanted::Items => self.parser.advance(&mut rest).map(|step| self.keep(step, wanted)),
        };
        let taken = buffered.len() - rest.len();
        if let Ok(Found::Item) = found {
            self.used = taken;
            return (found, 0);
        }
        (found, taken)
    }

    /// As [`Parser::advance`], in half of its instructions; but it passes notifications
    /// over. What the parser lends is made ranges again.
    #[inline]
    fn next_event(&mut self, rest: &mut &[u8]) -> Result<Step, Error> {
        let chunk = *rest;
        let Some(event) = self.parser.next(rest)? else { return Ok(Step::NeedMore) };
        let event_type = event.event_type().as_bytes();
        // A constant, unless the stream names it.
        let event_type = if event_type == DEFAULT_TYPE {
            Span::EMPTY
        } else {
            locate(chunk, Slot::EventType, event_type)
        };
        let data = locate(chunk, Slot::Data, event.data().as_bytes());
        Ok(Step::Event { event_type, data })
    }

    /// What is pending when the transport has ended, if it is to be dispatched, and
    /// the end.
    fn search_end(&mut self, wanted: Wanted) -> Result<Found, Error> {
        if matches!(self.stage, Stage::Ended(_)) {
            return Ok(Found::End);
        }
        self.stage = Stage::Closing;
        let step = if self.flushes { self.parser.advance_to_end()? } else { Step::NeedMore };
        if matches!(step, Step::NeedMore) {
            self.stage = Stage::Ended(self.parser.finish());
            return Ok(Found::End);
        }
        Ok(self.keep(step, wanted))
    }

    #[inline]
    fn keep(&mut self, step: Step, wanted: Wanted) -> Found {
        if !wanted.includes(step) {
            return Found::Nothing;
        }
        self.found = Some(step);
        Found::Item
    }

    /// The event that was found, in the same bytes; it is released at the next call.
    #[inline]
    pub(super) fn lend_event<'a>(&'a mut self, buffered: &'a [u8]) -> Option<Event<'a>> {
        self.is_lent = true;
        let Some(Step::Event { event_type, data }) = self.found else { return None };
        Some(self.parser.event(buffered, event_type, data))
    }

    /// The item that was found, in the same bytes; it is released at the next call.
    #[inline]
    pub(super) fn lend<'a>(&'a mut self, buffered: &'a [u8]) -> Option<Item<'a>> {
        if let Some(Step::Event { .. }) = self.found {
            return self.lend_event(buffered).map(Item::Event);
        }
        self.is_lent = true;
        self.parser.item(buffered, self.found?)
    }
}

/// Where an event's value stands: in the chunk, or at the start of its slot.
#[inline]
fn locate(chunk: &[u8], slot: Slot, value: &[u8]) -> Span {
    let kept = Span::kept(slot, Part::new(0, value.len()));
    Part::within(chunk, value).map_or(kept, Span::lent)
}
