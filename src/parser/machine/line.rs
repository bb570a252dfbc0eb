//! A line: byte by byte up to its value, and that piece by piece, as the chunks
//! have it.

use core::mem;

use super::{BYTE_ORDER_MARK, Block, Machine, Noted, Position};
use crate::buffer::{Full, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Refusal, Step};
use crate::{Field, Notify, scan, work};

impl Machine {
    /// Reads the byte at `at`, before the line's value. Answers whether it is taken:
    /// else the line is of another kind than it was until now.
    pub(super) fn read_byte(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: usize,
        notify: Notify,
    ) -> Result<bool, Refusal> {
        let byte = chunk.get(at).copied().unwrap_or_default();
        self.position = match self.position {
            Position::Name(name, seen) => {
                if name.with_colon().get(usize::from(seen)) != Some(&byte) {
                    self.begin_unknown(buffer, at, beginning(name.with_colon(), seen), notify);
                    return Ok(false);
                }
                if byte != b':' {
                    Position::Name(name, seen + 1)
                } else if self.passes_over(name) {
                    Position::Ignored
                } else {
                    self.position = Position::Colon(name);
                    return self.begin_field(buffer, chunk, name).map(|()| true);
                }
            }
            Position::StreamStart(seen) => match BYTE_ORDER_MARK.get(usize::from(seen)) {
                Some(&next) if next == byte => match seen {
                    0 | 1 => Position::StreamStart(seen + 1),
                    _ => Position::BlockStart,
                },
                _ if seen == 0 => {
                    self.position = Position::BlockStart;
                    return Ok(false);
                }
                _ => {
                    self.begin_unknown(buffer, at, beginning(BYTE_ORDER_MARK, seen), notify);
                    return Ok(false);
                }
            },
            // 9.2.6: one space at the start of a value is dropped.
            Position::Colon(name) => {
                self.position = match name {
                    Name::Data => Position::Data,
                    _ => Position::Value(name),
                };
                return Ok(byte == b' ');
            }
            Position::CommentColon => {
                self.position = Position::Comment;
                return Ok(byte == b' ');
            }
            _ => match (byte, Name::beginning_with(byte)) {
                (b':', _) => self.begin_comment(notify),
                (_, Some(name)) => Position::Name(name, 1),
                (_, None) => {
                    self.begin_unknown(buffer, at, b"", notify);
                    return Ok(false);
                }
            },
        };
        Ok(true)
    }

    /// Ends the line, if one is under way, at the CR or LF at `at`.
    #[inline(never)] // For the sake of size.
    pub(super) fn end_line(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: usize,
        notify: Notify,
        told: &mut Step,
    ) -> Result<(), Refusal> {
        let line_start = match chunk.get(at) {
            Some(b'\r') => Position::LineStartAfterCr,
            _ => Position::LineStart,
        };
        match mem::replace(&mut self.position, line_start) {
            // A blank line between blocks, or a part of its end; a line that means nothing.
            Position::StreamStart(0)
            | Position::BlockStart
            | Position::BlockStartOversized
            | Position::Ignored => {}
            Position::LineStartAfterCr if line_start == Position::LineStart => return Ok(()),
            // 9.2.6: a blank line dispatches the event.
            Position::LineStart | Position::LineStartAfterCr => {
                self.dispatch(buffer, notify, told);
                return Ok(());
            }
            Position::StreamStart(seen) => {
                let line = beginning(BYTE_ORDER_MARK, seen);
                self.begin_unknown(buffer, at, line, notify);
                self.end_unknown(buffer, chunk, notify, told);
                self.position = line_start;
            }
            Position::Name(name, seen)
                if name.with_colon().get(usize::from(seen)) != Some(&b':') =>
            {
                let line = beginning(name.with_colon(), seen);
                self.begin_unknown(buffer, at, line, notify);
                self.end_unknown(buffer, chunk, notify, told);
                self.position = line_start;
            }
            Position::Name(name, _) if self.passes_over(name) => {}
            // 9.2.6: a line without a colon is a field name, its value empty.
            Position::Name(name, _) => {
                self.begin_field(buffer, chunk, name)?;
                self.end_field(buffer, name, notify, told)?;
            }
            Position::Data => self.end_field(buffer, Name::Data, notify, told)?,
            Position::Colon(name) | Position::Value(name) => {
                self.end_field(buffer, name, notify, told)?;
            }
            Position::CommentColon | Position::Comment => self.end_comment(buffer, notify, told),
            Position::Unknown => self.end_unknown(buffer, chunk, notify, told),
        }
        // Where no block has begun, the next line may begin one.
        if self.block == Block::Empty {
            self.position = Position::BlockStart;
            self.plan_release(buffer);
        }
        Ok(())
    }

    /// The name of the line under way is known, its value begins.
    pub(super) fn begin_field(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        name: Name,
    ) -> Result<(), Refusal> {
        self.value_len = 0;
        self.is_void = false;
        self.is_too_large = false;
        match name {
            // The standard appends an LF to every line of data and takes the
            // last one off again; here it is put between two.
            Name::Data if self.has_data => {
                self.keep_block(buffer, chunk)?;
                self.take(buffer, Slot::Data, Noted::NOWHERE, b"\n")?;
            }
            Name::Data | Name::Id => {}
            Name::Event => {
                self.type_len = 0;
                self.type_at = Noted::NOWHERE;
            }
            Name::Retry => self.number = 0,
        }
        Ok(())
    }

    /// Reads a piece of the line under way, which stands at `at`.
    #[inline(never)] // For the sake of size.
    pub(super) fn read_piece(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: usize,
        piece: &[u8],
        notify: Notify,
    ) -> Result<(), Refusal> {
        match self.position {
            Position::Data => self.take(buffer, Slot::Data, Noted::at(at), piece),
            Position::Value(Name::Event) => {
                self.take(buffer, Slot::EventType, Noted::at(at), piece)
            }
            Position::Value(Name::Retry) => {
                self.read_digits(piece);
                Ok(())
            }
            Position::Value(_) => self.read_id(buffer, chunk, at, piece),
            Position::Comment | Position::Unknown if notify != Notify::NONE => {
                self.read_text(buffer, at, piece);
                Ok(())
            }
            _ => {
                // Of a text, too, that is not told as long as this piece is missing.
                self.position = Position::Ignored;
                Ok(())
            }
        }
    }

    /// Reads a piece of an ID, which stands at `at`.
    pub(super) fn read_id(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: usize,
        piece: &[u8],
    ) -> Result<(), Refusal> {
        let len = self.value_len;
        self.value_len = len.saturating_add(piece.len());
        self.is_void |= scan::has_nul(piece);
        self.is_too_large |= !self.id_fits(buffer);
        if self.is_void || self.is_too_large {
            return Ok(());
        }
        // The ID that the block has set already stands until this one is known to
        // hold no NUL, which it is where it lies whole in the chunk.
        let is_whole = len == 0 && at + piece.len() < chunk.len();
        self.has_id &= !is_whole;
        if !self.has_id {
            return write(buffer, self.committed_id.other_id(), len, piece);
        }
        self.keep_block(buffer, chunk)?;
        write(buffer, Slot::Data, self.data_len + len, piece)
    }

    fn read_digits(&mut self, piece: &[u8]) {
        // It only matters that it is not zero.
        self.value_len = piece.len();
        for byte in piece {
            let digit = byte.wrapping_sub(b'0');
            let number = self.number.checked_mul(10);
            match number.and_then(|number| number.checked_add(digit.into())) {
                Some(number) if digit < 10 => self.number = number,
                _ => self.is_void = true,
            }
        }
    }

    /// Takes a piece of the data or the event type. Where it is the first of the value
    /// and stands in the chunk, `at`, it is only noted; else it is copied.
    pub(super) fn take(
        &mut self,
        buffer: &mut dyn Storage,
        slot: Slot,
        at: Noted,
        piece: &[u8],
    ) -> Result<(), Refusal> {
        let limits = buffer.limits();
        let (limit, field) = match slot {
            Slot::Data => (limits.data, Field::Data),
            _ => (limits.meta, Field::Event),
        };
        let (len, noted) = self.value_of(slot);
        if piece.len() > limit - *len {
            return Err(Refusal::TooLarge(field));
        }
        if *len == 0 && at != Noted::NOWHERE {
            *noted = at;
        } else {
            write(buffer, slot, *len, piece)?;
        }
        *len += piece.len();
        Ok(())
    }

    /// The length of the data or the event type, and where it is noted.
    fn value_of(&mut self, slot: Slot) -> (&mut usize, &mut Noted) {
        match slot {
            Slot::Data => (&mut self.data_len, &mut self.data_at),
            _ => (&mut self.type_len, &mut self.type_at),
        }
    }

    /// The value under way has ended.
    fn end_field(
        &mut self,
        buffer: &mut dyn Storage,
        name: Name,
        notify: Notify,
        told: &mut Step,
    ) -> Result<(), Refusal> {
        match name {
            Name::Retry => {
                self.end_retry(notify, told);
                return Ok(());
            }
            Name::Data => self.has_data = true,
            Name::Event => {}
            Name::Id if self.is_void => return Ok(()),
            Name::Id if self.is_too_large => return Err(Refusal::TooLarge(Field::Id)),
            Name::Id => {
                let len = self.value_len;
                if self.has_id {
                    let (start, end) = (self.data_len, self.data_len + len);
                    let copied = buffer.copy_to_id(start, end, self.committed_id.other_id());
                    copied.map_err(|Full| Refusal::OutOfMemory)?;
                    work::moved(len);
                }
                self.has_id = true;
                self.pending_id_len = len;
            }
        }
        self.block = Block::Open;
        Ok(())
    }

    /// 9.2.6, `retry`: digits alone set the reconnection time.
    fn end_retry(&mut self, notify: Notify, told: &mut Step) {
        if self.is_void || self.value_len == 0 {
            return;
        }
        let is_change = self.reconnection_time() != Some(self.number);
        self.has_reconnection_time = true;
        self.reconnection_time = self.number;
        if is_change && notify.contains(Notify::RECONNECTION_TIME) {
            *told = Step::ReconnectionTime(self.number);
        }
    }

    /// Whether the ID under way is within its bound, and, where it is not the
    /// block's first, within the scratch space.
    fn id_fits(&self, buffer: &dyn Storage) -> bool {
        let scratch = buffer.data_capacity().saturating_sub(self.data_len);
        let len = self.value_len;
        len <= buffer.limits().meta && !(self.has_id && len > scratch)
    }

    /// Copies what is only noted: the chunk is about to go, or more is to follow it.
    pub(super) fn keep_block(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
    ) -> Result<(), Refusal> {
        self.keep_value(buffer, chunk, Slot::Data)?;
        self.keep_value(buffer, chunk, Slot::EventType)
    }

    #[inline(never)] // For the sake of size.
    fn keep_value(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        slot: Slot,
    ) -> Result<(), Refusal> {
        let (len, noted) = self.value_of(slot);
        match noted.take(*len) {
            Some(part) => write(buffer, slot, 0, part.of(chunk)),
            None => Ok(()),
        }
    }
}

#[inline(never)] // For the sake of size.
pub(super) fn write(
    buffer: &mut dyn Storage,
    slot: Slot,
    at: usize,
    bytes: &[u8],
) -> Result<(), Refusal> {
    work::moved(bytes.len());
    buffer.write(slot, at, bytes).map_err(|Full| Refusal::OutOfMemory)
}

/// The first `seen` bytes of `expected`.
fn beginning(expected: &'static [u8], seen: u8) -> &'static [u8] {
    expected.get(..usize::from(seen)).unwrap_or_default()
}
