//! `generateContent`.

use super::head::{is_error, is_failure, is_keep_alive, line};
use super::reason::{is_one_of, reason};
use super::{Dialect, Observation, Outcome, is_done};
use crate::json::{self, Json, is_whole_object};
use crate::{End, Event, Item};

/// Gemini's `streamGenerateContent?alt=sse`, also on Vertex.
///
/// No event ends these streams. The last `finishReason` of the first candidate
/// says how it went, once the connection has been closed, unless it was closed
/// in the middle of an event: old servers put `STOP` into every chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerateContent {
    said: Said,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Said {
    #[default]
    Nothing,
    Stop,
    /// Another finish reason.
    Early,
    /// The prompt was refused, which no finish reason takes back.
    Blocked,
}

impl Said {
    const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Nothing => None,
            Self::Stop => Some(Outcome::Completed),
            Self::Early | Self::Blocked => Some(Outcome::Incomplete),
        }
    }
}

impl GenerateContent {
    /// The dialect, at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { said: Said::Nothing }
    }

    fn read(&mut self, data: &[u8]) -> Observation {
        let (mut candidates, mut feedback, mut error, mut kind) = (None, None, None, None);
        for (name, value) in json::members(data) {
            let first = if name == "candidates" {
                &mut candidates
            } else if name == "promptFeedback" {
                &mut feedback
            } else if name == "error" {
                &mut error
            } else if name == "type" {
                &mut kind
            } else {
                continue;
            };
            first.get_or_insert(value);
        }
        let kind = kind.and_then(|kind| kind.text());
        if kind.is_some_and(|kind| is_one_of(kind, &["ping", "keepalive"])) {
            return Observation::Ignore;
        }
        let is_named_error = kind.is_some_and(|kind| kind == "error");
        if is_named_error || error.is_some_and(|error| is_error(&error)) {
            return Observation::Last(Outcome::Failed);
        }
        if is_whole_object(data) {
            let candidate = candidates.and_then(|candidates| candidates.elements().next());
            self.note(candidate, feedback);
        }
        Observation::Message
    }

    /// Remembers what the first candidate and the prompt's feedback say.
    fn note(&mut self, candidate: Option<Json<'_>>, feedback: Option<Json<'_>>) {
        let blocked = feedback.and_then(|feedback| reason(&feedback, "blockReason"));
        if self.said == Said::Blocked || blocked.is_some() {
            self.said = Said::Blocked;
        } else if let Some(reason) = candidate.and_then(|it| reason(&it, "finishReason")) {
            self.said = if reason == "STOP" { Said::Stop } else { Said::Early };
        }
    }
}

impl Dialect for GenerateContent {
    fn name(&self) -> &'static str {
        "generate-content"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if is_done(event) {
            return Observation::Done(self.said.outcome().unwrap_or(Outcome::Completed));
        }
        match line(event) {
            Some(line) if line == "error" => Observation::Last(Outcome::Failed),
            Some(line) if is_keep_alive(line) => Observation::Ignore,
            _ => self.read(event.data().as_bytes()),
        }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) { Observation::Last(Outcome::Failed) } else { Observation::Ignore }
    }

    fn end_of_stream(&self, end: End) -> Outcome {
        match self.said.outcome() {
            Some(outcome) if end == End::Clean => outcome,
            _ => Outcome::Truncated,
        }
    }
}
