//! Behaviour that scripts rely on: the lines of `--json` with `--dialect`, and the exit statuses,
//! as documented by `--help`; and the table.

mod common;

use common::{Ran, sseam};
use sseam_testkit::recorded::recorded;

/// Standard output and the exit status for the stream.
fn inspect(args: &str, stream: &str) -> (String, i32) {
    let Ran { out, status, .. } = sseam(&format!("inspect {args}"), stream.as_bytes());
    (String::from_utf8(out).expect("UTF-8"), status)
}

/// The dialect's part of the last line.
fn verdict(line: &str) -> Option<&str> {
    line.strip_prefix(r#"{"end":{"last_event_id":"","retry":null,"discarded":false,"#)
}

/// Whole and byte by byte. Of the last line only the verdict is compared, as the rest is mostly the
/// same.
#[track_caller]
fn check(args: &str, stream: &str, expected: &[&str], expected_status: i32) {
    for chunk in ["", "--chunk 1"] {
        let (lines, status) = inspect(&format!("--json {chunk} {args}"), stream);
        let lines: Vec<_> = lines.lines().map(|line| verdict(line).unwrap_or(line)).collect();
        assert_eq!((&lines[..], status), (expected, expected_status), "{args} {chunk}: {stream:?}");
    }
}

#[test]
fn stream_in_each_dialect() {
    for (dialect, data, signal, outcome) in [
        ("done", "[DONE]", "done", "completed"),
        ("chat", r#"{"choices":[{"finish_reason":"length"}]}"#, "message", "incomplete"),
        ("responses", r#"{"type":"response.failed"}"#, "last", "failed"),
        ("messages", r#"{"type":"ping"}"#, "ignore", "truncated"),
        ("generate-content", r#"{"candidates":[{"finishReason":"STOP"}]}"#, "message", "completed"),
        ("cohere-chat", r#"{"type":"message-end"}"#, "last", "completed"),
        ("assistants", r#"{"object":"thread"}"#, "message", "truncated"),
    ] {
        let statuses = ["completed", "", "", "incomplete", "failed", "truncated", "unknown"];
        let status = statuses.iter().zip(0..).find(|(is, _)| **is == outcome).expect("a status").1;
        let event = serde_json::json!(data);
        let event = format!(r#"{{"event":"message","data":{event},"id":"","signal":"{signal}"}}"#);
        let end = format!(r#""dialect":"{dialect}","outcome":"{outcome}"}}}}"#);
        let stream = format!("data: {data}\n\n");
        check(&format!("--dialect {dialect}"), &stream, &[&event, &end], status);
    }
}

#[test]
fn auto_reports_detected_dialect() {
    for (stream, end, status) in [
        ("", r#""dialect":"none","outcome":"truncated"}}"#, 5),
        ("event: ping\ndata: {}\n\n", r#""dialect":"none","outcome":"unknown"}}"#, 6),
        ("data: [DONE]\n\n", r#""dialect":"done","outcome":"completed"}}"#, 0),
        ("data: {\"error\":{\"code\":1}}\n\n", r#""dialect":"none","outcome":"failed"}}"#, 4),
        (
            "event: RUN\ndata: {\"type\":\"RUN_STARTED\"}\n\n",
            r#""dialect":"ag-ui","outcome":"truncated"}}"#,
            5,
        ),
    ] {
        let (lines, is) = inspect("--json --dialect auto", stream);
        assert!(lines.trim_end().ends_with(end), "{lines}");
        assert_eq!(is, status, "{lines}");
    }
}

#[test]
fn violation_follows_its_event() {
    check(
        "--dialect responses-strict",
        concat!(
            "event: response.queued\ndata: {}\n\n",
            "event: a\ndata: {}\n\n",
            "data: {\"type\":\"response.completed\",\"sequence_number\":3}\n\n",
            "data: [DONE]\n\n",
        ),
        &[
            r#"{"event":"response.queued","data":"{}","id":"","signal":"message"}"#,
            r#"{"violation":"unexpected_first","expected":"response.created","found":"response.queued"}"#,
            r#"{"event":"a","data":"{}","id":"","signal":"message"}"#,
            r#"{"violation":"missing_sequence","expected":0,"found":null}"#,
            r#"{"event":"message","data":"{\"type\":\"response.completed\",\"sequence_number\":3}","id":"","signal":"last"}"#,
            r#"{"violation":"sequence_gap","expected":0,"found":3}"#,
            r#"{"event":"message","data":"[DONE]","id":"","signal":"ignore"}"#,
            r#"{"violation":"after_terminal","expected":null,"found":"[DONE]"}"#,
            r#""dialect":"responses","outcome":"completed"}}"#,
        ],
        0,
    );
}

#[test]
fn dialect_reads_hidden_notifications() {
    let end = r#""dialect":"chat","outcome":"failed"}}"#;
    let stream = ": hi\nerror: {\"code\":500}\n\n";
    check("--dialect chat", stream, &[end], 4);
    check(
        "--dialect chat --notifications",
        stream,
        &[r#"{"comment":"hi"}"#, r#"{"unknown":{"name":"error","value":"{\"code\":500}"}}"#, end],
        4,
    );
    let langserve = r#""dialect":"none","outcome":"completed"}}"#;
    check("--dialect auto", "event: end\n\n", &[langserve], 0);
}

/// A pending block may lack its data, so it does not count. Other flushed items count.
#[test]
fn flush_ignores_blocks_without_data() {
    for (dialect, stream, discarded, flushed) in [
        ("auto", "event: done", 5, 5),
        ("auto", "event: error\n", 5, 5),
        ("auto", "event: end\n", 5, 5),
        ("assistants", "event: done", 5, 5),
        ("assistants", "event: done\n", 5, 5),
        ("assistants", "event: error\n", 5, 5),
        ("auto", "data: {\"choices\":[]}\n\ndata: [DONE]", 5, 0),
        ("auto", "data: {\"choices\":[]}\n\nevent: done\ndata:", 5, 5),
        ("chat", "data: {\"choices\":[]}\n\nevent: error\ndata", 5, 5),
        // A line that is not part of an event is always read, and here an error begins.
        ("auto", "data: {\"choices\":[]}\n\nerror: {\"code\"", 4, 4),
        ("auto", "data: {\"choices\":[]}\n\nerror", 5, 5),
        // The blank line is present.
        ("auto", "event: done\n\n", 0, 0),
    ] {
        let status = |flush| inspect(&format!("--json {flush} --dialect {dialect}"), stream).1;
        assert_eq!((status(""), status("--flush")), (discarded, flushed), "{dialect}: {stream:?}");
    }
}

/// A body that is not an event stream is one unknown field, and often has no line end.
#[test]
fn error_without_event() {
    let end = r#""dialect":"none","outcome":"failed"}}"#;
    for body in [r#"{"error":{"code":404}}"#, "{\n  \"error\": \"no such model\"\n}"] {
        check("--dialect auto", body, &[end], 4);
        let (table, _) = inspect("--dialect auto", body);
        assert!(table.ends_with(" (in what --notifications shows)\n"), "{table}");
        // Without a dialect the line is pending, as in the standard.
        let (lines, status) = inspect("--json --notifications", r#"{"error":1}"#);
        assert!(
            lines.starts_with("{\"end\":") && lines.ends_with("\"discarded\":true}}\n"),
            "{lines}"
        );
        assert_eq!(status, 0);
    }
}

#[test]
fn table_shows_reason() {
    let stream = "data: {\"choices\":[{\"finish_reason\":\"length\"}]}\n\n";
    let (table, _) = inspect("--dialect auto", stream);
    assert!(
        table.contains("\nreason              length\noutcome             incomplete: "),
        "{table}"
    );
}

/// All names of protocols are accepted, and reported.
#[test]
fn dialect_by_each_name() {
    let usage = sseam("inspect --dialect none", b"").err;
    let names = usage.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    let names: Vec<_> = names.expect("the names").0.split(',').map(str::trim).collect();
    assert!(names.len() > 20 && names.contains(&"done"), "{usage}");
    for name in names {
        let reported = match name {
            "auto" => "none",
            "responses-strict" => "responses",
            name => name,
        };
        for (command, end) in [
            ("inspect --json", format!(r#""dialect":"{reported}","outcome":"truncated"}}}}"#)),
            ("answer", format!("sseam: {reported}: Truncated")),
        ] {
            let ran = sseam(&format!("{command} --dialect {name}"), b"");
            let printed = String::from_utf8(ran.out).expect("UTF-8") + &ran.err;
            assert!(printed.contains(&end), "{name}: {printed}");
            assert_eq!(ran.status, 5, "{name}");
        }
    }
}

#[test]
fn no_dialect() {
    let stream = "retry: 5\ndata: {\"error\":{}}\nid: 1\n\nevent: done\n\n";
    let (lines, status) = inspect("--json", stream);
    let expected = concat!(
        r#"{"event":"message","data":"{\"error\":{}}","id":"1"}"#,
        "\n",
        r#"{"end":{"last_event_id":"1","retry":5,"discarded":false}}"#,
        "\n",
    );
    assert_eq!((&*lines, status), (expected, 0));
}

/// An error concerns one event, which the dialect then does not see.
#[test]
fn outcome_after_oversized_event() {
    let (lines, status) = inspect("--json --limit 10 --dialect chat", "data: {\"choices\":[]}\n\n");
    assert!(lines.ends_with("\"dialect\":\"chat\",\"outcome\":\"unknown\"}}\n"), "{lines}");
    assert_eq!(status, 6);
    let stream = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n";
    check(
        "--limit 10 --dialect chat",
        stream,
        &[
            r#"{"error":"too_large","field":"data","limit":10}"#,
            r#"{"event":"message","data":"[DONE]","id":"","signal":"done"}"#,
            r#""dialect":"chat","outcome":"completed"}}"#,
        ],
        0,
    );
}

#[test]
fn table_marks_final_event() {
    let stream = "data: {\"type\":\"response.completed\"}\n\ndata: [DONE]\n\n";
    let (table, status) = inspect("--dialect responses-strict", stream);
    let has =
        |words: &[&str]| table.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(&["#", "signal", "data"]), "{table}");
    assert!(has(&["1", "last", "response.completed"]), "{table}");
    assert!(
        has(&["!", "violation: first event is `response.completed`, expected `response.created`"]),
        "{table}"
    );
    assert!(has(&["2", "ignore", "[DONE]"]), "{table}");
    assert!(has(&["violations", "2"]), "{table}");
    assert!(table.ends_with("completed: this is the whole answer\n"), "{table}");
    assert_eq!(status, 0);
    // The end of the stream need not be shown.
    let (table, _) = inspect("--dialect chat", "error: {\"code\":500}\n");
    let end = "failed: the provider sent an error (in what --notifications shows)\n";
    assert!(table.ends_with(end), "{table}");
    assert!(!inspect("", stream).0.contains("signal"));
}

#[test]
fn usage_errors() {
    let folder = env!("CARGO_MANIFEST_DIR");
    for command in ["inspect", "answer", ""] {
        for (args, message) in [
            ("--dialect chats", "invalid value 'chats' for '--dialect <NAME>'"),
            ("--chunk 0", "invalid value '0' for '--chunk <N>'"),
            ("--chart", "unexpected argument '--chart'"),
            (folder, &format!("sseam: cannot read '{folder}': is a directory\n")),
            ("missing.sse", "sseam: cannot read 'missing.sse': "),
        ] {
            let ran = sseam(&format!("{command} {args}"), b"");
            assert!(ran.err.contains(message), "{command} {args}: {}", ran.err);
            assert_eq!((&*ran.out, ran.status), (&b""[..], 2), "{command} {args}");
        }
    }
}

#[test]
fn input_that_is_not_an_event_stream() {
    let json = br#"{"error":{"message":"No such model","code":404}}  "#;
    for (stream, message) in [
        (&json[..], " in 50 bytes: is this an event stream? it begins with `{`"),
        (b"<html>\n\n", " in 8 bytes: is this an event stream? it begins with `<`"),
        (b"\x7fELF\0\0", " in 6 bytes: is this an event stream? it begins with the byte 0x7F"),
        (b"\n\n", " in 2 bytes: there are only blank lines"),
        (b"", ": the stream is empty"),
    ] {
        let message = format!("sseam: standard input: no event{message}\n");
        let ran = sseam("", stream);
        assert_eq!(ran.err, message);
        assert_eq!((&*ran.out, ran.status), (&b""[..], 0));
        // The lines for scripts are not affected.
        let ran = sseam("--json", stream);
        assert!(ran.out.starts_with(b"{\"end\":"));
        assert_eq!((ran.err, ran.status), (message, 0));
    }
    assert_eq!(sseam("--json", b": hi\n\n").err, "");
}

/// Without a command, `inspect` runs; without a file, standard input is read, unless it is a device
/// such as `/dev/null`.
#[test]
fn sample_without_input() {
    let shown = common::finish(common::command("--json").stdin(std::process::Stdio::null()), b"");
    let asked = sseam("inspect --json --sample", b"data: 1\n\n");
    assert_eq!(shown.out, asked.out);
    assert!(asked.out.starts_with(br#"{"event":"response.created""#));
    let piped = sseam("--json", b"data: 1\n\n");
    assert!(piped.out.starts_with(br#"{"event":"message","data":"1","id":""}"#));
    assert_eq!(piped.out, sseam("inspect --json -", b"data: 1\n\n").out);
}

#[test]
fn table_omits_repeated_type() {
    let stream = "event: a\nid: 7\ndata: {\"type\":\"a\",\"n\":1}\n\nevent: b\ndata: {\"type\":\"a\",\"n\":2}\n\n";
    let (table, _) = inspect("", stream);
    let rows: Vec<Vec<_>> =
        table.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["1", "0", "a", "[7]", "…\"n\":1}"]);
    assert_eq!(rows[1], ["2", "41", "b", "{\"type\":\"a\",\"n\":2}"]);
}

/// The last chunk of a pipe may be shorter than requested.
#[test]
fn last_chunk_may_be_shorter() {
    for args in ["--json --chunk 3", "--json --flush --chunk 3 --splits 2,2", "--json --splits 99"]
    {
        let (out, status) = inspect(args, "data: a\n\ndata: b");
        assert!(out.contains(r#""data":"a""#) && out.contains(r#"{"end":"#), "{args}: {out}");
        assert_eq!(status, 0, "{args}");
    }
}

#[test]
fn json_escapes() {
    let stream = "data: \"\\/ \u{1}\t\u{8}\u{c}\u{7f}é\u{2028}😀\ndata\n\n";
    let (lines, _) = inspect("--json", stream);
    let data = serde_json::json!("\"\\/ \u{1}\t\u{8}\u{c}\u{7f}é\u{2028}😀\n");
    let line = format!("{{\"event\":\"message\",\"data\":{data},\"id\":\"\"}}\n");
    assert!(lines.starts_with(&line), "{lines}");
}

/// As with `| head`.
#[test]
fn closed_output_is_not_a_failure() {
    for command in ["inspect --json --sample", "inspect --sample", "answer --sample", "--help"] {
        let mut child = common::command(command).spawn().expect("sseam");
        drop(child.stdout.take());
        assert!(child.wait().expect("an end").success(), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_summary() {
    for (args, message) in [
        ("--json --dialect auto", "\"outcome\":\"truncated\"}}\n"),
        ("", "errors              none\n"),
    ] {
        let ran = common::interrupted(args, b"data: {\"choices\":[]}\n\n");
        let out = String::from_utf8(ran.out).expect("UTF-8");
        assert!(out.ends_with(message), "{out}");
        assert_eq!(ran.status, 130);
    }
}

#[test]
fn recorded_streams_match_table() {
    for recorded in recorded("corpus", "EXPECTED.tsv") {
        for (flush, outcome) in [("", "outcome"), ("--flush", "outcome_flush")] {
            let ran = sseam(&format!("--json --dialect auto {flush}"), &recorded.stream);
            let lines = String::from_utf8(ran.out).expect("UTF-8");
            let (dialect, outcome) = (recorded.expected("dialect"), recorded.expected(outcome));
            let end = format!(",\"dialect\":\"{dialect}\",\"outcome\":\"{outcome}\"}}}}\n");
            assert!(lines.ends_with(&end), "{} {flush}: {lines}", recorded.name);
        }
    }
}
