//! Any input gives a result that keeps the invariants of all results.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::llm::{Answer, Outcome, Protocol, Signal, Tracker};
use sseam::{End, Event, Item};
use sseam_testkit::llm::{Contents, Follower, Reader, ends};
use sseam_testkit::streams::{cases as config, stream};

use crate::cases::cases;

type Data = (Vec<u8>, Vec<u8>);

/// Feeds the events to an answer in each protocol, and checks the invariants.
fn feed(events: &[Data]) {
    let rows = Protocol::ALL.iter().copied().chain([Protocol::DONE]);
    for answer in rows.map(Answer::of).chain([Answer::new()]) {
        let mut follower = Follower::new(answer);
        let mut settled = None;
        for (event_type, data) in events {
            let item = Item::Event(Event::new(&data[..]).with_type(&event_type[..]));
            follower.take(&item, &mut |_| {});
            let tracker = *follower.answer.tracker();
            let outcomes = ends().map(|end| tracker.outcome(end));
            if let Some(outcome) = settled {
                assert_eq!(outcomes, [outcome; 3], "settled, {tracker:?}");
            } else if tracker.is_over() {
                assert_eq!(outcomes, [outcomes[0]; 3], "{tracker:?}");
                settled = Some(outcomes[0]);
            }
        }
        let tracker = follower.answer.tracker();
        let [clean, mid_event, broken] = ends().map(|end| tracker.outcome(end));
        let is_less = |outcome| outcome == clean || outcome == Outcome::Truncated;
        assert!(is_less(mid_event) && is_less(broken), "{tracker:?}");
        let record = follower.clone().finish(ends()[0]);
        assert_eq!(record.signals.len(), events.len());
        assert!(
            record
                .signals
                .trim_end_matches('.')
                .find(['T', 'S'])
                .is_none_or(|at| { record.signals[at + 1..].chars().all(|signal| signal == '.') })
        );
    }
}

/// Almost JSON, of names and values that some protocol uses.
fn jsonish() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        " ",
        "\n",
        "null",
        "true",
        "{}",
        "[]",
        "\"\"",
        "0",
        "-1",
        "18446744073709551616",
        "1e3",
        "\"type\"",
        "\"error\"",
        "\"errors\"",
        "\"choices\"",
        "\"finish_reason\"",
        "\"object\"",
        "\"delta\"",
        "\"content\"",
        "\"tool_calls\"",
        "\"index\"",
        "\"id\"",
        "\"function\"",
        "\"arguments\"",
        "\"name\"",
        "\"stop_reason\"",
        "\"candidates\"",
        "\"finishReason\"",
        "\"parts\"",
        "\"functionCall\"",
        "\"usage\"",
        "\"response\"",
        "\"output\"",
        "\"item\"",
        "\"status\"",
        "\"jsonrpc\"",
        "\"2.0\"",
        "\"result\"",
        "\"method\"",
        "\"event_type\"",
        "\"token\"",
        "\"generated_text\"",
        "\"response.completed\"",
        "\"response.output_item.done\"",
        "\"message_stop\"",
        "\"content_block_start\"",
        "\"message-end\"",
        "\"stop\"",
        "\"length\"",
        "\"STOP\"",
        "[DONE]",
        "\\u0065",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "é",
        "\u{0}",
        "{\"type\":",
        "{\"choices\":[{\"delta\":{",
        "{\"type\":\"response.completed\",\"response\":{\"output\":[{",
    ];
    vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

fn event() -> impl Strategy<Value = Data> {
    const LINES: &[&str] = &[
        "",
        "message",
        "error",
        "done",
        "end",
        "ping",
        "keepalive",
        "thread.run.failed",
        "response.created",
        "message_stop",
        "conversation.chat.completed",
        "complete",
        "return",
        "x",
    ];
    let line = select(LINES).prop_map(|name| name.as_bytes().to_vec());
    let line = prop_oneof![8 => line, 1 => vec(any::<u8>(), 0..60)];
    let payloads: Vec<String> = cases()
        .iter()
        .flat_map(|case| case.stream.lines().filter_map(|line| line.strip_prefix("data: ")))
        .filter(|payload| !payload.is_empty())
        .map(str::to_owned)
        .collect();
    // With one wrong byte, or truncated.
    let real = (select(payloads), any::<prop::sample::Index>(), any::<u8>(), 0..3).prop_map(
        |(payload, at, byte, how)| {
            let mut payload = payload.into_bytes();
            let at = at.index(payload.len());
            match how {
                0 => payload[at] = byte,
                1 => payload.truncate(at),
                _ => {}
            }
            payload
        },
    );
    let data = prop_oneof![4 => jsonish(), 3 => real, 1 => vec(any::<u8>(), 0..80)];
    (line, data)
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn events(events in vec(event(), 0..6)) {
        feed(&events);
    }

    #[test]
    fn streams(stream in stream(), flush in any::<bool>()) {
        let record = Reader::new().flush(flush).read(&[&stream], &mut Answer::new());
        // None of it has content.
        prop_assert_eq!(record.contents, Contents::default());
    }
}

/// Deep nesting does not overflow the stack.
#[test]
fn deep_and_large() {
    let deep = 100_000;
    for payload in [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{{\"x\":{}}}", "[".repeat(deep)),
        format!("{{\"choices\":[{}", "{\"finish_reason\":[".repeat(deep / 10)),
        format!("{{\"candidates\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        format!("{{\"type\":\"{}", "\\".repeat(deep)),
        " ".repeat(deep),
    ] {
        let mut answer = Answer::new();
        let event = Event::new(payload.as_bytes());
        assert_eq!(answer.read(&event).signal(), Signal::Payload);
        assert_eq!(answer.read(&event).count(), 0);
        assert_eq!(answer.outcome(None), Outcome::Truncated);
    }
    let sentinel = format!("{}[DONE]{}", " ".repeat(deep), " ".repeat(deep));
    assert_eq!(Tracker::new().observe(&Event::new(&*sentinel)), Signal::Sentinel);
}

/// `End` is what the parser returns, or `None` if the connection broke.
#[test]
fn broken_connection() {
    for protocol in Protocol::ALL {
        let tracker = Tracker::of(protocol);
        assert_eq!(tracker.outcome(None), tracker.outcome(End::Disconnected));
        assert_eq!(tracker.outcome(None), Outcome::Truncated);
    }
}
