//! Recorded streams of many providers give what the oracle gives, with each buffer that can hold
//! them, in any chunks.
//!
//! `sseam_testkit::recorded` describes where they are looked for.

use std::iter::from_fn;

use sseam::{ArrayBuf, Buffer, Notify, Parser, SliceBuf};
use sseam_testkit::recorded::Recorded;
use sseam_testkit::{Output, Setup, Trace, oracle, read};

/// Limits that no stream exceeds.
const WIDE: Setup = Setup { data: 4 << 20, meta: 1024, notify: Notify::ALL, flush: false };

/// Limits that most of them keep.
const IN_PLACE: Setup = Setup { data: 100_000, ..WIDE };

/// The streams that the manifest lists.
fn recorded() -> Vec<Recorded> {
    sseam_testkit::recorded::recorded("corpus", "MANIFEST.tsv")
}

/// How a stream is cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Nowhere,
    Every(usize),
    /// Chunks of 0 to 511 bytes, the same in each run.
    AtRandom,
}

const CUTS: [Cut; 6] =
    [Cut::Nowhere, Cut::Every(1), Cut::Every(7), Cut::Every(64), Cut::Every(1460), Cut::AtRandom];

impl Cut {
    fn chunks(self, stream: &[u8]) -> impl Iterator<Item = &[u8]> {
        let (mut rest, mut state) = (stream, 0x2545_F491_u32);
        from_fn(move || {
            let size = match self {
                Cut::Nowhere => rest.len(),
                Cut::Every(size) => size,
                Cut::AtRandom => {
                    // Xorshift.
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    state as usize % 512
                }
            };
            let (chunk, after) = rest.split_at(size.min(rest.len()));
            let is_left = !rest.is_empty();
            rest = after;
            is_left.then_some(chunk)
        })
    }
}

/// Reads the stream and compares each item with the expected one.
#[track_caller]
fn assert_as_expected<B: Buffer>(buffer: B, recorded: &Recorded, cut: Cut, expected: &Trace) {
    let context = || format!("{}, cut {cut:?}", recorded.name);
    let mut parser = Parser::with_buffer(buffer).with_notify(Notify::ALL);
    let mut outputs = expected.outputs.iter();
    for mut chunk in cut.chunks(&recorded.stream) {
        while let Some(item) = parser.next_item(&mut chunk).expect("within the bounds") {
            let item = Output::from(item);
            assert_eq!(Some(&item), outputs.next(), "{}", context());
        }
    }
    assert_eq!(outputs.next(), None, "{}", context());
    // The rest of the trace.
    let end = read(&mut parser, &[], false);
    assert_eq!(end, Trace { outputs: Vec::new(), ..expected.clone() }, "{}", context());
}

/// The manifest counts the events that the standard dispatches. A flush also dispatches the last
/// event of streams that end without a blank line.
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn event_counts_match_manifest() {
    let (mut data, mut meta) = (vec![0; WIDE.data], vec![0; 3 * WIDE.meta]);
    for recorded in recorded() {
        let mut events = |flush| {
            let mut parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
            let trace = read(&mut parser, &[&recorded.stream], flush);
            let events =
                trace.outputs.iter().filter(|output| matches!(output, Output::Event { .. }));
            (events.count(), trace.discarded)
        };
        let name = &recorded.name;
        let expected: usize = recorded.expected("events").parse().expect("a number of events");
        let mut quirks = recorded.expected("quirks").split(',');
        // The last event's blank line is missing.
        let is_cut_short = quirks.any(|quirk| quirk == "no-final-blank-line");
        assert!(expected > 0, "{name}");
        assert_eq!(events(false), (expected, is_cut_short), "{name}");
        assert_eq!(events(true), (expected + usize::from(is_cut_short), false), "{name}, flushed");
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn every_stream_with_slice_buf() {
    let (mut data, mut meta) = (vec![0; WIDE.data], vec![0; 3 * WIDE.meta]);
    for recorded in recorded() {
        let expected = oracle(&recorded.stream, &WIDE, WIDE.data);
        for cut in CUTS {
            assert_as_expected(SliceBuf::new(&mut data, &mut meta), &recorded, cut, &expected);
        }
    }
}

#[cfg(feature = "alloc")]
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn every_stream_with_vec_buf() {
    for recorded in recorded() {
        let expected = oracle(&recorded.stream, &WIDE, WIDE.data);
        for cut in CUTS {
            let buffer = sseam::VecBuf::with_limits(WIDE.data, WIDE.meta);
            assert_as_expected(buffer, &recorded, cut, &expected);
        }
    }
}

/// Skips streams with an event larger than the memory.
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn fitting_streams_with_array_buf() {
    let (mut fitting, mut all) = (0, 0);
    for recorded in recorded() {
        let expected = oracle(&recorded.stream, &IN_PLACE, IN_PLACE.data);
        all += 1;
        if expected.outputs != oracle(&recorded.stream, &WIDE, WIDE.data).outputs {
            continue;
        }
        fitting += 1;
        for cut in CUTS {
            let buffer = ArrayBuf::<{ IN_PLACE.data }, { IN_PLACE.meta }>::new();
            assert_as_expected(buffer, &recorded, cut, &expected);
        }
    }
    assert!(10 * fitting >= 9 * all, "only {fitting} of {all} streams fit");
}
