//! A line that straddles chunks, piece by piece.

use super::turn::{Store, Turn};
use super::{BYTE_ORDER_MARK, Block, Machine, Position};
use crate::buffer::{Full, Slot};
use crate::field::Name;
use crate::parser::step::{Refusal, Step};
use crate::{Field, Notify, scan, work};

impl Machine {
    /// Reads what the chunk has of a line that began in an earlier one.
    pub(super) fn read_straddling_line(&mut self, turn: &mut Turn<'_>) -> Result<(), Refusal> {
        let line_end = scan::line_end(turn.chunk);
        turn.at = line_end.unwrap_or(turn.chunk.len());
        let piece = turn.chunk.get(..turn.at).unwrap_or_default();
        self.read_piece(&mut turn.store, piece)?;
        if line_end.is_some() { self.end_straddling_line(turn) } else { Ok(()) }
    }

    /// Reads a chunk of one byte, if that does not end a line. Answers whether
    /// that is done. Where bytes come one by one this is most of the work.
    pub(crate) fn read_one(
        &mut self,
        store: &mut Store<'_>,
        chunk: &mut &[u8],
    ) -> Result<bool, Refusal> {
        let [byte] = **chunk else { return Ok(false) };
        let is_for_step = matches!(byte, b'\n' | b'\r')
            || matches!(self.position, Position::StreamStart(0) | Position::BlockStartOversized);
        if is_for_step {
            return Ok(false);
        }
        let piece = core::mem::take(chunk);
        if !self.read_byte(store, byte)? {
            self.read_piece(store, piece)?;
        }
        Ok(true)
    }

    /// Reads `piece` of a line, which does not hold the line's end.
    pub(super) fn read_piece(
        &mut self,
        store: &mut Store<'_>,
        mut piece: &[u8],
    ) -> Result<(), Refusal> {
        while let Some((&byte, rest)) = piece.split_first() {
            match self.position {
                Position::Data => return self.read_value(store, Name::Data, piece),
                Position::Value(name) => return self.read_value(store, name, piece),
                Position::Comment | Position::Unknown => {
                    self.keep_text(store, piece);
                    return Ok(());
                }
                Position::Ignored => return Ok(()),
                _ => {
                    if self.read_byte(store, byte)? {
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
    fn read_byte(&mut self, store: &mut Store<'_>, byte: u8) -> Result<bool, Refusal> {
        match self.position {
            Position::Name(name, seen) => match name.bytes().get(usize::from(seen)) {
                Some(&next) if next == byte => self.position = Position::Name(name, seen + 1),
                None if byte == b':' && self.passes_over(name) => {
                    self.position = Position::Ignored;
                }
                None if byte == b':' => {
                    self.position = Position::Colon(name);
                    self.begin_field(store, name)?;
                }
                _ => {
                    self.begin_unknown(store, beginning(name.bytes(), seen));
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
                    self.begin_unknown(store, beginning(BYTE_ORDER_MARK, seen));
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
                    self.begin_unknown(store, b"");
                    return Ok(false);
                }
            },
        }
        Ok(true)
    }

    /// The straddling line has ended: processes the field that it was.
    fn end_straddling_line(&mut self, turn: &mut Turn<'_>) -> Result<(), Refusal> {
        let unread = match self.position {
            Position::StreamStart(seen) => beginning(BYTE_ORDER_MARK, seen),
            Position::Name(name, seen) if usize::from(seen) < name.bytes().len() => {
                beginning(name.bytes(), seen)
            }
            _ => b"",
        };
        if !unread.is_empty() {
            self.begin_unknown(&mut turn.store, unread);
        }
        let position = self.position;
        self.end_line(turn);
        match position {
            Position::Name(name, _) | Position::Colon(name) | Position::Value(name)
                if self.passes_over(name) => {}
            // 9.2.6: a line without a colon is a field name, its value empty.
            Position::Name(name, _) => {
                self.begin_field(&mut turn.store, name)?;
                self.end_field(turn, name)?;
            }
            Position::Data => self.end_field(turn, Name::Data)?,
            Position::Colon(name) | Position::Value(name) => self.end_field(turn, name)?,
            Position::CommentColon | Position::Comment => turn.told = self.end_comment(),
            Position::Unknown => turn.told = self.end_unknown(turn.store.buffer),
            _ => {}
        }
        self.settle();
        self.plan_release(turn.store.buffer);
        Ok(())
    }

    /// The name of the line under way is known, its value begins.
    pub(super) fn begin_field(&mut self, store: &mut Store<'_>, name: Name) -> Result<(), Refusal> {
        self.value_len = 0;
        self.is_void = false;
        match name {
            // The standard appends an LF to every line of data and takes the
            // last one off again; here it is put between two.
            Name::Data if self.has_data => self.append_data(store, b"\n")?,
            Name::Data | Name::Id => {}
            Name::Event => self.type_len = 0,
            Name::Retry => self.number = 0,
        }
        Ok(())
    }

    /// Reads all or some of the value under way.
    pub(super) fn read_value(
        &mut self,
        store: &mut Store<'_>,
        name: Name,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        match name {
            Name::Data => self.append_data(store, bytes)?,
            Name::Event => {
                if bytes.len() > store.limits.meta - self.type_len {
                    return Err(Refusal::TooLarge(Field::Event));
                }
                store.write(Slot::EventType, self.type_len, bytes)?;
                self.type_len += bytes.len();
            }
            Name::Id => {
                let at = self.value_len;
                self.value_len = at.saturating_add(bytes.len());
                self.is_void = self.is_void || scan::has_nul(bytes);
                if !self.is_void && self.id_fits(store, self.value_len) {
                    // An ID that the block has set already stands until this
                    // one is known to hold no NUL.
                    if self.has_id {
                        store.write(Slot::Data, self.data_len + at, bytes)?;
                    } else {
                        store.write(Slot::Id(self.committed_id.other()), at, bytes)?;
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
        store: &mut Store<'_>,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        if bytes.len() > store.limits.data - self.data_len {
            return Err(Refusal::TooLarge(Field::Data));
        }
        store.write(Slot::Data, self.data_len, bytes)?;
        self.data_len += bytes.len();
        Ok(())
    }

    /// The value under way has ended.
    pub(super) fn end_field(&mut self, turn: &mut Turn<'_>, name: Name) -> Result<(), Refusal> {
        match name {
            Name::Retry => {
                self.end_retry(turn);
                return Ok(());
            }
            Name::Data => self.has_data = true,
            Name::Event => {}
            Name::Id if self.is_void => return Ok(()),
            Name::Id => {
                let len = self.value_len;
                if !self.id_fits(&turn.store, len) {
                    return Err(Refusal::TooLarge(Field::Id));
                }
                if self.has_id {
                    let (start, end) = (self.data_len, self.data_len + len);
                    let copied =
                        turn.store.buffer.copy_to_id(start, end, self.committed_id.other());
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
    fn end_retry(&mut self, turn: &mut Turn<'_>) {
        if self.is_void || self.value_len == 0 {
            return;
        }
        let is_change = self.reconnection_time() != Some(self.number);
        self.has_reconnection_time = true;
        self.reconnection_time = self.number;
        if is_change && self.notify.contains(Notify::RECONNECTION_TIME) {
            turn.told = Step::ReconnectionTime(self.number);
        }
    }

    /// Whether an ID of `len` bytes is within its bound, and, where it is not
    /// the block's first, within the scratch space.
    pub(super) fn id_fits(&self, store: &Store<'_>, len: usize) -> bool {
        let scratch = store.buffer.data_capacity().saturating_sub(self.data_len);
        len <= store.limits.meta && !(self.has_id && len > scratch)
    }
}

/// The first `seen` bytes of `expected`.
fn beginning(expected: &'static [u8], seen: u8) -> &'static [u8] {
    expected.get(..usize::from(seen)).unwrap_or_default()
}
