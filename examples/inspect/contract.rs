//! What scripts rely on: the lines of `--json` with `--dialect`, and the exit
//! statuses, as `--help` states them.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

use super::{run, status};

/// What is printed for the stream, and the exit status.
fn inspect(args: &str, stream: &str) -> (String, u8) {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = env::temp_dir().join(format!("inspect-{}-{count}.sse", process::id()));
    fs::write(&path, stream).expect("a place for a file");
    let mut args: Vec<_> = args.split_whitespace().map(Into::into).collect();
    args.push(path.clone().into_os_string());
    let mut out = Vec::new();
    let status = match run(lexopt::Parser::from_args(args), &mut out) {
        Ok(outcome) => outcome.map_or(0, status),
        Err(failure) => panic!("{failure}"),
    };
    let _ = fs::remove_file(path);
    (String::from_utf8(out).expect("UTF-8"), status)
}

/// What the last line says twice.
fn verdict(line: &str) -> Option<&str> {
    const END: &str = r#"{"end":{"last_event_id":"","retry":null,"discarded":false,"#;

    let (inside, beside) = line.strip_prefix(END)?.split_once("},")?;
    assert_eq!(format!("{inside}}}"), beside);
    Some(beside)
}

/// Whole and byte by byte. Of the last line only the verdict is compared, as the
/// rest is mostly the same; it stands in `end` and beside it.
#[track_caller]
fn check(args: &str, stream: &str, expected: &[&str], expected_status: u8) {
    for chunk in ["", "--chunk 1"] {
        let (lines, status) = inspect(&format!("--json {chunk} {args}"), stream);
        let lines: Vec<_> = lines.lines().map(|line| verdict(line).unwrap_or(line)).collect();
        assert_eq!((&lines[..], status), (expected, expected_status), "{args} {chunk}: {stream:?}");
    }
}

#[test]
fn a_stream_in_each_dialect() {
    for (dialect, data, signal, outcome, status) in [
        ("done", "[DONE]", "done", "completed", 0),
        ("chat", r#"{"choices":[{"finish_reason":"length"}]}"#, "message", "incomplete", 3),
        ("responses", r#"{"type":"response.failed"}"#, "last", "failed", 4),
        ("messages", r#"{"type":"ping"}"#, "ignore", "truncated", 5),
        (
            "generate-content",
            r#"{"candidates":[{"finishReason":"STOP"}]}"#,
            "message",
            "completed",
            0,
        ),
        ("cohere-chat", r#"{"type":"message-end"}"#, "last", "completed", 0),
        ("assistants", r#"{"object":"thread"}"#, "message", "truncated", 5),
    ] {
        let event = serde_json::json!(data);
        let event = format!(r#"{{"event":"message","data":{event},"id":"","signal":"{signal}"}}"#);
        let end = format!(r#""dialect":"{dialect}","outcome":"{outcome}"}}"#);
        let stream = format!("data: {data}\n\n");
        check(&format!("--dialect {dialect}"), &stream, &[&event, &end], status);
    }
}

#[test]
fn auto_says_what_it_settled_on() {
    for (stream, end, status) in [
        ("", r#""dialect":"none","outcome":"truncated"}"#, 5),
        ("event: ping\ndata: {}\n\n", r#""dialect":"none","outcome":"unknown"}"#, 6),
        ("data: [DONE]\n\n", r#""dialect":"done","outcome":"completed"}"#, 0),
        ("data: {\"error\":{}}\n\n", r#""dialect":"chat","outcome":"failed"}"#, 4),
    ] {
        let (lines, is) = inspect("--json --dialect auto", stream);
        assert!(lines.trim_end().ends_with(end), "{lines}");
        assert_eq!(is, status, "{lines}");
    }
}

#[test]
fn a_violation_stands_behind_its_event() {
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
            r#""dialect":"responses-strict","outcome":"completed"}"#,
        ],
        0,
    );
}

#[test]
fn the_dialect_hears_of_what_is_not_shown() {
    let end = r#""dialect":"chat","outcome":"failed"}"#;
    let stream = ": hi\nerror: {\"code\":500}\n\n";
    check("--dialect chat", stream, &[end], 4);
    check(
        "--dialect chat --notifications",
        stream,
        &[r#"{"comment":"hi"}"#, r#"{"unknown":{"name":"error","value":"{\"code\":500}"}}"#, end],
        4,
    );
    let langserve = r#""dialect":"none","outcome":"completed"}"#;
    check("--dialect auto", "event: end\n\n", &[langserve], 0);
}

/// A block that is pending has no data yet, which says nothing. What a flush
/// dispatches besides counts.
#[test]
fn a_flush_ends_nothing_that_has_only_not_come() {
    for stream in ["event: done", "event: done\n", "event: error\n", "event: end\n"] {
        for dialect in ["auto", "assistants"] {
            let (lines, status) = inspect(&format!("--json --flush --dialect {dialect}"), stream);
            assert!(lines.ends_with("\"outcome\":\"truncated\"}\n"), "{stream:?}: {lines}");
            assert_eq!(status, 5, "{stream:?}: {lines}");
        }
    }
    let outcome = |stream: &str| {
        (
            inspect("--json --dialect auto", stream).1,
            inspect("--json --flush --dialect auto", stream).1,
        )
    };
    assert_eq!(outcome("data: {\"choices\":[]}\n\ndata: [DONE]"), (5, 0));
    assert_eq!(outcome("data: {\"choices\":[]}\n\nerror: {\"code\""), (5, 4));
    assert_eq!(outcome("data: {\"choices\":[]}\n\nerror"), (5, 5));
    // The blank line is there.
    assert_eq!(outcome("event: done\n\n"), (0, 0));
}

#[test]
fn without_a_dialect_nothing_is_said_of_one() {
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

/// An error is about one event, which the dialect then does not see.
#[test]
fn an_error_leaves_the_outcome_its_status() {
    let stream = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n";
    let too_large = r#"{"error":"too_large","field":"data","limit":10}"#;
    check(
        "--limit 10 --dialect chat",
        stream,
        &[
            too_large,
            r#"{"event":"message","data":"[DONE]","id":"","signal":"done"}"#,
            r#""dialect":"chat","outcome":"completed"}"#,
        ],
        0,
    );
}

#[test]
fn the_table_marks_the_terminal_and_ends_with_the_outcome() {
    console::set_colors_enabled(false);
    let stream = "data: {\"type\":\"response.completed\"}\n\ndata: [DONE]\n\n";
    let (table, status) = inspect("--dialect responses-strict", stream);
    let has =
        |words: &[&str]| table.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(&["#", "signal", "data"]), "{table}");
    assert!(has(&["1", "last", "response.completed"]), "{table}");
    assert!(has(&["!", "violation: `response.completed` comes first"]), "{table}");
    assert!(has(&["2", "ignore", "[DONE]"]), "{table}");
    assert!(has(&["violations", "2"]), "{table}");
    assert!(table.ends_with("completed: the whole answer\n"), "{table}");
    assert_eq!(status, 0);
    // What ended it need not be shown.
    let (table, _) = inspect("--dialect chat", "error: {}\n");
    assert!(
        table.ends_with("failed: the provider sent an error (in what --notifications shows)\n")
    );
    assert!(!inspect("", stream).0.contains("signal"));
}

#[test]
fn a_name_that_is_no_dialect_is_refused() {
    let args = lexopt::Parser::from_args(["--dialect", "chats"]);
    match run(args, Vec::new()) {
        Err(failure) => {
            assert_eq!(failure.to_string(), "no dialect is called 'chats' (--help lists them)");
        }
        Ok(_) => panic!("a dialect called so"),
    }
}
