//! What is measured, and how long it may take.

use std::time::Duration;

use crate::input::Chunk;

pub(crate) struct Plan {
    /// The streams' sizes in bytes.
    pub(crate) sizes: &'static [usize],
    /// How they are cut.
    pub(crate) chunks: &'static [Chunk],
    /// How the workload of large events is cut besides.
    pub(crate) large_chunks: &'static [Chunk],
    /// How long one sample should take at least: so often is a stream read.
    pub(crate) sample: Duration,
    /// How long all rounds over one input may take; above that there are fewer.
    pub(crate) budget: Duration,
    /// No reading of a stream may take longer, whatever sseam needs.
    pub(crate) patience: Duration,
}

/// The best of so many rounds counts.
pub(crate) const ROUNDS: u32 = 9;

/// So many there are at least, where time is short.
pub(crate) const FEWEST_ROUNDS: u32 = 3;

/// Who takes so many times as long as sseam is cut off…
pub(crate) const PATIENCE: u32 = 50;

/// …but not before this time, in which a busy machine may just have paused.
pub(crate) const GRACE: Duration = Duration::from_millis(5);

pub(crate) const KIB: usize = 1 << 10;
pub(crate) const MIB: usize = 1 << 20;

impl Plan {
    pub(crate) const fn full() -> Self {
        Self {
            sizes: &[256 * KIB, 16 * MIB],
            chunks: &[
                Chunk::Whole,
                Chunk::Of(16 * KIB),
                Chunk::Of(1460),
                Chunk::Of(64),
                Chunk::Of(1),
            ],
            large_chunks: &[Chunk::Of(64 * KIB)],
            sample: Duration::from_millis(5),
            budget: Duration::from_secs(20),
            patience: Duration::from_secs(4),
        }
    }

    pub(crate) const fn quick() -> Self {
        Self {
            sizes: &[256 * KIB],
            chunks: &[Chunk::Whole, Chunk::Of(1460)],
            large_chunks: &[],
            sample: Duration::from_millis(5),
            budget: Duration::from_secs(2),
            patience: Duration::from_secs(1),
        }
    }

    /// How the stream of `workload` is cut.
    pub(crate) fn chunks_of(&self, workload: &str) -> Vec<Chunk> {
        let large = if workload == crate::streams::LARGE { self.large_chunks } else { &[] };
        [self.chunks, large].concat()
    }
}
