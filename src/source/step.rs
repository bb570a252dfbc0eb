//! The steps that a source returns to its caller.

use core::time::Duration;

use super::Closed;
use crate::Value;

/// The next action of the caller. Returned by [`Source::step`](super::Source::step).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step<'a> {
    /// Send the request, unless it is pending, and report
    /// [`answered`](super::Source::answered) or [`lost`](super::Source::lost).
    Connect(Request<'a>),
    /// Read from the body and pass it to [`next_event`](super::Source::next_event); report
    /// [`ended`](super::Source::ended) or [`lost`](super::Source::lost).
    Read,
    /// Wait until this time and call `step` again. A wait may be longer than timers support: wait
    /// for a shorter time, such as a day, and call `step` again.
    Wait(Duration),
    /// Stop.
    Closed(Closed),
}

/// The request to send: headers that a [`Source`](super::Source) adds to the caller's request.
///
/// ```
/// use core::time::Duration;
/// use sseam::Parser;
/// use sseam::source::{Policy, Source, Step};
///
/// let mut parser = Parser::new();
/// parser.set_last_event_id(b"7")?;
/// let mut source = Source::new(parser, Policy::event_source());
/// let Step::Connect(request) = source.step(Duration::ZERO) else { unreachable!() };
/// assert!(request.headers().any(|(name, value)| name == "last-event-id" && value == "7"));
/// assert_eq!(request.failures(), 0);
/// # Ok::<(), sseam::LastEventIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request<'a> {
    pub(super) last_event_id: Value<'a>,
    pub(super) failures: u32,
}

impl<'a> Request<'a> {
    /// Returns the headers to send, with names in lower case: `accept`, `cache-control`, and
    /// `last-event-id` if there is one.
    ///
    /// Headers of the caller replace the first two. The ID may contain bytes that some HTTP clients
    /// reject in a header, and be as long as the parser's limit, which is more than some servers
    /// accept: leave it out then. The standard sends it as UTF-8, as [`Value`]'s `Display` writes
    /// it.
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
