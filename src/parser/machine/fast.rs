//! The fast paths for blocks that do not lie in the chunk in one piece: they
//! straddle chunks, have several lines of data, or begin with an ID.
//!
//! They take what they recognise, and leave the machine where
//! [`step`](Machine::step) can go on. They know their buffer, so that copying
//! is no virtual call.
//!
//! # What was tried
//!
//! Instructions, as in [`shape`](crate::parser::shape):
//!
//! - A byte that goes on with a name or an event type: W2 in chunks of one byte
//!   74 to 56 per byte, W3 1,525 to 1,020 per event.
//! - Lines of data cut by the end of the chunk: W5 in chunks of 64 bytes 14,300
//!   to 7,600 per event; cut in their names, to 6,310.
//! - Names and event types cut so: W2 in chunks of 64 bytes 1,670 to 1,090.
//! - An ID in front, before the usual shape: W1 with IDs 932 to 475.
//! - A vector that is as long as its memory, so that what is put there changes no
//!   length: W5 2,419 to 2,185 per event, W1 in chunks of 64 bytes 825 to 775.

use super::place::Noted;
use super::{Block, Machine, Position};
use crate::buffer::{Full, Limits, Slot, Storage};
use crate::field::Name;
use crate::parser::shape::{DATA, EVENT, ID, Look, Values, split_block, split_line};
use crate::parser::step::Refusal;
use crate::{Field, scan, work};

/// What a fast path has come to.
pub(crate) enum Fast {
    /// The chunk is used up.
    NeedMore,
    /// An event, whose type and data are in the buffer.
    Kept { type_len: usize, data_len: usize },
    /// What follows is for [`step`](Machine::step).
    Otherwise,
}

impl Machine {
    /// Before the first data of a block of the usual shape, which goes on in the
    /// next chunk: keeps what there is of it, and the event type, unless that is
    /// kept already. Answers whether it is done.
    #[inline(never)]
    pub(crate) fn begin_data(
        &mut self,
        buffer: &mut impl Storage,
        event_type: &[u8],
        data: &[u8],
    ) -> bool {
        if !buffer.limits().allow(event_type, data)
            || (!event_type.is_empty() && buffer.write(Slot::EventType, 0, event_type).is_err())
            || buffer.write(Slot::Data, 0, data).is_err()
        {
            return false;
        }
        work::moved(event_type.len() + data.len());
        if !event_type.is_empty() {
            self.values[Slot::EventType].len = event_type.len();
        }
        self.values[Slot::Data].len = data.len();
        self.position = Position::Data;
        true
    }

    /// As [`begin_data`](Self::begin_data), where the line has ended and more follow.
    pub(crate) fn begin_lines<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        values: &Values<'c>,
    ) -> bool {
        let is_kept = self.begin_data(buffer, values.event_type, values.data);
        if is_kept {
            self.end_data_line();
            *chunk = values.rest;
        }
        is_kept
    }

    /// At the start of a block: keeps what there is of the event type with which
    /// it begins and the chunk ends. Answers whether that is done.
    pub(crate) fn begin_type(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> bool {
        let Some(event_type) = chunk.strip_prefix(EVENT) else { return false };
        self.position = Position::Value(Name::Event);
        let is_kept = self.append_type(buffer, event_type);
        if is_kept {
            *chunk = &[];
        } else {
            self.position = Position::BlockStart;
        }
        is_kept
    }

    /// In a line before the first data: takes what comes in the usual way, up to
    /// the value of the data or the name before it. Answers whether either is there.
    #[inline(never)]
    pub(crate) fn reach_data(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> bool {
        if self.is_in_data() {
            return false;
        }
        self.reach_value(buffer, chunk);
        if self.position == Position::Value(Name::Event) {
            let line = scan::line_end(chunk).and_then(|len| split_line(chunk, len));
            match line {
                Some((piece, rest)) if self.append_type(buffer, piece) => {
                    self.position = Position::LineStart;
                    self.block = Block::Open;
                    *chunk = rest;
                }
                _ => {}
            }
        }
        match self.position {
            Position::Data => true,
            Position::LineStart => {
                self.block == Block::Open && !self.has_data && chunk.starts_with(DATA)
            }
            _ => false,
        }
    }

    /// In the name of a field: takes the rest of it, its colon and the space.
    fn reach_value(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) {
        let (name, seen) = match self.position {
            Position::Name(name, seen) => (name, usize::from(seen)),
            Position::Colon(name) => (name, name.len()),
            _ => return,
        };
        let (field, position) = match name {
            Name::Data => (DATA, Position::Data),
            Name::Event => (EVENT, Position::Value(Name::Event)),
            _ => return,
        };
        let rest = field.get(seen..).and_then(|unseen| chunk.strip_prefix(unseen));
        let Some(rest) = rest.filter(|_| self.block != Block::GivenUp) else { return };
        // The LF between two lines is put when the colon is seen.
        let needs_line_end =
            name == Name::Data && self.has_data && !matches!(self.position, Position::Colon(_));
        if needs_line_end && !self.append(buffer, b"\n") {
            return;
        }
        if name == Name::Event {
            self.values[Slot::EventType].len = 0;
        }
        self.position = position;
        *chunk = rest;
    }

    fn append_type(&mut self, buffer: &mut impl Storage, bytes: &[u8]) -> bool {
        let len = self.values[Slot::EventType].len + bytes.len();
        let is_kept = len <= buffer.limits().meta
            && buffer.write(Slot::EventType, self.values[Slot::EventType].len, bytes).is_ok();
        if is_kept {
            work::moved(bytes.len());
            self.values[Slot::EventType].len = len;
        }
        is_kept
    }

    /// At the start of a block: takes the `id` line with which it begins where
    /// a stream can be resumed, or what there is of it. Answers whether there is one.
    #[inline]
    pub(crate) fn take_id(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
    ) -> Result<bool, Refusal> {
        let Some(line) = chunk.strip_prefix(ID) else { return Ok(false) };
        let Some(len) = scan::line_end(line) else {
            *chunk = &[];
            self.position = Position::Value(Name::Id);
            self.begin_field(buffer, line, Name::Id)?;
            self.read_id(buffer, line, 0, line)?;
            return Ok(true);
        };
        let (id, end) = line.split_at_checked(len).unwrap_or_default();
        (self.position, *chunk) = match end {
            [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => (Position::LineStart, rest),
            _ => (Position::LineStartAfterCr, end.get(1..).unwrap_or_default()),
        };
        // 9.2.6, `id`: a value that holds NUL is ignored.
        if scan::has_nul(id) {
            self.position = Position::BlockStart;
            return Ok(true);
        }
        if id.len() > buffer.limits().meta {
            return Err(Refusal::TooLarge(Field::Id));
        }
        work::moved(id.len());
        let kept = buffer.write(self.committed_id.other_id(), 0, id);
        kept.map_err(|Full| Refusal::OutOfMemory)?;
        self.has_id = true;
        self.values[self.committed_id.other_id()].len = id.len();
        self.block = Block::Open;
        Ok(true)
    }

    /// At the start of a block: passes over blank lines and comments, the last
    /// of which may go on in the next chunk. Answers whether there were any.
    #[inline(never)]
    pub(crate) fn skip_idle(&mut self, chunk: &mut &[u8]) -> bool {
        let len = chunk.len();
        loop {
            match *chunk {
                [b'\n' | b'\r', rest @ ..] => *chunk = rest,
                [b':', line @ ..] => {
                    let end = scan::line_end(line);
                    if end.is_none() {
                        self.position = Position::Ignored;
                    }
                    *chunk = line.get(end.unwrap_or(line.len())..).unwrap_or_default();
                }
                _ => break,
            }
        }
        chunk.len() < len
    }

    /// In data: takes `chunk` if it is one more byte of it. Answers whether it was.
    #[inline]
    pub(crate) fn push_byte(&mut self, buffer: &mut impl Storage, byte: u8) -> bool {
        // Hardly any byte is below CR, so hardly any needs the second look.
        let is_line_end = byte <= b'\r' && matches!(byte, b'\n' | b'\r');
        self.position == Position::Data && !is_line_end && self.extend(buffer, &[byte])
    }

    /// In data: takes `chunk` if all of it belongs to the line. Else answers
    /// where the line ends, so that it is not looked for again: behind the
    /// chunk where that cannot be kept, at zero where nobody has looked.
    #[inline(never)]
    pub(crate) fn push_piece(&mut self, buffer: &mut impl Storage, chunk: &[u8]) -> Option<usize> {
        if self.position != Position::Data {
            return Some(0);
        }
        let line_end = match chunk.len() {
            0..128 => scan::line_end(chunk),
            _ => scan::long_line_end(chunk),
        };
        match line_end {
            None if self.append(buffer, chunk) => None,
            line_end => Some(line_end.unwrap_or(chunk.len())),
        }
    }

    /// Reads a byte that is alone in its chunk, where it goes on with a field's
    /// name, an event type or what means nothing. Answers whether that is done.
    #[inline]
    pub(crate) fn push_name_byte(&mut self, buffer: &mut impl Storage, byte: u8) -> bool {
        self.position = match (self.position, byte) {
            (_, b'\n' | b'\r') | (Position::Name(Name::ByteOrderMark, _), _) => return false,
            (Position::Ignored, _) => Position::Ignored,
            (Position::Data, _) => return self.append(buffer, &[byte]),
            (Position::Name(name, seen), _) if name.goes_on(seen, byte) => {
                if byte == b':' {
                    return self.push_colon(buffer, name);
                }
                Position::Name(name, seen + 1)
            }
            (Position::BlockStart | Position::LineStart, b'd') => Position::Name(Name::Data, 1),
            (Position::BlockStart | Position::LineStart, b'e') => Position::Name(Name::Event, 1),
            (Position::Colon(Name::Data), b' ') => Position::Data,
            (Position::Colon(Name::Event), b' ') => Position::Value(Name::Event),
            (Position::Value(Name::Event), _) => return self.append_type(buffer, &[byte]),
            _ => return false,
        };
        true
    }

    /// Reads the colon behind a name. Answers whether that is done.
    fn push_colon(&mut self, buffer: &mut impl Storage, name: Name) -> bool {
        let is_done = self.block != Block::GivenUp
            && match name {
                Name::Data => !self.has_data || self.append(buffer, b"\n"),
                Name::Event => {
                    self.values[Slot::EventType].len = 0;
                    true
                }
                Name::Id | Name::Retry | Name::ByteOrderMark => false,
            };
        if is_done {
            self.position = Position::Colon(name);
        }
        is_done
    }

    /// In data whose line `look` has seen end: takes the rest of it, if a blank
    /// line ends the event there. Answers how long the event's type and data are.
    #[inline]
    pub(crate) fn finish_data(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
        look: Look,
    ) -> Option<(usize, usize)> {
        let (piece, rest) = split_block(chunk, look.line_end)?;
        if !self.extend(buffer, piece) {
            return None;
        }
        *chunk = rest;
        let data_len = self.values[Slot::Data].len;
        Some((self.end_event(buffer), data_len))
    }

    /// In data, or after a line of it: takes as much as comes in the usual way,
    /// up to the blank line.
    #[inline]
    pub(crate) fn resume_data(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
        look: Look,
    ) -> Fast {
        let fast = if self.position == Position::Data {
            self.read_data(buffer, chunk, look)
        } else if self.position == Position::LineStart && self.has_data {
            self.read_data_lines(buffer, chunk)
        } else {
            None
        };
        fast.unwrap_or(Fast::Otherwise)
    }

    /// In data.
    #[inline]
    fn read_data(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
        look: Look,
    ) -> Option<Fast> {
        let line_end = match chunk.len() {
            _ if look.line_end > 0 => Some(look.line_end),
            0..128 => scan::line_end(chunk),
            _ => scan::long_line_end(chunk),
        };
        let Some(len) = line_end else {
            if !self.append(buffer, chunk) {
                return None;
            }
            *chunk = &[];
            return Some(Fast::NeedMore);
        };
        let (piece, rest) = split_line(chunk, len)?;
        if !self.append(buffer, piece) {
            return None;
        }
        self.end_data_line();
        *chunk = rest;
        self.read_data_lines(buffer, chunk)
    }

    /// After a line of data.
    #[inline]
    fn read_data_lines(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> Option<Fast> {
        while let Some(value) = chunk.strip_prefix(DATA) {
            let line_end = scan::line_end(value);
            let (line, rest) = match line_end {
                Some(len) => split_line(value, len)?,
                None => (value, &[][..]),
            };
            self.append_line(buffer, buffer.limits(), line).ok()?;
            *chunk = rest;
            if line_end.is_none() {
                self.position = Position::Data;
                return Some(Fast::NeedMore);
            }
        }
        match *chunk {
            [] => Some(Fast::NeedMore),
            [b'\n' | b'\r', rest @ ..] => {
                *chunk = rest;
                let event = Fast::Kept {
                    type_len: self.values[Slot::EventType].len,
                    data_len: self.values[Slot::Data].len,
                };
                self.commit_id();
                self.end_block(buffer);
                Some(event)
            }
            _ => None,
        }
    }

    /// Puts an LF and `line` behind the data, as `step` does in two writes.
    #[inline]
    fn append_line(
        &mut self,
        buffer: &mut impl Storage,
        limits: Limits,
        line: &[u8],
    ) -> Result<(), Refusal> {
        let len = self.values[Slot::Data].len + line.len();
        if len >= limits.data {
            return Err(Refusal::TooLarge(Field::Data));
        }
        work::moved(line.len() + 1);
        buffer
            .write_line(self.values[Slot::Data].len, line)
            .map_err(|Full| Refusal::OutOfMemory)?;
        self.values[Slot::Data].len = len + 1;
        Ok(())
    }

    fn end_data_line(&mut self) {
        self.position = Position::LineStart;
        self.block = Block::Open;
        self.has_data = true;
    }

    #[inline]
    fn append(&mut self, buffer: &mut impl Storage, bytes: &[u8]) -> bool {
        self.extend(buffer, bytes) || self.append_anew(buffer, bytes)
    }

    #[inline]
    fn extend(&mut self, buffer: &mut impl Storage, bytes: &[u8]) -> bool {
        let len = self.values[Slot::Data].len + bytes.len();
        let is_done =
            len <= buffer.limits().data && buffer.extend(self.values[Slot::Data].len, bytes);
        if is_done {
            work::moved(bytes.len());
            self.values[Slot::Data].len = len;
        }
        is_done
    }

    /// Where memory is to be had first.
    #[cold]
    fn append_anew(&mut self, buffer: &mut dyn Storage, bytes: &[u8]) -> bool {
        self.take(buffer, Slot::Data, Noted::NOWHERE, bytes).is_ok()
    }
}
