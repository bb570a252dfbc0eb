//! To ask again, or not: the decision that an outcome is for.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use sseam::Outcome;

use crate::trouble::Trouble;

/// No pause of ours is longer, and a server that asks for more is left alone.
const LONGEST: Duration = Duration::from_mins(1);

/// How often it may still be asked.
pub(crate) struct Retries {
    pub(crate) made: u32,
    pub(crate) allowed: u32,
    backoff: Duration,
}

impl Retries {
    pub(crate) fn new(allowed: u32, backoff: Duration) -> Self {
        Self { made: 0, allowed, backoff }
    }

    /// Whether another one may come.
    pub(crate) fn are_left(&self) -> bool {
        self.made < self.allowed
    }

    /// How long to wait before asking again, where that may help and is allowed.
    pub(crate) fn next(&mut self, came_out: &Result<Outcome, Trouble>) -> Option<Duration> {
        let at_least = match came_out {
            // Whole, cut short, an error: the provider has answered. Only an answer
            // that was lost on the way is worth the same question again.
            Ok(outcome) if outcome.is_retry_candidate() => Duration::ZERO,
            Ok(_) => return None,
            Err(trouble) => trouble.retry_after()?,
        };
        if !self.are_left() || at_least > LONGEST {
            return None;
        }
        let backoff = self.backoff.saturating_mul(1 << self.made.min(16)).min(LONGEST);
        self.made += 1;
        Some(at_least.max(jittered(backoff)))
    }
}

/// Between half of it and all: clients that broke off together must not come back
/// together.
fn jittered(pause: Duration) -> Duration {
    // What the standard library seeds its hash maps with is random enough.
    let random = RandomState::new().build_hasher().finish();
    let share = f64::from(u16::try_from(random & 0xFFFF).unwrap_or(u16::MAX)) / 65535.0;
    pause.mul_f64(0.5 + share / 2.0)
}
