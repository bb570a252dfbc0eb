//! The push state machine: section 9.2.6 of the standard ("interpreting an
//! event stream"), one chunk at a time.
//!
//! # The rules
//!
//! 1. Everything that decides how the next byte is read is in [`Machine`], and
//!    where that byte stands in the grammar is its [`Position`].
//! 2. The machine answers with [`Span`]s, ranges into the chunk or the buffer.
//!    It borrows nothing; the parser makes the views, last.
//! 3. A line that lies whole in the chunk is read at once, and its value only
//!    noted ([`Turn`]). Before a call returns without having dispatched their
//!    event, noted values are copied: the next call brings another chunk.
//! 4. A line that straddles chunks is read piece by piece, and its value copied
//!    straight to where it will be read. Lengths are kept here; whatever the
//!    buffer holds behind them is left over and means nothing.
//! 5. What a straddling line holds only until it has ended (a text to be told,
//!    a second ID) is kept behind the block's data: the scratch space.
//! 6. At [`Position::BlockStart`] nothing is pending and every length of the
//!    block is zero, so the parser may take an event from the chunk without the
//!    machine hearing of it. The other fast paths (`fast`) do no more than
//!    `step` would, and leave the machine where `step` can go on.
//! 7. Nothing that is told may depend on where chunks end. Bounds are therefore
//!    checked on every value, copied or not, against sums of lengths alone.
//! 8. No byte is searched more than twice: a fast path that has searched in
//!    vain leaves its bytes to `step`, which searches once.

mod fast;
mod straddle;
mod text;
mod turn;

pub(crate) use fast::Fast;

use crate::buffer::{Full, Id, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Part, Refusal, Span, Step};
use crate::{Error, Field, Notify, scan};
pub(crate) use turn::Store;
use turn::{Turn, write};

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

    // In a line that began in an earlier chunk:
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

    /// The straddling line has shown what makes its field void.
    is_void: bool,
    /// The straddling line's text does not fit the scratch space.
    is_truncated: bool,
    /// The length of the straddling line's value; of a text to be told, as far
    /// as it is in the scratch space.
    value_len: usize,
    /// The digits of a `retry` field.
    number: u64,

    committed_id: Id,
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
            is_void: false,
            is_truncated: false,
            value_len: 0,
            number: 0,
            committed_id: Id::A,
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
    pub(crate) const fn last_event_id(&self) -> Span {
        Span::Buffer(Slot::Id(self.committed_id), Part::new(0, self.committed_id_len))
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
        buffer.write(Slot::Id(self.committed_id), 0, id).map_err(|Full| Error::OutOfMemory)?;
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

    /// Takes bytes from the front of `chunk`, up to the first thing to tell or to its end.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &mut &[u8],
    ) -> Result<Step, Error> {
        let input = *chunk;
        let mut turn = Turn::new(input, Store::new(buffer));
        let read = self.read(&mut turn);
        *chunk = input.get(turn.at..).unwrap_or_default();
        match read {
            Ok(()) => Ok(turn.told),
            Err(refusal) => Err(self.give_up(turn.store.buffer, refusal)),
        }
    }

    fn read(&mut self, turn: &mut Turn<'_>) -> Result<(), Refusal> {
        if self.is_in_line() {
            self.read_straddling_line(turn)?;
            if turn.has_told() {
                return Ok(());
            }
        } else if self.position == Position::BlockStartOversized {
            turn.store.buffer.release();
            self.position = Position::BlockStart;
        } else if self.position == Position::StreamStart(0) && !turn.chunk.is_empty() {
            self.position = Position::BlockStart;
            self.read_mark(turn);
        }
        loop {
            let rest = turn.rest();
            let Some(&first) = rest.first() else { return turn.keep_block() };
            match (self.position, first) {
                // A blank line between blocks, or a part of its end.
                (Position::BlockStart, b'\n' | b'\r') => {
                    turn.at += 1;
                    continue;
                }
                (Position::LineStartAfterCr, b'\n') => {
                    self.position = Position::LineStart;
                    turn.at += 1;
                    continue;
                }
                _ => {}
            }
            let Some(len) = scan::line_end(rest) else {
                // What the line keeps behind the data must be written after it.
                turn.keep_block()?;
                turn.at = turn.chunk.len();
                return self.read_piece(&mut turn.store, rest);
            };
            let line = Part::new(turn.at, turn.at + len);
            turn.at = line.end;
            self.end_line(turn);
            self.read_line(turn, line)?;
            if turn.has_told() {
                return turn.keep_block();
            }
        }
    }

    /// 9.2.5: one byte order mark at the start of the stream is ignored.
    fn read_mark(&mut self, turn: &mut Turn<'_>) {
        let seen =
            turn.chunk.iter().zip(BYTE_ORDER_MARK).take_while(|(one, other)| one == other).count();
        if seen == BYTE_ORDER_MARK.len() {
            turn.at = seen;
        } else if seen == turn.chunk.len() {
            turn.at = seen;
            self.position = Position::StreamStart(if seen == 1 { 1 } else { 2 });
        }
    }

    /// Steps over the CR or LF at which the line ends.
    fn end_line(&mut self, turn: &mut Turn<'_>) {
        self.position = match turn.chunk.get(turn.at) {
            Some(b'\r') => Position::LineStartAfterCr,
            _ => Position::LineStart,
        };
        turn.at += 1;
    }

    // A line that lies whole in the chunk.

    /// Reads the line, whose end is behind it already.
    fn read_line(&mut self, turn: &mut Turn<'_>, line: Part) -> Result<(), Refusal> {
        let bytes = line.of(turn.chunk);
        let to_line_end = |value: &[u8]| Part::new(line.end - value.len(), line.end);
        match bytes {
            // 9.2.6: a blank line dispatches the event.
            [] => {
                self.dispatch(turn);
                return Ok(());
            }
            // 9.2.6: a line that begins with a colon is ignored.
            [b':', text @ ..] => self.tell_comment(turn, to_line_end(without_space(text))),
            _ => match Name::split(bytes) {
                None => self.tell_unknown(turn, line),
                Some((name, _)) if self.passes_over(name) => {}
                Some((name, value)) => {
                    self.read_field(turn, name, to_line_end(without_space(value)))?;
                }
            },
        }
        self.settle();
        Ok(())
    }

    /// 9.2.6, "process the field": what each field name asks for.
    fn read_field(&mut self, turn: &mut Turn<'_>, name: Name, value: Part) -> Result<(), Refusal> {
        let bytes = value.of(turn.chunk);
        match name {
            Name::Data if !self.has_data => {
                if bytes.len() > turn.store.limits.data {
                    return Err(Refusal::TooLarge(Field::Data));
                }
                turn.held.data = Some(value);
                self.data_len = bytes.len();
                self.has_data = true;
            }
            Name::Event => {
                if bytes.len() > turn.store.limits.meta {
                    return Err(Refusal::TooLarge(Field::Event));
                }
                turn.held.event_type = Some(value);
                self.type_len = bytes.len();
            }
            // 9.2.6, `id`: a value that holds NUL is ignored.
            Name::Id if scan::has_nul(bytes) => return Ok(()),
            Name::Id => {
                if !self.id_fits(&turn.store, bytes.len()) {
                    return Err(Refusal::TooLarge(Field::Id));
                }
                self.keep_id(turn.store.buffer, bytes)?;
            }
            Name::Data | Name::Retry => {
                if name == Name::Data {
                    turn.keep_data()?;
                }
                self.begin_field(&mut turn.store, name)?;
                self.read_value(&mut turn.store, name, bytes)?;
                return self.end_field(turn, name);
            }
        }
        self.block = Block::Open;
        Ok(())
    }

    fn keep_id(&mut self, buffer: &mut (impl Storage + ?Sized), id: &[u8]) -> Result<(), Refusal> {
        write(buffer, Slot::Id(self.committed_id.other()), 0, id)?;
        self.has_id = true;
        self.pending_id_len = id.len();
        Ok(())
    }

    // The block.

    fn passes_over(&self, name: Name) -> bool {
        self.block == Block::GivenUp && name != Name::Retry
    }

    /// 9.2.6, "dispatch the event": what a blank line does.
    fn dispatch(&mut self, turn: &mut Turn<'_>) {
        let kept_data = Span::Buffer(Slot::Data, Part::new(0, self.data_len));
        let kept_type = Span::Buffer(Slot::EventType, Part::new(0, self.type_len));
        let data = turn.held.data.take().map_or(kept_data, Span::Chunk);
        let event_type = turn.held.event_type.take().map_or(kept_type, Span::Chunk);

        // Step 1: the ID is committed, whether or not an event follows.
        self.commit_id();
        // Step 2: without data there is no event, and its type is forgotten.
        let is_told_empty = self.block == Block::Open && self.notify.contains(Notify::EMPTY_BLOCKS);
        if self.has_data {
            turn.told = Step::Event { event_type, data };
        } else if is_told_empty {
            turn.told = Step::EmptyBlock { event_type };
        }
        self.end_block(turn.store.buffer);
    }

    fn commit_id(&mut self) {
        if self.has_id {
            self.committed_id = self.committed_id.other();
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
    }

    /// After a line: where no block has begun, the next line may begin one.
    fn settle(&mut self) {
        if self.block == Block::Empty {
            self.position = Position::BlockStart;
        }
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

/// 9.2.6: one space at the start of a value is dropped.
fn without_space(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}
