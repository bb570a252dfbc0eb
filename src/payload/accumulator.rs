//! Deltas put together.

mod memory;

use core::fmt;

#[cfg(feature = "alloc")]
pub use memory::Growing;
pub use memory::{Memory, Slice};

use super::{Joiner, JsonStr, StrOrJson, chat, messages, responses};

/// Gathers deltas into memory of yours, or, with `alloc`, into memory that grows to
/// a bound: text, refusal, reasoning and tools' arguments, each by its indices.
///
/// What is gathered is decoded. A pair of surrogates that is split over two deltas
/// is joined.
///
/// ```
/// use sseam::Event;
/// use sseam::payload::{Accumulator, Part, PartKind, responses};
///
/// let mut memory = [0; 256];
/// let mut accumulator = Accumulator::new(&mut memory);
/// for delta in [r"Good \ud83d", r"\ude00 day"] {
///     let data = format!(r#"{{"type":"response.output_text.delta","delta":"{delta}"}}"#);
///     let event = Event::new(data.as_str());
///     accumulator.push_responses(&responses::Event::parse(&event)?)?;
/// }
/// let text = accumulator.get(Part { kind: PartKind::Text, output: 0, content: 0 });
/// assert_eq!(text.as_str(), Some("Good 😀 day"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Memory
///
/// Deltas lie one behind another, as they came, those of one part in a row as one
/// piece with 13 bytes before it. So a push costs no more than its own length, and
/// nothing is ever moved; a part is in several pieces only where others came in
/// between, as two tool calls at a time may.
///
/// What does not fit is an error, [`Full`]; what did fit of it is kept, up to the end
/// of a character. From then on nothing more is taken, so that what is there is what
/// came first, without a gap.
#[derive(Clone, Debug, Default)]
pub struct Accumulator<M> {
    memory: M,
    /// The part that the last piece belongs to, and where its length stands.
    last: Option<(Part, usize)>,
    /// The first half of a pair, at the end of what came of a part.
    half: Option<(Part, Joiner)>,
    is_full: bool,
}

/// What deltas belong together. An index that does not fit is [`u32::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// The `output_index` of Responses, the `index` of a choice of Chat Completions,
    /// the `index` of a content block of Messages.
    pub output: u32,
    /// The `content_index` or `summary_index` of Responses, the `index` of a tool
    /// call of Chat Completions; else 0.
    pub content: u32,
}

/// What a [`Part`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum PartKind {
    /// The visible text.
    Text,
    /// The model's words where it refuses.
    Refusal,
    /// The model's reasoning.
    Reasoning,
    /// A summary of it.
    ReasoningSummary,
    /// The arguments of a function, or the input of a tool.
    Arguments,
}

impl PartKind {
    const ALL: [Self; 5] =
        [Self::Text, Self::Refusal, Self::Reasoning, Self::ReasoningSummary, Self::Arguments];
}

impl Part {
    fn new(kind: PartKind, output: u64, content: u64) -> Self {
        let narrow = |index| u32::try_from(index).unwrap_or(u32::MAX);
        Self { kind, output: narrow(output), content: narrow(content) }
    }
}

/// There is no more memory for a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no memory is left to gather more")
    }
}

impl core::error::Error for Full {}

/// What stands before a piece: kind, both indices, and its length.
const HEADER: usize = 13;
/// The length's place in it, from its start.
const LEN: usize = 9;

impl<'b> Accumulator<Slice<'b>> {
    /// Gathers into `memory`.
    #[must_use]
    pub fn new(memory: &'b mut [u8]) -> Self {
        Self { memory: Slice::new(memory), ..Self::default() }
    }
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Accumulator<Growing> {
    /// Gathers into memory that grows, up to so many bytes.
    #[must_use]
    pub fn growing(limit: usize) -> Self {
        Self { memory: Growing::new(limit), ..Self::default() }
    }
}

impl<M: Memory> Accumulator<M> {
    /// Adds the deltas of all choices.
    ///
    /// # Errors
    ///
    /// [`Full`], now and from now on.
    #[inline(never)] // Otherwise its stack adds to that of the caller, which parses payloads.
    pub fn push_chat(&mut self, chunk: &chat::Chunk<'_>) -> Result<(), Full> {
        for choice in &chunk.choices {
            let part = |kind| Part::new(kind, choice.index, 0);
            for text in choice.texts() {
                self.push(part(PartKind::Text), text)?;
            }
            let delta = choice.delta.unwrap_or_default();
            self.push(part(PartKind::Refusal), delta.refusal.unwrap_or_default())?;
            self.push(part(PartKind::Reasoning), delta.reasoning.unwrap_or_default())?;
            // The legacy way has one call, without an index.
            let function_call = delta.function_call.unwrap_or_default();
            let arguments = function_call.arguments.unwrap_or_default();
            self.push(part(PartKind::Arguments), arguments)?;
            for call in &delta.tool_calls {
                let arguments = call.function.and_then(|function| function.arguments);
                let part = Part::new(PartKind::Arguments, choice.index, call.index);
                self.push(part, arguments.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Adds the event, if it is a delta.
    ///
    /// # Errors
    ///
    /// [`Full`], now and from now on.
    #[inline(never)] // Otherwise its stack adds to that of the caller, which parses payloads.
    pub fn push_responses(&mut self, event: &responses::Event<'_>) -> Result<(), Full> {
        use responses::Event;

        let (kind, delta) = match event {
            Event::OutputTextDelta(delta) => (PartKind::Text, delta),
            Event::RefusalDelta(delta) => (PartKind::Refusal, delta),
            Event::ReasoningTextDelta(delta) => (PartKind::Reasoning, delta),
            Event::ReasoningSummaryTextDelta(delta) => (PartKind::ReasoningSummary, delta),
            Event::FunctionCallArgumentsDelta(delta) | Event::CustomToolCallInputDelta(delta) => {
                (PartKind::Arguments, delta)
            }
            _ => return Ok(()),
        };
        self.push(Part::new(kind, delta.output_index, delta.content_index), delta.delta)
    }

    /// Adds the event, if it is a delta of text, thinking or a tool's input.
    ///
    /// # Errors
    ///
    /// [`Full`], now and from now on.
    #[inline(never)] // Otherwise its stack adds to that of the caller, which parses payloads.
    pub fn push_messages(&mut self, event: &messages::Event<'_>) -> Result<(), Full> {
        let messages::Event::ContentBlockDelta(event) = event else { return Ok(()) };
        let (kind, delta) = match event.delta {
            messages::Delta::Text(text) => (PartKind::Text, text),
            messages::Delta::Thinking(thinking) => (PartKind::Reasoning, thinking),
            messages::Delta::InputJson(json) => (PartKind::Arguments, json),
            _ => return Ok(()),
        };
        self.push(Part::new(kind, event.index, 0), delta)
    }

    /// Adds a delta of a part: a string, or JSON that stands in the place of one.
    ///
    /// # Errors
    ///
    /// [`Full`], now and from now on.
    pub fn push<'d>(&mut self, part: Part, delta: impl Into<StrOrJson<'d>>) -> Result<(), Full> {
        if self.is_full {
            return Err(Full);
        }
        let pushed = match delta.into() {
            StrOrJson::Str(delta) => self.try_push(part, delta),
            StrOrJson::Json(json) => {
                let json = core::str::from_utf8(json.as_bytes()).unwrap_or_default();
                self.finish_half().and_then(|()| self.add(part, json))
            }
        };
        self.is_full = pushed.is_err();
        pushed
    }

    fn try_push(&mut self, part: Part, delta: JsonStr<'_>) -> Result<(), Full> {
        let half = self.half.take_if(|(of, _)| *of == part);
        let mut joiner = half.map(|(_, joiner)| joiner).unwrap_or_default();
        joiner.decode(delta, |text| self.add(part, text))?;
        if joiner.has_half() {
            // Only one half can wait.
            self.finish_half()?;
            self.half = Some((part, joiner));
        }
        Ok(())
    }

    /// Takes the stream as ended: the first half of a pair of surrogates that still
    /// waits for the other is U+FFFD.
    ///
    /// # Errors
    ///
    /// [`Full`], now and from now on.
    pub fn finish(&mut self) -> Result<(), Full> {
        if self.is_full {
            return Err(Full);
        }
        let finished = self.finish_half();
        self.is_full = finished.is_err();
        finished
    }

    fn finish_half(&mut self) -> Result<(), Full> {
        match self.half.take() {
            Some((part, mut joiner)) => joiner.decode_end(|text| self.add(part, text)),
            None => Ok(()),
        }
    }

    /// Adds as much of the text as there is memory for, in whole characters.
    fn add(&mut self, part: Part, text: &str) -> Result<(), Full> {
        let len_at = match self.last {
            Some((last, len_at)) if last == part => len_at,
            _ => self.begin(part)?,
        };
        let mut len = text.len().min(self.memory.room());
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        let taken = text.get(..len).unwrap_or("");
        let piece = read_u32(self.memory.bytes(), len_at).ok_or(Full)?;
        let sum = u32::try_from(len).ok().and_then(|len| piece.checked_add(len)).ok_or(Full)?;
        self.memory.extend(taken.as_bytes())?;
        self.memory.write(len_at, sum.to_le_bytes());
        if len == text.len() { Ok(()) } else { Err(Full) }
    }

    /// Begins a piece, and gives where its length stands.
    fn begin(&mut self, part: Part) -> Result<usize, Full> {
        let [o0, o1, o2, o3] = part.output.to_le_bytes();
        let [c0, c1, c2, c3] = part.content.to_le_bytes();
        let kind = part.kind as u8;
        let header: [u8; HEADER] = [kind, o0, o1, o2, o3, c0, c1, c2, c3, 0, 0, 0, 0];
        let len_at = self.memory.bytes().len().checked_add(LEN).ok_or(Full)?;
        self.memory.extend(&header)?;
        self.last = Some((part, len_at));
        Ok(len_at)
    }

    /// All that was gathered, in the order in which it came: of each piece, the part
    /// that it belongs to, and the text.
    pub fn pieces(&self) -> impl Iterator<Item = (Part, &str)> {
        let mut rest = self.memory.bytes();
        core::iter::from_fn(move || {
            let (header, behind) = rest.split_at_checked(HEADER)?;
            let kind = PartKind::ALL.get(usize::from(*header.first()?)).copied()?;
            let part = Part { kind, output: read_u32(header, 1)?, content: read_u32(header, 5)? };
            let len = usize::try_from(read_u32(header, LEN)?).ok()?;
            let (text, behind) = behind.split_at_checked(len)?;
            rest = behind;
            Some((part, core::str::from_utf8(text).ok()?))
        })
    }

    /// What was gathered of a part. It is looked for among all pieces: who wants all
    /// parts goes over [`pieces`](Self::pieces) once.
    pub fn get(&self, part: Part) -> Gathered<'_, M> {
        Gathered { accumulator: self, part }
    }

    /// Whether a delta did not fit.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Forgets everything; the memory stays.
    pub fn clear(&mut self) {
        self.memory.clear();
        (self.last, self.half, self.is_full) = (None, None, false);
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// What an [`Accumulator`] has of a [`Part`]: nothing, if nothing came.
#[derive(Debug)]
pub struct Gathered<'m, M> {
    accumulator: &'m Accumulator<M>,
    part: Part,
}

impl<M> Clone for Gathered<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Gathered<'_, M> {}

impl<'m, M: Memory> Gathered<'m, M> {
    /// The text, in pieces.
    pub fn pieces(self) -> impl Iterator<Item = &'m str> {
        let pieces = self.accumulator.pieces();
        pieces.filter(move |(part, _)| *part == self.part).map(|(_, text)| text)
    }

    /// The text, if it lies in one piece: nearly always, and always if only one part
    /// was sent at a time.
    #[must_use]
    pub fn as_str(self) -> Option<&'m str> {
        let mut pieces = self.pieces();
        let text = pieces.next().unwrap_or("");
        pieces.next().is_none().then_some(text)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.pieces().all(str::is_empty)
    }
}

impl<M: Memory> fmt::Display for Gathered<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().try_for_each(|piece| f.write_str(piece))
    }
}
