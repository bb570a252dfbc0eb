//! The table of dialects: what ends each, and how; a table of streams a
//! dialect. An event stands on a line of its own: its data, or its type, a bar,
//! and its data. Then what each event is, a letter each (see `Said`), and how
//! the stream came out.

use sseam::Outcome;
use sseam::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Observation,
    Responses,
};
use sseam::{Event, Tracker};

use sseam_testkit::dialects::{Reader, ends, read, stream};

#[track_caller]
fn check<D: Dialect + Copy>(dialect: D, cases: &[(&str, &str, Outcome)]) {
    for &(events, signals, outcome) in cases {
        let said = read(&stream(events), dialect);
        assert_eq!((said.signals.as_str(), said.outcome), (signals, outcome), "{events}");
    }
}

#[test]
fn done() {
    check(
        Done::new(),
        &[
            ("", "", Truncated),
            ("word\n[DONE]", "mD", Completed),
            ("[DONE]\nword\n[DONE]", "D..", Completed),
            ("word\n[done]\n[DONE]]", "mmm", Truncated),
            // The payloads are not looked at.
            (r#"{"error":{}}"#, "m", Truncated),
            ("error | {}\n[DONE]", "mD", Completed),
            (r#"{"type":"message_stop"}"#, "m", Truncated),
            ("ping | {}\nkeepalive | {}\npings | {}", "..m", Truncated),
        ],
    );
}

#[test]
fn chat() {
    let ends_with = |reason: &str| {
        let chunk = format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":{reason}}}]}}"#);
        let with_done = read(&stream(&format!("{chunk}\n[DONE]")), Chat::new());
        let without = read(&stream(&chunk), Chat::new());
        assert_eq!((&*with_done.signals, &*without.signals), ("mD", "m"), "{reason}");
        (with_done.outcome, without.outcome)
    };
    for reason in [r#""stop""#, r#""tool_calls""#, r#""function_call""#, r#""anything""#] {
        assert_eq!(ends_with(reason), (Completed, Completed), "{reason}");
    }
    for reason in [
        r#""length""#,
        r#""content_filter""#,
        r#""model_length""#,
        r#""sensitive""#,
        r#""insufficient_system_resource""#,
        r#""\u006cength""#,
    ] {
        assert_eq!(ends_with(reason), (Incomplete, Incomplete), "{reason}");
    }
    for reason in [r#""error""#, r#""network_error""#] {
        assert_eq!(ends_with(reason), (Failed, Failed), "{reason}");
    }
    // None of these is a reason.
    for reason in ["null", r#""""#, r#""null""#, "0", "{}", "[\"stop\"]"] {
        assert_eq!(ends_with(reason), (Completed, Truncated), "{reason}");
    }
    let ping_of = |len: usize| format!(r#"{{"type":"ping"{:1$}}}"#, "", len - 15);
    check(
        Chat::new(),
        &[
            ("", "", Truncated),
            // A keep-alive is looked for in 64 bytes, and in no more.
            (&ping_of(64), ".", Truncated),
            (&ping_of(65), "m", Truncated),
            (r#"{"choices":[{"delta":{"content":"Hi"}}]}"#, "m", Truncated),
            ("[DONE]", "D", Completed),
            // A reason settles nothing, and usage may follow it.
            (
                r#"
                {"choices":[{"finish_reason":"length"}]}
                {"choices":[],"usage":{"total_tokens":9}}
                [DONE]
                "#,
                "mmD",
                Incomplete,
            ),
            // Of any choice, in one chunk or in several, the worst counts.
            (
                r#"{"choices":[{"index":0,"finish_reason":"stop"},{"index":1,"finish_reason":"length"}]}"#,
                "m",
                Incomplete,
            ),
            (
                r#"
                {"choices":[{"index":1,"finish_reason":"length"}]}
                {"choices":[{"index":0,"finish_reason":"stop"}]}
                [DONE]
                "#,
                "mmD",
                Incomplete,
            ),
            (
                r#"
                {"choices":[{"index":1,"finish_reason":"error"}]}
                {"choices":[{"index":0,"finish_reason":"length"}]}
                "#,
                "mm",
                Failed,
            ),
            // A reason elsewhere is none.
            (r#"{"choices":[{"delta":{"finish_reason":"stop"}}]}"#, "m", Truncated),
            (r#"{"finish_reason":"stop"}"#, "m", Truncated),
            (r#"{"choices":{"finish_reason":"stop"}}"#, "m", Truncated),
            // Errors.
            (r#"{"error":{"message":"no"}}"#, "L", Failed),
            (r#"{"choices":[{"finish_reason":"stop"}],"error":{"code":400}}"#, "L", Failed),
            (r#"{"type":"error","error":{"type":"overloaded_error"}}"#, "L", Failed),
            (r#"{"object":"error","message":"no"}"#, "L", Failed),
            (r#"{"type":"error","errorText":"no"}"#, "L", Failed),
            ("error | no", "L", Failed),
            (r#"{"choices":[],"error":null}"#, "m", Truncated),
            (r#"{"choices":[{"error":{"code":400}}]}"#, "m", Truncated),
            // What is typed otherwise is a payload here.
            (r#"message_stop | {"type":"message_stop"}"#, "m", Truncated),
        ],
    );
}

#[test]
fn responses() {
    check(
        Responses::new(),
        &[
            ("", "", Truncated),
            (r#"{"type":"response.created"}"#, "m", Truncated),
            (r#"{"type":"response.completed"}"#, "L", Completed),
            (r#"{"type":"response.incomplete"}"#, "L", Incomplete),
            (r#"{"type":"response.failed"}"#, "L", Failed),
            (r#"{"type":"error","code":"internal_error"}"#, "L", Failed),
            ("error | no JSON at all", "L", Failed),
            // The first terminal settles it.
            (
                r#"
                {"type":"response.incomplete"}
                {"type":"response.completed"}
                {"type":"error"}
                [DONE]
                "#,
                "L...",
                Incomplete,
            ),
            // These end a part of the response, and there is no such terminal.
            (
                r#"
                {"type":"response.mcp_call.failed"}
                {"type":"response.mcp_call.completed"}
                {"type":"response.web_search_call.completed"}
                {"type":"response.image_generation_call.completed"}
                {"type":"response.mcp_list_tools.failed"}
                {"type":"response.output_text.done"}
                {"type":"response.cancelled"}
                {"type":"completed"}
                {"type":"response.completed.not"}
                "#,
                "mmmmmmmmm",
                Truncated,
            ),
            // Resumed, and counted oddly.
            (
                r#"
                {"type":"response.in_progress","sequence_number":7}
                {"type":"response.completed","sequence_number":7}
                "#,
                "mL",
                Completed,
            ),
            (r#"{"type":"keepalive","sequence_number":2}"#, ".", Truncated),
        ],
    );
}

#[test]
fn messages() {
    let stops_for = |reason: &str| {
        let delta = format!(r#"{{"type":"message_delta","delta":{{"stop_reason":{reason}}}}}"#);
        let cut = read(&stream(&delta), Messages::new());
        assert_eq!((&*cut.signals, cut.outcome), ("m", Truncated), "no stop after {reason}");
        read(&stream(&format!("{delta}\n{}", r#"{"type":"message_stop"}"#)), Messages::new())
            .outcome
    };
    for reason in [r#""end_turn""#, r#""tool_use""#, r#""stop_sequence""#, "null", r#""""#] {
        assert_eq!(stops_for(reason), Completed, "{reason}");
    }
    for reason in
        [r#""max_tokens""#, r#""model_context_window_exceeded""#, r#""refusal""#, r#""pause_turn""#]
    {
        assert_eq!(stops_for(reason), Incomplete, "{reason}");
    }
    check(
        Messages::new(),
        &[
            ("", "", Truncated),
            (
                r#"
                message_start | {"type":"message_start","message":{"stop_reason":"max_tokens"}}
                ping | {"type": "ping"}
                content_block_delta | {"type":"content_block_delta","delta":{"text":"Hi"}}
                message_stop | {"type":"message_stop"}
                message_stop | {"type":"message_stop"}
                "#,
                "m.mL.",
                Completed,
            ),
            (r#"error | {"type":"error","error":{"type":"overloaded_error"}}"#, "L", Failed),
            (r#"content_block_delta | {"delta":{"stop_reason":"max_tokens"}}"#, "m", Truncated),
            // What was said before holds where `[DONE]` comes alone.
            (
                r#"
                {"type":"message_delta","delta":{"stop_reason":"max_tokens"}}
                [DONE]
                "#,
                "mD",
                Incomplete,
            ),
        ],
    );
}

#[test]
fn generate_content() {
    let last_says = |reason: &str| {
        let chunk = format!(r#"{{"candidates":[{{"finishReason":{reason}}}]}}"#);
        let said = read(&stream(&chunk), GenerateContent::new());
        assert_eq!(said.signals, "m");
        said.outcome
    };
    assert_eq!(last_says(r#""STOP""#), Completed);
    for reason in [
        r#""MAX_TOKENS""#,
        r#""SAFETY""#,
        r#""RECITATION""#,
        r#""UNEXPECTED_TOOL_CALL""#,
        r#""NEW""#,
    ] {
        assert_eq!(last_says(reason), Incomplete, "{reason}");
    }
    for reason in ["null", r#""""#, "1"] {
        assert_eq!(last_says(reason), Truncated, "{reason}");
    }
    check(
        GenerateContent::new(),
        &[
            ("", "", Truncated),
            (r#"{"candidates":[{"content":{}}]}"#, "m", Truncated),
            // The last one counts, of the first candidate.
            (
                r#"
                {"candidates":[{"finishReason":"STOP"}]}
                {"candidates":[{"finishReason":"MAX_TOKENS"}]}
                {"usageMetadata":{}}
                "#,
                "mmm",
                Incomplete,
            ),
            (
                r#"{"candidates":[{"finishReason":"STOP"},{"finishReason":"SAFETY"}]}"#,
                "m",
                Completed,
            ),
            (r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#, "m", Incomplete),
            (
                r#"
                {"promptFeedback":{"blockReason":"SAFETY"}}
                {"candidates":[{"finishReason":"STOP"}]}
                "#,
                "mm",
                Incomplete,
            ),
            (r#"{"promptFeedback":{"safetyRatings":[]}}"#, "m", Truncated),
            (r#"{"error":{"code":499,"status":"CANCELLED"}}"#, "L", Failed),
            (r#"{"type":"error","message":"no"}"#, "L", Failed),
            ("error | no", "L", Failed),
            (
                r#"
                {"candidates":[{"finishReason":"STOP"}]}
                {"error":{"code":499}}
                {"candidates":[{"finishReason":"STOP"}]}
                "#,
                "mL.",
                Failed,
            ),
            (
                r#"
                {"candidates":[{"finishReason":"MAX_TOKENS"}]}
                [DONE]
                "#,
                "mD",
                Incomplete,
            ),
        ],
    );
}

#[test]
fn cohere_chat() {
    check(
        CohereChat::new(),
        &[
            ("", "", Truncated),
            (
                r#"
                message-start | {"type":"message-start","delta":{}}
                content-delta | {"type":"content-delta","delta":{"finish_reason":"MAX_TOKENS"}}
                message-end | {"type":"message-end","delta":{"finish_reason":"COMPLETE"}}
                [DONE]
                "#,
                "mmL.",
                Completed,
            ),
            (r#"{"type":"message-end"}"#, "L", Completed),
            (r#"{"type":"message-end","delta":{"finish_reason":"TOOL_CALL"}}"#, "L", Completed),
            (r#"{"type":"message-end","delta":{"finish_reason":"MAX_TOKENS"}}"#, "L", Incomplete),
            (
                r#"
                {"type":"message-end","delta":{"error":"no","finish_reason":"ERROR"}}
                [DONE]
                "#,
                "L.",
                Failed,
            ),
            (r#"{"type":"message_stop"}"#, "m", Truncated),
        ],
    );
}

#[test]
fn assistants() {
    check(
        Assistants::new(),
        &[
            ("", "", Truncated),
            (
                r#"
                thread.run.created | {"object":"thread.run","last_error":null}
                thread.run.step.created | {"object":"thread.run.step","type":"message_creation"}
                thread.run.step.failed | {"object":"thread.run.step","type":"tool_calls"}
                thread.run.completed | {"object":"thread.run"}
                done | [DONE]
                "#,
                "mmmmD",
                Completed,
            ),
            ("done | {}", "D", Completed),
            ("done | null", "D", Completed),
            ("done | [DO", "m", Truncated),
            ("done | {\"a\":", "m", Truncated),
            ("thread.run.completed | {}", "m", Truncated),
            ("thread.run.incomplete | {}\ndone | [DONE]", "L.", Incomplete),
            ("thread.run.failed | {}\ndone | [DONE]", "L.", Failed),
            ("thread.run.cancelled | {}", "L", Failed),
            ("thread.run.expired | {}", "L", Failed),
            (r#"error | {"type":"server_error","message":"no"}"#, "L", Failed),
            ("error | no", "L", Failed),
            // The event line alone counts.
            (r#"{"type":"thread.run.failed"}"#, "m", Truncated),
            (r#"ping | {"type":"x"}"#, ".", Truncated),
            (r#"keepalive | {"type":"x"}"#, ".", Truncated),
        ],
    );
}

#[test]
fn auto() {
    // With what it settles on.
    let cases: &[(&str, &str, Outcome, Option<&str>)] = &[
        ("", "", Truncated, None),
        ("a word", "m", Unknown, None),
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "m", Unknown, None),
        (r#"{"type":"completion","stop_reason":"stop_sequence"}"#, "m", Unknown, None),
        // Nothing that tells, but an end.
        ("a word\n[DONE]", "mD", Completed, Some("done")),
        ("[DONE]", "D", Completed, Some("done")),
        ("output | a word\ndone | {}\nmore", "mD.", Completed, None),
        ("error | no", "L", Failed, None),
        (r#"{"type":"done"}"#, "D", Completed, None),
        (r#"{"type":"done""#, "m", Unknown, None),
        // Keep-alives may be the payloads of a protocol that is not known.
        ("ping | {}", "m", Unknown, None),
        (r#"{"type":"keepalive"}"#, "m", Unknown, None),
        (
            r#"
            ping | {}
            {"type":"message_start"}
            {"type":"ping"}
            "#,
            "mm.",
            Truncated,
            Some("messages"),
        ),
        (r#"{"type":"r\u0065sponse.created"}"#, "m", Truncated, Some("responses")),
        (r#"{"type":"response\u002ecreated"}"#, "m", Truncated, Some("responses")),
        (r#"{"type":"respons\u0065"}"#, "m", Unknown, None),
        // Each of the dialects.
        (r#"{"choices":[]}"#, "m", Truncated, Some("chat")),
        (r#"{"object":"chat.completion.chunk"}"#, "m", Truncated, Some("chat")),
        (r#"{"object":"text_completion"}"#, "m", Truncated, Some("chat")),
        (r#"{"error":{"message":"no"}}"#, "L", Failed, Some("chat")),
        (r#"error | {"error":{"message":"no"}}"#, "L", Failed, Some("chat")),
        (r#"{"error":null}"#, "m", Unknown, None),
        (r#"{"object":"list"}"#, "m", Unknown, None),
        (r#"{"kind":"text_completion"}"#, "m", Unknown, None),
        (r#"{"object":"error","message":"no"}"#, "L", Failed, Some("chat")),
        (r#"{"type":"error","error":"no"}"#, "L", Failed, Some("responses")),
        (r#"{"usageMetadata":{}}"#, "m", Truncated, Some("generate-content")),
        (r#"{"type":"response.created"}"#, "m", Truncated, Some("responses")),
        (r#"response.queued | {"id":1}"#, "m", Truncated, Some("responses")),
        (r#"{"type":"response.completed"}"#, "L", Completed, Some("responses")),
        (r#"{"type":"error","code":"internal_error"}"#, "L", Failed, Some("responses")),
        (
            r#"{"type":"error","error":{"type":"x"},"sequence_number":0}"#,
            "L",
            Failed,
            Some("responses"),
        ),
        (r#"{"type":"message_start"}"#, "m", Truncated, Some("messages")),
        (r#"{"type":"content_block_delta"}"#, "m", Truncated, Some("messages")),
        (r#"{"type":"error","error":{"type":"overloaded_error"}}"#, "L", Failed, Some("messages")),
        (r#"{"candidates":[{"finishReason":"STOP"}]}"#, "m", Completed, Some("generate-content")),
        (
            r#"{"promptFeedback":{"blockReason":"OTHER"}}"#,
            "m",
            Incomplete,
            Some("generate-content"),
        ),
        (r#"{"type":"message-start"}"#, "m", Truncated, Some("cohere-chat")),
        (r#"{"type":"message-end"}"#, "L", Completed, Some("cohere-chat")),
        ("thread.created | {}", "m", Truncated, Some("assistants")),
        (
            r#"thread.run.step.created | {"type":"message_creation"}"#,
            "m",
            Truncated,
            Some("assistants"),
        ),
        // It settles late, and once.
        (
            r#"
            hello
            {"choices":[{"finish_reason":"length"}]}
            {"type":"message_stop"}
            "#,
            "mmm",
            Incomplete,
            Some("chat"),
        ),
    ];
    for &(events, signals, outcome, settled) in cases {
        let mut tracker = Tracker::new(Auto::new());
        let said = Reader::new().read(&[stream(events).as_bytes()], false, &mut tracker);
        assert_eq!((said.signals.as_str(), said.outcome), (signals, outcome), "{events}");
        assert_eq!(tracker.dialect().settled(), settled, "{events}");
    }
}

/// Each of the events that are the dialect's own settles it, wherever its name stands.
#[test]
fn auto_knows_a_dialect_by_any_of_its_events() {
    let messages = [
        "message_start",
        "message_delta",
        "message_stop",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
    ];
    let cohere_chat = [
        "message-start",
        "message-end",
        "content-start",
        "content-delta",
        "content-end",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "citation-start",
        "citation-end",
    ];
    for (names, settled) in [(&messages[..], "messages"), (&cohere_chat, "cohere-chat")] {
        for name in names {
            for event in [format!(r#"{{"type":"{name}"}}"#), format!("{name} | {{}}")] {
                let mut tracker = Tracker::new(Auto::new());
                Reader::new().read(&[stream(&event).as_bytes()], false, &mut tracker);
                assert_eq!(tracker.dialect().settled(), Some(settled), "{event}");
            }
        }
    }
}

/// Before it has settled, a block without data may be the end or an error.
#[test]
fn auto_in_notifications_before_it_has_settled() {
    for (stream, noticed, outcome) in [
        ("event: done\n\n", "D", Completed),
        ("event: end\n\n", "D", Completed),
        ("event: error\n\n", "L", Failed),
        ("error: {}\n\n", "L", Failed),
        ("event: other\n\n", "", Truncated),
        ("data: x\n\nevent: done\n\n", "D", Completed),
    ] {
        let said = read(stream, Auto::new());
        assert_eq!((said.noticed.as_str(), said.outcome), (noticed, outcome), "{stream}");
    }
}

/// What it settled on is asked of notifications as well.
#[test]
fn auto_in_notifications() {
    fn is_as<D: Dialect + Copy>(dialect: D, first: &str) {
        for notified in ["error: {}\n", "event: error\n\n", "event: done\n\n"] {
            let stream = stream(first) + notified;
            assert_eq!(read(&stream, Auto::new()), read(&stream, dialect), "{stream}");
        }
    }
    is_as(Chat::new(), r#"{"choices":[]}"#);
    is_as(Responses::new(), r#"{"type":"response.created"}"#);
    is_as(Messages::new(), r#"{"type":"message_start"}"#);
    is_as(GenerateContent::new(), r#"{"usageMetadata":{}}"#);
    is_as(CohereChat::new(), r#"{"type":"message-start"}"#);
    is_as(Assistants::new(), "thread.created | {}");
}

/// A tracker does not ask it any more after `[DONE]`. Who does has an answer.
#[test]
fn auto_behind_the_sentinel() {
    let mut auto = Auto::new();
    let observation = auto.observe(&Event::new("[DONE]"));
    assert_eq!(observation, Observation::Done(Completed));
    assert_eq!(auto.observe(&Event::new(r#"{"choices":[]}"#)), Observation::Ignore);
    assert_eq!(auto.settled(), Some("done"));
    assert_eq!(ends().map(|end| auto.end_of_stream(end)), [Completed; 2]);
}
