//! The lines of `answer --json`, as documented by `--help`, and its options.

mod common;

use serde_json::{Value, json};

/// The lines, the last of which is the answer, and the exit status.
fn lines(args: &str, stream: &str) -> (Vec<String>, Value, i32) {
    let ran = common::sseam(&format!("answer --json {args}"), stream.as_bytes());
    let out = String::from_utf8(ran.out).expect("UTF-8");
    let mut lines: Vec<_> = out.lines().map(ToString::to_string).collect();
    let last = lines.pop().expect("a last line");
    let mut last: Value = serde_json::from_str(&last).expect("JSON");
    (lines, last["answer"].take(), ran.status)
}

/// The lines before the last one, whole and byte by byte.
#[track_caller]
fn check(stream: &str, expected: &[&str]) -> Value {
    let (whole, answer, status) = lines("", stream);
    assert_eq!(whole, expected, "{stream}");
    assert_eq!(lines("--chunk 1", stream), (whole, answer.clone(), status), "{stream}");
    answer
}

/// Chat Completions: an event for each of the data, and `[DONE]`.
fn chat(data: &[&str]) -> String {
    format!("data: {}\n\ndata: [DONE]\n\n", data.join("\n\ndata: "))
}

fn delta(delta: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,"delta":{delta}}}]}}"#)
}

#[test]
fn line_for_each_kind_of_delta() {
    let stream = chat(&[
        &delta(r#"{"reasoning_content":"hm"}"#),
        &delta(r#"{"content":"\"Good\"\n"}"#),
        &delta(r#"{"refusal":"no"}"#),
        &delta(r#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}"#),
        &delta(r#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":\"\\n\"}"}}]}"#),
        &delta(r#"{"tool_calls":[{"index":1,"function":{"name":"g"}}]}"#),
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
        r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":2}}}"#,
    ]);
    let answer = check(
        &stream,
        &[
            r#"{"reasoning":"hm"}"#,
            r#"{"text":"\"Good\"\n"}"#,
            r#"{"refusal":"no"}"#,
            r#"{"call":{"n":0,"id":"a","name":"f"}}"#,
            r#"{"arguments":{"n":0,"json":"{\"a\":\"\\n\"}"}}"#,
            r#"{"call":{"n":1,"id":null,"name":"g"}}"#,
            r#"{"reason":"tool_calls"}"#,
            r#"{"usage":{"input":3,"output":9,"cached":2,"reasoning":null}}"#,
        ],
    );
    let expected = json!({
        "dialect": "chat", "outcome": "completed", "reason": "tool_calls",
        "text": "\"Good\"\n", "reasoning": "hm", "refusal": "no",
        "calls": [
            {"id": "a", "name": "f", "arguments": "{\"a\":\"\\n\"}"},
            {"id": null, "name": "g", "arguments": ""},
        ],
        "usage": {"input": 3, "output": 9}, "error": null, "ignored": 0,
    });
    assert_eq!(answer, expected);
}

/// The members and their order.
#[test]
fn last_line_of_empty_stream() {
    let ran = common::sseam("answer --json", b"");
    let line = concat!(
        r#"{"answer":{"dialect":null,"outcome":"truncated","reason":null,"text":"","#,
        r#""reasoning":"","refusal":"","calls":[],"usage":{"input":null,"output":null},"#,
        r#""error":null,"ignored":0}}"#,
        "\n",
    );
    assert_eq!((&*String::from_utf8_lossy(&ran.out), &*ran.err, ran.status), (line, "", 5));
}

#[test]
fn error_code_number_and_word() {
    for (error, line) in [
        (
            r#"{"message":"Slow \"down\"","code":429,"type":"busy"}"#,
            r#"{"message":"Slow \"down\"","code":429,"kind":"busy"}"#,
        ),
        (r#"{"code":"429"}"#, r#"{"message":null,"code":"429","kind":null}"#),
        (r#"{"code":"no_such_model"}"#, r#"{"message":null,"code":"no_such_model","kind":null}"#),
        (r#""down""#, r#"{"message":"down","code":null,"kind":null}"#),
    ] {
        let stream = format!("data: {{\"error\":{error}}}\n\n");
        let answer = check(&stream, &[&format!(r#"{{"error":{line}}}"#)]);
        let expected: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!((&answer["error"], &answer["outcome"]), (&expected, &json!("failed")));
    }
}

#[test]
fn opaque_parts_are_json() {
    let delta = r#"{"type":"signature_delta","signature":"c2\u0041="}"#;
    let start = r#"data: {"type":"message_start","message":{}}"#;
    let delta = format!(r#"data: {{"type":"content_block_delta","index":0,"delta":{delta}}}"#);
    let answer = check(
        &format!("{start}\n\n{delta}\n\n"),
        &[r#"{"opaque":{"name":"signature","json":"\"c2\\u0041=\""}}"#],
    );
    assert_eq!((&answer["text"], &answer["outcome"]), (&json!(""), &json!("truncated")));
}

#[test]
fn arguments_sent_as_object() {
    let function = r#"{"name":"f","arguments":{"in": "Łódź"}}"#;
    let call = delta(&format!(r#"{{"tool_calls":[{{"id":"a","function":{function}}}]}}"#));
    let answer = check(
        &chat(&[&call]),
        &[
            r#"{"call":{"n":0,"id":"a","name":"f"}}"#,
            r#"{"arguments":{"n":0,"json":"{\"in\": \"Łódź\"}"}}"#,
        ],
    );
    assert_eq!(answer["calls"][0]["arguments"], r#"{"in": "Łódź"}"#);
}

#[test]
fn halves_of_an_emoji_are_joined() {
    let halves = [r#"{"content":"a\ud83d"}"#, r#"{"content":"\ude00b"}"#].map(delta);
    let answer = check(&chat(&[&halves[0], &halves[1]]), &[r#"{"text":"a"}"#, r#"{"text":"😀b"}"#]);
    assert_eq!(answer["text"], "a😀b");
}

#[test]
fn restart() {
    let answer = check(
        include_str!("streams/messages.restart.sse"),
        &[
            r#"{"usage":{"input":3,"output":1,"cached":null,"reasoning":null}}"#,
            r#"{"text":"Wrong way."}"#,
            r#"{"call":{"n":0,"id":"a","name":"wrong"}}"#,
            r#"{"restart":true}"#,
            r#"{"text":"Right."}"#,
            r#"{"call":{"n":0,"id":"b","name":"right"}}"#,
            r#"{"arguments":{"n":0,"json":"{}"}}"#,
            r#"{"usage":{"input":3,"output":9,"cached":null,"reasoning":null}}"#,
            r#"{"reason":"tool_use"}"#,
        ],
    );
    let calls = json!([{"id": "b", "name": "right", "arguments": "{}"}]);
    assert_eq!((&answer["text"], &answer["calls"]), (&json!("Right."), &calls));
}

#[test]
fn keep_alives_are_counted() {
    let text = format!("data: {}\n\n", delta(r#"{"content":"a"}"#));
    let ping = "event: ping\ndata: {}\n\n";
    let stream = [&text, ping, "data: keepalive\n\n", "data: [DONE]\n\n", ping, &text].concat();
    let answer = check(&stream, &[r#"{"text":"a"}"#]);
    assert_eq!(answer["ignored"], 2);
}

#[test]
fn outcome_by_option() {
    let stop = r#"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#;
    let stop = format!("{stop}\n\n");
    let cut = format!("data: {}\n\ndata: [DONE]", delta(r#"{"content":"a"}"#));
    let done = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n";
    let large =
        format!("data: {}\n\ndata: {}\n\n", delta("{}"), delta(r#"{"content":"aaaaaaaaa"}"#));
    for (args, stream, outcome, status) in [
        ("", &*stop, "completed", 0),
        // A reason alone does not complete a broken connection, but a terminal does.
        ("--broken", &stop, "truncated", 5),
        ("--broken", done, "completed", 0),
        ("", &cut, "truncated", 5),
        ("--flush", &cut, "completed", 0),
        // The data of a flushed event may be missing.
        ("--flush --dialect assistants", "event: done\ndata:", "truncated", 5),
        ("--flush --dialect assistants", "event: done", "truncated", 5),
        ("--flush", "event: error\ndata:", "truncated", 5),
        ("", "event: error\ndata:\n\n", "failed", 4),
        // The dropped event may have been the end.
        ("", &large, "truncated", 5),
        ("--limit 50", &large, "unknown", 6),
        ("--limit 50", done, "completed", 0),
        ("--dialect messages", &stop, "truncated", 5),
        // Not an event stream.
        ("", "{\"error\":{\"code\":404}}", "failed", 4),
        ("", "{\"id\":1}", "unknown", 6),
        ("", "<html>", "unknown", 6),
    ] {
        for chunk in ["", "--chunk 1"] {
            let (_, answer, is) = lines(&format!("{args} {chunk}"), stream);
            assert_eq!((&answer["outcome"], is), (&json!(outcome), status), "{args}: {stream:?}");
        }
    }
}

#[test]
fn messages_on_standard_error() {
    let ran = common::sseam("answer --json --limit 9", b"data: 0123456789\n\ndata: [DONE]\n\n");
    assert!(ran.out.starts_with(b"{\"answer\":{\"dialect\":\"done\",\"outcome\":\"completed\""));
    assert!(
        ran.err.contains("limit of 9 bytes") || ran.err.contains("bound of 9 bytes"),
        "{}",
        ran.err
    );
    let stream = include_str!("streams/responses-strict.breach.sse");
    let ran = common::sseam("answer --json --dialect responses-strict", stream.as_bytes());
    let text = "{\"text\":\"Good\"}\n";
    assert!(String::from_utf8_lossy(&ran.out).starts_with(text));
    assert_eq!(ran.err, "sseam: sequence number 2, expected 1: gap\n");
    let ran = common::sseam("answer --json", b"{\"id\":1}");
    let message = "no event in 8 bytes: is this an event stream? it begins with `{`";
    assert_eq!(ran.err, format!("sseam: standard input: {message}\n"));
}

/// Lines are visible as the events arrive.
#[cfg(unix)]
#[test]
fn lines_are_flushed() {
    let event = format!("data: {}\n\n", delta(r#"{"content":"a"}"#));
    let ran = common::interrupted("answer --json", event.as_bytes());
    let out = String::from_utf8(ran.out).expect("UTF-8");
    assert!(out.starts_with("{\"text\":\"a\"}\n{\"answer\":{\"dialect\":\"chat\""), "{out}");
    assert_eq!(ran.status, 130);
}
