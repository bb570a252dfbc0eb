//! Checks correctness with streams cut in every way: the events of every contender against the
//! oracle's, on the workloads and on the cases of sseam's tests; and on the whole way the text, and
//! whether it is complete.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use sseam_testkit::cases::CASES;
use sseam_testkit::{Output, Setup, oracle};

use crate::contenders::{self, Contender, Event, Racer};
use crate::encoding;
use crate::whole_way::{self, Answer, NO_PAYLOAD, STREAMS};
use crate::workloads::WORKLOADS;

const CHUNKS: [usize; 5] = [usize::MAX, 1460, 64, 3, 1];

/// The length of the workloads' streams here: two events of the largest kind.
const SIZE: usize = 96 << 10;

/// The time limit for one stream.
const LIMIT: Duration = Duration::from_secs(2);

/// Larger than any event here: the standard has no limits.
const SETUP: Setup = Setup { data: 1 << 30, meta: 1 << 30, ..Setup::ROOMY };

/// A stream in chunks.
pub(crate) struct Input {
    stream: Bytes,
    chunk: usize,
}

impl Input {
    /// The whole stream.
    pub(crate) fn stream(&self) -> &[u8] {
        &self.stream
    }

    /// In chunks of `chunk` bytes; [`usize::MAX`] is the whole stream in one.
    pub(crate) fn new(stream: &Bytes, chunk: usize) -> Self {
        Self { stream: stream.clone(), chunk }
    }

    /// The chunks as slices, cut while they are read. That costs a comparison, less than loading
    /// prepared slices from memory.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &[u8]> {
        self.stream.chunks(self.chunk)
    }

    /// The chunks as transports deliver them: each shares the memory of all. To be cut before the
    /// clock starts, since counting references takes time.
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

/// Checks the events.
pub(crate) fn framing() -> Findings {
    let workloads = WORKLOADS.map(|workload| (workload.name, Bytes::from(workload.stream(SIZE))));
    let marked = [b"\xEF\xBB\xBF", &WORKLOADS[0].stream(SIZE)[..]].concat();
    let cases = CASES.iter().map(|case| (case.name, Bytes::from_static(case.input)));
    let streams: Vec<(&str, Bytes)> =
        workloads.into_iter().chain([("W1 after a mark", marked.into())]).chain(cases).collect();
    let expected: Vec<Vec<Event>> = streams.iter().map(|(_, stream)| events(stream)).collect();

    compare("## Who is right", contenders::all(), &streams, &expected, &CHUNKS)
}

/// Checks the events that come back when what was written of them is read.
pub(crate) fn encoding() -> Findings {
    let workloads = WORKLOADS.map(|workload| (workload.name, Bytes::from(workload.stream(SIZE))));
    let cases = CASES.iter().map(|case| (case.name, Bytes::from_static(case.input)));
    // Nobody writes IDs here, and streams of none say nothing.
    let mut streams: Vec<(&str, Bytes)> = workloads.into_iter().chain(cases).collect();
    streams.retain(|(_, stream)| {
        let events = events(stream);
        !events.is_empty() && events.iter().all(|event| event.id().is_empty())
    });
    let expected: Vec<Vec<Event>> = streams.iter().map(|(_, stream)| events(stream)).collect();
    compare("## Who is right in encoding", encoding::all(), &streams, &expected, &[usize::MAX])
}

fn compare(
    title: &str,
    contenders: Vec<Contender<Vec<Event>>>,
    streams: &[(&str, Bytes)],
    expected: &[Vec<Event>],
    chunks: &[usize],
) -> Findings {
    let (mut text, mut sseam_is_right) = (format!("{title}\n\n"), true);
    for contender in contenders {
        let (mut wrong, mut first) = (0, None);
        for ((name, stream), expected) in streams.iter().zip(expected) {
            let cut = |chunk: &&usize| **chunk == usize::MAX || **chunk < stream.len();
            let difference = chunks.iter().filter(cut).find_map(|&chunk| {
                let what = difference(&contender, &Input::new(stream, chunk), LIMIT, expected);
                what.err().map(|what| format!("{name}, chunk {}: {what}", size(chunk)))
            });
            wrong += usize::from(difference.is_some());
            first = first.or(difference);
        }
        sseam_is_right &= contender.racer.is_peer || wrong == 0;
        text.push_str(&line(contender.racer.name, streams.len(), wrong, first));
    }
    Findings { text: text + "\n", sseam_is_right }
}

fn line(name: &str, streams: usize, wrong: usize, first: Option<String>) -> String {
    let right = streams - wrong;
    let first = first.map(|first| format!("; first {first}")).unwrap_or_default();
    format!("- {name}: right on {right} of {streams} streams{first}\n")
}

/// Checks the text, and that a stream that is cut off, or that the provider gives up, is
/// distinguished from a complete one.
pub(crate) fn whole_way() -> Findings {
    // By name: streams, those with a wrong result, and the first of them.
    let mut tallies: Vec<(&str, usize, usize, Option<String>)> = Vec::new();
    let mut sseam_is_right = true;
    for (name, api) in STREAMS {
        let stream = whole_way::stream(name, SIZE);
        let ends = [("cut off", ""), ("complete", api.end()), ("given up", api.failure())];
        for (end, bytes) in ends {
            let expected = Answer { text: text(&events(&stream)), is_complete: end == "complete" };
            let stream = Bytes::from([&stream, bytes.as_bytes()].concat());
            for contender in whole_way::all(api) {
                let difference = CHUNKS.into_iter().find_map(|chunk| {
                    let what = answer(&contender, &Input::new(&stream, chunk), LIMIT, &expected);
                    let what = what.err()?;
                    // An error that the JSON is not a payload also shows that the provider gave up.
                    let is_reported = end == "given up" && what.starts_with(NO_PAYLOAD);
                    (!is_reported).then(|| format!("{name}, {end}, chunk {}: {what}", size(chunk)))
                });
                let Racer { name, is_peer, .. } = contender.racer;
                sseam_is_right &= is_peer || difference.is_none();
                let place = tallies.iter().position(|tally| tally.0 == name);
                let place = place.unwrap_or_else(|| {
                    tallies.push((name, 0, 0, None));
                    tallies.len() - 1
                });
                let (_, streams, wrong, first) = &mut tallies[place];
                *streams += 1;
                *wrong += usize::from(difference.is_some());
                *first = first.take().or(difference);
            }
        }
    }
    let lines = tallies.into_iter().map(|(name, all, wrong, first)| line(name, all, wrong, first));
    let text =
        "## Who is right on the whole way\n\n".to_owned() + &lines.collect::<String>() + "\n";
    Findings { text, sseam_is_right }
}

/// The text in the events of a stream, each of which has at most one delta.
pub(crate) fn text(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        let json: Value = serde_json::from_str(event.data()).expect("JSON");
        let delta = &json["choices"][0]["delta"];
        let arguments = &delta["tool_calls"][0]["function"]["arguments"];
        let places = [&delta["content"], arguments, &json["delta"]["text"], &json["delta"]];
        text.push_str(places.into_iter().find_map(Value::as_str).expect("a delta"));
    }
    text
}

/// Returns the time until the contender found the expected result, or the difference.
pub(crate) fn answer(
    contender: &Contender<Answer>,
    input: &Input,
    limit: Duration,
    expected: &Answer,
) -> Result<Duration, String> {
    let (given, elapsed) = (contender.record)(input, limit)?;
    if given.is_complete != expected.is_complete {
        return Err(format!("complete is {}", given.is_complete));
    }
    if given.text != expected.text {
        let pairs = given.text.bytes().zip(expected.text.bytes());
        let n = pairs.take_while(|(byte, expected)| byte == expected).count();
        let lens = format!("{} bytes, not {}", given.text.len(), expected.text.len());
        return Err(format!("the text differs from byte {n} on, {lens}"));
    }
    Ok(elapsed)
}

/// The events that the standard dispatches.
pub(crate) fn events(stream: &[u8]) -> Vec<Event> {
    let trace = oracle(stream, &SETUP, usize::MAX);
    let event = |output| match output {
        Output::Event { event_type, data, id } => Event::new(event_type, data, id),
        other => panic!("not an event: {other:?}"),
    };
    trace.outputs.into_iter().map(event).collect()
}

/// Returns the time until the contender found the expected events, or the first difference.
pub(crate) fn difference(
    contender: &Contender<Vec<Event>>,
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

/// Formats a number of bytes.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        usize::MAX => "whole".into(),
        0..1024 | 1460 => bytes.to_string(),
        0x10_0000.. => format!("{} MiB", bytes >> 20),
        _ => format!("{} KiB", bytes >> 10),
    }
}
