//! Cohere's chat.

use super::head::{Head, is_error_field};
use super::reason::reason;
use super::{Dialect, Observation, Outcome, is_done};
use crate::json::{self, is_whole_object};
use crate::{End, Event, Item};

/// Cohere's chat, version 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohereChat;

impl CohereChat {
    /// The dialect.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// What the finish reason in a `message-end` says.
fn outcome(data: &[u8]) -> Outcome {
    let delta = json::members(data).get("delta");
    match delta.and_then(|delta| reason(&delta, "finish_reason")) {
        Some(reason) if reason == "MAX_TOKENS" => Outcome::Incomplete,
        Some(reason) if reason == "ERROR" => Outcome::Failed,
        _ => Outcome::Completed,
    }
}

impl Dialect for CohereChat {
    fn name(&self) -> &'static str {
        "cohere-chat"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if is_done(event) {
            return Observation::Done(Outcome::Completed);
        }
        let head = Head::of(event);
        if head.is_untyped_error {
            return Observation::Last(Outcome::Failed);
        }
        if head.discriminator.is_keep_alive() {
            return Observation::Ignore;
        }
        let data = event.data().as_bytes();
        if head.discriminator.is("message-end") && is_whole_object(data) {
            return Observation::Last(outcome(data));
        }
        Observation::Message
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_error_field(item) {
            return Observation::Last(Outcome::Failed);
        }
        Observation::Ignore
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }
}
