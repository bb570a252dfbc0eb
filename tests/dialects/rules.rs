//! The rules that hold in every dialect.

use sseam::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::dialect::{Auto, Chat, Dialect, GenerateContent, Messages, Responses};
use sseam::{End, Event, Outcome, Signal, Tracker};
use sseam_testkit::dialects::{dialects, ends, read, stream};

/// What each dialect says of the events.
pub fn each(events: &str) -> Vec<(&'static str, String, Outcome)> {
    each_of(&stream(events))
}

fn each_of(stream: &str) -> Vec<(&'static str, String, Outcome)> {
    let say = |mut dialect: Box<dyn Dialect>| {
        let said = read(stream, &mut *dialect);
        (dialect.name(), said.signals, said.outcome)
    };
    dialects().into_iter().map(say).collect()
}

#[test]
fn each_has_a_name_of_its_own() {
    let names: Vec<_> = dialects().iter().map(|dialect| dialect.name()).collect();
    let expected = [
        "done",
        "chat",
        "responses",
        "responses-strict",
        "messages",
        "generate-content",
        "cohere-chat",
        "assistants",
        "auto",
    ];
    assert_eq!(names, expected);
}

/// Those that hold anything.
#[test]
fn each_is_new_by_default() {
    assert_eq!(Chat::default(), Chat::new());
    assert_eq!(Responses::default(), Responses::new());
    assert_eq!(Messages::default(), Messages::new());
    assert_eq!(GenerateContent::default(), GenerateContent::new());
    assert_eq!(Auto::default(), Auto::new());
}

/// Where the connection broke off, a terminal counts, and nothing else.
#[test]
fn a_stream_without_an_end_is_truncated_or_as_its_terminal_says() {
    for mut dialect in dialects() {
        let name = dialect.name();
        let mut tracker = Tracker::new(&mut *dialect);
        for data in [r#"{"choices":[{"finish_reason":"stop"}]}"#, "x"] {
            tracker.observe(&Event::new(data));
            assert_eq!(tracker.finish(None), Truncated, "{name}");
            assert_eq!(tracker.finish(End::Disconnected), Truncated, "{name}");
        }
        tracker.observe(&Event::new(r#"{"error":{}}"#));
        let expected = if name == "done" { Truncated } else { Failed };
        assert_eq!(tracker.finish(None), expected, "{name}");
        assert_eq!(tracker.finish(End::Disconnected), expected, "{name}");
    }
}

#[test]
fn the_sentinel_ends_all_but_the_strict_one() {
    let far = format!("[DONE]{}.", " ".repeat(200)).replace('.', "\t");
    for sentinel in ["[DONE]", "  [DONE]\t", &far] {
        for (name, signals, outcome) in each_of(&format!("data:{sentinel}\n\n")) {
            let expected =
                if name == "responses-strict" { ("m", Truncated) } else { ("D", Completed) };
            assert_eq!((signals.as_str(), outcome), expected, "{name}");
        }
    }
    // It is one whatever the event is called.
    for event_type in ["error", "ping", "done", "message_start"] {
        for (name, signals, outcome) in each(&format!("{event_type} | [DONE]")) {
            let is_sentinel = (signals.as_str(), outcome) == ("D", Completed);
            assert_eq!(is_sentinel, name != "responses-strict", "{name}: {event_type}");
        }
    }
}

#[test]
fn typed_events_and_then_the_sentinel() {
    let events = r#"
        {"type":"response.created"}
        {"type":"response.output_text.delta","delta":"Hi"}
        [DONE]
    "#;
    for (name, signals, outcome) in each(events) {
        let expected =
            if name == "responses-strict" { ("mmm", Truncated) } else { ("mmD", Completed) };
        assert_eq!((signals.as_str(), outcome), expected, "{name}");
    }
}

#[test]
fn what_follows_the_terminal_is_ignored() {
    for mut dialect in dialects() {
        let name = dialect.name();
        let mut tracker = Tracker::new(&mut *dialect);
        let is_strict = name == "responses-strict";
        let last = if is_strict { r#"{"type":"response.completed"}"# } else { "[DONE]" };
        assert!(tracker.observe(&Event::new(last)).is_end(), "{name}");
        for data in ["[DONE]", "{}", r#"{"error":{}}"#, r#"{"type":"error"}"#, "x"] {
            assert_eq!(tracker.observe(&Event::new(data)), Signal::Ignore, "{name}");
            assert_eq!(tracker.outcome(), Some(Completed), "{name}");
        }
        assert_eq!(tracker.finish(ends()[0]), Completed, "{name}");
    }
}

#[test]
fn an_untyped_error_fails_all_but_done_and_stays() {
    for error in [
        r#"{"error":{"message":"no"}}"#,
        r#"{"id":1,"error":"no"}"#,
        r#"{"error":{},"choices":[]}"#,
        r#"{ "\u0065rror" : {} }"#,
        r#"{"type":null,"error":{}}"#,
        r#"{"type":"","error":{}}"#,
    ] {
        for (name, signals, outcome) in each(&format!("{error}\n[DONE]")) {
            let expected = if name == "done" { ("mD", Completed) } else { ("L.", Failed) };
            assert_eq!((signals.as_str(), outcome), expected, "{name}: {error}");
        }
    }
}

#[test]
fn an_error_in_a_field_or_a_block_without_data_is_one() {
    for (stream, spared) in [
        ("error: {\"code\":500}\n\n", &["done"][..]),
        ("event: error\n\n", &["done", "cohere-chat"]),
    ] {
        for mut dialect in dialects() {
            let name = dialect.name();
            let said = read(&format!("{stream}data: [DONE]\n\n"), &mut *dialect);
            let is_failed = !spared.contains(&name);
            assert_eq!(
                said.outcome,
                if is_failed { Failed } else { Completed },
                "{name}: {stream}"
            );
            assert_eq!(said.noticed, if is_failed { "L" } else { "" }, "{name}: {stream}");
        }
    }
}

#[test]
fn an_error_that_is_none() {
    for payload in [
        r#"{"error":null}"#,
        r#"{"error":""}"#,
        r#"{"error":0}"#,
        r#"{"error":[]}"#,
        r#"{"data":{"error":{"message":"no"}}}"#,
        r#"{"data":"\"error\":{}"}"#,
        r#"{"error":null,"error":false,"error":""}"#,
    ] {
        for (name, signals, outcome) in each(payload) {
            assert_eq!(signals, "m", "{name}: {payload}");
            assert_ne!(outcome, Failed, "{name}: {payload}");
        }
    }
}

/// Of members by one name the first counts that is of the right kind.
#[test]
fn a_member_of_another_kind_is_passed_over() {
    let said = |dialect: &str, events: &str| {
        let (_, signals, outcome) = each(events)
            .into_iter()
            .find(|said| said.0 == dialect)
            .expect("a dialect by that name");
        (signals, outcome)
    };
    for (dialect, events, signals, outcome) in [
        ("chat", r#"{"error":null,"error":{"message":"no"}}"#, "L", Failed),
        ("chat", r#"{"error":{"message":"no"},"error":null}"#, "L", Failed),
        ("responses", r#"{"error":0,"error":"no"}"#, "L", Failed),
        ("messages", r#"{"error":"","error":{}}"#, "L", Failed),
        ("responses", r#"{"type":7,"type":"response.completed"}"#, "L", Completed),
        ("responses", r#"{"type":"","type":"response.failed"}"#, "L", Failed),
        ("responses", r#"{"type":"response.completed","type":"response.failed"}"#, "L", Completed),
        ("messages", r#"{"type":null,"type":"message_stop"}"#, "L", Completed),
        ("cohere-chat", r#"{"type":[],"type":"message-end"}"#, "L", Completed),
        ("chat", r#"{"type":7,"type":"ping"}"#, ".", Truncated),
        (
            "chat",
            r#"{"choices":7,"choices":[{"finish_reason":null,"finish_reason":7,"finish_reason":"length"}]}"#,
            "m",
            Incomplete,
        ),
        (
            "chat",
            r#"{"choices":[{"finish_reason":"stop","finish_reason":"length"}],"choices":[{"finish_reason":"error"}]}"#,
            "m",
            Completed,
        ),
    ] {
        assert_eq!(said(dialect, events), (signals.into(), outcome), "{dialect}: {events}");
    }
}

#[test]
fn a_typed_terminal_counts_only_whole() {
    for (name, whole, cut) in [
        ("responses", r#"{"type":"response.completed"}"#, r#"{"type":"response.completed","#),
        ("responses", r#"{"type":"response.failed"}"#, r#"{"type":"response.failed","resp"#),
        ("messages", r#"{"type":"message_stop"}"#, r#"{"type":"message_stop""#),
        ("cohere-chat", r#"{"type":"message-end"}"#, r#"{"type":"message-end","delta":{"fin"#),
        ("assistants", "thread.run.failed | {}", r#"thread.run.failed | {"id":"run_"#),
    ] {
        let said = |events: &str| {
            let (_, signals, outcome) =
                each(events).into_iter().find(|said| said.0 == name).unwrap();
            (signals, outcome)
        };
        assert_eq!(said(whole).0, "L", "{name}: {whole}");
        assert_eq!(said(cut), ("m".into(), Truncated), "{name}: {cut}");
    }
    // An error counts all the same.
    for cut in [r#"{"type":"error","sequence_num"#, r#"error | {"err"#] {
        for (name, signals, outcome) in each(cut) {
            if ["responses", "responses-strict", "messages", "auto"].contains(&name) {
                assert_eq!((signals.as_str(), outcome), ("L", Failed), "{name}: {cut}");
            }
        }
    }
}

#[test]
fn keep_alives_are_ignored() {
    for payload in [
        "ping | {}",
        "keepalive | {}",
        r#"ping | {"type": "ping"}"#,
        r#"{"type":"ping"}"#,
        r#"{"sequence_number":2,"type":"keepalive"}"#,
    ] {
        for (name, signals, outcome) in each(payload) {
            // The one does not look at payloads. The other has not settled: in a
            // protocol that it does not know these may be payloads.
            let is_seen = name != "auto" && (name != "done" || !payload.starts_with('{'));
            assert_eq!(signals, if is_seen { "." } else { "m" }, "{name}: {payload}");
            let expected = if name == "auto" { Unknown } else { Truncated };
            assert_eq!(outcome, expected, "{name}: {payload}");
        }
    }
    // Whatever else is in it.
    for payload in [
        r#"ping | {"error":{"message":"no"}}"#,
        r#"ping | {"choices":[]}"#,
        r#"keepalive | {"type":"ping","error":{"message":"no"}}"#,
    ] {
        for (name, signals, outcome) in each(payload) {
            let expected = if name == "auto" { ("m", Unknown) } else { (".", Truncated) };
            assert_eq!((signals.as_str(), outcome), expected, "{name}: {payload}");
        }
    }
}

#[test]
fn the_type_is_looked_for_in_the_json_and_then_on_the_event_line() {
    for (events, is_end) in [
        (r#"{"type":"response.completed"}"#, true),
        (r#"message | {"type":"response.completed"}"#, true),
        (r#"response.created | {"type":"response.completed"}"#, true),
        (r#"response.completed | {"type":"response.created"}"#, false),
        (r#"response.completed | {"response":{"type":"x"}}"#, true),
        (r#"response.completed | {"type":null}"#, true),
        (r#"response.completed | {"type":""}"#, true),
        (r#"{"response":{"type":"x"},"a":[{"type":"y"}],"type":"response.completed"}"#, true),
        (r#"{ "type" : "response.\u0063ompleted" }"#, true),
        (r#"{"response":{"type":"response.completed"}}"#, false),
        (r#"{"type":"response.created","type":"response.completed"}"#, false),
        (r#"{"delta":"\"type\":\"response.completed\"","type":"response.created"}"#, false),
        (r#"["type","response.completed"]"#, false),
        (r#""response.completed""#, false),
        ("response.completed", false),
    ] {
        let said = read(&stream(events), sseam::dialect::Responses::new());
        assert_eq!(said.outcome == Completed, is_end, "{events}");
    }
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    for stream in [
        "event: response.completed\ndata: {}\n\n",
        "data: {}\nevent: response.completed\n\n",
        "event: x\ndata: {}\nid: 1\nevent: response.completed\n\n",
    ] {
        let said = read(stream, sseam::dialect::Responses::new());
        assert_eq!((said.signals.as_str(), said.outcome), ("L", Completed), "{stream}");
    }
}

// Most events are one more piece of text, and their first bytes tell so. What
// those bytes cannot tell is read all the same.

/// The names that mean something to one of the dialects.
const NAMES: [&str; 11] = [
    "response.completed",
    "response.incomplete",
    "response.failed",
    "message_stop",
    "message_delta",
    "message-end",
    "thread.run.failed",
    "error",
    "done",
    "ping",
    "keepalive",
];

/// Any of its letters may be escaped.
#[test]
fn a_name_is_one_however_it_is_escaped() {
    for name in NAMES {
        let plain = each(&format!(r#"{{"type":"{name}"}}"#));
        for (at, byte) in name.bytes().enumerate() {
            let escaped = format!(r"{}\u{byte:04x}{}", &name[..at], &name[at + 1..]);
            assert_eq!(each(&format!(r#"{{"type":"{escaped}"}}"#)), plain, "{escaped}");
        }
    }
}

/// A `type` that breaks off is none, so that the line counts, which may be any.
#[test]
fn the_line_stands_in_for_a_type_that_breaks_off() {
    for name in NAMES {
        let untyped = each(&format!("{name} | {{}}"));
        for broken in ["response.output_text.delta", "content_block_delta", "content-delta"] {
            let events = format!(r#"{name} | {{"type":"{broken}}}"#);
            assert_eq!(each(&events), untyped, "{events}");
        }
    }
}

/// Nor does it matter how long the line is.
#[test]
fn a_piece_of_text_is_one_whatever_the_line_says() {
    for len in 1..200 {
        let line = "x".repeat(len);
        for event_type in ["response.output_text.delta", "content_block_delta", "content-delta"] {
            for (name, signals, _) in each(&format!(r#"{line} | {{"type":"{event_type}"}}"#)) {
                assert_eq!(signals, "m", "{name}: {event_type} behind {len} bytes");
            }
        }
    }
}

/// Behind its type nothing is searched. The work is counted by the library itself, in
/// bytes, with the feature `__work`.
#[cfg(feature = "__work")]
#[test]
fn a_piece_of_text_is_searched_up_to_its_type() {
    use sseam::dialect::{CohereChat, Dialect, Messages, Responses};
    use sseam::{Event, Signal, Tracker, work};

    fn check<D: Dialect>(dialect: D, types: &[&str]) {
        let mut tracker = Tracker::new(dialect);
        for event_type in types {
            let data = format!(r#"{{"type":"{event_type}","delta":"some more text, or a name"}}"#);
            let _ = work::take();
            let signal = tracker.observe(&Event::new(&*data));
            let up_to_its_quote = event_type.len() + 1;
            assert_eq!(signal, Signal::Message);
            // Without the shortcut, the name `type` and its quote are searched, and the value
            // once as it is passed over and once as a string.
            let searched =
                if cfg!(sseam_small) { 5 + 2 * up_to_its_quote } else { up_to_its_quote };
            assert_eq!(work::take(), (searched, 0), "{event_type}");
        }
    }
    check(
        Responses::new(),
        &[
            "response.output_text.delta",
            // As far as these, some letters are those of a terminal.
            "response.content_part.added",
            "response.in_progress",
            "response.function_call_arguments.delta",
        ],
    );
    check(Messages::new(), &["content_block_delta", "message_start"]);
    check(CohereChat::new(), &["content-delta", "message-start", "tool-plan-delta"]);
}
