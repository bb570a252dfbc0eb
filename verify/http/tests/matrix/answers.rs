//! The server's responses: which bytes in which writes, and how they end. The functions are the
//! columns of the matrix.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::events::{LineEnd, blocks, blocks_as_needed};

/// A body, write by write.
pub(crate) struct Answer {
    pub(crate) writes: Vec<Bytes>,
    pub(crate) framing: Framing,
    pub(crate) is_gzip: bool,
    /// Each write ends an event, and the next one waits until the client has received it.
    pub(crate) waits: bool,
    /// Drops the connection after the last write.
    pub(crate) is_cut: bool,
}

/// How a client recognises the end of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// By the last chunk, which a cut leaves out.
    Chunked,
    /// By the end of the connection: a cut looks the same.
    CloseDelimited,
}

impl Answer {
    /// These parts, each in its own write.
    pub(crate) fn of<W: Into<Bytes>>(writes: impl IntoIterator<Item = W>) -> Self {
        Self {
            writes: writes.into_iter().map(Into::into).collect(),
            framing: Framing::Chunked,
            is_gzip: false,
            waits: false,
            is_cut: false,
        }
    }

    /// The same bytes, each in its own write.
    pub(crate) fn byte_by_byte(self) -> Self {
        self.recut(|| 1)
    }

    /// The same bytes in writes of 1 to 2,048 bytes, most of them short.
    pub(crate) fn in_random_sizes(self) -> Self {
        let mut random = Random(7);
        self.recut(|| {
            let limit = 1 << random.below(12);
            1 + random.below(limit)
        })
    }

    fn recut(self, mut len: impl FnMut() -> usize) -> Self {
        let mut stream = Bytes::from(self.writes.concat());
        let mut writes = Vec::new();
        while !stream.is_empty() {
            writes.push(stream.split_to(len().min(stream.len())));
        }
        Self { writes, ..self }
    }

    pub(crate) fn framed(self, framing: Framing) -> Self {
        Self { framing, ..self }
    }

    pub(crate) fn waiting(self) -> Self {
        Self { waits: true, ..self }
    }

    /// Has to be called before [`gzipped`](Self::gzipped), which otherwise writes its trailer.
    pub(crate) fn cut(self) -> Self {
        Self { is_cut: true, ..self }
    }

    /// Compressed with a flush after each write, so that each can be read without the next.
    pub(crate) fn gzipped(self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let mut writes = Vec::new();
        for write in &self.writes {
            encoder.write_all(write).expect("memory");
            encoder.flush().expect("memory");
            writes.push(std::mem::take(encoder.get_mut()).into());
        }
        if !self.is_cut {
            writes.push(encoder.finish().expect("memory").into());
        }
        Self { writes, is_gzip: true, ..self }
    }
}

/// The generator `SplitMix64`: the same sizes in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).expect("below a usize")
    }
}

pub(crate) fn one_write(line_end: LineEnd) -> Answer {
    Answer::of([blocks(line_end).concat()])
}

pub(crate) fn byte_by_byte(line_end: LineEnd) -> Answer {
    one_write(line_end).byte_by_byte()
}

pub(crate) fn random_sizes(line_end: LineEnd) -> Answer {
    one_write(line_end).in_random_sizes()
}

/// The next event is sent when the client has received the one before.
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

/// The connection is dropped after these bytes.
pub(crate) fn cut(stream: Vec<u8>) -> Answer {
    Answer::of([stream]).in_random_sizes().cut()
}

pub(crate) fn gzip_cut(stream: Vec<u8>) -> Answer {
    cut(stream).gzipped()
}
