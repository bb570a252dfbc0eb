//! Who is right: every contender's events against the oracle's, on every
//! stream, cut in every way.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic;
use std::time::Duration;

use bytes::Bytes;

use crate::contender::{Contender, Failure, Kind};
use crate::contenders;
use crate::input::{Chunk, Input};
use crate::markdown::list;
use crate::oracle::{self, Event};
use crate::plan::{KIB, Plan};
use crate::streams::{ODD, Workload};

/// How long a contender may need for one stream.
const LIMIT: Duration = Duration::from_secs(2);

/// The workloads' streams are so long here: two events of the largest kind.
const SIZE: usize = 96 * KIB;

/// How the odd streams are cut, as far as they are long enough.
const CHUNKS: [Chunk; 5] =
    [Chunk::Whole, Chunk::Of(1460), Chunk::Of(64), Chunk::Of(3), Chunk::Of(1)];

/// What one contender makes of one stream, cut in one way.
pub(crate) enum Verdict {
    Right,
    /// It yields something else than the standard asks for.
    Wrong(String),
    /// It did not come to the end in time.
    Late,
}

struct Case {
    name: String,
    stream: Bytes,
    chunks: Vec<Chunk>,
}

struct Finding {
    contender: &'static str,
    kind: Kind,
    case: String,
    input: String,
    chunk: Chunk,
    verdict: Verdict,
}

pub(crate) struct Findings(Vec<Finding>);

pub(crate) fn run(plan: &Plan) -> Findings {
    let mut findings = Vec::new();
    // A panic is a finding, told in its place.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    for case in cases(plan) {
        eprintln!("checking: {}", case.name);
        let expected = oracle::events(&case.stream);
        for &chunk in &case.chunks {
            let input = Input::new(&case.stream, chunk);
            for mut contender in contenders::all() {
                let identity = contender.identity();
                findings.push(Finding {
                    contender: identity.name,
                    kind: identity.kind,
                    case: case.name.clone(),
                    input: beginning(&case.stream),
                    chunk,
                    verdict: verdict(&mut *contender, &input, &expected),
                });
            }
        }
    }
    panic::set_hook(hook);
    Findings(findings)
}

/// The workloads, one of them behind a byte order mark, and the odd streams.
fn cases(plan: &Plan) -> Vec<Case> {
    let workloads = Workload::all();
    let timed = workloads.iter().map(|workload| Case {
        name: workload.name().into(),
        stream: workload.stream(SIZE).into(),
        chunks: plan.chunks_of(workload.name()),
    });
    let marked = workloads.iter().take(1).map(|workload| Case {
        name: format!("{} behind a byte order mark", workload.name()),
        stream: [b"\xEF\xBB\xBF", &workload.stream(SIZE)[..]].concat().into(),
        chunks: plan.chunks_of(workload.name()),
    });
    let odd = ODD.into_iter().map(|(name, stream)| Case {
        name: name.into(),
        stream: Bytes::from_static(stream),
        chunks: CHUNKS
            .into_iter()
            .filter(|chunk| !matches!(chunk, Chunk::Of(size) if *size >= stream.len()))
            .collect(),
    });
    timed.chain(marked).chain(odd).collect()
}

fn verdict(contender: &mut dyn Contender, input: &Input, expected: &[Event]) -> Verdict {
    match contender.record(input, LIMIT) {
        Ok(events) => difference(&events, expected).map_or(Verdict::Right, Verdict::Wrong),
        Err(Failure::Error(error)) => Verdict::Wrong(format!("it fails: {}", excerpt(&error, 80))),
        Err(Failure::Panic(message)) => {
            Verdict::Wrong(format!("it panics: {}", excerpt(&message, 50)))
        }
        Err(Failure::Late) => Verdict::Late,
    }
}

/// The first thing that is not as it should be.
fn difference(events: &[Event], expected: &[Event]) -> Option<String> {
    for (n, expected) in expected.iter().enumerate() {
        let Some(event) = events.get(n) else {
            return Some(format!("event {n} is missing: {}", shown(expected)));
        };
        let values = [
            ("type", &event.event_type, &expected.event_type),
            ("data", &event.data, &expected.data),
            ("last event ID", &event.last_event_id, &expected.last_event_id),
        ];
        for (what, found, right) in values {
            if found != right {
                let (found, right) = (excerpt(found, 40), excerpt(right, 40));
                return Some(format!("event {n} has the {what} {found}, not {right}"));
            }
        }
    }
    let extra = events.get(expected.len())?;
    Some(format!("there is an event too many: {}", shown(extra)))
}

fn shown(event: &Event) -> String {
    format!("{} with data {}", excerpt(&event.event_type, 40), excerpt(&event.data, 40))
}

/// The beginning of `text`, quoted.
fn excerpt(text: &str, len: usize) -> String {
    let start: String = text.chars().take(len).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{start:?}{more}")
}

/// The beginning of `stream`, as it would be written in a source.
fn beginning(stream: &[u8]) -> String {
    const LEN: usize = 100;
    let more = if LEN < stream.len() { "…" } else { "" };
    format!("{}{more}", stream[..stream.len().min(LEN)].escape_ascii())
}

impl Findings {
    /// What was found out about a contender on a workload, cut in one way.
    pub(crate) fn verdict(&self, contender: &str, workload: &str, chunk: Chunk) -> &Verdict {
        let about = |finding: &&Finding| {
            finding.contender == contender && finding.case == workload && finding.chunk == chunk
        };
        self.0.iter().find(about).map_or(&Verdict::Right, |finding| &finding.verdict)
    }

    pub(crate) fn sseam_is_right(&self) -> bool {
        let mut ours = self.0.iter().filter(|finding| finding.kind == Kind::Sseam);
        ours.all(|finding| matches!(finding.verdict, Verdict::Right))
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from(
            "## Who is right\n\n\
             Type, data and last event ID of every event, against the standard's algorithm.\n\n",
        );
        for contender in contenders::all() {
            let name = contender.identity().name;
            let all = self.0.iter().filter(|finding| finding.contender == name);
            let (right, rest): (Vec<_>, Vec<_>) =
                all.partition(|finding| matches!(finding.verdict, Verdict::Right));
            let total = right.len() + rest.len();
            if rest.is_empty() {
                writeln!(text, "- {name}: right in all {total} cases").expect("a string takes it");
                continue;
            }
            writeln!(text, "- **{name}: right in {} of {total} cases**", right.len())
                .expect("a string takes it");
            text += &differences(&rest);
        }
        text + "\n"
    }
}

/// What differs, once for all the chunkings in which it does.
fn differences(findings: &[&Finding]) -> String {
    let mut seen: BTreeMap<(usize, String), Vec<Chunk>> = BTreeMap::new();
    let mut cases: Vec<&Finding> = Vec::new();
    for finding in findings {
        let place = cases.iter().position(|case| case.case == finding.case);
        let place = place.unwrap_or_else(|| {
            cases.push(finding);
            cases.len() - 1
        });
        let what = match &finding.verdict {
            Verdict::Right => continue,
            Verdict::Wrong(difference) => difference.clone(),
            Verdict::Late => format!("not done after {LIMIT:?}"),
        };
        seen.entry((place, what)).or_default().push(finding.chunk);
    }
    let mut text = String::new();
    for ((place, what), chunks) in seen {
        let Finding { case, input, .. } = cases[place];
        let chunks = list(&chunks);
        writeln!(text, "  - {case}, chunk {chunks}: {what}. Input: `{input}`")
            .expect("a string takes it");
    }
    text
}
