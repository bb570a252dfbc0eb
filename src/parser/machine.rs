//! The push state machine: section 9.2.6 of the standard ("interpreting an
//! event stream"), one chunk at a time.
//!
//! # The rules
//!
//! 1. Everything that decides how the next byte is read is in [`Machine`], and
//!    where that byte stands in the grammar is its [`Position`].
//! 2. The machine answers with [`Span`]s, ranges into the chunk or the buffer.
//!    It borrows nothing; the parser makes the views, last.
//! 3. A line is read byte by byte up to its value, and that in the pieces that
//!    the chunks have of it. There is no other way for lines that lie whole in
//!    the chunk.
//! 4. The first piece of a value is only noted ([`Noted`]). Before a call returns
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
mod text;

pub(crate) use fast::Fast;

use core::mem;

use crate::buffer::{Full, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Part, Refusal, Span, Step};
use crate::{Error, Field, Notify, scan, work};

const BYTE_ORDER_MARK: &[u8; 3] = b"\xEF\xBB\xBF";

/// Where in the grammar the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)] // Else the kind hides in a niche, and every `match` has to compute it.
enum Position {
    /// At the start of the stream, so many bytes into a byte order mark.
    StreamStart(u8),
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
    /// So many bytes into what may become this field name.
    Name(Name, u8),
    /// Behind the colon of a field, where one space is dropped.
    Colon(Name),
    /// In the value of a `data` field.
    Data,
    /// In the value of another field.
    Value(Name),
    /// Behind the colon of a comment that is to be told, where one space is dropped.
    CommentColon,
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

/// Where in the chunk a value begins that is noted and not copied.
// As an `Option` it would take twice the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Noted(usize);

impl Noted {
    /// It is copied, or there is none. No chunk is so long.
    const NOWHERE: Self = Self(usize::MAX);

    const fn at(start: usize) -> Self {
        Self(start)
    }

    /// What is noted, if a value of `len` bytes is.
    fn part(self, len: usize) -> Option<Part> {
        (self != Self::NOWHERE).then(|| Part::new(self.0, self.0 + len))
    }

    /// As [`part`](Self::part), of which nothing is noted any more.
    fn take(&mut self, len: usize) -> Option<Part> {
        mem::replace(self, Self::NOWHERE).part(len)
    }
}

/// The state of a parser, but for the bytes in its buffer.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own.
pub(crate) struct Machine {
    position: Position,
    notify: Notify,

    block: Block,
    /// The block has a `data` line that has ended.
    has_data: bool,
    /// The block has set an ID, which waits for the blank line.
    has_id: bool,
    data_len: usize,
    type_len: usize,
    pending_id_len: usize,
    /// Where in the chunk the data begins, while it is noted and not copied.
    data_at: Noted,
    /// The same of the event type.
    type_at: Noted,

    /// The line has shown what makes its field void.
    is_void: bool,
    /// The line's ID or text does not fit the room for it.
    is_too_large: bool,
    /// The length of the line's value; of a text to be told, as far as it is
    /// in the scratch space.
    value_len: usize,
    /// Where in the chunk the line's text begins, while it is noted.
    text_at: Noted,
    /// The digits of a `retry` field.
    number: u64,

    committed_id: Slot,
    committed_id_len: usize,
    has_reconnection_time: bool,
    reconnection_time: u64,
}

impl Machine {
    pub(crate) const fn new() -> Self {
        Self {
            position: Position::StreamStart(0),
            notify: Notify::NONE,
            block: Block::Empty,
            has_data: false,
            has_id: false,
            data_len: 0,
            type_len: 0,
            pending_id_len: 0,
            data_at: Noted::NOWHERE,
            type_at: Noted::NOWHERE,
            is_void: false,
            is_too_large: false,
            value_len: 0,
            text_at: Noted::NOWHERE,
            number: 0,
            committed_id: Slot::IdA,
            committed_id_len: 0,
            has_reconnection_time: false,
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
        buffer.slot(slot).get(..self.committed_id_len).unwrap_or_default()
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
        self.committed_id_len = id.len();
        Ok(())
    }

    /// Forgets the stream, but for the last event ID and the reconnection time.
    pub(crate) fn reset(&mut self, buffer: &mut dyn Storage) {
        self.clear_block();
        self.position = Position::StreamStart(0);
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
            Position::StreamStart(0)
                | Position::BlockStart
                | Position::BlockStartOversized
                | Position::LineStart
                | Position::LineStartAfterCr
        )
    }

    /// Takes bytes from the front of `chunk`, up to the first thing to tell, which
    /// becomes what `told` is, or to its end. Besides events it tells what `notify`
    /// asks for.
    // Both are arguments for the sake of size: a program that asks for nothing has no
    // code for it, and what is told is not handed through function by function.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &mut &[u8],
        notify: Notify,
        told: &mut Step,
    ) -> Result<(), Refusal> {
        work::stepped();
        let input = *chunk;
        let mut at = 0;
        let read = self.read(buffer, input, &mut at, notify, told);
        *chunk = input.get(at..).unwrap_or_default();
        read?;
        self.keep_block(buffer, input)?;
        if notify != Notify::NONE {
            self.keep_noted_text(buffer, input);
        }
        Ok(())
    }

    fn read(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: &mut usize,
        notify: Notify,
        told: &mut Step,
    ) -> Result<(), Refusal> {
        if self.position == Position::BlockStartOversized {
            buffer.release();
            self.position = Position::BlockStart;
        }
        while let Some(&byte) = chunk.get(*at) {
            let start = *at;
            if matches!(byte, b'\n' | b'\r') {
                *at += 1;
                self.end_line(buffer, chunk, start, notify, told)?;
                if !matches!(told, Step::NeedMore) {
                    break;
                }
            } else if self.is_in_value() {
                let rest = chunk.get(start..).unwrap_or_default();
                let piece = scan::line_end(rest).and_then(|len| rest.get(..len)).unwrap_or(rest);
                *at += piece.len();
                self.read_piece(buffer, chunk, start, piece, notify)?;
            } else {
                let read = self.read_byte(buffer, chunk, start, notify);
                *at += usize::from(!matches!(read, Ok(false)));
                read?;
            }
        }
        Ok(())
    }

    // The block.

    fn passes_over(&self, name: Name) -> bool {
        self.block == Block::GivenUp && name != Name::Retry
    }

    /// 9.2.6, "dispatch the event": what a blank line does.
    fn dispatch(&mut self, buffer: &dyn Storage, notify: Notify, told: &mut Step) {
        let event_type = value(Slot::EventType, self.type_at, self.type_len);
        // Step 2: without data there is no event, and its type is forgotten.
        if self.has_data {
            *told =
                Step::Event { event_type, data: value(Slot::Data, self.data_at, self.data_len) };
        } else if self.block == Block::Open && notify.contains(Notify::EMPTY_BLOCKS) {
            *told = Step::EmptyBlock { event_type };
        }
        // Step 1: the ID is committed, whether or not an event follows.
        self.end_event(buffer);
    }

    fn commit_id(&mut self) {
        if self.has_id {
            self.committed_id = self.committed_id.other_id();
            self.committed_id_len = self.pending_id_len;
        }
    }

    /// Ends a block whose event is being told. Answers how long the event type
    /// is that was kept of it.
    pub(crate) fn end_event(&mut self, buffer: &(impl Storage + ?Sized)) -> usize {
        let type_len = self.type_len;
        self.commit_id();
        self.end_block(buffer);
        type_len
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
        self.data_len = 0;
        self.type_len = 0;
        self.data_at = Noted::NOWHERE;
        self.type_at = Noted::NOWHERE;
        self.text_at = Noted::NOWHERE;
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

/// Where a value of `len` bytes stands: in the chunk, or in its slot.
fn value(slot: Slot, at: Noted, len: usize) -> Span {
    match at.part(len) {
        Some(part) => Span::lent(part),
        None => Span::kept(slot, Part::new(0, len)),
    }
}
