//! Did the stream finish? A dialect that is chosen by its name, and the tracker
//! that follows the stream through it.

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    Violation,
};
use sseam::{End, Item, Notify, Outcome, Signal, Tracker};

/// What a tracker wants to be told besides events: some servers fail or end a
/// stream with what the standard passes over.
pub(crate) const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// A tracker, whatever its dialect is.
pub(crate) trait Follow {
    /// What the item is to a client, and where it broke the provider's word.
    fn follow(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>);

    /// The dialect's name, as far as it is known yet.
    fn name(&self) -> &'static str;

    /// How the stream came out.
    fn finish(&self, end: End) -> Outcome;
}

struct Follower<D> {
    tracker: Tracker<D>,
    name: fn(&D) -> &'static str,
}

impl<D: Dialect> Follow for Follower<D> {
    fn follow(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>) {
        let signal = self.tracker.notice(item);
        // What a violation is about is always an event, the one observed last.
        let violation = match item {
            Item::Event(_) => self.tracker.violation(),
            _ => None,
        };
        (signal, violation)
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

fn known<D: Dialect + 'static>(dialect: D) -> Box<dyn Follow> {
    Box::new(Follower { tracker: Tracker::new(dialect), name: D::name })
}
