//! The end of a stream and errors. That nothing follows the end, and that the transport is not read
//! again after it, every other test checks through the functions of the table.

use bytes::Bytes;
use proptest::prelude::*;
use sseam::{Error, Field};
use sseam_testkit::script::{Act, Script};
use sseam_testkit::streams::{cases, setup, stream};
use sseam_testkit::table::{ADAPTERS, Adapter, Seen};
use sseam_testkit::{Output, Setup, cut, cut_anywhere};

/// The number of events, and whether something was discarded.
type Result = (usize, bool);

/// A stream, and the result without and with a flush.
const ENDS: &[(&str, Result, Result)] = &[
    ("", (0, false), (0, false)),
    ("data: a\n\n", (1, false), (1, false)),
    (": comment\n", (0, false), (0, false)),
    // As some servers end a stream.
    ("data: a\n\ndata: [DONE]", (2, false), (1, true)),
    ("data: a\n\ndata: [DONE]\n", (2, false), (1, true)),
    // Cut in a line, or in a block without data.
    ("data: a\n\nda", (1, false), (1, true)),
    ("data: a\n\nid: 1\n", (1, false), (1, true)),
];

#[test]
fn end_reports_discarded_event() {
    for &(stream, flushed, not_flushed) in ENDS {
        for (flush, expected) in [(true, flushed), (false, not_flushed)] {
            for adapter in ADAPTERS {
                let trace = adapter.trace(&Setup { flush, ..Setup::ROOMY }, &[stream.as_bytes()]);
                let result = (trace.outputs.len(), trace.discarded);
                assert_eq!(result, expected, "{stream:?}, flush {flush}, {}", adapter.name);
            }
        }
    }
}

// Errors are reported and nothing else is lost.

fn seen(adapter: &Adapter, setup: &Setup, acts: &[Act]) -> Vec<Seen> {
    let mut all = Vec::new();
    let _ = (adapter.read)(setup, Script::new(acts.iter().cloned()), &mut |seen| all.push(seen));
    all
}

fn bring(chunks: &[&[u8]]) -> Vec<Act> {
    chunks.iter().map(|chunk| Act::Bring(Bytes::copy_from_slice(chunk))).collect()
}

#[test]
fn oversized_event_then_intact_one() {
    let stream = b"data: one\n\ndata: three\nid: 3\n\nevent: t\ndata: two\n\n";
    let event = |event_type: &str, data: &str| {
        Seen::Output(Output::Event {
            event_type: event_type.into(),
            data: data.into(),
            id: Vec::new(),
        })
    };
    let too_large = Error::TooLarge { field: Field::Data, limit: 4 };
    let expected =
        [event("message", "one"), Seen::Output(Output::Error(too_large)), event("t", "two")];
    for adapter in ADAPTERS {
        for chunks in cut_anywhere(stream) {
            let setup = Setup { data: 4, ..Setup::ROOMY };
            assert_eq!(seen(adapter, &setup, &bring(&chunks)), expected, "{}", adapter.name);
        }
    }
}

/// A transport error, too, at the end of a flushed stream.
#[test]
fn oversized_event_at_end() {
    for adapter in ADAPTERS {
        let setup = Setup { data: 4, flush: true, ..Setup::ROOMY };
        // The last line exceeds the limit, or what its missing end would dispatch does.
        for stream in [&b"data: a\n\ndata: three"[..], b"data: a\n\ndata: four\ndata"] {
            let outputs = seen(adapter, &setup, &bring(&[stream]));
            assert_eq!(outputs.len(), 2, "{}: {outputs:?}", adapter.name);
        }
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn transport_errors_lose_nothing(
        stream in stream(),
        setup in setup(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        let whole = bring(&cut(&stream, &offsets));
        let failing: Vec<Act> =
            whole.iter().flat_map(|act| [Act::Fail, act.clone()]).chain([Act::Fail]).collect();
        for adapter in ADAPTERS {
            let mut with_failures = seen(adapter, &setup, &failing);
            let failures = with_failures.iter().filter(|seen| **seen == Seen::Failure).count();
            prop_assert_eq!(failures, whole.len() + 1, "each failure once, {}", adapter.name);
            with_failures.retain(|seen| *seen != Seen::Failure);
            prop_assert_eq!(with_failures, seen(adapter, &setup, &whole), "{}", adapter.name);
        }
    }
}
