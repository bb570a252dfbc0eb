//! Chat Completions.

use super::done::is_sentinel;
use super::head::{is_error, is_failure, is_keep_alive, line};
use super::look::may_matter;
use super::reason::{is_one_of, is_reason, reason};
use super::{Dialect, Observation, Outcome};
use crate::json::{self, Json, JsonStr, is_whole_object};
use crate::size::IS_SMALL;
use crate::{End, Event, Item};

/// The finish reasons of a choice that was cut short.
const INCOMPLETE: [&str; 5] =
    ["length", "content_filter", "model_length", "sensitive", "insufficient_system_resource"];

/// The finish reasons that stand for an error.
const FAILED: [&str; 2] = ["error", "network_error"];

/// A keep-alive is a few bytes long: a larger payload is not searched for one.
const KEEP_ALIVE_LEN: usize = 64;

/// `OpenAI` Chat Completions, legacy Completions, and what is compatible.
///
/// A `finish_reason` is remembered and settles nothing: usage and other
/// choices may follow it. `[DONE]` settles, or, since several providers send
/// none, the end of the stream. A keep-alive that only its JSON's `type` tells
/// is looked for in data of up to 64 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// The worst of what the finish reasons said.
    said: Option<Outcome>,
}

impl Chat {
    /// The dialect, at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { said: None }
    }

    /// What the event is, if its line or the sentinel decides that without the payload.
    #[inline]
    pub(crate) fn observe_outside(self, event: &Event<'_>) -> Option<Observation> {
        if is_sentinel(event.data().as_bytes()) {
            return Some(Observation::Done(self.said.unwrap_or(Outcome::Completed)));
        }
        match line(event)? {
            line if line == "error" => Some(Observation::Last(Outcome::Failed)),
            line if is_keep_alive(line) => Some(Observation::Ignore),
            _ => None,
        }
    }

    /// Reads the payload as far as the outcome depends on it.
    #[inline(never)]
    fn read(&mut self, data: &[u8]) -> Observation {
        let (mut choices, mut kind, mut object, mut has_error) = (None, None, None, false);
        for (name, value) in json::members(data) {
            match () {
                () if name == "choices" && value.is_array() => _ = choices.get_or_insert(value),
                () if name == "type" => kind = kind.or_else(|| value.text()),
                () if name == "object" => object = object.or_else(|| value.text()),
                () if name == "error" => has_error |= is_error(&value),
                () => {}
            }
        }
        // Old vLLM servers flatten the error into the chunk.
        has_error |= object.is_some_and(|object| object == "error");
        let observation = judge(data, kind, has_error);
        if observation == Observation::Message && is_whole_object(data) {
            for choice in choices.iter().flat_map(Json::elements) {
                self.note(reason(&choice, "finish_reason"));
            }
        }
        observation
    }

    /// Takes note of a choice's finish reason: the worst one counts.
    #[inline]
    pub(crate) fn note(&mut self, reason: Option<JsonStr<'_>>) {
        if let Some(reason) = reason.filter(|reason| is_reason(*reason)) {
            let said = match () {
                () if is_one_of(reason, &FAILED) => Outcome::Failed,
                () if is_one_of(reason, &INCOMPLETE) => Outcome::Incomplete,
                () => Outcome::Completed,
            };
            self.said = Some(match (self.said, said) {
                (Some(Outcome::Failed), _) | (_, Outcome::Failed) => Outcome::Failed,
                (Some(Outcome::Incomplete), _) => Outcome::Incomplete,
                _ => said,
            });
        }
    }
}

/// What an event is but for its finish reasons, by its `type` and whether it holds an error.
#[inline]
pub(crate) fn judge(data: &[u8], kind: Option<JsonStr<'_>>, has_error: bool) -> Observation {
    let is = |names| kind.is_some_and(|kind| is_one_of(kind, names));
    match () {
        () if data.len() <= KEEP_ALIVE_LEN && is(&["ping", "keepalive"]) => Observation::Ignore,
        () if has_error || is(&["error"]) => Observation::Last(Outcome::Failed),
        () => Observation::Message,
    }
}

impl Dialect for Chat {
    fn name(&self) -> &'static str {
        "chat"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if let Some(observation) = self.observe_outside(event) {
            return observation;
        }
        let data = event.data().as_bytes();
        if !IS_SMALL && data.len() > KEEP_ALIVE_LEN && !may_matter(data) {
            return Observation::Message;
        }
        self.read(data)
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) { Observation::Last(Outcome::Failed) } else { Observation::Ignore }
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        self.said.unwrap_or(Outcome::Truncated)
    }
}
