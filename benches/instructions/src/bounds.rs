//! What the counts have to be, whatever they were: the bounds on an event or a
//! byte, on what tracking and reading payloads cost, and that a byte costs the same in a long stream as in a short one.

use crate::measure::Count;
use crate::rows::{FLAT_CHUNKS, Row, SIZE, WORKLOADS};
use crate::section;
use Per::{Byte, Event};

enum Per {
    Event,
    Byte,
}

/// The most instructions that a workload may take, cut so, at [`SIZE`].
struct Bound {
    workload: &'static str,
    chunk: &'static str,
    most: f64,
    per: Per,
    /// Whether it is an error to break it.
    enforced: bool,
}

#[rustfmt::skip]
const BOUNDS: [Bound; 11] = [
    bound("W1", "whole",  215.0,  Event, true),
    bound("W2", "whole",  260.0,  Event, true),
    bound("W3", "whole",   70.0,  Event, true),
    bound("W4", "whole",    0.37, Byte,  true),
    bound("W5", "whole", 3200.0,  Event, true),
    bound("W6", "whole",  600.0,  Event, true),
    bound("W1", "64",     900.0,  Event, true),
    bound("W1", "1",       40.0,  Byte,  true),
    bound("W4", "1",       40.0,  Byte,  true),
    bound("W2", "1",       65.0,  Byte,  true),
    bound("W3", "1",     1400.0,  Event, true),
];

/// The most that a workload may take as a multiple of another; whole, and at
/// [`SIZE`].
struct Ratio {
    row: &'static str,
    other: &'static str,
    most: f64,
}

const RATIOS: [Ratio; 5] = [
    // Tracked, against only parsed.
    Ratio { row: "W1 Chat", other: "W1", most: 2.5 },
    Ratio { row: "W2 Responses", other: "W2", most: 1.4 },
    // Payloads, against what a client would do without.
    Ratio { row: "W2 into sseam", other: "W2 into Value", most: 1.0 },
    Ratio { row: "W2 into sseam", other: "W2 into derived", most: 1.0 },
    Ratio { row: "W2 into sseam", other: "W2 into derived core", most: 1.0 },
];

/// How far the dearest byte may be from the cheapest, over the sizes.
const FLAT: f64 = 0.02;

const fn bound(
    workload: &'static str,
    chunk: &'static str,
    most: f64,
    per: Per,
    enforced: bool,
) -> Bound {
    Bound { workload, chunk, most, per, enforced }
}

fn cut(chunk: &str) -> String {
    if chunk == "whole" { chunk.into() } else { format!("in chunks of {chunk}") }
}

/// Prints how each bound stands; yields those that are enforced and broken.
pub fn check(counts: &[(Row, Count)]) -> Vec<String> {
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for bound in &BOUNDS {
        let Some(count) = find(counts, bound.workload, bound.chunk) else { continue };
        let (is, what, digits) = match bound.per {
            Event => (count.per_event(), "event", 1),
            Byte => (count.per_byte(), "byte", 3),
        };
        let verdict = match (is <= bound.most, bound.enforced) {
            (true, true) => "met",
            (true, false) => "met, not enforced yet",
            (false, true) => "BROKEN",
            (false, false) => "not met, not enforced",
        };
        let line = format!(
            "{} {}: {is:.digits$} per {what}, at most {}",
            bound.workload,
            cut(bound.chunk),
            bound.most
        );
        lines.push(format!("{line}: {verdict}"));
        if is > bound.most && bound.enforced {
            failures.push(line);
        }
    }
    for Ratio { row, other, most } in RATIOS {
        let (Some(with), Some(without)) =
            (find(counts, row, "whole"), find(counts, other, "whole"))
        else {
            continue;
        };
        let is = with.per_event() / without.per_event();
        let line = format!("{row}: {is:.3} times {other}, at most {most}");
        lines.push(format!("{line}: {}", if is <= most { "met" } else { "BROKEN" }));
        if is > most {
            failures.push(line);
        }
    }
    section("bounds, in a stream of 64 KiB", &lines);
    failures
}

/// The count of a workload that is cut so, at [`SIZE`].
fn find(counts: &[(Row, Count)], workload: &str, chunk: &str) -> Option<Count> {
    let is_it = |row: &Row| row.name == workload && row.chunk == chunk && row.size == SIZE;
    counts.iter().find(|(row, _)| is_it(row)).map(|(_, count)| *count)
}

/// Prints how flat the cost of a byte is; yields where it is not.
pub fn check_flatness(counts: &[(Row, Count)]) -> Vec<String> {
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for (workload, chunk) in WORKLOADS.iter().flat_map(|w| FLAT_CHUNKS.map(|c| (*w, c))) {
        let costs: Vec<(usize, f64)> = counts
            .iter()
            .filter(|(row, _)| row.is_flat() && row.name == workload && row.chunk == chunk)
            .map(|(row, count)| (row.size >> 10, count.per_byte()))
            .collect();
        if costs.len() < 2 {
            continue;
        }
        let least = costs.iter().map(|(_, cost)| *cost).fold(f64::INFINITY, f64::min);
        let most = costs.iter().map(|(_, cost)| *cost).fold(0.0, f64::max);
        let costs: Vec<String> =
            costs.iter().map(|(size, cost)| format!("{cost:.3} at {size} KiB")).collect();
        let line = format!("{workload} {}: {}", cut(chunk), costs.join(", "));
        let is_flat = most <= least * (1.0 + FLAT);
        lines.push(format!("{line}: {}", if is_flat { "flat" } else { "NOT FLAT" }));
        if !is_flat {
            failures.push(format!("not flat: {line}"));
        }
    }
    section("instructions per byte, in longer and longer streams", &lines);
    failures
}
