//! What scripts rely on: the text on standard output, the lines on standard error,
//! and the exit statuses; of streams written here, in each dialect, and of recorded
//! ones.
//!
//! The recorded streams are no part of this repository. Where they are absent they
//! are not tested, and the test says so.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

use sha2::{Digest, Sha256};

use super::run;

/// What is printed for the file, on standard output and on standard error, and the
/// exit status.
fn gather_file(args: &str, path: &Path) -> (Vec<u8>, String, u8) {
    let mut args: Vec<_> = args.split_whitespace().map(Into::into).collect();
    args.push(path.as_os_str().to_owned());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = match run(lexopt::Parser::from_args(args), &mut out, &mut err) {
        Ok(status) => status,
        Err(failure) => panic!("{failure}"),
    };
    (out, String::from_utf8(err).expect("UTF-8"), status)
}

fn gather(args: &str, stream: &str) -> (String, String, u8) {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = env::temp_dir().join(format!("gather-{}-{count}.sse", process::id()));
    fs::write(&path, stream).expect("a place for a file");
    let (out, err, status) = gather_file(args, &path);
    let _ = fs::remove_file(path);
    (String::from_utf8(out).expect("UTF-8"), err, status)
}

/// An event of each of these: its data, or the `event` line and its data.
fn stream(events: &[&str]) -> String {
    let block = |event: &&str| match event.split_once('\n') {
        Some((line, data)) => format!("event: {line}\ndata: {data}\n\n"),
        None => format!("data: {event}\n\n"),
    };
    events.iter().map(block).collect()
}

/// Whole and byte by byte, by its name and found out.
#[track_caller]
fn check(dialect: &str, events: &[&str], text: &str, lines: &[&str], status: u8) {
    let stream = stream(events);
    for args in [format!("--dialect {dialect}"), "--dialect auto".into()] {
        for chunk in ["", "--chunk 1"] {
            let (out, err, is) = gather(&format!("{args} {chunk}"), &stream);
            assert_eq!(out, text, "{args} {chunk}: {stream}");
            let err: Vec<_> = err.lines().map(|line| line.strip_prefix("gather: ")).collect();
            let lines: Vec<_> = lines.iter().copied().map(Some).collect();
            assert_eq!((err, is), (lines, status), "{args} {chunk}: {stream}");
        }
    }
}

#[test]
fn chat() {
    check(
        "chat",
        &[
            r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
            r#"{"choices":[{"index":1,"delta":{"content":"another choice"}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"content":"Good \ud83d\ude00"}},{"index":1,"delta":{"content":"!"}}]}"#,
            // Which choice it is goes without saying.
            r#"{"choices":[{"delta":{"content":" day\n"}}]}"#,
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"to"},{"type":"text","text":" you"}]}}]}"#,
            // Legacy text, which counts only where there is no delta.
            r#"{"choices":[{"index":0,"text":"!"}]}"#,
            r#"{"choices":[{"index":0,"text":"twice","delta":{"content":"?"},"finish_reason":"stop"}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9}}"#,
            "[DONE]",
            r#"{"choices":[{"index":0,"delta":{"content":"too late"}}]}"#,
        ],
        "Good 😀 day\nto you!?",
        &["3 tokens in, 9 out", "chat: Completed"],
        0,
    );
}

#[test]
fn tool_calls_of_chat() {
    let events = [
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"weather","arguments":""}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"in\":"}},{"index":1,"id":"b","function":{"name":"time"}}]}}]}"#,
        // Some say the name each time.
        r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"name":"time","arguments":"{}"}},{"index":0,"function":{"name":"weather","arguments":"\"Łódź\"}"}}]},"finish_reason":"tool_calls"}]}"#,
        r#"{"choices":[{"index":1,"delta":{"tool_calls":[{"index":2,"function":{"name":"of another choice"}}]}}]}"#,
        "[DONE]",
    ];
    let lines = [r#"calls weather({"in":"Łódź"})"#, "calls time({})", "chat: Completed"];
    check("chat", &events, "", &lines, 0);
    let legacy = [
        r#"{"choices":[{"delta":{"function_call":{"name":"f","arguments":"{\"a"}}}]}"#,
        r#"{"choices":[{"delta":{"function_call":{"arguments":"\":1}"}},"finish_reason":"length"}]}"#,
        r#"{"choices":[],"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":9}}}"#,
    ];
    let lines = [r#"calls f({"a":1})"#, "3 tokens in, 9 out", "chat: Incomplete"];
    check("chat", &legacy, "", &lines, 3);
}

/// Servers that escape what is not ASCII may cut a character in two.
#[test]
fn a_character_in_two_deltas() {
    check(
        "responses",
        &[
            r#"{"type":"response.output_text.delta","delta":"Good \ud83d"}"#,
            r#"{"type":"response.output_text.delta","delta":""}"#,
            r#"{"type":"response.output_text.delta","delta":"\ude00 day\ud83d"}"#,
            r#"{"type":"response.output_text.delta","delta":"!\ud83d"}"#,
            r#"{"type":"response.completed","response":{}}"#,
        ],
        "Good 😀 day\u{FFFD}!\u{FFFD}",
        &["responses: Completed"],
        0,
    );
    check(
        "generate-content",
        &[
            r#"{"candidates":[{"content":{"parts":[{"text":"\ud83d"}]}}]}"#,
            r#"{"candidates":[{"content":{"parts":[{"text":"\ude00"}]},"finishReason":"STOP"}]}"#,
        ],
        "😀",
        &["generate-content: Completed"],
        0,
    );
}

#[test]
fn responses() {
    check(
        "responses",
        &[
            r#"{"type":"response.created","response":{}}"#,
            r#"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
            r#"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","name":"weather","arguments":""}}"#,
            r#"{"type":"response.output_item.added","output_index":2,"item":{"type":"custom_tool_call","name":"sed","input":""}}"#,
            r#"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"in\":"}"#,
            r#"{"type":"response.custom_tool_call_input.delta","output_index":2,"delta":"s/a"}"#,
            r#"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"1}"}"#,
            r#"{"type":"response.custom_tool_call_input.delta","output_index":2,"delta":"/b/"}"#,
            r#"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","name":"weather","arguments":"{\"in\":1}"}}"#,
            // In one piece.
            r#"{"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","name":"time","arguments":"{}"}}"#,
            r#"{"type":"response.output_text.delta","output_index":4,"delta":"Good"}"#,
            r#"{"type":"response.output_text.delta","output_index":5,"delta":" day"}"#,
            r#"{"type":"response.output_text.done","output_index":4,"text":"Good day"}"#,
            r#"{"type":"response.completed","response":{"usage":{"input_tokens":3,"output_tokens":9}}}"#,
            r#"{"type":"response.output_text.delta","delta":"too late"}"#,
        ],
        "Good day",
        &[
            r#"calls weather({"in":1})"#,
            "calls sed(s/a/b/)",
            "calls time({})",
            "3 tokens in, 9 out",
            "responses: Completed",
        ],
        0,
    );
}

#[test]
fn breaches_of_responses_are_told() {
    let stream = stream(&[
        r#"{"type":"response.created","sequence_number":0}"#,
        r#"{"type":"response.output_text.delta","sequence_number":2,"delta":"Good"}"#,
        r#"{"type":"response.incomplete","sequence_number":3}"#,
    ]);
    for chunk in ["", "--chunk 1"] {
        let (out, err, status) = gather(&format!("--dialect responses-strict {chunk}"), &stream);
        let (first, rest) = err.split_once('\n').expect("two lines");
        assert!(first.contains("sequence"), "{first}");
        assert_eq!((&*out, rest), ("Good", "gather: responses-strict: Incomplete\n"));
        assert_eq!(status, 3);
    }
}

#[test]
fn messages() {
    check(
        "messages",
        &[
            r#"{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Good"}}"#,
            r#"{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":" day"}}"#,
            r#"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","name":"f","input":{}}}"#,
            r#"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}"#,
            r#"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"\":1}"}}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
            r#"{"type":"message_stop"}"#,
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"too late"}}"#,
        ],
        "Good day",
        &[r#"calls f({"a":1})"#, "3 tokens in, 9 out", "messages: Completed"],
        0,
    );
}

#[test]
fn generate_content() {
    check(
        "generate-content",
        &[
            r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Good"}]}}]}"#,
            r#"{"candidates":[{"index":1,"content":{"parts":[{"text":"another"}]}},{"index":0,"content":{"parts":[{"thought":false,"text":" day"},{"text":"!"}]}}]}"#,
            r#"{"candidates":[{"finishReason":"SAFETY"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9}}"#,
        ],
        "Good day!",
        &["3 tokens in, 9 out", "generate-content: Incomplete"],
        3,
    );
}

#[test]
fn cohere_chat() {
    let usages = [
        r#"{"tokens":{"input_tokens":3,"output_tokens":9},"billed_units":{"input_tokens":1}}"#,
        r#"{"billed_units":{"input_tokens":3,"output_tokens":9}}"#,
    ];
    for usage in usages {
        let end = format!(
            r#"{{"type":"message-end","delta":{{"finish_reason":"COMPLETE","usage":{usage}}}}}"#
        );
        check(
            "cohere-chat",
            &[
                r#"{"type":"message-start","id":"1"}"#,
                r#"{"type":"content-start","delta":{"message":{"content":{"text":"no"}}}}"#,
                r#"{"type":"content-delta","delta":{"message":{"content":{"text":"Good"}}}}"#,
                r#"{"type":"content-delta","delta":{"message":{"content":{"thinking":"hm"}}}}"#,
                r#"{"type":"content-delta","delta":{"message":{"content":{"text":" day"}}}}"#,
                &end,
                "[DONE]",
            ],
            "Good day",
            &["3 tokens in, 9 out", "cohere-chat: Completed"],
            0,
        );
    }
}

#[test]
fn assistants() {
    check(
        "assistants",
        &[
            "thread.run.created\n{\"object\":\"thread.run\",\"usage\":null}",
            "thread.message.delta\n{\"delta\":{\"content\":[{\"index\":0,\"type\":\"text\",\"text\":{\"value\":\"Good\"}},{\"type\":\"image_file\"}]}}",
            "thread.message.delta\n{\"delta\":{\"content\":[{\"text\":{\"value\":\" day\"}}]}}",
            "thread.run.step.completed\n{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}",
            "thread.run.completed\n{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9}}",
            "done\n[DONE]",
        ],
        "Good day",
        &["3 tokens in, 9 out", "assistants: Completed"],
        0,
    );
}

#[test]
fn what_has_no_text_prints_none() {
    check("done", &["one", "[DONE]", "two"], "", &["done: Completed"], 0);
    let (out, err, status) = gather("", "data: {\"unknown\":\"text\"}\n\n");
    assert_eq!((&*out, &*err, status), ("", "gather: none: Unknown\n", 6));
    let (out, err, status) = gather("", "");
    assert_eq!((&*out, &*err, status), ("", "gather: none: Truncated\n", 5));
}

#[test]
fn what_is_no_payload_is_told_and_passed_over() {
    let events = [
        r#"{"choices":[{"delta":{"content":"Good"}}]}"#,
        r#"{"choices":[{"delta":{"content":"cut"#,
        r#"{"choices":[{"delta":{"content":" day"}}]}"#,
        r#"{"error":{"message":"overloaded"}}"#,
    ];
    let unread = "an event could not be read: the data ends too early at byte 36";
    check("chat", &events, "Good day", &[unread, "chat: Failed"], 4);
}

/// Constant memory: what is too long is cut, and that is said.
#[test]
fn tool_calls_have_a_bound() {
    let call = |index: usize, name: &str, arguments: &str| {
        format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index},"function":{{"name":"{name}","arguments":"{arguments}"}}}}]}}}}]}}"#
        )
    };
    let piece = "x".repeat(1000);
    let long: Vec<_> = (0..100).map(|_| call(0, "f", &piece)).collect();
    let long: Vec<_> = long.iter().map(String::as_str).collect();
    let (out, err, status) = gather("", &stream(&long));
    let lines: Vec<_> = err.lines().collect();
    let kept = lines[0].strip_prefix("gather: calls f(").and_then(|line| line.strip_suffix(")"));
    let kept = kept.expect("a call");
    assert!(kept.bytes().all(|byte| byte == b'x'));
    assert!((60_000..65_536).contains(&kept.len()), "{}", kept.len());
    let cut = "gather: arguments are cut: all calls together have 65536 bytes";
    assert_eq!(lines[1..], [cut, "gather: chat: Truncated"]);
    assert_eq!((&*out, status), ("", 5));

    let many: Vec<_> = (0..2000).map(|index| call(index, "f", "")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let (_, err, _) = gather("", &stream(&many));
    let lines: Vec<_> = err.lines().collect();
    assert!((500..1000).contains(&lines.len()), "{}", lines.len());
    assert!(lines.contains(&"gather: there are more calls than can be kept"));
}

#[test]
fn the_text_of_recorded_streams() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    if !folder.is_dir() {
        // Past the capture of the test harness, which would keep it to itself.
        let folder = folder.display();
        let _ = writeln!(io::stderr(), "\n!!! SKIPPED: no recorded streams in {folder}\n");
        return;
    }
    let table = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("what to expect");
    let mut rows = table.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let column = |name| header.iter().position(|column| *column == name).expect(name);
    let [file, dialect, outcome, chars, sha256] =
        ["file", "dialect", "outcome", "text_chars", "text_sha256"].map(column);
    let mut compared = 0;
    // Recordings of protocols that no dialect knows yet, or that are told by their error
    // alone, and one of which it is not decided what its text is.
    let unknown = ["a2a-", "alibaba-other-", "gemini-interactions-", "mcp-", "openai-media-"];
    for row in rows {
        if row[chars] == "-" || unknown.iter().any(|name| row[file].starts_with(name)) {
            continue;
        }
        for chunk in ["", "--chunk 1"] {
            let (out, err, _) = gather_file(chunk, &folder.join(row[file]));
            let end = format!("{}: {}\n", row[dialect], row[outcome]);
            let is = err.to_lowercase();
            assert!(is.ends_with(&end), "{}: {err}, not {end}", row[file]);
            if row[sha256] == "-" {
                assert!(out.is_empty(), "{}", row[file]);
            } else {
                assert_eq!(format!("{:x}", Sha256::digest(&out)), row[sha256], "{}", row[file]);
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "a table of few texts");
}
