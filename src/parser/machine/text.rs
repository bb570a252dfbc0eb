//! Comments and unknown fields. The standard passes over them, and so does the
//! machine unless it was asked to tell them.
//!
//! A text has the room that the bound on data leaves behind the block's data,
//! whether it has to be copied there or not.

use core::mem;

use super::line::write;
use super::place::{Noted, Place};
use super::{Machine, Position};
use crate::buffer::{Limits, Slot, Storage};
use crate::parser::step::{Part, Span, Step, Told};
use crate::{Notify, scan};

impl Machine {
    /// The line under way is a comment: what it goes on with.
    pub(super) fn begin_comment(&mut self, notify: Notify) -> Position {
        self.begin_text();
        if notify.contains(Notify::COMMENTS) { Position::CommentColon } else { Position::Ignored }
    }

    /// The line under way, which has `beginning` before `at`, is an unknown field's.
    pub(super) fn begin_unknown(
        &mut self,
        buffer: &mut dyn Storage,
        at: usize,
        beginning: &[u8],
        notify: Notify,
    ) {
        if !notify.contains(Notify::UNKNOWN_FIELDS) {
            self.position = Position::Ignored;
            return;
        }
        self.position = Position::Unknown;
        self.begin_text();
        match at.checked_sub(beginning.len()) {
            Some(start) => {
                self.line = Place { len: beginning.len(), at: Noted::at(start) };
            }
            // It began in an earlier chunk.
            None => self.keep_text(buffer, beginning),
        }
    }

    fn begin_text(&mut self) {
        self.line.len = 0;
        self.is_too_large = false;
    }

    /// Reads a piece of the text, which stands at `at`.
    pub(super) fn read_text(&mut self, buffer: &mut dyn Storage, at: usize, piece: &[u8]) {
        if self.line.at != Noted::NOWHERE {
            self.line.len += piece.len();
        } else if self.line.len == 0 && !self.is_too_large {
            self.line = Place { len: piece.len(), at: Noted::at(at) };
        } else {
            self.keep_text(buffer, piece);
        }
    }

    /// Copies the text, where it is only noted: the chunk is about to go.
    pub(super) fn keep_noted_text(&mut self, buffer: &mut dyn Storage, chunk: &[u8]) {
        if let Some(noted) = self.line.take(chunk) {
            self.line.len = 0;
            self.keep_text(buffer, noted);
        }
    }

    fn keep_text(&mut self, buffer: &mut dyn Storage, bytes: &[u8]) {
        let room = self.room(buffer.limits()) - self.line.len;
        let fitting = bytes.get(..room).unwrap_or(bytes);
        // No text costs the event that it stands in: not for want of memory either.
        if write(buffer, Slot::Data, self.values[Slot::Data].len + self.line.len, fitting).is_ok() {
            self.line.len += fitting.len();
            self.is_too_large |= fitting.len() < bytes.len();
        } else {
            self.is_too_large = true;
        }
    }

    pub(super) fn end_comment(&mut self, notify: Notify) {
        if notify.contains(Notify::COMMENTS) {
            self.told = Told::Comment;
        }
    }

    pub(super) fn end_unknown(&mut self, notify: Notify) {
        if notify.contains(Notify::UNKNOWN_FIELDS) {
            self.told = Told::UnknownField;
        }
    }

    /// The comment that was told.
    pub(crate) fn take_comment(&mut self, buffer: &dyn Storage) -> Step {
        let text = self.take_text(buffer);
        Step::Comment { text, truncated: self.is_too_large }
    }

    /// The unknown field that was told.
    pub(crate) fn take_unknown(&mut self, buffer: &dyn Storage, chunk: &[u8]) -> Step {
        let line = self.take_text(buffer);
        let bytes = line.bytes(chunk, buffer);
        let (name_len, value_start) = match scan::colon(bytes) {
            None => (bytes.len(), bytes.len()),
            Some(colon) => match bytes.get(colon + 1..) {
                Some([b' ', ..]) => (colon, colon + 2),
                _ => (colon, colon + 1),
            },
        };
        Step::UnknownField {
            name: line.sub(0, name_len),
            value: line.sub(value_start, bytes.len()),
            truncated: self.is_too_large,
        }
    }

    /// Where the text is, which has ended.
    fn take_text(&mut self, buffer: &dyn Storage) -> Span {
        let text = mem::replace(&mut self.line, Place::EMPTY);
        match text.noted() {
            None => {
                let start = self.values[Slot::Data].len;
                Span::kept(Slot::Data, Part::new(start, start + text.len))
            }
            Some(part) => {
                let room = self.room(buffer.limits());
                self.is_too_large = text.len > room;
                Span::lent(part.truncate(room))
            }
        }
    }

    fn room(&self, limits: Limits) -> usize {
        limits.data - self.values[Slot::Data].len
    }
}
