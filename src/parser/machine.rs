//! The push state machine: section 9.2.6 of the standard ("interpreting an event
//! stream"), one chunk at a time.
//!
//! # The rules
//!
//! 1. A line has a kind ([`Line`]) and a value in pieces ([`Piece`]), each of which may be the
//!    first, the last, or both. A whole line has one piece and takes the same path.
//! 2. A name is compared byte by byte; then one search finds the end of the piece. The machine
//!    searches each byte once, after at most one shortcut that failed.
//! 3. The search for the end of an ID also stops at NUL: the line is then [`Line::Ignored`].
//! 4. Data and event type are borrowed from the chunk as long as they are one piece. Only the
//!    current step holds them ([`Borrowed`]): a step that ends without completing a block
//!    copies them. Lengths are in the machine, so the limits apply to every value, copied or not.
//! 5. A value that an unfinished line needs until its end (a text to be reported, a second ID)
//!    is in the scratch space: the buffer after the block's data.
//! 6. A reported block stays until the next step or shortcut clears it, so that the parser
//!    can fetch it. At a block's start nothing is pending: there the parser may return
//!    events without running the machine.
//! 7. A step that fails leaves the machine within a line or at a line's start, never at a
//!    block's start: the rest of the block is still to be skipped.

mod data;
mod value;

use crate::buffer::{Full, Slot, Storage};
use crate::field::Line;
use crate::parser::step::{Borrowed, Kind, Rejection};
use crate::parser::whole;
use crate::size::IS_SMALL;
use crate::{Error, Field, LastEventIdError, Notify, scan};
pub(crate) use data::Progress;
use value::{Piece, copy_to_buffer};

/// The position of the next byte in the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)] // Otherwise the variant is in a niche, which each `match` has to compute.
enum State {
    /// At the start of the stream, where a byte order mark may be.
    StreamStart,
    /// Between blocks, with nothing pending. An LF here may be a blank line, or the second
    /// half of a CRLF: neither has an effect.
    BlockStart,
    /// As `BlockStart`, but the buffer holds more memory than it should.
    BlockStartOversized,
    /// At the start of a line of a block.
    LineStart,
    /// As `LineStart`, after a CR: an LF belongs to it.
    LineStartAfterCr,
    /// After that many bytes of what may be the line's name.
    Name(Line, u8),
    /// After the name's colon, before the one space that is dropped.
    Colon(Line),
    /// In the line's value.
    Value(Line),
}

/// The state of the current block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BlockState {
    /// No line of it has had an effect.
    Empty,
    /// It has set data, an event type or an ID.
    Open,
    /// It failed: its `data`, `event` and `id` lines are skipped.
    Rejected,
}

/// The state of a parser, except the bytes in its buffer.
#[derive(Clone, Debug)]
#[repr(C)] // Bytes first: on Cortex-M, access within 32 bytes of the start takes half the code.
pub(crate) struct Machine {
    state: State,
    /// The notifications that the caller selected.
    pub(crate) notify: Notify,
    block: BlockState,
    /// The block has a finished `data` line.
    has_data: bool,
    /// The block has set an ID, which is pending until the blank line.
    has_id: bool,
    /// The reported text did not fit.
    pub(crate) is_truncated: bool,
    committed_id: Slot,
    has_reconnection_time: bool,

    /// The length of each slot's value; of data and event type, stale between blocks.
    lens: [usize; 4],
    /// The length of the current line's value, if it has no slot yet. Of a text, it counts the part
    /// in the scratch space. Not zero once a `retry` line has digits.
    line_len: usize,
    /// The number in a `retry` line so far.
    number: u64,
    reconnection_time: u64,
}

impl Machine {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::StreamStart,
            notify: Notify::NONE,
            block: BlockState::Empty,
            has_data: false,
            has_id: false,
            is_truncated: false,
            committed_id: Slot::IdA,
            has_reconnection_time: false,
            lens: [0; 4],
            line_len: 0,
            number: 0,
            reconnection_time: 0,
        }
    }

    /// Returns `true` if the shortcuts for whole events apply.
    #[inline]
    pub(crate) fn is_at_block_start(&self) -> bool {
        matches!(self.state, State::BlockStart)
    }

    /// Returns `true` if the end of the stream would discard something.
    pub(crate) fn is_pending(&self) -> bool {
        self.is_in_line() || matches!(self.state, State::LineStart | State::LineStartAfterCr)
    }

    fn is_in_line(&self) -> bool {
        matches!(self.state, State::Name(..) | State::Colon(_) | State::Value(_))
    }

    /// Returns the line ends that dispatch the pending event. A CR at the end of the stream is a
    /// whole line end: no LF belongs to it.
    pub(crate) fn prepare_flush(&mut self) -> &'static [u8] {
        if self.is_in_line() {
            b"\n\n"
        } else if self.is_pending() {
            self.state = State::LineStart;
            b"\n"
        } else {
            b""
        }
    }

    /// Returns `true` if the current line would be reported as a comment or an unknown field
    /// if it ended here.
    pub(crate) fn is_in_text(&self) -> bool {
        if let State::Name(line, seen) = self.state {
            return self.notify.contains(Notify::UNKNOWN_FIELDS) && line.name_rest(seen) != b":";
        }
        matches!(
            self.state,
            State::Colon(Line::Comment) | State::Value(Line::Comment | Line::Unknown)
        )
    }

    pub(crate) const fn reconnection_time(&self) -> Option<u64> {
        if self.has_reconnection_time { Some(self.reconnection_time) } else { None }
    }

    /// Returns the event type, the data or an ID from the buffer.
    #[inline]
    pub(crate) fn value<'b>(&self, buffer: &'b impl Storage, slot: Slot) -> &'b [u8] {
        let value = buffer.slot(slot).get(..self.len(slot));
        debug_assert!(value.is_some(), "the buffer holds the whole value");
        value.unwrap_or_default()
    }

    /// Returns the reported text from the scratch space.
    pub(crate) fn text<'b>(&self, buffer: &'b impl Storage) -> &'b [u8] {
        let text = self.scratch(buffer).get(..self.line_len);
        debug_assert!(text.is_some(), "the buffer holds the whole text");
        text.unwrap_or_default()
    }

    /// Returns the scratch space: the buffer after the data.
    pub(crate) fn scratch<'b>(&self, buffer: &'b impl Storage) -> &'b [u8] {
        buffer.slot(Slot::Data).get(self.len(Slot::Data)..).unwrap_or_default()
    }

    /// Returns the last event ID: the one committed at a blank line.
    #[inline]
    pub(crate) fn last_event_id<'b>(&self, buffer: &'b impl Storage) -> &'b [u8] {
        self.value(buffer, self.committed_id)
    }

    pub(crate) fn set_last_event_id(
        &mut self,
        buffer: &mut impl Storage,
        id: &[u8],
    ) -> Result<(), LastEventIdError> {
        if scan::id_end(id).is_some() {
            return Err(LastEventIdError::InvalidByte);
        }
        let limit = buffer.limits().meta;
        if id.len() > limit {
            return Err(LastEventIdError::TooLarge { limit });
        }
        let written = buffer.write(self.committed_id, 0, id);
        written.map_err(|Full| LastEventIdError::OutOfMemory)?;
        *self.len_mut(self.committed_id) = id.len();
        Ok(())
    }

    /// Resets the machine, except the last event ID and the reconnection time.
    pub(crate) fn reset(&mut self, buffer: &mut impl Storage) {
        self.clear_block();
        self.state = State::StreamStart;
        shrink_if_oversized(buffer);
    }

    /// Takes bytes from the front of `chunk`, up to the end of the next item, or all of them.
    /// `notify` selects the notifications.
    // `notify` is an argument so that a program without notifications has no code for them.
    #[inline(never)]
    pub(crate) fn step<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        borrowed: &mut Borrowed<'c>,
        notify: Notify,
    ) -> Result<Option<Kind>, Rejection> {
        if matches!(self.state, State::BlockStartOversized) {
            buffer.shrink();
            self.state = State::BlockStart;
        }
        if !self.is_pending() {
            self.clear_block();
        }
        let found = self.read(buffer, chunk, borrowed, notify)?;
        if !matches!(found, Some(Kind::Event | Kind::EmptyBlock)) {
            // The next step may get another chunk.
            copy_to_buffer(buffer, Slot::Data, borrowed)?;
            copy_to_buffer(buffer, Slot::EventType, borrowed)?;
        }
        Ok(found)
    }

    fn read<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        borrowed: &mut Borrowed<'c>,
        notify: Notify,
    ) -> Result<Option<Kind>, Rejection> {
        while let [byte, rest @ ..] = *chunk {
            let name = match self.state {
                State::Value(_) => None,
                State::Colon(line) => {
                    // 9.2.6: one space after the colon is dropped.
                    if *byte == b' ' {
                        *chunk = rest;
                    }
                    self.state = State::Value(line);
                    None
                }
                State::Name(line, seen) => Some((line, seen)),
                _ if matches!(byte, b'\n' | b'\r') => {
                    *chunk = rest;
                    let found = self.read_blank_line(buffer, *byte, notify);
                    if found.is_some() {
                        return Ok(found);
                    }
                    if !self.is_pending() {
                        *borrowed = Borrowed::default(); // Of a block that was dropped.
                    }
                    continue;
                }
                state => match Line::beginning_with(*byte) {
                    Line::ByteOrderMark if state != State::StreamStart => Some((Line::Unknown, 0)),
                    line => Some((line, 0)),
                },
            };
            let is_first =
                name.is_some_and(|(line, seen)| self.read_name(buffer, chunk, line, seen, notify));
            let (State::Value(line) | State::Colon(line)) = self.state else { continue };

            let end = scan::value_end(chunk, line == Line::Id);
            let (bytes, rest) = split(chunk, end.unwrap_or(chunk.len()));
            *chunk = match rest {
                [] => rest,
                [0, ..] => {
                    // 9.2.6, `id`: a value that contains NUL is ignored.
                    *chunk = rest;
                    self.state = State::Value(Line::Ignored);
                    continue;
                }
                [b'\r', rest @ ..] => {
                    self.state = State::LineStartAfterCr;
                    rest
                }
                [_, rest @ ..] => {
                    self.state = State::LineStart;
                    rest
                }
            };
            let is_last = !self.is_in_line();
            let piece = Piece { bytes, is_first, is_last };
            let found = self.read_value(buffer, line, piece, borrowed, notify)?;
            // A line without effect does not begin a block. Not after an error: rule 7.
            if is_last && self.block == BlockState::Empty {
                self.begin_block(buffer);
            }
            if found.is_some() {
                return Ok(found);
            }
            if !IS_SMALL && is_last && line == Line::Data && chunk.starts_with(whole::DATA) {
                copy_to_buffer(buffer, Slot::Data, borrowed)?;
                self.read_data_lines(buffer, chunk);
            }
        }
        Ok(None)
    }

    /// Reads `byte`: the CR or LF of a blank line, or the LF of a CRLF.
    fn read_blank_line(&mut self, buffer: &impl Storage, byte: u8, notify: Notify) -> Option<Kind> {
        if !self.is_pending() {
            self.begin_block(buffer);
        } else if byte == b'\n' && matches!(self.state, State::LineStartAfterCr) {
            self.state = State::LineStart;
        } else {
            return self.dispatch(buffer, notify);
        }
        None
    }

    /// Reads a name, whole, in part or without a colon, after `seen` bytes of it. Returns
    /// `true` if the next piece is the first of the line's value.
    fn read_name(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
        name: Line,
        seen: u8,
        notify: Notify,
    ) -> bool {
        let unseen = name.name_rest(seen);
        let common = unseen.iter().zip(*chunk).take_while(|(one, other)| one == other).count();
        debug_assert!(common <= chunk.len(), "the common bytes are in the chunk");
        let rest = chunk.get(common..).unwrap_or_default();
        let (line, value) = match (unseen.len() - common, rest) {
            (0, _) if name == Line::ByteOrderMark => {
                *chunk = rest;
                self.state = State::BlockStart;
                return false;
            }
            (0, _) if name != Line::Unknown => (name, rest),
            (1.., []) => {
                *chunk = rest;
                #[allow(clippy::cast_possible_truncation)] // Names have at most six bytes.
                let seen = seen + common as u8;
                self.state = State::Name(name, seen);
                return false;
            }
            // 9.2.6: a line without a colon is a name with an empty value.
            (1, [b'\n' | b'\r', ..]) if name != Line::ByteOrderMark => (name, rest),
            _ => (Line::Unknown, *chunk),
        };
        let line = match line {
            Line::Data | Line::Event | Line::Id if self.block == BlockState::Rejected => {
                Line::Ignored
            }
            Line::Comment if !notify.contains(Notify::COMMENTS) => Line::Ignored,
            Line::Unknown if !notify.contains(Notify::UNKNOWN_FIELDS) => Line::Ignored,
            line => line,
        };
        (self.state, *chunk) = match value {
            [b' ', value @ ..] if line != Line::Unknown => (State::Value(line), value),
            [] => (State::Colon(line), value),
            _ => (State::Value(line), value),
        };
        (self.line_len, self.is_truncated) = (0, false);
        // The text of an unknown field is its line, which may have begun in an earlier chunk.
        let is_cut = notify.contains(Notify::UNKNOWN_FIELDS) && line == Line::Unknown && seen > 0;
        if is_cut {
            self.append_text(buffer, name.name_beginning(seen));
        }
        !is_cut
    }

    /// Sets the state for a line that may begin a block.
    fn begin_block(&mut self, buffer: &impl Storage) {
        self.state =
            if buffer.is_oversized() { State::BlockStartOversized } else { State::BlockStart };
    }

    /// Ends the block, as a blank line does (9.2.6, "dispatch the event").
    fn dispatch(&mut self, buffer: &impl Storage, notify: Notify) -> Option<Kind> {
        self.end_block(buffer);
        // Step 2: without data there is no event, and its type is dropped.
        if self.has_data {
            Some(Kind::Event)
        } else if self.block == BlockState::Open && notify.contains(Notify::EMPTY_BLOCKS) {
            Some(Kind::EmptyBlock)
        } else {
            self.clear_block();
            None
        }
    }

    /// Commits the ID that the block has set, whether or not an event follows (step 1).
    #[inline]
    fn end_block(&mut self, buffer: &impl Storage) {
        if self.has_id {
            self.has_id = false;
            self.committed_id = self.pending_id();
        }
        self.begin_block(buffer);
    }

    #[inline]
    fn clear_block(&mut self) {
        self.block = BlockState::Empty;
        self.has_data = false;
        self.has_id = false;
        *self.len_mut(Slot::Data) = 0;
        *self.len_mut(Slot::EventType) = 0;
    }

    /// Rejects the block, whose remaining fields are skipped, and returns the error.
    #[cold]
    pub(crate) fn reject(&mut self, buffer: &mut impl Storage, rejection: Rejection) -> Error {
        self.clear_block();
        self.block = BlockState::Rejected;
        if self.is_in_line() {
            self.state = State::Value(Line::Ignored);
        }
        debug_assert!(self.is_pending(), "the rest of the block is still to be skipped");
        shrink_if_oversized(buffer);
        match rejection {
            Rejection::TooLarge(field) => {
                let limit = match field {
                    Field::Data => buffer.limits().data,
                    Field::Event | Field::Id => buffer.limits().meta,
                };
                Error::TooLarge { field, limit }
            }
            Rejection::OutOfMemory => Error::OutOfMemory,
        }
    }

    fn pending_id(&self) -> Slot {
        self.committed_id.other_id()
    }

    // There are four slots: the mask removes the bounds check.
    #[inline]
    fn len(&self, slot: Slot) -> usize {
        self.lens[slot as usize & 3]
    }

    #[inline]
    fn len_mut(&mut self, slot: Slot) -> &mut usize {
        &mut self.lens[slot as usize & 3]
    }
}

/// Splits `bytes` at `at`, which is within them.
#[inline]
fn split(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    debug_assert!(at <= bytes.len());
    bytes.split_at_checked(at).unwrap_or_default()
}

fn shrink_if_oversized(buffer: &mut impl Storage) {
    if buffer.is_oversized() {
        buffer.shrink();
    }
}
