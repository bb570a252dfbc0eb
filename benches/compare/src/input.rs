//! A stream, and the chunks in which it comes.

use std::fmt;

use bytes::Bytes;

/// How a stream is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Chunk {
    /// Not at all.
    Whole,
    /// After each so many bytes.
    Of(usize),
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.pad("whole"),
            Self::Of(size) => f.pad(&size.to_string()),
        }
    }
}

pub(crate) struct Input {
    stream: Bytes,
    chunk: usize,
}

impl Input {
    pub(crate) fn new(stream: &Bytes, chunk: Chunk) -> Self {
        let chunk = match chunk {
            Chunk::Whole => stream.len(),
            Chunk::Of(size) => size,
        };
        Self { stream: stream.clone(), chunk }
    }

    /// The whole stream.
    pub(crate) fn stream(&self) -> &[u8] {
        &self.stream
    }

    /// The chunks as slices. They are cut while they are read, which costs a
    /// comparison: less than fetching slices cut before from memory.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &[u8]> {
        self.stream.chunks(self.chunk)
    }

    /// The chunks as transports hand them over: each shares in the memory of
    /// all. To be cut before the clock starts, for counting the references takes time.
    pub(crate) fn shared(&self) -> impl Iterator<Item = Bytes> {
        let len = self.stream.len();
        let starts = (0..len).step_by(self.chunk);
        starts.map(move |start| self.stream.slice(start..len.min(start + self.chunk)))
    }
}
