//! The payloads hold what serde reads, both back-ends read the same, strings
//! decode as JSON says, and what is gathered of them is without a gap or a cut character.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sseam::Event;
use sseam::dialect::peek;
use sseam::payload::{JsonStr, chat, messages, responses};
use sseam_fuzz::gather::{Deltas, gathered};
use sseam_fuzz::json::{comparable, decoded, is_json};
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

#[derive(Debug, PartialEq, Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    text: JsonStr<'a>,
    #[serde(default)]
    more: Option<JsonStr<'a>>,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    nested: Option<Nested<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested<'a> {
    #[serde(borrow, rename = "type")]
    kind: JsonStr<'a>,
    pair: (i8, bool),
}

/// What `Event::json` says that the back-ends do not read the same.
fn has_what_differs(data: &[u8]) -> bool {
    let is_escaped = |name: peek::Text<'_>| name.as_raw().contains(&b'\\');
    !data.trim_ascii_start().starts_with(b"{")
        || data.windows(2).any(|two| two == b"-0")
        || peek::members(data).any(|(name, value)| {
            is_escaped(name)
                || name == "nested" && value.is_array()
                || value.members().any(|(name, _)| is_escaped(name))
        })
}

fn hold_back_ends(event: &Event<'_>, is_json: bool) {
    let data = event.data().as_bytes();
    assert_eq!(event.json::<IgnoredAny>().is_ok(), is_json);
    let by_serde_json = serde_json::from_slice::<Typed<'_>>(data).ok().filter(|_| is_json);
    assert_eq!(event.json::<Typed<'_>>().ok(), by_serde_json);
    if is_json && !has_what_differs(data) {
        let by_core = serde_json_core::from_slice(data).ok().map(|(read, _)| read);
        assert_eq!(by_core, by_serde_json);
    }
}

fn hold_string(input: &Input<'_>) {
    let Ok(raw) = str::from_utf8(input.data) else { return };
    let json = format!("\"{raw}\"");
    let string = JsonStr::new(raw);
    assert_eq!(string.is_ok(), is_json(json.as_bytes()), "{raw}");
    let Ok(string) = string else { return };
    let text = decoded(raw);
    assert!(string == *text && string.to_string() == text && string.to_cow() == text);
    assert!(string.chars().eq(text.chars()));
    assert_ne!(string, *format!("{text}x"));
    assert_eq!(string.as_borrowed(), Some(raw).filter(|raw| !raw.contains('\\')));
    if let Ok(full) = serde_json::from_str::<String>(&json) {
        assert_eq!(text, full);
    }
    assert_eq!(serde_json::from_str(&json).ok(), Some(string));
    assert_eq!(serde_json_core::from_str(&json).ok(), Some((string, json.len())));

    // A pair that is cut in two is one character all the same.
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
    assert_eq!(gathered(input.room, &Deltas::Strings(&deltas)), text);
}

/// Our types read every object, and hold what serde reads where it can be compared.
fn hold_payloads(event: &Event<'_>, room: u8, is_json: bool) {
    let data = event.data().as_bytes();
    let is_object = is_json && data.trim_ascii_start().starts_with(b"{");
    let chat = chat::Chunk::parse(event);
    let responses = responses::Event::parse(event);
    let messages = messages::Event::parse(event);
    assert_eq!([chat.is_ok(), responses.is_ok(), messages.is_ok()], [is_object; 3]);
    for error in [chat.as_ref().err(), responses.as_ref().err(), messages.as_ref().err()]
        .into_iter()
        .flatten()
    {
        assert!(error.at() <= data.len(), "{error}");
    }
    let (Ok(chat), Ok(responses), Ok(messages)) = (chat, responses, messages) else { return };
    assert!(!format!("{chat:?}{responses:?}{messages:?}").is_empty());
    for deltas in [Deltas::Chat(&chat), Deltas::Responses(&responses), Deltas::Messages(&messages)]
    {
        let _ = gathered(room, &deltas);
    }
    // None of our types holds the name of an `event` line with a quote in it.
    let json = if event.event_type() == "x\"" { Vec::new() } else { comparable(data) };
    for json in json {
        let event = Event::new(&*json).with_type(event.event_type());
        for dialect in ["chat", "responses", "messages"] {
            assert_ne!(agree(dialect, &event), Some(false), "{dialect}: {event:?}");
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let line = LINES[usize::from(input.line) % LINES.len()];
    let event = Event::new(input.data).with_type(line);
    let is_json = is_json(input.data);
    hold_back_ends(&event, is_json);
    hold_payloads(&event, input.room, is_json);
    hold_string(&input);
});
