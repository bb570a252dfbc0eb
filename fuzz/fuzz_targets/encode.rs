//! Whatever a block is made of, the parser reads that block back and nothing else, and
//! every sink gets the same bytes.
#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::Notify;
use sseam_fuzz::common::{Log, Setup, read};
use sseam_fuzz::parts::{Body, Parts};
use sseam_fuzz::sinks::write;
use sseam_fuzz::{Cuts, table};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: Cuts,
    /// How much room a slice has.
    room: u8,
    plans: [Plan; 3],
    text: &'a [u8],
}

/// What a block is to have of the text.
#[derive(Arbitrary, Debug)]
struct Plan {
    choices: u8,
    /// How much of it each value takes; the largest is all of it.
    lens: [u8; 3],
    retry: Duration,
}

impl Plan {
    fn take<'a>(&self, text: &mut &'a [u8]) -> Parts<'a> {
        let mut take = |len: u8| {
            let len = if len == u8::MAX { text.len() } else { text.len().min(len.into()) };
            text.split_off(..len).unwrap_or_default()
        };
        let [type_len, id_len, body_len] = self.lens;
        let chosen = |bit: u8| self.choices >> bit & 1 == 1;
        Parts {
            retry: chosen(0).then_some(self.retry),
            event_type: chosen(1).then(|| take(type_len)),
            id: chosen(2).then(|| take(id_len)),
            body: match self.choices >> 3 & 3 {
                0 => Body::Nothing,
                1 => Body::Comment(take(body_len)),
                _ => Body::Data(take(body_len)),
            },
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let mut stream = Vec::new();
    let mut expected =
        Log { told: Vec::new(), last_event_id: Vec::new(), retry: None, discarded: false };
    let mut text = input.text;
    for parts in input.plans.iter().map(|plan| plan.take(&mut text)) {
        stream.extend(write(&parts.block(), input.room.into()));
        parts.tell(&mut expected);
    }
    let setup = Setup { data: 1 << 20, meta: 1 << 20, notify: Notify::ALL, flush: false };
    for chunks in [vec![&stream[..]], input.cuts.of(&stream)] {
        assert_eq!(read(&mut table::parser(&setup), &chunks, false), expected);
    }
});
