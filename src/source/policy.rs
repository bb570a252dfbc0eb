//! The decisions that the standard leaves to the client: whether to connect again, and when.

use core::time::Duration;

use super::random::Fraction;
use super::time::millis;

/// The rules for when a [`Source`](super::Source) connects again, and how long it waits beforehand.
///
/// Start from [`event_source`](Self::event_source) or [`call`](Self::call) and change the rules
/// that differ.
///
/// # The wait
///
/// ```text
/// base   = max(reconnection time, minimum wait)
/// growth = max(0, min(maximum backoff, base × 2^(consecutive failures − 1)) − base)
/// wait   = max(base + random × growth, Retry-After) + random × jitter
/// ```
///
/// The reconnection time is the stream's, or the policy's until the stream sets one. `random` is at
/// least 0 and less than 1, drawn once for each wait from the source's
/// [seed](super::Source::with_seed), or 1 without a seed. Growth and jitter only lengthen the wait:
/// none is shorter than the server requires.
///
/// ```
/// use core::time::Duration;
/// use sseam::source::{Healthy, Policy, Resume};
///
/// // A background run that can be resumed: connects again after it broke off, at most five times
/// // in a row without an event.
/// const BACKGROUND_RUN: Policy = Policy::call()
///     .with_resume(Resume::WithCursor)
///     .with_healthy(Healthy::Event)
///     .with_max_retries(Some(5))
///     .with_jitter(Duration::from_millis(250));
///
/// // A browser's, with waits from two seconds to five minutes, that also survives a restart of the
/// // server.
/// const DASHBOARD: Policy = Policy::event_source()
///     .with_reconnection_time(Duration::from_secs(2))
///     .with_min_wait(Duration::from_secs(1))
///     .with_max_backoff(Duration::from_secs(300))
///     .with_transient(|status| matches!(status, 502..=504));
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

/// In which cases a [`Source`](super::Source) connects again. Each variant also includes the cases of
/// the variants above it. [`Policy`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Resume {
    /// In none.
    Never,
    /// After a connection that failed before any had opened: no event is lost, and none is repeated.
    UntilOpen,
    /// After a connection whose stream can be resumed, from a last event ID or a
    /// [cursor](super::Source::set_cursor).
    WithCursor,
    /// After every connection, as the standard requires.
    Always,
}

/// The sign of a healthy connection, after which earlier failures no longer count. [`Policy`] has an
/// example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Healthy {
    /// The connection opens. For servers that end the response after each event.
    Opens,
    /// An event arrives. For servers that accept connections and then break them.
    Event,
    /// The connection stays open for at least this time.
    Lasts(Duration),
}

impl Policy {
    /// Returns the policy of the standard's `EventSource`: connects again after each connection
    /// that ended or broke, without a limit, but not after a refused response.
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

    /// Returns the policy for one call of a language model, as in the SDKs of providers: at most
    /// two more attempts to get a response, and none once one has opened.
    ///
    /// [`Resume::UntilOpen`], [`Healthy::Event`], two retries; statuses 408, 409, 425, 429 and from
    /// 500 are transient; a reconnection time of 0.5 s, backoff up to 8 s; the rest as in
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

    /// Sets the connections after which to connect again.
    #[must_use]
    pub const fn with_resume(mut self, resume: Resume) -> Self {
        self.resume = resume;
        self
    }

    /// Sets the sign of a healthy connection, after which earlier failures no longer count.
    #[must_use]
    pub const fn with_healthy(mut self, healthy: Healthy) -> Self {
        self.healthy = healthy;
        self
    }

    /// Sets the maximum number of consecutive retries. `None` means no limit.
    ///
    /// Each connection that ended, broke or was not established is a failure. [`Healthy`] sets when
    /// failures no longer count.
    #[must_use]
    pub const fn with_max_retries(mut self, limit: Option<u32>) -> Self {
        self.max_retries = limit;
        self
    }

    /// Sets the reconnection time that applies until the stream sets one by `retry`.
    #[must_use]
    pub const fn with_reconnection_time(mut self, time: Duration) -> Self {
        self.reconnection_time = millis(time);
        self
    }

    /// Sets the minimum wait, even if the stream sets a shorter one: after `retry: 0` a client
    /// would connect in a busy loop.
    #[must_use]
    pub const fn with_min_wait(mut self, wait: Duration) -> Self {
        self.min_wait = millis(wait);
        self
    }

    /// Sets the upper limit of the exponential backoff: waits double with each consecutive failure
    /// up to it. Zero means constant waits.
    ///
    /// It never shortens a wait that the server requires.
    #[must_use]
    pub const fn with_max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = millis(wait);
        self
    }

    /// Sets the maximum random time that is added to each wait. This way, clients
    /// that were disconnected together do not reconnect together.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Duration) -> Self {
        self.jitter = millis(jitter);
        self
    }

    /// Sets the transient statuses, which are handled like a broken connection: [`Resume`] and the
    /// limit on retries apply. The standard has none.
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

    /// Returns the wait in milliseconds, after `failures` in a row.
    pub(super) fn wait(
        &self,
        reconnection_time: Option<u64>,
        failures: u32,
        retry_after: u64,
        random: Fraction,
    ) -> u64 {
        let base = reconnection_time.unwrap_or(self.reconnection_time).max(self.min_wait);
        let doublings = failures.saturating_sub(1);
        let grown = if doublings < base.leading_zeros() { base << doublings } else { u64::MAX };
        let growth = self.max_backoff.min(grown).saturating_sub(base);
        let wait = base.saturating_add(random.of(growth)).max(retry_after);
        wait.saturating_add(random.of(self.jitter))
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
