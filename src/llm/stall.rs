//! Detection of stalled streams.

use core::time::Duration;

use super::Signal;

/// Detects a stalled stream, for clients without a timer.
///
/// There are two limits: on silence (no bytes at all), and on missing progress (comments and pings,
/// but no event for the client). The [`default`](Self::default) has one limit: 60 seconds without
/// progress.
///
/// The caller passes the current time as a [`Duration`] since any fixed instant, from a monotonic
/// clock. A time earlier than a previous one is ignored, so late reports never make a live stream
/// look stalled.
///
/// ```
/// use core::time::Duration;
/// use sseam::llm::{Signal, Stall, StallWatch};
///
/// let s = Duration::from_secs;
/// let mut watch = StallWatch::new(s(0)).with_silence_limit(s(20)).with_progress_limit(s(60));
/// watch.observe(Signal::Payload, s(10));
/// watch.sign_of_life(s(25)); // A comment, or any other bytes.
/// assert_eq!(watch.stalls_at(), Some(s(45)));
/// assert_eq!(watch.stall(s(44)), None);
/// assert_eq!(watch.stall(s(45)), Some(Stall::Silence));
///
/// watch.observe(Signal::Ignored, s(45)); // A ping.
/// watch.observe(Signal::Ignored, s(60));
/// assert_eq!(watch.stalls_at(), Some(s(70)));
/// assert_eq!(watch.stall(s(70)), Some(Stall::NoProgress));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StallWatch {
    silence_limit: Option<Duration>,
    progress_limit: Option<Duration>,
    last_activity: Duration,
    last_progress: Duration,
}

/// The kind of a stall. Returned by [`StallWatch::stall`], whose page has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stall {
    /// No bytes arrived.
    Silence,
    /// Only keep-alives arrived.
    NoProgress,
}

impl StallWatch {
    /// The limit on missing progress of [`default`](Self::default): 60 seconds.
    pub const ADVISED: Duration = Duration::from_secs(60);

    /// Creates a watch without limits, for a stream that begins at `now`.
    #[must_use]
    pub const fn new(now: Duration) -> Self {
        Self { silence_limit: None, progress_limit: None, last_activity: now, last_progress: now }
    }

    /// Sets the limit on silence: the longest time without any bytes.
    #[must_use]
    pub const fn with_silence_limit(mut self, limit: Duration) -> Self {
        self.silence_limit = Some(limit);
        self
    }

    /// Sets the limit on missing progress: the longest time without an event for the client.
    #[must_use]
    pub const fn with_progress_limit(mut self, limit: Duration) -> Self {
        self.progress_limit = Some(limit);
        self
    }

    /// Records that bytes arrived, such as a comment.
    pub fn sign_of_life(&mut self, now: Duration) {
        self.last_activity = self.last_activity.max(now);
    }

    /// Records an event by its signal. Every event ends silence; every one but [`Signal::Ignored`]
    /// is progress.
    pub fn observe(&mut self, signal: Signal, now: Duration) {
        self.sign_of_life(now);
        if signal != Signal::Ignored {
            self.last_progress = self.last_progress.max(now);
        }
    }

    /// Returns the kind of stall at time `now`, or `None`. If both limits are reached, returns
    /// [`Stall::Silence`].
    #[must_use]
    pub fn stall(&self, now: Duration) -> Option<Stall> {
        if self.silence_deadline().is_some_and(|at| at <= now) {
            return Some(Stall::Silence);
        }
        self.progress_deadline().is_some_and(|at| at <= now).then_some(Stall::NoProgress)
    }

    /// Returns the deadline: the first time at which [`stall`](Self::stall) reports a stall if
    /// nothing more arrives. Sleep until then at most. Returns `None` without a limit, or if the
    /// time exceeds [`Duration::MAX`].
    #[must_use]
    pub fn stalls_at(&self) -> Option<Duration> {
        [self.silence_deadline(), self.progress_deadline()].into_iter().flatten().min()
    }

    fn silence_deadline(&self) -> Option<Duration> {
        self.silence_limit.and_then(|limit| sum(self.last_activity, limit))
    }

    fn progress_deadline(&self) -> Option<Duration> {
        self.progress_limit.and_then(|limit| sum(self.last_progress, limit))
    }
}

/// Same as [`Duration::checked_add`], which the compiler cannot prove to be free of panics.
fn sum(one: Duration, other: Duration) -> Option<Duration> {
    const SECOND: u32 = 1_000_000_000;

    let nanos = one.subsec_nanos().wrapping_add(other.subsec_nanos());
    let carry = u64::from(nanos >= SECOND);
    let secs = one.as_secs().checked_add(other.as_secs())?.checked_add(carry)?;
    Some(Duration::new(secs, nanos % SECOND))
}

/// Creates a watch for a stream that begins at zero, with [`ADVISED`](Self::ADVISED) as its only
/// limit.
impl Default for StallWatch {
    fn default() -> Self {
        Self::new(Duration::ZERO).with_progress_limit(Self::ADVISED)
    }
}
