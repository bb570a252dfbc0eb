//! The states of a source's connection (WHATWG HTML, section 9.2.3), without the parser.

use core::time::Duration;

use super::random::{Fraction, Random};
use super::time::{duration, millis};
use super::{Closed, Healthy, Policy, ReadyState, Refusal};
use crate::End;

/// The connection of a source: its state, its failures, and its policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    policy: Policy,
    random: Option<Random>,
    state: State,
    /// How the last body ended.
    end: Option<End>,
    /// The number of failures in a row.
    failures: u32,
    /// A connection has opened since the source was created or the caller reconnected it.
    has_opened: bool,
    has_cursor: bool,
}

/// The state of a connection. Times are in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    Connecting,
    Open { since: u64, is_done: bool },
    Waiting { until: u64 },
    Closed(Closed),
}

/// The reason why a connection was not established, or is over.
#[derive(Clone, Copy)]
pub(super) enum Failure {
    /// The connection is to be reestablished (9.2.3).
    Broken,
    Futile,
    Refused {
        refusal: Refusal,
        retry_after: Option<Duration>,
    },
}

/// The values from the stream that a new connection depends on.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    pub(super) has_id: bool,
    /// In milliseconds.
    pub(super) reconnection_time: Option<u64>,
}

impl Link {
    pub(super) const fn new(policy: Policy) -> Self {
        Self {
            policy,
            random: None,
            state: State::Connecting,
            end: None,
            failures: 0,
            has_opened: false,
            has_cursor: false,
        }
    }

    pub(super) const fn set_seed(&mut self, seed: u64) {
        self.random = Some(Random::new(seed));
    }

    pub(super) const fn set_cursor(&mut self, has_cursor: bool) {
        self.has_cursor = has_cursor;
    }

    pub(super) const fn is_connecting(&self) -> bool {
        matches!(self.state, State::Connecting)
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) const fn end(&self) -> Option<End> {
        self.end
    }

    pub(super) const fn closed(&self) -> Option<Closed> {
        match self.state {
            State::Closed(closed) => Some(closed),
            _ => None,
        }
    }

    pub(super) const fn ready_state(&self) -> ReadyState {
        match self.state {
            State::Connecting | State::Waiting { .. } => ReadyState::Connecting,
            State::Open { .. } => ReadyState::Open,
            State::Closed(_) => ReadyState::Closed,
        }
    }

    /// Returns the state at `now`, after the end of a wait that is over.
    pub(super) fn state_at(&mut self, now: Duration) -> State {
        if matches!(self.state, State::Waiting { until } if now >= duration(until)) {
            self.state = State::Connecting;
        }
        self.state
    }

    pub(super) const fn open(&mut self, now: Duration) {
        self.state = State::Open { since: millis(now), is_done: false };
        self.end = None;
        self.has_opened = true;
        if matches!(self.policy.healthy, Healthy::Opens) {
            self.failures = 0;
        }
    }

    /// Clears the failures if an event does.
    #[inline]
    pub(super) const fn note_event(&mut self) {
        if matches!(self.policy.healthy, Healthy::Event) {
            self.failures = 0;
        }
    }

    /// Clears the failures if the connection was open long enough.
    const fn note_age(&mut self, age: u64) {
        if matches!(self.policy.healthy, Healthy::Lasts(least) if age >= millis(least)) {
            self.failures = 0;
        }
    }

    /// Sets the state after a connection that is over or was not established.
    ///
    /// `end` is how its body ended, if it had one.
    pub(super) fn fail(&mut self, failure: Failure, end: End, progress: Progress, now: Duration) {
        let now = millis(now);
        let is_done = match self.state {
            State::Connecting => false,
            State::Open { since, is_done } => {
                self.end = Some(end);
                self.note_age(now.saturating_sub(since));
                is_done
            }
            State::Waiting { .. } | State::Closed(_) => return,
        };
        self.failures = self.failures.saturating_add(1);
        let has_cursor = self.has_cursor || progress.has_id;
        let (reason, is_final, retry_after) = match failure {
            Failure::Broken => (None, false, 0),
            Failure::Futile => (Some(Closed::Futile), true, 0),
            Failure::Refused { refusal, retry_after } => {
                let is_transient = match refusal {
                    Refusal::Status(status) => self.policy.is_transient(status),
                    Refusal::ContentType => false,
                };
                let retry_after = retry_after.map_or(0, millis);
                (Some(Closed::Refused(refusal)), !is_transient, retry_after)
            }
        };
        let closed = if is_done {
            Some(Closed::Done)
        } else if is_final {
            reason
        } else if !self.policy.resume.allows(self.has_opened, has_cursor) {
            reason.or(Some(Closed::NotResumed))
        } else if !self.policy.allows_retry(self.failures) {
            reason.or(Some(Closed::GaveUp))
        } else {
            None
        };
        self.state = if let Some(closed) = closed {
            State::Closed(closed)
        } else {
            let random = self.random.as_mut().map_or(Fraction::ONE, Random::draw);
            let wait =
                self.policy.wait(progress.reconnection_time, self.failures, retry_after, random);
            State::Waiting { until: now.saturating_add(wait) }
        };
    }

    pub(super) const fn done(&mut self) {
        match &mut self.state {
            State::Open { is_done, .. } => *is_done = true,
            State::Connecting | State::Waiting { .. } => self.close_because(Closed::Done),
            State::Closed(_) => {}
        }
    }

    pub(super) const fn close(&mut self) {
        self.close_because(Closed::ByCaller);
    }

    const fn close_because(&mut self, closed: Closed) {
        self.leave_body();
        if self.closed().is_none() {
            self.state = State::Closed(closed);
        }
    }

    pub(super) const fn reconnect(&mut self) {
        self.leave_body();
        self.state = State::Connecting;
        self.failures = 0;
        self.has_opened = false;
    }

    /// Sets the end of an open body that the caller leaves.
    const fn leave_body(&mut self) {
        if self.is_open() {
            self.end = Some(End::Disconnected);
        }
    }
}
