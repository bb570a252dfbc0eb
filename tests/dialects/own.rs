//! A dialect of one's own, through the public interface alone.

use std::mem::size_of;

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Observation,
    Responses, StallWatch, Violation,
};
use sseam::{End, Event, Item, Outcome, Signal, Tracker};
use sseam_testkit::dialects::{Reader, read};

/// Ends with an event of the type `bye`, or with a block without data; how
/// often it was asked after that is counted.
#[derive(Default)]
struct Farewell {
    after: usize,
}

impl Dialect for Farewell {
    fn name(&self) -> &'static str {
        "farewell"
    }

    fn observe(&mut self, event: &Event<'_>) -> Observation {
        match event.event_type().as_bytes() {
            b"bye" => Observation::Last(Outcome::Completed),
            b"sigh" => Observation::Ignore,
            _ => Observation::Message,
        }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        match item {
            Item::EmptyBlock { .. } => Observation::Done(Outcome::Incomplete),
            Item::Event(_) => panic!("an event is observed"),
            _ => Observation::Ignore,
        }
    }

    fn observe_after(&mut self, _: &Event<'_>) {
        self.after += 1;
    }

    fn end_of_stream(&self, end: End) -> Outcome {
        if end == End::MidEvent { Outcome::Truncated } else { Outcome::Completed }
    }
}

#[test]
fn it_is_asked_what_it_has_to_know() {
    let stream =
        "data: hi\n\n: c\n\nevent: sigh\ndata:\n\nevent: bye\ndata:\n\ndata: 1\n\ndata: 2\n\n";
    let mut tracker = Tracker::new(Farewell::default());
    let said = Reader::new().read(&[stream.as_bytes()], false, &mut tracker);
    assert_eq!((said.signals.as_str(), said.outcome), ("m.L..", Outcome::Completed));
    assert_eq!(tracker.dialect().after, 2);
    assert_eq!(said.violations, []);

    let said = read("data: hi\n\nevent: bye\n\ndata: 1\n\n", Farewell::default());
    assert_eq!((said.signals.as_str(), said.outcome), ("m.", Outcome::Incomplete));
    assert_eq!(said.noticed, "D");
}

#[test]
fn it_says_what_the_end_of_the_stream_means() {
    assert_eq!(read("data: hi\n\n", Farewell::default()).outcome, Outcome::Completed);
    assert_eq!(read("data: hi\n\ndata", Farewell::default()).outcome, Outcome::Truncated);
}

#[test]
fn it_can_be_chosen_at_run_time() {
    let mut chosen: Box<dyn Dialect> = Box::new(Farewell::default());
    let said = read("event: bye\ndata: x\n\ndata: y\n\n", &mut *chosen);
    assert_eq!((said.signals.as_str(), said.outcome), ("L.", Outcome::Completed));
    assert_eq!(Tracker::new(&mut *chosen).dialect().name(), "farewell");

    // It is asked for its violations, too, and after the terminal.
    let stream = "data: {\"type\":\"response.failed\",\"sequence_number\":0}\n\ndata: x\n\n";
    let mut chosen: Box<dyn Dialect> = Box::new(Responses::strict());
    let violations = read(stream, &mut *chosen).violations;
    let names: Vec<_> = violations.iter().map(Violation::name).collect();
    assert_eq!(names, ["unexpected_first", "after_terminal"]);
}

#[cfg(feature = "alloc")]
#[test]
fn an_owned_event_is_observed_as_any() {
    let owned = Event::new("x").with_type("bye").into_owned();
    let mut tracker = Tracker::new(Farewell::default());
    assert_eq!(tracker.observe(&owned.as_event()), Signal::Last);
}

#[test]
fn the_end_is_either_signal() {
    assert!(Signal::Last.is_end() && Signal::Done.is_end());
    assert!(!Signal::Message.is_end() && !Signal::Ignore.is_end());
}

#[test]
fn only_a_cut_stream_is_a_retry_candidate() {
    use Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
    let all = [Completed, Incomplete, Failed, Truncated, Unknown];
    assert_eq!(all.map(Outcome::is_retry_candidate), [false, false, false, true, false]);
    let names = ["completed", "incomplete", "failed", "truncated", "unknown"];
    assert_eq!(all.map(Outcome::as_str), names);
    assert_eq!(format!("{Truncated:>10}"), " truncated");
}

// A tracker is small, and can be kept and copied like a number.

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
