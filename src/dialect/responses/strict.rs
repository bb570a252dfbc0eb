//! The provider, held to its word.

use super::{Discriminator, Head, observe_named, shown_name};
use crate::Event;
use crate::dialect::{Observation, Outcome, Violation};
use crate::json;

const FIRST: &str = "response.created";
const AFTER_ERROR: &str = "response.failed";

/// What has been kept of it so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The sequence number that is due.
    due: u64,
    has_begun: bool,
    /// Whether the terminal was an error that [`AFTER_ERROR`] may follow.
    may_fail: bool,
    violation: Option<Violation>,
}

impl Word {
    pub(super) const fn new() -> Self {
        Self { due: 0, has_begun: false, may_fail: false, violation: None }
    }

    #[inline(never)]
    pub(super) fn observe(&mut self, event: &Event<'_>, head: &Head<'_>) -> Observation {
        let name = head.discriminator;
        // `[DONE]` is nothing that was promised: data that is no JSON, as any.
        let observation = observe_named(event, head);
        self.may_fail = observation == Observation::Last(Outcome::Failed) && !name.is(AFTER_ERROR);
        let sequence = self.count(event, self.may_fail);
        let is_first = !core::mem::replace(&mut self.has_begun, true);
        self.violation = if is_first && !self.may_fail && !name.is(FIRST) {
            let found = shown_name(event, name);
            Some(Violation::UnexpectedFirst { expected: FIRST, found })
        } else {
            sequence
        };
        observation
    }

    /// The stream fails with a notification: an error as any.
    pub(super) fn notice_failure(&mut self) {
        self.may_fail = true;
    }

    pub(super) fn observe_after(&mut self, event: &Event<'_>) {
        let name: Discriminator<'_> = Head::of(event).discriminator;
        self.violation = if self.may_fail && name.is(AFTER_ERROR) {
            self.may_fail = false;
            self.count(event, false)
        } else {
            Some(Violation::AfterTerminal { found: shown_name(event, name) })
        };
    }

    /// Moves on to the event's sequence number.
    fn count(&mut self, event: &Event<'_>, is_error: bool) -> Option<Violation> {
        let expected = self.due;
        let number = json::members(event.data().as_bytes()).get("sequence_number");
        let Some(found) = number.and_then(|number| number.u64()) else {
            return (!is_error).then_some(Violation::MissingSequence { expected });
        };
        if found < expected {
            return Some(Violation::SequenceRepeat { expected, found });
        }
        self.due = found.saturating_add(1);
        (found > expected).then_some(Violation::SequenceGap { expected, found })
    }

    pub(super) const fn violation(&self) -> Option<Violation> {
        self.violation
    }
}
