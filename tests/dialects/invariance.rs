//! What is said of a stream does not depend on how it is cut.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::{Event, Tracker};

use sseam_testkit::cut;
use sseam_testkit::dialects::{Reader, Said, dialects};
use sseam_testkit::fixtures::FIXTURES;
use sseam_testkit::streams::cases;

/// What each dialect says of the chunks.
fn each(chunks: &[&[u8]], flush: bool) -> Vec<(&'static str, Said)> {
    let mut reader = Reader::new();
    let say = |mut dialect: Box<dyn sseam::dialect::Dialect>| {
        let said = reader.read(chunks, flush, &mut Tracker::new(&mut *dialect));
        (dialect.name(), said)
    };
    dialects().into_iter().map(say).collect()
}

#[test]
fn byte_by_byte() {
    for fixture in FIXTURES {
        let stream = fixture.stream.as_bytes();
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(each(&[stream], false), each(&single, false), "{}", fixture.name);
    }
}

/// Parts of streams, of all dialects together.
pub fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let literal = |pieces: &'static [&'static str]| select(pieces).prop_map(str::to_owned);
    let event = prop_oneof![
        4 => literal(EVENTS),
        1 => select((0..FIXTURES.len()).collect::<Vec<_>>())
            .prop_map(|n| FIXTURES[n].stream.to_owned()),
        1 => literal(LINES),
    ];
    vec(event, 0..8).prop_map(|events| events.concat().into_bytes())
}

const EVENTS: &[&str] = &[
    "data: [DONE]\n\n",
    "data:[DONE]  \r\n\r\n",
    "event: done\ndata: {}\n\n",
    "event: error\ndata: no\n\n",
    "data: {\"error\":{\"message\":\"no\"}}\n\n",
    "data: {\"error\":null,\"type\":\"x\"}\n\n",
    "data: {\"type\":\"error\"}\n\n",
    "data: {\"type\":\"ping\"}\n\n",
    "data: {\"type\":\"keepalive\",\"sequence_number\":1}\n\n",
    "data: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
    "data: {\"type\":\"response.in_progress\",\"sequence_number\":1}\n\n",
    "data: {\"sequence_number\":2,\ndata: \"type\":\"response.completed\"}\n\n",
    "data: {\"type\":\"response.failed\",\"sequence_number\":3}\n\n",
    "data: {\"type\":\"response.incomplete\"\n\n",
    "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[{\"finish_reason\":\"error\"}]}\n\n",
    "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
    "data: {\"candidates\":[{\"finishReason\":\"SAFETY\"}]}\n\n",
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}\n\n",
    "data: {\"type\":\"message_stop\"}\n\n",
    "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\"}}\n\n",
    "event: thread.run.failed\ndata: {}\n\n",
];

const LINES: &[&str] = &[
    "event: end\n\n",
    "event: done\n\n",
    "event: error\n\n",
    "error: {\"code\":500}\n\n",
    "  \"error\": {\n    \"code\": 499\n  }\n}",
    ": ping\n\n",
    "data: {\"type\":\"response.completed\"}\n",
    "\n",
    "data",
];

/// Names that mean something, and those that begin or end as they do.
const NAMES: &[&str] = &[
    "response.completed",
    "response.incomplete",
    "response.failed",
    "response.created",
    "response.output_text.delta",
    "response.complete",
    "response.completed.x",
    "response.compl\\u0065ted",
    "response.\\u0063ompleted",
    "r\\u0065sponse.failed",
    "response.",
    "response",
    "error",
    "\\u0065rror",
    "err",
    "ping",
    "keepalive",
    "pin\\u0067",
    "message_stop",
    "message_delta",
    "message_start",
    "m\\u0065ssage_stop",
    "message-end",
    "message\\u002dend",
    "message-start",
    "content_block_delta",
    "content-delta",
    "",
    "\\",
    "done",
    "message",
];

proptest! {
    #![proptest_config(cases(192))]

    /// The same event, once as providers write it, which is looked at in a
    /// hurry, and once with a space in front.
    #[test]
    fn spaced_otherwise(
        name in select(NAMES),
        line in select(NAMES),
        is_ended in any::<bool>(),
        rest in select(&[
            "}", "", ",\"delta\":\"x\"}", ",\"delta\":{\"stop_reason\":\"refusal\"}}", ",\"error\":{}}",
            ",\"sequence_number\":0}", "x}",
        ][..]),
    ) {
        let quote = if is_ended { "\"" } else { "" };
        let data = format!("{{\"type\":\"{name}{quote}{rest}");
        let spaced = data.replacen('{', "{ ", 1);
        for (mut one, mut other) in dialects().into_iter().zip(dialects()) {
            let (mut one, mut other) = (Tracker::new(&mut *one), Tracker::new(&mut *other));
            let signal = one.observe(&Event::new(&*data).with_type(line));
            prop_assert_eq!(signal, other.observe(&Event::new(&*spaced).with_type(line)));
            prop_assert_eq!(one.outcome(), other.outcome());
            prop_assert_eq!(one.violation(), other.violation());
            // What was remembered.
            for tracker in [&mut one, &mut other] {
                tracker.observe(&Event::new("[DONE]"));
            }
            prop_assert_eq!(one.outcome(), other.outcome());
        }
    }

    #[test]
    fn cut_anywhere(
        stream in pieces(),
        offsets in vec(0_usize..2000, 0..12),
        flush in any::<bool>(),
    ) {
        let offsets: Vec<usize> = offsets.iter().map(|at| at % (stream.len() + 1)).collect();
        let whole = each(&[&stream], flush);
        prop_assert_eq!(&each(&cut(&stream, &offsets), flush), &whole);
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&each(&single, flush), &whole);
    }
}
