//! The push state machine: section 9.2.6 of the standard ("interpreting an
//! event stream"), one chunk at a time.
//!
//! # The rules
//!
//! 1. Everything that decides how the next byte is read is in [`Machine`], and
//!    where that byte stands in the grammar is its [`Position`].
//! 2. A step says of what kind the thing is that it has come to ([`Told`]). The
//!    parser asks for the rest, mostly in [`Span`]s, ranges into the chunk or the
//!    buffer, and then ends the block. The machine borrows nothing.
//! 3. A line is read byte by byte up to its value, and that in the pieces that
//!    the chunks have of it. There is no other way for lines that lie whole in
//!    the chunk.
//! 4. The first piece of a value is only noted ([`Place`]). Before a call returns
//!    without having dispatched its event, it is copied straight to where it will
//!    be read: the next call brings another chunk. Further pieces are copied at
//!    once. Lengths are kept here; whatever the buffer holds behind them is left
//!    over and means nothing.
//! 5. What a line that straddles chunks holds only until it has ended (a text to
//!    be told, a second ID) is kept behind the block's data: the scratch space.
//! 6. At [`Position::BlockStart`] nothing is pending and every length of the
//!    block is zero, so the parser may take an event from the chunk without the
//!    machine hearing of it. The other fast paths (`fast`) do no more than
//!    `step` would, and leave the machine where `step` can go on.
//! 7. Nothing that is told may depend on where chunks end. Bounds are therefore
//!    checked on every value, copied or not, against sums of lengths alone.
//! 8. No byte is searched more than twice: a fast path that has searched in
//!    vain leaves its bytes to `step`, which searches once.

mod fast;
mod line;
mod place;
mod text;

pub(crate) use fast::Fast;

use crate::buffer::{Full, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Refusal, Span, Told};
use crate::{Error, Field, Notify, scan, work};
use place::{Place, Places};

/// Where in the grammar the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)] // Else the kind hides in a niche, and every `match` has to compute it.
enum Position {
    /// At the start of the stream, where a byte order mark may stand.
    StreamStart,
    /// At the start of a block, with nothing pending. An LF here may be the
    /// second half of a CRLF or a blank line: neither does anything.
    BlockStart,
    /// As `BlockStart`, but the buffer holds more memory than it should.
    BlockStartOversized,
    /// At the start of a line of a block that has begun.
    LineStart,
    /// As `LineStart`, behind a CR: an LF belongs to it.
    LineStartAfterCr,

    // In a line:
    /// So many bytes into what may become this name.
    Name(Name, u8),
    /// Behind the colon of a field, where one space is dropped.
    Colon(Name),
    /// Behind the colon of a comment that is to be told, where one space is dropped.
    CommentColon,
    /// In the value of a `data` field.
    Data,
    /// In the value of another field.
    Value(Name),
    /// In a comment that is to be told.
    Comment,
    /// In the line of an unknown field that is to be told.
    Unknown,
    /// In a line whose rest means nothing.
    Ignored,
}

/// What the block has come to so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// No line of it counts.
    Empty,
    /// It has set data, an event type or an ID.
    Open,
    /// It broke a bound: its fields are passed over.
    GivenUp,
}

/// The state of a parser, but for the bytes in its buffer.
#[derive(Clone, Debug)]
// What is one byte long comes first: within 32 bytes of the start, access to it takes
// half the code on Cortex-M.
#[repr(C)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own.
pub(crate) struct Machine {
    position: Position,
    notify: Notify,
    /// What the last step has come to.
    told: Told,

    block: Block,
    /// The block has a `data` line that has ended.
    has_data: bool,
    /// The block has set an ID, which waits for the blank line.
    has_id: bool,
    /// The line has shown what makes its field void.
    is_void: bool,
    /// The line's ID or text does not fit the room for it.
    is_too_large: bool,
    committed_id: Slot,
    has_reconnection_time: bool,

    /// Of the block's data and event type, and of both IDs.
    values: Places,
    /// The value of the line under way, where that is none of a slot, or a text to be
    /// told; of that as far as it is noted or in the scratch space.
    line: Place,
    /// The digits of a `retry` field.
    number: u64,
    reconnection_time: u64,
}

impl Machine {
    pub(crate) const fn new() -> Self {
        Self {
            position: Position::StreamStart,
            notify: Notify::NONE,
            told: Told::Nothing,
            block: Block::Empty,
            has_data: false,
            has_id: false,
            is_void: false,
            is_too_large: false,
            committed_id: Slot::IdA,
            has_reconnection_time: false,
            values: Places::EMPTY,
            line: Place::EMPTY,
            number: 0,
            reconnection_time: 0,
        }
    }

    pub(crate) const fn choose(&mut self, which: Notify) {
        self.notify = which;
    }

    pub(crate) const fn notifies(&self) -> Notify {
        self.notify
    }

    /// Whether the fast path may take an event.
    #[inline]
    pub(crate) fn is_at_block_start(&self) -> bool {
        self.position == Position::BlockStart
    }

    /// Whether the next byte stands in the value of a `data` field.
    #[inline]
    pub(crate) fn is_in_data(&self) -> bool {
        self.position == Position::Data
    }

    /// The last event ID: the one committed at a blank line.
    #[inline]
    pub(crate) fn last_event_id<'b>(&self, buffer: &'b impl Storage) -> &'b [u8] {
        let slot = match self.committed_id {
            Slot::IdB => Slot::IdB,
            _ => Slot::IdA,
        };
        buffer.slot(slot).get(..self.values[slot].len).unwrap_or_default()
    }

    pub(crate) const fn reconnection_time(&self) -> Option<u64> {
        if self.has_reconnection_time { Some(self.reconnection_time) } else { None }
    }

    pub(crate) fn seed_last_event_id(
        &mut self,
        buffer: &mut dyn Storage,
        id: &[u8],
    ) -> Result<(), Error> {
        if id.iter().any(|byte| matches!(byte, b'\0' | b'\n' | b'\r')) {
            return Err(Error::InvalidLastEventId);
        }
        let limit = buffer.limits().meta;
        if id.len() > limit {
            return Err(Error::TooLarge { field: Field::Id, limit });
        }
        buffer.write(self.committed_id, 0, id).map_err(|Full| Error::OutOfMemory)?;
        self.values[self.committed_id].len = id.len();
        Ok(())
    }

    /// Forgets the stream, but for the last event ID and the reconnection time.
    pub(crate) fn reset(&mut self, buffer: &mut dyn Storage) {
        self.clear_block();
        self.position = Position::StreamStart;
        if buffer.is_oversized() {
            buffer.release();
        }
    }

    /// Whether the end of the stream would discard something.
    pub(crate) fn is_pending(&self) -> bool {
        self.block != Block::Empty || self.is_in_line()
    }

    /// The line ends that would dispatch what is pending.
    pub(crate) fn missing_line_ends(&mut self) -> &'static [u8] {
        if self.is_in_line() {
            b"\n\n"
        } else if self.block != Block::Empty {
            self.position = Position::LineStart;
            b"\n"
        } else {
            b""
        }
    }

    /// Whether all up to the line's end is of the same kind.
    fn is_in_value(&self) -> bool {
        matches!(
            self.position,
            Position::Data
                | Position::Value(_)
                | Position::Comment
                | Position::Unknown
                | Position::Ignored
        )
    }

    fn is_in_line(&self) -> bool {
        !matches!(
            self.position,
            Position::StreamStart
                | Position::BlockStart
                | Position::BlockStartOversized
                | Position::LineStart
                | Position::LineStartAfterCr
        )
    }

    /// Takes bytes from the front of `chunk`, up to the first thing to tell or to its
    /// end. Besides events it tells what `notify` asks for.
    // `notify` is an argument for the sake of size: a program that asks for nothing has
    // no code for it.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &mut &[u8],
        notify: Notify,
    ) -> Result<(), Refusal> {
        work::stepped();
        self.told = Told::Nothing;
        let input = *chunk;
        let mut at = 0;
        let read = self.read(buffer, input, &mut at, notify);
        *chunk = input.get(at..).unwrap_or_default();
        read?;
        // What is told now is lent from the chunk as long as it is at hand.
        if matches!(self.told, Told::Event | Told::EmptyBlock) {
            return Ok(());
        }
        self.keep_value(buffer, input, Slot::Data)?;
        let kept = self.keep_value(buffer, input, Slot::EventType);
        if self.told == Told::Nothing && notify != Notify::NONE {
            self.keep_noted_text(buffer, input);
        }
        kept
    }

    fn read(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: &mut usize,
        notify: Notify,
    ) -> Result<(), Refusal> {
        if buffer.is_oversized() && self.position == Position::BlockStartOversized {
            buffer.release();
            self.position = Position::BlockStart;
        }
        while let Some(&byte) = chunk.get(*at) {
            let start = *at;
            if matches!(byte, b'\n' | b'\r') {
                *at += 1;
                self.end_line(buffer, chunk, start, byte, notify)?;
                if self.told != Told::Nothing {
                    break;
                }
            } else if self.is_in_value() {
                let piece = scan::line(chunk.get(start..).unwrap_or_default());
                *at += piece.len();
                self.read_piece(buffer, chunk, start, piece, notify)?;
            } else {
                self.read_byte(buffer, chunk, at, byte, notify)?;
            }
        }
        Ok(())
    }

    // The block.

    fn passes_over(&self, name: Name) -> bool {
        self.block == Block::GivenUp && name != Name::Retry
    }

    /// 9.2.6, "dispatch the event": what a blank line does. A block that is told of ends
    /// when the parser has what it asked for.
    fn dispatch(&mut self, buffer: &dyn Storage, notify: Notify) {
        // Step 2: without data there is no event, and its type is forgotten.
        if self.has_data {
            self.told = Told::Event;
        } else if self.block == Block::Open && notify.contains(Notify::EMPTY_BLOCKS) {
            self.told = Told::EmptyBlock;
        } else {
            // Step 1: the ID is committed, whether or not an event follows.
            self.forget_event(buffer);
        }
    }

    /// What the last step has come to.
    pub(crate) fn told(&self) -> Told {
        self.told
    }

    /// Where the data or the event type stands of the block that was told of.
    pub(crate) fn span(&self, slot: Slot) -> Span {
        self.values[slot].span(slot)
    }

    /// The data or the event type of the event that was told, or the last event ID.
    #[inline(never)] // For the sake of size.
    pub(crate) fn bytes<'a>(
        &self,
        slot: Slot,
        chunk: &'a [u8],
        buffer: &'a impl Storage,
    ) -> &'a [u8] {
        self.values[slot].bytes(chunk, || buffer.slot(slot))
    }

    /// The slot of the last event ID.
    pub(crate) fn committed_id(&self) -> Slot {
        self.committed_id
    }

    fn commit_id(&mut self) {
        if self.has_id {
            self.committed_id = self.committed_id.other_id();
        }
    }

    /// Ends a block whose event is being told. Answers how long the event type
    /// is that was kept of it.
    pub(crate) fn end_event(&mut self, buffer: &(impl Storage + ?Sized)) -> usize {
        let type_len = self.values[Slot::EventType].len;
        self.commit_id();
        self.end_block(buffer);
        type_len
    }

    /// As [`end_event`](Self::end_event), in one place for all that is not fast.
    #[inline(never)] // For the sake of size.
    pub(crate) fn forget_event(&mut self, buffer: &dyn Storage) {
        self.end_event(buffer);
    }

    fn end_block(&mut self, buffer: &(impl Storage + ?Sized)) {
        self.clear_block();
        self.position = Position::BlockStart;
        self.plan_release(buffer);
    }

    fn clear_block(&mut self) {
        self.block = Block::Empty;
        self.has_data = false;
        self.has_id = false;
        self.values[Slot::Data] = Place::EMPTY;
        self.values[Slot::EventType] = Place::EMPTY;
        self.line = Place::EMPTY;
    }

    /// After something has been told that may be in the buffer, which can be
    /// given back when that has been seen.
    fn plan_release(&mut self, buffer: &(impl Storage + ?Sized)) {
        if self.is_at_block_start() && buffer.is_oversized() {
            self.position = Position::BlockStartOversized;
        }
    }

    /// Passes over the rest of the block, whose error is to be told.
    #[cold]
    pub(crate) fn give_up(&mut self, buffer: &mut dyn Storage, refusal: Refusal) -> Error {
        self.clear_block();
        self.block = Block::GivenUp;
        if self.is_in_line() {
            self.position = Position::Ignored;
        }
        if buffer.is_oversized() {
            buffer.release();
        }
        match refusal {
            Refusal::TooLarge(field) => {
                let limit = match field {
                    Field::Data => buffer.limits().data,
                    Field::Event | Field::Id => buffer.limits().meta,
                };
                Error::TooLarge { field, limit }
            }
            Refusal::OutOfMemory => Error::OutOfMemory,
        }
    }
}
