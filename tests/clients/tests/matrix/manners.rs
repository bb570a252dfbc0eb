//! The columns: the manners of a server, each an answer that it gives.

use crate::answer::Answer;
use crate::events::{LineEnd, blocks, blocks_as_needed};

pub(crate) fn one_write(line_end: LineEnd) -> Answer {
    Answer::of([blocks(line_end).concat()])
}

pub(crate) fn byte_by_byte(line_end: LineEnd) -> Answer {
    one_write(line_end).byte_by_byte()
}

pub(crate) fn random_sizes(line_end: LineEnd) -> Answer {
    one_write(line_end).in_random_sizes()
}

/// The next event is sent when the client has seen the one before.
pub(crate) fn each_seen_before_the_next(line_end: LineEnd) -> Answer {
    Answer::of(blocks_as_needed(line_end)).waiting()
}

pub(crate) fn gzip_one_write(line_end: LineEnd) -> Answer {
    one_write(line_end).gzipped()
}

pub(crate) fn gzip_byte_by_byte(line_end: LineEnd) -> Answer {
    one_write(line_end).gzipped().byte_by_byte()
}

pub(crate) fn gzip_random_sizes(line_end: LineEnd) -> Answer {
    random_sizes(line_end).gzipped()
}

pub(crate) fn gzip_each_seen_before_the_next(line_end: LineEnd) -> Answer {
    each_seen_before_the_next(line_end).gzipped()
}

/// The connection is dropped behind what is sent.
pub(crate) fn cut(stream: Vec<u8>) -> Answer {
    Answer::of([stream]).in_random_sizes().cut()
}

pub(crate) fn gzip_cut(stream: Vec<u8>) -> Answer {
    cut(stream).gzipped()
}
