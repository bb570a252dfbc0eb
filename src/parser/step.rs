//! What the machine answers: ranges, not yet borrowed.

use crate::Field;
use crate::buffer::{Slot, Storage};

/// What a step has come to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The chunk is used up.
    NeedMore,
    Event {
        event_type: Span,
        data: Span,
    },
    Comment {
        text: Span,
        truncated: bool,
    },
    UnknownField {
        name: Span,
        value: Span,
        truncated: bool,
    },
    EmptyBlock {
        event_type: Span,
    },
    /// In milliseconds.
    ReconnectionTime(u64),
}

/// Why a block is given up; [`Error`](crate::Error) without the figures, so
/// that it passes through the machine in a register.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    TooLarge(Field),
    OutOfMemory,
}

/// Where the bytes of a value are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    Chunk(Part),
    Buffer(Slot, Part),
}

/// From `start` up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const EMPTY: Self = Self::Chunk(Part::new(0, 0));

    /// The bytes, in the chunk and the buffer of the step that found them.
    #[inline]
    pub(crate) fn bytes<'a>(
        self,
        chunk: &'a [u8],
        buffer: &'a (impl Storage + ?Sized),
    ) -> &'a [u8] {
        match self {
            Self::Chunk(part) => part.of(chunk),
            Self::Buffer(slot, Part { start, end }) => buffer.read(slot, start, end),
        }
    }

    /// From `start` up to `end` in this span.
    pub(crate) fn sub(self, start: usize, end: usize) -> Self {
        let sub = |part: Part| Part::new(part.start + start, part.start + end);
        match self {
            Self::Chunk(part) => Self::Chunk(sub(part)),
            Self::Buffer(slot, part) => Self::Buffer(slot, sub(part)),
        }
    }
}

impl Part {
    #[inline]
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    #[inline]
    pub(crate) fn of(self, chunk: &[u8]) -> &[u8] {
        chunk.get(self.start..self.end).unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.end - self.start
    }

    pub(crate) fn truncate(self, len: usize) -> Self {
        Self::new(self.start, self.end.min(self.start.saturating_add(len)))
    }
}
