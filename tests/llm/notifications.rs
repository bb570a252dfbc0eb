//! Servers that fail or end a stream with lines that the standard ignores: every order of a few
//! such lines and blocks among events of Chat Completions.

use sseam::llm::Outcome::{self, Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::llm::{Answer, Protocol, Tracker};
use sseam::{ArrayBuf, Item, Notify, Parser};
use sseam_testkit::llm::{Reader, read};

/// The effect of a part of a stream.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    /// Nothing, whatever precedes or follows it.
    Nothing,
    /// Identifies the protocol.
    Text,
    Reason(Outcome),
    /// Ends the stream in Chat Completions: as the reason says, otherwise completed.
    Sentinel,
    /// Ends the reading, like the end of the stream; if no protocol is known, completed.
    Ends,
    /// Like `Ends`, if no protocol is known.
    EndsUnlessKnown,
    /// A line of a body that is not an event stream.
    Body,
    Fails(&'static str),
}
use Does::{Body, Ends, EndsUnlessKnown, Fails, Nothing, Reason, Sentinel, Text};

const PARTS: &[(Does, &str)] = &[
    (Nothing, ": a comment\n\n"),
    (Nothing, "x: {\"error\":\"no\"}\n\n"),
    (Nothing, "event: ping\n\n"),
    (Nothing, "error: null\n\n"),
    (Nothing, "retry: 5\nid: 1\n\n"),
    (Text, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"),
    (Reason(Completed), "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"),
    (Reason(Incomplete), "data: {\"choices\":[{\"finish_reason\":\"length\"}]}\n\n"),
    (Sentinel, "data: [DONE]\n\n"),
    (Ends, "event: done\n\n"),
    (EndsUnlessKnown, "event: end\n\n"),
    (Body, "<p>Good day</p>\n\n"),
    (Body, "{\"error\":null}\n\n"),
    (Fails(""), "event: error\n\n"),
    (Fails("one"), "error: {\"code\":500,\"message\":\"one\"}\n\n"),
    (Fails("two"), "error: two\n\n"),
    (Fails("three"), "{\"error\":\"three\"}\n\n"),
    (Fails("four"), "{\n  \"error\": {\n    \"code\": 499,\n    \"message\": \"four\"\n  }\n}\n\n"),
    (Fails("five"), "[{\n  \"error\": {\n    \"message\": \"five\"\n  }\n}\n]\n\n"),
    (Fails("six"), "{\"detail\":\"six\"}\n\n"),
];

/// The expected result of the parts, by the rules and without the library.
fn expected(parts: &[(Does, &str)]) -> (Option<&'static str>, Outcome, String) {
    let (mut is_chat, mut reason, mut has_body) = (false, None, false);
    for (does, _) in parts {
        match does {
            Nothing => {}
            Text => is_chat = true,
            Reason(outcome) => {
                is_chat = true;
                reason = if reason == Some(Incomplete) { reason } else { Some(*outcome) };
            }
            Sentinel => {
                let name = if is_chat { "chat" } else { "done" };
                return (Some(name), reason.unwrap_or(Completed), String::new());
            }
            Ends if is_chat => {
                return (Some("chat"), reason.unwrap_or(Truncated), String::new());
            }
            EndsUnlessKnown if is_chat => {}
            Ends | EndsUnlessKnown => return (None, Completed, String::new()),
            Body => has_body = true,
            Fails(message) => {
                let name = if is_chat { Some("chat") } else { None };
                return (name, Failed, (*message).to_owned());
            }
        }
    }
    let outcome = match (is_chat, reason) {
        (_, Some(outcome)) => outcome,
        (false, _) if has_body => Unknown,
        _ => Truncated,
    };
    (if is_chat { Some("chat") } else { None }, outcome, String::new())
}

#[test]
fn every_order_of_three() {
    let mut reader = Reader::with_room(1024);
    for (a, first) in PARTS.iter().enumerate() {
        for (b, second) in PARTS.iter().enumerate().filter(|(b, _)| *b != a) {
            for (_, third) in PARTS.iter().enumerate().filter(|(c, _)| *c != a && *c != b) {
                let parts = [*first, *second, *third];
                let stream = parts.map(|(_, part)| part).concat();
                let record = reader.read(&[stream.as_bytes()], &mut Answer::new());
                let [_, _, message] = record.contents.error.unwrap_or_default();
                let found = (record.protocol, record.outcome, message.unwrap_or_default());
                assert_eq!(found, expected(&parts), "{stream}");
            }
        }
    }
}

/// Without selected notifications the stream ends as its events say.
#[test]
fn unselected_notifications() {
    for (does, part) in PARTS {
        let stream = format!("data: {{\"choices\":[]}}\n\n{part}");
        let mut parser = Parser::<ArrayBuf<1024>>::default();
        let (mut chunk, mut tracker) = (stream.as_bytes(), Tracker::new());
        while let Some(item) = parser.next_item(&mut chunk).expect("room") {
            assert!(matches!(item, Item::Event(_)));
            tracker.notice(&item);
        }
        let expected = match does {
            Reason(outcome) => *outcome,
            Sentinel => Completed,
            _ => Truncated,
        };
        assert_eq!(tracker.outcome(parser.finish()), expected, "{part}");
    }
}

/// Comments and changes of the reconnection time are ignored.
#[test]
fn ignored_notifications() {
    let stream = "data: {\"choices\":[]}\n\n: error\nretry: 7\nevent: x\n\nx: {\"error\":{}}\n\n";
    let mut parser = Parser::<ArrayBuf<1024>>::default().with_notify(Notify::ALL);
    let (mut chunk, mut answer) = (stream.as_bytes(), Answer::new());
    let mut signals = Vec::new();
    while let Some(item) = parser.next_item(&mut chunk).expect("room") {
        let mut reading = answer.read_item(&item);
        signals.push(reading.signal().as_str());
        assert!(reading.next().is_none());
    }
    assert_eq!(signals, ["payload", "ignored", "ignored", "ignored", "ignored"]);
    assert!(!answer.tracker().is_over());
}

#[test]
fn error_on_several_lines() {
    for stream in [
        "{\n\"error\": {\n\"code\": 429,\n\"message\": \"slow down\",\n\"status\": \"BUSY\"\n}\n}\n",
        "{\n  \"error\" : {\n    \"status\": \"BUSY\",\n    \"message\": \"slow down\",\n    \"code\": 429}}",
        "{\"error\": {\"code\": 429, \"message\": \"slow down\", \"status\": \"BUSY\"}}",
        "[{\"error\": {\"code\": 429, \"message\": \"slow down\", \"status\": \"BUSY\"}}]\n",
        "[\n{\n\"error\": {\n\"code\": 429,\n\"message\": \"slow down\",\n\"status\": \"BUSY\"\n",
    ] {
        for stream in [stream.to_owned(), stream.replace('\n', "\r\n"), stream.replace('\n', "\r")]
        {
            let record = read(&stream);
            let error = record.contents.error.expect("an error");
            let [kind, code, message] = error.each_ref().map(Option::as_deref);
            assert_eq!(message, Some("slow down"), "{stream}");
            assert_eq!((kind, code), (Some("BUSY"), Some("429")), "{stream}");
            assert_eq!((record.outcome, record.noticed.as_str()), (Failed, "T"), "{stream}");
        }
    }
}

/// JSON-RPC, tRPC and streams whose payloads are not read have no such errors.
#[test]
fn protocols_with_own_errors() {
    for protocol in [Protocol::JSON_RPC, Protocol::A2A, Protocol::TRPC, Protocol::DONE] {
        for stream in ["error: {\"code\":500}\n\n", "error: no\n\n", "{\"error\":\"no\"}\n\n"] {
            let mut answer = Answer::of(protocol);
            let record = Reader::new().read(&[stream.as_bytes()], &mut answer);
            assert_ne!(record.outcome, Failed, "{protocol:?}: {stream}");
        }
        // A block with the event type `error` is one in all protocols.
        let mut answer = Answer::of(protocol);
        assert_eq!(Reader::new().read(&[b"event: error\n\n"], &mut answer).outcome, Failed);
    }
}
