//! Measures speed. All contenders read the same stream in turns, so that a disturbance of one round
//! affects them all; the best round counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::Part;
use crate::check::{self, Input, size};
use crate::contenders::{self, Contender, Racer};
use crate::encoding;
use crate::whole_way::{self, Answer, STREAMS};
use crate::workloads::WORKLOADS;

const ROUNDS: usize = 9;

/// The minimal number of rounds, if all of them would take longer than [`BUDGET`].
const FEWEST_ROUNDS: usize = 3;
const BUDGET: Duration = Duration::from_secs(10);

/// The minimal duration of a sample, which determines how often the stream is read.
const SAMPLE: Duration = Duration::from_millis(5);

/// A contender that takes this many times as long as sseam is skipped, but not before [`GRACE`]: a
/// busy machine may just have paused.
const GIVE_UP: u32 = 50;
const GRACE: Duration = Duration::from_millis(20);

/// The results for one stream, cut in one way.
pub(crate) struct Group {
    pub(crate) part: Part,
    pub(crate) workload: &'static str,
    /// The requested size; `bytes` is the size of the whole events.
    pub(crate) size: usize,
    pub(crate) chunk: usize,
    pub(crate) bytes: usize,
    pub(crate) events: usize,
    /// Nanoseconds of the yardstick for the stream: `memchr` visiting every line end of the whole
    /// stream, however it is cut for the others.
    pub(crate) newlines: f64,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) racer: Racer,
    /// Nanoseconds for the stream, or the reason for their absence.
    pub(crate) best: Result<f64, String>,
    /// Allocations for the stream.
    pub(crate) allocations: usize,
}

impl Group {
    /// An empty row.
    fn of(part: Part, workload: &'static str) -> Self {
        let rows = Vec::new();
        Self { part, workload, size: 0, chunk: 0, bytes: 0, events: 0, newlines: f64::NAN, rows }
    }

    pub(crate) fn best(&self, name: &str) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.racer.name == name)?;
        row.best.as_ref().ok().copied()
    }

    pub(crate) fn best_peer(&self) -> Option<f64> {
        let peers = self.rows.iter().filter(|row| row.racer.is_peer);
        peers.filter_map(|row| row.best.as_ref().ok().copied()).min_by(f64::total_cmp)
    }

    #[allow(clippy::cast_precision_loss)] // There are far fewer bytes than 2^53.
    pub(crate) fn gib_per_s(&self, ns: f64) -> f64 {
        self.bytes as f64 / ns * 1e9 / f64::from(1 << 30)
    }
}

/// Streams to events.
pub(crate) fn framing(is_quick: bool) -> Vec<Group> {
    let sizes: &[usize] = if is_quick { &[256 << 10] } else { &[256 << 10, 16 << 20] };
    let chunks: &[usize] =
        if is_quick { &[usize::MAX, 1460] } else { &[usize::MAX, 16 << 10, 1460, 64, 1] };
    let mut groups = Vec::new();
    for workload in WORKLOADS {
        for &size in sizes {
            let stream = Bytes::from(workload.stream(size));
            let expected = check::events(&stream);
            let events = expected.len();
            // All events of a workload have the same length, so this is one event a chunk.
            let event = stream.len() / events;
            for chunk in chunks.iter().copied().chain([event]) {
                let group =
                    Group { size, chunk, events, ..Group::of(Part::Framing, workload.name) };
                groups.push(race(group, &stream, contenders::all(), |contender, input, limit| {
                    check::difference(contender, input, limit, &expected)
                }));
            }
        }
    }
    groups
}

/// Streams to text.
pub(crate) fn whole_way(is_quick: bool) -> Vec<Group> {
    let size = 256 << 10;
    let streams = if is_quick { &STREAMS[..3] } else { &STREAMS };
    let chunks: &[usize] = if is_quick { &[usize::MAX, 1460] } else { &[usize::MAX, 1460, 64] };
    let mut groups = Vec::new();
    for &(name, api) in streams {
        let stream = Bytes::from(whole_way::stream(name, size));
        let events = check::events(&stream);
        let expected = Answer { text: check::text(&events), is_complete: false };
        for &chunk in chunks {
            let events = events.len();
            let group = Group { size, chunk, events, ..Group::of(Part::WholeWay, name) };
            groups.push(race(group, &stream, whole_way::all(api), |contender, input, limit| {
                check::answer(contender, input, limit, &expected)
            }));
        }
    }
    groups
}

/// Events to streams.
pub(crate) fn encoding() -> Vec<Group> {
    let size = 256 << 10;
    let mut groups = Vec::new();
    for workload in WORKLOADS {
        let stream = Bytes::from(workload.stream(size));
        let expected = check::events(&stream);
        let (chunk, events) = (usize::MAX, expected.len());
        let group = Group { size, chunk, events, ..Group::of(Part::Encoding, workload.name) };
        groups.push(race(group, &stream, encoding::all(), |contender, input, limit| {
            check::difference(contender, input, limit, &expected)
        }));
    }
    groups
}

/// Times the correct contenders in turns; `check` returns the time of one, or its wrong result.
fn race<T>(
    mut group: Group,
    stream: &Bytes,
    contenders: Vec<Contender<T>>,
    check: impl Fn(&Contender<T>, &Input, Duration) -> Result<Duration, String>,
) -> Group {
    eprintln!("{}, {}, chunk {}", group.workload, size(group.size), size(group.chunk));
    let input = Input::new(stream, group.chunk);
    let mut limit = None;
    let mut rows: Vec<Row> = Vec::new();
    for contender in contenders {
        // The first is sseam's plain loop, or sseam.
        let allowed = limit.unwrap_or(Duration::from_mins(1));
        let taken = check(&contender, &input, allowed);
        if let (None, Ok(time)) = (limit, &taken) {
            limit = Some((*time * GIVE_UP).max(GRACE));
        }
        let best = taken.map(|_| f64::INFINITY);
        let allocations = if best.is_ok() { (contender.racer.allocations)(&input) } else { 0 };
        rows.push(Row { racer: contender.racer, best, allocations });
    }

    let once = |row: &Row| row.best.as_ref().ok().map(|_| (row.racer.time)(&input, 1));
    let readings_of: Vec<u32> = rows.iter().map(|row| once(row).map_or(0, readings)).collect();
    let yardstick = readings(newlines(stream).min(newlines(stream)));
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    for round in 0..ROUNDS {
        if round >= FEWEST_ROUNDS && start.elapsed() > BUDGET {
            break;
        }
        best = best.min(ns((0..yardstick).map(|_| newlines(stream)).sum(), yardstick));
        for (row, &readings) in rows.iter_mut().zip(&readings_of) {
            let Ok(best) = &mut row.best else { continue };
            *best = best.min(ns((row.racer.time)(&input, readings), readings));
        }
    }
    group.bytes = stream.len();
    group.newlines = best;
    group.rows = rows;
    group
}

fn newlines(stream: &[u8]) -> Duration {
    let start = Instant::now();
    for position in memchr::memchr_iter(b'\n', black_box(stream)) {
        black_box(position);
    }
    start.elapsed()
}

/// How often a stream is read for one sample.
fn readings(once: Duration) -> u32 {
    let fitting = SAMPLE.as_nanos() / once.as_nanos().max(1);
    u32::try_from(fitting).unwrap_or(u32::MAX).clamp(1, 10_000)
}

fn ns(elapsed: Duration, readings: u32) -> f64 {
    elapsed.as_secs_f64() * 1e9 / f64::from(readings)
}
