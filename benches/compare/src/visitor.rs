//! Who looks at the events that a contender yields: a counter while the clock
//! runs, a recorder while they are checked.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::oracle::Event;

/// An event as a contender yields it.
pub(crate) trait Seen {
    /// Uses what there is to use, as a client would.
    fn touch(&self);
    /// A copy, to be compared.
    fn to_event(&self) -> Event;
}

pub(crate) trait Visitor {
    /// Is told every event and says whether to go on.
    fn event(&mut self, event: &impl Seen) -> ControlFlow<()>;
}

/// For a type whose reference makes its whole content visible.
pub(crate) fn touch<T>(event: &T) {
    black_box(event);
}

/// Counts. This is what runs while the clock does.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) events: usize,
}

impl Visitor for Count {
    #[inline]
    fn event(&mut self, event: &impl Seen) -> ControlFlow<()> {
        event.touch();
        self.events += 1;
        ControlFlow::Continue(())
    }
}

/// Counts, until time is up.
pub(crate) struct Watch {
    pub(crate) events: usize,
    alarm: Alarm,
}

impl Watch {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { events: 0, alarm: Alarm::after(limit) }
    }
}

impl Visitor for Watch {
    fn event(&mut self, event: &impl Seen) -> ControlFlow<()> {
        event.touch();
        self.events += 1;
        // Looking at the clock takes longer than many an event.
        if self.events.is_multiple_of(8) { self.alarm.check() } else { ControlFlow::Continue(()) }
    }
}

/// Keeps a copy of each event, until time is up.
pub(crate) struct Record {
    pub(crate) events: Vec<Event>,
    pub(crate) is_late: bool,
    alarm: Alarm,
}

impl Record {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { events: Vec::new(), is_late: false, alarm: Alarm::after(limit) }
    }
}

impl Visitor for Record {
    fn event(&mut self, event: &impl Seen) -> ControlFlow<()> {
        self.events.push(event.to_event());
        let flow = self.alarm.check();
        self.is_late = flow.is_break();
        flow
    }
}

struct Alarm(Instant);

impl Alarm {
    fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    fn check(&self) -> ControlFlow<()> {
        if Instant::now() < self.0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}
