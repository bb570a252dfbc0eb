//! All of an answer, on the heap, up to a bound.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::full::fitting;
use super::{Delta, Full, Outcome, Piece, ProviderError, Reason, Usage};

/// All that an answer has said, up to so many bytes.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Collected};
///
/// let (mut answer, mut collected) = (Answer::new(), Collected::with_limit(1 << 20));
/// for data in [
///     r#"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"add"}}]}}]}"#,
///     r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"[1,2]"}}]}}]}"#,
/// ] {
///     for delta in answer.read(&Event::new(data)) {
///         collected.push(&delta)?;
///     }
/// }
/// let call = &collected.calls[0];
/// assert_eq!((&*call.name, &*call.arguments), ("add", "[1,2]"));
/// # Ok::<(), sseam::llm::Full>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected {
    /// The visible text.
    pub text: String,
    /// What the model thought, or a summary of that.
    pub reasoning: String,
    /// The model's words where it refuses.
    pub refusal: String,
    /// Its calls of tools, in the order in which they began. Of an answer that is not
    /// [completed](Outcome::Completed) the last may be half of one, even if its arguments are valid
    /// JSON.
    pub calls: Vec<Call>,
    /// The tokens used.
    pub usage: Usage,
    /// Why the model stopped.
    pub reason: Option<Reason>,
    /// The provider's error.
    pub error: Option<OwnedError>,
    room: Room,
    limit: usize,
}

/// A call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The ID to answer it by.
    pub id: Option<String>,
    /// The tool's name.
    pub name: String,
    /// The arguments: JSON, or, with a custom tool, any text.
    pub arguments: String,
}

/// A provider's error, owned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnedError {
    /// What kind of error it is.
    pub kind: Option<String>,
    /// What kind of error it is, for programs: a word or a number.
    pub code: Option<String>,
    /// What went wrong, for people.
    pub message: Option<String>,
}

impl Collected {
    /// Keeps so many bytes of text, names and arguments together.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self { room: Room { left: limit, is_full: false }, limit, ..Self::default() }
    }

    /// Takes what is new.
    ///
    /// # Errors
    ///
    /// If it does not fit, or there is no memory for it. Then as much of it is kept as fits, and
    /// no further text is: what is there has no gaps. Usage, reason and error are kept all the
    /// same.
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

    /// Of each part of the error the first counts.
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

    /// Whether something did not fit.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.room.is_full
    }

    /// Describes an outcome in a line: what it is, and the provider's error or reason.
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

/// How many more bytes are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Room {
    left: usize,
    /// Whether something did not fit.
    is_full: bool,
}

impl Room {
    /// Takes note of what did not fit.
    fn check(&mut self, fits: bool) -> Result<(), Full> {
        self.is_full |= !fits;
        if fits { Ok(()) } else { Err(Full) }
    }

    /// Adds a piece of text, or as much of it as there is room for.
    fn add(&mut self, to: &mut String, text: Piece<'_>) -> Result<(), Full> {
        let fits = !self.is_full && text.write_to(&mut Bounded(to, &mut self.left)).is_ok();
        self.check(fits)
    }
}

/// A string that grows as far as there is room.
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

/// Writes the message, and behind it the code, or else the kind.
impl fmt::Display for OwnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.message, self.code.as_ref().or(self.kind.as_ref())) {
            (Some(message), Some(code)) => write!(f, "{message} ({code})"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => f.write_str("an error that says nothing"),
        }
    }
}
