//! Every adapter yields what the parser reports for the same bytes, in any chunks, and each failure
//! of the transport once, with the span of each item.
#![no_main]

use arbitrary::Arbitrary;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use sseam::End;
use sseam_fuzz::{Bounds, Cuts};
use sseam_testkit::script::{Act, Script};
use sseam_testkit::table::{self, ADAPTERS, Ending, Seen, io_buffered, parser};
use sseam_testkit::{Trace, read, read_events};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    bounds: Bounds,
    cuts: Cuts,
    /// The chunks before which the transport fails: a bit each.
    failures: u8,
    /// The capacity of a reader.
    capacity: u8,
    stream: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (setup, stream) = (input.bounds.setup(), input.stream);
    let all = read(&mut parser(&setup), &[stream], setup.flush);
    let events = read_events(&mut parser(&setup), &[stream], setup.flush);

    let capacity = usize::from(input.capacity).max(1);
    assert_eq!(io_buffered(&setup, stream, capacity), all, "a reader of {capacity} bytes");

    let mut acts = Vec::new();
    for (n, chunk) in input.cuts.of(stream).into_iter().enumerate() {
        if input.failures >> n & 1 == 1 {
            acts.push(Act::Fail);
        }
        acts.push(Act::Bring(Bytes::copy_from_slice(chunk)));
    }
    let fails = acts.iter().filter(|act| matches!(act, Act::Fail)).count();
    let spans_by = [false, true].map(|notifies| table::spans(&setup, stream, notifies));
    for adapter in ADAPTERS {
        let (mut outputs, mut failures) = (Vec::new(), 0);
        let script = Script::new(acts.iter().cloned());
        let ending = (adapter.read)(&setup, script, &mut |seen| match seen {
            Seen::Output(seen) => outputs.push(seen),
            Seen::Failure => failures += 1,
        });
        assert_eq!(failures, fails, "each failure, once, by {}", adapter.name);
        let Ending { last_event_id, retry, end, spans } = ending;
        let trace = Trace { outputs, last_event_id, retry, discarded: end == End::MidEvent };
        assert_eq!(trace, *if adapter.notifies { &all } else { &events }, "{}", adapter.name);
        assert_eq!(spans, spans_by[usize::from(adapter.notifies)], "{}", adapter.name);
    }
});
