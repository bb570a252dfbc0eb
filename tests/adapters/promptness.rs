//! Nothing is awaited that is not needed: what a chunk completes is told before the
//! transport is asked for the next one.

use proptest::prelude::*;
use sseam::Parser;

use crate::common::cut;
use crate::common::streams::{cases, setup, stream};
use crate::common::{Setup, Told};
use crate::script::Script;
use crate::table::{ADAPTERS, parser};

/// Each item and error, with the number of chunks that the parser needs for it.
fn needed(setup: &Setup, chunks: &[&[u8]]) -> Vec<(usize, Told)> {
    let mut needed = Vec::new();
    let mut parser: Parser<_> = parser(setup);
    for (n, mut chunk) in chunks.iter().copied().enumerate() {
        while let Some(next) = parser.next_item(&mut chunk).transpose() {
            needed.push((n + 1, next.map_or_else(Told::Error, Told::from)));
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
            let mut told = Vec::new();
            let _ = (adapter.read)(&setup, script, &mut |seen| told.push((asked.get(), seen)));
            let expected = all.iter().filter(|(_, seen)| {
                adapter.notifies || matches!(seen, Told::Event { .. } | Told::Error(_))
            });
            let expected: Vec<_> = expected.cloned().map(|(n, seen)| (n, crate::table::Seen::Told(seen))).collect();
            prop_assert_eq!(told, expected, "{}", adapter.name);
        }
    }
}
