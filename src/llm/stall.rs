//! When to give up on a stream that says nothing more.

use core::time::Duration;

use super::Signal;

/// Says when a stream has stalled, for a client that has no timer of its own.
///
/// There is no clock inside: the caller tells the time, as a [`Duration`] since
/// whatever it likes, always the same. Take a monotonic clock. A time earlier
/// than the latest one told counts as that one, so that reports that come late
/// and clocks that are set back never make a live stream look stalled.
///
/// There are two limits. One is on silence: nothing came at all. The other is
/// on no progress: comments and pings may come, but no event for the client. EU
/// GPT advises to disconnect and to try again when no event has come for 60
/// seconds, which is [`default`](Self::default)'s only limit.
///
/// ```
/// use core::time::Duration;
/// use sseam::llm::{Signal, Stall, StallWatch};
///
/// let s = Duration::from_secs;
/// let mut watch = StallWatch::new(s(0)).with_silence_limit(s(20)).with_progress_limit(s(60));
/// watch.observe(Signal::Payload, s(10));
/// watch.sign_of_life(s(25)); // A comment, or any bytes.
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
    life: Duration,
    progress: Duration,
}

/// How a stream has stalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stall {
    /// Nothing came at all.
    Silence,
    /// Nothing came but keep-alives.
    NoProgress,
}

impl StallWatch {
    /// For how long no event may come, as EU GPT advises.
    pub const ADVISED: Duration = Duration::from_secs(60);

    /// A watch without limits over a stream that begins at `now`.
    #[must_use]
    pub const fn new(now: Duration) -> Self {
        Self { silence_limit: None, progress_limit: None, life: now, progress: now }
    }

    /// Gives up when nothing at all has come for `limit`.
    #[must_use]
    pub const fn with_silence_limit(mut self, limit: Duration) -> Self {
        self.silence_limit = Some(limit);
        self
    }

    /// Gives up when no event for the client has come for `limit`.
    #[must_use]
    pub const fn with_progress_limit(mut self, limit: Duration) -> Self {
        self.progress_limit = Some(limit);
        self
    }

    /// Takes note of bytes of whatever kind, comments among them.
    pub fn sign_of_life(&mut self, now: Duration) {
        self.life = self.life.max(now);
    }

    /// Takes note of an event, by what the tracker said of it: all but
    /// [`Signal::Ignored`] is progress, and all is a sign of life.
    pub fn observe(&mut self, signal: Signal, now: Duration) {
        self.sign_of_life(now);
        if signal != Signal::Ignored {
            self.progress = self.progress.max(now);
        }
    }

    /// Whether the stream has stalled by `now`, and how; where both limits are
    /// reached, [`Stall::Silence`].
    #[must_use]
    pub fn stall(&self, now: Duration) -> Option<Stall> {
        if self.silent_at().is_some_and(|at| at <= now) {
            return Some(Stall::Silence);
        }
        self.stuck_at().is_some_and(|at| at <= now).then_some(Stall::NoProgress)
    }

    /// When the stream will have stalled if nothing more comes: the first time
    /// at which [`stall`](Self::stall) tells it. Sleep until then, or for less.
    /// Nothing where there is no limit, or the time is beyond a `Duration`.
    #[must_use]
    pub fn stalls_at(&self) -> Option<Duration> {
        [self.silent_at(), self.stuck_at()].into_iter().flatten().min()
    }

    fn silent_at(&self) -> Option<Duration> {
        self.silence_limit.and_then(|limit| sum(self.life, limit))
    }

    fn stuck_at(&self) -> Option<Duration> {
        self.progress_limit.and_then(|limit| sum(self.progress, limit))
    }
}

/// As [`Duration::checked_add`], of which the compiler does not see that it
/// cannot panic.
fn sum(one: Duration, other: Duration) -> Option<Duration> {
    const SECOND: u32 = 1_000_000_000;

    let nanos = one.subsec_nanos().wrapping_add(other.subsec_nanos());
    let carry = u64::from(nanos >= SECOND);
    let secs = one.as_secs().checked_add(other.as_secs())?.checked_add(carry)?;
    Some(Duration::new(secs, nanos % SECOND))
}

/// A stream that begins at zero, with the limit that EU GPT advises.
impl Default for StallWatch {
    fn default() -> Self {
        Self::new(Duration::ZERO).with_progress_limit(Self::ADVISED)
    }
}
