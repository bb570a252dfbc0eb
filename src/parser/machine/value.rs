//! Processes the pieces of a line's value, by the kind of line (9.2.6, "process the field").

use super::{BlockState, Machine, State};
use crate::buffer::{Full, Slot, Storage};
use crate::field::Line;
use crate::parser::step::{Borrowed, Kind, Rejection};
use crate::{Field, Notify, work};

/// The part of a line's value that is in the chunk.
#[derive(Clone, Copy)]
pub(super) struct Piece<'c> {
    pub(super) bytes: &'c [u8],
    pub(super) is_first: bool,
    /// The line ends after it.
    pub(super) is_last: bool,
}

impl Machine {
    /// Reads a piece of `line`. Returns the notification that the line causes, at its end.
    pub(super) fn read_value<'c>(
        &mut self,
        buffer: &mut impl Storage,
        line: Line,
        piece: Piece<'c>,
        borrowed: &mut Borrowed<'c>,
        notify: Notify,
    ) -> Result<Option<Kind>, Rejection> {
        match line {
            Line::Data => {
                // The standard appends an LF to each line of data and drops the last one.
                // Here it is added between two lines.
                if piece.is_first && self.has_data {
                    self.append(buffer, Slot::Data, b"\n", borrowed)?;
                }
                self.borrow_or_append(buffer, Slot::Data, piece.bytes, borrowed)?;
                self.has_data |= piece.is_last;
            }
            Line::Event => {
                if piece.is_first {
                    *self.len_mut(Slot::EventType) = 0;
                }
                self.borrow_or_append(buffer, Slot::EventType, piece.bytes, borrowed)?;
            }
            Line::Id => self.read_id(buffer, piece)?,
            Line::Retry => return Ok(self.read_retry(piece, notify)),
            Line::Comment => {
                let kind = notify.contains(Notify::COMMENTS).then_some(Kind::Comment);
                return Ok(self.read_text(buffer, piece, borrowed, kind));
            }
            Line::Unknown => {
                let kind = notify.contains(Notify::UNKNOWN_FIELDS).then_some(Kind::UnknownField);
                return Ok(self.read_text(buffer, piece, borrowed, kind));
            }
            // The mark is read as a name and has no value.
            Line::ByteOrderMark | Line::Ignored => return Ok(None),
        }
        if piece.is_last {
            self.block = BlockState::Open;
        }
        Ok(None)
    }

    /// Takes a piece of the data or the event type: borrows it while the value is empty, and
    /// copies it otherwise.
    fn borrow_or_append<'c>(
        &mut self,
        buffer: &mut impl Storage,
        slot: Slot,
        piece: &'c [u8],
        borrowed: &mut Borrowed<'c>,
    ) -> Result<(), Rejection> {
        if self.len(slot) > 0 {
            return self.append(buffer, slot, piece, borrowed);
        }
        self.extend_len(buffer, slot, piece.len())?;
        *borrowed.value_mut(slot) = piece;
        Ok(())
    }

    /// Copies a further piece of the data or the event type.
    #[inline(never)] // To keep the code small.
    fn append(
        &mut self,
        buffer: &mut impl Storage,
        slot: Slot,
        piece: &[u8],
        borrowed: &mut Borrowed<'_>,
    ) -> Result<(), Rejection> {
        copy_to_buffer(buffer, slot, borrowed)?;
        let at = self.len(slot);
        self.extend_len(buffer, slot, piece.len())?;
        write(buffer, slot, at, piece)
    }

    /// Adds `more` bytes to the length of the data or the event type, within its limit.
    fn extend_len(
        &mut self,
        buffer: &impl Storage,
        slot: Slot,
        more: usize,
    ) -> Result<(), Rejection> {
        let limits = buffer.limits();
        let (limit, field) = match slot {
            Slot::Data => (limits.data, Field::Data),
            _ => (limits.meta, Field::Event),
        };
        let len = self.len_mut(slot);
        if more > limit - *len {
            return Err(Rejection::TooLarge(field));
        }
        *len += more;
        Ok(())
    }

    /// Reads a piece of an ID.
    ///
    /// An ID that is too large is an error only at its end: it may still contain NUL, and is then
    /// ignored. The second ID of a block must fit the scratch space even if it is whole, so that
    /// errors do not depend on where chunks end.
    #[inline]
    pub(super) fn read_id(
        &mut self,
        buffer: &mut impl Storage,
        piece: Piece<'_>,
    ) -> Result<(), Rejection> {
        let at = if piece.is_first { 0 } else { self.line_len };
        let len = at.saturating_add(piece.bytes.len());
        self.line_len = len;
        let (scratch, pending) = (self.len(Slot::Data), self.pending_id());
        let fits_scratch = len <= buffer.data_capacity().saturating_sub(scratch);
        if len > buffer.limits().meta || (self.has_id && !fits_scratch) {
            return if piece.is_last { Err(Rejection::TooLarge(Field::Id)) } else { Ok(()) };
        }
        // An ID that the block has set before stays until this one is complete.
        let is_whole = piece.is_first && piece.is_last;
        if self.has_id && !is_whole {
            write(buffer, Slot::Data, scratch + at, piece.bytes)?;
            if piece.is_last {
                work::copied(len);
                let copied = buffer.copy_to_id(scratch, len, pending);
                copied.map_err(|Full| Rejection::OutOfMemory)?;
            }
        } else {
            write(buffer, pending, at, piece.bytes)?;
        }
        if piece.is_last {
            self.has_id = true;
            *self.len_mut(pending) = len;
        }
        Ok(())
    }

    /// Reads a piece of a reconnection time: digits alone set it (9.2.6, `retry`).
    fn read_retry(&mut self, piece: Piece<'_>, notify: Notify) -> Option<Kind> {
        if piece.is_first {
            self.number = 0;
        }
        for byte in piece.bytes {
            let digit = byte.wrapping_sub(b'0');
            let number = self.number.checked_mul(10);
            let number = number.and_then(|number| number.checked_add(digit.into()));
            let Some(number) = number.filter(|_| digit < 10) else {
                if !piece.is_last {
                    self.state = State::Value(Line::Ignored);
                }
                return None;
            };
            self.number = number;
            self.line_len = 1; // Not zero: there are digits.
        }
        if !piece.is_last || self.line_len == 0 {
            return None;
        }
        self.has_reconnection_time = true;
        self.reconnection_time = self.number;
        notify.contains(Notify::RECONNECTION_TIME).then_some(Kind::ReconnectionTime)
    }

    /// Reads a piece of a text. Returns `kind` at its end, which is `None` if the caller has
    /// changed its selection.
    fn read_text<'c>(
        &mut self,
        buffer: &mut impl Storage,
        piece: Piece<'c>,
        borrowed: &mut Borrowed<'c>,
        kind: Option<Kind>,
    ) -> Option<Kind> {
        if kind.is_none() {
            if !piece.is_last {
                self.state = State::Value(Line::Ignored);
            }
        } else if piece.is_first && piece.is_last {
            let fitting = piece.bytes.get(..self.room(buffer)).unwrap_or(piece.bytes);
            self.is_truncated = fitting.len() < piece.bytes.len();
            borrowed.text = fitting;
        } else {
            self.append_text(buffer, piece.bytes);
        }
        kind.filter(|_| piece.is_last)
    }

    /// Copies a piece of a text to the scratch space. Truncates the text if it does not fit or
    /// allocation fails: a text is never an error.
    pub(super) fn append_text(&mut self, buffer: &mut impl Storage, bytes: &[u8]) {
        if self.is_truncated {
            return; // A truncated text has no gap.
        }
        let fitting = bytes.get(..self.room(buffer) - self.line_len).unwrap_or(bytes);
        let at = self.len(Slot::Data) + self.line_len;
        if write(buffer, Slot::Data, at, fitting).is_ok() {
            self.line_len += fitting.len();
            self.is_truncated = fitting.len() < bytes.len();
        } else {
            self.is_truncated = true;
        }
    }

    /// Returns the room for a text, copied or not: the limit on data less the block's data.
    fn room(&self, buffer: &impl Storage) -> usize {
        buffer.limits().data - self.len(Slot::Data)
    }
}

impl<'c> Borrowed<'c> {
    fn value_mut(&mut self, slot: Slot) -> &mut &'c [u8] {
        debug_assert!(matches!(slot, Slot::Data | Slot::EventType), "IDs are always copied");
        if slot == Slot::Data { &mut self.data } else { &mut self.event_type }
    }
}

/// Copies a value that was only borrowed, because the step ends or more of the value follows.
pub(super) fn copy_to_buffer(
    buffer: &mut impl Storage,
    slot: Slot,
    borrowed: &mut Borrowed<'_>,
) -> Result<(), Rejection> {
    write(buffer, slot, 0, core::mem::take(borrowed.value_mut(slot)))
}

#[cfg_attr(target_os = "none", inline(never))] // To keep the code small.
pub(super) fn write(
    buffer: &mut impl Storage,
    slot: Slot,
    at: usize,
    bytes: &[u8],
) -> Result<(), Rejection> {
    if bytes.is_empty() {
        return Ok(()); // Needs no memory, not even in a buffer that has none.
    }
    work::copied(bytes.len());
    buffer.write(slot, at, bytes).map_err(|Full| Rejection::OutOfMemory)
}
