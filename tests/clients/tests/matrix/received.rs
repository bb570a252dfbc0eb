//! What a client received.

use std::fmt::Display;

use sseam::dialect::Done;
use sseam::{End, Event, Outcome, Tracker};
use tokio::sync::watch;

use crate::events::Seen;

/// Takes down what a client sees, and tells the server.
pub(crate) struct Log {
    events: Vec<Seen>,
    tracker: Tracker<Done>,
    seen: watch::Sender<usize>,
}

/// All that a client saw, and how it ended.
pub(crate) struct Received {
    pub(crate) events: Vec<Seen>,
    /// The transport's error, if that was the end.
    pub(crate) error: Option<String>,
    /// Whether the end was in the middle of an event.
    pub(crate) discarded: bool,
    pub(crate) outcome: Outcome,
}

impl Log {
    pub(crate) fn new(seen: watch::Sender<usize>) -> Self {
        Self { events: Vec::new(), tracker: Tracker::new(Done::new()), seen }
    }

    /// To be called for each event, before the next is asked for.
    pub(crate) fn saw(&mut self, event: &Event<'_>) {
        let [event_type, data, id] = [event.event_type(), event.data(), event.last_event_id()]
            .map(|value| value.to_str().expect("UTF-8").to_owned());
        self.events.push(Seen { event_type, data, id });
        self.tracker.observe(event);
        self.seen.send_modify(|seen| *seen += 1);
    }

    /// The stream has ended, as far as the client can say.
    pub(crate) fn ended(self, end: End) -> Received {
        self.received(None, end)
    }

    /// The client told an error; `end` is what the parser says then.
    pub(crate) fn broke(self, error: impl Display, end: End) -> Received {
        self.received(Some(error.to_string()), end)
    }

    fn received(self, error: Option<String>, end: End) -> Received {
        let outcome = self.tracker.finish(end);
        Received { events: self.events, error, discarded: end == End::MidEvent, outcome }
    }
}
