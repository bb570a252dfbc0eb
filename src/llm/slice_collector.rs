//! A collector of whole answers without a heap.

use core::fmt;

use super::full::copy_fitting;
use super::piece::quote;
use super::{Delta, Full, Piece};

/// Collects a whole answer in a byte slice, without a heap.
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
/// for other in [collector.reasoning(), collector.refusal(), collector.error()] {
///     assert!(other.is_empty());
/// }
/// assert!(!collector.is_full());
/// # Ok::<(), sseam::llm::Full>(())
/// ```
///
/// Memory use is the length of the texts, and eight bytes each time another text begins or
/// continues. Token counts and the stop reason are not collected:
/// [`Answer::usage`](super::Answer::usage) and [`Answer::reason`](super::Answer::reason) return
/// them.
pub struct SliceCollector<'m> {
    /// Records: a header with the text's ID and length, followed by a piece of that text.
    memory: &'m mut [u8],
    len: usize,
    /// The offset of the last record.
    last: usize,
    calls: u32,
    is_full: bool,
}

/// The text of which a record holds a piece: one of the answer, or one of a call's three.
#[derive(Clone, Copy, PartialEq, Eq)]
struct TextId(u32);

impl TextId {
    const TEXT: Self = Self(0);
    const REASONING: Self = Self(1);
    const REFUSAL: Self = Self(2);
    const ERROR: Self = Self(3);

    const fn of_call(call: u32, which: u32) -> Self {
        Self(call.saturating_add(1).saturating_mul(4).saturating_add(which))
    }
}

/// The length of a record's header.
const HEADER: usize = 8;

impl<'m> SliceCollector<'m> {
    /// Creates a collector over `memory`, whose length is the limit.
    pub const fn new(memory: &'m mut [u8]) -> Self {
        Self { memory, len: 0, last: 0, calls: 0, is_full: false }
    }

    /// Adds a delta.
    ///
    /// # Errors
    ///
    /// If the memory is exceeded. The delta is then cut to what fits, and nothing further is added.
    pub fn push(&mut self, delta: &Delta<'_>) -> Result<(), Full> {
        match *delta {
            Delta::Text { text } => self.add(TextId::TEXT, &text),
            Delta::Reasoning { text } => self.add(TextId::REASONING, &text),
            Delta::Refusal { text } => self.add(TextId::REFUSAL, &text),
            Delta::Call { call, id, name } => {
                self.calls = self.calls.max(call.saturating_add(1));
                self.add(TextId::of_call(call, 0), &id.unwrap_or_default())?;
                self.add(TextId::of_call(call, 1), &name.unwrap_or_default())
            }
            Delta::Arguments { call, json } => self.add(TextId::of_call(call, 2), &json),
            // Of several errors, the first counts.
            Delta::Error { error } if self.error().is_empty() => {
                self.add(TextId::ERROR, &error.message.unwrap_or_default())
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

    fn add(&mut self, part: TextId, text: &Piece<'_>) -> Result<(), Full> {
        if text.is_empty() {
            return Ok(());
        }
        let fits = !self.is_full && text.write_to(&mut Writer(self, part)).is_ok();
        self.is_full |= !fits;
        if fits { Ok(()) } else { Err(Full) }
    }

    /// Appends to the last record if it belongs to that text, or else begins a new one.
    fn append(&mut self, part: TextId, text: &str) -> fmt::Result {
        let end = self.len;
        let last = self.memory.get(self.last..end).and_then(header);
        let is_last = last.is_some_and(|(of, _)| of == part);
        let start = if is_last { end } else { end.checked_add(HEADER).ok_or(fmt::Error)? };
        let room = self.memory.get_mut(start..).ok_or(fmt::Error)?;
        let len = copy_fitting(text, room);
        // Not even one character fits. A record is never empty.
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

    /// Returns the visible text.
    #[must_use]
    pub fn text(&self) -> Kept<'_> {
        self.kept(TextId::TEXT)
    }

    /// Returns the model's reasoning, or a summary of it.
    #[must_use]
    pub fn reasoning(&self) -> Kept<'_> {
        self.kept(TextId::REASONING)
    }

    /// Returns the refusal, from APIs that send it apart from the text.
    #[must_use]
    pub fn refusal(&self) -> Kept<'_> {
        self.kept(TextId::REFUSAL)
    }

    /// Returns the message of the provider's error.
    #[must_use]
    pub fn error(&self) -> Kept<'_> {
        self.kept(TextId::ERROR)
    }

    /// Returns an iterator over the tool calls: for each its ID, name and arguments.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::{Answer, SliceCollector};
    ///
    /// let mut memory = [0; 256];
    /// let (mut answer, mut collector) = (Answer::new(), SliceCollector::new(&mut memory));
    /// let event = Event::new(
    ///     r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":
    ///     {"name":"add","arguments":"[1,2]"}}]}}]}"#,
    /// );
    /// for delta in answer.read(&event) {
    ///     collector.push(&delta)?;
    /// }
    /// let [id, name, arguments] = collector.calls().next().expect("a call");
    /// assert_eq!(id.as_str(), Some("a"));
    /// assert_eq!(name.as_str(), Some("add"));
    /// assert_eq!(arguments.to_string(), "[1,2]");
    /// # Ok::<(), sseam::llm::Full>(())
    /// ```
    pub fn calls(&self) -> impl Iterator<Item = [Kept<'_>; 3]> {
        (0..self.calls).map(|call| [0, 1, 2].map(|which| self.kept(TextId::of_call(call, which))))
    }

    fn kept(&self, part: TextId) -> Kept<'_> {
        Kept { records: self.memory.get(..self.len).unwrap_or_default(), part }
    }

    /// Returns `true` if the memory was exceeded.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }
}

fn header(records: &[u8]) -> Option<(TextId, usize)> {
    let header = u64::from_le_bytes(*records.first_chunk::<HEADER>()?);
    let len = usize::try_from(header & u64::from(u32::MAX)).ok()?;
    Some((TextId(u32::try_from(header >> 32).ok()?), len))
}

struct Writer<'s, 'm>(&'s mut SliceCollector<'m>, TextId);

impl fmt::Write for Writer<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.append(self.1, text)
    }
}

/// A text in a [`SliceCollector`]. A text that was interrupted by others has several pieces.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, SliceCollector};
///
/// let mut memory = [0; 256];
/// let (mut answer, mut collector) = (Answer::new(), SliceCollector::new(&mut memory));
/// for data in [
///     r#"{"choices":[{"delta":{"content":"Good "}}]}"#,
///     r#"{"choices":[{"delta":{"reasoning":"Hm"}}]}"#,
///     r#"{"choices":[{"delta":{"content":"day"}}]}"#,
/// ] {
///     for delta in answer.read(&Event::new(data)) {
///         collector.push(&delta)?;
///     }
/// }
/// let text = collector.text();
/// assert_eq!(text.as_str(), None); // Two pieces.
/// assert_eq!(text.pieces().count(), 2);
/// assert_eq!(text.to_string(), "Good day");
/// # Ok::<(), sseam::llm::Full>(())
/// ```
#[derive(Clone, Copy)]
pub struct Kept<'m> {
    records: &'m [u8],
    part: TextId,
}

impl<'m> Kept<'m> {
    /// Returns the text if it has at most one piece, as nearly always, or else `None`.
    #[must_use]
    pub fn as_str(&self) -> Option<&'m str> {
        let mut pieces = self.pieces();
        let first = pieces.next().unwrap_or_default();
        if pieces.next().is_none() { Some(first) } else { None }
    }

    /// Returns an iterator over the pieces, in order.
    pub fn pieces(&self) -> impl Iterator<Item = &'m str> {
        let (mut rest, part) = (self.records, self.part);
        core::iter::from_fn(move || {
            let (of, len) = header(rest)?;
            let (text, after) = rest.get(HEADER..)?.split_at_checked(len)?;
            rest = after;
            Some((of, core::str::from_utf8(text).unwrap_or_default()))
        })
        .filter_map(move |(of, text)| if of == part { Some(text) } else { None })
    }

    /// Returns `true` if the text is empty.
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
