//! A payload is the same however it is read and written: by `parse`, by `read_in` into a used
//! struct, and by a tracker's `read`; with members in the usual order, which has a shortcut, and in
//! any other; spaced, and with escaped names, or not.
//!
//! `sseam_testkit::recorded` describes where recorded streams are looked for.
#![cfg(feature = "alloc")]

use std::fmt::Debug;

use Kind::{Json, List, Number, Object, Text};
use proptest::collection::vec;
use proptest::prelude::*;
use sseam::json::ErrorKind;
use sseam::llm::payload::{
    Error, chat, cohere, generate_content, interactions, messages, responses,
};
use sseam::llm::{Protocol, Tracker};
use sseam::{End, Event, OwnedEvent, Parser};
use sseam_testkit::json::check_object;
use sseam_testkit::recorded::recorded;
use sseam_testkit::streams::cases;

/// The common interface of the payload types.
trait Payload<'a>: Copy + Debug + Default + PartialEq {
    fn parse(event: &Event<'a>) -> Result<Self, Error>;
    fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error>;
}

macro_rules! payloads {
    ($($payload:ty,)*) => {$(
        impl<'a> Payload<'a> for $payload {
            fn parse(event: &Event<'a>) -> Result<Self, Error> {
                Self::parse(event)
            }
            fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error> {
                self.read_in(event)
            }
        }
    )*};
}
payloads! {
    chat::Chunk<'a>,
    responses::StreamEvent<'a>,
    messages::StreamEvent<'a>,
    generate_content::Chunk<'a>,
    interactions::StreamEvent<'a>,
    cohere::StreamEvent<'a>,
}

/// Generates the comparison of both ways to follow a stream.
macro_rules! apis {
    ($($payload:ident $followed:ident;)*) => {$(
        /// One tracker reads each event, another one observes it before it is parsed.
        fn $followed<'a>(protocol: &'static Protocol, events: &[Event<'a>]) {
            let (mut reads, mut observes) = (Tracker::of(protocol), Tracker::of(protocol));
            // An event that is not read leaves the payload unchanged.
            let mut payload = <$payload!('a)>::default();
            for event in events {
                let read = reads.read(event, &mut payload);
                let signal = observes.observe(event);
                let expected = match signal.has_payload() {
                    true => <$payload!('a)>::parse(event).map(Some),
                    false => Ok(None),
                };
                assert_eq!(read, expected.as_ref().map(|_| signal).map_err(|error| *error), "{event:?}");
                match expected {
                    Ok(Some(parsed)) => assert_eq!(payload, parsed, "{event:?}"),
                    Ok(None) | Err(_) => {}
                }
                assert_eq!(reads, observes, "{event:?}");
                for end in [End::Clean, End::MidEvent, End::Disconnected] {
                    assert_eq!(reads.outcome(end), observes.outcome(end), "{event:?}");
                }
            }
        }
    )*};
}

macro_rules! chunk {
    ($lifetime:lifetime) => { chat::Chunk<$lifetime> };
}
macro_rules! response {
    ($lifetime:lifetime) => { responses::StreamEvent<$lifetime> };
}
macro_rules! message {
    ($lifetime:lifetime) => { messages::StreamEvent<$lifetime> };
}

apis! {
    chunk follow_chat;
    response follow_responses;
    message follow_messages;
}

fn check_read_in<'a, P: Payload<'a>>(events: &[Event<'a>]) {
    let mut used = P::default();
    for event in events {
        let read = used.read_in(event);
        let parsed = P::parse(event);
        assert_eq!(read, parsed.map(|_| ()), "{event:?}");
        if let Ok(parsed) = parsed {
            assert_eq!(used, parsed, "{event:?}");
            assert_eq!(format!("{used:?}"), format!("{parsed:?}"), "{event:?}");
        }
    }
}

/// Compares for each API, whichever the stream's is.
fn check_ways(events: &[Event<'_>]) {
    check_read_in::<chat::Chunk<'_>>(events);
    check_read_in::<responses::StreamEvent<'_>>(events);
    check_read_in::<messages::StreamEvent<'_>>(events);
    check_read_in::<generate_content::Chunk<'_>>(events);
    check_read_in::<interactions::StreamEvent<'_>>(events);
    check_read_in::<cohere::StreamEvent<'_>>(events);
    follow_chat(Protocol::CHAT, events);
    follow_responses(Protocol::RESPONSES, events);
    follow_messages(Protocol::MESSAGES, events);
    // A payload of another API than the tracker's.
    follow_chat(Protocol::RESPONSES, events);
    follow_responses(Protocol::CHAT, events);
    follow_messages(Protocol::CHAT, events);
}

fn check_stream(stream: &[u8]) -> usize {
    let (mut parser, mut chunk, mut events) = (Parser::new(), stream, Vec::new());
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        events.push(event.into_owned());
    }
    let events: Vec<Event<'_>> = events.iter().map(OwnedEvent::as_event).collect();
    check_ways(&events);
    // A stream continues after its terminal, and each event begins another one.
    for event in &events {
        check_ways(&[*event]);
    }
    events.len()
}

/// What the shortcut for plain chunks must not overlook: a reason or an error of another kind, or in
/// another choice than the first.
#[test]
fn unusual_chunks_each_way() {
    for data in [
        r#"{"choices":[{"delta":{},"finish_reason":5}]}"#,
        r#"{"choices":[{"delta":{},"finish_reason":["stop"]}]}"#,
        r#"{"choices":[{"delta":{"content":7},"finish_reason":null}]}"#,
        r#"{"choices":[{"finish_reason":null,"native_finish_reason":{"a":1}}]}"#,
        r#"{"choices":{"index":0,"finish_reason":"length"}}"#,
        r#"{"choices":[{"finish_reason":null},{"finish_reason":"length"}]}"#,
        r#"{"choices":[{"delta":{}},{"error":{"message":"overloaded"}}]}"#,
        r#"{"choices":[{"delta":{}}],"error":true}"#,
        r#"{"choices":[{"delta":{}}],"error":"overloaded"}"#,
        r#"{"choices":[],"usage":5}"#,
    ] {
        let events = ["{\"choices\":[{\"delta\":{\"content\":\"A\"}}]}", data].map(Event::new);
        check_ways(&events);
        check_ways(&events[1..]);
    }
    for response in [
        r#""status":"completed""#,
        r#""status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}"#,
        r#""status":"failed","error":{"code":"x","message":"no"}"#,
        r#""status":"completed","error":{"code":"x","message":"no"}"#,
        r#""status":"new","error":null"#,
        r#""status":5"#,
        "",
    ] {
        for error in ["", r#","error":{"message":"no"}"#, r#","error":null"#, r#","error":true"#] {
            let data =
                format!("{{\"type\":\"response.completed\",\"response\":{{{response}}}{error}}}");
            check_ways(&[Event::new(&*data)]);
        }
    }
    // Nor what an event's name says.
    let named = |name: &'static str, data: &'static str| Event::new(data).with_type(name);
    for name in ["ping", "keepalive", "error", "done", "end", "chunk"] {
        for data in ["{}", r#"{"choices":[{"delta":{"content":"A"}}]}"#, r#"{"choices":[]}"#] {
            check_ways(&[Event::new(r#"{"choices":[]}"#), named(name, data), named(name, data)]);
        }
    }
}

#[test]
fn written_streams_each_way() {
    let count: usize = sseam_testkit::fixtures::FIXTURES
        .iter()
        .map(|fixture| check_stream(fixture.stream.as_bytes()))
        .sum();
    assert!(count > 30, "{count} events");
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn recorded_streams_each_way() {
    let recorded = recorded("corpus", "EXPECTED.tsv");
    let count: usize = recorded.iter().map(|recorded| check_stream(&recorded.stream)).sum();
    assert!(count > 1000 || recorded.is_empty(), "{count} events");
}

// JSON with members mostly in the usual order, as tokens.

/// The usual kind of a member.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    /// Any kind, as raw JSON.
    Json,
    Object(Members),
    List(&'static Kind),
}

type Members = &'static [(&'static str, Kind)];

const FUNCTION: Kind = Object(&[("name", Text), ("arguments", Json), ("input", Json)]);
const TOOL_CALL: Kind = Object(&[
    ("index", Number),
    ("id", Text),
    ("type", Text),
    ("function", FUNCTION),
    ("custom", FUNCTION),
    ("name", Text),
]);
const PART: Kind = Object(&[("type", Text), ("text", Text), ("thinking", Json)]);
const CHAT_DELTA: Kind = Object(&[
    ("role", Text),
    ("content", Text),
    ("content", List(&PART)),
    ("reasoning_content", Text),
    ("refusal", Text),
    ("tool_calls", List(&TOOL_CALL)),
    ("reasoning", Text),
    ("reasoning_text", Text),
    ("function_call", FUNCTION),
    ("reasoning_details", Json),
    ("audio", Json),
]);
const CHOICE: Kind = Object(&[
    ("index", Number),
    ("delta", CHAT_DELTA),
    ("logprobs", Json),
    ("finish_reason", Text),
    ("native_finish_reason", Text),
    ("text", Text),
    ("message", Json),
    ("error", Json),
    ("usage", Json),
]);
const CHAT_USAGE: Kind = Object(&[
    ("prompt_tokens", Number),
    ("total_tokens", Number),
    ("prompt_tokens_details", Object(&[("cached_tokens", Number)])),
]);
const ERROR: Kind = Object(&[
    ("message", Text),
    ("type", Text),
    ("param", Text),
    ("code", Number),
    ("status", Text),
]);
const CHUNK: Members = &[
    ("id", Text),
    ("object", Text),
    ("created", Number),
    ("model", Text),
    ("service_tier", Json),
    ("system_fingerprint", Text),
    ("choices", List(&CHOICE)),
    ("usage", CHAT_USAGE),
    ("obfuscation", Text),
    ("x_groq", Object(&[("usage", CHAT_USAGE)])),
    ("error", ERROR),
];
const DELTA: Members = &[
    ("sequence_number", Number),
    ("item_id", Text),
    ("output_index", Number),
    ("content_index", Number),
    ("summary_index", Number),
    ("command_index", Number),
    ("delta", Text),
    ("logprobs", Json),
    ("obfuscation", Text),
];
const DONE: Members = &[
    ("item_id", Text),
    ("content_index", Number),
    ("text", Json),
    ("refusal", Json),
    ("arguments", Json),
    ("input", Json),
    ("code", Json),
    ("command", Json),
    ("diff", Json),
];
const ITEM: Members = &[
    ("output_index", Number),
    (
        "item",
        Object(&[
            ("type", Text),
            ("id", Text),
            ("name", Text),
            ("arguments", Json),
            ("summary", Json),
            ("action", Json),
            ("operation", Json),
            ("output", Json),
            ("result", Json),
            ("code", Text),
        ]),
    ),
];
const BLOCK: Kind = Object(&[("type", Text), ("input", Json), ("is_error", Json), ("id", Text)]);
const MESSAGE_DELTA: Kind = Object(&[
    ("type", Text),
    ("text", Text),
    ("partial_json", Text),
    ("thinking", Text),
    ("signature", Text),
    ("citation", Object(&[("title", Text), ("document_title", Text), ("url", Text)])),
    ("content", Text),
]);
const BLOCK_DELTA: Members = &[("index", Number), ("delta", MESSAGE_DELTA)];

const GEMINI_PART: Kind = Object(&[
    ("text", Text),
    ("thought", Json),
    ("thoughtSignature", Text),
    ("functionCall", Object(&[("id", Text), ("name", Text), ("args", Json)])),
    ("inlineData", Object(&[("mimeType", Text), ("data", Text)])),
]);
const GEMINI_CHUNK: Members = &[
    (
        "candidates",
        List(&Object(&[
            ("content", Object(&[("parts", List(&GEMINI_PART)), ("role", Text)])),
            ("finishReason", Text),
            ("index", Number),
        ])),
    ),
    ("usageMetadata", Object(&[("promptTokenCount", Number), ("totalTokenCount", Number)])),
    ("promptFeedback", Object(&[("blockReason", Text)])),
    ("responseId", Text),
];
const STEP: Members = &[
    ("index", Number),
    (
        "delta",
        Object(&[
            ("type", Text),
            ("text", Text),
            ("content", Object(&[("text", Text)])),
            ("arguments", Json),
        ]),
    ),
];
const COHERE_PIECE: Members = &[
    ("index", Number),
    (
        "delta",
        Object(&[(
            "message",
            Object(&[
                ("content", Object(&[("text", Text), ("thinking", Text)])),
                ("tool_calls", Object(&[("id", Text), ("function", FUNCTION)])),
                ("citations", Object(&[("start", Number), ("text", Text), ("sources", Json)])),
            ]),
        )]),
    ),
];

/// Types, and the members of such events.
const EVENTS: [(&str, Members); 10] = [
    ("", CHUNK),
    ("response.output_text.delta", DELTA),
    ("response.function_call_arguments.done", DONE),
    ("response.output_item.done", ITEM),
    ("content_block_delta", BLOCK_DELTA),
    ("content_block_start", &[("index", Number), ("content_block", BLOCK)]),
    ("", GEMINI_CHUNK),
    ("step.delta", STEP),
    ("content-delta", COHERE_PIECE),
    ("error", &[("error", ERROR), ("message", Text), ("sequence_number", Number)]),
];

const TEXTS: [&str; 12] = [
    "\"\"",
    "\"a\"",
    "\"text_delta\"",
    "\"thinking_delta\"",
    "\"text\"",
    r#""\n""#,
    "\"字😀\"",
    "\"sixteen letters.\"",
    "\"a text that is longer than thirty-two bytes\"",
    "\"a text of more than sixty-four bytes, and after which there is no end nearby at all: it goes on\"",
    r#""\ud83d\ude00 and \"more\" that is \u0065scaped""#,
    "\"é\"",
];
const NUMBERS: [&str; 9] =
    ["0", "7", "1762700000", "7.0", "18446744073709551615", "70e-1", "1.5", "-1", "1e30"];
const OTHERS: [&str; 9] =
    ["null", "true", "false", "[]", "{}", "[ 1,null ]", r#"{"a":{"b":"}"}}"#, "-0.5e3", "[[]]"];
/// Mostly invalid JSON.
const BROKEN: [&str; 16] = [
    "",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "nul",
    "nulx",
    "01",
    "1.",
    "\"\\x\"",
    "\"\u{1}\"",
    "x",
    "\"a\"",
    "\u{C}",
];

/// A JSON value.
#[derive(Clone)]
enum Node {
    Leaf(String),
    Object(Vec<(&'static str, Node)>),
    Array(Vec<Node>),
}

/// Each byte decides once; when none is left, the first alternative is taken.
struct Choices<'c>(&'c [u8]);

impl Choices<'_> {
    /// A number below `many`.
    fn choose(&mut self, many: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % many
    }

    fn leaf(&mut self, of: &[&str]) -> Node {
        Node::Leaf(of[self.choose(of.len())].to_owned())
    }

    fn value(&mut self, kind: Kind) -> Node {
        if self.choose(8) == 7 {
            return match self.choose(3) {
                0 => self.leaf(&OTHERS),
                1 => self.leaf(&NUMBERS),
                _ => self.leaf(&TEXTS),
            };
        }
        match kind {
            Number => self.leaf(&NUMBERS),
            Json if self.choose(2) == 0 => self.leaf(&OTHERS),
            Text | Json => self.leaf(&TEXTS),
            Object(members) => Node::Object(self.members(members)),
            List(kind) => Node::Array((0..self.choose(4)).map(|_| self.value(*kind)).collect()),
        }
    }

    /// In this order, with some left out.
    fn members(&mut self, members: Members) -> Vec<(&'static str, Node)> {
        let mut made = Vec::new();
        for (name, kind) in members {
            if self.choose(4) != 3 {
                made.push((*name, self.value(*kind)));
            }
        }
        made
    }

    /// The same with some members repeated or moved.
    fn disordered(&mut self, node: &mut Node) {
        match node {
            Node::Leaf(_) => {}
            Node::Array(elements) => elements.iter_mut().for_each(|node| self.disordered(node)),
            Node::Object(members) => {
                for (_, node) in members.iter_mut() {
                    self.disordered(node);
                }
                if members.is_empty() || self.choose(3) != 2 {
                    return;
                }
                let (from, to) = (self.choose(members.len()), self.choose(members.len()));
                let (name, mut value) = members[from].clone();
                if self.choose(2) == 1 {
                    members.remove(from);
                } else {
                    let kinds = [&TEXTS[..], &NUMBERS, &OTHERS];
                    let kind = self.choose(kinds.len());
                    value = self.leaf(kinds[kind]);
                }
                members.insert(to.min(members.len()), (name, value));
            }
        }
    }

    /// The event's type first, last, or absent.
    fn event(&mut self) -> Node {
        let (event_type, members) = EVENTS[self.choose(EVENTS.len())];
        let mut members = self.members(members);
        if !event_type.is_empty() {
            let at = if self.choose(4) == 3 { members.len() } else { 0 };
            let name = if event_type == "step.delta" { "event_type" } else { "type" };
            members.insert(at, (name, Node::Leaf(format!("\"{event_type}\""))));
        }
        Node::Object(members)
    }
}

/// How JSON is written: the text after an opening bracket, a comma, and a colon, and whether names
/// are escaped.
type Style = (&'static str, &'static str, &'static str, bool);

/// The two usual ones.
const USUAL: [Style; 2] = [("", "", "", false), ("", " ", " ", false)];
const STYLES: [Style; 6] = [
    // A space after the bracket prevents the shortcut.
    (" ", "", "", false),
    (" ", " ", " ", false),
    ("\n  ", "\n  ", " ", false),
    ("", "", " ", false),
    ("", " ", "", false),
    ("", "", "", true),
];

fn tokens(node: &Node, rotate: usize, to: &mut Vec<String>) {
    match node {
        Node::Leaf(json) => to.push(json.clone()),
        Node::Array(elements) => {
            to.push("[".into());
            for (n, element) in elements.iter().enumerate() {
                if n > 0 {
                    to.push(",".into());
                }
                tokens(element, rotate, to);
            }
            to.push("]".into());
        }
        Node::Object(members) => {
            to.push("{".into());
            for n in 0..members.len() {
                if n > 0 {
                    to.push(",".into());
                }
                let (name, value) = &members[(n + rotate) % members.len()];
                to.push(format!("\"{name}\""));
                to.push(":".into());
                tokens(value, rotate, to);
            }
            to.push("}".into());
        }
    }
}

/// The JSON, and the position of each token in it.
fn written(tokens: &[String], (open, comma, colon, is_escaped): Style) -> (String, Vec<usize>) {
    let (mut json, mut places) = (String::new(), Vec::new());
    for (n, token) in tokens.iter().enumerate() {
        places.push(json.len());
        let is_name = tokens.get(n + 1).is_some_and(|next| next == ":");
        if is_escaped && is_name && token.len() > 2 {
            let [first, rest] = [&token[1..2], &token[2..]];
            json.extend(["\"", &format!("\\u{:04x}", first.as_bytes()[0]), rest]);
        } else {
            json += token;
        }
        json += match &**token {
            "{" | "[" => open,
            "," => comma,
            ":" => colon,
            _ => "",
        };
    }
    places.push(json.len());
    (json, places)
}

/// The results of all types. The position of an error is its token and the offset within it.
fn shown(tokens: &[String], style: Style) -> [String; 6] {
    let (json, places) = written(tokens, style);
    let event = Event::new(&*json);
    let place = |error: Error| {
        let token = places.iter().rposition(|place| *place <= error.at()).expect("a token");
        assert_eq!(check_object(json.as_bytes()), Err((error.kind(), error.at())), "{json}");
        match error.kind() {
            // There may be spaces before it.
            ErrorKind::UnexpectedEnd => ErrorKind::UnexpectedEnd.to_string(),
            kind => format!("{kind}, {token}, {}", error.at() - places[token]),
        }
    };
    [
        chat::Chunk::parse(&event).map_or_else(place, |read| format!("{read:?}")),
        responses::StreamEvent::parse(&event).map_or_else(place, |read| format!("{read:?}")),
        messages::StreamEvent::parse(&event).map_or_else(place, |read| format!("{read:?}")),
        generate_content::Chunk::parse(&event).map_or_else(place, |read| format!("{read:?}")),
        interactions::StreamEvent::parse(&event).map_or_else(place, |read| format!("{read:?}")),
        cohere::StreamEvent::parse(&event).map_or_else(place, |read| format!("{read:?}")),
    ]
}

proptest! {
    #![proptest_config(cases(2000))]

    /// With repeated members, other kinds, and errors.
    #[test]
    fn usual_order(
        choices in vec(any::<u8>(), 0..300),
        broken in proptest::option::of((any::<prop::sample::Index>(), 0..BROKEN.len(), any::<bool>())),
    ) {
        let mut choices = Choices(&choices);
        let mut event = choices.event();
        choices.disordered(&mut event);
        let mut json = Vec::new();
        tokens(&event, 0, &mut json);
        if let Some((at, broken, is_inserted)) = broken {
            let at = at.index(json.len());
            if is_inserted {
                json.insert(at, BROKEN[broken].into());
            } else {
                json[at] = BROKEN[broken].into();
            }
        }
        let expected = shown(&json, STYLES[0]);
        for style in USUAL {
            prop_assert_eq!(&shown(&json, style), &expected, "{}", written(&json, style).0);
        }
        for style in STYLES {
            // An escaped name is longer, and an invalid token may be in the place of a name.
            if broken.is_none() || !style.3 {
                prop_assert_eq!(&shown(&json, style), &expected, "{}", written(&json, style).0);
            }
        }
    }

    /// With members of which each field has one.
    #[test]
    fn any_order(choices in vec(any::<u8>(), 0..300), rotate in 1_usize..9) {
        let mut event = Choices(&choices).event();
        keep_one_of_each(&mut event);
        let [mut usual, mut rotated] = [Vec::new(), Vec::new()];
        tokens(&event, 0, &mut usual);
        tokens(&event, rotate, &mut rotated);
        prop_assert_eq!(shown(&usual, USUAL[0]), shown(&rotated, USUAL[0]), "{}", written(&rotated, USUAL[0]).0);
        prop_assert_eq!(shown(&usual, USUAL[1]), shown(&rotated, USUAL[1]), "{}", written(&rotated, USUAL[1]).0);
    }

    #[test]
    fn generated_events_each_way(
        choices in vec(vec(any::<u8>(), 0..200), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut stream: Vec<String> = choices.iter().map(|choices| {
            let mut choices = Choices(choices);
            let (mut event, mut json) = (choices.event(), Vec::new());
            choices.disordered(&mut event);
            tokens(&event, 0, &mut json);
            written(&json, USUAL[choices.choose(2)]).0
        }).collect();
        if let Some(cut) = cut {
            let last = stream.last_mut().expect("an event");
            let mut at = cut.index(last.len());
            while !last.is_char_boundary(at) {
                at -= 1;
            }
            last.truncate(at);
        }
        let events: Vec<Event<'_>> = stream.iter().map(|json| Event::new(&**json)).collect();
        check_ways(&events);
    }
}

/// Members that fill one field: all but the first are dropped.
const SAME: [&[&str]; 9] = [
    &["reasoning_content", "reasoning", "reasoning_text"],
    &["content_index", "summary_index", "command_index"],
    &["text", "content", "refusal", "arguments", "input", "code", "command", "diff"],
    &["title", "document_title"],
    &["usage", "x_groq"],
    &["function", "custom"],
    &["type", "status"],
    &["action", "operation"],
    &["output", "result"],
];

fn keep_one_of_each(node: &mut Node) {
    match node {
        Node::Leaf(_) => {}
        Node::Array(elements) => elements.iter_mut().for_each(keep_one_of_each),
        Node::Object(members) => {
            let mut seen: Vec<&str> = Vec::new();
            members.retain(|(name, _)| {
                let same = SAME.iter().find(|same| same.contains(name));
                let field = same.map_or(*name, |same| same[0]);
                let is_first = !seen.contains(&field);
                seen.push(field);
                is_first
            });
            for (_, node) in members {
                keep_one_of_each(node);
            }
        }
    }
}
