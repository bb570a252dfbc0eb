//! The parser reports what the oracle, a literal version of the standard's algorithm, reports: with
//! every buffer, any chunks and any limits.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam_fuzz::{Bounds, Cuts};
use sseam_testkit::{assert_as_oracle, bytewise};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    bounds: Bounds,
    cuts: Cuts,
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (setup, stream) = (input.bounds.setup(), input.stream);
    for chunks in [vec![stream], input.cuts.of(stream), bytewise(stream)] {
        assert_as_oracle(&setup, stream, &chunks);
    }
});
