//! What a source has its caller do.

use core::time::Duration;

use super::Closed;
use crate::Value;

/// What to do next. Returned by [`Source::step`](super::Source::step).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Send the request, unless it is under way, and report
    /// [`answered`](super::Source::answered) or [`lost`](super::Source::lost).
    Connect(Request<'a>),
    /// Read from the body and pass it to [`next_event`](super::Source::next_event); report
    /// [`ended`](super::Source::ended) or [`lost`](super::Source::lost).
    Read,
    /// Wait until this time and ask again. It may be farther away than timers reach: wait for
    /// less, such as a day, and ask again.
    Wait(Duration),
    /// Stop.
    Closed(Closed),
}

/// The request to send: what a [`Source`](super::Source) adds to the caller's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    pub(super) last_event_id: Value<'a>,
    pub(super) failures: u32,
}

impl<'a> Request<'a> {
    /// Returns the headers to send, with names in lower case: `accept`, `cache-control`, and
    /// `last-event-id` if there is one.
    ///
    /// Headers of the caller's own replace the first two. The ID may hold bytes that some HTTP
    /// clients reject in a header, and be as long as the parser's limit, which is more than some
    /// servers accept: leave it out then. The standard sends it as UTF-8, for which
    /// [`Value`]'s `Display` replaces what is not.
    pub fn headers(self) -> impl Iterator<Item = (&'static str, Value<'a>)> {
        let id = self.last_event_id;
        [("accept", Value::new(b"text/event-stream")), ("cache-control", Value::new(b"no-cache"))]
            .into_iter()
            .chain((!id.is_empty()).then_some(("last-event-id", id)))
    }

    /// Returns the last event ID. Empty if there is none.
    #[must_use]
    pub const fn last_event_id(self) -> Value<'a> {
        self.last_event_id
    }

    /// Returns the number of failures in a row before this request.
    #[must_use]
    pub const fn failures(self) -> u32 {
        self.failures
    }
}
