//! The JSON reader refuses what a naive checker refuses, at the same byte; payloads hold what a
//! walk over a tree finds, however the JSON is written; and alternative methods agree.
#![no_main]

use std::fmt::{self, Debug, Write};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use sseam::Event;
use sseam::json::{self, DeserializeError, Error, ErrorKind, JsonStr};
use sseam::llm::payload::{chat, messages, responses};
use sseam::llm::{Answer, Delta, Protocol, Says, TextKind, When};
use sseam_fuzz::json::check::{Wrong, check, check_object};
use sseam_fuzz::json::fields::{Payload, check_value, has_rivals};
use sseam_fuzz::json::generated::Plan;
use sseam_fuzz::json::tree::{Node, decoded};
use sseam_fuzz::json::write::{DENSE, LOOSE, SPACED, Style};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    choices: Choices,
    data: &'a [u8],
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Choices {
    /// Whether the data is read unchanged, and has a byte replaced; the `event` line; and which
    /// spaces there are otherwise.
    kind: u8,
    plan: Plan,
    /// A position in the data, and the byte to put there.
    poked: (u16, u8),
    /// Where data and strings are cut.
    cuts: [u16; 2],
    /// How the same object is rewritten.
    rotated: u8,
    escaped: u8,
}

const LINES: [&str; 8] = [
    "",
    "error",
    "ping",
    "x\"",
    "content_block_delta",
    "response.output_text.done",
    r"a\n",
    "keepalive",
];

/// JSON that fills as many fields as possible.
const RICH: [&str; 3] = [
    r#"{"id":"i","object":"o","model":"m","type":"t","choices":[{"index":3,"text":"t","finish_reason":"length","delta":{"role":"r","content":[{"type":"text","text":"a"}],"refusal":"f","reasoning":"g","tool_calls":[{"index":1,"id":"j","type":"function","function":{"name":"n","arguments":{}}},{}],"function_call":{"name":"n"},"reasoning_details":[1],"reasoning_opaque":"o","audio":{},"annotations":[]},"native_finish_reason":"n","message":{},"error":"e","usage":{}},{}],"usage":{"total_tokens":1},"citations":["c"]}"#,
    r#"{"type":"response.output_text.delta","delta":"d","item_id":"i","output_index":1,"content_index":2,"sequence_number":3}"#,
    r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":"s","stop_details":{"type":"t"}},"usage":{"input_tokens":1}}"#,
];

/// An API whose types are not generic.
trait Api<'a>: Payload<'a> {
    fn parse(event: &Event<'a>) -> Result<Self, Error>;
    fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error>;
}

macro_rules! api {
    ($($type:ty)*) => {$(
        impl<'a> Api<'a> for $type {
            fn parse(event: &Event<'a>) -> Result<Self, Error> {
                <$type>::parse(event)
            }
            fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error> {
                self.read_in(event)
            }
        }
    )*};
}
api! { chat::Chunk<'a> responses::StreamEvent<'a> messages::StreamEvent<'a> }

fn wrong(error: Error) -> Wrong {
    (error.kind(), error.at())
}

/// Checks one API's payload: refused or filled as it has to be, and the same by each method.
fn check_api<'a, P: Api<'a>>(event: &Event<'a>, tree: Option<&Node<'a>>, rich: &'static str) {
    let data = event.data();
    let parsed = P::parse(event);
    assert_eq!(parsed.as_ref().map(|_| ()).map_err(|e| wrong(*e)), check_object(data.as_bytes()));
    if let (Ok(payload), Some(tree)) = (&parsed, tree) {
        assert_eq!(payload.shown(), P::expected(event, tree), "{event:?}");
    }

    let (mut fresh, mut used) = (P::default(), P::default());
    let rich = Event::new(rich);
    used.read_in(&rich).expect("an object");
    let read = fresh.read_in(event);
    assert_eq!(used.read_in(event), read);
    assert_eq!(used, fresh, "{event:?}");
    assert!(!format!("{fresh:?}").is_empty());
    assert_eq!(read.map(|()| &fresh), parsed.as_ref().map_err(|error| *error));
}

fn check_event<'a>(event: &Event<'a>, tree: Option<&Node<'a>>) {
    check_api::<chat::Chunk<'a>>(event, tree, RICH[0]);
    check_api::<responses::StreamEvent<'a>>(event, tree, RICH[1]);
    check_api::<messages::StreamEvent<'a>>(event, tree, RICH[2]);
    let by_serde = match event.json::<IgnoredAny>() {
        Ok(_) => Ok(()),
        Err(DeserializeError::Json(error)) => Err(wrong(error)),
        Err(DeserializeError::Type(error)) => panic!("{error}: {event:?}"),
    };
    assert_eq!(by_serde, check(event.data().as_bytes()));
}

/// Checks that the same object, rewritten, gives the same payloads.
fn check_rewritten(event: &Event<'_>, tree: &Node<'_>, choices: Choices) {
    let styles = [
        Style { rotated: usize::from(choices.rotated), escaped: choices.escaped, ..DENSE },
        if choices.kind >> 7 == 0 { Style { escaped: choices.escaped, ..SPACED } } else { LOOSE },
    ];
    for style in styles {
        let data = tree.written(style);
        let written = Event::new(&*data).with_type(event.event_type());
        let of_written = Node::parse(&data).expect("JSON, as before");
        check_event(&written, Some(&of_written));
        if style.rotated == 0 || !has_rivals(tree) {
            assert_eq!(chat::Chunk::parse(&written), chat::Chunk::parse(event));
            assert_eq!(
                responses::StreamEvent::parse(&written),
                responses::StreamEvent::parse(event)
            );
            assert_eq!(messages::StreamEvent::parse(&written), messages::StreamEvent::parse(event));
        }
    }
}

/// Checks that iteration finds the members of the tree, and of truncated data the first of them.
fn check_walk(data: &[u8], tree: &Node<'_>, cuts: [u16; 2]) {
    let wrapped = [b"{\"a\":", data, b"}"].concat();
    let (_, value) = json::members(&wrapped).next().expect("a member");
    check_value(&value, tree);

    let end_of = |part: &Node<'_>| part.raw.as_ptr_range().end as usize - data.as_ptr() as usize;
    for cut in cuts.map(|cut| usize::from(cut) % (data.len() + 1)) {
        let mut members = json::members(&data[..cut]);
        for (expected, value) in tree.members().unwrap_or_default() {
            // A value counts only if a comma or the closing bracket follows.
            let after = data.get(end_of(value)..cut).unwrap_or_default();
            if after.trim_ascii().is_empty() {
                break;
            }
            let (name, json) = members.next().expect("a member");
            assert_eq!(name, **expected);
            check_value(&json, value);
        }
        assert_eq!(members.next(), None);
        assert_eq!(members.is_broken(), tree.members().is_none() || end_of(tree) > cut);
    }
}

/// Accepts a limited number of bytes.
struct Bounded {
    text: String,
    room: usize,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > self.room - self.text.len() {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// Checks that a string is refused, and decoded, as it would be in JSON.
fn check_string(raw: &str, cuts: [u16; 2]) {
    let json = format!("\"{raw}\"");
    let checked = check(json.as_bytes());
    let string = match JsonStr::new(raw) {
        Ok(string) => string,
        Err(error) if error.kind() == ErrorKind::TrailingCharacters => {
            assert!(checked.is_err() && raw.as_bytes()[error.at()] == b'"', "{raw}");
            return;
        }
        Err(error) => {
            let (kind, at) = checked.expect_err("no string");
            // In JSON a backslash at the end would escape the quote.
            let is_end = kind == ErrorKind::UnexpectedEnd && error.at() + 1 == raw.len();
            assert!(is_end || (error.kind(), error.at() + 1) == (kind, at), "{raw}");
            return;
        }
    };
    assert_eq!(checked, Ok(()), "{raw}");
    let text = decoded(raw);
    assert_eq!(string, *text);
    assert_eq!(*text, string);
    assert_eq!(string.to_cow(), text);
    assert_eq!(string.to_string(), text);
    assert!(string.chars().eq(text.chars()));
    assert_eq!((string.as_raw(), string.as_bytes()), (raw, raw.as_bytes()));
    assert_eq!(string.as_str(), (!raw.contains('\\')).then_some(raw));
    assert_eq!(string.is_empty(), text.is_empty());
    assert_ne!(string, *format!("{text}x"));
    if let Some((at, last)) = text.char_indices().last() {
        assert_ne!(string, text[..at]);
        let other = if last == 'x' { 'y' } else { 'x' };
        assert_ne!(string, *format!("{}{other}", &text[..at]));
        assert!(
            string.starts_with(&text[..at])
                && !string.starts_with(&format!("{}{other}", &text[..at]))
        );
    }
    assert_eq!(string == *raw, text == raw);
    assert!(string.starts_with(&text) && !string.starts_with(&format!("{text}x")));
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        write!(escaped, "\\u{unit:04X}").expect("writing to a string does not fail");
    }
    assert_eq!(JsonStr::new(&escaped), Ok(string));

    assert_eq!(Event::new(&*json).json().ok(), Some(string), "{raw}");
    // To serde a lone surrogate is an error.
    if let Ok(full) = serde_json::from_str::<String>(&json) {
        assert_eq!(text, full);
    }

    for room in cuts.map(|cut| usize::from(cut) % (text.len() + 2)) {
        let mut bounded = Bounded { text: String::new(), room };
        assert_eq!(string.write_to(&mut bounded).is_ok(), text.len() <= room, "{raw}");
        assert!(text.starts_with(&bounded.text));
        assert!(text.len() > room || text == bounded.text);
    }
    check_joined(raw, &text, cuts);
}

/// Events whose text is a string.
static TEXTS: Protocol =
    Protocol::named("texts").says(&[(When::Always, Says::Piece(TextKind::Text, "text"))]);

/// The text of an answer in these pieces.
fn joined(pieces: &[&str]) -> String {
    let (mut answer, mut text) = (Answer::of(&TEXTS), String::new());
    for piece in pieces {
        let data = format!("{{\"text\":\"{piece}\"}}");
        for delta in answer.read(&Event::new(&*data)) {
            match delta {
                Delta::Text { text: piece, .. } => piece.append_to(&mut text),
                other => panic!("{other:?}"),
            }
        }
    }
    text
}

/// Checks that the string is the same in pieces, even if they separate the escapes of a pair,
/// except for half a character at the end.
fn check_joined(raw: &str, text: &str, cuts: [u16; 2]) {
    let (mut pieces, mut rest) = (Vec::new(), raw);
    for cut in cuts.map(usize::from) {
        // At a boundary of characters and escapes.
        let parted = rest.split_at_checked(cut % (rest.len() + 1));
        let Some((piece, after)) = parted else { continue };
        if [piece, after].map(JsonStr::new).iter().all(Result::is_ok) {
            pieces.push(piece);
            rest = after;
        }
    }
    pieces.push(rest);
    let whole = joined(&pieces);
    assert!(text == whole || text.strip_suffix('\u{FFFD}') == Some(&whole), "{pieces:?}");

    // And in as many pieces as possible.
    let (mut pieces, mut rest) = (Vec::new(), raw);
    while let Some(len) = (1..=rest.len().min(6)).find(|len| {
        rest.split_at_checked(*len).is_some_and(|(piece, _)| JsonStr::new(piece).is_ok())
    }) {
        pieces.push(&rest[..len]);
        rest = &rest[len..];
    }
    assert_eq!((joined(&pieces), rest), (whole, ""));
}

/// Checks every string of the data.
fn check_strings(node: &Node<'_>, cuts: [u16; 2]) {
    if let (Some(text), Ok(raw)) = (node.text(), str::from_utf8(node.raw)) {
        let raw = &raw[1..raw.len() - 1];
        assert_eq!(decoded(raw), text);
        check_string(raw, cuts);
    }
    for value in node.elements().unwrap_or_default() {
        check_strings(value, cuts);
    }
    for (_, value) in node.members().unwrap_or_default() {
        check_strings(value, cuts);
    }
}

fuzz_target!(|input: Input<'_>| {
    let choices = input.choices;
    let mut data = match choices.kind & 1 {
        0 => input.data.to_vec(),
        _ => choices.plan.event(input.data),
    };
    let (place, byte) = choices.poked;
    if choices.kind >> 1 & 1 == 1
        && let Some(at) = usize::from(place).checked_rem(data.len())
    {
        data[at] = byte;
    }
    let line = LINES[usize::from(choices.kind >> 2) % LINES.len()];
    let event = Event::new(&*data).with_type(line);
    let tree = Node::parse(&data);
    check_event(&event, tree.as_ref());
    if let Some(tree) = &tree {
        if tree.members().is_some() {
            check_rewritten(&event, tree, choices);
        }
        check_walk(&data, tree, choices.cuts);
        check_strings(tree, choices.cuts);
        let cut = &data[..usize::from(choices.cuts[0]) % (data.len() + 1)];
        let tree = Node::parse(cut);
        check_event(&Event::new(cut).with_type(line), tree.as_ref());
    } else {
        // For invalid JSON nothing is known but that each method returns.
        assert!(!format!("{:?}", json::members(&data)).is_empty());
        assert!(json::members(&data).count() <= data.len());
    }
    if let Ok(raw) = str::from_utf8(input.data) {
        check_string(raw, choices.cuts);
    }
});
