//! All of an answer, in memory of the caller's.

use core::fmt;

use super::full::copy_fitting;
use super::piece::quote;
use super::{Delta, Full, Piece};

/// All that an answer has said, in memory of yours: no heap.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, SliceCollector};
///
/// let mut memory = [0; 256];
/// let (mut answer, mut collector) = (Answer::new(), SliceCollector::new(&mut memory));
/// for data in [
///     r#"{"type":"response.output_text.delta","delta":"Good "}"#,
///     r#"{"type":"response.output_text.delta","delta":"day"}"#,
/// ] {
///     for delta in answer.read(&Event::new(data)) {
///         collector.push(&delta)?;
///     }
/// }
/// assert_eq!(collector.text().as_str(), Some("Good day"));
/// # Ok::<(), sseam::llm::Full>(())
/// ```
///
/// Text takes as many bytes as it has, and eight more wherever another text begins or goes on.
pub struct SliceCollector<'m> {
    /// Records: eight bytes that say of which text and how long, and that text.
    memory: &'m mut [u8],
    len: usize,
    /// Where the last record begins.
    last: usize,
    calls: u32,
    is_full: bool,
}

/// What a record is a piece of: one text, or one of a call's three.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Part(u32);

impl Part {
    const TEXT: Self = Self(0);
    const REASONING: Self = Self(1);
    const REFUSAL: Self = Self(2);
    const ERROR: Self = Self(3);

    const fn of_call(call: u32, which: u32) -> Self {
        Self(call.saturating_add(1).saturating_mul(4).saturating_add(which))
    }
}

/// How long what says of which text a record is, and how long.
const HEADER: usize = 8;

impl<'m> SliceCollector<'m> {
    /// Keeps the answer in `memory`.
    pub const fn new(memory: &'m mut [u8]) -> Self {
        Self { memory, len: 0, last: 0, calls: 0, is_full: false }
    }

    /// Takes what is new.
    ///
    /// # Errors
    ///
    /// If it does not fit. Then as much of it is kept as fits, and nothing further is.
    pub fn push(&mut self, delta: &Delta<'_>) -> Result<(), Full> {
        match *delta {
            Delta::Text { text } => self.add(Part::TEXT, &text),
            Delta::Reasoning { text } => self.add(Part::REASONING, &text),
            Delta::Refusal { text } => self.add(Part::REFUSAL, &text),
            Delta::Call { call, id, name } => {
                self.calls = self.calls.max(call.saturating_add(1));
                self.add(Part::of_call(call, 0), &id.unwrap_or_default())?;
                self.add(Part::of_call(call, 1), &name.unwrap_or_default())
            }
            Delta::Arguments { call, json } => self.add(Part::of_call(call, 2), &json),
            // Of several the first counts.
            Delta::Error { error } if self.error().is_empty() => {
                self.add(Part::ERROR, &error.message.unwrap_or_default())
            }
            Delta::Restart => {
                (self.len, self.last, self.calls, self.is_full) = (0, 0, 0, false);
                Ok(())
            }
            Delta::Error { .. }
            | Delta::Usage { .. }
            | Delta::Reason { .. }
            | Delta::Opaque { .. } => Ok(()),
        }
    }

    fn add(&mut self, part: Part, text: &Piece<'_>) -> Result<(), Full> {
        if text.is_empty() {
            return Ok(());
        }
        let fits = !self.is_full && text.write_to(&mut Writer(self, part)).is_ok();
        self.is_full |= !fits;
        if fits { Ok(()) } else { Err(Full) }
    }

    /// Appends to the last record, if it is of that text, or begins one.
    fn append(&mut self, part: Part, text: &str) -> fmt::Result {
        let end = self.len;
        let last = self.memory.get(self.last..end).and_then(header);
        let is_last = last.is_some_and(|(of, _)| of == part);
        let start = if is_last { end } else { end.checked_add(HEADER).ok_or(fmt::Error)? };
        let room = self.memory.get_mut(start..).ok_or(fmt::Error)?;
        let len = copy_fitting(text, room);
        // Not even the beginning of it fits: there is no record without a text.
        if len == 0 {
            return if text.is_empty() { Ok(()) } else { Err(fmt::Error) };
        }
        self.last = if is_last { self.last } else { end };
        self.len = start.saturating_add(len);
        let of_record = self.len.saturating_sub(self.last).saturating_sub(HEADER);
        let of_record = u32::try_from(of_record).unwrap_or(u32::MAX);
        let header = self.memory.get_mut(self.last..).and_then(<[u8]>::first_chunk_mut::<HEADER>);
        if let Some(header) = header {
            *header = (u64::from(part.0) << 32 | u64::from(of_record)).to_le_bytes();
        }
        if len < text.len() { Err(fmt::Error) } else { Ok(()) }
    }

    /// The visible text.
    #[must_use]
    pub fn text(&self) -> Kept<'_> {
        self.kept(Part::TEXT)
    }

    /// What the model thought.
    #[must_use]
    pub fn reasoning(&self) -> Kept<'_> {
        self.kept(Part::REASONING)
    }

    /// The model's words where it refuses.
    #[must_use]
    pub fn refusal(&self) -> Kept<'_> {
        self.kept(Part::REFUSAL)
    }

    /// The message of the provider's error.
    #[must_use]
    pub fn error(&self) -> Kept<'_> {
        self.kept(Part::ERROR)
    }

    /// The calls of tools: of each the ID, the name, and the arguments.
    pub fn calls(&self) -> impl Iterator<Item = [Kept<'_>; 3]> {
        (0..self.calls).map(|call| [0, 1, 2].map(|which| self.kept(Part::of_call(call, which))))
    }

    fn kept(&self, part: Part) -> Kept<'_> {
        Kept { records: self.memory.get(..self.len).unwrap_or_default(), part }
    }

    /// Whether something did not fit.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }
}

fn header(records: &[u8]) -> Option<(Part, usize)> {
    let header = u64::from_le_bytes(*records.first_chunk::<HEADER>()?);
    let len = usize::try_from(header & u64::from(u32::MAX)).ok()?;
    Some((Part(u32::try_from(header >> 32).ok()?), len))
}

struct Writer<'s, 'm>(&'s mut SliceCollector<'m>, Part);

impl fmt::Write for Writer<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.append(self.1, text)
    }
}

/// A text that a [`SliceCollector`] keeps, in as many pieces as it came interrupted by others.
#[derive(Clone, Copy)]
pub struct Kept<'m> {
    records: &'m [u8],
    part: Part,
}

impl<'m> Kept<'m> {
    /// The text, if it is in one piece, as it nearly always is.
    #[must_use]
    pub fn as_str(&self) -> Option<&'m str> {
        let mut pieces = self.pieces();
        let first = pieces.next().unwrap_or_default();
        if pieces.next().is_none() { Some(first) } else { None }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> impl Iterator<Item = &'m str> {
        let (mut rest, part) = (self.records, self.part);
        core::iter::from_fn(move || {
            let (of, len) = header(rest)?;
            let (text, behind) = rest.get(HEADER..)?.split_at_checked(len)?;
            rest = behind;
            Some((of, core::str::from_utf8(text).unwrap_or_default()))
        })
        .filter_map(move |(of, text)| if of == part { Some(text) } else { None })
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces().next().is_none()
    }
}

/// Writes the text.
impl fmt::Display for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| f.write_str(piece))
    }
}

impl fmt::Debug for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        quote(self, f)
    }
}

impl fmt::Debug for SliceCollector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.len, self.memory.len())
    }
}
