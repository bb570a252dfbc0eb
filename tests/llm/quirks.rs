//! Quirks of real streams that are most likely to break a client, the worst first. The shapes are
//! documented, the streams written here.

use sseam::llm::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::llm::{Answer, Protocol};
use sseam_testkit::llm::{Reader, Record, read, read_as, stream};

fn summary(record: &Record) -> (&str, &str, sseam::llm::Outcome) {
    (&record.signals, &record.noticed, record.outcome)
}

/// Perplexity, Writer, sometimes Hugging Face, Baseten and Cerebras; and Gemini.
#[test]
fn no_terminal() {
    for (stream, outcome) in [
        (
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\r\n\r\n",
            Completed,
        ),
        (
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\r\n\r\n",
            Truncated,
        ),
        ("data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\r\n\r\n", Completed),
        // Old servers send `STOP` in each chunk: the incomplete rest shows that the stream broke
        // off.
        (
            "data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\r\n\r\ndata: {\"candidates\": [{\"con",
            Truncated,
        ),
    ] {
        assert_eq!(read(stream).outcome, outcome, "{stream}");
    }
}

#[test]
fn error_then_sentinel() {
    for error in [
        r#"{"error":{"message":"no","code":400}}"#,
        r#"{"object":"error","message":"no"}"#,
        r#"{"type":"message-end","delta":{"error":"no","finish_reason":"ERROR"}}"#,
    ] {
        let record = read(&format!("data: {error}\n\ndata: [DONE]\n\n"));
        assert_eq!(summary(&record), ("T.", "", Failed), "{error}");
    }
    // `"error":null` is not an error.
    let fine = concat!(
        "data: {\"response\":{\"error\":null},\"error\":null,\"type\":\"response.created\"}\n\n",
        "data: {\"response\":{\"error\":null},\"type\":\"response.completed\"}\n\n",
    );
    assert_eq!(summary(&read(fine)), ("pT", "", Completed));
}

#[test]
fn terminal_before_last_event() {
    for (stream, signals, outcome) in [
        // OpenAI, and OpenRouter.
        (
            "data: {\"type\":\"error\",\"sequence_number\":0}\n\ndata: {\"type\":\"response.failed\",\"sequence_number\":1}\n\n",
            "T.",
            Failed,
        ),
        ("data: {\"type\":\"response.completed\"}\n\ndata: [DONE]\n\n", "T.", Completed),
        (
            "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{}}\n\ndata: [DONE]\n\n",
            "ppS",
            Completed,
        ),
        // Replicate.
        (
            "event: output\ndata: Hi\n\nevent: done\ndata: {}\n\n:408: 408 Request Timeout\n\n",
            "pS",
            Completed,
        ),
    ] {
        assert_eq!(summary(&read(stream)), (signals, "", outcome), "{stream}");
    }
}

#[test]
fn line_end_split_over_chunks() {
    let lf = "event: x\ndata: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\n\ndata: {\"candidates\": []}\n\n";
    for line_end in ["\r\n", "\r", "\n"] {
        let stream = lf.replace('\n', line_end);
        for at in 0..stream.len() {
            let (left, right) = stream.as_bytes().split_at(at);
            let record = Reader::new().read(&[left, b"", right], &mut Answer::new());
            assert_eq!(summary(&record), ("pp", "", Completed), "cut at {at}");
        }
    }
}

/// EU GPT, `OpenRouter`, Bedrock.
#[test]
fn event_line_differs_from_type() {
    for stream in [
        "event: message\ndata: {\"type\":\"response.completed\"}\n\n",
        "data: {\"type\":\"response.completed\"}\n\n",
        "data: {\"type\":\"response.completed\"}\nevent: response.completed\n\n",
        "event: response.in_progress\ndata: {\"type\":\"response.completed\"}\n\n",
    ] {
        assert_eq!(summary(&read(stream)), ("T", "", Completed), "{stream}");
    }
}

#[test]
fn comments_before_first_event() {
    let stream = format!(
        "{}data: {{\"choices\":[{{\"finish_reason\":\"length\"}}]}}\n\ndata: [DONE]\n\n",
        ": OPENROUTER PROCESSING\n\n".repeat(20)
    );
    assert_eq!(summary(&read(&stream)), ("pS", "", Incomplete));
    // A stream of comments alone is not an answer.
    assert_eq!(read(&": ping\n\n".repeat(20)).outcome, Truncated);
}

#[test]
fn terminal_or_ping_without_data() {
    for (stream, protocol, expected) in [
        // LangServe.
        ("event: data\r\ndata: {\"a\":1}\r\n\r\nevent: end\r\n\r\n", None, ("p", "S", Completed)),
        (
            "event: thread.created\ndata: {}\n\nevent: done\n\n",
            Some(Protocol::ASSISTANTS),
            ("p", "S", Completed),
        ),
        // Dify.
        ("event: ping\n\ndata: {\"event\":\"message\"}\n\n", None, ("p", "", Truncated)),
        // A terminal that has a payload must not lack it.
        ("event: message_stop\n\n", Some(Protocol::MESSAGES), ("", "", Truncated)),
    ] {
        let record = read_as(stream, protocol.map_or_else(Answer::new, Answer::of));
        assert_eq!(summary(&record), expected, "{stream}");
    }
}

/// `llama.cpp` of 2025, and Gemini: lines of JSON between events.
#[test]
fn error_in_ignored_lines() {
    for stream in [
        "data: {\"choices\":[]}\n\nerror: {\"code\":500,\"message\":\"no\"}\n\n",
        "data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\r\n\r\n{\r\n  \"error\": {\r\n    \"code\": 499,\r\n    \"status\": \"CANCELLED\"\r\n  }\r\n}\r\n",
    ] {
        assert_eq!(summary(&read(stream)), ("p", "T", Failed), "{stream}");
    }
    for none in [
        "errors: x\n\n",
        "error\n\n",
        "error: null\n\n",
        "\"error\": null,\n\n",
        "\"error\": \"\"\n\n",
        "x: error\n\n",
    ] {
        let record = read_as(none, Answer::of(Protocol::CHAT));
        assert_eq!(summary(&record), ("", "", Truncated), "{none}");
    }
}

#[test]
fn spaces_around_the_sentinel() {
    let chat = || Answer::of(Protocol::CHAT);
    for stream in ["data:[DONE]\n\n", "data: [DONE]   \n\n", "data:  [DONE]\t\r\n\r\n"] {
        assert_eq!(summary(&read_as(stream, chat())), ("S", "", Completed), "{stream:?}");
    }
    for stream in ["data: [DONE]x\n\n", "data: [DONE\n\n", "data: \"[DONE]\"\n\n"] {
        assert_eq!(summary(&read_as(stream, chat())), ("p", "", Truncated), "{stream:?}");
    }
    // A line without a colon. It begins like an array, so the body is not an event stream.
    assert_eq!(summary(&read_as("[DONE]\n\n", chat())), ("", "", Unknown));
}

#[test]
fn cut_before_last_blank_line() {
    for (terminal, flushed) in [
        ("data: [DONE]", Completed),
        ("data: [DONE]\n", Completed),
        ("data: [DO", Truncated),
        ("data: {\"choices\":[{\"finish_reason\":\"length\"}]}", Incomplete),
        ("data: {\"choices\":[{\"finish_reason\":\"stop\",\"delta\":{\"content\":\"los", Truncated),
    ] {
        let stream = format!("data: {{\"choices\":[]}}\n\n{terminal}");
        let say = |flush| {
            let mut answer = Answer::of(Protocol::CHAT);
            Reader::new().flush(flush).read(&[stream.as_bytes()], &mut answer).outcome
        };
        assert_eq!(say(false), Truncated, "{terminal}");
        assert_eq!(say(true), flushed, "{terminal}");
    }
}

#[test]
fn empty_choices_and_invalid_data() {
    let stream = concat!(
        "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
        "data: {}\n\n",
        "data:\n\n",
        "data: not\ndata: JSON\n\n",
        "data: {\"choices\":[{\"delta\":{},\n",
        "data: \"finish_reason\":\"length\"}]}\n\n",
        "data: {\"choices\":[{\"finish_reason\":\"length\"}],\"usage\":{}}\n\n",
        "data: [DONE]\n\n",
    );
    assert_eq!(summary(&read(stream)), ("pp.pppS", "", Incomplete));
    // Snowflake sends no reason.
    assert_eq!(read("data: {\"choices\":[{}]}\n\ndata: [DONE]\n\n").outcome, Completed);
}

#[test]
fn characters_split_over_chunks() {
    // A line separator and a next line do not end a line.
    let text = "Gr\u{fc}\u{df}e \u{1f600}\u{2028}\u{85}";
    let stream = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}\n\n"
    );
    for at in 0..stream.len() {
        let (left, right) = stream.as_bytes().split_at(at);
        let record = Reader::new().read(&[left, right], &mut Answer::new());
        assert_eq!(
            (summary(&record), &*record.contents.text),
            (("p", "", Completed), text),
            "cut at {at}"
        );
    }
}

/// Bytes that are not UTF-8 are replaced; the text around them is kept.
#[test]
fn bytes_that_are_not_utf_8() {
    let event = |text: &[u8]| {
        [
            b"data: {\"choices\":[{\"delta\":{\"content\":\"",
            text,
            b"\"},\"finish_reason\":\"stop\"}]}\n\n",
        ]
        .concat()
    };
    let stream = [event(b"Good "), event(b"\xFF"), event(b"day")].concat();
    let record = Reader::new().read(&[&stream], &mut Answer::new());
    assert_eq!(summary(&record), ("ppp", "", Completed));
    assert!(record.contents.text.starts_with("Good ") && record.contents.text.ends_with("day"));
}

/// The usual deltas of three APIs are read by a shortcut, which must leave to the rules what only looks
/// like one.
#[test]
fn deltas_that_look_usual() {
    const CHAT: &str = r#"{"choices":[{"index":0,"delta":{"content":"A"}}]}"#;
    const MESSAGES: &str =
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A"}}"#;
    let call = r#""tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"[]"}}]"#;
    let mut seen = Vec::new();
    for (first, event) in [
        // Two kinds in one delta.
        (CHAT, r#"{"choices":[{"index":0,"delta":{"content":"B","reasoning_content":"Hm"}}]}"#),
        (CHAT, &format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"B",{call}}}}}]}}"#)),
        (CHAT, &format!(r#"{{"choices":[{{"index":0,"delta":{{"reasoning":"Hm",{call}}}}}]}}"#)),
        (CHAT, r#"{"choices":[{"index":0,"delta":{"content":"B","refusal":"No"}}]}"#),
        // Another choice than the first.
        (CHAT, r#"{"choices":[{"index":1,"delta":{"content":"B"}}]}"#),
        // An error with choices, and an error by the event's name.
        (
            CHAT,
            r#"{"object":"error","message":"no","choices":[{"index":0,"delta":{"content":"B"}}]}"#,
        ),
        (CHAT, r#"error | {"choices":[{"index":0,"delta":{"content":"B"}}]}"#),
        // A second call.
        (
            CHAT,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}},{"index":1,"id":"b","function":{"name":"g"}}]}}]}"#,
        ),
        // A text of another kind than its name says, and two at once.
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","thinking":"Hm"}}"#,
        ),
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","text":"B"}}"#,
        ),
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"B","thinking":"Hm"}}"#,
        ),
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm","text":"B"}}"#,
        ),
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}","text":"B"}}"#,
        ),
        (
            MESSAGES,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"new_delta","text":"B"}}"#,
        ),
    ] {
        let record = read(&stream(&format!("{first}\n{event}")));
        let contents = record.contents;
        let calls: Vec<_> = contents.calls.iter().map(|call| &*call.name).collect();
        let error = if record.outcome == Failed { " failed" } else { "" };
        let (text, reasoning, refusal) = (&contents.text, &contents.reasoning, &contents.refusal);
        seen.push(format!("{text}|{reasoning}|{refusal}|{}{error}", calls.join(",")));
    }
    let expected = [
        "AB|Hm||",
        "AB|||f",
        "A|Hm||f",
        "AB||No|",
        "A|||",
        "AB||| failed",
        "AB||| failed",
        "A|||f,g",
        "A|Hm||",
        "AB|||",
        "AB|Hm||",
        "AB|Hm||",
        "AB|||",
        "AB|||",
    ];
    assert_eq!(seen, expected);
}

/// Only a non-empty object inside a choice is an error.
#[test]
fn error_in_a_choice() {
    for (error, outcome) in [
        (r#"{"message":"no"}"#, Failed),
        ("{}", Completed),
        ("null", Completed),
        ("true", Completed),
        (r#""odd""#, Completed),
        (r#""""#, Completed),
        ("[]", Completed),
        (r#"[{"message":"no"}]"#, Completed),
    ] {
        let event = format!(
            r#"{{"choices":[{{"delta":{{"content":"A"}},"error":{error},"finish_reason":"stop"}}]}}"#
        );
        let record = read(&stream(&format!("{event}\n[DONE]")));
        assert_eq!(record.outcome, outcome, "{error}");
        assert_eq!(record.contents.error.is_some(), outcome == Failed, "{error}");
    }
}

/// Of the fields that the standard does not know, only an error ends an answer.
#[test]
fn unknown_fields() {
    for (line, outcome) in [
        ("error: overloaded", Failed),
        ("error: {\"message\":\"no\"}", Failed),
        ("error: true", Failed),
        ("{\"error\":\"no\"}", Failed),
        ("error:", Truncated),
        ("error: null", Truncated),
        ("error: false", Truncated),
        ("error: {}", Truncated),
        ("error: []", Truncated),
        ("error: \"\"", Truncated),
        ("warning: slow", Truncated),
        ("errors: many", Truncated),
        ("x", Truncated),
    ] {
        for answer in [Answer::new(), Answer::of(Protocol::CHAT)] {
            let stream = format!("data: {{\"choices\":[{{\"delta\":{{}}}}]}}\n\n{line}\n\n");
            assert_eq!(read_as(&stream, answer).outcome, outcome, "{line}");
        }
    }
}
