//! A collector of whole answers on the heap.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::full::fitting;
use super::{Delta, Full, Outcome, Piece, ProviderError, Reason, Usage};

/// Collects a whole answer on the heap, up to a limit.
///
/// Push each [`Delta`] of an [`Answer`](super::Answer), then read the fields:
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Collected, Outcome};
///
/// let (mut answer, mut collected) = (Answer::new(), Collected::with_limit(1 << 20));
/// for data in [
///     r#"{"choices":[{"delta":{"content":"Adding."}}]}"#,
///     r#"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"add"}}]}}]}"#,
///     r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"[1,2]"}}]}}]}"#,
///     r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
/// ] {
///     for delta in answer.read(&Event::new(data)) {
///         collected.push(&delta)?;
///     }
/// }
/// assert_eq!(collected.text, "Adding.");
/// let call = &collected.calls[0];
/// assert_eq!((&*call.name, &*call.arguments), ("add", "[1,2]"));
/// assert_eq!(collected.summary(Outcome::Completed), "completed (tool_calls)");
/// assert!(!collected.is_full());
/// # Ok::<(), sseam::llm::Full>(())
/// ```
///
/// | to | use |
/// | --- | --- |
/// | display the answer | [`text`](Self::text); [`refusal`](Self::refusal) if the model refused |
/// | display the model's thinking | [`reasoning`](Self::reasoning) |
/// | run tools | [`calls`](Self::calls) |
/// | count costs | [`usage`](Self::usage) |
/// | decide what to do after the outcome | [`reason`](Self::reason), [`error`](Self::error) |
/// | write a line to a log | [`summary`](Self::summary) |
///
/// Values that must be sent back unchanged ([`Delta::Opaque`]) are not collected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected {
    /// The visible text of the answer.
    pub text: String,
    /// The model's reasoning, or a summary of it. Empty for most models.
    pub reasoning: String,
    /// The refusal, from APIs that send it apart from the text.
    pub refusal: String,
    /// The tool calls, in the order in which they began.
    ///
    /// Run them only if the answer is [completed](Outcome::Completed). Otherwise the last call may
    /// be cut, even if its arguments are valid JSON.
    pub calls: Vec<Call>,
    /// The token counts that the provider reported.
    pub usage: Usage,
    /// Why the model stopped: the worst reason that the provider sent.
    pub reason: Option<Reason>,
    /// The provider's error. Each field keeps the first value sent.
    pub error: Option<OwnedError>,
    room: Room,
    limit: usize,
}

/// A tool call. An element of [`Collected::calls`], whose page has an example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Call {
    /// The ID that the tool's result must carry. Some APIs send none.
    pub id: Option<String>,
    /// The tool's name.
    pub name: String,
    /// The arguments: JSON, or, for a custom tool, any text.
    pub arguments: String,
}

/// An owned copy of a provider's error. See [`Collected::error`].
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Collected};
///
/// let (mut answer, mut collected) = (Answer::new(), Collected::with_limit(1 << 20));
/// let event = Event::new(r#"{"error":{"message":"Slow down","code":429}}"#);
/// for delta in answer.read(&event) {
///     collected.push(&delta)?;
/// }
/// let error = collected.error.expect("an error");
/// assert_eq!(error.code.as_deref(), Some("429"));
/// assert_eq!(error.to_string(), "Slow down (429)");
/// # Ok::<(), sseam::llm::Full>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OwnedError {
    /// The kind of error, such as `overloaded_error`.
    pub kind: Option<String>,
    /// The code, a word or a number.
    pub code: Option<String>,
    /// The message, for people.
    pub message: Option<String>,
}

impl Collected {
    /// Creates a collector with a limit in bytes.
    ///
    /// The limit counts all texts, names, IDs and arguments, the provider's error, and the size of
    /// each [`Call`].
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            text: String::new(),
            reasoning: String::new(),
            refusal: String::new(),
            calls: Vec::new(),
            usage: Usage::NONE,
            reason: None,
            error: None,
            room: Room { left: limit, is_full: false },
            limit,
        }
    }

    /// Adds a delta.
    ///
    /// # Errors
    ///
    /// If the limit is exceeded or memory allocation fails. The delta is then cut to what fits, and
    /// no further text or call is added, so no text has a gap. Usage and reason are still updated,
    /// and so are those fields of the error that fit.
    pub fn push(&mut self, delta: &Delta<'_>) -> Result<(), Full> {
        match *delta {
            Delta::Text { text } => return self.room.add(&mut self.text, text),
            Delta::Reasoning { text } => return self.room.add(&mut self.reasoning, text),
            Delta::Refusal { text } => return self.room.add(&mut self.refusal, text),
            Delta::Call { call, id, name } => return self.push_call(call, [id, name]),
            Delta::Arguments { call, json } => {
                let call = self.calls.get_mut(call as usize).ok_or(Full)?;
                return self.room.add(&mut call.arguments, json);
            }
            Delta::Usage { usage } => self.usage = usage,
            Delta::Reason { reason } => self.reason = Some(reason),
            Delta::Error { error } => return self.push_error(&error),
            Delta::Restart => {
                let error = self.error.take();
                *self = Self { usage: self.usage, error, ..Self::with_limit(self.limit) };
            }
            Delta::Opaque { .. } => {}
        }
        Ok(())
    }

    fn push_call(&mut self, call: u32, [id, name]: [Option<Piece<'_>>; 2]) -> Result<(), Full> {
        if call as usize == self.calls.len() {
            let left = self.room.left.checked_sub(size_of::<Call>());
            let has_place = !self.room.is_full && self.calls.try_reserve(1).is_ok();
            self.room.check(left.is_some() && has_place)?;
            self.room.left = left.unwrap_or_default();
            self.calls.push(Call::default());
        }
        let call = self.calls.get_mut(call as usize).ok_or(Full)?;
        if let Some(id) = id {
            self.room.add(call.id.insert(String::new()), id)?;
        }
        name.map_or(Ok(()), |name| self.room.add(&mut call.name, name))
    }

    /// Keeps the first value of each field.
    fn push_error(&mut self, error: &ProviderError<'_>) -> Result<(), Full> {
        let kept = self.error.get_or_insert_default();
        let mut fits = true;
        let mut keep = |into: &mut Option<String>, part: Option<&dyn fmt::Display>| {
            if let (None, Some(part)) = (&into, part) {
                let part = part.to_string();
                match self.room.left.checked_sub(part.len()) {
                    Some(left) => (self.room.left, *into) = (left, Some(part)),
                    None => fits = false,
                }
            }
        };
        keep(&mut kept.kind, error.kind.as_ref().map(|part| part as _));
        keep(&mut kept.code, error.code.as_ref().map(|part| part as _));
        keep(&mut kept.message, error.message.as_ref().map(|part| part as _));
        self.room.check(fits)
    }

    /// Returns `true` if a delta did not fit the limit, or memory could not be allocated.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.room.is_full
    }

    /// Describes an outcome in one line for logs: its name, with the provider's error or stop
    /// reason.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::{Answer, Collected};
    ///
    /// let (mut answer, mut said) = (Answer::new(), Collected::with_limit(1 << 20));
    /// let event = Event::new(r#"{"error":{"message":"Slow down","code":"rate_limit_exceeded"}}"#);
    /// for delta in answer.read(&event) {
    ///     said.push(&delta)?;
    /// }
    /// let summary = said.summary(answer.outcome(None));
    /// assert_eq!(summary, "failed: Slow down (rate_limit_exceeded)");
    /// # Ok::<(), sseam::llm::Full>(())
    /// ```
    #[must_use]
    pub fn summary(&self, outcome: Outcome) -> String {
        match (&self.error, self.reason) {
            (Some(error), _) => format!("{outcome}: {error}"),
            (None, Some(reason)) => format!("{outcome} ({reason})"),
            (None, None) => outcome.to_string(),
        }
    }
}

/// The room left under the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Room {
    /// In bytes.
    left: usize,
    /// Whether something did not fit.
    is_full: bool,
}

impl Room {
    /// Records and returns whether something fits.
    fn check(&mut self, fits: bool) -> Result<(), Full> {
        self.is_full |= !fits;
        if fits { Ok(()) } else { Err(Full) }
    }

    /// Adds as much of a piece of text as fits.
    fn add(&mut self, to: &mut String, text: Piece<'_>) -> Result<(), Full> {
        let fits = !self.is_full && text.write_to(&mut Bounded(to, &mut self.left)).is_ok();
        self.check(fits)
    }
}

/// A string that grows up to the room left.
struct Bounded<'s>(&'s mut String, &'s mut usize);

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let kept = fitting(text, *self.1);
        self.0.try_reserve(kept.len()).map_err(|_| fmt::Error)?;
        self.0.push_str(kept);
        *self.1 = self.1.saturating_sub(kept.len());
        if kept.len() < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Writes the message, followed by the code, or else the kind.
impl fmt::Display for OwnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.message, self.code.as_ref().or(self.kind.as_ref())) {
            (Some(message), Some(code)) => write!(f, "{message} ({code})"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => f.write_str("error without details"),
        }
    }
}

impl core::error::Error for OwnedError {}
