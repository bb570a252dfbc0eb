//! The bytes of a block, from which all else follows.

use core::iter::FusedIterator;
use core::mem;

use super::{Block, Millis};
use crate::{Value, scan};

/// What an event stream's lines end with here.
const LINE_END: &[u8] = b"\n";
const LINE_END_AND_BLANK_LINE: &[u8] = b"\n\n";

impl Block<'_> {
    /// The bytes of the block, in pieces: slices of its values, and what stands
    /// between them. Concatenated they are the block. No piece is empty, and one of
    /// the block's values is never in a piece with anything else.
    ///
    /// This is how a block is written to what this crate does not know.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// let block = Block::data("one\ntwo");
    /// let pieces: Vec<&[u8]> = block.pieces().collect();
    /// assert_eq!(pieces, [&b"data: "[..], b"one", b"\ndata: ", b"two", b"\n\n"]);
    /// ```
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces {
            retry: self.retry.as_ref().map(Millis::as_bytes),
            id: self.id.map(Value::as_bytes),
            event_type: self.event_type.map(Value::as_bytes),
            comment: Lines(self.comment.map(Value::as_bytes)),
            data: Lines(self.data.map(Value::as_bytes)),
            value: &[],
            end: LINE_END,
        }
    }

    /// How many bytes the block takes, or `usize::MAX` where it takes more than that.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.pieces().fold(0, |len, piece| len.saturating_add(piece.len()))
    }
}

/// The bytes of a [`Block`], in pieces. See [`Block::pieces`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Pieces<'b> {
    // What is still to come, in the order in which it comes: that which the parser
    // reads fastest.
    retry: Option<&'b [u8]>,
    id: Option<&'b [u8]>,
    event_type: Option<&'b [u8]>,
    comment: Lines<'b>,
    data: Lines<'b>,
    /// The value of the line that has begun; empty where it is written.
    value: &'b [u8],
    /// What ends the block; one LF more where there is a line to be ended.
    end: &'static [u8],
}

impl<'b> Pieces<'b> {
    /// The next line: what stands before its value, with the end of the line before
    /// it, and the value.
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
        match self.comment.next() {
            Some(&[]) => Some((b"\n:", &[])),
            Some(line) => Some((b"\n: ", line)),
            // With its space before an empty line, too: there are readers that ask for it.
            None => self.data.next().map(|line| (&b"\ndata: "[..], line)),
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
            let has_line_before = mem::replace(&mut self.end, LINE_END_AND_BLANK_LINE) != LINE_END;
            return if has_line_before { Some(before) } else { before.strip_prefix(LINE_END) };
        }
        let end = mem::take(&mut self.end);
        (!end.is_empty()).then_some(end)
    }
}

impl FusedIterator for Pieces<'_> {}

/// The lines of what is still to come, if anything is. There is always one more than
/// there are line ends.
#[derive(Clone, Debug)]
struct Lines<'b>(Option<&'b [u8]>);

impl<'b> Iterator for Lines<'b> {
    type Item = &'b [u8];

    fn next(&mut self) -> Option<&'b [u8]> {
        let text = self.0.take()?;
        let len = scan::long_line_end(text).unwrap_or(text.len());
        let (line, rest) = text.split_at_checked(len)?;
        self.0 = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..));
        Some(line)
    }
}
