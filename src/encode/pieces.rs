//! The bytes of a block, which all sinks write.

use core::iter::FusedIterator;
use core::mem;

use super::{Block, Lines, Millis};
use crate::Value;
use crate::size::IS_SMALL;

/// The line end that blocks are written with.
const LINE_END: &[u8] = b"\n";
const LINE_END_AND_BLANK_LINE: &[u8] = b"\n\n";

impl Block<'_> {
    /// Returns an iterator over the bytes of the block, in pieces: its values, and the bytes
    /// between them.
    ///
    /// Concatenated, the pieces are the block. No piece is empty, and a value never shares a piece
    /// with other bytes. Use it for sinks that this crate does not support.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// let block = Block::data("one\ntwo");
    /// let pieces: Vec<&[u8]> = block.pieces().collect();
    /// assert_eq!(pieces, [&b"data: "[..], b"one", b"\ndata: ", b"two", b"\n\n"]);
    /// assert_eq!(block.encoded_len(), pieces.concat().len());
    /// ```
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces {
            retry: self.retry.as_ref().map(Millis::as_bytes),
            id: self.id.map(Value::as_bytes),
            event_type: self.event_type.map(Value::as_bytes),
            comment: self.comment,
            data: self.data,
            value: &[],
            has_begun: false,
            end: match (self.has_fields(), self.comment) {
                (true, _) => LINE_END_AND_BLANK_LINE,
                (false, Some(_)) => LINE_END,
                (false, None) => &[],
            },
        }
    }

    /// Returns `true` if a blank line ends the block. A blank line after a comment alone would
    /// dispatch nothing, but some clients return an event for it.
    const fn has_fields(&self) -> bool {
        self.retry.is_some()
            || self.id.is_some()
            || self.event_type.is_some()
            || self.data.is_some()
    }

    /// Returns the number of bytes of the block, at most `usize::MAX`.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.fold_pieces(0_usize, |len, piece| len.saturating_add(piece.len()))
    }

    /// Folds over the [pieces](Self::pieces), of which some may be empty here.
    ///
    /// A third of the instructions of the iterator, for an event with neither comment nor
    /// reconnection time: it has no state to keep. Names and order of the lines are those of
    /// `Pieces::next_line`; the tests compare both.
    pub(crate) fn fold_pieces<T>(&self, init: T, mut add: impl FnMut(T, &[u8]) -> T) -> T {
        let Some(data) = self.data else { return self.fold_any_pieces(init, add) };
        if IS_SMALL || self.retry.is_some() || self.comment.is_some() {
            return self.fold_any_pieces(init, add);
        }
        let mut all = init;
        if let Some(id) = self.id {
            all = add(all, b"id: ");
            all = add(all, id.as_bytes());
            all = add(all, LINE_END);
        }
        if let Some(event_type) = self.event_type {
            all = add(all, b"event: ");
            all = add(all, event_type.as_bytes());
            all = add(all, LINE_END);
        }
        let Some(line) = data.single() else { return fold_lines(data, all, add) };
        all = add(all, b"data: ");
        all = add(all, line);
        add(all, LINE_END_AND_BLANK_LINE)
    }

    /// Folds over the pieces of any block. Out of line, so that the usual block needs no stack
    /// frame for the iterator.
    #[cold]
    #[inline(never)]
    fn fold_any_pieces<T>(&self, init: T, add: impl FnMut(T, &[u8]) -> T) -> T {
        self.pieces().fold(init, add)
    }
}

/// The end of [`Block::fold_pieces`] for data of several lines, also out of line.
#[inline(never)]
fn fold_lines<T>(data: Lines<'_>, init: T, mut add: impl FnMut(T, &[u8]) -> T) -> T {
    let (mut all, mut left) = (init, Some(data));
    while let Some(line) = Lines::take_first(&mut left) {
        all = add(all, b"data: ");
        all = add(all, line);
        all = add(all, LINE_END);
    }
    add(all, LINE_END)
}

/// An iterator over the bytes of a [`Block`], in pieces. Returned by [`Block::pieces`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Pieces<'b> {
    // The lines that are left, in the order that the parser reads fastest.
    retry: Option<&'b [u8]>,
    id: Option<&'b [u8]>,
    event_type: Option<&'b [u8]>,
    comment: Option<Lines<'b>>,
    data: Option<Lines<'b>>,
    /// The value of the current line; empty once it is written.
    value: &'b [u8],
    /// A line has been written.
    has_begun: bool,
    /// The end of the last line, and of the block.
    end: &'static [u8],
}

impl<'b> Pieces<'b> {
    /// Returns the next line: the bytes before its value, including the end of the previous line,
    /// and the value.
    fn next_line(&mut self) -> Option<(&'static [u8], &'b [u8])> {
        if let Some(time) = self.retry.take() {
            return Some((b"\nretry: ", time));
        }
        if let Some(id) = self.id.take() {
            return Some((b"\nid: ", id));
        }
        if let Some(event_type) = self.event_type.take() {
            return Some((b"\nevent: ", event_type));
        }
        match Lines::take_first(&mut self.comment) {
            Some(&[]) => Some((b"\n:", &[])),
            Some(line) => Some((b"\n: ", line)),
            // With a space even before an empty value: some clients require it.
            None => Lines::take_first(&mut self.data).map(|line| (&b"\ndata: "[..], line)),
        }
    }
}

impl<'b> Iterator for Pieces<'b> {
    type Item = &'b [u8];

    fn next(&mut self) -> Option<&'b [u8]> {
        let value = mem::take(&mut self.value);
        if !value.is_empty() {
            return Some(value);
        }
        if let Some((before, value)) = self.next_line() {
            self.value = value;
            let has_line_before = mem::replace(&mut self.has_begun, true);
            return if has_line_before { Some(before) } else { before.strip_prefix(LINE_END) };
        }
        let end = mem::take(&mut self.end);
        (!end.is_empty()).then_some(end)
    }
}

impl FusedIterator for Pieces<'_> {}
