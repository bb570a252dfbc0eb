//! Behaviour that scripts rely on: the text on standard output, the lines on standard error, and
//! the exit statuses; for streams written here, in each dialect, and for recorded ones.

mod common;

use sha2::{Digest, Sha256};
use sseam_testkit::recorded::recorded;

/// Standard output, standard error, and the exit status for the stream.
fn answer(args: &str, stream: &str) -> (String, String, i32) {
    let ran = common::sseam(&format!("answer {args}"), stream.as_bytes());
    (String::from_utf8(ran.out).expect("UTF-8"), ran.err, ran.status)
}

/// Whole and byte by byte, with the dialect given and detected.
#[track_caller]
fn check(dialect: &str, stream: &str, text: &str, lines: &[&str], status: i32) {
    for args in [format!("--dialect {dialect}"), "--dialect auto".into()] {
        for chunk in ["", "--chunk 1"] {
            let (out, err, is) = answer(&format!("{args} {chunk}"), stream);
            assert_eq!(out, text, "{args} {chunk}: {stream}");
            let err: Vec<_> = err.lines().map(|line| line.strip_prefix("sseam: ")).collect();
            let lines: Vec<_> = lines.iter().copied().map(Some).collect();
            assert_eq!((err, is), (lines, status), "{args} {chunk}: {stream}");
        }
    }
}

/// The stream in `tests/streams` by that name: a dialect's, and what is special about it.
#[track_caller]
fn check_file(name: &str, text: &str, lines: &[&str], outcome: &str, status: i32) {
    let path = format!("{}/tests/streams/{name}.sse", env!("CARGO_MANIFEST_DIR"));
    let stream = std::fs::read_to_string(path).expect("a stream");
    let dialect = name.split('.').next().expect("a dialect");
    let end = format!("{dialect}: {outcome}");
    check(dialect, &stream, text, &[lines, &[&end]].concat(), status);
}

#[test]
fn text_and_lines_of_each_dialect() {
    let usage = "3 tokens in, 9 out";
    check_file("chat", "Good 😀 day\nto you!?", &[usage], "Completed", 0);
    let calls = [r#"calls weather({"in":"Łódź"})"#, "calls time({})"];
    check_file("chat.tools", "", &calls, "Completed", 0);
    let lines = [r#"calls f({"a":1})"#, usage, "reason: length"];
    check_file("chat.legacy", "", &lines, "Incomplete", 3);
    let refusal = "the model refuses: I cannot do that.";
    check_file("chat.refusal", "", &[refusal, usage], "Completed", 0);
    let calls = [r#"calls weather({"in":1})"#, "calls sed(s/a/b/)", "calls time({})", usage];
    check_file("responses", "Good day", &calls, "Completed", 0);
    check_file("messages", "Good day", &[r#"calls f({"a":1})"#, usage], "Completed", 0);
    check_file("generate-content", "Good day!", &[usage, "reason: SAFETY"], "Incomplete", 3);
    check_file("cohere-chat", "Good day", &[usage], "Completed", 0);
    check_file("cohere-chat.billed", "Good day", &[usage], "Completed", 0);
    check_file("assistants", "Good day", &[usage], "Completed", 0);
    // Servers that escape non-ASCII characters may split a character.
    check_file("responses.halves", "Good 😀 day\u{FFFD}!", &[], "Completed", 0);
    check_file("generate-content.halves", "😀", &[], "Completed", 0);
    // Data that is not a payload is ignored.
    check_file("chat.broken", "Good day", &["error: overloaded"], "Failed", 4);
    // Void text that has been printed cannot be removed.
    let void = "the provider restarted: the answer so far is void";
    let calls = "calls right({})";
    check_file("messages.restart", "Wrong way.Right.", &[void, calls, usage], "Completed", 0);
}

#[test]
fn breaches_of_responses_are_reported() {
    let stream = include_str!("streams/responses-strict.breach.sse");
    for chunk in ["", "--chunk 1"] {
        let (out, err, status) = answer(&format!("--dialect responses-strict {chunk}"), stream);
        let (first, rest) = err.split_once('\n').expect("two lines");
        assert!(first.contains("sequence"), "{first}");
        let end = "sseam: responses: Incomplete\n";
        assert_eq!((&*out, rest, status), ("Good", end, 3));
    }
}

#[test]
fn streams_without_text() {
    check("done", "data: one\n\ndata: [DONE]\n\ndata: two\n\n", "", &["done: Completed"], 0);
    let (out, err, status) = answer("", "data: {\"unknown\":\"text\"}\n\n");
    assert_eq!((&*out, &*err, status), ("", "sseam: none: Unknown\n", 6));
    let (out, err, status) = answer("", "");
    assert_eq!((&*out, &*err, status), ("", "sseam: none: Truncated\n", 5));
    let (out, err, status) = answer("", "{\"detail\":\"Not\\u001bfound\"}");
    let no_event = "no event in 27 bytes: is this an event stream? it begins with `{`";
    let message = format!(
        "sseam: standard input: {no_event}\nsseam: error: Not␛found\nsseam: none: Failed\n"
    );
    assert_eq!((&*out, &*err, status), ("", &*message, 4));
}

/// An event with a fragment of the call with that index.
fn call(index: usize, fragment: &str) -> String {
    let call = format!(r#"{{"index":{index},{fragment}}}"#);
    format!("data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{call}]}}}}]}}\n\n")
}

/// Parallel calls that share an index, distinguished by their IDs.
#[test]
fn tool_calls_sharing_an_index() {
    let calls = [
        r#""id":"a","function":{"name":"one","arguments":"{\"a\":"}"#,
        r#""function":{"arguments":"1}"}"#,
        r#""id":"b","function":{"name":"one","arguments":"{}"}"#,
        r#""id":"c","function":{"name":"two","arguments":"{}"}"#,
    ];
    let stream = calls.map(|fragment| call(0, fragment)).concat() + "data: [DONE]\n\n";
    let lines = [r#"calls one({"a":1})"#, "calls one({})", "calls two({})", "chat: Completed"];
    check("chat", &stream, "", &lines, 0);
}

/// If both outputs go to one place, a line begins as a line.
#[cfg(unix)]
#[test]
fn lines_are_separate_from_text() {
    use std::process::Command;

    let script = format!("'{}' answer --sample 2>&1", env!("CARGO_BIN_EXE_sseam"));
    let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    let text = "The Danube, the Loire and the Vistula.\nsseam: 13 tokens in, 12 out\n";
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(out, format!("{text}sseam: responses: Completed\n"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_outcome() {
    let event = br#"data: {"choices":[{"delta":{"content":"Good d"}}]}"#;
    let ran = common::interrupted("answer", &[event, &b"\n\n"[..]].concat());
    let end = "sseam: chat: Truncated\n";
    assert_eq!((&*ran.out, &*ran.err, ran.status), (&b"Good d"[..], end, 130));
}

#[test]
fn text_of_recorded_streams() {
    let (mut compared, recorded) = (0, recorded("corpus", "EXPECTED.tsv"));
    for stream in &recorded {
        let (name, sha256) = (&stream.name, stream.expected("text_sha256"));
        if stream.expected("text_chars") == "-" {
            continue;
        }
        for chunk in ["", "--chunk 1"] {
            let ran = common::sseam(&format!("answer {chunk}"), &stream.stream);
            let end = format!("{}: {}\n", stream.expected("dialect"), stream.expected("outcome"));
            assert!(ran.err.to_lowercase().ends_with(&end), "{name}: {}, not {end}", ran.err);
            if sha256 == "-" {
                assert!(ran.out.is_empty(), "{name}");
            } else {
                assert_eq!(format!("{:x}", Sha256::digest(&ran.out)), sha256, "{name}");
                compared += 1;
            }
        }
    }
    assert!(recorded.is_empty() || compared > 100, "a table of few texts");
}
