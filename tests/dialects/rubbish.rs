//! Whatever comes, there is an answer.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::{Event, Outcome, Signal, Tracker};

use sseam_testkit::dialects::{Reader, dialects, ends};
use sseam_testkit::fixtures::FIXTURES;
use sseam_testkit::streams::{cases, stream};

/// Hands each dialect the events, and checks what holds of any.
fn feed(events: &[(Vec<u8>, Vec<u8>)]) {
    for mut dialect in dialects() {
        let (name, mut over) = (dialect.name(), false);
        let mut tracker = Tracker::new(&mut *dialect);
        for (event_type, data) in events {
            let signal = tracker.observe(&Event::new(&data[..]).with_type(&event_type[..]));
            if over {
                assert_eq!(signal, Signal::Ignore, "{name}, after the terminal");
            }
            over |= signal.is_end();
            assert_eq!(tracker.is_over(), over, "{name}");
            let violation = tracker.violation();
            assert!(violation.is_none() || name == "responses-strict", "{name}: {violation:?}");
        }
        let [between, in_the_middle] = ends().map(|end| tracker.finish(end));
        assert!(between == in_the_middle || in_the_middle == Outcome::Truncated, "{name}");
        let outcome = between;
        assert!(outcome != Outcome::Unknown || name == "auto", "{name}: {outcome}");
        assert!(over || outcome != Outcome::Failed || name == "chat", "{name}: {outcome}");
    }
}

/// Nearly JSON, of what means something to a dialect.
fn jsonish() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(
        &[
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
            "{}",
            "[]",
            "\"\"",
            "0",
            "18446744073709551616",
            "\"type\"",
            "\"error\"",
            "\"choices\"",
            "\"finish_reason\"",
            "\"object\"",
            "\"sequence_number\"",
            "\"delta\"",
            "\"stop_reason\"",
            "\"candidates\"",
            "\"finishReason\"",
            "\"promptFeedback\"",
            "\"blockReason\"",
            "\"response.completed\"",
            "\"message_stop\"",
            "\"message-end\"",
            "\"stop\"",
            "\"length\"",
            "\"STOP\"",
            "[DONE]",
            "\\u0065",
            "\"\\ud83d\"",
            "é",
            "\u{0}",
            "{\"type\":",
            "{\"choices\":[{",
        ][..],
    );
    vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

fn event() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let event_type = select(
        &[
            "",
            "message",
            "error",
            "done",
            "ping",
            "keepalive",
            "thread.run.failed",
            "response.created",
            "message_stop",
            "x",
        ][..],
    )
    .prop_map(|name| name.as_bytes().to_vec());
    let event_type = prop_oneof![8 => event_type, 1 => vec(any::<u8>(), 0..60)];
    let real = select((0..FIXTURES.len()).collect::<Vec<_>>()).prop_flat_map(|n| {
        let payloads: Vec<&str> =
            FIXTURES[n].stream.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        // Broken at one byte, or cut.
        (select(payloads), any::<prop::sample::Index>(), any::<u8>(), any::<bool>()).prop_map(
            |(payload, at, byte, is_cut)| {
                let mut payload = payload.as_bytes().to_vec();
                let at = at.index(payload.len());
                payload[at] = byte;
                if is_cut {
                    payload.truncate(at);
                }
                payload
            },
        )
    });
    let data = prop_oneof![4 => jsonish(), 2 => real, 1 => vec(any::<u8>(), 0..80)];
    (event_type, data)
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn events(events in vec(event(), 0..6)) {
        feed(&events);
    }

    #[test]
    fn streams(stream in stream(), flush in any::<bool>()) {
        for mut dialect in dialects() {
            Reader::new().read(&[&stream], flush, &mut Tracker::new(&mut *dialect));
        }
    }
}

/// Deep nesting overflows no stack, and a large event takes no longer than its
/// bytes are many.
#[test]
fn deep_and_large() {
    let deep = 200_000;
    for payload in [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{{\"x\":{}}}", "[".repeat(deep)),
        format!("{{\"choices\":[{}", "{\"finish_reason\":[".repeat(deep / 10)),
        format!("{{\"candidates\":{}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("{{{}\"type\":\"x\"}}", "\"error\":null,".repeat(deep / 10)),
        format!("{{\"choices\":[{}{{}}]}}", "{\"finish_reason\":\"stop\"},".repeat(deep / 10)),
        format!("{{\"type\":\"{}", "\\".repeat(deep)),
        " ".repeat(deep),
        format!("{}[DONE]{}", " ".repeat(deep), " ".repeat(deep)),
    ] {
        feed(&[(Vec::new(), payload.into_bytes())]);
    }
}
