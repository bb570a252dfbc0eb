//! Checks that a Responses stream follows the event order that `OpenAI` documents.
//!
//! For tests of servers and gateways, and for logs. A client needs only the
//! [`Tracker`](super::Tracker), which accepts streams that violate the order.
//!
//! ```
//! use sseam::Event;
//! use sseam::llm::strict::Check;
//!
//! let mut check = Check::new();
//! let created = r#"{"type":"response.created","sequence_number":0}"#;
//! let delta = r#"{"type":"response.output_text.delta","sequence_number":2,"delta":"Hi"}"#;
//! assert_eq!(check.observe(&Event::new(created)), None);
//! let violation = check.observe(&Event::new(delta)).expect("number 1 is missing");
//! assert_eq!(violation.to_string(), "sequence number 2, expected 1: gap");
//! ```

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

/// Checks one Responses stream and reports violations of the documented event order.
///
/// The rules:
///
/// - The first event is `response.created` or an error.
/// - `sequence_number` starts at 0 and increases by one. An error may omit it. After a gap,
///   counting continues from the number found; a repeated or missing number does not change the
///   count.
/// - No event follows the final one, except one `response.failed` after an `error`. `[DONE]` counts
///   as an event, not as the final one.
///
/// At most one [`Violation`] is reported for an event: the first in the order of its variants.
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
    /// The expected sequence number.
    next_sequence: u64,
    has_begun: bool,
    has_ended: bool,
    /// The final event was an error, which [`AFTER_ERROR`] may follow.
    may_follow_failed: bool,
}

impl Check {
    /// Creates a check for a new stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { next_sequence: 0, has_begun: false, has_ended: false, may_follow_failed: false }
    }

    /// Checks the next event. Returns the violation, if any.
    pub fn observe(&mut self, event: &Event<'_>) -> Option<Violation> {
        let name = Discriminator::of(event);
        if self.has_ended {
            return self.check_trailing(event, &name);
        }
        let data = event.data().as_bytes();
        let is_untyped = !name.is_typed() && !is_keep_alive_name(&name);
        let is_failure =
            name.is("error") || is_untyped && is_error(&Node::of_data(data), Errors::Anywhere);
        let is_terminal = TERMINALS.iter().any(|terminal| name.is(terminal));
        self.has_ended = is_failure || is_terminal && is_whole_object(data);
        self.may_follow_failed = is_failure;
        let sequence = self.check_sequence(event, is_failure);
        let is_first = !core::mem::replace(&mut self.has_begun, true);
        if is_first && !is_failure && !name.is(FIRST) {
            let found = shown_name(event, &name);
            return Some(Violation::UnexpectedFirst { expected: FIRST, found });
        }
        sequence
    }

    /// Checks the next item of [`Parser::next_item`](crate::Parser::next_item): an event, or a
    /// notification, which may be an error that ends the stream.
    ///
    /// ```
    /// use sseam::llm::{Answer, strict::Check};
    /// use sseam::Parser;
    ///
    /// let mut parser = Parser::new().with_notify(Answer::NOTIFY);
    /// let mut chunk: &[u8] = b"error: overloaded\n\ndata: {\"type\":\"response.created\"}\n\n";
    /// let (mut check, mut violations) = (Check::new(), Vec::new());
    /// while let Some(item) = parser.next_item(&mut chunk)? {
    ///     violations.extend(check.notice(&item));
    /// }
    /// assert_eq!(violations[0].name(), "after_terminal");
    /// # Ok::<(), sseam::Error>(())
    /// ```
    pub fn notice(&mut self, item: &Item<'_>) -> Option<Violation> {
        let name = match item {
            Item::Event(event) => return self.observe(event),
            Item::EmptyBlock { event_type: name, .. } | Item::UnknownField { name, .. } => name,
            _ => return None,
        };
        if *name == "error" && !self.has_ended {
            (self.has_ended, self.may_follow_failed) = (true, true);
        }
        None
    }

    fn check_trailing(&mut self, event: &Event<'_>, name: &Discriminator<'_>) -> Option<Violation> {
        if self.may_follow_failed && name.is(AFTER_ERROR) {
            self.may_follow_failed = false;
            return self.check_sequence(event, false);
        }
        Some(Violation::AfterTerminal { found: shown_name(event, name) })
    }

    /// Checks the event's sequence number, and sets the next one.
    fn check_sequence(&mut self, event: &Event<'_>, is_error: bool) -> Option<Violation> {
        let expected = self.next_sequence;
        let number = json::members(event.data().as_bytes()).get("sequence_number");
        let Some(found) = number.and_then(|number| number.as_u64()) else {
            return (!is_error).then_some(Violation::MissingSequence { expected });
        };
        if found < expected {
            return Some(Violation::SequenceRepeat { expected, found });
        }
        self.next_sequence = found.saturating_add(1);
        (found > expected).then_some(Violation::SequenceGap { expected, found })
    }
}

/// Returns the name to display for an event, which may be `[DONE]`.
fn shown_name(event: &Event<'_>, name: &Discriminator<'_>) -> Name {
    match name {
        Discriminator::Type(text) | Discriminator::EscapedType(text) => Name::decoded(*text),
        _ if is_done(event) => Name::new("[DONE]".into()),
        _ => Name::new(event.event_type()),
    }
}
