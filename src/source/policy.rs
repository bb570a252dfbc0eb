//! What the standard leaves to the client: whether to connect again, and when.

use core::time::Duration;

use super::chance::Fraction;
use super::time::millis;

/// When a [`Source`](super::Source) connects again, and how long it waits before that.
///
/// Start from [`event_source`](Self::event_source) or [`call`](Self::call) and change what
/// differs.
///
/// # The wait
///
/// ```text
/// base   = the reconnection time, at least the minimum wait
/// growth = min(maximum backoff, base × 2^(failures in a row − 1)) − base, at least 0
/// wait   = max(base + chance × growth, Retry-After) + chance × jitter
/// ```
///
/// The reconnection time is the stream's, or until the stream sets one, the policy's. `chance`
/// is at least 0 and less than 1, drawn for each wait from the source's
/// [seed](super::Source::with_seed), and 1 without one. It only adds: no wait is shorter than
/// the server asks for.
///
/// ```
/// use core::time::Duration;
/// use sseam::source::{Healthy, Policy, Resume};
///
/// // A run in the background that can be resumed: it is asked for again where it broke off,
/// // five times in a row at most, unless events come in between.
/// const BACKGROUND_RUN: Policy = Policy::call()
///     .with_resume(Resume::WithCursor)
///     .with_healthy(Healthy::Event)
///     .with_max_retries(Some(5))
///     .with_jitter(Duration::from_millis(250));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub(super) resume: Resume,
    pub(super) healthy: Healthy,
    max_retries: Option<u32>,
    // In milliseconds.
    reconnection_time: u64,
    min_wait: u64,
    max_backoff: u64,
    jitter: u64,
    transient: fn(u16) -> bool,
}

/// After which connections a [`Source`](super::Source) connects again. Each allows what those
/// before it allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resume {
    /// After none.
    Never,
    /// After those that failed before the first one opened: no event is lost, and none comes
    /// twice.
    UntilOpen,
    /// If there is something to resume from: a last event ID, or a
    /// [cursor](super::Source::set_cursor).
    WithCursor,
    /// After all, as the standard requires.
    Always,
}

/// After what a connection's earlier failures no longer count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Healthy {
    /// It opened. For servers that end the response after each event.
    Opens,
    /// An event came. For servers that accept connections and then break them.
    Event,
    /// It was open for that long.
    Lasts(Duration),
}

impl Policy {
    /// The policy of the standard's `EventSource`: connects again after every connection that
    /// ended or broke, without a limit, and after no response that is not an event stream.
    ///
    /// [`Resume::Always`], [`Healthy::Opens`], no transient statuses; a reconnection time of 3 s,
    /// waits of at least 10 ms, backoff up to 60 s, no jitter.
    #[must_use]
    pub const fn event_source() -> Self {
        Self {
            resume: Resume::Always,
            healthy: Healthy::Opens,
            max_retries: None,
            reconnection_time: 3_000,
            min_wait: 10,
            max_backoff: 60_000,
            jitter: 0,
            transient: is_never_transient,
        }
    }

    /// The policy for one call of a language model, as the SDKs of providers have it: tries twice
    /// more to get a response, and never again once it has one.
    ///
    /// [`Resume::UntilOpen`], [`Healthy::Event`], two retries; statuses 408, 409, 425, 429 and from 500 are transient;
    /// a reconnection time of 0.5 s, backoff up to 8 s; the rest as in
    /// [`event_source`](Self::event_source).
    #[must_use]
    pub const fn call() -> Self {
        Self {
            resume: Resume::UntilOpen,
            healthy: Healthy::Event,
            max_retries: Some(2),
            reconnection_time: 500,
            max_backoff: 8_000,
            transient: is_transient,
            ..Self::event_source()
        }
    }

    /// Sets after which connections to connect again.
    #[must_use]
    pub const fn with_resume(mut self, resume: Resume) -> Self {
        self.resume = resume;
        self
    }

    /// Sets after what earlier failures no longer count.
    #[must_use]
    pub const fn with_healthy(mut self, healthy: Healthy) -> Self {
        self.healthy = healthy;
        self
    }

    /// Limits how often to connect again after failures in a row. `None` is no limit.
    ///
    /// Each connection that ended, broke or was not established is a failure;
    /// [`Healthy`] sets when they no longer count.
    #[must_use]
    pub const fn with_max_retries(mut self, limit: Option<u32>) -> Self {
        self.max_retries = limit;
        self
    }

    /// Sets the reconnection time until the stream sets one by `retry`.
    #[must_use]
    pub const fn with_reconnection_time(mut self, time: Duration) -> Self {
        self.reconnection_time = millis(time);
        self
    }

    /// Sets the shortest wait, also if the stream asks for a shorter one: `retry: 0` would let a
    /// client connect in a busy loop.
    #[must_use]
    pub const fn with_min_wait(mut self, wait: Duration) -> Self {
        self.min_wait = millis(wait);
        self
    }

    /// Lets waits grow up to `wait`, twofold with each failure in a row. Zero: they do not grow.
    ///
    /// Never shortens a wait that the server asks for.
    #[must_use]
    pub const fn with_max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = millis(wait);
        self
    }

    /// Makes each wait longer by up to `jitter`, so that the clients of a server that drops all
    /// of them do not come back at once.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Duration) -> Self {
        self.jitter = millis(jitter);
        self
    }

    /// Sets the statuses after which to try again, as after a connection that broke, within what
    /// [`Resume`] and the limit allow. By the standard there are none.
    #[must_use]
    pub const fn with_transient(mut self, is_transient: fn(u16) -> bool) -> Self {
        self.transient = is_transient;
        self
    }

    pub(super) fn is_transient(&self, status: u16) -> bool {
        (self.transient)(status)
    }

    pub(super) const fn allows_retry(&self, failures: u32) -> bool {
        match self.max_retries {
            Some(limit) => failures <= limit,
            None => true,
        }
    }

    /// Returns the wait, in milliseconds, after so many failures in a row.
    pub(super) fn wait(
        &self,
        reconnection_time: Option<u64>,
        failures: u32,
        retry_after: u64,
        chance: Fraction,
    ) -> u64 {
        let base = reconnection_time.unwrap_or(self.reconnection_time).max(self.min_wait);
        let doublings = failures.saturating_sub(1);
        let grown = if doublings < base.leading_zeros() { base << doublings } else { u64::MAX };
        let growth = self.max_backoff.min(grown).saturating_sub(base);
        let wait = base.saturating_add(chance.of(growth)).max(retry_after);
        wait.saturating_add(chance.of(self.jitter))
    }
}

impl Resume {
    pub(super) const fn allows(self, has_opened: bool, has_cursor: bool) -> bool {
        match self {
            Self::Never => false,
            Self::UntilOpen => !has_opened,
            Self::WithCursor => !has_opened || has_cursor,
            Self::Always => true,
        }
    }
}

fn is_never_transient(_: u16) -> bool {
    false
}

fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500..)
}
