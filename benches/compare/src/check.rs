//! Who is right: every contender's events against the oracle's, on the workloads and on the
//! cases of sseam's tests, cut in every way.

use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use sseam_testkit::cases::CASES;
use sseam_testkit::{Setup, Told, oracle};

use crate::contenders::{self, Contender, Event};
use crate::workloads::WORKLOADS;

const CHUNKS: [usize; 5] = [usize::MAX, 1460, 64, 3, 1];

/// The workloads' streams are so long here: two events of the largest kind.
const SIZE: usize = 96 << 10;

/// How long a contender may need for one stream.
const LIMIT: Duration = Duration::from_secs(2);

/// Wider than any event here: the standard has no bounds.
const SETUP: Setup = Setup { data: 1 << 30, meta: 1 << 30, ..Setup::ROOMY };

/// A stream, and the chunks in which it comes.
pub(crate) struct Input {
    stream: Bytes,
    chunk: usize,
}

impl Input {
    /// In chunks of so many bytes: [`usize::MAX`] is the whole stream in one.
    pub(crate) fn new(stream: &Bytes, chunk: usize) -> Self {
        Self { stream: stream.clone(), chunk }
    }

    /// The chunks as slices. They are cut while they are read, which costs a comparison: less
    /// than fetching slices cut before from memory.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &[u8]> {
        self.stream.chunks(self.chunk)
    }

    /// The chunks as transports hand them over: each shares in the memory of all. To be cut
    /// before the clock starts, since counting the references takes time.
    pub(crate) fn shared(&self) -> Vec<Bytes> {
        let len = self.stream.len();
        let end = |start: usize| len.min(start.saturating_add(self.chunk));
        (0..len).step_by(self.chunk).map(|start| self.stream.slice(start..end(start))).collect()
    }
}

pub(crate) struct Findings {
    pub(crate) text: String,
    pub(crate) sseam_is_right: bool,
}

pub(crate) fn run() -> Findings {
    let workloads = WORKLOADS.map(|workload| (workload.name, Bytes::from(workload.stream(SIZE))));
    let marked = [b"\xEF\xBB\xBF", &WORKLOADS[0].stream(SIZE)[..]].concat();
    let cases = CASES.iter().map(|case| (case.name, Bytes::from_static(case.input)));
    let streams: Vec<(&str, Bytes)> =
        workloads.into_iter().chain([("W1 behind a mark", marked.into())]).chain(cases).collect();
    let expected: Vec<Vec<Event>> = streams.iter().map(|(_, stream)| events(stream)).collect();

    let (mut text, mut sseam_is_right) = (String::from("## Who is right\n\n"), true);
    for contender in contenders::all() {
        let (mut wrong, mut first) = (0, None);
        for ((name, stream), expected) in streams.iter().zip(&expected) {
            let cut = |chunk: &usize| *chunk == usize::MAX || *chunk < stream.len();
            let difference = CHUNKS.into_iter().filter(cut).find_map(|chunk| {
                let what = difference(&contender, &Input::new(stream, chunk), LIMIT, expected);
                what.err().map(|what| format!("{name}, chunk {}: {what}", size(chunk)))
            });
            wrong += usize::from(difference.is_some());
            first = first.or(difference);
        }
        sseam_is_right &= contender.is_peer() || wrong == 0;
        let right = streams.len() - wrong;
        let first = first.map(|first| format!("; first {first}")).unwrap_or_default();
        writeln!(
            text,
            "- {}: right on {right} of {} streams{first}",
            contender.name,
            streams.len()
        )
        .expect("a string takes it");
    }
    Findings { text: text + "\n", sseam_is_right }
}

/// The events that the standard dispatches.
pub(crate) fn events(stream: &[u8]) -> Vec<Event> {
    let log = oracle(stream, &SETUP, usize::MAX);
    let event = |told| match told {
        Told::Event { event_type, data, id } => Event::new(event_type, data, id),
        other => panic!("no event: {other:?}"),
    };
    log.told.into_iter().map(event).collect()
}

/// Returns how long the contender took to find the expected events, or the first difference.
pub(crate) fn difference(
    contender: &Contender,
    input: &Input,
    limit: Duration,
    expected: &[Event],
) -> Result<Duration, String> {
    let (events, elapsed) = (contender.record)(input, limit)?;
    let differs = (0..events.len().max(expected.len())).find(|&n| events.get(n) != expected.get(n));
    differs.map_or(Ok(elapsed), |n| {
        let show = |events: &[Event]| format!("{:.120}", format!("{:?}", events.get(n)));
        Err(format!("event {n} is {}, not {}", show(&events), show(expected)))
    })
}

/// A number of bytes.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        usize::MAX => "whole".into(),
        0..1024 | 1460 => bytes.to_string(),
        0x10_0000.. => format!("{} MiB", bytes >> 20),
        _ => format!("{} KiB", bytes >> 10),
    }
}
