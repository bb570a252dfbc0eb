//! The dialect that is chosen by name, and the tracker that follows the stream.

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    Violation,
};
use sseam::{End, Item, Outcome, Signal, Tracker};

/// A tracker, whatever its dialect is.
pub(crate) trait Follow {
    fn notice(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>);
    /// The dialect's name, as far as it is known yet.
    fn name(&self) -> &'static str;
    fn finish(&self, end: End) -> Outcome;
}

struct Follower<D> {
    tracker: Tracker<D>,
    name: fn(&D) -> &'static str,
}

impl<D: Dialect> Follow for Follower<D> {
    fn notice(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>) {
        let signal = self.tracker.notice(item);
        let is_event = matches!(item, Item::Event(_));
        (signal, self.tracker.violation().filter(|_| is_event))
    }

    fn name(&self) -> &'static str {
        (self.name)(self.tracker.dialect())
    }

    fn finish(&self, end: End) -> Outcome {
        self.tracker.finish(end)
    }
}

/// A tracker for a stream in the dialect of that name, if there is one.
pub(crate) fn by_name(name: &str) -> Option<Box<dyn Follow>> {
    fn known<D: Dialect + 'static>(dialect: D) -> Box<dyn Follow> {
        Box::new(Follower { tracker: Tracker::new(dialect), name: D::name })
    }
    Some(match name {
        "done" => known(Done::new()),
        "chat" => known(Chat::new()),
        "responses" => known(Responses::new()),
        "responses-strict" => known(Responses::strict()),
        "messages" => known(Messages::new()),
        "generate-content" => known(GenerateContent::new()),
        "cohere-chat" => known(CohereChat::new()),
        "assistants" => known(Assistants::new()),
        "auto" => Box::new(Follower {
            tracker: Tracker::new(Auto::new()),
            name: |auto| auto.settled().unwrap_or("none"),
        }),
        _ => return None,
    })
}
