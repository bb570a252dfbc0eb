//! What came of the measurements.

use crate::contender::{Identity, Kind};
use crate::input::Chunk;
use crate::limits::NEWLINES;

/// All that was measured together: one stream, cut in one way.
pub(crate) struct Group {
    pub(crate) workload: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    /// The size that was asked for; `bytes` is what whole events made of it.
    pub(crate) size: usize,
    pub(crate) bytes: usize,
    pub(crate) events: usize,
    pub(crate) chunk: Chunk,
    pub(crate) rounds: u32,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) identity: Identity,
    pub(crate) outcome: Outcome,
}

#[derive(Clone)]
pub(crate) enum Outcome {
    /// Nanoseconds for the stream.
    Timed { best: f64, median: f64 },
    /// Its events are not those of the standard.
    Wrong(String),
    /// It took too long; this says how that showed.
    CutOff(String),
}

impl Row {
    pub(crate) fn best(&self) -> Option<f64> {
        match self.outcome {
            Outcome::Timed { best, .. } => Some(best),
            _ => None,
        }
    }
}

#[allow(clippy::cast_precision_loss)] // Of bytes and events there are far fewer than 2^53.
impl Group {
    pub(crate) fn best(&self, name: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.identity.name == name)?.best()
    }

    pub(crate) fn best_peer(&self) -> Option<(&'static str, f64)> {
        let peers = self.rows.iter().filter(|row| row.identity.kind == Kind::Peer);
        let timed = peers.filter_map(|row| Some((row.identity.name, row.best()?)));
        timed.min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    pub(crate) fn ns_per_event(&self, ns: f64) -> f64 {
        ns / self.events as f64
    }

    pub(crate) fn gib_per_s(&self, ns: f64) -> f64 {
        self.bytes as f64 / ns * 1e9 / (1_u64 << 30) as f64
    }

    /// The yardstick's time over this one.
    pub(crate) fn to_newlines(&self, ns: f64) -> Option<f64> {
        Some(self.best(NEWLINES)? / ns)
    }

    /// The best peer's time over this one.
    pub(crate) fn to_best_peer(&self, ns: f64) -> Option<f64> {
        Some(self.best_peer()?.1 / ns)
    }
}
