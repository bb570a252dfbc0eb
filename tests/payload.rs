//! Typed payloads: each member is in its field, unknown ones are skipped, and invalid JSON is an
//! error with its offset.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::IgnoredAny;
use serde_json::Value;
use sseam::Event;
use sseam::llm::payload::{
    Code, Error, ErrorBody, ErrorKind, Json, JsonStr, List, MAX_DEPTH, StrOrJson, chat, cohere,
    generate_content, interactions, messages, responses,
};
use sseam_testkit::json::check_object;
use sseam_testkit::streams::cases;

fn chunk(json: &str) -> chat::Chunk<'_> {
    chat::Chunk::parse(&Event::new(json)).expect(json)
}

fn response(json: &str) -> responses::StreamEvent<'_> {
    responses::StreamEvent::parse(&Event::new(json)).expect(json)
}

fn message(json: &str) -> messages::StreamEvent<'_> {
    messages::StreamEvent::parse(&Event::new(json)).expect(json)
}

/// Parsed, and read into a value with other content.
macro_rules! read_both_ways {
    ($name:ident, $payload:ty, $used:expr) => {
        fn $name(json: &str) -> $payload {
            let event = Event::new(json);
            let parsed = <$payload>::parse(&event).expect(json);
            let mut used = <$payload>::parse(&Event::new($used)).expect($used);
            used.read_in(&event).expect(json);
            assert_eq!(used, parsed, "{json}");
            assert_eq!(format!("{used:?}"), format!("{parsed:?}"), "{json}");
            parsed
        }
    };
}
read_both_ways!(
    gemini,
    generate_content::Chunk<'_>,
    r#"{"candidates":[{"index":4,"content":{"role":"r","parts":[{"text":"t"},{"text":"u"}]}}],"responseId":"used","error":{"code":1}}"#
);
read_both_ways!(
    cohere,
    cohere::StreamEvent<'_>,
    r#"{"type":"content-delta","id":"used","index":9,"delta":{"message":{"role":"r","content":{"text":"t"}}}}"#
);
read_both_ways!(
    interaction,
    interactions::StreamEvent<'_>,
    r#"{"event_type":"step.delta","index":9,"event_id":"used","delta":{"type":"text","text":"t"}}"#
);

fn raw(json: Option<Json<'_>>) -> Option<&str> {
    json.map(|json| std::str::from_utf8(json.as_bytes()).expect("a text"))
}

fn text(string: Option<JsonStr<'_>>) -> Option<String> {
    string.map(|string| string.to_string())
}

fn json_str(raw: &str) -> JsonStr<'_> {
    JsonStr::new(raw).expect(raw)
}

// --- Strings

#[test]
fn string_decoding() {
    let cases = [
        ("", ""),
        ("plain, and wörds 字 😀", "plain, and wörds 字 😀"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u0000\u00e9\u5B57\uFFFF", "\0é字\u{FFFF}"),
        (r"\ud83d\ude00\uD83D\uDE00!", "😀😀!"),
        (r"\ud83d\ude00", "😀"),
        // Lone surrogates, and two high ones.
        (r"\ud83d", "\u{FFFD}"),
        (r"\ude00\ud83d", "\u{FFFD}\u{FFFD}"),
        (r"\ud83d\ud83d\ude00", "\u{FFFD}😀"),
        (r"\ud83dx\n", "\u{FFFD}x\n"),
        (r"\ud83d\n", "\u{FFFD}\n"),
        (r"\\ud83d\\ude00", r"\ud83d\ude00"),
        ("\u{7f}\u{80}\u{2028}", "\u{7f}\u{80}\u{2028}"),
    ];
    for (raw, text) in cases {
        let string = json_str(raw);
        assert_eq!(string, text);
        assert_eq!(text, string);
        assert!(*text == string);
        let longer = format!("{text}x");
        assert_ne!(string, *longer);
        assert_ne!(&*longer, string);
        assert!(*longer != string);
        assert_ne!(json_str(&format!("{raw}x")), *text);
        assert_eq!(string.chars().collect::<String>(), text);
        assert_eq!(string.to_string(), text);
        assert_eq!(string.as_raw(), raw);
        assert_eq!(string.as_str().is_none(), raw.contains('\\'), "{raw}");
        assert_eq!(string.is_empty(), text.is_empty());
        assert_eq!(format!("{string:?}"), format!("{text:?}"), "{raw}");
        let (least, most) = string.chars().size_hint();
        let count = text.chars().count();
        assert!(least <= count && count <= most.expect("a bound"), "{raw}");
        let mut written = String::new();
        string.write_to(&mut written).expect("writing to a string does not fail");
        assert_eq!(written, text);
        #[cfg(feature = "alloc")]
        assert_eq!(string.to_cow(), text);
    }
    assert_eq!(json_str(r"\u0061b"), json_str("ab"));
    assert_ne!(json_str(r"\u0061b"), json_str("a"));
    assert_eq!(format!("{:>4}|", json_str("ab")), "  ab|");
}

#[test]
fn string_validity() {
    let cases = [
        ("a\"b", ErrorKind::TrailingCharacters, 1),
        ("ab\n", ErrorKind::ControlCharacter, 2),
        ("\0", ErrorKind::ControlCharacter, 0),
        ("a\\", ErrorKind::InvalidEscape, 1),
        (r"\x", ErrorKind::InvalidEscape, 0),
        (r"\n\u12", ErrorKind::InvalidEscape, 2),
        (r"\u+123", ErrorKind::InvalidEscape, 0),
        (r"\uD83D\uDE", ErrorKind::InvalidEscape, 6),
    ];
    for (raw, kind, at) in cases {
        let error = JsonStr::new(raw).expect_err(raw);
        assert_eq!((error.kind(), error.at()), (kind, at), "{raw}");
    }
}

/// Each byte of ASCII, at each position of strings shorter and longer than a word.
#[test]
fn unescaped_characters() {
    for (len, at) in (1..=20).flat_map(|len| (0..len).map(move |at| (len, at))) {
        for byte in 0..=0x7F {
            let mut raw = "x".repeat(len);
            raw.replace_range(at..=at, char::from(byte).encode_utf8(&mut [0; 4]));
            let found = JsonStr::new(&raw).map(|string| string.as_raw());
            let found = found.map_err(|error| (error.kind(), error.at()));
            let expected = match byte {
                0..=0x1F => Err((ErrorKind::ControlCharacter, at)),
                b'"' => Err((ErrorKind::TrailingCharacters, at)),
                b'\\' => Err((ErrorKind::InvalidEscape, at)),
                _ => Ok(&*raw),
            };
            assert_eq!(found, expected, "{raw:?}");
        }
    }
}

// --- Lists

#[test]
fn list_elements() {
    let list = |json: &'static str| chunk(json).choices;
    for empty in [
        "{}",
        r#"{"choices":null}"#,
        r#"{"choices":[]}"#,
        r#"{"choices":{}}"#,
        r#"{"choices":[null,7]}"#,
    ] {
        let empty = list(empty);
        assert!(empty.is_empty() && empty.first().is_none());
        assert_eq!(empty, chat::Chunk::default().choices);
        assert_eq!(format!("{empty:?}"), "[]");
    }
    let two = list(r#"{"choices":[null,{"index":1},[],{"index":2}]}"#);
    assert!(!two.is_empty());
    assert_eq!(two.first().map(|choice| choice.index), Some(1));
    assert_eq!((&two).into_iter().map(|choice| choice.index).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(two, list(r#"{"choices":[{"index":1,"delta":null},{"index":2}]}"#));
    for other in [r#"{"choices":[{"index":1}]}"#, r#"{"choices":[{"index":1},{"index":3}]}"#, "{}"]
    {
        assert_ne!(two, list(other));
    }
    assert_eq!(format!("{two:?}"), format!("{:?}", two.iter().collect::<Vec<_>>()));
    // A copy of the iterator is independent.
    let mut choices = two.iter();
    choices.next();
    let copy = choices.clone();
    assert_eq!((choices.count(), copy.count()), (1, 1));
}

/// Also after the first element, which is only read on request.
#[test]
fn list_is_validated_to_its_end() {
    for after in [
        "",
        ",",
        ",]",
        ",{]",
        ",{}",
        ",{\"index\":}]}",
        ",{\"index\":01}]}",
        ",{\"delta\":{\"content\":\"\\x\"}}]}",
        ",{\"delta\":{\"content\":\"\n\"}}]}",
        ",nulx]}",
        ",[}]}",
        ",[1 2]}",
        ",{} {}]}",
        "}",
        ",\"\u{1}\"]}",
        ",{\"x\":\"\\ud83\"}]}",
        "]",
        ",{}]}}",
        ",[[{}]]]} x",
    ] {
        for first in ["{\"index\":1}", "{\"delta\":{\"tool_calls\":[{\"index\":1},{}]}}", "null"] {
            let json = format!("{{\"choices\":[{first}{after}");
            let (kind, at) = check_object(json.as_bytes()).expect_err(&json);
            let error = error(json.as_bytes());
            assert_eq!((error.kind(), error.at()), (kind, at), "{json}");
        }
    }
    // Iterating, repeatedly, finds all elements.
    let elements =
        ["{\"index\":7}", "null", "{ \"x\" : [ { } ] , \"index\" : 7 }", "[]", "\"\\\"]\"", "7.0"];
    for n in 0..elements.len().pow(3) {
        let elements = [n % 6, n / 6 % 6, n / 36].map(|n| elements[n]);
        let json =
            format!("{{\"choices\":[{} ,\t{},{}\n]}}", elements[0], elements[1], elements[2]);
        let expected = elements.iter().filter(|element| element.starts_with('{')).count();
        let choices = chunk(&json).choices;
        for _ in 0..2 {
            let mut found = 0;
            choices.for_each(|choice| found += usize::from(choice.index == 7));
            assert_eq!(found, expected, "{json}");
            assert_eq!(
                choices.iter().filter(|choice| choice.index == 7).count(),
                expected,
                "{json}"
            );
        }
        assert_eq!(choices.first().is_some(), expected > 0, "{json}");
    }
}

// --- Chat Completions

#[test]
fn chat_chunk() {
    let data = r#"{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[
        {"index":0,"delta":{"role":"assistant","content":"a\nb","refusal":null},"logprobs":null,"finish_reason":null},
        null,
        {"index":1,"delta":{"content":"","reasoning_content":"hm","tool_calls":[
            {"index":2,"id":"call","type":"function","function":{"name":"f","arguments":"{\"x\""}},
            {"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}],
        "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,
            "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},
            "completion_tokens_details":{"reasoning_tokens":5,"image_tokens":6}},"error":null}"#;
    let chunk = chunk(data);
    assert_eq!(chunk.id, Some(json_str("c-1")));
    assert_eq!(chunk.model, Some(json_str("m")));
    assert_eq!(chunk.error, None);
    let choices: Vec<_> = chunk.choices.iter().collect();
    let [first, second] = choices[..] else { panic!("{choices:?}") };

    assert_eq!((first.index, first.finish_reason), (0, None));
    assert_eq!(first.texts().collect::<Vec<_>>(), [json_str(r"a\nb")]);
    let delta = first.delta.expect("a delta");
    assert_eq!(delta.role, Some(json_str("assistant")));
    assert_eq!((delta.refusal, delta.reasoning), (None, None));
    assert!(delta.tool_calls.is_empty());

    assert_eq!((second.index, second.finish_reason), (1, Some(json_str("tool_calls"))));
    let delta = second.delta.expect("a delta");
    assert_eq!(delta.reasoning, Some(json_str("hm")));
    let calls: Vec<_> = delta.tool_calls.iter().collect();
    assert_eq!((calls[0].index, calls[0].id), (2, Some(json_str("call"))));
    let functions: Vec<_> = calls.iter().filter_map(|call| call.function).collect();
    assert_eq!(functions[0].name, Some(json_str("f")));
    assert_eq!(functions[0].arguments.expect("arguments"), r#"{"x""#);
    assert_eq!((calls[1].index, calls[1].id, functions[1].name), (0, None, None));
    assert_eq!(functions[1].arguments.expect("arguments"), ":1}");

    let usage = chunk.usage.expect("usage");
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (Some(1), Some(2)));
    assert_eq!(usage.total_tokens, Some(3));
    assert_eq!(usage.prompt_tokens_details.and_then(|details| details.cached_tokens), Some(4));
    let details = usage.completion_tokens_details.expect("details");
    assert_eq!((details.reasoning_tokens, details.audio_tokens), (Some(5), None));
}

#[test]
fn usage_of_groq() {
    let cases = [
        (r#"{"x_groq":{"id":"r","usage":{"total_tokens":7}}}"#, Some(Some(7))),
        (r#"{"usage":null,"x_groq":{"usage":{"total_tokens":7}}}"#, Some(Some(7))),
        (r#"{"x_groq":{"usage":null},"usage":{"total_tokens":7}}"#, Some(Some(7))),
        (r#"{"usage":{},"x_groq":{"usage":{"total_tokens":7}}}"#, Some(None)),
        (r#"{"x_groq":{"id":"r"}}"#, None),
        (r#"{"x_groq":[{"usage":{}}]}"#, None),
        (r#"{"x_other":{"usage":{}}}"#, None),
    ];
    for (json, total) in cases {
        assert_eq!(chunk(json).usage.map(|usage| usage.total_tokens), total, "{json}");
    }
}

#[test]
fn usage_of_moonshot() {
    let cases = [
        (r#"{"choices":[{"usage":{"total_tokens":7}}]}"#, Some(7)),
        (r#"{"choices":[null,{"usage":{"total_tokens":7}},{}],"usage":null}"#, Some(7)),
        (r#"{"usage":{"total_tokens":8},"choices":[{"usage":{"total_tokens":7}}]}"#, Some(8)),
        (r#"{"choices":[{"usage":null},{"usage":{"total_tokens":7}}]}"#, None),
        (r#"{"choices":[{"usage":[7]}]}"#, None),
    ];
    for (json, total) in cases {
        assert_eq!(chunk(json).usage.and_then(|usage| usage.total_tokens), total, "{json}");
    }
}

#[test]
fn members_of_single_providers() {
    let data = r#"{"citations":["https://a.example",{"url":"https://b.example"}],"choices":[{"delta":{
        "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s","id":"d","index":1,"format":"f"},
            {"type":"reasoning.summary","summary":"in short"},{"type":"reasoning.encrypted","data":"ZA=="}],
        "reasoning_opaque":"o","audio":{"id":"a","transcript":"Hi","data":"AAA=","expires_at":1700000000},
        "annotations":[ {"type":"url_citation"} ]},
        "native_finish_reason":"MAX_TOKENS","message":{"role":"assistant","content":"all"},
        "error":{"code":-32602,"message":"m"}}]}"#;
    let chunk = chunk(data);
    let citations = chunk.citations.expect("citations").read::<List<'_, JsonStr<'_>>>();
    let citations = citations.expect("a list");
    assert_eq!(citations.iter().collect::<Vec<_>>(), [json_str("https://a.example")]);
    let choice = chunk.choices.first().expect("a choice");
    assert_eq!(choice.native_finish_reason, Some(json_str("MAX_TOKENS")));
    let message: chat::Delta<'_> = choice.message.expect("a message").read().expect("an object");
    assert_eq!(message.content.expect("content").to_string(), "all");
    let error: ErrorBody<'_> = choice.error.expect("an error").read().expect("an object");
    assert_eq!((error.code, error.message), (Some(Code::Number(-32602)), Some(json_str("m"))));

    let delta = choice.delta.expect("a delta");
    let details: List<'_, chat::ReasoningDetail<'_>> =
        delta.reasoning_details.expect("details").read().expect("a list");
    let details: Vec<_> = details.iter().collect();
    assert_eq!(
        (details[0].text, details[0].signature),
        (Some(json_str("hm")), Some(json_str("s")))
    );
    assert_eq!((details[0].id, details[0].index), (Some(json_str("d")), Some(1)));
    assert_eq!(details[0].format, Some(json_str("f")));
    assert_eq!(details[1].kind, Some(json_str("reasoning.summary")));
    assert_eq!((details[1].summary, details[1].index), (Some(json_str("in short")), None));
    assert_eq!(details[2].data, Some(json_str("ZA==")));
    assert_eq!(delta.reasoning_opaque, Some(json_str("o")));
    let audio: chat::Audio<'_> = delta.audio.expect("audio").read().expect("an object");
    assert_eq!((audio.id, audio.transcript), (Some(json_str("a")), Some(json_str("Hi"))));
    assert_eq!((audio.data, audio.expires_at), (Some(json_str("AAA=")), Some(1_700_000_000)));
    // As it is in the JSON, to be sent back.
    assert_eq!(raw(delta.annotations), Some(r#"[ {"type":"url_citation"} ]"#));
    // Another kind counts as absent.
    assert_eq!(delta.annotations.and_then(|list| list.read::<chat::Audio<'_>>()), None);
    let nulls = r#"{"citations":null,"choices":[{"delta":{"reasoning_details":null,"audio":null,"annotations":null},"native_finish_reason":null,"message":null,"error":null,"usage":null}]}"#;
    let plain = r#"{"choices":[{"delta":{}}]}"#;
    assert_eq!(self::chunk(nulls), self::chunk(plain));
}

#[test]
fn tool_calls_of_other_shapes() {
    let call = |json: &'static str| {
        let chunk = chunk(json);
        let delta = chunk.choices.first().expect(json).delta.expect(json);
        *delta.tool_calls.first().expect(json)
    };
    let custom = call(
        r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"c","type":"custom","custom":{"name":"sql","input":"SEL"}}]}}]}"#,
    );
    assert_eq!((custom.index, custom.kind), (1, Some(json_str("custom"))));
    let function = custom.function.expect("a tool");
    assert_eq!(function.name, Some(json_str("sql")));
    assert_eq!(function.arguments.expect("input"), "SEL");
    let flat = call(
        r#"{"choices":[{"delta":{"tool_calls":[{"id":"c","name":"f","arguments":{"a":1}}]}}]}"#,
    );
    assert_eq!((flat.function, flat.name), (None, Some(json_str("f"))));
    assert_eq!(flat.arguments.expect("arguments").to_string(), r#"{"a":1}"#);
}

#[test]
fn thinking_parts() {
    let cases = [
        (r#""a""#, ""),
        (r#"[{"type":"text","text":"a"}]"#, ""),
        (r#"[{"type":"thinking","thinking":"hm"}]"#, "hm"),
        (
            r#"[{"type":"thinking","closed":true,"thinking":[{"type":"text","text":"h\u006d"},null,{"type":"reference","text":"no"},{"text":"no"},{"type":"text","text":" so"}]},{"type":"text","text":"a"},{"type":"thinking","thinking":[{"type":"text","text":"!"}]}]"#,
            "hm so!",
        ),
        (r#"[{"type":"thinking"},{"type":"thinking","thinking":7},{"thinking":"no"}]"#, ""),
    ];
    for (content, thoughts) in cases {
        let json = format!(r#"{{"choices":[{{"delta":{{"content":{content}}}}}]}}"#);
        let chunk = chunk(&json);
        let delta = chunk.choices.first().expect(&json).delta.expect(&json);
        let found: String =
            delta.content.expect(&json).thoughts().map(|text| text.to_string()).collect();
        assert_eq!(found, thoughts, "{json}");
    }
}

#[test]
fn visible_text_of_a_choice() {
    let cases = [
        (r#"{"delta":{"content":"a"}}"#, "a"),
        (r#"{"delta":{"content":null}}"#, ""),
        (r#"{"delta":{}}"#, ""),
        (r#"{"delta":{"reasoning":"hm"}}"#, ""),
        (r#"{"d\u0065lta":{"content":"a"}}"#, "a"),
        // Of members with the same name the first of the right kind counts.
        (r#"{"delta":{"content":7,"content":null,"content":"a","content":"b"}}"#, "a"),
        // Parts.
        (
            r#"{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"},{"type":"text","text":"b"}]}}"#,
            "ab",
        ),
        (r#"{"delta":{"content":["a",{"type":"reference","text":"b"},{"text":"c"}]}}"#, ""),
        // Legacy completions, only without a delta.
        (r#"{"text":"a"}"#, "a"),
        (r#"{"text":"a","delta":{}}"#, ""),
        (r#"{"text":"a","delta":null}"#, "a"),
    ];
    for (choice, text) in cases {
        let json = format!(r#"{{"choices":[{choice}]}}"#);
        let choices = chunk(&json).choices;
        let choice = choices.first().expect(&json);
        let texts: String = choice.texts().map(|text| text.to_string()).collect();
        assert_eq!(texts, text, "{json}");
        if let Some(content) = choice.delta.and_then(|delta| delta.content) {
            assert_eq!(content.to_string(), text, "{json}");
        }
    }
}

#[test]
fn errors_of_chat_completions() {
    let code = |text| Some(Code::Text(json_str(text)));
    let cases = [
        (r#"{"error":{"message":"m","type":"t","code":"c"}}"#, Some("m"), code("c")),
        (
            r#"{"error":{"message":"m","code":429},"choices":[]}"#,
            Some("m"),
            Some(Code::Number(429)),
        ),
        (r#"{"error":"m"}"#, Some("m"), None),
        (r#"{"object":"error","message":"m","code":400}"#, Some("m"), Some(Code::Number(400))),
        (r#"{"error":{"code":null}}"#, None, None),
    ];
    for (json, message, code) in cases {
        let error = chunk(json).error.expect(json);
        assert_eq!((error.message, error.code), (message.map(json_str), code), "{json}");
    }
    for json in ["{}", r#"{"error":null}"#, r#"{"error":""}"#, r#"{"error":false}"#] {
        assert_eq!(chunk(json).error, None, "{json}");
    }
    assert_eq!(Code::Number(7).to_string() + &Code::Text(json_str("x")).to_string(), "7x");
    for (json, code) in [
        ("-32602", Some(-32602)),
        ("-32602.0", Some(-32602)),
        ("429.0", Some(429)),
        ("-0", Some(0)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("-9223372036854775809", None),
        ("-1.5", None),
        ("true", None),
    ] {
        let json = format!(r#"{{"error":{{"code":{json}}}}}"#);
        assert_eq!(chunk(&json).error.expect(&json).code, code.map(Code::Number), "{json}");
    }
    // Google has a word in `status` where others have `type`.
    let error = chunk(r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"#).error;
    assert_eq!(text(error.and_then(|error| error.kind)).as_deref(), Some("RESOURCE_EXHAUSTED"));
}

// --- Responses

#[test]
fn events_of_responses() {
    use responses::StreamEvent as E;

    let created = r#"{"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","model":"m","error":null,"incomplete_details":null,"usage":null,"output":[]}}"#;
    let E::Created(event) = response(created) else { panic!("{created}") };
    assert_eq!(event.sequence_number, Some(0));
    assert_eq!(event.response.id, Some(json_str("r")));
    assert_eq!(event.response.status, Some(json_str("in_progress")));
    assert_eq!(event.response.model, Some(json_str("m")));
    assert_eq!((event.response.usage, event.response.error), (None, None));

    let incomplete = r#"{"response":{"incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":5}},"type":"response.incomplete"}"#;
    let E::Incomplete(event) = response(incomplete) else { panic!("{incomplete}") };
    let reason = event.response.incomplete_details.and_then(|details| details.reason);
    assert_eq!(reason, Some(json_str("max_output_tokens")));
    let usage = event.response.usage.expect("usage");
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(1), Some(3)));
    assert_eq!(usage.total_tokens, Some(5));
    assert_eq!(usage.input_tokens_details.and_then(|details| details.cached_tokens), Some(2));
    assert_eq!(usage.output_tokens_details.and_then(|details| details.reasoning_tokens), Some(4));

    let failed =
        r#"{"type":"response.failed","response":{"error":{"code":"server_error","message":"m"}}}"#;
    let E::Failed(event) = response(failed) else { panic!("{failed}") };
    let error = event.response.error.expect("an error");
    assert_eq!((error.message, error.param), (Some(json_str("m")), None));

    let item = r#"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"fc","status":"in_progress","arguments":"","call_id":"call","name":"f"}}"#;
    let E::OutputItemAdded(event) = response(item) else { panic!("{item}") };
    assert_eq!((event.output_index, event.item.kind), (1, json_str("function_call")));
    assert_eq!(event.item.call_id, Some(json_str("call")));
    assert_eq!(event.item.name, Some(json_str("f")));

    let part = r#"{"type":"response.content_part.done","item_id":"i","output_index":1,"content_index":2,"part":{"type":"output_text","text":"a","annotations":[]}}"#;
    let E::ContentPartDone(event) = response(part) else { panic!("{part}") };
    assert_eq!((event.output_index, event.content_index), (1, 2));
    assert_eq!((event.part.kind, event.part.text), (json_str("output_text"), Some(json_str("a"))));
}

#[test]
fn items_and_parts_of_responses() {
    use responses::StreamEvent as E;

    let item = r#"{"type":"reasoning","id":"rs","encrypted_content":"e","summary":[{"type":"summary_text","text":"in short"}],"content":[{"type":"reasoning_text","text":"hm"}]}"#;
    let message = r#"{"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"a","annotations":[{"type":"url_citation","url":"u","title":"t","start_index":1,"end_index":2}]}]}"#;
    let code = r#"{"type":"code_interpreter_call","code":"1+1","outputs":[{"type":"logs","logs":"2"}],"output":"2","action":{"type":"run"},"error":"e"}"#;
    let patch = r#"{"type":"apply_patch_call","operation":{"path":"p"},"result":["r"]}"#;
    let json = format!(
        r#"{{"type":"response.done","response":{{"status":"completed","output":[{item},{message},{code},{patch}]}}}}"#
    );
    let E::Done(event) = response(&json) else { panic!("{json}") };
    let items: List<'_, responses::Item<'_>> =
        event.response.output.expect("output").read().expect("a list");
    let items: Vec<_> = items.iter().collect();

    assert_eq!(items[0].encrypted_content, Some(json_str("e")));
    for (parts, kind, text) in [
        (items[0].summary, "summary_text", "in short"),
        (items[0].content, "reasoning_text", "hm"),
        (items[1].content, "output_text", "a"),
    ] {
        let parts: List<'_, responses::Part<'_>> = parts.expect(kind).read().expect(kind);
        let part = parts.first().expect(kind);
        assert_eq!((part.kind, part.text), (json_str(kind), Some(json_str(text))));
        let Some(annotations) = part.annotations else { continue };
        let annotations: List<'_, responses::Annotation<'_>> = annotations.read().expect("a list");
        let annotation = annotations.first().expect("an annotation");
        assert_eq!((annotation.url, annotation.title), (Some(json_str("u")), Some(json_str("t"))));
        assert_eq!((annotation.start_index, annotation.end_index), (Some(1), Some(2)));
    }
    assert_eq!(items[1].phase, Some(json_str("final_answer")));
    assert_eq!(items[2].code, Some(json_str("1+1")));
    assert_eq!(raw(items[2].outputs), Some(r#"[{"type":"logs","logs":"2"}]"#));
    assert_eq!(raw(items[2].action), Some(r#"{"type":"run"}"#));
    assert_eq!(items[2].output.expect("output"), "2");
    let error: ErrorBody<'_> = items[2].error.expect("an error").read().expect("a message");
    assert_eq!(error.message, Some(json_str("e")));
    assert_eq!(raw(items[3].action), Some(r#"{"path":"p"}"#));
    assert_eq!(items[3].output.expect("a result").to_string(), r#"["r"]"#);

    // Each as the item of an event, too.
    for item in [item, message, code, patch] {
        let json = format!(r#"{{"item":{item},"type":"response.output_item.done"}}"#);
        let E::OutputItemDone(event) = response(&json) else { panic!("{json}") };
        assert!(items.contains(&event.item), "{json}");
    }

    let json = r#"{"type":"response.output_text.annotation.added","item_id":"i","output_index":1,"content_index":2,"annotation_index":3,"annotation":{"type":"container_file_citation","container_id":"c","file_id":"f","filename":"a.png"},"sequence_number":4}"#;
    let E::OutputTextAnnotationAdded(event) = response(json) else { panic!("{json}") };
    assert_eq!((event.item_id, event.output_index), (Some(json_str("i")), 1));
    assert_eq!((event.content_index, event.annotation_index), (2, 3));
    assert_eq!(event.sequence_number, Some(4));
    let annotation = event.annotation;
    assert_eq!(annotation.kind, Some(json_str("container_file_citation")));
    assert_eq!(annotation.container_id, Some(json_str("c")));
    assert_eq!(annotation.file_id, Some(json_str("f")));
    assert_eq!(annotation.filename, Some(json_str("a.png")));

    let json = r#"{"type":"response.image_generation_call.partial_image","item_id":"i","output_index":1,"partial_image_index":2,"partial_image_b64":"AAA=","output_format":"png","sequence_number":3}"#;
    let E::ImageGenerationCallPartialImage(event) = response(json) else { panic!("{json}") };
    assert_eq!((event.partial_image_b64, event.partial_image_index), (json_str("AAA="), 2));
    assert_eq!((event.item_id, event.output_index), (Some(json_str("i")), 1));
    assert_eq!(event.output_format, Some(json_str("png")));
    assert_eq!(event.sequence_number, Some(3));

    let json = r#"{"type":"response.shell_call_command.delta","command_index":2,"delta":"ls"}"#;
    let E::ShellCallCommandDelta(event) = response(json) else { panic!("{json}") };
    assert_eq!((event.content_index, event.delta), (2, json_str("ls")));
    let cancelled = response(r#"{"type":"response.cancelled","response":{"status":"cancelled"}}"#);
    assert!(matches!(cancelled, E::Cancelled(event) if event.response.status.is_some()));
}

#[test]
fn deltas_of_responses() {
    use responses::StreamEvent as E;

    type Case = (&'static str, fn(E<'_>) -> Option<responses::Delta<'_>>);
    macro_rules! cases {
        ($($name:literal => $variant:ident,)*) => {
            [$(($name, |event| match event { E::$variant(delta) => Some(delta), _ => None }),)*]
        };
    }
    let cases: [Case; 13] = cases! {
        "response.output_text.delta" => OutputTextDelta,
        "response.refusal.delta" => RefusalDelta,
        "response.reasoning_text.delta" => ReasoningTextDelta,
        "response.reasoning_summary_text.delta" => ReasoningSummaryTextDelta,
        "response.function_call_arguments.delta" => FunctionCallArgumentsDelta,
        "response.custom_tool_call_input.delta" => CustomToolCallInputDelta,
        "response.reasoning.delta" => ReasoningDelta,
        "response.audio.delta" => AudioDelta,
        "response.audio.transcript.delta" => AudioTranscriptDelta,
        "response.code_interpreter_call_code.delta" => CodeInterpreterCallCodeDelta,
        "response.mcp_call_arguments.delta" => McpCallArgumentsDelta,
        "response.shell_call_command.delta" => ShellCallCommandDelta,
        "response.apply_patch_call_operation_diff.delta" => ApplyPatchCallOperationDiffDelta,
    };
    for (name, delta) in cases {
        let json = format!(
            r#"{{"delta":"a\n","item_id":"i","output_index":1,"summary_index":2,"sequence_number":3,"type":"{name}"}}"#
        );
        let delta = delta(response(&json)).expect(name);
        assert_eq!((delta.delta, delta.item_id), (json_str(r"a\n"), Some(json_str("i"))));
        assert_eq!((delta.output_index, delta.content_index), (1, 2));
        assert_eq!(delta.sequence_number, Some(3));
    }
}

#[test]
fn whole_values_of_responses() {
    use responses::StreamEvent as E;

    let cases = [
        (r#"{"type":"response.output_text.done","text":"a"}"#, "OutputTextDone"),
        (r#"{"type":"response.refusal.done","refusal":"a"}"#, "RefusalDone"),
        (r#"{"type":"response.reasoning_text.done","text":"a"}"#, "ReasoningTextDone"),
        (r#"{"type":"response.function_call_arguments.done","arguments":"a"}"#, "FunctionCall"),
        (r#"{"type":"response.custom_tool_call_input.done","input":"a"}"#, "CustomToolCall"),
        (r#"{"type":"response.reasoning.done","text":"a"}"#, "ReasoningDone"),
        (r#"{"type":"response.mcp_call_arguments.done","arguments":"a"}"#, "McpCall"),
        (r#"{"type":"response.code_interpreter_call_code.done","code":"a"}"#, "CodeInterpreter"),
        (r#"{"type":"response.shell_call_command.done","command":"a"}"#, "ShellCallCommandDone"),
        (r#"{"type":"response.shell_call_command.added","command":"a"}"#, "ShellCallCommandAdded"),
        (r#"{"type":"response.apply_patch_call_operation_diff.done","diff":"a"}"#, "ApplyPatch"),
    ];
    for (json, name) in cases {
        let event = response(json);
        let (E::OutputTextDone(done)
        | E::RefusalDone(done)
        | E::ReasoningTextDone(done)
        | E::FunctionCallArgumentsDone(done)
        | E::CustomToolCallInputDone(done)
        | E::ReasoningDone(done)
        | E::McpCallArgumentsDone(done)
        | E::CodeInterpreterCallCodeDone(done)
        | E::ShellCallCommandAdded(done)
        | E::ShellCallCommandDone(done)
        | E::ApplyPatchCallOperationDiffDone(done)) = event
        else {
            panic!("{json}")
        };
        assert_eq!(done.text, "a", "{json}");
        assert!(format!("{event:?}").starts_with(name), "{event:?}");
    }
}

/// Its name is the variant's.
#[test]
fn every_event_of_responses_is_known() {
    for name in [
        "response.output_text.delta",
        "response.function_call_arguments.delta",
        "response.reasoning_summary_text.delta",
        "response.reasoning_text.delta",
        "response.custom_tool_call_input.delta",
        "response.refusal.delta",
        "response.output_text.done",
        "response.function_call_arguments.done",
        "response.reasoning_summary_text.done",
        "response.reasoning_text.done",
        "response.custom_tool_call_input.done",
        "response.refusal.done",
        "response.output_item.added",
        "response.output_item.done",
        "response.content_part.added",
        "response.content_part.done",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_part.done",
        "response.created",
        "response.queued",
        "response.in_progress",
        "response.completed",
        "response.incomplete",
        "response.failed",
        "response.cancelled",
        "response.done",
        "response.reasoning.delta",
        "response.reasoning.done",
        "response.output_text.annotation.added",
        "response.audio.delta",
        "response.audio.transcript.delta",
        "response.code_interpreter_call_code.delta",
        "response.code_interpreter_call_code.done",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.shell_call_command.added",
        "response.shell_call_command.delta",
        "response.shell_call_command.done",
        "response.apply_patch_call_operation_diff.delta",
        "response.apply_patch_call_operation_diff.done",
        "response.image_generation_call.partial_image",
    ] {
        let json = format!(r#"{{"type":"{name}"}}"#);
        let shown = format!("{:?}", response(&json));
        let variant = shown.split('(').next().unwrap_or_default().to_lowercase();
        let own = name.trim_start_matches("response.").replace(['.', '_'], "");
        assert_eq!(variant, own, "{name}");
    }
}

#[test]
fn errors_of_responses_in_both_shapes() {
    let nested = r#"{"type":"error","sequence_number":2,"error":{"type":"t","code":"c","message":"m","param":null}}"#;
    let flat = r#"{"type":"error","code":"c","message":"m","param":"p","sequence_number":2}"#;
    let untyped = r#"{"error":{"type":"t","code":"c","message":"m"},"sequence_number":2}"#;
    let cases = [(nested, Some("t"), None), (flat, None, Some("p")), (untyped, Some("t"), None)];
    for (json, kind, param) in cases {
        let responses::StreamEvent::Error(event) = response(json) else { panic!("{json}") };
        assert_eq!(event.sequence_number, Some(2), "{json}");
        assert_eq!(event.error.kind, kind.map(json_str), "{json}");
        assert_eq!(event.error.code, Some(Code::Text(json_str("c"))), "{json}");
        assert_eq!(event.error.message, Some(json_str("m")), "{json}");
        assert_eq!(event.error.param, param.map(json_str), "{json}");
    }
}

#[test]
fn type_from_json_or_event_line() {
    let delta = r#"{"delta":"a"}"#;
    let event = Event::new(delta).with_type("response.output_text.delta");
    let parsed = responses::StreamEvent::parse(&event).expect(delta);
    assert!(matches!(parsed, responses::StreamEvent::OutputTextDelta(delta) if delta.delta == "a"));

    for (line, json, kind) in [
        (
            "response.created",
            r#"{"type":"response.mcp_call.failed"}"#,
            Some("response.mcp_call.failed"),
        ),
        ("", r#"{"type":"keepalive","sequence_number":2}"#, Some("keepalive")),
        ("new\\", r#"{"a":{"type":"error"}}"#, None),
        ("new", "{}", Some("new")),
        ("", "{}", None),
        ("", r#"{"type":7}"#, None),
    ] {
        let event = Event::new(json).with_type(line);
        let parsed = responses::StreamEvent::parse(&event).expect(json);
        let responses::StreamEvent::Other(other) = parsed else { panic!("{parsed:?}") };
        assert_eq!(other.kind, kind.map(json_str), "{json}");
        let parsed = messages::StreamEvent::parse(&event).expect(json);
        assert!(matches!(parsed, messages::StreamEvent::Other(of) if of == other), "{parsed:?}");
    }
}

// --- Messages

#[test]
fn events_of_messages() {
    use messages::{Delta, StreamEvent as E};

    let start = r#"{"type":"message_start","message":{"id":"msg","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":1,"cache_creation_input_tokens":null,"cache_read_input_tokens":2,"output_tokens":3}}  }"#;
    let E::MessageStart(event) = message(start) else { panic!("{start}") };
    assert_eq!(event.message.id, Some(json_str("msg")));
    assert_eq!((event.message.model, event.message.stop_reason), (Some(json_str("m")), None));
    let usage = event.message.usage;
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(1), Some(3)));
    assert_eq!((usage.cache_creation_input_tokens, usage.cache_read_input_tokens), (None, Some(2)));

    let block = r#"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#;
    let E::ContentBlockStart(event) = message(block) else { panic!("{block}") };
    assert_eq!((event.index, event.content_block.kind), (1, json_str("tool_use")));
    assert_eq!(event.content_block.id, Some(json_str("t")));
    assert_eq!(event.content_block.name, Some(json_str("f")));

    let citation = r#"{"type":"citations_delta","citation":{"type":"char_location","cited_text":"a","document_title":"b"}}"#;
    let deltas = [
        (r#"{"type":"text_delta","text":"a"}"#, Delta::Text(json_str("a"))),
        (r#"{"type":"input_json_delta","partial_json":"{"}"#, Delta::InputJson(json_str("{"))),
        (r#"{"thinking":"a","type":"thinking_delta"}"#, Delta::Thinking(json_str("a"))),
        (r#"{"type":"signature_delta","signature":"a"}"#, Delta::Signature(json_str("a"))),
        (r#"{"type":"new_delta","text":"a"}"#, Delta::Other { kind: json_str("new_delta") }),
        (r#"{"type":"compaction_delta"}"#, Delta::Compaction(messages::Compaction::default())),
        ("{}", Delta::default()),
    ];
    for (delta, expected) in deltas {
        let json = format!(r#"{{"type":"content_block_delta","index":2,"delta":{delta}}}"#);
        let E::ContentBlockDelta(event) = message(&json) else { panic!("{json}") };
        assert_eq!((event.index, event.delta), (2, expected), "{json}");
    }
    let json = format!(r#"{{"type":"content_block_delta","index":2,"delta":{citation}}}"#);
    let E::ContentBlockDelta(event) = message(&json) else { panic!("{json}") };
    let Delta::Citations(citation) = event.delta else { panic!("{json}") };
    assert_eq!((citation.cited_text, citation.title), (Some(json_str("a")), Some(json_str("b"))));

    let stop = r#"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}"#;
    let E::MessageDelta(event) = message(stop) else { panic!("{stop}") };
    assert_eq!(event.delta.stop_reason, Some(json_str("end_turn")));
    assert_eq!((event.delta.stop_sequence, event.usage.output_tokens), (None, Some(9)));

    let json = r#"{"type":"content_block_delta","delta":{"type":"compaction_delta","content":"in short","encrypted_content":"e"}}"#;
    let E::ContentBlockDelta(event) = message(json) else { panic!("{json}") };
    let Delta::Compaction(compaction) = event.delta else { panic!("{json}") };
    assert_eq!(compaction.content, Some(json_str("in short")));
    assert_eq!(compaction.encrypted_content, Some(json_str("e")));

    let json = r#"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"c","explanation":"e"}},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":7}}}"#;
    let E::MessageDelta(event) = message(json) else { panic!("{json}") };
    let details = event.delta.stop_details.expect("details");
    assert_eq!((details.kind, details.category), (Some(json_str("refusal")), Some(json_str("c"))));
    assert_eq!(details.explanation, Some(json_str("e")));
    assert_eq!(event.usage.thinking_tokens, Some(7));

    let stop = message(r#"{"type":"content_block_stop","index":3}"#);
    assert!(matches!(stop, E::ContentBlockStop(event) if event.index == 3));
    assert_eq!(message(r#"{"type":"message_stop"}"#), E::MessageStop);
    assert_eq!(message(r#"{"type": "ping"}"#), E::Ping);
    let error = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let E::Error(error) = message(error) else { panic!("{error}") };
    assert_eq!(error.kind, Some(json_str("overloaded_error")));
    assert_eq!(error.message, Some(json_str("Overloaded")));
}

#[test]
fn blocks_of_messages() {
    use messages::{ContentBlock, Delta, StreamEvent as E};

    let tool_use = r#"{"type":"tool_use","id":"t","name":"f","input":{ "q" : 1 },"caller":{"type":"direct"},"server_name":"s"}"#;
    let result = r#"{"type":"web_search_tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"web_search_result","encrypted_content":"e"}]}"#;
    for block in [tool_use, result] {
        let json = format!(r#"{{"type":"content_block_start","content_block":{block}}}"#);
        let E::ContentBlockStart(event) = message(&json) else { panic!("{json}") };
        let block = event.content_block;
        if block.kind == "tool_use" {
            assert_eq!(raw(block.input), Some(r#"{ "q" : 1 }"#));
            assert_eq!(raw(block.caller), Some(r#"{"type":"direct"}"#));
            assert_eq!(block.server_name, Some(json_str("s")));
            assert_eq!((block.content, block.is_error), (None, false));
        } else {
            assert_eq!(block.tool_use_id, Some(json_str("t")));
            assert!(block.is_error && block.input.is_none());
            let content = raw(block.content).expect("content");
            assert_eq!(content, r#"[{"type":"web_search_result","encrypted_content":"e"}]"#);
        }
        // A gateway that begins a message with content.
        let json =
            format!(r#"{{"type":"message_start","message":{{"content":[{result},{tool_use}]}}}}"#);
        let E::MessageStart(event) = message(&json) else { panic!("{json}") };
        let blocks: List<'_, ContentBlock<'_>> =
            event.message.content.expect("blocks").read().expect("a list");
        assert!(blocks.iter().any(|of| of == block));
    }
    for (json, is_error) in [("true", true), ("false", false), ("null", false), ("\"true\"", false)]
    {
        let json = format!(
            r#"{{"type":"content_block_start","content_block":{{"is_error":{json},"id":"t"}}}}"#
        );
        let E::ContentBlockStart(event) = message(&json) else { panic!("{json}") };
        assert_eq!(event.content_block.is_error, is_error, "{json}");
        assert_eq!(event.content_block.id, Some(json_str("t")));
    }
    let json = r#"{"type":"content_block_delta","delta":{"type":"citations_delta","citation":{"encrypted_index":"e"}}}"#;
    let E::ContentBlockDelta(event) = message(json) else { panic!("{json}") };
    assert!(
        matches!(event.delta, Delta::Citations(of) if of.encrypted_index == Some(json_str("e")))
    );
}

// --- Gemini

#[test]
fn chunks_of_generate_content() {
    let data = r#"{"candidates":[{"content":{"role":"model","parts":[
        {"text":"hm","thought":true},{"text":"a\n","thoughtSignature":"s"},
        {"functionCall":{"id":"c","name":"f","args":{ "q":1 }}},
        {"functionCall":{"name":"g","partialArgs":[{"jsonPath":"$.q","stringValue":"x"}],"willContinue":true}},
        {"inlineData":{"mimeType":"image/png","data":"AAA="}},
        {"executableCode":{"id":"e","language":"PYTHON","code":"1+1"}},
        {"codeExecutionResult":{"id":"e","outcome":"OUTCOME_OK","output":"2"}},
        {"toolCall":{"toolType":"T"}},{"toolResponse":{"id":"r"}},{"new":1}]},
        "finishReason":"STOP","finishMessage":"done","index":1,
        "citationMetadata":{"citations":[]},"groundingMetadata":{"webSearchQueries":["q"]},"safetyRatings":[]},null,{}],
        "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3,"cachedContentTokenCount":4,"thoughtsTokenCount":5,"toolUsePromptTokenCount":6,"trafficType":"ON_DEMAND"},
        "modelVersion":"m","responseId":"r","promptFeedback":{"blockReason":"OTHER"}}"#;
    // Also in the wrapper of Code Assist.
    let wrapped = format!(r#"{{"traceId":"t","response":{data}}}"#);
    for json in [data, &wrapped] {
        let chunk = gemini(json);
        let usage = chunk.usage_metadata.expect("usage");
        let counts = [
            usage.prompt_token_count,
            usage.candidates_token_count,
            usage.total_token_count,
            usage.cached_content_token_count,
            usage.thoughts_token_count,
            usage.tool_use_prompt_token_count,
        ];
        assert_eq!(counts, [1, 2, 3, 4, 5, 6].map(Some));
        assert_eq!(
            (chunk.model_version, chunk.response_id),
            (Some(json_str("m")), Some(json_str("r")))
        );
        assert_eq!((chunk.block_reason, chunk.error), (Some(json_str("OTHER")), None));
        let candidates: Vec<_> = chunk.candidates.iter().collect();
        let [candidate, empty] = candidates[..] else { panic!("{candidates:?}") };
        assert_eq!(empty, generate_content::Candidate::default());
        assert_eq!((candidate.index, candidate.finish_reason), (Some(1), Some(json_str("STOP"))));
        assert_eq!(candidate.finish_message, Some(json_str("done")));
        assert_eq!(raw(candidate.citation_metadata), Some(r#"{"citations":[]}"#));
        assert_eq!(raw(candidate.grounding_metadata), Some(r#"{"webSearchQueries":["q"]}"#));
        assert_eq!(candidate.content.role, Some(json_str("model")));
        let parts: Vec<_> = candidate.content.parts.iter().collect();
        assert_eq!((parts[0].text, parts[0].thought), (Some(json_str("hm")), true));
        assert_eq!((parts[1].text, parts[1].thought), (Some(json_str(r"a\n")), false));
        assert_eq!(parts[1].thought_signature, Some(json_str("s")));
        let call = parts[2].function_call.expect("a call");
        assert_eq!((call.id, call.name), (Some(json_str("c")), Some(json_str("f"))));
        assert_eq!((raw(call.args), call.will_continue), (Some(r#"{ "q":1 }"#), false));
        let call = parts[3].function_call.expect("a call");
        assert_eq!((call.args, call.will_continue), (None, true));
        assert!(call.partial_args.is_some_and(|pieces| pieces.is_array()));
        let image = parts[4].inline_data.expect("an image");
        assert_eq!(
            (image.mime_type, image.data),
            (Some(json_str("image/png")), Some(json_str("AAA=")))
        );
        let code = parts[5].executable_code.expect("code");
        assert_eq!((code.id, code.language), (Some(json_str("e")), Some(json_str("PYTHON"))));
        assert_eq!(code.code, Some(json_str("1+1")));
        let result = parts[6].code_execution_result.expect("a result");
        assert_eq!(
            (result.id, result.outcome),
            (Some(json_str("e")), Some(json_str("OUTCOME_OK")))
        );
        assert_eq!(result.output, Some(json_str("2")));
        assert_eq!(raw(parts[7].tool_call), Some(r#"{"toolType":"T"}"#));
        assert_eq!(raw(parts[8].tool_response), Some(r#"{"id":"r"}"#));
        assert_eq!(parts[9], generate_content::Part::default());
    }
    // Only an error is read from outside the wrapped chunk.
    let error = r#"{"error":{"code":503,"status":"UNAVAILABLE","message":"m"}}"#;
    let beside = r#"{"response":{"responseId":"r"},"error":{"code":503,"status":"UNAVAILABLE","message":"m"},"responseId":"no"}"#;
    for (json, id) in [(error, None), (beside, Some("r"))] {
        let chunk = gemini(json);
        let error = chunk.error.expect(json);
        assert_eq!((error.code, error.message), (Some(Code::Number(503)), Some(json_str("m"))));
        assert_eq!(error.kind, Some(json_str("UNAVAILABLE")));
        assert_eq!(text(chunk.response_id).as_deref(), id);
    }
    for empty in ["{}", r#"{"candidates":null,"usageMetadata":7,"promptFeedback":{}}"#] {
        assert_eq!(gemini(empty), generate_content::Chunk::default());
    }
    let id = gemini(r#"{"response":"no","responseId":"r"}"#).response_id;
    assert_eq!(id, Some(json_str("r")));
    let wrong = generate_content::Chunk::parse(&Event::new("[{}]")).expect_err("an array");
    assert_eq!(wrong.kind(), ErrorKind::NotAnObject);
}

#[test]
fn events_of_interactions() {
    use interactions::StreamEvent as E;

    type Field = fn(interactions::Delta<'_>) -> Option<String>;

    let json = r#"{"interaction":{"id":"v1","status":"in_progress","model":"m"},"event_id":"1","event_type":"interaction.created"}"#;
    let E::InteractionCreated(event) = interaction(json) else { panic!("{json}") };
    let created = event.interaction;
    assert_eq!((created.id, created.model), (Some(json_str("v1")), Some(json_str("m"))));
    assert_eq!((created.status, created.usage), (Some(json_str("in_progress")), None));
    assert_eq!(event.event_id, Some(json_str("1")));

    let json = r#"{"interaction_id":"v1","status":"requires_action","event_id":"2","event_type":"interaction.status_update"}"#;
    let E::InteractionStatusUpdate(event) = interaction(json) else { panic!("{json}") };
    assert_eq!((event.interaction_id, event.event_id), (Some(json_str("v1")), Some(json_str("2"))));
    assert_eq!(event.status, Some(json_str("requires_action")));

    let json = r#"{"index":1,"event_id":"3","step":{"type":"function_call","id":"c","name":"f","arguments":{},"signature":"s"},"event_type":"step.start"}"#;
    let E::StepStart(event) = interaction(json) else { panic!("{json}") };
    assert_eq!((event.index, event.event_id), (1, Some(json_str("3"))));
    let step = event.step;
    assert_eq!((step.kind, step.id), (json_str("function_call"), Some(json_str("c"))));
    assert_eq!((step.name, step.signature), (Some(json_str("f")), Some(json_str("s"))));
    assert_eq!(step.arguments.expect("arguments").to_string(), "{}");

    let deltas: [(&str, Field, &str); 12] = [
        (r#"{"type":"text","text":"a"}"#, |delta| text(delta.text), "a"),
        (
            r#"{"type":"thought_summary","content":{"type":"text","text":"hm"}}"#,
            |delta| text(delta.text),
            "hm",
        ),
        (r#"{"type":"thought_signature","signature":"s"}"#, |delta| text(delta.signature), "s"),
        (
            r#"{"type":"arguments_delta","arguments":"{"}"#,
            |delta| delta.arguments.map(|of| of.to_string()),
            "{",
        ),
        (
            r#"{"type":"google_search_call","id":"c","arguments":{"q":1}}"#,
            |delta| delta.arguments.map(|of| of.to_string()),
            r#"{"q":1}"#,
        ),
        (r#"{"type":"google_search_call","id":"c"}"#, |delta| text(delta.id), "c"),
        (r#"{"type":"function_call","name":"f"}"#, |delta| text(delta.name), "f"),
        (r#"{"type":"image","data":"AAA="}"#, |delta| text(delta.data), "AAA="),
        (r#"{"type":"image","mime_type":"image/png"}"#, |delta| text(delta.mime_type), "image/png"),
        (
            r#"{"type":"text_annotation_delta","annotations":[1]}"#,
            |delta| raw(delta.annotations).map(Into::into),
            "[1]",
        ),
        (
            r#"{"type":"function_result","result":"r"}"#,
            |delta| delta.result.map(|of| of.to_string()),
            "r",
        ),
        (r#"{"type":"new","text":""}"#, |delta| text(delta.text), ""),
    ];
    for (delta, field, expected) in deltas {
        let json = format!(r#"{{"index":1,"delta":{delta},"event_type":"step.delta"}}"#);
        let E::StepDelta(event) = interaction(&json) else { panic!("{json}") };
        assert!(event.index == 1 && delta.contains(event.delta.kind.as_raw()));
        assert_eq!(field(event.delta).as_deref(), Some(expected), "{json}");
    }
    assert!(
        matches!(interaction(r#"{"index":2,"event_type":"step.stop"}"#), E::StepStop(event) if event.index == 2)
    );

    let json = r#"{"interaction":{"status":"completed","usage":{"total_tokens":1,"total_input_tokens":2,"total_output_tokens":3,"total_thought_tokens":4,"total_cached_tokens":5,"total_tool_use_tokens":6},"steps":[{"type":"thought","summary":[],"signature":"s"},{"type":"model_output","content":[1]},{"type":"function_result","call_id":"c","result":"r"}]},"event_type":"interaction.completed"}"#;
    let E::InteractionCompleted(event) = interaction(json) else { panic!("{json}") };
    let usage = event.interaction.usage.expect("usage");
    let counts = [
        usage.total_tokens,
        usage.total_input_tokens,
        usage.total_output_tokens,
        usage.total_thought_tokens,
        usage.total_cached_tokens,
        usage.total_tool_use_tokens,
    ];
    assert_eq!(counts, [1, 2, 3, 4, 5, 6].map(Some));
    let steps: List<'_, interactions::Step<'_>> =
        event.interaction.steps.expect("steps").read().expect("a list");
    let steps: Vec<_> = steps.iter().collect();
    assert_eq!((raw(steps[0].summary), raw(steps[1].content)), (Some("[]"), Some("[1]")));
    assert_eq!(steps[2].call_id, Some(json_str("c")));
    assert_eq!(steps[2].result, Some(StrOrJson::Str(json_str("r"))));

    // By the `event` line if the JSON has no type, and errors.
    let event = Event::new(r#"{"index":3}"#).with_type("step.stop");
    let parsed = E::parse(&event).expect("an object");
    assert!(matches!(parsed, E::StepStop(event) if event.index == 3));
    for json in [
        r#"{"event_type":"error","error":{"code":"c","message":"m"}}"#,
        r#"{"error":{"message":"m","code":"c"},"\u0065vent_type":"\u0065rror"}"#,
        r#"{"event_type":"","error":{"message":"m","code":"c"}}"#,
    ] {
        let E::Error(error) = interaction(json) else { panic!("{json}") };
        assert_eq!(error.code, Some(Code::Text(json_str("c"))));
        assert_eq!(error.message, Some(json_str("m")));
    }
    let E::Other(other) = interaction(r#"{"event_type":"step.new"}"#) else { panic!("known") };
    assert_eq!(other.kind, Some(json_str("step.new")));
}

// --- Cohere

#[test]
fn events_of_cohere() {
    use cohere::StreamEvent as E;

    let json = r#"{"id":"i","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"#;
    let E::MessageStart(event) = cohere(json) else { panic!("{json}") };
    assert_eq!((event.id, event.message.role), (Some(json_str("i")), Some(json_str("assistant"))));
    assert_eq!(event.message.content, cohere::Content::default());
    assert_eq!((event.message.tool_call, event.message.citation), (None, None));

    let json = r#"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"thinking","thinking":"hm"}}}}"#;
    let E::ContentStart(event) = cohere(json) else { panic!("{json}") };
    let content = event.message.content;
    assert_eq!((event.index, content.kind), (1, Some(json_str("thinking"))));
    assert_eq!((content.thinking, content.text), (Some(json_str("hm")), None));

    let json =
        r#"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"a\n"}}}}"#;
    let E::ContentDelta(event) = cohere(json) else { panic!("{json}") };
    assert_eq!((event.index, event.message.content.text), (1, Some(json_str(r"a\n"))));

    let json = r#"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will"}}}"#;
    let E::ToolPlanDelta(event) = cohere(json) else { panic!("{json}") };
    assert_eq!(event.message.tool_plan, Some(json_str("I will")));

    let json = r#"{"type":"tool-call-start","index":2,"delta":{"message":{"tool_calls":{"id":"c","type":"function","function":{"name":"f","arguments":""}}}}}"#;
    let E::ToolCallStart(event) = cohere(json) else { panic!("{json}") };
    let call = event.message.tool_call.expect("a call");
    assert_eq!(
        (event.index, call.id, call.kind),
        (2, Some(json_str("c")), Some(json_str("function")))
    );
    assert_eq!(call.function.expect("a function").name, Some(json_str("f")));
    let json = r#"{"type":"tool-call-delta","index":2,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}}}"#;
    let E::ToolCallDelta(event) = cohere(json) else { panic!("{json}") };
    let function = event.message.tool_call.and_then(|call| call.function).expect("a function");
    assert_eq!(function.arguments.expect("a piece"), "{");

    let json = r#"{"type":"citation-start","index":3,"delta":{"message":{"citations":{"start":1,"end":2,"text":"a","type":"TEXT_CONTENT","sources":[{"id":"d"}]}}}}"#;
    let E::CitationStart(event) = cohere(json) else { panic!("{json}") };
    let citation = event.message.citation.expect("a citation");
    assert_eq!((citation.start, citation.end), (Some(1), Some(2)));
    assert_eq!(
        (citation.text, citation.kind),
        (Some(json_str("a")), Some(json_str("TEXT_CONTENT")))
    );
    assert_eq!(raw(citation.sources), Some(r#"[{"id":"d"}]"#));

    for (name, index) in [("content-end", 4), ("tool-call-end", 5), ("citation-end", 6)] {
        let json = format!(r#"{{"type":"{name}","index":{index}}}"#);
        let (E::ContentEnd(event) | E::ToolCallEnd(event) | E::CitationEnd(event)) = cohere(&json)
        else {
            panic!("{json}")
        };
        assert_eq!(event.index, index);
    }

    let json = r#"{"type":"message-end","delta":{"finish_reason":"ERROR","error":"m","usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":3,"output_tokens":4,"reasoning_tokens":5},"cached_tokens":6}}}"#;
    let E::MessageEnd(event) = cohere(json) else { panic!("{json}") };
    let end = event.delta;
    assert_eq!(end.finish_reason, Some(json_str("ERROR")));
    assert_eq!(end.error.and_then(|error| error.message), Some(json_str("m")));
    let usage = end.usage.expect("usage");
    let (billed, all) = (usage.billed_units.expect("units"), usage.tokens.expect("tokens"));
    assert_eq!((billed.input_tokens, billed.output_tokens), (Some(1), Some(2)));
    assert_eq!((all.input_tokens, all.output_tokens), (Some(3), Some(4)));
    assert_eq!((all.reasoning_tokens, usage.cached_tokens), (Some(5), Some(6)));

    let E::Error(error) = cohere(r#"{"type":"error","message":"m"}"#) else { panic!("no error") };
    assert_eq!(error.message, Some(json_str("m")));
    let line = Event::new(r#"{"message":"m"}"#).with_type("error");
    assert!(matches!(E::parse(&line).expect("an object"), E::Error(of) if of == error));
    let E::Other(other) = cohere(r#"{"type":"debug"}"#) else { panic!("known") };
    assert_eq!(other.kind, Some(json_str("debug")));
}

// --- Members of several kinds or names

#[test]
fn counts_are_whole_numbers() {
    for (json, count) in [
        ("7", Some(7)),
        ("7.0", Some(7)),
        ("7.000", Some(7)),
        ("7e0", Some(7)),
        ("7E+0", Some(7)),
        ("0.70e1", Some(7)),
        ("0.007e3", Some(7)),
        ("70e-1", Some(7)),
        ("7000e-3", Some(7)),
        ("700.0e-2", Some(7)),
        ("0", Some(0)),
        ("0.0", Some(0)),
        ("0e5", Some(0)),
        ("0e-5", Some(0)),
        ("1e19", Some(10_000_000_000_000_000_000)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551615.0", Some(u64::MAX)),
        ("1844674407370955161.5e1", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("18446744073709551616.0", None),
        ("1844674407370955161.6e1", None),
        ("1e20", None),
        ("1e400", None),
        ("1e99999999999", None),
        ("1e-1", None),
        ("1.5", None),
        ("7.0001", None),
        ("15e-1", None),
        ("-0", None),
        ("-0.0", None),
        ("-7", None),
        ("\"7\"", None),
        ("true", None),
    ] {
        // By the shortcut, in general, and by iteration.
        for json in [
            format!(r#"{{"usage":{{"total_tokens":{json}}}}}"#),
            format!("{{ \"usage\" : {{ \"total_tokens\" : {json} }} }}"),
            format!(r#"{{"usage":{{"total_tokens":{json},"prompt_tokens":1}}}}"#),
        ] {
            assert_eq!(chunk(&json).usage.expect(&json).total_tokens, count, "{json}");
            let usage = sseam::json::members(json.as_bytes()).get("usage").expect(&json);
            let total = usage.members().get("total_tokens").and_then(|total| total.as_u64());
            assert_eq!(total, count, "{json}");
        }
        let event = format!(r#"{{"type":"response.refusal.delta","output_index":{json}}}"#);
        let responses::StreamEvent::RefusalDelta(delta) = response(&event) else {
            panic!("{event}")
        };
        assert_eq!(delta.output_index, count.unwrap_or(0), "{event}");
    }
}

/// Each order of the elements.
fn orders<T: Clone>(elements: &[T]) -> Vec<Vec<T>> {
    if elements.is_empty() {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for at in 0..elements.len() {
        let (mut rest, first) = (elements.to_vec(), elements[at].clone());
        rest.remove(at);
        for order in orders(&rest) {
            found.push([&[first.clone()][..], &order].concat());
        }
    }
    found
}

/// The first that is not empty, otherwise the empty string.
fn first_of<'v>(values: &[&'v str]) -> Option<&'v str> {
    let texts = values.iter().filter_map(|json| json.strip_prefix('"')?.strip_suffix('"'));
    texts.clone().find(|text| !text.is_empty()).or_else(|| texts.clone().next())
}

#[test]
fn first_nonempty_of_several_names() {
    const VALUES: [&str; 6] =
        ["\"\"", "\"a\"", "\"b\"", "null", "7", "\"a longer text, and that\""];

    let names = ["reasoning_content", "reasoning", "reasoning_text"];
    for names in orders(&names) {
        for values in
            (0..VALUES.len().pow(3)).map(|n| [n % 6, n / 6 % 6, n / 36].map(|n| VALUES[n]))
        {
            let members: Vec<_> = names
                .iter()
                .zip(values)
                .map(|(name, value)| format!(r#""{name}":{value}"#))
                .collect();
            for json in [
                format!(r#"{{"choices":[{{"delta":{{{}}}}}]}}"#, members.join(",")),
                format!(r#"{{"choices":[{{"delta":{{ {}}}}}]}}"#, members.join(" , ")),
                // Among the usual members.
                format!(
                    r#"{{"choices":[{{"index":0,"delta":{{"role":"r","content":"c",{},"tool_calls":[]}}}}]}}"#,
                    members.join(",")
                ),
                format!(
                    r#"{{"choices":[{{"delta":{{"content": "c", {}, "refusal": null}}}}]}}"#,
                    members.join(", ")
                ),
            ] {
                let chunk = chunk(&json);
                let delta = chunk.choices.first().expect(&json).delta.expect(&json);
                let reasoning = delta.reasoning.map(|text| text.to_string());
                assert_eq!(reasoning.as_deref(), first_of(&values), "{json}");
            }
        }
    }
    for names in orders(&["text", "refusal", "arguments", "input"]) {
        for (n, values) in [["\"\"", "\"a\"", "\"b\"", "\"\""], ["\"\"", "\"\"", "\"\"", "\"c\""]]
            .iter()
            .enumerate()
        {
            let members: Vec<_> = names
                .iter()
                .zip(values)
                .map(|(name, value)| format!(r#""{name}":{value}"#))
                .collect();
            let json = format!(r#"{{"type":"response.output_text.done",{}}}"#, members.join(","));
            let responses::StreamEvent::OutputTextDone(done) = response(&json) else {
                panic!("{json}")
            };
            assert_eq!(done.text, ["a", "c"][n], "{json}");
        }
    }
    // A number is never empty: the first counts.
    for (json, index) in [
        (r#""content_index":0,"summary_index":7"#, 0),
        (r#""summary_index":7,"content_index":0"#, 7),
        (r#""content_index":null,"summary_index":7"#, 7),
        (r#""content_index":"0","summary_index":7"#, 7),
    ] {
        for end in ["", r#","delta":"a""#] {
            let json = format!(r#"{{"type":"response.output_text.delta",{json}{end}}}"#);
            let responses::StreamEvent::OutputTextDelta(delta) = response(&json) else {
                panic!("{json}")
            };
            assert_eq!(delta.content_index, index, "{json}");
        }
    }
}

/// JSON in a string, as documented, or the JSON itself.
#[test]
fn arguments_as_string_or_json() {
    for (json, shown, is_string) in [
        (r#""{\"a\":1}""#, Some(r#"{"a":1}"#), true),
        ("\"\"", Some(""), true),
        (r#"{"a":"\n"}"#, Some(r#"{"a":"\n"}"#), false),
        (r#"{ "a" : [ 1 ] }"#, Some(r#"{ "a" : [ 1 ] }"#), false),
        ("{}", Some("{}"), false),
        ("[1,[]]", Some("[1,[]]"), false),
        ("7", Some("7"), false),
        ("-1.5e3", Some("-1.5e3"), false),
        ("true", Some("true"), false),
        ("false", Some("false"), false),
        ("null", None, false),
    ] {
        let call = format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":0,"function":{{"name":"f","arguments":{json}}}}}],"function_call":{{"arguments": {json} }}}}}}]}}"#
        );
        let chunk = chunk(&call);
        let delta = chunk.choices.first().expect(&call).delta.expect(&call);
        let function = delta.tool_calls.first().expect(&call).function.expect(&call);
        let item = format!(
            r#"{{"type":"response.output_item.done","item":{{"arguments":{json},"input":{json}}}}}"#
        );
        let responses::StreamEvent::OutputItemDone(event) = response(&item) else {
            panic!("{item}")
        };
        let done =
            format!(r#"{{"type":"response.function_call_arguments.done","arguments":{json}}}"#);
        let responses::StreamEvent::FunctionCallArgumentsDone(done) = response(&done) else {
            panic!("{done}")
        };
        for found in [
            function.arguments,
            delta.function_call.expect(&call).arguments,
            event.item.arguments,
            event.item.input,
            // The text is present even if the member is absent.
            Some(done.text).filter(|_| shown.is_some()),
        ] {
            assert_eq!(found.map(|found| found.to_string()).as_deref(), shown, "{json}");
            let Some(found) = found else { continue };
            let mut text = String::new();
            found.write_to(&mut text).expect("writing to a string does not fail");
            assert_eq!(Some(&*text), shown, "{json}");
            assert_eq!(found.as_json_str().is_some(), is_string, "{json}");
            assert_eq!(found.is_empty(), json == "\"\"", "{json}");
            // JSON of another kind does not equal a text.
            assert_eq!(found == &*text, is_string, "{json}");
            assert!(found != "other", "{json}");
            let quoted = format!("{text:?}");
            assert_eq!(format!("{found:?}"), if is_string { quoted } else { text }, "{json}");
        }
        if shown.is_none() {
            assert_eq!(done.text, "", "{json}");
        }
    }
}

// --- Errors and their offsets

fn error(data: &[u8]) -> Error {
    chat::Chunk::parse(&Event::new(data)).expect_err("no JSON object")
}

#[test]
fn error_kind_and_offset() {
    use ErrorKind as K;

    let cases: &[(&[u8], K, usize)] = &[
        (b"", K::UnexpectedEnd, 0),
        (b"  ", K::UnexpectedEnd, 2),
        (b"[DONE]", K::ExpectedValue, 1),
        (b"ping", K::ExpectedValue, 0),
        (b" 7", K::NotAnObject, 1),
        (b"[]", K::NotAnObject, 0),
        (b"null", K::NotAnObject, 0),
        (b"{", K::UnexpectedEnd, 1),
        (b"{\"a", K::UnexpectedEnd, 3),
        (b"{\"a\"", K::UnexpectedEnd, 4),
        (b"{\"a\":", K::UnexpectedEnd, 5),
        (b"{\"a\":1", K::UnexpectedEnd, 6),
        (b"{\"a\":1,", K::UnexpectedEnd, 7),
        (b"{a:1}", K::ExpectedName, 1),
        (b"{\"a\":1,}", K::ExpectedName, 7),
        (b"{,\"a\":1}", K::ExpectedName, 1),
        (b"{\"a\" 1}", K::ExpectedColon, 5),
        (b"{\"a\":}", K::ExpectedValue, 5),
        (b"{\"a\":01}", K::ExpectedCommaOrEnd, 6),
        (b"{\"a\":1.}", K::ExpectedValue, 5),
        (b"{\"a\":-}", K::ExpectedValue, 5),
        (b"{\"a\":truE}", K::ExpectedValue, 5),
        (b"{\"a\":nulll}", K::ExpectedCommaOrEnd, 9),
        (b"{\"a\":[1 2]}", K::ExpectedCommaOrEnd, 8),
        (b"{\"a\":[1}}", K::ExpectedCommaOrEnd, 7),
        (b"{\"a\":{]}", K::ExpectedName, 6),
        (b"{\"a\":[,1]}", K::ExpectedValue, 6),
        (b"{\"a\":[1,]}", K::ExpectedValue, 8),
        (b"{} {}", K::TrailingCharacters, 3),
        (b"{}}", K::TrailingCharacters, 2),
        (b"{\"a\":\"\\x\"}", K::InvalidEscape, 6),
        (b"{\"a\":\"x\ny\"}", K::ControlCharacter, 7),
        (b"{\"a\":\"\xFF\"}", K::InvalidUtf8, 6),
        (b"\xEF\xBB\xBF{}", K::ExpectedValue, 0),
    ];
    for (data, kind, at) in cases {
        let error = error(data);
        assert_eq!((error.kind(), error.at()), (*kind, *at), "{}", data.escape_ascii());
        let text = error.to_string();
        assert!(text.ends_with(&format!(" at byte {at}")), "{text}");
    }
}

/// On a small stack that recursion would overflow.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn nested_payload_is_an_error() {
    let thread = std::thread::Builder::new().stack_size(64 << 10).spawn(|| {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested =
                |depth| format!("{{\"a\":{}1{}}}", open.repeat(depth), close.repeat(depth));
            let most = usize::try_from(MAX_DEPTH).expect("a small number") - 1;
            let json = nested(most);
            assert_eq!(chunk(&json), chat::Chunk::default());
            for depth in [most + 1, 100_000] {
                let error = error(nested(depth).as_bytes());
                let at = 5 + most * open.len();
                assert_eq!((error.kind(), error.at()), (ErrorKind::TooDeep, at));
            }
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}

// One function each, so that their stack frames are not allocated at the same time.

#[inline(never)]
fn read_chat(event: &Event<'_>) -> Result<(), Error> {
    let chunk = chat::Chunk::parse(event)?;
    chunk.choices.for_each(|choice| assert!(choice.texts().count() < 2));
    Ok(())
}

#[inline(never)]
fn read_response(event: &Event<'_>) -> Result<(), Error> {
    responses::StreamEvent::parse(event).map(|_| ())
}

#[inline(never)]
fn read_message(event: &Event<'_>) -> Result<(), Error> {
    messages::StreamEvent::parse(event).map(|_| ())
}

/// In each place where a payload has values: skipped, after the first element of a list, of another
/// kind than the field's, and JSON of any kind.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn nesting_limit_is_exact() {
    // The text before the value, and its depth.
    const PLACES: [(&str, &str, usize); 7] = [
        ("{\"x\":", "}", 1),
        ("{\"id\":", "}", 1),
        ("{\"usage\":{\"x\":", "}}", 2),
        ("{\"choices\":[", "]}", 2),
        ("{\"choices\":[{},", "]}", 2),
        ("{\"choices\":[{\"delta\":{\"content\":[", "]}}]}", 5),
        ("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":", "}}]}}]}", 7),
    ];

    // Unoptimised code needs more stack for each level.
    let stack = if cfg!(debug_assertions) { 96 << 10 } else { 64 << 10 };
    let thread = std::thread::Builder::new().stack_size(stack).spawn(|| {
        for (before, after, outside) in PLACES {
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"choices\":", "}]")] {
                let levels = if open.len() > 6 { 2 } else { 1 };
                for depth in [126, 127, 128, 129] {
                    let inside = (depth - outside) / levels;
                    // If the depth is odd, one more bracket.
                    let (odd, even) =
                        if (depth - outside) % levels == 1 { ("[", "]") } else { ("", "") };
                    let json = format!(
                        "{before}{}{odd}1{even}{}{after}",
                        open.repeat(inside),
                        close.repeat(inside)
                    );
                    let expected = check_object(json.as_bytes());
                    let expected_kind = expected.map_err(|(kind, _)| kind);
                    let is_fine = depth <= usize::try_from(MAX_DEPTH).expect("a small number");
                    assert_eq!(
                        expected_kind,
                        if is_fine { Ok(()) } else { Err(ErrorKind::TooDeep) }
                    );
                    let event = Event::new(&*json);
                    let parsed = [read_chat(&event), read_response(&event), read_message(&event)];
                    for parsed in parsed {
                        let parsed = parsed.map_err(|error| (error.kind(), error.at()));
                        assert_eq!(parsed, expected, "{json}");
                    }
                }
            }
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}

/// Strings are searched in blocks and words: of each length up to several of them, with each byte
/// at each position, near and far from the end of the data.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn each_byte_at_each_place_of_a_string() {
    const END: &[u8] = b"}                    ";
    const SPECIAL: [u8; 14] =
        [0, 0x1F, b' ', b'"', b'/', b'\\', b'n', b'u', b'~', 0x7F, 0x80, 0xC3, 0xE2, 0xFF];

    fn check(json: &[u8]) {
        let event = Event::new(json);
        let parsed =
            chat::Chunk::parse(&event).map(|_| ()).map_err(|error| (error.kind(), error.at()));
        assert_eq!(parsed, check_object(json), "{}", json.escape_ascii());
    }

    // A field, a skipped member, and a name.
    for (before, after) in [("{\"id\":\"", "\""), ("{\"x\":\"", "\""), ("{\"", "\":0")] {
        for filler in ["x".repeat(71), "\u{e9}".repeat(36), "\\n".repeat(36)] {
            for (len, at) in (1..=70_usize).flat_map(|len| (0..len).map(move |at| (len, at))) {
                let json =
                    [before.as_bytes(), &filler.as_bytes()[..len], after.as_bytes(), END].concat();
                let distances = if filler.starts_with('x') { 0..=20 } else { 7..=7 };
                for distance in distances {
                    let mut json = json[..json.len() - END.len() + distance].to_vec();
                    for byte in SPECIAL {
                        json[before.len() + at] = byte;
                        check(&json);
                    }
                }
                // All others, at one distance each.
                if filler.starts_with('x') {
                    for byte in 0..=u8::MAX {
                        let distance = (usize::from(byte) + len + at) % 21;
                        let mut json = json[..json.len() - END.len() + distance].to_vec();
                        json[before.len() + at] = byte;
                        check(&json);
                    }
                }
            }
        }
    }
}

/// A member inside another one is found by its name, whatever is before it.
#[test]
fn inner_member_by_its_name() {
    let data = r#"{"promptFeedback":{"blockReasonMessage":"no","blockReason":"SAFETY","x":"y"}}"#;
    let event = Event::new(data);
    let chunk = generate_content::Chunk::parse(&event).expect("a chunk");
    assert_eq!(chunk.block_reason.expect("a reason"), "SAFETY");
    let event = Event::new(r#"{"promptFeedback":{"blockReasonMessage":"no"}}"#);
    let chunk = generate_content::Chunk::parse(&event).expect("a chunk");
    assert!(chunk.block_reason.is_none());
}

/// Digits are skipped eight at a time: of each length up to three times that, with each byte in each
/// place.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn each_byte_at_each_place_of_a_number() {
    for (len, at) in (1..=25_usize).flat_map(|len| (0..len).map(move |at| (len, at))) {
        for byte in 0..=u8::MAX {
            for name in ["created", "x"] {
                let mut json =
                    format!("{{\"{name}\":{},\"id\":\"a\"}}", "1".repeat(len)).into_bytes();
                json[name.len() + 4 + at] = byte;
                let event = Event::new(&*json);
                let parsed = chat::Chunk::parse(&event)
                    .map(|_| ())
                    .map_err(|error| (error.kind(), error.at()));
                assert_eq!(parsed, check_object(&json), "{}", json.escape_ascii());
            }
        }
    }
}

/// Almost JSON.
fn near_json() -> impl Strategy<Value = Vec<u8>> {
    let token = select(vec![
        "{", "}", "[", "]", ",", ":", " ", "\n", "\"\"", "\"a\"", "\"\\n\"", "\"", "\\", "\\u00e9",
        "0", "-1", "1.5", "1e3", "01", "1.", "true", "null", "nul", "é", "\u{1}", "\"a\":",
        "\"b\":[",
    ]);
    vec(token, 0..12).prop_map(|tokens| tokens.concat().into_bytes())
}

fn value() -> impl Strategy<Value = Value> {
    let text = vec(select(vec!["a", "\n", "\"", "\\", "😀", "字", "\0", "\u{2028}"]), 0..6);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0_u64..9).prop_map(Value::from),
        text.prop_map(|text| Value::from(text.concat())),
    ];
    let name = select(vec![
        "id",
        "index",
        "delta",
        "content",
        "choices",
        "text",
        "type",
        "error",
        "message",
        "usage",
        "tool_calls",
        "function",
        "arguments",
        "total_tokens",
        "other",
        "é",
    ]);
    leaf.prop_recursive(5, 64, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name.clone(), inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn same_validity_as_full_parse(
        json in prop_oneof![near_json(), value().prop_map(|value| value.to_string().into_bytes())],
        change in proptest::option::of((any::<Index>(), any::<u8>())),
    ) {
        let mut json = json;
        if let (Some((at, byte)), false) = (change, json.is_empty()) {
            let at = at.index(json.len());
            json[at] = byte;
        }
        // As text, since a full parse of bytes skips some invalid UTF-8, and without values, which
        // cannot hold lone surrogates and large numbers.
        let text = std::str::from_utf8(&json).ok();
        let is_json = text.is_some_and(|json| serde_json::from_str::<IgnoredAny>(json).is_ok());
        let is_object = is_json && json.trim_ascii_start().starts_with(b"{");
        let event = Event::new(&json[..]);
        let parsed = chat::Chunk::parse(&event);
        prop_assert_eq!(parsed.is_ok(), is_object);
        if let Err(error) = parsed {
            prop_assert!(error.at() <= json.len());
            prop_assert_eq!(error.kind() == ErrorKind::NotAnObject, is_json);
        }
        prop_assert_eq!(responses::StreamEvent::parse(&event).is_ok(), parsed.is_ok());
        prop_assert_eq!(messages::StreamEvent::parse(&event).is_ok(), parsed.is_ok());
        let _ = format!("{parsed:?}");
    }

    #[test]
    fn chunk_matches_full_parse(choices in vec(value(), 0..4), id in value(), usage in value()) {
        let json = serde_json::json!({ "id": id, "choices": choices, "usage": usage });
        let text = json.to_string();
        let chunk = chunk(&text);
        let same = |string: Option<JsonStr<'_>>, value: &Value| string.map(|s| s.to_string()).as_deref() == value.as_str();
        prop_assert!(same(chunk.id, &id));
        let in_choice = choices.iter().find(|choice| choice.is_object()).map(|choice| &choice["usage"]);
        let usage = if usage.is_object() { &usage } else { in_choice.unwrap_or(&usage) };
        prop_assert_eq!(chunk.usage.is_some(), usage.is_object());
        prop_assert_eq!(chunk.usage.and_then(|usage| usage.total_tokens), usage["total_tokens"].as_u64());
        let objects: Vec<&Value> = choices.iter().filter(|choice| choice.is_object()).collect();
        prop_assert_eq!(chunk.choices.iter().count(), objects.len());
        for (choice, value) in chunk.choices.iter().zip(objects) {
            prop_assert_eq!(choice.index, value["index"].as_u64().unwrap_or(0));
            prop_assert!(same(choice.text, &value["text"]));
            prop_assert_eq!(choice.delta.is_some(), value["delta"].is_object());
            let Some(delta) = choice.delta else { continue };
            let value = &value["delta"];
            if value["content"].is_string() {
                let content = delta.content.map(|content| content.to_string());
                prop_assert_eq!(content.as_deref(), value["content"].as_str());
            }
            let calls = value["tool_calls"].as_array().map_or(0, |calls| calls.iter().filter(|call| call.is_object()).count());
            prop_assert_eq!(delta.tool_calls.iter().count(), calls);
        }
    }
}
