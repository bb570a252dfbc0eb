//! `OpenAI`'s Responses, held to what `OpenAI` documents.

mod violation;

use super::Name;
use super::error::is_error;
use super::node::Node;
use super::payload::Discriminator;
use super::protocol::Errors;
use super::sentinel::{is_done, is_keep_alive_name};
use crate::json::{self, is_whole_object};
use crate::{Event, Item};
pub use violation::{Mark, Violation};

const FIRST: &str = "response.created";
const AFTER_ERROR: &str = "response.failed";
const TERMINALS: [&str; 3] = ["response.completed", "response.incomplete", AFTER_ERROR];

/// Checks a stream of Responses, beside the [`Tracker`](super::Tracker), and reports each breach.
///
/// The first event is `response.created` or an error; `sequence_number` begins with 0 and grows by
/// one (an error may carry none); nothing follows the terminal but the one `response.failed` that
/// `OpenAI` sends after an `error`. `[DONE]` is no terminal here, but an event as any. At most one
/// [`Violation`] an event is reported: the first, in the order of that type's variants. After a
/// gap the number that came is what the next is counted from; a repeat or a missing number moves
/// nothing.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::strict::Check;
///
/// let mut check = Check::new();
/// let event = Event::new(r#"{"type":"response.queued","sequence_number":0}"#);
/// let violation = check.observe(&event).expect("it begins with `response.created`");
/// assert_eq!(violation.name(), "unexpected_first");
/// assert_eq!(violation.expected().unwrap().to_string(), "response.created");
/// assert_eq!(violation.found().unwrap().to_string(), "response.queued");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// The sequence number that is due.
    due: u64,
    has_begun: bool,
    has_ended: bool,
    /// Whether the terminal was an error that [`AFTER_ERROR`] may follow.
    may_fail: bool,
}

impl Check {
    /// A check of a stream of which nothing has been seen.
    #[must_use]
    pub const fn new() -> Self {
        Self { due: 0, has_begun: false, has_ended: false, may_fail: false }
    }

    /// Takes the next event, and returns where it breaks the provider's word.
    pub fn observe(&mut self, event: &Event<'_>) -> Option<Violation> {
        let name = Discriminator::of(event);
        if self.has_ended {
            return self.observe_after(event, &name);
        }
        let data = event.data().as_bytes();
        let is_untyped = !name.is_typed() && !is_keep_alive_name(&name);
        let is_failure =
            name.is("error") || is_untyped && is_error(&Node::of_data(data), Errors::Anywhere);
        let is_terminal = TERMINALS.iter().any(|terminal| name.is(terminal));
        self.has_ended = is_failure || is_terminal && is_whole_object(data);
        self.may_fail = is_failure;
        let sequence = self.count(event, is_failure);
        let is_first = !core::mem::replace(&mut self.has_begun, true);
        if is_first && !is_failure && !name.is(FIRST) {
            let found = shown_name(event, &name);
            return Some(Violation::UnexpectedFirst { expected: FIRST, found });
        }
        sequence
    }

    /// Takes what [`Parser::next_item`](crate::Parser::next_item) returns: an event, as
    /// [`observe`](Self::observe) does, or a notification, which may be an error.
    pub fn notice(&mut self, item: &Item<'_>) -> Option<Violation> {
        let name = match item {
            Item::Event(event) => return self.observe(event),
            Item::EmptyBlock { event_type: name, .. } | Item::UnknownField { name, .. } => name,
            _ => return None,
        };
        if *name == "error" && !self.has_ended {
            (self.has_ended, self.may_fail) = (true, true);
        }
        None
    }

    fn observe_after(&mut self, event: &Event<'_>, name: &Discriminator<'_>) -> Option<Violation> {
        if self.may_fail && name.is(AFTER_ERROR) {
            self.may_fail = false;
            return self.count(event, false);
        }
        Some(Violation::AfterTerminal { found: shown_name(event, name) })
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
}

/// What is shown for an event: its name, or `[DONE]`.
fn shown_name(event: &Event<'_>, name: &Discriminator<'_>) -> Name {
    match name {
        Discriminator::Type(text) | Discriminator::EscapedType(text) => Name::decoded(*text),
        _ if is_done(event) => Name::new("[DONE]".into()),
        _ => Name::new(event.event_type()),
    }
}
