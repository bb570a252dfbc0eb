//! The result of an answer depends only on the bytes of the stream: not on chunk boundaries, the
//! spacing of JSON, or the number of requested deltas; and collectors agree in any memory.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::{Corpus, fuzz_target};
use sseam::llm::{Answer, Collected, Protocol, SliceCollector};
use sseam::{Event, Item, Parser};
use sseam_fuzz::Cuts;
use sseam_testkit::bytewise;
use sseam_testkit::llm::{Follower, NOTIFY, Reader, Record};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: Cuts,
    /// Whether the stream is flushed, and the maximum of requested deltas of an event.
    flags: u8,
    /// The protocol, or that it is detected.
    protocol: u8,
    /// The memory for collecting the answer.
    room: u8,
    stream: &'a [u8],
}

impl Input<'_> {
    fn answer(&self) -> Answer {
        let rows = Protocol::ALL.iter().copied().chain([Protocol::DONE]);
        // Half of them.
        let row = rows.cycle().nth(usize::from(self.protocol >> 1));
        row.filter(|_| self.protocol & 1 == 1).map_or_else(Answer::new, Answer::of)
    }
}

/// More than the longest stream needs.
const ROOM: usize = 1 << 16;

/// Collects in memory that is large enough, and in some that may not be.
fn check_collected(input: &Input<'_>, reader: &mut Reader) -> Record {
    let (mut large, mut small) = (vec![0; ROOM], vec![0; usize::from(input.room)]);
    let mut slices = [&mut large, &mut small].map(|memory| SliceCollector::new(memory));
    let limits = [ROOM, usize::from(input.room)];
    let mut heaps = limits.map(Collected::with_limit);
    let mut answer = input.answer();
    let record = reader.read_each(&[input.stream], &mut answer, |delta| {
        for (slice, heap) in slices.iter_mut().zip(&mut heaps) {
            let is_full = [slice.push(delta).is_err(), heap.push(delta).is_err()];
            assert!(!is_full[0] || slice.is_full());
            assert!(!is_full[1] || heap.is_full());
        }
    });
    let of_slice = |slice: &SliceCollector<'_>| {
        let mut texts = [slice.text(), slice.reasoning(), slice.refusal()]
            .map(|text| text.to_string())
            .to_vec();
        texts.extend(slice.calls().flatten().map(|text| text.to_string()));
        texts
    };
    let of_heap = |heap: &Collected| {
        let mut texts = [&heap.text, &heap.reasoning, &heap.refusal].map(Clone::clone).to_vec();
        for call in &heap.calls {
            let id = call.id.clone().unwrap_or_default();
            texts.extend([id, call.name.clone(), call.arguments.clone()]);
        }
        texts
    };
    let all = of_heap(&heaps[0]);
    assert_eq!(of_slice(&slices[0]), all);
    assert!(!slices[0].is_full() && !heaps[0].is_full());
    assert_eq!(
        (&heaps[0].text, &heaps[0].reasoning),
        (&record.contents.text, &record.contents.reasoning)
    );
    if record.contents.restarts == 0 {
        for some in [of_slice(&slices[1]), of_heap(&heaps[1])] {
            assert!(some.len() <= all.len());
            for (some, all) in some.iter().zip(&all) {
                assert!(all.starts_with(some), "{some:?} does not begin {all:?}");
            }
        }
    }
    record
}

/// Keep-alives are not looked for in longer data.
const KEEP_ALIVE_LEN: usize = 128;

/// The same JSON with a space in it, which no shortcut accepts.
fn spaced(data: &[u8]) -> Option<Vec<u8>> {
    let inside = data.strip_prefix(b"{").filter(|_| data.trim_ascii().len() != KEEP_ALIVE_LEN)?;
    Some([b"{ ", inside].concat())
}

fn check_spaced(input: &Input<'_>) {
    let (mut ours, mut other) = (Follower::new(input.answer()), Follower::new(input.answer()));
    let mut parser = Parser::new().with_notify(NOTIFY);
    let mut chunk = input.stream;
    while let Some(item) = parser.next_item(&mut chunk).expect("within the bounds") {
        ours.take(&item, &mut |_| {});
        let event = item.event();
        match (event, event.and_then(|event| spaced(event.data().as_bytes()))) {
            (Some(event), Some(data)) => {
                let event = Event::new(&*data).with_type(event.event_type());
                other.take(&Item::Event(event), &mut |_| {});
            }
            _ => other.take(&item, &mut |_| {}),
        }
    }
    let end = parser.finish();
    assert_eq!(other.finish(end), ours.finish(end), "spaced otherwise");
}

fuzz_target!(|input: Input<'_>| -> Corpus {
    if input.stream.len() > 1024 {
        return Corpus::Reject; // Within the limits, none of which is exceeded.
    }
    let mut reader = Reader::with_room(1024).flush(input.flags & 1 == 1);
    let record = check_collected(&input, &mut reader);
    for chunks in [input.cuts.of(input.stream), bytewise(input.stream)] {
        assert_eq!(reader.read(&chunks, &mut input.answer()), record);
    }
    let (mut all, mut some) = (input.answer(), input.answer());
    reader.read(&[input.stream], &mut all);
    let most = usize::from(input.flags >> 1 & 3);
    let less = reader.at_most(most).read(&[input.stream], &mut some);
    assert_eq!(format!("{some:?}"), format!("{all:?}"), "asked for {most} deltas at most");
    assert_eq!((less.signals, less.outcome), (record.signals, record.outcome));
    check_spaced(&input);
    Corpus::Keep
});
