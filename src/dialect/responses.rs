//! Responses.

mod strict;

use super::glance::Glance;
use super::head::{Discriminator, Head, is_failure, shown_name};
use super::{Dialect, Observation, Outcome, Violation, is_done, peek};
use crate::{End, Event, Item};
use strict::Word;

/// `OpenAI` Responses, and what is compatible: Azure, EU GPT, `OpenRouter`, xAI,
/// and others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Responses {
    /// What the provider is held to, when it is.
    word: Option<Word>,
}

impl Responses {
    /// The dialect as providers speak it: a resumed stream, which begins
    /// anywhere, is fine, and so is one without sequence numbers.
    #[must_use]
    pub const fn new() -> Self {
        Self { word: None }
    }

    /// The dialect as `OpenAI` documents it, at the start of a stream.
    ///
    /// The first event is `response.created` or an error; `sequence_number`
    /// begins with 0 and grows by one (an error may carry none); nothing
    /// follows the terminal but the one `response.failed` that `OpenAI` sends
    /// after an `error`. `[DONE]` is no terminal here, but a message. Each breach is a
    /// [`Violation`], at most one an event: the first, in the order of that
    /// type's variants. After a gap the number that came is what the next is
    /// counted from; a repeat or a missing number moves nothing.
    #[must_use]
    pub const fn strict() -> Self {
        Self { word: Some(Word::new()) }
    }
}

const GLANCE: Glance<'_> = Glance::new(
    br#"{"type":"response."#,
    &[b"completed", b"incomplete", b"failed"],
    &["response.completed", "response.incomplete", "response.failed", "error", "ping", "keepalive"],
);

#[inline(never)]
fn observe(event: &Event<'_>) -> Observation {
    if is_done(event) {
        return Observation::Done(Outcome::Completed);
    }
    observe_named(event, &Head::of(event))
}

/// What the event is, by its name alone; `[DONE]` is not asked for.
#[inline]
fn observe_named(event: &Event<'_>, head: &Head<'_>) -> Observation {
    let name = &head.discriminator;
    let outcome = match () {
        () if head.is_untyped_error || name.is("error") => {
            return Observation::Last(Outcome::Failed);
        }
        () if name.is("response.completed") => Outcome::Completed,
        () if name.is("response.incomplete") => Outcome::Incomplete,
        () if name.is("response.failed") => Outcome::Failed,
        () if name.is_keep_alive() => return Observation::Ignore,
        () => return Observation::Message,
    };
    if peek::is_whole_object(event.data().as_bytes()) {
        Observation::Last(outcome)
    } else {
        Observation::Message
    }
}

impl Dialect for Responses {
    fn name(&self) -> &'static str {
        if self.word.is_some() { "responses-strict" } else { "responses" }
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        match &mut self.word {
            Some(word) => word.observe(event),
            None if GLANCE.is_none(event) => Observation::Message,
            None => observe(event),
        }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        if is_failure(item) {
            if let Some(word) = &mut self.word {
                word.notice_failure();
            }
            return Observation::Last(Outcome::Failed);
        }
        Observation::Ignore
    }

    #[inline]
    fn observe_after(&mut self, event: &Event<'_>) {
        if let Some(word) = &mut self.word {
            word.observe_after(event);
        }
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }

    #[inline]
    fn violation(&self) -> Option<Violation> {
        self.word.and_then(|word| word.violation())
    }
}
