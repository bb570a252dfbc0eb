//! The fast paths for data that does not lie in the chunk in one piece: it
//! straddles chunks or has several lines.
//!
//! They take what they recognise, and leave the machine where
//! [`step`](Machine::step) can go on. They know their buffer, so that copying
//! is no virtual call.

use super::{Block, Machine, Position};
use crate::buffer::{Slot, Storage};
use crate::parser::shape::{DATA, Values, split_line};
use crate::{Notify, scan, work};

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
    /// At the start of a block of the usual shape: keeps what there is of its
    /// event type and data, whose line has ended or not. Answers whether that
    /// is done.
    #[inline(never)]
    pub(crate) fn begin_data(
        &mut self,
        buffer: &mut impl Storage,
        values: &Values<'_>,
        line_has_ended: bool,
    ) -> bool {
        let Values { event_type, data, .. } = *values;
        if !buffer.limits().allow(event_type, data)
            || (!event_type.is_empty() && buffer.write(Slot::EventType, 0, event_type).is_err())
            || buffer.write(Slot::Data, 0, data).is_err()
        {
            return false;
        }
        work::moved(event_type.len() + data.len());
        self.type_len = event_type.len();
        self.data_len = data.len();
        if line_has_ended {
            self.end_data_line();
        } else {
            self.position = Position::Data;
        }
        true
    }

    /// At the start of a block: passes over blank lines, and over comments that
    /// are not told, the last of which may go on in the next chunk. Answers
    /// whether there were any.
    #[inline(never)]
    pub(crate) fn skip_idle(&mut self, chunk: &mut &[u8]) -> bool {
        let len = chunk.len();
        loop {
            match *chunk {
                [b'\n' | b'\r', rest @ ..] => *chunk = rest,
                [b':', line @ ..] if !self.notify.contains(Notify::COMMENTS) => {
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

    /// In data: `chunk` is one more byte of it. Answers whether that is taken.
    #[inline]
    pub(crate) fn push_data(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> bool {
        let [byte] = **chunk else { return false };
        // Hardly any byte is below CR, so hardly any needs the second look.
        let is_line_end = byte <= b'\r' && matches!(byte, b'\n' | b'\r');
        let is_taken =
            self.position == Position::Data && !is_line_end && self.append(buffer, &[byte]);
        if is_taken {
            *chunk = &[];
        }
        is_taken
    }

    /// In data, or after a line of it: takes as much as comes in the usual way,
    /// up to the blank line.
    #[inline]
    pub(crate) fn resume_data(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> Fast {
        let fast = if self.position == Position::Data {
            self.read_data(buffer, chunk)
        } else if self.position == Position::LineStart && self.has_data {
            self.read_data_lines(buffer, chunk)
        } else {
            None
        };
        fast.unwrap_or(Fast::Otherwise)
    }

    /// In data.
    #[inline]
    fn read_data(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> Option<Fast> {
        let line_end = match chunk.len() {
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
            let (line, rest) = split_line(value, scan::line_end(value)?)?;
            self.append_line(buffer, buffer.limits(), line).ok()?;
            *chunk = rest;
        }
        match *chunk {
            [] => Some(Fast::NeedMore),
            [b'\n' | b'\r', rest @ ..] => {
                *chunk = rest;
                let event = Fast::Kept { type_len: self.type_len, data_len: self.data_len };
                self.commit_id();
                self.end_block(buffer);
                Some(event)
            }
            _ => None,
        }
    }

    fn end_data_line(&mut self) {
        self.position = Position::LineStart;
        self.block = Block::Open;
        self.has_data = true;
    }

    #[inline]
    fn append(&mut self, buffer: &mut impl Storage, bytes: &[u8]) -> bool {
        let is_done = bytes.len() <= buffer.limits().data - self.data_len
            && buffer.write(Slot::Data, self.data_len, bytes).is_ok();
        if is_done {
            work::moved(bytes.len());
            self.data_len += bytes.len();
        }
        is_done
    }
}
