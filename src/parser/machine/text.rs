//! Comments and unknown fields. The standard passes over them, and so does the
//! machine unless it was asked to tell them.
//!
//! A text has the room that the bound on data leaves behind the block's data,
//! whether it has to be copied there or not.

use super::turn::{Store, Turn};
use super::{Machine, Position, without_space};
use crate::buffer::{Limits, Slot, Storage};
use crate::parser::step::{Part, Span, Step};
use crate::{Notify, scan};

impl Machine {
    // In a line that lies whole in the chunk.

    pub(super) fn tell_comment(&self, turn: &mut Turn<'_>, text: Part) {
        if self.notify.contains(Notify::COMMENTS) {
            let room = self.room(turn.store.limits);
            let truncated = text.len() > room;
            turn.told = Step::Comment { text: Span::Chunk(text.truncate(room)), truncated };
        }
    }

    pub(super) fn tell_unknown(&self, turn: &mut Turn<'_>, line: Part) {
        if self.notify.contains(Notify::UNKNOWN_FIELDS) {
            let room = self.room(turn.store.limits);
            let told = line.truncate(room);
            let is_truncated = line.len() > room;
            turn.told = unknown_field(Span::Chunk(told), told.of(turn.chunk), is_truncated);
        }
    }

    // In a line that straddles chunks.

    pub(super) fn begin_comment(&mut self) {
        self.value_len = 0;
        self.is_truncated = false;
        self.position = if self.notify.contains(Notify::COMMENTS) {
            Position::CommentColon
        } else {
            Position::Ignored
        };
    }

    /// The line, which began with `beginning`, is an unknown field's.
    pub(super) fn begin_unknown(&mut self, store: &mut Store<'_>, beginning: &[u8]) {
        if self.notify.contains(Notify::UNKNOWN_FIELDS) {
            self.value_len = 0;
            self.is_truncated = false;
            self.position = Position::Unknown;
            self.keep_text(store, beginning);
        } else {
            self.position = Position::Ignored;
        }
    }

    pub(super) fn keep_text(&mut self, store: &mut Store<'_>, bytes: &[u8]) {
        let room = self.room(store.limits) - self.value_len;
        let fitting = bytes.get(..room).unwrap_or(bytes);
        // No text costs the event that it stands in: not for want of memory either.
        if store.write(Slot::Data, self.data_len + self.value_len, fitting).is_ok() {
            self.value_len += fitting.len();
            self.is_truncated |= fitting.len() < bytes.len();
        } else {
            self.is_truncated = true;
        }
    }

    pub(super) fn end_comment(&self) -> Step {
        Step::Comment { text: self.kept_text(), truncated: self.is_truncated }
    }

    pub(super) fn end_unknown(&self, buffer: &dyn Storage) -> Step {
        let line = self.kept_text();
        unknown_field(line, line.bytes(&[], buffer), self.is_truncated)
    }

    fn kept_text(&self) -> Span {
        Span::Buffer(Slot::Data, Part::new(self.data_len, self.data_len + self.value_len))
    }

    fn room(&self, limits: Limits) -> usize {
        limits.data - self.data_len
    }
}

/// The field that `bytes`, which are at `line`, make.
fn unknown_field(line: Span, bytes: &[u8], truncated: bool) -> Step {
    let (name_len, value_start) = match scan::colon(bytes) {
        None => (bytes.len(), bytes.len()),
        Some(colon) => {
            let value = without_space(bytes.get(colon + 1..).unwrap_or_default());
            (colon, bytes.len() - value.len())
        }
    };
    let (name, value) = (line.sub(0, name_len), line.sub(value_start, bytes.len()));
    Step::UnknownField { name, value, truncated }
}
