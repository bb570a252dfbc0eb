//! An event, owned.

use alloc::string::String;
use core::time::Duration;

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The event type, `message` if the stream names none.
    pub event: String,
    /// The data: its lines, with an LF between two.
    pub data: String,
    /// The last event ID, empty if there is none.
    pub id: String,
    /// The reconnection time, if a `retry` field has set it since the event before.
    pub retry: Option<Duration>,
}
