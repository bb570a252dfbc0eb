//! The payloads hold what serde reads, by both back-ends, and what is gathered of them is
//! without a gap or a cut character.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::Event;
use sseam::payload::{JsonStr, chat, messages, responses};
use sseam_fuzz::gather::{Deltas, gathered};
use sseam_fuzz::json::comparable;
use sseam_fuzz::json::tree::decoded;
use sseam_testkit::payloads::agree;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    line: u8,
    /// How much memory there is to gather deltas.
    room: u8,
    /// Where a string is cut into deltas.
    cuts: [u8; 2],
    data: &'a [u8],
}

const LINES: [&str; 6] = ["", "error", "ping", "x\"", "content_block_delta", "response.completed"];

/// A string that comes in deltas is gathered whole: a pair that is cut in two is one character
/// all the same.
fn hold_string(input: &Input<'_>) {
    let Ok(raw) = str::from_utf8(input.data) else { return };
    if JsonStr::new(raw).is_err() {
        return;
    }
    let mut deltas = vec![raw];
    for at in input.cuts.map(usize::from) {
        let last = deltas.pop().unwrap_or_default();
        match last.split_at_checked(at % (last.len() + 1)) {
            Some((front, behind))
                if [front, behind].map(JsonStr::new).iter().all(Result::is_ok) =>
            {
                deltas.extend([front, behind]);
            }
            _ => deltas.push(last),
        }
    }
    let deltas: Vec<JsonStr<'_>> = deltas.into_iter().flat_map(JsonStr::new).collect();
    assert_eq!(gathered(input.room, &Deltas::Strings(&deltas)), decoded(raw));
}

/// Our types hold what serde reads where it can be compared, and can be gathered.
fn hold_payloads(event: &Event<'_>, room: u8) {
    let chat = chat::Chunk::parse(event);
    let responses = responses::Event::parse(event);
    let messages = messages::Event::parse(event);
    let (Ok(chat), Ok(responses), Ok(messages)) = (chat, responses, messages) else { return };
    for deltas in [Deltas::Chat(&chat), Deltas::Responses(&responses), Deltas::Messages(&messages)]
    {
        let _ = gathered(room, &deltas);
    }
    // None of our types holds the name of an `event` line with a quote in it.
    let is_named = event.event_type() != "x\"";
    let json = if is_named { comparable(event.data().as_bytes()) } else { Vec::new() };
    for json in json {
        let event = Event::new(&*json).with_type(event.event_type());
        for dialect in ["chat", "responses", "messages"] {
            assert_ne!(agree(dialect, &event), Some(false), "{dialect}: {event:?}");
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let line = LINES[usize::from(input.line) % LINES.len()];
    hold_payloads(&Event::new(input.data).with_type(line), input.room);
    hold_string(&input);
});
