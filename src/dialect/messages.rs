//! Messages.

use super::head::{Head, is_failure};
use super::reason::{is_one_of, reason};
use super::{Dialect, Observation, Outcome, is_done};
use crate::json::{self, is_whole_object};
use crate::{End, Event, Item};

/// The stop reasons of a message that was cut short.
const INCOMPLETE: [&str; 4] =
    ["max_tokens", "model_context_window_exceeded", "refusal", "pause_turn"];

/// Anthropic Messages, also by way of Vertex and others.
///
/// A `message_delta` gives the reason, `message_stop` ends the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Messages {
    /// What the last reason said; until then, what `message_stop` alone says.
    said: Outcome,
}

impl Messages {
    /// The dialect, at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { said: Outcome::Completed }
    }

    /// What the event with this head is.
    #[inline]
    pub(crate) fn observe_head(&mut self, event: &Event<'_>, head: &Head<'_>) -> Observation {
        let name = &head.discriminator;
        // What has a type is JSON, and no sentinel.
        if !name.is_typed() && is_done(event) {
            return Observation::Done(self.said);
        }
        if name.is("message_delta") {
            self.note(event.data().as_bytes());
        }
        match () {
            () if head.is_untyped_error || name.is("error") => Observation::Last(Outcome::Failed),
            () if name.is_keep_alive() => Observation::Ignore,
            () if name.is("message_stop") && is_whole_object(event.data().as_bytes()) => {
                Observation::Last(self.said)
            }
            () => Observation::Message,
        }
    }

    /// Takes note of the reason that a `message_delta` may give.
    #[inline(never)]
    fn note(&mut self, data: &[u8]) {
        let delta = json::members(data).get("delta").filter(|_| is_whole_object(data));
        if let Some(reason) = delta.and_then(|delta| reason(&delta, "stop_reason")) {
            let is_incomplete = is_one_of(reason, &INCOMPLETE);
            self.said = if is_incomplete { Outcome::Incomplete } else { Outcome::Completed };
        }
    }
}

impl Default for Messages {
    fn default() -> Self {
        Self::new()
    }
}

impl Dialect for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        self.observe_head(event, &Head::of(event))
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) { Observation::Last(Outcome::Failed) } else { Observation::Ignore }
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }
}
