//! Every adapter yields what the parser yields for the same bytes, in any chunks.

use proptest::collection::vec;
use proptest::prelude::*;
use sseam::adapter::io::EventReader;
use sseam::{Parser, SliceBuf};
use sseam_testkit::cases::CASES;
use sseam_testkit::script::Script;
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::table::{ADAPTERS, io_buffered, parser};
use sseam_testkit::{Output, Setup, Trace, cut, cut_anywhere, oracle, show};

/// How many bytes a `VecBuf` can hold besides the data during a line.
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
fn every_case() {
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
fn every_case_with_any_buffer_size() {
    for case in CASES {
        let expected = oracle(case.input, &Setup::ROOMY, scratch(&Setup::ROOMY));
        for capacity in [1, 2, 3, 7, 8192] {
            let trace = io_buffered(&Setup::ROOMY, case.input, capacity);
            assert_eq!(trace, expected, "{} ({}), {capacity} bytes", case.name, case.note);
        }
    }
}

/// Borrowed values are located by address: the buffers here are adjacent to the chunk.
#[test]
fn parser_memory_next_to_chunk() {
    let stream = b"event: t\ndata: a\ndata: b\n\n";
    for chunk_at in [0, 3, 6] {
        let mut memory = [0; 6 + 26];
        memory[chunk_at..][..26].copy_from_slice(stream);
        let (before, after) = memory.split_at_mut(chunk_at);
        let (chunk, after) = after.split_at_mut(26);
        let (data, meta) = match chunk_at {
            0 => after.split_at_mut(3),
            3 => (before, after),
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
    fn any_stream_in_any_chunks(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        twice in any::<bool>(),
    ) {
        let mut offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        if twice {
            // Doubled offsets make empty chunks.
            offsets.extend(offsets.clone());
        }
        assert_as_oracle(&setup, &stream, &cut(&stream, &offsets));
    }

    #[test]
    fn any_stream_with_any_buffer_size(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
    ) {
        let expected = oracle(&stream, &setup, scratch(&setup));
        for capacity in [1, 2, 3, 7, 8192] {
            prop_assert_eq!(&io_buffered(&setup, &stream, capacity), &expected, "{} bytes", capacity);
        }
    }
}

// Adapters do not wait longer than chunks_needed: what a chunk completes is returned before the next chunk
// is requested.

/// Each item and error, with the number of chunks that the parser needs for it.
fn chunks_needed(setup: &Setup, chunks: &[&[u8]]) -> Vec<(usize, Output)> {
    let mut chunks_needed = Vec::new();
    let mut parser: Parser<_> = parser(setup);
    for (n, mut chunk) in chunks.iter().copied().enumerate() {
        while let Some(next) = parser.next_item(&mut chunk).transpose() {
            chunks_needed.push((n + 1, next.map_or_else(Output::Error, Output::from)));
        }
    }
    chunks_needed
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn complete_events_before_next_read(
        stream in stream(),
        setup in setup(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let setup = Setup { flush: false, ..setup };
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        let chunks = cut(&stream, &offsets);
        let all = chunks_needed(&setup, &chunks);
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
