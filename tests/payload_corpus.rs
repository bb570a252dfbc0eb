//! Recorded streams of many providers: each payload is read without an error, and
//! the visible text is what is known of it.
//!
//! They are found and skipped as `sseam_testkit::recorded` says.
#![cfg(feature = "alloc")]

use sha2::Digest;
use sseam::dialect::{self, Dialect};
use sseam::payload::{Accumulator, Error, Part, PartKind, chat, messages, responses};
use sseam::{Event, Parser, Signal, Tracker};
use sseam_testkit::recorded::Recorded;

/// The streams that have typed payloads.
fn recorded() -> Vec<Recorded> {
    let mut recorded = sseam_testkit::recorded::recorded("corpus", "EXPECTED.tsv");
    let is_any = !recorded.is_empty();
    recorded.retain(|recorded| {
        // Of some it is not decided what their text is.
        matches!(recorded.expected("dialect"), "chat" | "responses" | "messages")
            && recorded.expected("text_chars") != "-"
    });
    assert!(recorded.len() > 50 || !is_any, "a table of few streams");
    recorded
}

/// Hands on the stream's payloads up to the terminal, in chunks of so many bytes.
fn for_each_payload(recorded: &Recorded, chunk: usize, mut payload: impl FnMut(&Event<'_>)) {
    let mut dialect: Box<dyn Dialect> = match recorded.expected("dialect") {
        "chat" => Box::new(dialect::Chat::new()),
        "responses" => Box::new(dialect::Responses::new()),
        _ => Box::new(dialect::Messages::new()),
    };
    let mut tracker = Tracker::new(&mut *dialect);
    let mut parser = Parser::new();
    let mut observe = |event: &Event<'_>| {
        if matches!(tracker.observe(event), Signal::Message | Signal::Last) {
            payload(event);
        }
    };
    for mut chunk in recorded.stream.chunks(chunk) {
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            observe(&event);
        }
    }
    if let Some(event) = parser.flush_event().expect("within the bounds") {
        observe(&event);
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn the_visible_text() {
    for recorded in recorded() {
        for chunk in [usize::MAX, 1] {
            let mut accumulator = Accumulator::growing(1 << 20);
            for_each_payload(&recorded, chunk, |event| {
                let wrong = |error: Error| -> ! {
                    panic!("{}: {error} in {}", recorded.name, event.data())
                };
                match recorded.expected("dialect") {
                    "chat" => {
                        let chunk = chat::Chunk::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_chat(&chunk).expect("room");
                    }
                    "responses" => {
                        let event =
                            responses::Event::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_responses(&event).expect("room");
                    }
                    _ => {
                        let event =
                            messages::Event::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_messages(&event).expect("room");
                    }
                }
            });
            accumulator.finish().expect("room");
            // Of Chat Completions, the first choice; else all that is text.
            let is_visible = |part: Part| {
                part.kind == PartKind::Text
                    && (recorded.expected("dialect") != "chat" || part.output == 0)
            };
            let pieces = accumulator.pieces().filter(|(part, _)| is_visible(*part));
            let text: String = pieces.map(|(_, text)| text).collect();
            let chars = text.chars().count().to_string();
            assert_eq!(chars, recorded.expected("text_chars"), "{}", recorded.name);
            // `-` where there is no text.
            let sha256 = recorded.expected("text_sha256");
            if sha256 != "-" {
                let hash = format!("{:x}", sha2::Sha256::digest(text.as_bytes()));
                assert_eq!(hash, sha256, "{}", recorded.name);
            }
        }
    }
}
