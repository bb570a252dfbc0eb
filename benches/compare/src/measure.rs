//! How fast they are. All who take part read the same stream in turns, so that
//! what disturbs one round disturbs them all; the best round counts.

use std::time::Duration;

use bytes::Bytes;

use crate::check::{Findings, Verdict};
use crate::contender::{Contender, Probe, Timed};
use crate::input::{Chunk, Input};
use crate::markdown;
use crate::no_std::Program;
use crate::plan::{FEWEST_ROUNDS, GRACE, KIB, PATIENCE, Plan, ROUNDS};
use crate::results::{Group, Outcome, Row};
use crate::streams::{IDS, Workload};
use crate::{contenders, limits, oracle};

/// Between these sizes it is measured how the time of a slow one grows.
const GROWTH: [usize; 2] = [64 * KIB, 128 * KIB];

/// Nothing is cut off before sseam's time is known.
const UNLIMITED: Duration = Duration::from_hours(1);

/// A reading that takes so long needs no second one to be estimated by.
const LONG: Duration = Duration::from_millis(50);

/// What a row says before its figures are there.
const TO_COME: Outcome = Outcome::Timed { best: f64::NAN, median: f64::NAN };

pub(crate) fn run(plan: &Plan, findings: &Findings, no_std: Option<&Program>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for workload in Workload::all() {
        for &size in plan.sizes {
            let stream = Bytes::from(workload.stream(size));
            let events = oracle::events(&stream).len();
            for chunk in plan.chunks_of(workload.name()) {
                let name = workload.name();
                eprintln!("measuring: {name}, {}, chunk {chunk}", markdown::size(size));
                let workload = &workload;
                let race = Race { plan, findings, no_std, workload, size, chunk, events };
                let group = race.run(&stream, &groups);
                groups.push(group);
            }
        }
    }
    groups
}

/// One stream, cut in one way, which all read in turns.
struct Race<'a> {
    plan: &'a Plan,
    findings: &'a Findings,
    no_std: Option<&'a Program>,
    workload: &'a Workload,
    size: usize,
    chunk: Chunk,
    events: usize,
}

/// Who is in the race.
struct Lane<'a> {
    timed: &'a mut dyn Timed,
    /// Where in the table it stands.
    row: usize,
    /// How long one reading takes, about.
    estimate: Duration,
    /// Nanoseconds for one reading, one a round.
    samples: Vec<f64>,
}

impl Race<'_> {
    fn run(&self, stream: &Bytes, earlier: &[Group]) -> Group {
        let input = Input::new(stream, self.chunk);
        let (mut contenders, mut limits) = (self.contenders(), limits::all());
        let mut rows = Vec::new();
        let mut lanes = Vec::new();
        let mut sseam = None;
        for contender in &mut contenders {
            let identity = contender.identity();
            let outcome = match self.admit(contender, &input, sseam, earlier) {
                Ok(estimate) => {
                    // The first is sseam's plain loop.
                    sseam.get_or_insert(estimate);
                    lanes.push(Lane::new(&mut **contender, rows.len(), estimate));
                    TO_COME
                }
                Err(outcome) => outcome,
            };
            rows.push(Row { identity, outcome });
        }
        // The goals without `std` are of whole streams.
        let program = self.no_std.filter(|_| self.chunk == Chunk::Whole);
        let mut no_std = program.map(|program| program.on(self.workload.name(), self.size));
        if let Some(whole) = &mut no_std {
            let identity = whole.identity();
            let outcome = match whole.admit(self.events) {
                Ok(estimate) => {
                    lanes.push(Lane::new(whole, rows.len(), estimate));
                    TO_COME
                }
                Err(difference) => Outcome::Wrong(difference),
            };
            rows.push(Row { identity, outcome });
        }
        for limit in &mut limits {
            let identity = limit.identity();
            let estimate = limit.time(&input).min(limit.time(&input));
            lanes.push(Lane::new(&mut **limit, rows.len(), estimate));
            rows.push(Row { identity, outcome: TO_COME });
        }

        let rounds = self.plan.rounds(lanes.iter().map(|lane| lane.estimate));
        for _ in 0..rounds {
            for lane in &mut lanes {
                lane.sample(&input, self.plan);
            }
            // To and fro, so that none always follows the same one.
            lanes.reverse();
        }
        for lane in lanes {
            let row = lane.row;
            rows[row].outcome = lane.outcome();
        }
        rows.sort_by_key(|row| row.identity.kind);
        Group {
            workload: self.workload.name(),
            title: self.workload.title(),
            about: self.workload.about(),
            size: self.size,
            bytes: stream.len(),
            events: self.events,
            chunk: self.chunk,
            rounds,
            rows,
        }
    }

    fn contenders(&self) -> Vec<Box<dyn Contender>> {
        let mut contenders = contenders::all();
        // Looking at IDs costs something only where there are any.
        if self.workload.name() != IDS {
            contenders.retain(|contender| contender.identity().name != "sseam+ids");
        }
        contenders
    }

    /// How long the contender takes for one reading, if it may race at all:
    /// not if it is wrong, nor if it takes far longer than sseam.
    fn admit(
        &self,
        contender: &mut Box<dyn Contender>,
        input: &Input,
        sseam: Option<Duration>,
        earlier: &[Group],
    ) -> Result<Duration, Outcome> {
        let name = contender.identity().name;
        match self.findings.verdict(name, self.workload.name(), self.chunk) {
            Verdict::Right => {}
            Verdict::Wrong(difference) => return Err(Outcome::Wrong(difference.clone())),
            Verdict::Late => return Err(Outcome::CutOff("in the check already".into())),
        }
        if let Some(size) = self.cut_off_at(name, earlier) {
            return Err(Outcome::CutOff(format!("with {} already", markdown::size(size))));
        }
        let limit = self.plan.limit(sseam);
        let mut probe = contender.probe(input, limit);
        if probe.elapsed > limit && limit < LONG {
            // It may have been the machine: once more, from the beginning.
            *contender = contenders::fresh(name);
            probe = contender.probe(input, limit);
        }
        if probe.elapsed > limit {
            return Err(Outcome::CutOff(self.cut_off(name, probe)));
        }
        if probe.events != self.events {
            let difference = format!("{} events instead of {}", probe.events, self.events);
            return Err(Outcome::Wrong(difference));
        }
        if probe.elapsed > LONG {
            return Ok(probe.elapsed);
        }
        Ok(contender.time(input).min(contender.time(input)))
    }

    /// The size of the smaller stream at which the contender was cut off.
    fn cut_off_at(&self, name: &str, earlier: &[Group]) -> Option<usize> {
        let same =
            |group: &&Group| group.workload == self.workload.name() && group.chunk == self.chunk;
        let cut_off = |group: &Group| {
            let mut rows = group.rows.iter().filter(|row| row.identity.name == name);
            rows.any(|row| matches!(row.outcome, Outcome::CutOff(_)))
        };
        earlier.iter().filter(same).find(|group| cut_off(group)).map(|group| group.size)
    }

    /// How it showed that the contender takes too long.
    #[allow(clippy::cast_precision_loss)] // There are far fewer events than 2^53.
    fn cut_off(&self, name: &str, probe: Probe) -> String {
        let percent = 100.0 * probe.events as f64 / self.events as f64;
        let after = format!("after {:.1?} at {percent:.0} % of the events", probe.elapsed);
        let [Some(once), Some(twice)] = GROWTH.map(|size| self.time_for(name, size)) else {
            return after;
        };
        let growth = twice.as_secs_f64() / once.as_secs_f64();
        let [small, large] = GROWTH.map(markdown::size);
        format!("{after}; {large} take {growth:.1} times as long as {small}")
    }

    /// How long the contender takes for `size` bytes of the workload, if it has
    /// the patience of the plan: the best of a few readings, or the only long one.
    fn time_for(&self, name: &str, size: usize) -> Option<Duration> {
        let stream = Bytes::from(self.workload.stream(size));
        let input = Input::new(&stream, self.chunk);
        let limit = self.plan.patience;
        let mut best = limit;
        for _ in 0..5 {
            best = best.min(contenders::fresh(name).probe(&input, limit).elapsed);
            if best > LONG {
                break;
            }
        }
        Some(best).filter(|best| *best < limit)
    }
}

impl<'a> Lane<'a> {
    fn new(timed: &'a mut dyn Timed, row: usize, estimate: Duration) -> Self {
        Self { timed, row, estimate, samples: Vec::new() }
    }

    /// Reads the stream as often as a sample takes.
    fn sample(&mut self, input: &Input, plan: &Plan) {
        let readings = plan.readings(self.estimate);
        let elapsed = self.timed.times(input, readings);
        self.samples.push(elapsed.as_secs_f64() * 1e9 / f64::from(readings));
    }

    fn outcome(mut self) -> Outcome {
        self.samples.sort_by(f64::total_cmp);
        Outcome::Timed { best: self.samples[0], median: self.samples[self.samples.len() / 2] }
    }
}

impl Plan {
    /// How long a contender may take for a stream for which sseam takes `sseam`.
    fn limit(&self, sseam: Option<Duration>) -> Duration {
        sseam.map_or(UNLIMITED, |time| (time * PATIENCE).max(GRACE).min(self.patience))
    }

    /// How often the stream is read for one sample.
    fn readings(&self, estimate: Duration) -> u32 {
        let fitting = self.sample.as_nanos() / estimate.as_nanos().max(1);
        u32::try_from(fitting).unwrap_or(u32::MAX).clamp(1, 10_000)
    }

    /// How many rounds there is time for.
    fn rounds(&self, estimates: impl Iterator<Item = Duration>) -> u32 {
        let round: Duration = estimates.map(|time| time * self.readings(time)).sum();
        let fitting = self.budget.as_nanos() / round.as_nanos().max(1);
        u32::try_from(fitting).unwrap_or(u32::MAX).clamp(FEWEST_ROUNDS, ROUNDS)
    }
}
