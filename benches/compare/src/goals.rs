//! The figures that sseam has to reach, and whether it does.

use crate::input::Chunk;
use crate::markdown::{Table, figure, size};
use crate::no_std;
use crate::plan::{KIB, MIB};
use crate::results::Group;

/// What a workload has to reach.
struct Goal {
    workload: &'static str,
    /// Ratio to `newlines`, the stream in one chunk.
    whole: f64,
    /// The same in chunks of 1460 bytes.
    packets: f64,
    /// So many times as fast as the best peer, the stream in one chunk.
    peer: f64,
    /// Ratio to `newlines` without `std`, the stream in one chunk.
    no_std: f64,
}

const GOALS: [Goal; 6] = [
    Goal { workload: "W1", whole: 1.2, packets: 1.0, peer: 5.0, no_std: 0.9 },
    Goal { workload: "W2", whole: 1.15, packets: 1.0, peer: 5.0, no_std: 1.05 },
    Goal { workload: "W3", whole: 1.8, packets: 1.75, peer: 8.0, no_std: 1.6 },
    Goal { workload: "W4", whole: 0.8, packets: 0.3, peer: 3.0, no_std: 0.32 },
    Goal { workload: "W5", whole: 0.9, packets: 0.8, peer: 2.0, no_std: 0.8 },
    Goal { workload: "W6", whole: 0.85, packets: 0.72, peer: 3.0, no_std: 0.85 },
];

const SIZES: [usize; 2] = [256 * KIB, 16 * MIB];

/// The name of the plain loop.
const SSEAM: &str = "sseam";

/// How a figure follows from a group and sseam's time.
type Figure = fn(&Group, f64) -> Option<f64>;

pub(crate) fn markdown(groups: &[Group]) -> String {
    let mut table = Table::new(
        2,
        ["workload".into(), "sseam's plain loop".into(), "must".into()]
            .into_iter()
            .chain(SIZES.map(size)),
    );
    let (mut met, mut measured) = (0, 0);
    for goal in GOALS {
        let figures: [(&str, &str, f64, Chunk, Figure); 4] = [
            ("to newlines, whole", SSEAM, goal.whole, Chunk::Whole, Group::to_newlines),
            ("to newlines, 1460", SSEAM, goal.packets, Chunk::Of(1460), Group::to_newlines),
            ("to best peer, whole", SSEAM, goal.peer, Chunk::Whole, Group::to_best_peer),
            ("without std, whole", no_std::NAME, goal.no_std, Chunk::Whole, Group::to_newlines),
        ];
        for (name, implementation, must, chunk, figure_of) in figures {
            let cells = SIZES.map(|size| {
                let same = |group: &&Group| {
                    (group.workload, group.size, group.chunk) == (goal.workload, size, chunk)
                };
                let group = groups.iter().find(same);
                let reached = group.and_then(|group| figure_of(group, group.best(implementation)?));
                let Some(reached) = reached else { return "not measured".into() };
                measured += 1;
                met += u32::from(reached >= must);
                format!("{} {}", figure(reached), if reached >= must { "met" } else { "MISSED" })
            });
            table.row([goal.workload.into(), name.into(), figure(must)].into_iter().chain(cells));
        }
    }
    format!("## Goals\n\n{met} of {measured} are met.\n\n{}", table.markdown())
}
