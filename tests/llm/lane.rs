//! The shortcut gives the same result as the rules of the row.
//!
//! Each event is rewritten with other spaces, escaped names, and its members in another order,
//! which no shortcut accepts; the result must be the same.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use sseam::llm::{Answer, Protocol, Reason};
use sseam::{Event, Item, Parser, VecBuf};
use sseam_testkit::llm::{Follower, NOTIFY, Record};
use sseam_testkit::streams::cases as config;

use crate::cases::cases;
use crate::recorded::recorded;

/// How JSON is rewritten.
#[derive(Clone, Copy, Debug)]
enum Written {
    /// With a space after each token.
    Spaced,
    /// With the first letter of each name escaped.
    Escaped,
    /// With the members of each object in reverse order.
    Reversed,
    /// With an unknown member before the others.
    Preceded,
}
use Written::{Escaped, Preceded, Reversed, Spaced};

const WAYS: [Written; 4] = [Spaced, Escaped, Reversed, Preceded];

/// Words that are not looked for in longer data.
const KEEP_ALIVES: [&str; 3] = ["ping", "keepalive", "heartbeat"];

/// Rewrites the object. Returns `None` if that could change its meaning: if it is not an object, is
/// truncated, has a name twice, or may be a keep-alive, which is short.
fn rewritten(data: &str, how: Written) -> Option<String> {
    let is_keep_alive = KEEP_ALIVES.iter().any(|word| data.contains(word));
    let value: Value = serde_json::from_str(data).ok().filter(Value::is_object)?;
    let mut out = String::new();
    let mut names = 0;
    let rest = rewrite(data.trim(), how, &mut out, &mut names);
    // `serde_json` keeps one of the members with the same name.
    let is_simple = rest.is_empty() && names == count_names(&value) && !is_keep_alive;
    is_simple.then_some(out)
}

fn count_names(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len() + members.values().map(count_names).sum::<usize>(),
        Value::Array(elements) => elements.iter().map(count_names).sum(),
        _ => 0,
    }
}

/// Rewrites the value that the JSON begins with, and returns what follows it.
fn rewrite<'j>(json: &'j str, how: Written, out: &mut String, names: &mut usize) -> &'j str {
    let space = if let Spaced = how { " " } else { "" };
    let is_object = json.starts_with('{');
    if !is_object && !json.starts_with('[') {
        let len = match json.strip_prefix('"') {
            Some(text) => 1 + string_len(text),
            None => json.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(json.len()),
        };
        out.push_str(&json[..len]);
        out.push_str(space);
        return json[len..].trim_start();
    }
    let mut parts = Vec::new();
    let mut rest = json[1..].trim_start();
    while !rest.starts_with([']', '}']) {
        let mut part = String::new();
        if is_object {
            let len = 1 + string_len(&rest[1..]);
            *names += 1;
            part += &name(&rest[..len], how);
            part += space;
            rest = rest[len..].trim_start();
            part += ":";
            part += space;
            rest = rest[1..].trim_start();
        }
        rest = rewrite(rest, how, &mut part, names);
        parts.push(part);
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    match how {
        Reversed if is_object => parts.reverse(),
        // An empty object stays empty.
        Preceded if is_object && !parts.is_empty() => {
            parts.insert(0, r#""zz":[{"type":"response.failed"}]"#.to_owned());
        }
        _ => {}
    }
    out.push_str(if is_object { "{" } else { "[" });
    out.push_str(space);
    out.push_str(&parts.join(if let Spaced = how { ", " } else { "," }));
    out.push_str(if is_object { "}" } else { "]" });
    out.push_str(space);
    rest[1..].trim_start()
}

/// The length of a string without its opening quote, including the closing one.
fn string_len(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.expect("a quote at the end of a string") + 1
}

/// A name with its quotes.
fn name(name: &str, how: Written) -> String {
    match (how, name.as_bytes()) {
        (Escaped, [b'"', first, ..]) if first.is_ascii_alphanumeric() => {
            format!("\"\\u{:04x}{}", first, &name[2..])
        }
        _ => name.to_owned(),
    }
}

/// Normalises the JSON, and drops the member that was put before the others.
fn normal(json: &str) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("zz");
                members.values_mut().for_each(strip);
            }
            Value::Array(elements) => elements.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let Ok(mut value) = serde_json::from_str::<Value>(json) else { return json.to_owned() };
    strip(&mut value);
    value.to_string()
}

/// The result with its JSON normalised.
fn comparable(mut record: Record) -> (Record, Option<String>) {
    record.deltas.clear();
    for call in &mut record.contents.calls {
        call.arguments = normal(&call.arguments);
    }
    for (_, json) in &mut record.contents.opaque {
        *json = normal(json);
    }
    // A reason that is not a string is cut if it is long.
    let word = |reason: Reason| {
        if reason.as_str().starts_with(['{', '[']) { "JSON".to_owned() } else { reason.to_string() }
    };
    let reason =
        record.reason.take().map(|reason| format!("{:?} {}", reason.outcome(), word(reason)));
    record.contents.reason = None;
    (record, reason)
}

/// Checks that the result is the same with rewritten events, all or some of them; returns how many
/// were rewritten.
fn compare(name: &str, stream: &[u8], answer: &Answer, ways: &[Option<Written>]) -> usize {
    let mut parser = Parser::<VecBuf>::new().with_notify(NOTIFY);
    let (mut ours, mut other) = (Follower::new(*answer), Follower::new(*answer));
    let (mut chunk, mut count) = (stream, 0);
    let mut ways = ways.iter().cycle();
    while let Some(item) = parser.next_item(&mut chunk).expect("within the bounds") {
        ours.take(&item, &mut |_| {});
        let written = match (item, ways.next()) {
            (Item::Event(event), Some(Some(how))) => {
                event.data().to_str().ok().and_then(|data| rewritten(data, *how))
            }
            _ => None,
        };
        match (item, written) {
            (Item::Event(event), Some(written)) => {
                let event = Event::new(&*written).with_type(event.event_type());
                other.take(&Item::Event(event), &mut |_| {});
                count += 1;
            }
            _ => other.take(&item, &mut |_| {}),
        }
    }
    let end = parser.finish();
    let [ours, other] = [ours, other].map(|follower| comparable(follower.finish(end)));
    assert_eq!(other, ours, "{name}, {ways:?}");
    count
}

#[test]
fn rewriting_json() {
    let data = r#"{"a":{"b":[1,"x\\\"}",{}],"c":null},"type":"t"}"#;
    for (how, expected) in [
        (Spaced, r#"{ "a" : { "b" : [ 1 , "x\\\"}" , { } ] , "c" : null } , "type" : "t" } "#),
        (Escaped, r#"{"\u0061":{"\u0062":[1,"x\\\"}",{}],"\u0063":null},"\u0074ype":"t"}"#),
        (Reversed, r#"{"type":"t","a":{"c":null,"b":[1,"x\\\"}",{}]}}"#),
    ] {
        assert_eq!(rewritten(data, how).as_deref(), Some(expected), "{how:?}");
    }
    assert_eq!(rewritten(r#"{"a":1,"a":2}"#, Spaced), None);
    assert_eq!(rewritten(r#"{"a":"#, Spaced), None);
    assert_eq!(rewritten(r#"{"type":"ping"}"#, Spaced), None);
}

/// A delta of each kind that the shortcut reads.
#[test]
fn usual_deltas() {
    let deltas: [(&'static Protocol, &[&str]); 3] = [
        (
            Protocol::CHAT,
            &[
                r#"{"choices":[{"index":0,"delta":{"content":"A"}}]}"#,
                r#"{"choices":[{"index":0,"delta":{"reasoning_content":"A"}}]}"#,
                r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"A"}}]}}]}"#,
            ],
        ),
        (
            Protocol::RESPONSES,
            &[
                r#"{"type":"response.output_text.delta","output_index":0,"delta":"A"}"#,
                r#"{"type":"response.reasoning_text.delta","output_index":0,"delta":"A"}"#,
                r#"{"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"A"}"#,
                r#"{"type":"response.function_call_arguments.delta","output_index":0,"delta":"A"}"#,
            ],
        ),
        (
            Protocol::MESSAGES,
            &[
                r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A"}}"#,
                r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"A"}}"#,
                r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"A"}}"#,
            ],
        ),
    ];
    for (protocol, deltas) in deltas {
        for delta in deltas {
            let answer = Answer::of(protocol);
            let event = Event::new(*delta);
            assert_ne!({ answer }.read(&event).count(), 0, "{delta}");
            for how in WAYS {
                let stream = format!("data: {delta}\n\n");
                assert_eq!(compare(delta, stream.as_bytes(), &answer, &[Some(how)]), 1);
            }
        }
    }
}

#[test]
fn rewritten_streams() {
    let mut count = 0;
    for case in cases() {
        for how in WAYS {
            count += compare(&case.name, case.stream.as_bytes(), &Answer::new(), &[Some(how)]);
        }
    }
    assert!(count > 2000, "{count} events");
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn rewritten_recorded_streams() {
    let (mut count, recorded) = (0, recorded());
    for (n, recorded) in recorded.iter().enumerate() {
        // Each in one way, for speed.
        let how = WAYS[n % WAYS.len()];
        count += compare(&recorded.name, &recorded.stream, &Answer::new(), &[Some(how)]);
    }
    assert!(count > 1000 || recorded.is_empty(), "{count} events");
}

proptest! {
    #![proptest_config(config(512))]

    /// Some events of a stream are read by the shortcut and others are not.
    #[test]
    fn some_events_rewritten(
        name in select(cases().iter().map(|case| case.name.clone()).collect::<Vec<_>>()),
        ways in vec(prop_oneof![Just(None), select(&WAYS[..]).prop_map(Some)], 1..6),
        is_fixed in any::<bool>(),
    ) {
        let all = cases();
        let case = all.iter().find(|case| case.name == name).expect("a case");
        let protocol = case.whole().protocol.and_then(Protocol::by_name).filter(|_| is_fixed);
        let answer = protocol.map_or_else(Answer::new, Answer::of);
        compare(&name, case.stream.as_bytes(), &answer, &ways);
    }
}
