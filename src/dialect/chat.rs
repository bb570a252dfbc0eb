//! Chat Completions.

use super::done::is_sentinel;
use super::head::{is_error, is_failure, is_keep_alive, line};
use super::peek::{self, Json};
use super::reason::{is_one_of, reason};
use super::{Dialect, Observation, Outcome};
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

    #[inline(never)]
    fn read(&mut self, data: &[u8]) -> Observation {
        if is_sentinel(data) {
            return Observation::Done(self.said.unwrap_or(Outcome::Completed));
        }
        let (mut choices, mut error, mut object, mut kind) = (None, None, None, None);
        for (name, value) in peek::members(data) {
            let first = if name == "choices" {
                &mut choices
            } else if name == "error" {
                &mut error
            } else if name == "object" {
                &mut object
            } else if name == "type" {
                &mut kind
            } else {
                continue;
            };
            first.get_or_insert(value);
        }
        let is = |member: Option<Json<'_>>, names: &[&str]| {
            member.and_then(|member| member.text()).is_some_and(|text| is_one_of(text, names))
        };
        if is(kind, &["ping", "keepalive"]) {
            return Observation::Ignore;
        }
        // Old vLLM servers flatten the error into the chunk, others type it.
        let is_named_error = is(object, &["error"]) || is(kind, &["error"]);
        if is_named_error || error.is_some_and(|error| is_error(&error)) {
            return Observation::Last(Outcome::Failed);
        }
        if let Some(choices) = choices.filter(|_| peek::is_whole_object(data)) {
            choices.elements().for_each(|choice| self.note(&choice));
        }
        Observation::Message
    }

    /// Remembers a choice's finish reason.
    fn note(&mut self, choice: &Json<'_>) {
        let Some(reason) = reason(choice, "finish_reason") else { return };
        self.said = Some(match self.said {
            _ if is_one_of(reason, &FAILED) => Outcome::Failed,
            Some(Outcome::Failed) => Outcome::Failed,
            _ if is_one_of(reason, &INCOMPLETE) => Outcome::Incomplete,
            Some(Outcome::Incomplete) => Outcome::Incomplete,
            _ => Outcome::Completed,
        });
    }
}

impl Dialect for Chat {
    fn name(&self) -> &'static str {
        "chat"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        let data = event.data().as_bytes();
        match line(event) {
            // The sentinel is one whatever the line says.
            Some(_) if is_sentinel(data) => return self.read(data),
            Some(line) if line == "error" => return Observation::Last(Outcome::Failed),
            Some(line) if is_keep_alive(line) => return Observation::Ignore,
            _ => {}
        }
        if data.len() > KEEP_ALIVE_LEN && !peek::may_hold_error_or_finish_reason(data) {
            // No object is the sentinel, however much space is around that.
            return if let [b'{', ..] = data { Observation::Message } else { self.read(data) };
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
