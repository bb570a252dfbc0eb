//! Shortcuts for whole blocks, and for data that straddles chunks or has several lines.
//!
//! For speed alone; absent on bare metal (`IS_SMALL`). Each function takes the input that it
//! recognises and leaves the rest, errors included, to [`Machine::step`].

use super::value::Piece;
use super::{BlockState, Machine, State, split};
use crate::buffer::{Slot, Storage};
use crate::field::Line;
use crate::parser::step::Borrowed;
use crate::parser::whole::{self, WholeBlock};
use crate::{scan, work};

/// The progress of a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The chunk is used up.
    NeedMore,
    /// An event is complete, in [`Borrowed`] or in the buffer.
    Event,
    /// The machine has to read the rest of the chunk, perhaps all of it.
    ForMachine,
}

impl Machine {
    /// Takes a block of the usual lines: borrows a whole one, and copies data that the chunk ends
    /// within. Call only at a block's start.
    #[inline]
    pub(crate) fn take_block<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        borrowed: &mut Borrowed<'c>,
        reports_comments: bool,
    ) -> Progress {
        let Some(WholeBlock { id, event_type, data, rest }) = whole::block(chunk, reports_comments)
        else {
            return Progress::ForMachine;
        };
        self.clear_block();
        let id = id.map(|bytes| Piece { bytes, is_first: true, is_last: true });
        if !buffer.limits().allow(event_type, data)
            || id.is_some_and(|id| self.read_id(buffer, id).is_err())
        {
            return Progress::ForMachine;
        }
        let Some(rest) = rest else {
            let progress = self.begin_data(buffer, chunk, event_type, data, None);
            self.has_id = id.is_some(); // The machine clears it if it has to read the block.
            return progress;
        };
        *chunk = rest;
        *borrowed = Borrowed { event_type, data, text: &[] };
        self.end_block(buffer);
        Progress::Event
    }

    /// Copies the event type, if there is one, and the `value` of the first `data` line. The line
    /// ends after `len` bytes, or in a later chunk. Call only at a block's start.
    #[inline(never)]
    pub(crate) fn begin_data<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        event_type: &[u8],
        value: &'c [u8],
        len: Option<usize>,
    ) -> Progress {
        let (data, rest) = split(value, len.unwrap_or(value.len()));
        // Copied only if more of the line or another line follows: the machine can borrow a
        // single line that is whole.
        if !buffer.limits().allow(event_type, data)
            || (len.is_some() && !rest.starts_with(b"\ndata: "))
            || buffer.write(Slot::Data, 0, data).is_err()
            || (!event_type.is_empty() && buffer.write(Slot::EventType, 0, event_type).is_err())
        {
            return Progress::ForMachine;
        }
        work::copied(event_type.len() + data.len());
        self.clear_block();
        *self.len_mut(Slot::EventType) = event_type.len();
        *self.len_mut(Slot::Data) = data.len();
        self.state = State::Value(Line::Data);
        if len.is_none() {
            *chunk = rest;
            return Progress::NeedMore;
        }
        self.end_data_line(buffer, chunk, rest)
    }

    /// Copies one more byte, if the chunk begins within data.
    #[inline]
    pub(crate) fn push_data(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &[u8],
        byte: u8,
    ) -> Progress {
        // Few bytes are at most CR, so few need the second comparison.
        let is_line_end = byte <= b'\r' && matches!(byte, b'\n' | b'\r');
        if matches!(self.state, State::Value(Line::Data))
            && !is_line_end
            && self.append_data(buffer, &[byte])
        {
            *chunk = &[];
            Progress::NeedMore
        } else {
            Progress::ForMachine
        }
    }

    /// Copies the chunk's data, up to the end of the event, if the chunk begins within data.
    #[inline(never)]
    pub(crate) fn extend_data(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) -> Progress {
        if !matches!(self.state, State::Value(Line::Data)) {
            return Progress::ForMachine;
        }
        let end = match chunk.len() {
            0..128 => scan::line_end(chunk),
            _ => scan::long_line_end(chunk),
        };
        let (data, rest) = split(chunk, end.unwrap_or(chunk.len()));
        if !self.append_data(buffer, data) {
            return Progress::ForMachine;
        }
        if end.is_none() {
            *chunk = rest;
            return Progress::NeedMore;
        }
        self.end_data_line(buffer, chunk, rest)
    }

    /// Reads on after a copied line of data: from the line end that `rest` begins with, up to the
    /// end of the event.
    #[inline(never)]
    fn end_data_line<'c>(
        &mut self,
        buffer: &mut impl Storage,
        chunk: &mut &'c [u8],
        rest: &'c [u8],
    ) -> Progress {
        (self.state, *chunk) = match rest {
            // Nearly all events end so.
            [b'\n', b'\n', rest @ ..] => {
                *chunk = rest;
                self.end_block(buffer);
                return Progress::Event;
            }
            [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => (State::LineStart, rest),
            cr => (State::LineStartAfterCr, cr.get(1..).unwrap_or_default()),
        };
        self.block = BlockState::Open;
        self.has_data = true;
        self.read_data_lines(buffer, chunk);
        match *chunk {
            [] => Progress::NeedMore,
            [b'\n' | b'\r', rest @ ..] if matches!(self.state, State::LineStart) => {
                *chunk = rest;
                self.end_block(buffer);
                Progress::Event
            }
            _ => Progress::ForMachine,
        }
    }

    /// Copies further lines of data that end in LF, or that the chunk ends within. Call only
    /// after a line of data that was copied.
    pub(super) fn read_data_lines(&mut self, buffer: &mut impl Storage, chunk: &mut &[u8]) {
        let limit = buffer.limits().data;
        let mut has_lf = false;
        while let Some(value) = chunk.strip_prefix(whole::DATA) {
            let end = scan::line_end(value);
            let (data, rest) = split(value, end.unwrap_or(value.len()));
            // A line is copied with its LF, which separates it from the next.
            let (line, rest) = match rest {
                [] => (data, rest),
                [b'\n', rest @ ..] => (split(value, data.len() + 1).0, rest),
                _ => return,
            };
            let at = self.len(Slot::Data);
            if at + 1 + data.len() > limit
                || !(has_lf || buffer.write(Slot::Data, at, b"\n").is_ok())
                || buffer.write(Slot::Data, at + 1, line).is_err()
            {
                return;
            }
            work::copied(1 + data.len());
            *self.len_mut(Slot::Data) = at + 1 + data.len();
            *chunk = rest;
            has_lf = line.len() > data.len();
            self.state = if has_lf { State::LineStart } else { State::Value(Line::Data) };
        }
    }

    /// Copies a further piece of a line of data, if it fits.
    #[inline]
    fn append_data(&mut self, buffer: &mut impl Storage, data: &[u8]) -> bool {
        let at = self.len(Slot::Data);
        let fits =
            data.len() <= buffer.limits().data - at && buffer.write(Slot::Data, at, data).is_ok();
        if fits {
            work::copied(data.len());
            *self.len_mut(Slot::Data) = at + data.len();
        }
        fits
    }
}
