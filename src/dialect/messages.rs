//! Messages.

use super::glance::Glance;
use super::head::{Head, is_failure};
use super::reason::{is_one_of, member, reason};
use super::{Dialect, Observation, Outcome, is_done, peek};
use crate::{End, Event, Item};

/// The stop reasons of a message that was cut short.
const INCOMPLETE: [&str; 4] =
    ["max_tokens", "model_context_window_exceeded", "refusal", "pause_turn"];

const GLANCE: Glance<'_> = Glance::new(
    br#"{"type":""#,
    &[b"message_stop", b"message_delta", b"error", b"ping", b"keepalive"],
    &["message_stop", "message_delta", "error", "ping", "keepalive"],
);

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

    #[inline(never)]
    fn read(&mut self, event: &Event<'_>) -> Observation {
        if is_done(event) {
            return Observation::Done(self.said);
        }
        let head = Head::of(event);
        let name = head.discriminator;
        if head.is_untyped_error || name.is("error") {
            return Observation::Last(Outcome::Failed);
        }
        if name.is_keep_alive() {
            return Observation::Ignore;
        }
        let is_stop = name.is("message_stop");
        if is_stop || name.is("message_delta") {
            let data = event.data().as_bytes();
            if !peek::is_whole_object(data) {
                return Observation::Message;
            }
            if is_stop {
                return Observation::Last(self.said);
            }
            self.note(data);
        }
        Observation::Message
    }

    /// Remembers the reason that a `message_delta` may give.
    fn note(&mut self, data: &[u8]) {
        let delta = member(peek::members(data), "delta");
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
        if GLANCE.is_none(event) { Observation::Message } else { self.read(event) }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) { Observation::Last(Outcome::Failed) } else { Observation::Ignore }
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }
}
