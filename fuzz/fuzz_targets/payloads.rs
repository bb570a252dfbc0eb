//! The payloads hold what serde reads, by both back-ends.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::Event;
use sseam_fuzz::json::comparable;
use sseam_testkit::payloads::agree;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    line: u8,
    data: &'a [u8],
}

// None of our types holds the name of an `event` line with a quote in it.
const LINES: [&str; 5] = ["", "error", "ping", "content_block_delta", "response.completed"];

fuzz_target!(|input: Input<'_>| {
    let line = LINES[usize::from(input.line) % LINES.len()];
    for json in comparable(input.data) {
        let event = Event::new(&*json).with_type(line);
        for dialect in ["chat", "responses", "messages"] {
            assert_ne!(agree(dialect, &event), Some(false), "{dialect}: {event:?}");
        }
    }
});
