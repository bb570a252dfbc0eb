//! The rules that all protocols share, a table each. An event is a line: its data, or its type, a
//! bar, and its data. Then the signal of each event, a letter each (see `Record`), and the outcome
//! of the stream.

use sseam::llm::Outcome::{self, Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::llm::{Answer, Protocol, Signal, Tracker};
use sseam::{ArrayBuf, Error, Event, Field, Parser};
use sseam_testkit::llm::{Reader, Record, ends, read, read_as, stream};

/// Each protocol, and one that is detected.
fn all() -> Vec<(&'static str, Answer)> {
    let rows = Protocol::ALL.iter().copied().chain([Protocol::DONE]);
    let of = rows.map(|protocol| (protocol.name(), Answer::of(protocol)));
    of.chain([("auto", Answer::new())]).collect()
}

fn in_each(events: &str) -> Vec<(&'static str, Record)> {
    let stream = stream(events);
    all().into_iter().map(|(name, answer)| (name, read_as(&stream, answer))).collect()
}

#[track_caller]
fn check(protocol: &'static Protocol, table: &[(&str, &str, Outcome)]) {
    for &(events, signals, outcome) in table {
        let record = read_as(&stream(events), Answer::of(protocol));
        assert_eq!((record.signals.as_str(), record.outcome), (signals, outcome), "{events}");
    }
}

/// R1: a reason completes only if it is known as a good one.
mod r1_reasons {
    use super::*;

    const GOOD: &[&str] = &[
        "stop",
        "end_turn",
        "stop_sequence",
        "tool_use",
        "tool_calls",
        "tool_call",
        "function_call",
        "eos",
        "eos_token",
        "complete",
        "completed",
        "success",
        "succeeded",
        "requires_action",
    ];
    const INCOMPLETE: &[&str] = &[
        "length",
        "max_tokens",
        "max_output_tokens",
        "max_length",
        "model_length",
        "context_window_exceeded",
        "model_context_window_exceeded",
        "content_filter",
        "content_filtered",
        "safety",
        "sensitive",
        "refusal",
        "recitation",
        "blocklist",
        "prohibited_content",
        "spii",
        "language",
        "image_safety",
        "pause_turn",
        "compaction",
        "repetition",
        "max_turns",
        "malformed_function_call",
        "unexpected_tool_call",
        "too_many_tool_calls",
        "insufficient_system_resource",
        "interrupt",
        "partial_succeeded",
        "stopped",
    ];
    const FAILED: &[&str] = &[
        "error",
        "network_error",
        "server_error",
        "abort",
        "aborted",
        "cancelled",
        "canceled",
        "timeout",
        "failed",
    ];

    /// The spellings of a word that others use.
    fn spellings(word: &str) -> [String; 5] {
        let capital = word[..1].to_uppercase() + &word[1..];
        let escaped = format!("\\u{:04x}{}", word.as_bytes()[0], &word[1..]);
        [
            word.to_owned(),
            word.to_uppercase().replace('_', "-"),
            word.replace('_', " "),
            capital,
            escaped,
        ]
    }

    #[test]
    fn each_known_word() {
        for (words, outcome) in [(GOOD, Completed), (INCOMPLETE, Incomplete), (FAILED, Failed)] {
            for word in words.iter().flat_map(|word| spellings(word)) {
                for (events, protocol) in [
                    (format!(r#"{{"choices":[{{"finish_reason":"{word}"}}]}}"#), Protocol::CHAT),
                    (
                        format!(
                            "{{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"{word}\"}}}}\n{{\"type\":\"message_stop\"}}"
                        ),
                        Protocol::MESSAGES,
                    ),
                    (
                        format!(r#"{{"type":"message-end","delta":{{"finish_reason":"{word}"}}}}"#),
                        Protocol::COHERE_CHAT,
                    ),
                    (
                        format!(r#"{{"type":"finish","finishReason":"{word}"}}"#),
                        Protocol::UI_MESSAGE_STREAM,
                    ),
                    (
                        format!(
                            r#"{{"token":{{}},"generated_text":"","details":{{"finish_reason":"{word}"}}}}"#
                        ),
                        Protocol::TGI,
                    ),
                ] {
                    let record = read_as(&stream(&events), Answer::of(protocol));
                    assert_eq!(record.outcome, outcome, "{events}");
                    let reason = record.reason.expect("a reason");
                    assert_eq!(reason.outcome(), outcome, "{events}");
                }
            }
        }
    }

    #[test]
    fn absent_and_unknown() {
        let chunk = |reason: &str| format!(r#"{{"choices":[{{"finish_reason":{reason}}}]}}"#);
        for none in ["null", r#""""#, r#""null""#] {
            check(
                Protocol::CHAT,
                &[
                    (&chunk(none), "p", Truncated),
                    (&format!("{}\n[DONE]", chunk(none)), "pS", Completed),
                ],
            );
        }
        for unknown in
            [r#""anything""#, r#""stop!""#, r#""st\u006fp.""#, "7", "{}", "true", r#"["stop"]"#]
        {
            check(
                Protocol::CHAT,
                &[
                    (&chunk(unknown), "p", Unknown),
                    (&format!("{}\n[DONE]", chunk(unknown)), "pS", Unknown),
                ],
            );
        }
    }

    /// Failed, incomplete, unknown, completed: in any order.
    #[test]
    fn worst_of_several() {
        let words =
            [("stop", Completed), ("new", Unknown), ("length", Incomplete), ("error", Failed)];
        for (n, (one, _)) in words.iter().enumerate() {
            for (m, (other, _)) in words.iter().enumerate() {
                let (worst, outcome) = words[n.max(m)];
                for events in [
                    format!(
                        r#"{{"choices":[{{"finish_reason":"{one}"}},{{"finish_reason":"{other}"}}]}}"#
                    ),
                    format!(
                        "{{\"choices\":[{{\"finish_reason\":\"{one}\"}}]}}\n{{\"choices\":[{{\"finish_reason\":\"{other}\"}}]}}"
                    ),
                ] {
                    let record = read_as(&stream(&events), Answer::of(Protocol::CHAT));
                    assert_eq!(record.outcome, outcome, "{events}");
                    // The reason that decided is returned.
                    assert_eq!(
                        record.reason.map(|it| it.to_string()).as_deref(),
                        Some(worst),
                        "{events}"
                    );
                }
            }
        }
    }

    #[test]
    fn known_native_word() {
        let chunk = |usual: &str, native: &str| {
            format!(
                r#"{{"choices":[{{"finish_reason":{usual},"native_finish_reason":{native}}}]}}"#
            )
        };
        check(
            Protocol::CHAT,
            &[
                (&chunk(r#""stop""#, r#""MAX_TOKENS""#), "p", Incomplete),
                (&chunk(r#""stop""#, r#""whatever""#), "p", Completed),
                (&chunk(r#""length""#, r#""stop""#), "p", Incomplete),
                (&chunk("null", r#""MAX_TOKENS""#), "p", Incomplete),
                (&chunk("null", r#""whatever""#), "p", Truncated),
                (&chunk(r#""whatever""#, r#""stop""#), "p", Unknown),
            ],
        );
        // Also in a chunk that is too long to be read in full unless necessary.
        let long = chunk("null", r#""MAX_TOKENS""#)
            .replace("{\"choices", &format!("{{\"x\":\"{}\",\"choices", "y".repeat(200)));
        check(Protocol::CHAT, &[(&long, "p", Incomplete)]);
    }

    #[test]
    fn generate_content_reasons() {
        let chunk = |reason: &str| format!(r#"{{"candidates":[{{"finishReason":{reason}}}]}}"#);
        for (reason, outcome) in [
            (r#""STOP""#, Completed),
            (r#""stop""#, Completed),
            (r#""MAX_TOKENS""#, Incomplete),
            (r#""OTHER""#, Incomplete),
            (r#""NEW""#, Incomplete),
            (r#""ERROR""#, Incomplete),
            ("null", Truncated),
            (r#""""#, Truncated),
        ] {
            check(Protocol::GENERATE_CONTENT, &[(&chunk(reason), "p", outcome)]);
        }
        check(
            Protocol::GENERATE_CONTENT,
            &[
                // The candidate with index 0, which is its position if it has none.
                (
                    r#"{"candidates":[{"finishReason":"STOP"},{"finishReason":"SAFETY"}]}"#,
                    "p",
                    Completed,
                ),
                (r#"{"candidates":[{"index":1,"finishReason":"STOP"}]}"#, "p", Truncated),
                (
                    r#"{"candidates":[{"index":1,"finishReason":"STOP"},{"index":0,"finishReason":"SAFETY"}]}"#,
                    "p",
                    Incomplete,
                ),
                (r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#, "p", Incomplete),
                (r#"{"promptFeedback":{"safetyRatings":[]}}"#, "p", Truncated),
            ],
        );
    }

    #[test]
    fn reason_elsewhere() {
        check(
            Protocol::CHAT,
            &[
                (r#"{"choices":[{"delta":{"finish_reason":"stop"}}]}"#, "p", Truncated),
                (r#"{"finish_reason":"stop"}"#, "p", Truncated),
                (r#"{"choices":{"finish_reason":"stop"}}"#, "p", Truncated),
                // Nor in truncated data.
                (r#"{"choices":[{"finish_reason":"stop"}]"#, "p", Truncated),
            ],
        );
        check(
            Protocol::MESSAGES,
            &[
                (
                    "{\"type\":\"message_start\",\"message\":{\"stop_reason\":\"max_tokens\"}}\n{\"type\":\"message_stop\"}",
                    "pT",
                    Completed,
                ),
                (r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#, "p", Truncated),
            ],
        );
    }
}

/// R2: the terminal's status outranks its name.
#[test]
fn r2_status_outranks_name() {
    let event = |name: &str, status: &str| {
        format!(r#"{{"type":"response.{name}","response":{{"status":{status}}}}}"#)
    };
    for (name, otherwise) in [
        ("completed", Completed),
        ("incomplete", Incomplete),
        ("failed", Failed),
        ("done", Unknown),
    ] {
        for (status, outcome) in [
            (r#""completed""#, Completed),
            (r#""incomplete""#, Incomplete),
            (r#""failed""#, Failed),
            (r#""cancelled""#, Failed),
            (r#""in_progress""#, otherwise),
            (r#""queued""#, otherwise),
            ("null", otherwise),
            ("7", otherwise),
        ] {
            check(Protocol::RESPONSES, &[(&event(name, status), "T", outcome)]);
        }
    }
    check(
        Protocol::RESPONSES,
        &[
            (&event("cancelled", r#""completed""#), "T", Failed),
            // These end a part of the response, or nothing.
            (
                r#"
                {"type":"response.mcp_call.failed"}
                {"type":"response.web_search_call.completed"}
                {"type":"response.image_generation_call.completed"}
                {"type":"response.output_text.done"}
                {"type":"completed"}
                {"type":"response.completed.not"}
                {"type":"response.created","response":{"status":"completed"}}
                "#,
                "ppppppp",
                Truncated,
            ),
            // The first terminal decides.
            (
                "{\"type\":\"response.incomplete\"}\n{\"type\":\"response.completed\"}\n{\"type\":\"error\"}\n[DONE]",
                "T...",
                Incomplete,
            ),
        ],
    );
}

/// R3: the sentinel completes only if it is the terminal.
#[test]
fn r3_sentinel() {
    for sentinel in ["[DONE]", "  [DONE]\t", "done | x", "done | {}", "done | [DONE]"] {
        for (name, record) in in_each(sentinel) {
            let is_completed = match name {
                "done" | "auto" => true,
                "chat" | "sap-orchestration" => sentinel.contains("[DONE]"),
                "assistants" => sentinel.starts_with("done"),
                _ => false,
            };
            let expected = if is_completed { Completed } else { Truncated };
            assert_eq!(record.outcome, expected, "{name}: {sentinel}");
            assert!(
                ["S", "T"].contains(&&*record.signals),
                "{name}: {sentinel}, {}",
                record.signals
            );
        }
    }
    for none in ["[done]", "[DONE]]", "[DONE]x", "\"[DONE]\"", "DONE"] {
        for (name, record) in in_each(none) {
            assert_eq!(record.signals, "p", "{name}: {none}");
        }
    }
}

/// R3: earlier events decide.
#[test]
fn r3_sentinel_after_reason() {
    check(
        Protocol::GENERATE_CONTENT,
        &[("{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}\n[DONE]", "pS", Incomplete)],
    );
    check(
        Protocol::MESSAGES,
        &[(
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n[DONE]",
            "pS",
            Truncated,
        )],
    );
    check(
        Protocol::CHAT,
        &[
            ("{\"choices\":[{\"finish_reason\":\"length\"}]}\n[DONE]", "pS", Incomplete),
            ("{\"choices\":[{\"finish_reason\":\"length\"}]}\ndone | {}", "pS", Incomplete),
        ],
    );
}

/// R4: `event: error` is an error with any data.
#[test]
fn r4_error_event() {
    for data in [
        "no",
        "[DONE]",
        "{}",
        "{\"type\":\"response.completed\"}",
        "{\"choices\":[]}",
        "{\"a\":",
        "null",
        "{\"type\":\"content_block_delta\"}",
        "{\"type\":\"ping\"}",
        "ping",
        ":",
    ] {
        for (name, record) in in_each(&format!("error | {data}")) {
            assert_eq!((&*record.signals, record.outcome), ("T", Failed), "{name}: {data}");
        }
    }
    for stream in ["event: error\ndata:\n\n", "event: error\n\n", "data: x\nevent: error\n\n"] {
        for (name, answer) in all() {
            assert_eq!(read_as(stream, answer).outcome, Failed, "{name}: {stream}");
        }
    }
    // Another name is not.
    for (name, record) in in_each("errors | {}") {
        assert_eq!(record.signals, "p", "{name}");
    }
}

/// Protocols that have their own errors, or none.
const WITH_OWN_ERRORS: [&str; 4] = ["json-rpc", "a2a", "trpc", "done"];

/// R5: other forms of an error.
mod r5_errors {
    use super::*;

    #[test]
    fn in_most_protocols() {
        for error in [
            r#"{"error":{"message":"no"}}"#,
            r#"{"id":1,"error":"no"}"#,
            r#"{"error":true}"#,
            r#"{"error":null,"error":{"code":1}}"#,
            r#"{ "\u0065rror" : {"code":1} }"#,
            r#"{"errors":[{"message":"no"}]}"#,
            r#"{"errors":["no"]}"#,
            r#"{"object":"error","message":"no"}"#,
            r#"{"base_resp":{"status_code":1008,"status_msg":"no"}}"#,
            r#"{"choices":[{"error":{"code":502}}]}"#,
            r#"{"choices":[{},{"error":{"code":502}}]}"#,
            r#"[{"error":{"message":"no"}}]"#,
        ] {
            for (name, record) in in_each(error) {
                let expected =
                    if WITH_OWN_ERRORS.contains(&name) { ("p", false) } else { ("T", true) };
                let is_failed = record.outcome == Failed;
                // A response of JSON-RPC fails, and does not end the stream.
                let is_rpc = matches!(name, "json-rpc" | "a2a");
                let is_as_expected = (&*record.signals, is_failed) == expected;
                assert!(is_as_expected || is_rpc && record.signals == "p", "{name}: {error}");
            }
        }
    }

    #[test]
    fn not_recognised() {
        for none in [
            r#"{"error":null}"#,
            r#"{"error":false}"#,
            r#"{"error":""}"#,
            r#"{"error":{}}"#,
            r#"{"error":{ }}"#,
            r#"{"error":0}"#,
            r#"{"error":[]}"#,
            r#"{"errors":[]}"#,
            r#"{"errors":null}"#,
            r#"{"errors":"no"}"#,
            r#"{"object":"errors"}"#,
            r#"{"base_resp":{"status_code":0}}"#,
            r#"{"base_resp":{}}"#,
            r#"{"data":{"error":{"message":"no"}}}"#,
            r#"{"data":"\"error\":{}"}"#,
            r#"[[{"error":{"message":"no"}}]]"#,
        ] {
            for (name, record) in in_each(none) {
                assert_eq!(record.signals, "p", "{name}: {none}");
                let is_response =
                    matches!(name, "json-rpc" | "a2a") && none.contains("\"error\":{");
                assert!(record.outcome != Failed || is_response, "{name}: {none}");
            }
        }
    }

    /// Also if a chunk is so long that it is not read in full.
    #[test]
    fn in_long_chunks() {
        let padding = format!("\"x\":\"{}\"", "y".repeat(300));
        for (member, is_error) in [
            (r#""error":{"code":1}"#, true),
            (r#""errors":[1]"#, true),
            (r#""detail":"no""#, true),
            (r#""base_resp":{"status_code":7}"#, true),
            (r#""object":"error""#, true),
            (r#""choices":[{"error":{"code":1}}]"#, true),
            (r#""err\u006frs":[1]"#, true),
            (r#""d\u0065tail":"no""#, true),
            (r#""error":null"#, false),
            (r#""errors":null"#, false),
            (r#""detail":null"#, false),
            (r#""details":"no""#, false),
            (r#""terrors":[1]"#, false),
        ] {
            for data in [format!("{{{padding},{member}}}"), format!("{{{member},{padding}}}")] {
                let signal = Tracker::of(Protocol::CHAT).observe(&Event::new(&*data));
                let expected = if is_error { Signal::Terminal } else { Signal::Payload };
                assert_eq!(signal, expected, "{data}");
            }
        }
    }

    /// `FastAPI`'s, if there are no choices.
    #[test]
    fn a_detail() {
        check(
            Protocol::CHAT,
            &[
                (r#"{"detail":"no"}"#, "T", Failed),
                (r#"{"detail":[{"msg":"no"}]}"#, "T", Failed),
                (r#"{"detail":"no","choices":[]}"#, "p", Truncated),
                (r#"{"detail":"no","choices":null}"#, "p", Truncated),
                (r#"{"detail":null}"#, "p", Truncated),
            ],
        );
        check(Protocol::RESPONSES, &[(r#"{"detail":"no"}"#, "p", Truncated)]);
        // As a whole body.
        assert_eq!(read("{\"detail\":\"no\"}").outcome, Failed);
        assert_eq!(read(&stream(r#"{"detail":"no"}"#)).outcome, Unknown);
    }

    #[test]
    fn in_graphql_only_without_data() {
        check(
            Protocol::GRAPHQL_SSE,
            &[
                (r#"next | {"errors":[{"message":"no"}]}"#, "T", Failed),
                (r#"next | {"data":null,"errors":[{"message":"no"}]}"#, "T", Failed),
                (r#"next | {"data":{},"errors":[{"message":"no"}]}"#, "p", Truncated),
            ],
        );
    }

    /// Other members of a delta are not read, with any spacing.
    #[test]
    fn in_a_delta_by_its_name() {
        for (protocol, name) in [
            (Protocol::RESPONSES, "response.output_text.delta"),
            (Protocol::MESSAGES, "content_block_delta"),
        ] {
            for data in [
                format!(r#"{{"type":"{name}","error":{{"code":1}}}}"#),
                format!(r#"{{ "type" : "{name}", "error" : {{"code":1}}}}"#),
            ] {
                check(protocol, &[(&data, "p", Truncated)]);
            }
        }
    }

    #[test]
    fn error_identifies_protocol_by_members() {
        for (error, protocol) in [
            (r#"{"error":{"message":"no"}}"#, None),
            (r#"{"type":"error","message":"no"}"#, None),
            (r#"{"object":"error"}"#, None),
            (r#"{"type":"error","errorText":"no"}"#, Some("ui-message-stream")),
            (r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1}}"#, Some("json-rpc")),
            (r#"{"choices":[{"error":{"code":1}}]}"#, Some("chat")),
        ] {
            let record = read(&stream(error));
            assert_eq!((record.protocol, record.outcome), (protocol, Failed), "{error}");
        }
    }

    /// The parts of an error.
    #[test]
    fn parts_of_errors() {
        for (stream, [kind, code, message]) in [
            (r#"data: {"error":{"type":"t","code":"c","message":"m"}}"#, ["t", "c", "m"]),
            (r#"data: {"error":{"status":"BUSY","code":503,"message":"m"}}"#, ["BUSY", "503", "m"]),
            (r#"data: {"error":"m"}"#, ["", "", "m"]),
            (r#"data: {"error":{"code":-32000}}"#, ["", "-32000", ""]),
            (r#"data: {"errors":[{"code":1,"message":"m"},{"message":"n"}]}"#, ["", "1", "m"]),
            (r#"data: {"errors":["m"]}"#, ["", "", "m"]),
            (r#"data: {"object":"error","message":"m","code":400}"#, ["", "400", "m"]),
            (r#"data: {"base_resp":{"status_code":7,"status_msg":"m"}}"#, ["", "7", "m"]),
            (r#"data: {"choices":[{"error":{"code":502,"message":"m"}}]}"#, ["", "502", "m"]),
            (
                r#"data: {"type":"error","code":"c","message":"m","sequence_number":1}"#,
                ["", "c", "m"],
            ),
            (r#"data: {"type":"error","error":{"type":"t","message":"m"}}"#, ["t", "", "m"]),
            (
                r#"data: {"type":"response.failed","response":{"error":{"code":"c","message":"m"}}}"#,
                ["", "c", "m"],
            ),
            (r#"data: {"type":"error","errorText":"m"}"#, ["", "", "m"]),
            (r#"data: {"type":"RUN_ERROR","code":"c","message":"m"}"#, ["", "c", "m"]),
            (
                r#"data: {"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"m"}}"#,
                ["", "-1", "m"],
            ),
            ("event: error\ndata: plain  text ", ["", "", "plain  text"]),
            ("event: error\ndata: \"plain\"", ["", "", "\"plain\""]),
            ("error: {\"code\":500,\"message\":\"m\"}", ["", "500", "m"]),
            ("error: plain text", ["", "", "plain text"]),
            ("{\"error\":{\"type\":\"t\",\"message\":\"m\"}}", ["t", "", "m"]),
            ("{\"detail\":\"m\"}", ["", "", "m"]),
            ("{\"detail\":[{\"msg\":\"m\",\"type\":\"t\"}]}", ["t", "", "m"]),
        ] {
            let record = read(&format!("{stream}\n\n"));
            assert_eq!(record.outcome, Failed, "{stream}");
            let error = record.contents.error.unwrap_or_default();
            assert_eq!(error.map(Option::unwrap_or_default), [kind, code, message], "{stream}");
        }
    }
}

/// R6: a keep-alive in any form is ignored.
mod r6_keep_alives {
    use super::*;

    const FORMS: &[&str] = &[
        "ping | {}",
        "keepalive | {}",
        "heartbeat | x",
        "ping",
        "keepalive",
        "heartbeat",
        ": keepalive",
        ":",
        r#"{"type":"ping"}"#,
        r#"{ "type" : "p\u0069ng" }"#,
        r#"{"sequence_number":2,"type":"keepalive"}"#,
        r#"ping | {"type": "ping"}"#,
    ];

    #[test]
    fn once_protocol_is_known() {
        for keep_alive in FORMS {
            for (name, record) in in_each(keep_alive) {
                // Before that it may be text.
                let expected = if name == "auto" { ("p", Unknown) } else { (".", Truncated) };
                assert_eq!((&*record.signals, record.outcome), expected, "{name}: {keep_alive}");
            }
        }
        for stream in ["data\n\n", "data:  \n\n", "data\ndata\n\n"] {
            for (name, answer) in all() {
                let expected = if name == "auto" { "p" } else { "." };
                assert_eq!(read_as(stream, answer).signals, expected, "{name}: {stream:?}");
            }
        }
    }

    #[test]
    fn not_recognised() {
        for none in [
            "pings | {}",
            "pinged",
            "the ping",
            r#"{"type":"pings"}"#,
            r#"{"x":{"type":"ping"}}"#,
            r#"{"type":7}"#,
        ] {
            for (name, record) in in_each(none) {
                assert_eq!(record.signals, "p", "{name}: {none}");
            }
        }
    }

    /// A real chunk came with the name of a keep-alive.
    #[test]
    fn not_with_content() {
        check(
            Protocol::CHAT,
            &[
                (r#"ping | {"choices":[{"finish_reason":"stop"}]}"#, "p", Completed),
                (r#"ping | {"usage":{}}"#, "p", Truncated),
                (r#"ping | {"x":1}"#, ".", Truncated),
            ],
        );
        check(
            Protocol::MESSAGES,
            &[
                (r#"ping | {"type":"content_block_delta","delta":{"text":"a"}}"#, "p", Truncated),
                (r#"ping | {"type":"message_stop"}"#, "T", Completed),
            ],
        );
        check(Protocol::CHAT, &[(r#"ping | {"error":{"message":"no"}}"#, "T", Failed)]);
    }

    /// Names that end or fail a stream come first.
    #[test]
    fn end_without_data() {
        let end = |name: &str| format!("event: {name}\ndata:\n\n");
        for (protocol, name) in [
            (Protocol::GRAPHQL_SSE, "complete"),
            (Protocol::LANGGRAPH, "end"),
            (Protocol::TRPC, "return"),
            (Protocol::ASSISTANTS, "done"),
            (Protocol::COZE, "conversation.chat.completed"),
        ] {
            let record = read_as(&end(name), Answer::of(protocol));
            assert_eq!((&*record.signals, record.outcome), ("S", Completed), "{protocol:?}");
        }
    }
}

/// R7: a terminal may be spread over several lines. (`cuts.rs` has truncated ones.)
#[test]
fn r7_terminal_over_several_lines() {
    let record =
        read("data: {\"type\":\ndata: \"response.completed\",\ndata: \"response\":{}}\n\n");
    assert_eq!((record.signals.as_str(), record.outcome), ("T", Completed));
    // Braces in strings do not count.
    check(
        Protocol::RESPONSES,
        &[
            (r#"{"type":"response.completed","x":"}"}"#, "T", Completed),
            (r#"{"type":"response.completed","x":"}"#, "p", Truncated),
            (r#"{"type":"response.completed","x":"{"}"#, "T", Completed),
            (r#"{"type":"response.completed"}}"#, "p", Truncated),
            (r#"{"type":"response.completed"} x"#, "p", Truncated),
            (r#"{"type":"response.completed","x":[}"#, "p", Truncated),
        ],
    );
    // An error counts in any case.
    check(Protocol::RESPONSES, &[(r#"{"type":"error","sequence_num"#, "T", Failed)]);
}

/// R8: an event that exceeded our limit may have been the terminal.
#[test]
fn r8_lost_event_is_not_retried() {
    let lost = |events: &[&str], protocol: Option<&'static Protocol>| {
        let mut answer = protocol.map_or_else(Answer::new, Answer::of);
        for event in events {
            drop(answer.read(&Event::new(*event)));
        }
        answer.lost(&Error::TooLarge { field: Field::Data, limit: 1 });
        ends().map(|end| answer.outcome(end))
    };
    let reason = r#"{"choices":[{"finish_reason":"stop"}]}"#;
    for (events, protocol, outcomes) in [
        (&[][..], None, [Unknown; 3]),
        (&["{\"type\":\"response.created\"}"], None, [Unknown; 3]),
        (&["{\"type\":\"response.completed\"}"], None, [Completed; 3]),
        (&["{\"type\":\"error\"}"], Some(Protocol::RESPONSES), [Failed; 3]),
        (&[reason], Some(Protocol::CHAT), [Completed, Completed, Unknown]),
        (&[], Some(Protocol::CHAT), [Unknown; 3]),
    ] {
        assert_eq!(lost(events, protocol), outcomes, "{events:?}");
    }
    // A terminal after it counts.
    let huge =
        format!("data: {{\"choices\":[],\"x\":\"{}\"}}\n\ndata: [DONE]\n\n", "y".repeat(5000));
    let mut parser = Parser::<ArrayBuf<1024>>::default();
    let (mut tracker, mut chunk, mut errors) = (Tracker::of(Protocol::CHAT), huge.as_bytes(), 0);
    loop {
        match parser.next_event(&mut chunk) {
            Ok(Some(event)) => assert_eq!(tracker.observe(&event), Signal::Sentinel),
            Ok(None) => break,
            Err(error) => {
                tracker.lost(&error);
                errors += 1;
            }
        }
    }
    assert_eq!((errors, tracker.outcome(parser.finish())), (1, Completed));
}

/// R9: a body that is not an event stream is not a truncated one.
#[test]
fn r9_another_body() {
    for (body, outcome) in [
        ("", Truncated),
        (": only a comment\n\n", Truncated),
        ("event: x\n\n", Truncated),
        ("Good day\n", Truncated),
        ("<html><body>Bad Gateway</body></html>", Unknown),
        ("<html>\n<body>\n", Unknown),
        ("{\"choices\":[]}\n", Unknown),
        ("{\n  \"choices\": []\n}\n", Unknown),
        ("[{\"candidates\":[]}]\n", Unknown),
        ("[\n", Unknown),
        ("{\"error\":{\"message\":\"no\"}}", Failed),
        ("{\n  \"error\": {\n    \"message\": \"no\"\n  }\n}", Failed),
        ("[{\n  \"error\": {\n    \"message\": \"no\"\n  }\n}]", Failed),
        ("{\"detail\":\"no\"}", Failed),
    ] {
        let record = read(body);
        assert_eq!(record.outcome, outcome, "{body}");
        let broken = if outcome == Failed { Failed } else { record.broken };
        assert_eq!(record.broken, broken, "{body}");
    }
    // After an event such lines are part of an event stream, whatever it contained.
    let text = "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}";
    let long = format!("{{\"x\":\"{}\",{}", "y".repeat(200), &text[1..]);
    for event in [text, &long] {
        let stream = format!("data: {event}\n\n<p>Bad Gateway</p>\n\n");
        for answer in [Answer::new(), Answer::of(Protocol::CHAT)] {
            assert_eq!(read_as(&stream, answer).outcome, Truncated, "{event}");
        }
    }
}

/// R10: the reason is returned, normalised and raw, also if the stream was cut after it.
#[test]
fn r10_reason_of_truncated_stream() {
    let record = read(&stream(
        r#"{"type":"message_delta","delta":{"stop_reason":"END_TURN"},"usage":{"output_tokens":7}}"#,
    ));
    assert_eq!(record.outcome, Truncated);
    let reason = record.reason.expect("a reason");
    assert_eq!((reason.as_str(), reason.outcome()), ("END_TURN", Completed));
    assert_eq!(format!("{reason} {reason:?}"), r#"END_TURN Reason("END_TURN", completed)"#);
    assert_eq!(record.usage.output, Some(7));
}

/// R11: a broken connection keeps a terminal, and nothing else.
#[test]
fn r11_broken_connection() {
    for (events, outcome, broken) in [
        (r#"{"choices":[{"finish_reason":"stop"}]}"#, Completed, Truncated),
        (r#"{"choices":[{"finish_reason":"error"}]}"#, Failed, Truncated),
        ("{\"choices\":[{\"finish_reason\":\"stop\"}]}\n[DONE]", Completed, Completed),
        (r#"{"candidates":[{"finishReason":"STOP"}]}"#, Completed, Truncated),
        (r#"{"type":"response.completed"}"#, Completed, Completed),
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, Completed, Completed),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, Failed, Failed),
        (r#"{"jsonrpc":"2.0","method":"m"}"#, Truncated, Truncated),
        (r#"{"type":"error","errorText":"no"}"#, Failed, Failed),
        ("x", Unknown, Truncated),
    ] {
        let record = read(&stream(events));
        assert_eq!((record.outcome, record.broken), (outcome, broken), "{events}");
    }
}

/// R12: one stream, one answer.
#[test]
fn r12_restarted_stream() {
    let record = read(&stream(
        r#"
        {"type":"message_start","message":{}}
        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"add","input":{}}}
        {"type":"content_block_delta","index":1,"delta":{"text":"Bad"}}
        {"type":"message_delta","delta":{"stop_reason":"max_tokens"}}
        {"type":"message_start","message":{}}
        {"type":"content_block_delta","index":0,"delta":{"text":"Good"}}
        {"type":"message_stop"}
        "#,
    ));
    assert_eq!((record.contents.text.as_str(), record.contents.restarts), ("Good", 1));
    assert_eq!((record.contents.calls.len(), record.outcome), (0, Completed));
    assert_eq!(record.reason, None);
    // The first start does not count, and calls are numbered from 0 again.
    let record = read(&stream(
        r#"
        {"type":"message_start","message":{}}
        {"type":"message_start","message":{}}
        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"add","input":{}}}
        {"type":"message_start","message":{}}
        {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"b","name":"sub","input":{}}}
        {"type":"message_stop"}
        "#,
    ));
    assert_eq!(record.contents.restarts, 1);
    let ids: Vec<_> = record.contents.calls.iter().map(|call| call.id.as_deref()).collect();
    assert_eq!(ids, [Some("b")]);
}

/// JSON-RPC: the response with the given ID, or, without one, the last at the end.
mod json_rpc {
    use super::*;

    #[test]
    fn by_id_of_request() {
        let response = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{}}}}"#);
        for (id, other) in [("1", "2"), ("\"a\"", "\"b\""), ("1", "\"1\"")] {
            let mut tracker = Tracker::of_request(id);
            let other = response(other);
            assert_eq!(tracker.observe(&Event::new(&*other)), Signal::Payload, "{other}");
            assert_eq!(tracker.outcome(None), Truncated);
            let own = response(id);
            assert_eq!(tracker.observe(&Event::new(&*own)), Signal::Terminal, "{own}");
            assert_eq!(tracker.outcome(None), Completed);
        }
        let mut tracker = Tracker::of_request("1");
        let request = r#"{"jsonrpc":"2.0","id":1,"method":"sampling","params":{}}"#;
        assert_eq!(tracker.observe(&Event::new(request)), Signal::Payload);
        let error = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1}}"#;
        assert_eq!(tracker.observe(&Event::new(error)), Signal::Terminal);
        assert_eq!(tracker.outcome(None), Failed);
        // One of a batch.
        let batch =
            r#"[{"jsonrpc":"2.0","id":2,"result":{}},{"jsonrpc":"2.0","id":1,"result":{}}]"#;
        assert_eq!(Tracker::of_request("1").observe(&Event::new(batch)), Signal::Terminal);
        assert_eq!(Tracker::of_request("3").observe(&Event::new(batch)), Signal::Payload);
    }

    #[test]
    fn last_response_without_id() {
        let (good, bad) = (
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":2,"error":{"code":1}}"#,
        );
        check(
            Protocol::JSON_RPC,
            &[
                (good, "p", Completed),
                (bad, "p", Failed),
                (&format!("{good}\n{bad}"), "pp", Failed),
                (r#"{"jsonrpc":"2.0","method":"progress"}"#, "p", Truncated),
                (r#"{"jsonrpc":"2.0","id":1,"result":null}"#, "p", Completed),
                (r#"{"jsonrpc":"2.0","id":1,"resul"#, "p", Truncated),
                // Neither a result nor an error: not a response.
                (r#"{"jsonrpc":"2.0","id":1}"#, "p", Truncated),
                ("[DONE]", "S", Truncated),
            ],
        );
    }

    /// A message of A2A shows the protocol, also after messages that are JSON-RPC's alone.
    #[test]
    fn a2a_is_recognized_later() {
        let events = r#"
            {"jsonrpc":"2.0","method":"progress"}
            {"jsonrpc":"2.0","id":1,"result":{"kind":"status-update","status":{"state":"working"},"final":false}}
        "#;
        let record = read_as(&stream(events), Answer::of(Protocol::JSON_RPC));
        assert_eq!((record.protocol, record.outcome), (Some("a2a"), Truncated));
    }

    /// A failed task, and a failed request, are an error for the reader, too; a completed one is not.
    #[test]
    fn failures_are_errors() {
        for (protocol, event, has_error) in [
            (
                Protocol::A2A,
                r#"{"statusUpdate":{"status":{"state":"TASK_STATE_FAILED"}},"message":"no"}"#,
                true,
            ),
            (
                Protocol::A2A,
                r#"{"statusUpdate":{"status":{"state":"TASK_STATE_COMPLETED"}},"message":"no"}"#,
                false,
            ),
            (Protocol::JSON_RPC, r#"{"jsonrpc":"2.0","id":1,"error":{"message":"no"}}"#, true),
            (Protocol::JSON_RPC, r#"{"jsonrpc":"2.0","id":1,"result":{"message":"no"}}"#, false),
        ] {
            let error = read_as(&stream(event), Answer::of(protocol)).contents.error;
            assert_eq!(error.is_some(), has_error, "{event}");
        }
    }

    /// A priming event has an ID and no data.
    #[test]
    fn priming_event_is_ignored() {
        let stream =
            "id: 1\nretry: 5\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n";
        let record = read_as(stream, Answer::of(Protocol::JSON_RPC));
        assert_eq!((record.signals.as_str(), record.outcome), (".p", Completed));
    }

    #[test]
    fn a2a_in_both_versions() {
        let v0 = |state: &str, is_final: &str| {
            format!(
                r#"{{"jsonrpc":"2.0","id":1,"result":{{"kind":"status-update","status":{{"state":"{state}"}},"final":{is_final}}}}}"#
            )
        };
        let v1 = |state: &str| {
            format!(r#"{{"statusUpdate":{{"status":{{"state":"TASK_STATE_{state}"}}}}}}"#)
        };
        let table = [
            ("completed", "T", Completed),
            ("failed", "T", Failed),
            ("rejected", "T", Failed),
            ("canceled", "T", Incomplete),
            ("input-required", "T", Incomplete),
            ("auth-required", "T", Incomplete),
            ("working", "p", Truncated),
            ("submitted", "p", Truncated),
        ];
        for (state, signals, outcome) in table {
            check(Protocol::A2A, &[(&v0(state, "true"), signals, outcome)]);
            // Interrupted, and not marked as final: that is the state at the end.
            let is_open = state.ends_with("required");
            let state = state.to_uppercase().replace('-', "_");
            let signals = if is_open { "p" } else { signals };
            check(Protocol::A2A, &[(&v1(&state), signals, outcome)]);
        }
        check(
            Protocol::A2A,
            &[
                (&v0("input-required", "false"), "p", Incomplete),
                (
                    &format!("{}\n{}", v0("input-required", "false"), v0("working", "false")),
                    "pp",
                    Truncated,
                ),
                (r#"{"message":{"parts":[]}}"#, "T", Completed),
                (
                    r#"{"jsonrpc":"2.0","id":1,"result":{"kind":"message","parts":[]}}"#,
                    "T",
                    Completed,
                ),
                (r#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, "p", Failed),
            ],
        );
        // MCP's own tasks do not identify A2A.
        let mcp = r#"{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"1","status":"working"}}}"#;
        assert_eq!(read(&stream(mcp)).protocol, Some("json-rpc"));
    }
}

/// Events after the terminal are ignored, and change nothing.
#[test]
fn events_after_terminal() {
    for (name, mut answer) in all() {
        let error = Event::new("no").with_type("error");
        assert!(answer.read(&error).signal().is_end(), "{name}");
        for data in
            ["[DONE]", "{}", r#"{"error":{"code":1}}"#, r#"{"type":"response.completed"}"#, "x"]
        {
            let mut reading = answer.read(&Event::new(data));
            assert_eq!(reading.signal(), Signal::Ignored, "{name}: {data}");
            assert!(reading.next().is_none(), "{name}: {data}");
        }
        assert_eq!(ends().map(|end| answer.outcome(end)), [Failed; 3], "{name}");
    }
}

/// The type is read from the JSON, otherwise from the `event` line.
#[test]
fn event_name() {
    for (events, is_end) in [
        (r#"{"type":"response.completed"}"#, true),
        (r#"message | {"type":"response.completed"}"#, true),
        (r#"response.created | {"type":"response.completed"}"#, true),
        (r#"response.completed | {"type":"response.created"}"#, false),
        (r#"response.completed | {"response":{"type":"x"}}"#, true),
        (r#"response.completed | {"type":null}"#, true),
        (r#"response.completed | {"type":""}"#, true),
        (r#"response.completed | {"type":7}"#, true),
        (r#"{"response":{"type":"x"},"a":[{"type":"y"}],"type":"response.completed"}"#, true),
        (r#"{ "type" : "response.\u0063ompleted" }"#, true),
        (r#"{"response":{"type":"response.completed"}}"#, false),
        (r#"{"type":"response.created","type":"response.completed"}"#, false),
        (r#"{"type":null,"type":"response.completed"}"#, true),
        (r#"{"delta":"\"type\":\"response.completed\"","type":"response.created"}"#, false),
        (r#"["type","response.completed"]"#, false),
        (r#""response.completed""#, false),
        ("response.completed", false),
    ] {
        let record = read_as(&stream(events), Answer::of(Protocol::RESPONSES));
        assert_eq!(record.outcome == Completed, is_end, "{events}");
    }
    for stream in [
        "event: response.completed\ndata: {}\n\n",
        "data: {}\nevent: response.completed\n\n",
        "event: x\ndata: {}\nid: 1\nevent: response.completed\n\n",
    ] {
        let record = read_as(stream, Answer::of(Protocol::RESPONSES));
        assert_eq!((record.signals.as_str(), record.outcome), ("T", Completed), "{stream}");
    }
}

/// The halves of a character are joined, in each text and each call separately.
#[test]
fn half_characters_are_not_returned() {
    let chat = |delta: &str| format!("{{\"choices\":[{{\"delta\":{{{delta}}}}}]}}\n");
    let text = |text: &str| chat(&format!(r#""content":"{text}""#));
    let arguments = |index: u32, text: &str| {
        chat(&format!(r#""tool_calls":[{{"index":{index},"function":{{"arguments":"{text}"}}}}]"#))
    };
    for (events, expected) in [
        (text(r"a\ud83d") + &text(r"\ude00b"), "a😀b"),
        (text(r"\ud83d") + &text("") + &text(r"\ude00"), "😀"),
        (text(r"\ud83d") + &chat(r#""reasoning":"\ude00""#) + &text(r"\ude00"), "😀"),
        (text(r"\ud83d") + &text("b"), "\u{FFFD}b"),
        (text(r"\ude00"), "\u{FFFD}"),
        (text(r"a\ud83d"), "a"),
        // The last high surrogate, and the last low one.
        (text(r"\udbff") + &text(r"\udfff"), "\u{10FFFF}"),
        // A half that was joined or lost is dropped.
        (text(r"\ud83d") + &text(r"\ude00") + &text(r"\ude00"), "😀\u{FFFD}"),
        (text(r"\ud83d") + &text("b") + &text(r"\ude00"), "\u{FFFD}b\u{FFFD}"),
        (text(r"\\ud83d") + &text(r"\ude00"), "\\ud83d\u{FFFD}"),
        (text(r"\\\ud83d") + &text(r"\ude00"), "\\😀"),
    ] {
        let record = read(&stream(&events));
        assert_eq!(record.contents.text, expected, "{events}");
    }
    let events = arguments(0, r"\ud83d")
        + &arguments(1, r"\ud83d")
        + &arguments(0, r"\ude00")
        + &arguments(1, "x");
    let record = read(&stream(&events));
    let all: Vec<_> = record.contents.calls.iter().map(|call| &*call.arguments).collect();
    assert_eq!(all, ["😀", "\u{FFFD}x"]);
}

/// More calls than are remembered.
#[test]
fn many_calls() {
    let call = |n: u32, arguments: &str| {
        format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{n},"id":"c{n}","function":{{"name":"f","arguments":"{arguments}"}}}}]}}}}]}}"#
        )
    };
    let events: Vec<String> =
        (0..100).flat_map(|n| [call(n, "["), call(n, &n.to_string()), call(n, "]")]).collect();
    let record = read(&stream(&events.join("\n")));
    assert_eq!(record.contents.calls.len(), 100);
    for (n, call) in record.contents.calls.iter().enumerate() {
        assert_eq!(call.arguments, format!("[{n}]"));
        assert_eq!(call.id, Some(format!("c{n}")));
    }
}

/// The names of counts.
#[test]
fn names_of_usage() {
    for (usage, counts) in [
        (r#"{"prompt_tokens":1,"completion_tokens":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"input_tokens":1,"output_tokens":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"promptTokenCount":1,"candidatesTokenCount":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"inputTokens":1,"outputTokens":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"total_input_tokens":1,"total_output_tokens":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"tokens":{"input_tokens":1,"output_tokens":2}}"#, [Some(1), Some(2), None, None]),
        (
            r#"{"billed_units":{"input_tokens":1,"output_tokens":2}}"#,
            [Some(1), Some(2), None, None],
        ),
        (r#"{"input_count":1,"output_count":2}"#, [Some(1), Some(2), None, None]),
        (r#"{"prompt_tokens_details":{"cached_tokens":3}}"#, [None, None, Some(3), None]),
        (r#"{"input_tokens_details":{"cached_tokens":3}}"#, [None, None, Some(3), None]),
        (r#"{"cache_read_input_tokens":3}"#, [None, None, Some(3), None]),
        (r#"{"cachedContentTokenCount":3}"#, [None, None, Some(3), None]),
        (r#"{"cachedInputTokens":3}"#, [None, None, Some(3), None]),
        (r#"{"total_cached_tokens":3}"#, [None, None, Some(3), None]),
        (r#"{"cached_tokens":3}"#, [None, None, Some(3), None]),
        (r#"{"completion_tokens_details":{"reasoning_tokens":4}}"#, [None, None, None, Some(4)]),
        (r#"{"output_tokens_details":{"reasoning_tokens":4}}"#, [None, None, None, Some(4)]),
        (r#"{"thoughtsTokenCount":4}"#, [None, None, None, Some(4)]),
        (r#"{"reasoningTokens":4}"#, [None, None, None, Some(4)]),
        (r#"{"total_thought_tokens":4}"#, [None, None, None, Some(4)]),
        (r#"{"tokens":{"reasoning_tokens":4}}"#, [None, None, None, Some(4)]),
        (r#"{"reasoning_tokens":4}"#, [None, None, None, Some(4)]),
        // Whole numbers in any notation.
        (r#"{"prompt_tokens":1.0,"completion_tokens":2e0}"#, [Some(1), Some(2), None, None]),
        (r#"{"prompt_tokens":1.5,"completion_tokens":-2}"#, [None; 4]),
        (r#"{"prompt_tokens":null,"completion_tokens":"2"}"#, [None; 4]),
        ("null", [None; 4]),
        ("7", [None; 4]),
    ] {
        let data = format!(r#"{{"choices":[],"usage":{usage}}}"#);
        let mut answer = Answer::new();
        drop(answer.read(&Event::new(&*data)));
        let record = answer.usage();
        assert_eq!(
            [record.input, record.output, record.cached, record.reasoning],
            counts,
            "{usage}"
        );
    }
}

/// A later count replaces an earlier one, and is reported once.
#[test]
fn usage_is_reported_when_changed() {
    let usage = |usage: &str| format!("data: {{\"choices\":[],\"usage\":{usage}}}\n\n");
    let stream = usage(r#"{"prompt_tokens":1}"#)
        + &usage(r#"{"prompt_tokens":1,"completion_tokens":null}"#)
        + &usage(r#"{"completion_tokens":2}"#);
    let record = Reader::new().read(&[stream.as_bytes()], &mut Answer::new());
    assert_eq!(record.deltas.len(), 2, "{:?}", record.deltas);
    assert_eq!((record.usage.input, record.usage.output), (Some(1), Some(2)));
}
