//! Most events are one more piece of text, and their first bytes tell so. What
//! those bytes cannot tell is read all the same.

use super::rules::each;

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

/// Then nothing is searched at all. The work is counted by the library itself, in
/// bytes, with the feature `__work`.
#[cfg(feature = "__work")]
#[test]
fn a_piece_of_text_is_not_looked_into() {
    use sseam::dialect::{CohereChat, Dialect, Messages, Responses};
    use sseam::{Event, Signal, Tracker, work};

    fn check<D: Dialect>(dialect: D, types: &[&str]) {
        let mut tracker = Tracker::new(dialect);
        for event_type in types {
            let data = format!(r#"{{"type":"{event_type}","delta":"some more text, or a name"}}"#);
            let _ = work::take();
            let signal = tracker.observe(&Event::new(&*data));
            assert_eq!((signal, work::take()), (Signal::Message, (0, 0)), "{event_type}");
        }
        // But a keep-alive is.
        let data = r#"{"type":"ping","sequence_number":3,"more":"than a few bytes"}"#;
        assert_eq!(tracker.observe(&Event::new(data)), Signal::Ignore);
        assert_ne!(work::take(), (0, 0), "{}", tracker.dialect().name());
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
