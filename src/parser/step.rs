//! What the machine answers: of what kind it is, and ranges, not yet borrowed.

use core::ops::Range;

use crate::Field;
use crate::buffer::{Slot, Storage};

/// Of what kind it is that a step has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing: the chunk is used up.
    Nothing,
    Event,
    EmptyBlock,
    Comment,
    UnknownField,
    ReconnectionTime,
}

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

impl Step {
    /// The same in a chunk that has `len` bytes more in front.
    pub(crate) fn behind(self, len: usize) -> Self {
        let behind = |span: Span| match span.slot {
            None => Span::lent(Part::new(span.part.start + len, span.part.end + len)),
            Some(_) => span,
        };
        match self {
            Self::Event { event_type, data } => {
                Self::Event { event_type: behind(event_type), data: behind(data) }
            }
            Self::Comment { text, truncated } => Self::Comment { text: behind(text), truncated },
            Self::UnknownField { name, value, truncated } => {
                Self::UnknownField { name: behind(name), value: behind(value), truncated }
            }
            Self::EmptyBlock { event_type } => Self::EmptyBlock { event_type: behind(event_type) },
            Self::NeedMore | Self::ReconnectionTime(_) => self,
        }
    }
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
pub(crate) struct Span {
    /// In the buffer, or else in the chunk.
    slot: Option<Slot>,
    part: Part,
}

/// From `start` up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const EMPTY: Self = Self::lent(Part::new(0, 0));

    /// In the chunk.
    #[inline]
    pub(crate) const fn lent(part: Part) -> Self {
        Self { slot: None, part }
    }

    /// In the buffer.
    #[inline]
    pub(crate) const fn kept(slot: Slot, part: Part) -> Self {
        Self { slot: Some(slot), part }
    }

    /// The bytes, in the chunk and the buffer of the step that found them.
    #[inline(never)] // For the sake of size.
    pub(crate) fn bytes<'a>(
        self,
        chunk: &'a [u8],
        buffer: &'a (impl Storage + ?Sized),
    ) -> &'a [u8] {
        self.part.of(self.slot.map_or(chunk, |slot| buffer.slot(slot)))
    }

    /// From `start` up to `end` in this span.
    pub(crate) fn sub(self, start: usize, end: usize) -> Self {
        let part = Part::new(self.part.start + start, self.part.start + end);
        Self { slot: self.slot, part }
    }
}

impl Part {
    #[inline]
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Where `value` stands in `chunk`, if that is where it was lent from; an empty one
    /// may stand anywhere.
    #[inline]
    pub(crate) fn within(chunk: &[u8], value: &[u8]) -> Option<Self> {
        if value.is_empty() {
            return Some(Self::new(0, 0));
        }
        let start = value.as_ptr().addr().wrapping_sub(chunk.as_ptr().addr());
        (start < chunk.len()).then(|| Self::new(start, start + value.len()))
    }

    #[inline]
    pub(crate) fn of(self, chunk: &[u8]) -> &[u8] {
        chunk.get(self.range()).unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    pub(crate) fn truncate(self, len: usize) -> Self {
        Self::new(self.start, self.end.min(self.start.saturating_add(len)))
    }
}
