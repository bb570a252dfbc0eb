//! What it takes to take part: a [`Reader`] reads a stream and shows its events
//! to a visitor. All the rest follows from it.

use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{Count, Record, Visitor, Watch};

/// sseam, a peer or a limit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Sseam,
    Peer,
    Limit,
}

/// Who stands in the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What one gets from it.
    pub(crate) yields: &'static str,
}

/// One way to read a stream. A value of it reads many streams one after another,
/// each of which ends with a whole event.
pub(crate) trait Reader: Default {
    const IDENTITY: Identity;

    /// What may be done before the clock starts.
    fn prepare(&mut self, _input: &Input) {}

    /// Reads all of `input`, or until the visitor has seen enough.
    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String>;
}

/// What can be timed.
pub(crate) trait Timed {
    fn identity(&self) -> Identity;
    /// How long it takes to read `input` once.
    fn time(&mut self, input: &Input) -> Duration;
    /// How long it takes to read `input` so many times.
    fn times(&mut self, input: &Input, readings: u32) -> Duration {
        (0..readings).map(|_| self.time(input)).sum()
    }
}

/// What can be checked, too.
pub(crate) trait Contender: Timed {
    /// The events in `input`.
    fn record(&mut self, input: &Input, limit: Duration) -> Result<Vec<Event>, Failure>;
    /// Reads `input` once, but only for as long as `limit`.
    fn probe(&mut self, input: &Input, limit: Duration) -> Probe;
}

/// Why there are no events to compare.
pub(crate) enum Failure {
    Error(String),
    Panic(String),
    Late,
}

/// How far a contender came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) elapsed: Duration,
    pub(crate) events: usize,
}

impl<R: Reader> Timed for R {
    fn identity(&self) -> Identity {
        R::IDENTITY
    }

    fn time(&mut self, input: &Input) -> Duration {
        self.prepare(input);
        let mut count = Count::default();
        let start = Instant::now();
        self.read(input, &mut count).expect("a stream that was read without an error before");
        let elapsed = start.elapsed();
        std::hint::black_box(count.events);
        elapsed
    }
}

impl<R: Reader> Contender for R {
    fn record(&mut self, input: &Input, limit: Duration) -> Result<Vec<Event>, Failure> {
        self.prepare(input);
        let mut record = Record::new(limit);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| self.read(input, &mut record)));
        match outcome {
            Err(payload) => Err(Failure::Panic(message(&*payload))),
            Ok(Err(error)) => Err(Failure::Error(error)),
            Ok(Ok(())) if record.is_late => Err(Failure::Late),
            Ok(Ok(())) => Ok(record.events),
        }
    }

    fn probe(&mut self, input: &Input, limit: Duration) -> Probe {
        self.prepare(input);
        let mut watch = Watch::new(limit);
        let start = Instant::now();
        self.read(input, &mut watch).expect("a stream as it was checked before");
        Probe { elapsed: start.elapsed(), events: watch.events }
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref().copied()).unwrap_or("no message").to_string()
}
