//! Responses.

mod strict;

use super::head::{Discriminator, Head, is_failure, shown_name};
use super::{Dialect, Observation, Outcome, Violation, is_done};
use crate::json::is_whole_object;
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

    /// What the event with this head is.
    #[inline]
    pub(crate) fn observe_head(&mut self, event: &Event<'_>, head: &Head<'_>) -> Observation {
        match &mut self.word {
            Some(word) => word.observe(event, head),
            // What has a type is JSON, and no sentinel.
            None if !head.discriminator.is_typed() && is_done(event) => {
                Observation::Done(Outcome::Completed)
            }
            None => observe_named(event, head),
        }
    }
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
    if is_whole_object(event.data().as_bytes()) {
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
        self.observe_head(event, &Head::of(event))
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
