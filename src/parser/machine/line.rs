//! A line: byte by byte up to its value, and that piece by piece, as the chunks
//! have it.

use core::mem;

use super::place::{Noted, Place};
use super::{Block, Machine, Position};
use crate::buffer::{Full, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Refusal, Told};
use crate::{Field, Notify, scan, work};

impl Machine {
    /// Reads `byte`, which stands at `at` and before the line's value, and moves on
    /// behind it, unless the line is of another kind than it was until now.
    pub(super) fn read_byte(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: &mut usize,
        byte: u8,
        notify: Notify,
    ) -> Result<(), Refusal> {
        self.position = match self.position {
            Position::Name(name, seen) => {
                if !name.goes_on(seen, byte) {
                    self.begin_unknown(buffer, *at, name.beginning(seen), notify);
                    return Ok(());
                }
                if name == Name::ByteOrderMark && seen == 2 {
                    Position::BlockStart
                } else if byte != b':' {
                    Position::Name(name, seen + 1)
                } else if self.passes_over(name) {
                    Position::Ignored
                } else {
                    self.position = Position::Colon(name);
                    *at += 1;
                    return self.begin_field(buffer, chunk, name);
                }
            }
            // 9.2.6: one space at the start of a value is dropped.
            Position::Colon(name) => {
                self.position = match name {
                    Name::Data => Position::Data,
                    _ => Position::Value(name),
                };
                *at += usize::from(byte == b' ');
                return Ok(());
            }
            Position::CommentColon => {
                self.position = Position::Comment;
                *at += usize::from(byte == b' ');
                return Ok(());
            }
            _ => match (byte, Name::beginning_with(byte)) {
                (b':', _) => self.begin_comment(notify),
                (0xEF, _) if self.position == Position::StreamStart => {
                    Position::Name(Name::ByteOrderMark, 1)
                }
                (_, Some(name)) => Position::Name(name, 1),
                (_, None) => {
                    self.begin_unknown(buffer, *at, b"", notify);
                    return Ok(());
                }
            },
        };
        *at += 1;
        Ok(())
    }

    /// Ends the line, if one is under way, with `byte`, the CR or LF at `at`.
    #[inline(never)] // For the sake of size.
    pub(super) fn end_line(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        at: usize,
        byte: u8,
        notify: Notify,
    ) -> Result<(), Refusal> {
        let line_start = match byte {
            b'\r' => Position::LineStartAfterCr,
            _ => Position::LineStart,
        };
        match mem::replace(&mut self.position, line_start) {
            // A blank line between blocks, or a part of its end; a line that means nothing.
            Position::StreamStart
            | Position::BlockStart
            | Position::BlockStartOversized
            | Position::Ignored => {}
            Position::LineStartAfterCr if line_start == Position::LineStart => return Ok(()),
            // 9.2.6: a blank line dispatches the event.
            Position::LineStart | Position::LineStartAfterCr => {
                self.dispatch(buffer, notify);
                return Ok(());
            }
            Position::Name(name, seen) if !name.goes_on(seen, b':') => {
                let line = name.beginning(seen);
                self.begin_unknown(buffer, at, line, notify);
                self.end_unknown(notify);
                self.position = line_start;
            }
            Position::Name(name, _) if self.passes_over(name) => {}
            // 9.2.6: a line without a colon is a field name, its value empty.
            Position::Name(name, _) => {
                self.begin_field(buffer, chunk, name)?;
                self.end_field(buffer, name, notify)?;
            }
            Position::Data => self.end_field(buffer, Name::Data, notify)?,
            Position::Colon(name) | Position::Value(name) => {
                self.end_field(buffer, name, notify)?;
            }
            Position::CommentColon | Position::Comment => self.end_comment(notify),
            Position::Unknown => self.end_unknown(notify),
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
        self.line.len = 0;
        self.is_void = false;
        self.is_too_large = false;
        match name {
            // The standard appends an LF to every line of data and takes the
            // last one off again; here it is put between two.
            Name::Data if self.has_data => {
                self.keep_value(buffer, chunk, Slot::Data)?;
                self.take(buffer, Slot::Data, Noted::NOWHERE, b"\n")?;
            }
            Name::Data | Name::Id | Name::ByteOrderMark => {}
            Name::Event => self.values[Slot::EventType] = Place::EMPTY,
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
        let len = self.line.len;
        self.line.len = len.saturating_add(piece.len());
        if scan::has_nul(piece) {
            self.is_void = true;
        }
        if !self.id_fits(buffer) {
            self.is_too_large = true;
        }
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
        self.keep_value(buffer, chunk, Slot::Data)?;
        write(buffer, Slot::Data, self.values[Slot::Data].len + len, piece)
    }

    fn read_digits(&mut self, piece: &[u8]) {
        // It only matters that it is not zero.
        self.line.len = piece.len();
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
        let value = &mut self.values[slot];
        let len = value.len;
        if piece.len() > limit - len {
            return Err(Refusal::TooLarge(field));
        }
        value.len += piece.len();
        if len == 0 && at != Noted::NOWHERE {
            value.at = at;
            return Ok(());
        }
        write(buffer, slot, len, piece)
    }

    /// The value under way has ended.
    fn end_field(
        &mut self,
        buffer: &mut dyn Storage,
        name: Name,
        notify: Notify,
    ) -> Result<(), Refusal> {
        match name {
            Name::Retry => {
                self.end_retry(notify);
                return Ok(());
            }
            Name::Data => self.has_data = true,
            Name::Event | Name::ByteOrderMark => {}
            Name::Id if self.is_void => return Ok(()),
            Name::Id if self.is_too_large => return Err(Refusal::TooLarge(Field::Id)),
            Name::Id => {
                let len = self.line.len;
                if self.has_id && len > 0 {
                    let at = self.values[Slot::Data].len;
                    let copied = buffer.copy_to_id(at, len, self.committed_id.other_id());
                    copied.map_err(|Full| Refusal::OutOfMemory)?;
                    work::moved(len);
                }
                self.has_id = true;
                self.values[self.committed_id.other_id()].len = len;
            }
        }
        self.block = Block::Open;
        Ok(())
    }

    /// 9.2.6, `retry`: digits alone set the reconnection time.
    fn end_retry(&mut self, notify: Notify) {
        if self.is_void || self.line.len == 0 {
            return;
        }
        let is_change = self.reconnection_time() != Some(self.number);
        self.has_reconnection_time = true;
        self.reconnection_time = self.number;
        if is_change && notify.contains(Notify::RECONNECTION_TIME) {
            self.told = Told::ReconnectionTime;
        }
    }

    /// Whether the ID under way is within its bound, and, where it is not the
    /// block's first, within the scratch space.
    fn id_fits(&self, buffer: &dyn Storage) -> bool {
        let scratch = buffer.data_capacity().saturating_sub(self.values[Slot::Data].len);
        let len = self.line.len;
        len <= buffer.limits().meta && !(self.has_id && len > scratch)
    }

    /// Copies a value that is only noted: the chunk is about to go, or more is to follow it.
    #[inline(never)] // For the sake of size.
    pub(super) fn keep_value(
        &mut self,
        buffer: &mut dyn Storage,
        chunk: &[u8],
        slot: Slot,
    ) -> Result<(), Refusal> {
        match self.values[slot].take(chunk) {
            Some(noted) => write(buffer, slot, 0, noted),
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
