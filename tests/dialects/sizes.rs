//! A tracker is small, and can be kept and copied like a number.

use std::mem::size_of;

use sseam::Tracker;
use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Done, GenerateContent, Messages, Responses, StallWatch,
};

#[test]
fn a_tracker_takes_a_few_bytes() {
    for (name, size, most) in [
        ("Done", size_of::<Tracker<Done>>(), 8),
        ("Chat", size_of::<Tracker<Chat>>(), 8),
        ("Messages", size_of::<Tracker<Messages>>(), 8),
        ("GenerateContent", size_of::<Tracker<GenerateContent>>(), 8),
        ("CohereChat", size_of::<Tracker<CohereChat>>(), 8),
        ("Assistants", size_of::<Tracker<Assistants>>(), 8),
        ("Auto", size_of::<Tracker<Auto>>(), 8),
        // It keeps a copy of a name.
        ("Responses", size_of::<Tracker<Responses>>(), 96),
        ("StallWatch", size_of::<StallWatch>(), 64),
    ] {
        assert!(size <= most, "{name}: {size} bytes are more than {most}");
    }
}

#[test]
fn a_tracker_can_be_made_in_a_constant_and_be_sent_and_copied() {
    fn is_plain<T: Copy + Send + Sync + 'static>(_: T) {}
    const CHAT: Tracker<Chat> = Tracker::new(Chat::new());
    const STRICT: Tracker<Responses> = Tracker::new(Responses::strict());
    const AUTO: Tracker<Auto> = Tracker::new(Auto::new());
    is_plain(CHAT);
    is_plain(STRICT);
    is_plain(AUTO);
}
