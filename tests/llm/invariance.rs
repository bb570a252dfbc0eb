//! Results do not depend on chunk boundaries, nor on how many deltas are requested.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::llm::{Answer, Protocol};
use sseam_testkit::cut;
use sseam_testkit::llm::Reader;
use sseam_testkit::streams::cases as config;

use crate::cases::cases;

/// Lines and events of no protocol, or of several.
const PARTS: &[&str] = &[
    "data: [DONE]\n\n",
    "data:[DONE]  \r\n\r\n",
    "event: done\ndata: {}\n\n",
    "event: done\n\n",
    "event: end\n\n",
    "event: error\n\n",
    "event: error\ndata: no\n\n",
    "event: ping\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
    "error: {\"code\":500}\n\n",
    "  \"error\": {\n    \"code\": 499\n  }\n}\n",
    "{\"error\":\"no\"}\n",
    "[{\"error\":{\"code\":1}}]\n\n",
    ": ping\n\n",
    "data\n\n",
    "data: ping\n\n",
    "data: {\"error\":{\"message\":\"no\"}}\n\n",
    "data: {\"error\":null,\"type\":\"x\"}\n\n",
    "data: {\"type\":\"error\"}\n\n",
    "data: {\"type\":\"keepalive\",\"sequence_number\":1}\n\n",
    "data: {\"sequence_number\":2,\ndata: \"type\":\"response.completed\"}\n\n",
    "data: {\"type\":\"response.incomplete\"\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"\\ude00\"}}]}\n\n",
    "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\\ud83d\"}}]}}]}\n\n",
    "data: {\"choices\":[{\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1}}\n\n",
    "data: {\"candidates\":[{\"finishReason\":\"SAFETY\"}]}\n\n",
    "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n",
    "event: thread.run.failed\ndata: {}\n\n",
    "data: {\"type\":\"response.completed\"}\n",
    "\n",
    "\r\n",
];

/// Events of all protocols: mostly of one, otherwise blocks of several.
fn mixture() -> impl Strategy<Value = Vec<u8>> {
    let streams: Vec<Vec<u8>> = cases().into_iter().map(|case| case.stream.into_bytes()).collect();
    let blocks: Vec<Vec<u8>> = cases()
        .iter()
        .flat_map(|case| case.stream.split_inclusive("\n\n").map(str::as_bytes).map(<[u8]>::to_vec))
        .collect();
    let part = || {
        prop_oneof![
            4 => select(blocks.clone()),
            2 => select(PARTS).prop_map(|part| part.as_bytes().to_vec()),
        ]
    };
    let few = vec(part(), 0..3).prop_map(|parts| parts.concat());
    prop_oneof![
        2 => (few, select(streams)).prop_map(|(front, stream)| [front, stream].concat()),
        3 => vec(part(), 0..10).prop_map(|parts| parts.concat()),
    ]
}

/// An answer in any protocol, or one that detects it.
fn answer() -> impl Strategy<Value = Answer> {
    let rows: Vec<_> = Protocol::ALL.iter().copied().chain([Protocol::DONE]).collect();
    prop_oneof![3 => Just(Answer::new()), 1 => select(rows).prop_map(Answer::of)]
}

proptest! {
    #![proptest_config(config(384))]

    #[test]
    fn any_chunks(
        stream in mixture(),
        answer in answer(),
        offsets in vec(any::<prop::sample::Index>(), 0..12),
        flush in any::<bool>(),
        room in select(&[64_usize, 100_000][..]),
    ) {
        let offsets: Vec<usize> =
            offsets.iter().map(|at| at.index(stream.len() + 1)).collect();
        let mut reader = Reader::with_room(room).flush(flush);
        let whole = reader.read(&[&stream], &mut answer.clone());
        let pieces = cut(&stream, &offsets);
        prop_assert_eq!(&reader.read(&pieces, &mut answer.clone()), &whole);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&reader.read(&bytes, &mut answer.clone()), &whole);
    }

    /// A loop may stop early: the deltas that it did not request still count.
    #[test]
    fn any_number_of_deltas(
        stream in mixture(),
        answer in answer(),
        most in 0_usize..3,
    ) {
        let (mut all, mut some) = (answer, answer);
        let record = Reader::new().read(&[&stream], &mut all);
        let less = Reader::new().at_most(most).read(&[&stream], &mut some);
        prop_assert_eq!(format!("{some:?}"), format!("{all:?}"));
        prop_assert_eq!(less.signals, record.signals);
        prop_assert_eq!(less.outcome, record.outcome);
    }
}
