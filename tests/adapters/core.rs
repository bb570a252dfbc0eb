//! Every adapter tells what the parser tells of the same bytes, however they come.

use proptest::collection::vec;
use proptest::prelude::*;
use sseam::adapter::io::EventReader;
use sseam::{Parser, SliceBuf};
use sseam_testkit::cases::CASES;
use sseam_testkit::script::Script;
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::table::{ADAPTERS, io_buffered, parser};
use sseam_testkit::{Trace, Setup, Output, cut, cut_anywhere, oracle, show};

/// How much a `VecBuf` holds besides the data while a line is under way.
fn scratch(setup: &Setup) -> usize {
    setup.data + setup.meta
}

#[track_caller]
fn assert_as_oracle(setup: &Setup, stream: &[u8], chunks: &[&[u8]]) {
    let all = oracle(stream, setup, scratch(setup));
    let is_event = |output: &&Output| matches!(output, Output::Event { .. } | Output::Error(_));
    let events = all.outputs.iter().filter(is_event).cloned().collect();
    let events = Trace { outputs: events, ..all.clone() };
    for adapter in ADAPTERS {
        let expected = if adapter.notifies { &all } else { &events };
        let trace = adapter.trace(setup, chunks);
        assert_eq!(trace, *expected, "{}, {setup:?}, {:?}", adapter.name, show(chunks));
    }
}

#[test]
fn every_case_of_the_standard() {
    for case in CASES {
        let sets = case.splits.iter().map(|offsets| cut(case.input, offsets));
        let between_all_bytes: Vec<usize> =
            (0..=case.input.len()).flat_map(|at| [at, at]).collect();
        for chunks in sets.chain([vec![case.input], cut(case.input, &between_all_bytes)]) {
            assert_as_oracle(&Setup::ROOMY, case.input, &chunks);
        }
        if case.input.len() <= 100 {
            for chunks in cut_anywhere(case.input) {
                assert_as_oracle(&Setup::ROOMY, case.input, &chunks);
            }
        }
    }
}

#[test]
fn every_case_from_readers_with_large_and_small_buffers() {
    for case in CASES {
        let expected = oracle(case.input, &Setup::ROOMY, scratch(&Setup::ROOMY));
        for capacity in [1, 2, 3, 7, 8192] {
            let trace = io_buffered(&Setup::ROOMY, case.input, capacity);
            assert_eq!(trace, expected, "{} ({}), {capacity} bytes", case.name, case.note);
        }
    }
}

/// Where lent bytes lie is found by their addresses, of which these are neighbours.
#[test]
fn a_parser_whose_memory_is_beside_the_chunk() {
    let stream = b"event: t\ndata: a\ndata: b\n\n";
    for chunk_at in [0, 3, 6] {
        let mut memory = [0; 6 + 26];
        memory[chunk_at..][..26].copy_from_slice(stream);
        let (before, behind) = memory.split_at_mut(chunk_at);
        let (chunk, behind) = behind.split_at_mut(26);
        let (data, meta) = match chunk_at {
            0 => behind.split_at_mut(3),
            3 => (before, behind),
            _ => before.split_at_mut(3),
        };
        let parser = Parser::with_buffer(SliceBuf::new(data, meta));
        let mut events = EventReader::with_parser(&*chunk, parser);
        let event = events.next_event().unwrap().unwrap();
        assert_eq!((event.event_type(), event.data()), ("t".into(), "a\nb".into()));
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn any_stream_that_comes_in_any_way(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        twice in any::<bool>(),
    ) {
        let mut offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        if twice {
            // So that empty chunks come between.
            offsets.extend(offsets.clone());
        }
        assert_as_oracle(&setup, &stream, &cut(&stream, &offsets));
    }

    #[test]
    fn any_stream_from_readers_with_large_and_small_buffers(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
    ) {
        let expected = oracle(&stream, &setup, scratch(&setup));
        for capacity in [1, 2, 3, 7, 8192] {
            prop_assert_eq!(&io_buffered(&setup, &stream, capacity), &expected, "{} bytes", capacity);
        }
    }
}

// Nothing is awaited that is not needed: what a chunk completes is told before the
// transport is asked for the next one.

/// Each item and error, with the number of chunks that the parser needs for it.
fn needed(setup: &Setup, chunks: &[&[u8]]) -> Vec<(usize, Output)> {
    let mut needed = Vec::new();
    let mut parser: Parser<_> = parser(setup);
    for (n, mut chunk) in chunks.iter().copied().enumerate() {
        while let Some(next) = parser.next_item(&mut chunk).transpose() {
            needed.push((n + 1, next.map_or_else(Output::Error, Output::from)));
        }
    }
    needed
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn what_a_chunk_completes_is_told_before_the_next_is_asked_for(
        stream in stream(),
        setup in setup(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let setup = Setup { flush: false, ..setup };
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        let chunks = cut(&stream, &offsets);
        let all = needed(&setup, &chunks);
        for adapter in ADAPTERS {
            let script = Script::of(&chunks);
            let asked = script.asked();
            let mut outputs = Vec::new();
            let _ = (adapter.read)(&setup, script, &mut |seen| outputs.push((asked.get(), seen)));
            let expected = all.iter().filter(|(_, seen)| {
                adapter.notifies || matches!(seen, Output::Event { .. } | Output::Error(_))
            });
            let expected: Vec<_> = expected.cloned().map(|(n, seen)| (n, sseam_testkit::table::Seen::Output(seen))).collect();
            prop_assert_eq!(outputs, expected, "{}", adapter.name);
        }
    }
}
