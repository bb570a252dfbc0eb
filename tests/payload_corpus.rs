//! Recorded streams of many providers: each payload parses without an error.
//!
//! `sseam_testkit::recorded` describes where they are looked for.
#![cfg(feature = "alloc")]

use sseam::llm::payload::{chat, cohere, generate_content, interactions, messages, responses};
use sseam::llm::{Protocol, Tracker};
use sseam::{Event, Parser};
use sseam_testkit::recorded::Recorded;

/// The streams with typed payloads.
fn recorded() -> Vec<Recorded> {
    let mut recorded = sseam_testkit::recorded::recorded("corpus", "EXPECTED.tsv");
    let is_any = !recorded.is_empty();
    recorded.retain(|recorded| {
        let dialect = recorded.expected("dialect");
        ["chat", "responses", "messages", "generate-content", "cohere-chat", "interactions"]
            .contains(&dialect)
    });
    assert!(recorded.len() > 50 || !is_any, "a table of few streams");
    recorded
}

/// Calls `payload` with the stream's payloads up to the terminal.
fn for_each_payload(recorded: &Recorded, mut payload: impl FnMut(&Event<'_>)) {
    let protocol = Protocol::by_name(recorded.expected("dialect")).expect("a protocol");
    let (mut tracker, mut parser) = (Tracker::of(protocol), Parser::new());
    let mut chunk = &recorded.stream[..];
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        if tracker.observe(&event).has_payload() {
            payload(&event);
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn each_payload_parses() {
    let (recorded, mut count) = (recorded(), 0);
    for recorded in &recorded {
        for_each_payload(recorded, |event| {
            let error = match recorded.expected("dialect") {
                "chat" => chat::Chunk::parse(event).err(),
                "responses" => responses::StreamEvent::parse(event).err(),
                "generate-content" => generate_content::Chunk::parse(event).err(),
                "cohere-chat" => cohere::StreamEvent::parse(event).err(),
                "interactions" => interactions::StreamEvent::parse(event).err(),
                _ => messages::StreamEvent::parse(event).err(),
            };
            assert_eq!(error, None, "{}: {}", recorded.name, event.data());
            count += 1;
        });
    }
    assert!(count > 1000 || recorded.is_empty(), "{count} payloads");
}
