//! The end of a stream, which comes once; that nothing follows it, and that the transport
//! is not asked again, the table's functions hold in every other test.

use bytes::Bytes;
use proptest::prelude::*;
use sseam::{Error, Field};
use sseam_testkit::script::{Act, Script};
use sseam_testkit::streams::{cases, setup, stream};
use sseam_testkit::table::{ADAPTERS, Adapter, Seen};
use sseam_testkit::{Setup, Output, cut, cut_anywhere};

/// How many events came, and whether something was discarded.
type Came = (usize, bool);

/// A stream, and what comes of it with and without a flush.
const ENDS: &[(&str, Came, Came)] = &[
    ("", (0, false), (0, false)),
    ("data: a\n\n", (1, false), (1, false)),
    (": comment\n", (0, false), (0, false)),
    // As some servers end.
    ("data: a\n\ndata: [DONE]", (2, false), (1, true)),
    ("data: a\n\ndata: [DONE]\n", (2, false), (1, true)),
    // Cut in a line, or in a block without data.
    ("data: a\n\nda", (1, false), (1, true)),
    ("data: a\n\nid: 1\n", (1, false), (1, true)),
];

#[test]
fn it_says_whether_something_was_discarded() {
    for &(stream, flushed, not_flushed) in ENDS {
        for (flush, expected) in [(true, flushed), (false, not_flushed)] {
            for adapter in ADAPTERS {
                let trace = adapter.trace(&Setup { flush, ..Setup::ROOMY }, &[stream.as_bytes()]);
                let came = (trace.outputs.len(), trace.discarded);
                assert_eq!(came, expected, "{stream:?}, flush {flush}, {}", adapter.name);
            }
        }
    }
}

// What goes wrong is told, and nothing else is lost to it.

fn seen(adapter: &Adapter, setup: &Setup, acts: &[Act]) -> Vec<Seen> {
    let mut all = Vec::new();
    let _ = (adapter.read)(setup, Script::new(acts.iter().cloned()), &mut |seen| all.push(seen));
    all
}

fn bring(chunks: &[&[u8]]) -> Vec<Act> {
    chunks.iter().map(|chunk| Act::Bring(Bytes::copy_from_slice(chunk))).collect()
}

#[test]
fn an_event_over_a_bound_is_told_once_and_the_next_is_intact() {
    let stream = b"data: one\n\ndata: three\nid: 3\n\nevent: t\ndata: two\n\n";
    let event = |event_type: &str, data: &str| {
        Seen::Output(Output::Event { event_type: event_type.into(), data: data.into(), id: Vec::new() })
    };
    let too_large = Error::TooLarge { field: Field::Data, limit: 4 };
    let expected = [event("message", "one"), Seen::Output(Output::Error(too_large)), event("t", "two")];
    for adapter in ADAPTERS {
        for chunks in cut_anywhere(stream) {
            let setup = Setup { data: 4, ..Setup::ROOMY };
            assert_eq!(seen(adapter, &setup, &bring(&chunks)), expected, "{}", adapter.name);
        }
    }
}

/// Of the transport too, at the end of a stream that is flushed.
#[test]
fn an_event_over_a_bound_at_the_end_is_told_once() {
    for adapter in ADAPTERS {
        let setup = Setup { data: 4, flush: true, ..Setup::ROOMY };
        let outputs = seen(adapter, &setup, &bring(&[b"data: a\n\ndata: three"]));
        assert_eq!(outputs.len(), 2, "{}: {outputs:?}", adapter.name);
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_transport_that_fails_and_goes_on_loses_nothing(
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
            prop_assert_eq!(failures, whole.len() + 1, "each failure, once, by {}", adapter.name);
            with_failures.retain(|seen| *seen != Seen::Failure);
            prop_assert_eq!(with_failures, seen(adapter, &setup, &whole), "{}", adapter.name);
        }
    }
}
