//! `[DONE]`, and nothing else.

use super::head::{is_keep_alive, line};
use super::{Dialect, Observation, Outcome};
use crate::{End, Event};

/// Streams that end with `[DONE]`, whatever their payloads are: those are not
/// looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done;

impl Done {
    /// The dialect.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Dialect for Done {
    fn name(&self) -> &'static str {
        "done"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if is_done(event) {
            return Observation::Done(Outcome::Completed);
        }
        match line(event) {
            Some(line) if is_keep_alive(line) => Observation::Ignore,
            _ => Observation::Message,
        }
    }

    fn end_of_stream(&self, _: End) -> Outcome {
        Outcome::Truncated
    }
}

/// Whether the event's data is `[DONE]`, with ASCII white space around it or
/// without.
///
/// ```
/// use sseam::Event;
/// use sseam::dialect::is_done;
///
/// assert!(is_done(&Event::new("[DONE] ")));
/// assert!(!is_done(&Event::new("[DONE]?")));
/// ```
#[inline]
#[must_use]
pub fn is_done(event: &Event<'_>) -> bool {
    is_sentinel(event.data().as_bytes())
}

/// As [`is_done`], of the data.
#[inline]
pub(super) fn is_sentinel(data: &[u8]) -> bool {
    match data.first() {
        // The payload of nearly every event.
        None | Some(b'{') => false,
        Some(_) => data.trim_ascii() == b"[DONE]",
    }
}
