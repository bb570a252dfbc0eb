//! A line that straddles chunks, piece by piece.

use super::turn::{Turn, write};
use super::{BYTE_ORDER_MARK, Block, Machine, Position};
use crate::buffer::{Full, Limits, Slot, Storage};
use crate::field::Name;
use crate::parser::step::{Refusal, Step};
use crate::{Field, Notify, scan, work};

impl Machine {
    /// Reads the last `len` bytes of a line that began in an earlier chunk.
    pub(super) fn finish_line(
        &mut self,
        turn: &mut Turn<'_>,
        len: usize,
    ) -> Result<Option<Step>, Refusal> {
        turn.at = len;
        let piece = turn.chunk.get(..len).unwrap_or_default();
        self.read_piece(turn.buffer, turn.limits, piece)?;
        self.end_straddling_line(turn)
    }

    /// Reads a chunk of one byte, if that does not end a line. Answers whether
    /// that is done. Where bytes come one by one this is most of the work.
    pub(crate) fn read_one(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        chunk: &mut &[u8],
    ) -> Result<bool, Refusal> {
        let [byte] = **chunk else { return Ok(false) };
        let is_for_step = matches!(byte, b'\n' | b'\r')
            || matches!(self.position, Position::StreamStart(0) | Position::BlockStartOversized);
        if is_for_step {
            return Ok(false);
        }
        let piece = core::mem::take(chunk);
        if !self.read_byte(buffer, limits, byte)? {
            self.read_piece(buffer, limits, piece)?;
        }
        Ok(true)
    }

    /// Reads `piece` of a line, which does not hold the line's end.
    pub(super) fn read_piece(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        mut piece: &[u8],
    ) -> Result<(), Refusal> {
        while let Some((&byte, rest)) = piece.split_first() {
            match self.position {
                Position::Data => return self.read_value(buffer, limits, Name::Data, piece),
                Position::Value(name) => return self.read_value(buffer, limits, name, piece),
                Position::Comment | Position::Unknown => {
                    self.keep_text(buffer, limits, piece);
                    return Ok(());
                }
                Position::Ignored => return Ok(()),
                _ => {
                    if self.read_byte(buffer, limits, byte)? {
                        piece = rest;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a byte that stands before the line's value. Answers whether it is
    /// taken: else it belongs to the value, or to a line of another kind than
    /// it was until now.
    fn read_byte(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        byte: u8,
    ) -> Result<bool, Refusal> {
        match self.position {
            Position::Name(name, seen) => match name.bytes().get(usize::from(seen)) {
                Some(&next) if next == byte => self.position = Position::Name(name, seen + 1),
                None if byte == b':' && self.passes_over(name) => {
                    self.position = Position::Ignored;
                }
                None if byte == b':' => {
                    self.position = Position::Colon(name);
                    self.begin_field(buffer, limits, name)?;
                }
                _ => {
                    self.begin_unknown(buffer, limits, beginning(name.bytes(), seen));
                    return Ok(false);
                }
            },
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
            Position::StreamStart(seen) => match BYTE_ORDER_MARK.get(usize::from(seen)) {
                Some(&next) if next == byte => {
                    self.position = match seen {
                        0 | 1 => Position::StreamStart(seen + 1),
                        _ => Position::BlockStart,
                    };
                }
                _ => {
                    self.begin_unknown(buffer, limits, beginning(BYTE_ORDER_MARK, seen));
                    return Ok(false);
                }
            },
            Position::Data
            | Position::Value(_)
            | Position::Comment
            | Position::Unknown
            | Position::Ignored => return Ok(false),
            Position::BlockStart
            | Position::BlockStartOversized
            | Position::LineStart
            | Position::LineStartAfterCr => match (byte, Name::beginning_with(byte)) {
                (b':', _) => self.begin_comment(),
                (_, Some(name)) => self.position = Position::Name(name, 1),
                (_, None) => {
                    self.begin_unknown(buffer, limits, b"");
                    return Ok(false);
                }
            },
        }
        Ok(true)
    }

    /// The straddling line has ended: processes the field that it was.
    fn end_straddling_line(&mut self, turn: &mut Turn<'_>) -> Result<Option<Step>, Refusal> {
        let unread = match self.position {
            Position::StreamStart(seen) => beginning(BYTE_ORDER_MARK, seen),
            Position::Name(name, seen) if usize::from(seen) < name.bytes().len() => {
                beginning(name.bytes(), seen)
            }
            _ => b"",
        };
        if !unread.is_empty() {
            self.begin_unknown(turn.buffer, turn.limits, unread);
        }
        let position = self.position;
        self.end_line(turn);
        let step = match position {
            Position::Name(name, _) | Position::Colon(name) | Position::Value(name)
                if self.passes_over(name) =>
            {
                None
            }
            // 9.2.6: a line without a colon is a field name, its value empty.
            Position::Name(name, _) => {
                self.begin_field(turn.buffer, turn.limits, name)?;
                self.end_field(turn.buffer, turn.limits, name)?
            }
            Position::Data => self.end_field(turn.buffer, turn.limits, Name::Data)?,
            Position::Colon(name) | Position::Value(name) => {
                self.end_field(turn.buffer, turn.limits, name)?
            }
            Position::CommentColon | Position::Comment => Some(self.end_comment()),
            Position::Unknown => Some(self.end_unknown(turn.buffer)),
            _ => None,
        };
        self.settle();
        self.plan_release(turn.buffer);
        Ok(step)
    }

    /// The name of the line under way is known, its value begins.
    pub(super) fn begin_field(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        name: Name,
    ) -> Result<(), Refusal> {
        self.value_len = 0;
        self.is_void = false;
        match name {
            Name::Data if self.has_data => self.append_data(buffer, limits, b"\n")?,
            Name::Data | Name::Id => {}
            Name::Event => self.type_len = 0,
            Name::Retry => self.number = 0,
        }
        Ok(())
    }

    /// Reads all or some of the value under way.
    pub(super) fn read_value(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        name: Name,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        match name {
            Name::Data => self.append_data(buffer, limits, bytes)?,
            Name::Event => {
                if bytes.len() > limits.meta - self.type_len {
                    return Err(Refusal::TooLarge(Field::Event));
                }
                write(buffer, Slot::EventType, self.type_len, bytes)?;
                self.type_len += bytes.len();
            }
            Name::Id => {
                let at = self.value_len;
                self.value_len = at.saturating_add(bytes.len());
                self.is_void = self.is_void || scan::has_nul(bytes);
                if !self.is_void && self.id_fits(buffer, limits, self.value_len) {
                    // An ID that the block has set already stands until this
                    // one is known to hold no NUL.
                    if self.has_id {
                        write(buffer, Slot::Data, self.data_len + at, bytes)?;
                    } else {
                        write(buffer, Slot::Id(self.committed_id.other()), at, bytes)?;
                    }
                }
            }
            Name::Retry => {
                self.value_len = self.value_len.saturating_add(bytes.len());
                for byte in bytes {
                    let digit = byte.wrapping_sub(b'0');
                    let number = self.number.checked_mul(10);
                    match number.and_then(|number| number.checked_add(digit.into())) {
                        Some(number) if digit < 10 => self.number = number,
                        _ => self.is_void = true,
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn append_data(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        if bytes.len() > limits.data - self.data_len {
            return Err(Refusal::TooLarge(Field::Data));
        }
        write(buffer, Slot::Data, self.data_len, bytes)?;
        self.data_len += bytes.len();
        Ok(())
    }

    /// The value under way has ended.
    pub(super) fn end_field(
        &mut self,
        buffer: &mut dyn Storage,
        limits: Limits,
        name: Name,
    ) -> Result<Option<Step>, Refusal> {
        match name {
            Name::Retry => return Ok(self.end_retry()),
            Name::Data => self.has_data = true,
            Name::Event => {}
            Name::Id if self.is_void => return Ok(None),
            Name::Id => {
                let len = self.value_len;
                if !self.id_fits(buffer, limits, len) {
                    return Err(Refusal::TooLarge(Field::Id));
                }
                if self.has_id {
                    let (start, end) = (self.data_len, self.data_len + len);
                    let copied = buffer.copy_to_id(start, end, self.committed_id.other());
                    copied.map_err(|Full| Refusal::OutOfMemory)?;
                    work::moved(len);
                }
                self.has_id = true;
                self.pending_id_len = len;
            }
        }
        self.block = Block::Open;
        Ok(None)
    }

    /// 9.2.6, `retry`: digits alone set the reconnection time.
    fn end_retry(&mut self) -> Option<Step> {
        if self.is_void || self.value_len == 0 {
            return None;
        }
        let is_change = self.reconnection_time() != Some(self.number);
        self.has_reconnection_time = true;
        self.reconnection_time = self.number;
        let is_told = is_change && self.notify.contains(Notify::RECONNECTION_TIME);
        is_told.then_some(Step::ReconnectionTime(self.number))
    }

    /// Whether an ID of `len` bytes is within its bound, and, where it is not
    /// the block's first, within the scratch space.
    pub(super) fn id_fits(&self, buffer: &dyn Storage, limits: Limits, len: usize) -> bool {
        let scratch = buffer.data_capacity().saturating_sub(self.data_len);
        len <= limits.meta && !(self.has_id && len > scratch)
    }
}

/// The first `seen` bytes of `expected`.
fn beginning(expected: &'static [u8], seen: u8) -> &'static [u8] {
    expected.get(..usize::from(seen)).unwrap_or_default()
}
