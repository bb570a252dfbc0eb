//! How an answer ends, and the exit status that says so.

use crate::setup::{Reply, ask};

const TEXT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Good d\"}}]}\n\n";

#[test]
fn the_exit_status_is_the_outcome() {
    let chat = |rest: &str| format!("{TEXT}{rest}");
    let finish = |reason: &str| {
        chat(&format!("data: {{\"choices\":[{{\"finish_reason\":\"{reason}\"}}]}}\n\n"))
    };
    let cases = [
        (chat("data: [DONE]\n\n"), 0, "completed: this is the whole answer"),
        // Without the blank line.
        (chat("data: [DONE]"), 0, "completed: this is the whole answer"),
        (finish("length"), 3, "incomplete: the provider cut the answer short: length"),
        (
            chat("data: {\"error\":{\"message\":\"Out of\\nmemory\",\"code\":500}}\n\n"),
            4,
            "failed: the provider gave up: Out of memory (500)",
        ),
        (
            chat("data: {\"error\":\"Oh\"}\n\ndata: [DONE]\n\n"),
            4,
            "failed: the provider gave up: Oh\n",
        ),
        (
            chat("error: {\"message\":\"slot\"}\n\n"),
            4,
            "failed: the provider gave up: {\"message\":\"slot\"}",
        ),
        (chat(""), 5, "truncated: the rest was lost on the way, and is worth asking again"),
        (String::new(), 5, "truncated: "),
    ];
    for (stream, status, says) in cases {
        let (ran, _) = ask("/v1", Reply::stream(&stream), &[]);
        assert_eq!(ran.status, status, "{stream}: {}", ran.err);
        ran.says(&format!("chat: {says}"));
        let text = if stream.is_empty() { "" } else { "Good d" };
        assert_eq!(ran.out, text);
    }
}

#[test]
fn an_error_of_another_api_is_told_in_its_words() {
    let responses = r#"event: message
data: {"type":"error","code":"internal_error","message":"Try later"}

"#;
    let messages = r#"event: error
data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

"#;
    let failed = r#"data: {"type":"response.failed","response":{"error":{"code":"server_error","message":"Try later"}}}

"#;
    let incomplete = r#"data: {"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}

"#;
    let cases = [
        ("/responses", responses, 4, "failed: the provider gave up: Try later (internal_error)"),
        ("/messages", messages, 4, "failed: the provider gave up: Overloaded (overloaded_error)"),
        ("/responses", failed, 4, "failed: the provider gave up: Try later (server_error)"),
        (
            "/responses",
            incomplete,
            3,
            "incomplete: the provider cut the answer short: max_output_tokens",
        ),
    ];
    for (path, stream, status, says) in cases {
        let (ran, _) = ask(path, Reply::stream(stream), &[]);
        assert_eq!(ran.status, status, "{}", ran.err);
        ran.says(says);
    }
}

#[test]
fn a_broken_connection_is_told_behind_the_text() {
    let (ran, _) = ask("/v1", Reply::stream(TEXT).broken(), &[]);
    assert_eq!((ran.out.as_str(), ran.status), ("Good d", 5));
    ran.says("chat: the connection broke off: ");
    ran.says("chat: truncated: ");
}

/// What ends the answer ends the wait: servers may leave the connection open.
#[test]
fn nothing_is_waited_for_behind_the_end() {
    let stream = format!("{TEXT}data: [DONE]\n\n");
    let (ran, _) = ask("/v1", Reply::stream(&stream).and_then_only(""), &[]);
    assert_eq!(ran.status, 0);
}

#[test]
fn a_stream_that_stalls_is_given_up() {
    // Comments and pings are no answer.
    for what in ["", ": ping\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n"] {
        let reply = Reply::stream(TEXT).and_then_only(what);
        let (ran, _) = ask("/v1", reply, &["--stall", "0.1"]);
        assert_eq!((ran.out.as_str(), ran.status), ("Good d", 5), "{}", ran.err);
        ran.says("chat: nothing ");
        ran.says(" has come for 100ms\nchat: truncated: ");
    }
}

/// One event is at fault, and the next is intact.
#[test]
fn an_event_that_is_no_payload_is_told_and_passed_over() {
    let stream = format!("data: {{no JSON\n\n{TEXT}data: [DONE]\n\n");
    let (ran, _) = ask("/v1", Reply::stream(&stream), &[]);
    assert_eq!((ran.out.as_str(), ran.status), ("Good d", 0));
    ran.says("chat: an event could not be read: ");
}
