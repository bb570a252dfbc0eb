//! What providers send, typed: each member where it belongs, what is not known
//! skipped, and what is no JSON told with the byte.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::IgnoredAny;
use serde_json::Value;
use sseam::Event;
use sseam::payload::{Code, Error, ErrorKind, JsonStr, MAX_DEPTH, chat, messages, responses};
use sseam_testkit::json::check_object;
use sseam_testkit::streams::cases;

fn chunk(json: &str) -> chat::Chunk<'_> {
    chat::Chunk::parse(&Event::new(json)).expect(json)
}

fn response(json: &str) -> responses::Event<'_> {
    responses::Event::parse(&Event::new(json)).expect(json)
}

fn message(json: &str) -> messages::Event<'_> {
    messages::Event::parse(&Event::new(json)).expect(json)
}

fn json_str(raw: &str) -> JsonStr<'_> {
    JsonStr::new(raw).expect(raw)
}

// --- Strings

#[test]
fn a_string_decodes() {
    let cases = [
        ("", ""),
        ("plain, and wörds 字 😀", "plain, and wörds 字 😀"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u0000\u00e9\u5B57\uFFFF", "\0é字\u{FFFF}"),
        (r"\ud83d\ude00\uD83D\uDE00!", "😀😀!"),
        (r"\ud83d\ude00", "😀"),
        // Lone surrogates, and two firsts.
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
        string.write_to(&mut written).expect("a string takes all");
        assert_eq!(written, text);
        #[cfg(feature = "alloc")]
        assert_eq!(string.to_cow(), text);
    }
    assert_eq!(json_str(r"\u0061b"), json_str("ab"));
    assert_ne!(json_str(r"\u0061b"), json_str("a"));
    assert_eq!(format!("{:>4}|", json_str("ab")), "  ab|");
}

#[test]
fn a_string_is_well_formed() {
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

/// Each byte of ASCII, at each place of strings as short as a word and longer.
#[test]
fn all_but_control_characters_and_two_more_stand_for_themselves() {
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
fn a_list_holds_the_elements_of_its_kind() {
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
    // A copy of the iterator goes on by itself.
    let mut choices = two.iter();
    choices.next();
    let copy = choices.clone();
    assert_eq!((choices.count(), copy.count()), (1, 1));
}

/// Also what is behind the first element, which is read only when it is asked for.
#[test]
fn a_list_is_validated_to_its_end() {
    for behind in [
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
            let json = format!("{{\"choices\":[{first}{behind}");
            let (kind, at) = check_object(json.as_bytes()).expect_err(&json);
            let error = error(json.as_bytes());
            assert_eq!((error.kind(), error.at()), (kind, at), "{json}");
        }
    }
    // And then reading it, again and again, finds all that is there.
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
fn a_chunk_of_chat_completions() {
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
fn the_tokens_that_groq_tells() {
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
fn the_visible_text_of_a_choice() {
    let cases = [
        (r#"{"delta":{"content":"a"}}"#, "a"),
        (r#"{"delta":{"content":null}}"#, ""),
        (r#"{"delta":{}}"#, ""),
        (r#"{"delta":{"reasoning":"hm"}}"#, ""),
        (r#"{"d\u0065lta":{"content":"a"}}"#, "a"),
        // Of members with one name the first counts that is of the right kind.
        (r#"{"delta":{"content":7,"content":null,"content":"a","content":"b"}}"#, "a"),
        // Parts.
        (
            r#"{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"},{"type":"text","text":"b"}]}}"#,
            "ab",
        ),
        (r#"{"delta":{"content":["a",{"type":"reference","text":"b"},{"text":"c"}]}}"#, ""),
        // Legacy completions, only where there is no delta.
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
}

// --- Responses

#[test]
fn events_of_responses() {
    use responses::Event as E;

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
fn deltas_of_responses() {
    use responses::Event as E;

    type Case = (&'static str, fn(E<'_>) -> Option<responses::Delta<'_>>);
    macro_rules! cases {
        ($($name:literal => $variant:ident,)*) => {
            [$(($name, |event| match event { E::$variant(delta) => Some(delta), _ => None }),)*]
        };
    }
    let cases: [Case; 6] = cases! {
        "response.output_text.delta" => OutputTextDelta,
        "response.refusal.delta" => RefusalDelta,
        "response.reasoning_text.delta" => ReasoningTextDelta,
        "response.reasoning_summary_text.delta" => ReasoningSummaryTextDelta,
        "response.function_call_arguments.delta" => FunctionCallArgumentsDelta,
        "response.custom_tool_call_input.delta" => CustomToolCallInputDelta,
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
fn what_came_in_pieces_comes_whole_at_its_end() {
    use responses::Event as E;

    let cases = [
        (r#"{"type":"response.output_text.done","text":"a"}"#, "OutputTextDone"),
        (r#"{"type":"response.refusal.done","refusal":"a"}"#, "RefusalDone"),
        (r#"{"type":"response.reasoning_text.done","text":"a"}"#, "ReasoningTextDone"),
        (r#"{"type":"response.function_call_arguments.done","arguments":"a"}"#, "FunctionCall"),
        (r#"{"type":"response.custom_tool_call_input.done","input":"a"}"#, "CustomToolCall"),
    ];
    for (json, name) in cases {
        let event = response(json);
        let (E::OutputTextDone(done)
        | E::RefusalDone(done)
        | E::ReasoningTextDone(done)
        | E::FunctionCallArgumentsDone(done)
        | E::CustomToolCallInputDone(done)) = event
        else {
            panic!("{json}")
        };
        assert_eq!(done.text, "a", "{json}");
        assert!(format!("{event:?}").starts_with(name), "{event:?}");
    }
}

/// By its name, which is the variant's own.
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
        let responses::Event::Error(event) = response(json) else { panic!("{json}") };
        assert_eq!(event.sequence_number, Some(2), "{json}");
        assert_eq!(event.error.kind, kind.map(json_str), "{json}");
        assert_eq!(event.error.code, Some(Code::Text(json_str("c"))), "{json}");
        assert_eq!(event.error.message, Some(json_str("m")), "{json}");
        assert_eq!(event.error.param, param.map(json_str), "{json}");
    }
}

#[test]
fn the_type_is_the_json_s_and_else_the_lines() {
    let delta = r#"{"delta":"a"}"#;
    let event = Event::new(delta).with_type("response.output_text.delta");
    let parsed = responses::Event::parse(&event).expect(delta);
    assert!(matches!(parsed, responses::Event::OutputTextDelta(delta) if delta.delta == "a"));

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
        let parsed = responses::Event::parse(&event).expect(json);
        let responses::Event::Other(other) = parsed else { panic!("{parsed:?}") };
        assert_eq!(other.kind, kind.map(json_str), "{json}");
        let parsed = messages::Event::parse(&event).expect(json);
        assert!(matches!(parsed, messages::Event::Other(of) if of == other), "{parsed:?}");
    }
}

// --- Messages

#[test]
fn events_of_messages() {
    use messages::{Delta, Event as E};

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

    let stop = message(r#"{"type":"content_block_stop","index":3}"#);
    assert!(matches!(stop, E::ContentBlockStop(event) if event.index == 3));
    assert_eq!(message(r#"{"type":"message_stop"}"#), E::MessageStop);
    assert_eq!(message(r#"{"type": "ping"}"#), E::Ping);
    let error = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let E::Error(error) = message(error) else { panic!("{error}") };
    assert_eq!(error.kind, Some(json_str("overloaded_error")));
    assert_eq!(error.message, Some(json_str("Overloaded")));
}

// --- Members of more than one kind or name

#[test]
fn a_count_is_a_number_that_is_whole() {
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
        // Read in a hurry, in general, and by a walk.
        for json in [
            format!(r#"{{"usage":{{"total_tokens":{json}}}}}"#),
            format!("{{ \"usage\" : {{ \"total_tokens\" : {json} }} }}"),
            format!(r#"{{"usage":{{"total_tokens":{json},"prompt_tokens":1}}}}"#),
        ] {
            assert_eq!(chunk(&json).usage.expect(&json).total_tokens, count, "{json}");
            let usage = sseam::json::members(json.as_bytes()).get("usage").expect(&json);
            let total = usage.members().get("total_tokens").and_then(|total| total.u64());
            assert_eq!(total, count, "{json}");
        }
        let event = format!(r#"{{"type":"response.refusal.delta","output_index":{json}}}"#);
        let responses::Event::RefusalDelta(delta) = response(&event) else { panic!("{event}") };
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

/// The first that is not empty, or else the empty string: what that is, is found by hand.
fn first_of<'v>(values: &[&'v str]) -> Option<&'v str> {
    let texts = values.iter().filter_map(|json| json.strip_prefix('"')?.strip_suffix('"'));
    texts.clone().find(|text| !text.is_empty()).or_else(|| texts.clone().next())
}

#[test]
fn of_several_names_the_first_that_is_not_empty_counts() {
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
                // Among the usual ones.
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
            let responses::Event::OutputTextDone(done) = response(&json) else { panic!("{json}") };
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
            let responses::Event::OutputTextDelta(delta) = response(&json) else {
                panic!("{json}")
            };
            assert_eq!(delta.content_index, index, "{json}");
        }
    }
}

/// A string that holds JSON, as it is documented, or the JSON itself.
#[test]
fn arguments_are_a_string_or_json() {
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
        let responses::Event::OutputItemDone(event) = response(&item) else { panic!("{item}") };
        let done =
            format!(r#"{{"type":"response.function_call_arguments.done","arguments":{json}}}"#);
        let responses::Event::FunctionCallArgumentsDone(done) = response(&done) else {
            panic!("{done}")
        };
        for found in [
            function.arguments,
            delta.function_call.expect(&call).arguments,
            event.item.arguments,
            event.item.input,
            // That is there even where it is absent.
            Some(done.text).filter(|_| shown.is_some()),
        ] {
            assert_eq!(found.map(|found| found.to_string()).as_deref(), shown, "{json}");
            let Some(found) = found else { continue };
            let mut text = String::new();
            found.write_to(&mut text).expect("a string takes all");
            assert_eq!(Some(&*text), shown, "{json}");
            assert_eq!(found.as_json_str().is_some(), is_string, "{json}");
            assert_eq!(found.is_empty(), json == "\"\"", "{json}");
            // No JSON of another kind equals a text.
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

// --- What is wrong, and where

fn error(data: &[u8]) -> Error {
    chat::Chunk::parse(&Event::new(data)).expect_err("no JSON object")
}

#[test]
fn errors_say_what_and_where() {
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

/// On a small stack, where recursion would overflow.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn a_nested_payload_is_an_error() {
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

// A function each, so that their stacks are not taken at the same time.

#[inline(never)]
fn read_chat(event: &Event<'_>) -> Result<(), Error> {
    let chunk = chat::Chunk::parse(event)?;
    chunk.choices.for_each(|choice| assert!(choice.texts().count() < 2));
    Ok(())
}

#[inline(never)]
fn read_response(event: &Event<'_>) -> Result<(), Error> {
    responses::Event::parse(event).map(|_| ())
}

#[inline(never)]
fn read_message(event: &Event<'_>) -> Result<(), Error> {
    messages::Event::parse(event).map(|_| ())
}

/// In each place where a payload has values: skipped, behind the first element of a list, as
/// another kind than the field's, and as JSON of any kind.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn the_bound_on_nesting_is_exact_everywhere() {
    // What is before the value, and how deep that is.
    const PLACES: [(&str, &str, usize); 7] = [
        ("{\"x\":", "}", 1),
        ("{\"id\":", "}", 1),
        ("{\"usage\":{\"x\":", "}}", 2),
        ("{\"choices\":[", "]}", 2),
        ("{\"choices\":[{},", "]}", 2),
        ("{\"choices\":[{\"delta\":{\"content\":[", "]}}]}", 5),
        ("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":", "}}]}}]}", 7),
    ];

    // What is not optimised moves each struct once more for each level.
    let stack = if cfg!(debug_assertions) { 96 << 10 } else { 64 << 10 };
    let thread = std::thread::Builder::new().stack_size(stack).spawn(|| {
        for (before, behind, outside) in PLACES {
            for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"choices\":", "}]")] {
                let levels = if open.len() > 6 { 2 } else { 1 };
                for depth in [126, 127, 128, 129] {
                    let inside = (depth - outside) / levels;
                    // Where two levels at a time do not come out even, one more bracket.
                    let (odd, even) =
                        if (depth - outside) % levels == 1 { ("[", "]") } else { ("", "") };
                    let json = format!(
                        "{before}{}{odd}1{even}{}{behind}",
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

/// Strings are searched in blocks and words: of each length up to several of them, with each
/// byte at each place, so far from the end of the data that they are whole or are not.
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

    // A field, a member that is skipped, and a name.
    for (before, behind) in [("{\"id\":\"", "\""), ("{\"x\":\"", "\""), ("{\"", "\":0")] {
        for filler in ["x".repeat(71), "\u{e9}".repeat(36), "\\n".repeat(36)] {
            for (len, at) in (1..=70_usize).flat_map(|len| (0..len).map(move |at| (len, at))) {
                let json =
                    [before.as_bytes(), &filler.as_bytes()[..len], behind.as_bytes(), END].concat();
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

/// JSON, nearly.
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
    fn what_is_json_is_what_a_full_parse_takes(
        json in prop_oneof![near_json(), value().prop_map(|value| value.to_string().into_bytes())],
        change in proptest::option::of((any::<Index>(), any::<u8>())),
    ) {
        let mut json = json;
        if let (Some((at, byte)), false) = (change, json.is_empty()) {
            let at = at.index(json.len());
            json[at] = byte;
        }
        // As text, since a full parse of bytes passes over some that are not UTF-8, and
        // without values, which cannot hold lone surrogates and large numbers.
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
        prop_assert_eq!(responses::Event::parse(&event).is_ok(), parsed.is_ok());
        prop_assert_eq!(messages::Event::parse(&event).is_ok(), parsed.is_ok());
        let _ = format!("{parsed:?}");
    }

    #[test]
    fn a_chunk_holds_what_a_full_parse_finds(choices in vec(value(), 0..4), id in value(), usage in value()) {
        let json = serde_json::json!({ "id": id, "choices": choices, "usage": usage });
        let text = json.to_string();
        let chunk = chunk(&text);
        let same = |string: Option<JsonStr<'_>>, value: &Value| string.map(|s| s.to_string()).as_deref() == value.as_str();
        prop_assert!(same(chunk.id, &id));
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
