//! What each dialect says of a stream depends on its bytes alone, not on where they are cut.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::{Corpus, fuzz_target};
use sseam::{Event, Outcome, OwnedEvent, Parser, Signal, Tracker};
use sseam_fuzz::Cuts;
use sseam_testkit::bytewise;
use sseam_testkit::dialects::{Reader, Said, dialects, ends};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: Cuts,
    flush: bool,
    stream: &'a [u8],
}

/// What each dialect says of the chunks.
fn said(chunks: &[&[u8]], flush: bool) -> Vec<(&'static str, Said)> {
    let mut reader = Reader::with_room(1024);
    let read = |mut dialect: Box<dyn sseam::dialect::Dialect>| {
        let said = reader.read(chunks, flush, &mut Tracker::new(&mut *dialect));
        (dialect.name(), said)
    };
    dialects().into_iter().map(read).collect()
}

/// In longer data `Chat` does not look for a keep-alive.
const KEEP_ALIVE_LEN: usize = 64;

/// The same JSON, not as providers write it, which is looked at in a hurry; but
/// none that would be too long for a keep-alive by that.
fn spaced(event: &Event<'_>) -> OwnedEvent {
    let data = event.data().as_bytes();
    let inside = data.strip_prefix(b"{").filter(|_| data.len() != KEEP_ALIVE_LEN);
    let spaced = inside.map(|inside| [b"{ ", inside].concat());
    Event::new(spaced.as_deref().unwrap_or(data)).with_type(event.event_type()).into_owned()
}

/// What holds of every dialect.
fn hold_each(events: &[Event<'_>]) {
    let spaced: Vec<OwnedEvent> = events.iter().map(spaced).collect();
    for (mut dialect, mut other) in dialects().into_iter().zip(dialects()) {
        let (name, mut over) = (dialect.name(), false);
        let mut tracker = Tracker::new(&mut *dialect);
        let mut other = Tracker::new(&mut *other);
        for (event, spaced) in events.iter().zip(&spaced) {
            let signal = tracker.observe(event);
            assert_eq!(other.observe(&spaced.as_event()), signal, "{name}, spaced otherwise");
            assert_eq!(other.violation(), tracker.violation(), "{name}, spaced otherwise");
            assert!(!over || signal == Signal::Ignore, "{name}, after the terminal");
            over |= signal.is_end();
            assert_eq!(tracker.is_over(), over, "{name}");
            assert!(tracker.violation().is_none() || name == "responses-strict", "{name}");
        }
        let [between, in_the_middle] = ends().map(|end| tracker.finish(end));
        assert_eq!(ends().map(|end| other.finish(end)), [between, in_the_middle], "{name}");
        assert!(between == in_the_middle || in_the_middle == Outcome::Truncated, "{name}");
        assert!(between != Outcome::Unknown || name == "auto", "{name}");
        assert!(over || between != Outcome::Failed || name == "chat", "{name}");
    }
}

fuzz_target!(|input: Input<'_>| -> Corpus {
    let (stream, flush) = (input.stream, input.flush);
    if stream.len() > 1024 {
        return Corpus::Reject; // Within the bounds, and none of them broken.
    }
    let whole = said(&[stream], flush);
    assert_eq!(said(&input.cuts.of(stream), flush), whole);
    assert_eq!(said(&bytewise(stream), flush), whole);

    let (mut parser, mut chunk, mut events) = (Parser::new(), stream, Vec::new());
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        events.push(event.into_owned());
    }
    let events: Vec<Event<'_>> = events.iter().map(OwnedEvent::as_event).collect();
    hold_each(&events);
    Corpus::Keep
});
