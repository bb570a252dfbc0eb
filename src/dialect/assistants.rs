//! Assistants.

use super::head::{Head, is_empty_block, is_failure, is_named_done, line};
use super::{Dialect, Observation, Outcome, is_done};
use crate::json::is_whole_object;
use crate::{End, Event, Item};

/// `OpenAI` Assistants.
///
/// Here the `event` line alone tells one event from another: what the JSON
/// calls `type` is that of a step or of an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assistants;

impl Assistants {
    /// The dialect.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Dialect for Assistants {
    fn name(&self) -> &'static str {
        "assistants"
    }

    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if is_done(event) {
            return Observation::Done(Outcome::Completed);
        }
        let outcome = match line(event).unwrap_or_default().as_bytes() {
            b"done" if is_named_done(event) => return Observation::Done(Outcome::Completed),
            b"error" => return Observation::Last(Outcome::Failed),
            b"ping" | b"keepalive" => return Observation::Ignore,
            b"thread.run.incomplete" => Outcome::Incomplete,
            b"thread.run.failed" | b"thread.run.cancelled" | b"thread.run.expired" => {
                Outcome::Failed
            }
            _ => {
                let head = Head::of(event);
                return match () {
                    () if head.is_untyped_error => Observation::Last(Outcome::Failed),
                    () if head.discriminator.is_keep_alive() => Observation::Ignore,
                    () => Observation::Message,
                };
            }
        };
        if is_whole_object(event.data().as_bytes()) {
            Observation::Last(outcome)
        } else {
            Observation::Message
        }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) {
            return Observation::Last(Outcome::Failed);
        }
        if is_empty_block(item, "done") {
            return Observation::Done(Outcome::Completed);
        }
        Observation::Ignore
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }
}
