//! Payload types hold what `serde_json` and `serde-json-core` read into hand-written structs: for
//! every event of the three APIs, in streams written here, in recorded ones, and in generated JSON.
//!
//! Generated JSON leaves out what cannot be compared (see `sseam_testkit::payloads`). If it has a
//! value of another kind than its field, it is compared with the same JSON without that value.
//!
//! `sseam_testkit::recorded` describes where recorded streams are looked for.

use Kind::{Code, Content, Error, Json, List, Number, Object, OneOf, Text, TextAlone, Truth};
use proptest::prelude::*;
use sseam::llm::is_done;
use sseam::llm::payload::{chat, messages, responses};
use sseam::{Event, Parser};
use sseam_testkit::payloads::agree;
use sseam_testkit::recorded::recorded;
use sseam_testkit::streams::cases;

/// Compares all events of a stream but `[DONE]`, and returns their number.
fn compare(name: &str, dialect: &str, stream: &[u8]) -> usize {
    let (mut chunk, mut parser) = (stream, Parser::new());
    let mut count = 0;
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        if !is_done(&event) {
            assert_eq!(agree(dialect, &event), Some(true), "{name}: {event:?}");
            count += 1;
        }
    }
    count
}

#[test]
fn written_streams() {
    let mut count = 0;
    for fixture in sseam_testkit::fixtures::FIXTURES {
        if matches!(fixture.protocol, "chat" | "responses" | "messages") {
            count += compare(fixture.name, fixture.protocol, fixture.stream.as_bytes());
        }
    }
    assert!(count > 15, "{count} events");
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn recorded_streams() {
    let recorded = recorded("corpus", "EXPECTED.tsv");
    let mut count = 0;
    for recorded in &recorded {
        let dialect = recorded.expected("dialect");
        if matches!(dialect, "chat" | "responses" | "messages") {
            count += compare(&recorded.name, dialect, &recorded.stream);
        }
    }
    assert!(count > 1000 || recorded.is_empty(), "{count} events");
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn generated_json(choices in proptest::collection::vec(any::<u8>(), 0..300)) {
        let generated = event(&choices);
        let [json, plain] = [&generated.json, &generated.plain].map(|json| Event::new(&**json));
        prop_assert_eq!(agree(generated.dialect, &plain), Some(true), "{}", generated.plain);
        // A value of another kind counts as absent here, and is an error to serde.
        match generated.dialect {
            "chat" => prop_assert_eq!(chat::Chunk::parse(&json), chat::Chunk::parse(&plain)),
            "responses" => prop_assert_eq!(responses::StreamEvent::parse(&json), responses::StreamEvent::parse(&plain)),
            _ => prop_assert_eq!(messages::StreamEvent::parse(&json), messages::StreamEvent::parse(&plain)),
        }
        if generated.json != generated.plain {
            prop_assert_eq!(agree(generated.dialect, &json), None, "{}", generated.json);
        }
    }
}

// Generated events: of each type, with members that are present, absent, `null`, of another kind,
// or unknown, in any order.

/// The kind of a member.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A text for which JSON of another kind is accepted here, but is an error to serde.
    TextAlone,
    Number,
    Truth,
    /// Anything.
    Json,
    OneOf(&'static [&'static str]),
    Object(Members),
    List(&'static Kind),
    /// A text or a number.
    Code,
    /// A text, or a list of parts, the same throughout an event.
    Content,
    /// An object or a text.
    Error,
}

/// Alternative names of a member, and its kind.
type Members = &'static [(&'static [&'static str], Kind)];

const ERROR: Members =
    &[(&["type", "status"], Text), (&["code"], Code), (&["message"], Text), (&["param"], Text)];
const PART: Members =
    &[(&["type"], OneOf(&["text", "thinking"])), (&["text"], Text), (&["thinking"], Json)];

const FUNCTION: Kind = Object(&[(&["name"], Text), (&["arguments", "input"], TextAlone)]);
const TOOL_CALL: Kind = Object(&[
    (&["index"], Number),
    (&["id"], Text),
    (&["type"], Text),
    (&["function", "custom"], FUNCTION),
    (&["name"], Text),
    (&["arguments"], TextAlone),
]);
const CHAT_DELTA: Kind = Object(&[
    (&["role"], Text),
    (&["content"], Content),
    (&["refusal"], Text),
    (&["reasoning_content", "reasoning", "reasoning_text"], Text),
    (&["tool_calls"], List(&TOOL_CALL)),
    (&["function_call"], FUNCTION),
    (&["reasoning_details"], Json),
    (&["reasoning_opaque"], Text),
    (&["audio"], Json),
    (&["annotations"], Json),
]);
const CHOICE: Kind = Object(&[
    (&["index"], Number),
    (&["delta"], CHAT_DELTA),
    (&["text"], Text),
    (&["finish_reason"], Text),
    (&["native_finish_reason"], Text),
    (&["message"], Json),
    (&["error"], Json),
]);
const CHAT_USAGE: Kind = Object(&[
    (&["prompt_tokens"], Number),
    (&["completion_tokens"], Number),
    (&["total_tokens"], Number),
    (
        &["prompt_tokens_details"],
        Object(&[(&["cached_tokens"], Number), (&["audio_tokens"], Number)]),
    ),
    (
        &["completion_tokens_details"],
        Object(&[
            (&["reasoning_tokens"], Number),
            (&["audio_tokens"], Number),
            (&["accepted_prediction_tokens"], Number),
            (&["rejected_prediction_tokens"], Number),
        ]),
    ),
]);
const CHUNK: Members = &[
    (&["id"], Text),
    (&["object"], OneOf(&["chat.completion.chunk", "error"])),
    (&["model"], Text),
    (&["choices"], List(&CHOICE)),
    (&["usage"], CHAT_USAGE),
    (&["x_groq"], Object(&[(&["usage"], CHAT_USAGE)])),
    (&["error"], Error),
    (&["citations"], Json),
    // Of a flat error.
    (&["code"], Code),
    (&["message"], Text),
];

const ITEM_ID: (&[&str], Kind) = (&["item_id"], Text);
const OUTPUT_INDEX: (&[&str], Kind) = (&["output_index"], Number);
const CONTENT_INDEX: (&[&str], Kind) = (&["content_index", "summary_index"], Number);
const ANY_INDEX: (&[&str], Kind) = (&["content_index", "summary_index", "command_index"], Number);
const SEQUENCE_NUMBER: (&[&str], Kind) = (&["sequence_number"], Number);

const USAGE: Kind = Object(&[
    (&["input_tokens"], Number),
    (&["output_tokens"], Number),
    (&["total_tokens"], Number),
    (&["input_tokens_details"], Object(&[(&["cached_tokens"], Number)])),
    (&["output_tokens_details"], Object(&[(&["reasoning_tokens"], Number)])),
]);
const LIFECYCLE: Members = &[
    SEQUENCE_NUMBER,
    (
        &["response"],
        Object(&[
            (&["id"], Text),
            (&["status"], Text),
            (&["model"], Text),
            (&["usage"], USAGE),
            (&["error"], Object(ERROR)),
            (&["incomplete_details"], Object(&[(&["reason"], Text)])),
            (&["output"], Json),
        ]),
    ),
];
const DELTA: Members = &[(&["delta"], Text), ITEM_ID, OUTPUT_INDEX, ANY_INDEX, SEQUENCE_NUMBER];
const DONE: Members = &[
    (&["text", "refusal", "arguments", "input", "code", "command", "diff"], TextAlone),
    ITEM_ID,
    OUTPUT_INDEX,
    ANY_INDEX,
    SEQUENCE_NUMBER,
];
const OUTPUT_ITEM: Members = &[
    OUTPUT_INDEX,
    SEQUENCE_NUMBER,
    (
        &["item"],
        Object(&[
            (&["type"], Text),
            (&["id"], Text),
            (&["status"], Text),
            (&["role"], Text),
            (&["call_id"], Text),
            (&["name"], Text),
            (&["arguments"], TextAlone),
            (&["input"], TextAlone),
            (&["phase"], Text),
            (&["content"], Json),
            (&["summary"], Json),
            (&["encrypted_content"], Text),
            (&["action", "operation"], Json),
            (&["code"], Text),
            (&["outputs"], Json),
            (&["output", "result"], TextAlone),
            (&["error"], Json),
        ]),
    ),
];
const ANNOTATION: Kind = Object(&[
    (&["type"], Text),
    (&["url"], Text),
    (&["title"], Text),
    (&["file_id"], Text),
    (&["filename"], Text),
    (&["container_id"], Text),
    (&["start_index"], Number),
    (&["end_index"], Number),
]);
const ANNOTATED: Members = &[
    ITEM_ID,
    OUTPUT_INDEX,
    (&["content_index"], Number),
    (&["annotation_index"], Number),
    (&["annotation"], ANNOTATION),
    SEQUENCE_NUMBER,
];
const PARTIAL_IMAGE: Members = &[
    (&["partial_image_b64"], Text),
    (&["partial_image_index"], Number),
    (&["output_format"], Text),
    ITEM_ID,
    OUTPUT_INDEX,
    SEQUENCE_NUMBER,
];
const CONTENT_PART: Members = &[
    ITEM_ID,
    OUTPUT_INDEX,
    CONTENT_INDEX,
    SEQUENCE_NUMBER,
    (
        &["part"],
        Object(&[
            (&["type"], Text),
            (&["text"], Text),
            (&["refusal"], Text),
            (&["annotations"], Json),
        ]),
    ),
];
const FLAT_ERROR: Members =
    &[SEQUENCE_NUMBER, (&["code"], Code), (&["message"], Text), (&["param"], Text)];
const NESTED_ERROR: Members = &[SEQUENCE_NUMBER, (&["error"], Error)];

const MESSAGE_USAGE: Kind = Object(&[
    (&["input_tokens"], Number),
    (&["output_tokens"], Number),
    (&["cache_creation_input_tokens"], Number),
    (&["cache_read_input_tokens"], Number),
    (&["output_tokens_details"], Object(&[(&["thinking_tokens"], Number)])),
]);
const MESSAGE_START: Members = &[(
    &["message"],
    Object(&[
        (&["id"], Text),
        (&["model"], Text),
        (&["role"], Text),
        (&["stop_reason"], Text),
        (&["content"], Json),
        (&["usage"], MESSAGE_USAGE),
    ]),
)];
const CONTENT_BLOCK_START: Members = &[
    (&["index"], Number),
    (
        &["content_block"],
        Object(&[
            (&["type"], Text),
            (&["text"], Text),
            (&["thinking"], Text),
            (&["signature"], Text),
            (&["id"], Text),
            (&["name"], Text),
            (&["input"], Json),
            (&["caller"], Json),
            (&["server_name"], Text),
            (&["tool_use_id"], Text),
            (&["content"], Json),
            (&["is_error"], Truth),
            (&["data"], Text),
        ]),
    ),
];
const DELTAS: &[&str] = &[
    "text_delta",
    "input_json_delta",
    "thinking_delta",
    "signature_delta",
    "citations_delta",
    "compaction_delta",
    "new_delta",
];
const CITATION: Members = &[
    (&["type"], Text),
    (&["cited_text"], Text),
    (&["title", "document_title"], Text),
    (&["url"], Text),
    (&["encrypted_index"], Text),
];
const CONTENT_BLOCK_DELTA: Members = &[
    (&["index"], Number),
    (
        &["delta"],
        Object(&[
            (&["type"], OneOf(DELTAS)),
            (&["text"], Text),
            (&["partial_json"], Text),
            (&["thinking"], Text),
            (&["signature"], Text),
            (&["citation"], Object(CITATION)),
            (&["content"], Text),
            (&["encrypted_content"], Text),
        ]),
    ),
];
const STOP_DETAILS: Kind =
    Object(&[(&["type"], Text), (&["category"], Text), (&["explanation"], Text)]);
const MESSAGE_DELTA: Members = &[
    (
        &["delta"],
        Object(&[
            (&["stop_reason"], Text),
            (&["stop_sequence"], Text),
            (&["stop_details"], STOP_DETAILS),
        ]),
    ),
    (&["usage"], MESSAGE_USAGE),
];

/// The dialect, the types, and the members of such events.
const EVENTS: &[(&str, &[&str], Members)] = &[
    ("chat", &[], CHUNK),
    (
        "responses",
        &[
            "response.output_text.delta",
            "response.function_call_arguments.delta",
            "response.reasoning_summary_text.delta",
            "response.reasoning_text.delta",
            "response.custom_tool_call_input.delta",
            "response.refusal.delta",
            "response.reasoning.delta",
            "response.audio.delta",
            "response.audio.transcript.delta",
            "response.code_interpreter_call_code.delta",
            "response.mcp_call_arguments.delta",
            "response.shell_call_command.delta",
            "response.apply_patch_call_operation_diff.delta",
        ],
        DELTA,
    ),
    (
        "responses",
        &[
            "response.output_text.done",
            "response.function_call_arguments.done",
            "response.reasoning_summary_text.done",
            "response.reasoning_text.done",
            "response.custom_tool_call_input.done",
            "response.refusal.done",
            "response.reasoning.done",
            "response.code_interpreter_call_code.done",
            "response.mcp_call_arguments.done",
            "response.shell_call_command.added",
            "response.shell_call_command.done",
            "response.apply_patch_call_operation_diff.done",
        ],
        DONE,
    ),
    ("responses", &["response.output_item.added", "response.output_item.done"], OUTPUT_ITEM),
    ("responses", &["response.output_text.annotation.added"], ANNOTATED),
    ("responses", &["response.image_generation_call.partial_image"], PARTIAL_IMAGE),
    (
        "responses",
        &[
            "response.content_part.added",
            "response.content_part.done",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_part.done",
        ],
        CONTENT_PART,
    ),
    (
        "responses",
        &[
            "response.created",
            "response.queued",
            "response.in_progress",
            "response.completed",
            "response.incomplete",
            "response.failed",
            "response.cancelled",
            "response.done",
        ],
        LIFECYCLE,
    ),
    ("responses", &["error"], FLAT_ERROR),
    ("responses", &["error"], NESTED_ERROR),
    ("responses", &["response.new"], &[SEQUENCE_NUMBER]),
    ("messages", &["message_start"], MESSAGE_START),
    ("messages", &["content_block_start"], CONTENT_BLOCK_START),
    ("messages", &["content_block_delta"], CONTENT_BLOCK_DELTA),
    ("messages", &["content_block_stop"], &[(&["index"], Number)]),
    ("messages", &["message_delta"], MESSAGE_DELTA),
    ("messages", &["message_stop", "ping", "message_new"], &[]),
    ("messages", &["error"], NESTED_ERROR),
];

/// Texts as JSON.
const TEXTS: &[&str] = &[
    "",
    "a",
    "null",
    "字",
    "😀",
    "é\u{2028}",
    r"\n",
    r#"\""#,
    r"\\",
    r"\/",
    r"\u0000",
    r"\u5b57",
    r"\ud83d\ude00",
    r"\uD83D",
    r"\ude00",
    "{\\\"a\\\":[",
    "]}",
];
const NUMBERS: &[&str] = &["0", "7", "429", "4294967296", "18446744073709551615"];
const CODES: &[&str] = &["0", "429", "-32602", "-9223372036854775808", "9223372036854775807"];
/// Not a number for a count.
const NO_NUMBERS: &[&str] =
    &["\"7\"", "-1", "1.5", "1e-3", "18446744073709551616", "true", "[]", "{}", "[7]"];
const NO_TEXTS: &[&str] =
    &["7", "-1.5e-3", "true", "false", "[]", "{}", "[\"a\"]", "{\"a\":\"b\"}"];
/// Neither an array, which `serde_json` accepts for a struct, nor a text, which may be an error.
const NO_OBJECTS: &[&str] = &["7", "-0.5", "true", "false"];
const NO_LISTS: &[&str] = &["7", "true", "\"a\"", "{}", "{\"0\":{}}"];
/// Members that a provider may add.
const UNKNOWN: &[&str] = &[
    "null",
    "true",
    "-1.5e300",
    "99999999999999999999",
    "\"\\ud83d\"",
    "[]",
    "[ ]",
    "{}",
    "{ \"delta\" : { \"type\" : \"error\" , \"index\" : [ 7 , null , \"}\" ] } }",
    "[[[[{\"choices\":[{\"delta\":{\"content\":\"no\"}}]}]]]]",
];
const UNKNOWN_NAMES: &[&str] = &["obfuscation", "Delta", "delta ", "", "字", "type_"];

/// A generated event.
struct Generated {
    dialect: &'static str,
    json: String,
    /// The same without values of another kind than their field.
    plain: String,
}

/// The event for these choices.
fn event(choices: &[u8]) -> Generated {
    let mut writer = Writer { choices, json: String::new(), plain: String::new(), in_parts: false };
    let (dialect, types, members) = writer.one_of(EVENTS);
    writer.in_parts = writer.choose(3) == 1;
    let kind = (!types.is_empty()).then(|| writer.one_of(types));
    writer.object(kind, members);
    let Writer { json, plain, .. } = writer;
    Generated { dialect, json, plain }
}

struct Writer<'c> {
    /// Each byte decides once; when none is left, the first alternative is taken.
    choices: &'c [u8],
    json: String,
    plain: String,
    in_parts: bool,
}

impl Writer<'_> {
    /// A number below `many`.
    fn choose(&mut self, many: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        usize::from(*first) % many
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.choose(list.len())]
    }

    fn write(&mut self, text: &str) {
        self.json.push_str(text);
        self.plain.push_str(text);
    }

    fn space(&mut self) {
        let space = self.one_of(&["", "", "", " ", "\n\t ", "\r"]);
        self.write(space);
    }

    /// Writes the members in any order, the type among them.
    fn object(&mut self, kind: Option<&str>, members: Members) {
        let mut order: Vec<usize> = (0..members.len()).collect();
        if !order.is_empty() {
            let by = self.choose(order.len());
            order.rotate_left(by);
            let swap = self.choose(order.len());
            order.swap(0, swap);
        }
        let type_at = self.choose(members.len() + 1);
        self.write("{");
        let (mut json_first, mut plain_first) = (true, true);
        for at in 0..=members.len() {
            if let (Some(kind), true) = (kind, at == type_at) {
                self.separate(&mut json_first, Some(&mut plain_first));
                self.write("\"type\"");
                self.space();
                self.write(":");
                self.space();
                self.write(&format!("\"{kind}\""));
            }
            if self.choose(4) == 3 {
                self.separate(&mut json_first, Some(&mut plain_first));
                // Each name once: serde accepts more, a full parse would not.
                let name = format!("\"{}{at}\":", self.one_of(UNKNOWN_NAMES));
                let value = self.one_of(UNKNOWN);
                self.write(&(name + value));
            }
            let Some((names, member)) = order.get(at).map(|at| &members[*at]) else { continue };
            let name = self.one_of(names);
            match self.choose(10) {
                0 | 1 => {}
                2 => {
                    self.separate(&mut json_first, Some(&mut plain_first));
                    self.write(&format!("\"{name}\":null"));
                }
                3 if !matches!(member, TextAlone | Json) => {
                    self.separate(&mut json_first, None);
                    let value = self.of_another_kind(*member);
                    let member = format!("\"{name}\":{value}");
                    self.json.push_str(&member);
                }
                _ => {
                    self.separate(&mut json_first, Some(&mut plain_first));
                    self.write(&format!("\"{name}\""));
                    self.space();
                    self.write(":");
                    self.space();
                    self.value(*member);
                }
            }
            self.space();
        }
        self.write("}");
    }

    /// A comma, unless it is the first: in both, or only in one.
    fn separate(&mut self, json_first: &mut bool, plain_first: Option<&mut bool>) {
        if !std::mem::replace(json_first, false) {
            self.json.push(',');
        }
        if plain_first.is_some_and(|first| !std::mem::replace(first, false)) {
            self.plain.push(',');
        }
    }

    fn of_another_kind(&mut self, kind: Kind) -> &'static str {
        self.one_of(match kind {
            Text | OneOf(_) => NO_TEXTS,
            Number => NO_NUMBERS,
            List(_) => NO_LISTS,
            // Neither of the two kinds.
            Object(_) | Content | Error => NO_OBJECTS,
            Code => &["true", "[]", "{}", "-9223372036854775809", "1.5"],
            Truth => &["0", "\"true\"", "[]", "{}"],
            TextAlone | Json => unreachable!("all other kinds count"),
        })
    }

    fn text(&mut self) {
        let mut text = String::new();
        for _ in 0..self.choose(4) {
            text.push_str(self.one_of(TEXTS));
        }
        self.write(&format!("\"{text}\""));
    }

    fn value(&mut self, kind: Kind) {
        match kind {
            Number => {
                let number = self.one_of(NUMBERS);
                self.write(number);
            }
            OneOf(texts) => {
                let text = self.one_of(texts);
                self.write(&format!("\"{text}\""));
            }
            Object(members) => self.object(None, members),
            List(kind) => self.list(*kind),
            Code if self.choose(2) == 1 => {
                let number = self.one_of(CODES);
                self.write(number);
            }
            Truth => {
                let truth = self.one_of(&["true", "false"]);
                self.write(truth);
            }
            Json => {
                let value = self.one_of(UNKNOWN);
                self.write(value);
            }
            Content if self.in_parts => self.list(Object(PART)),
            Text | TextAlone | Code | Content => self.text(),
            // An empty text is not an error.
            Error if self.choose(4) == 1 => self.write("\"overloaded\""),
            Error => self.object(None, ERROR),
        }
    }

    fn list(&mut self, kind: Kind) {
        self.write("[");
        self.space();
        let (mut json_first, mut plain_first) = (true, true);
        for _ in 0..self.choose(4) {
            match self.choose(6) {
                0 => {
                    self.separate(&mut json_first, Some(&mut plain_first));
                    self.write("null");
                }
                1 => {
                    self.separate(&mut json_first, None);
                    let value = self.of_another_kind(kind);
                    self.json.push_str(value);
                }
                _ => {
                    self.separate(&mut json_first, Some(&mut plain_first));
                    self.value(kind);
                }
            }
            self.space();
        }
        self.write("]");
    }
}
