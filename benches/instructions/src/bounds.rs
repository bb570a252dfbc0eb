//! Limits on the counts, independent of the record: instructions per event or byte, the cost of
//! tracking and reading payloads, and that a byte costs the same in long and short streams.

use crate::measure::Count;
use crate::record::{FLAT_CHUNKS, Row, SIZE, WORKLOADS};
use crate::section;
use Per::{Byte, Event};

enum Per {
    Event,
    Byte,
}

/// The limit on a row, with these chunks, at [`SIZE`].
struct Bound {
    row: &'static str,
    chunk: &'static str,
    most: f64,
    per: Per,
}

#[rustfmt::skip]
const BOUNDS: [Bound; 48] = [
    bound("W1", "whole",     170.0,  Event),
    bound("W2", "whole",     228.0,  Event),
    bound("W3", "whole",      64.0,  Event),
    bound("W4", "whole",       0.25, Byte),
    bound("W5", "whole",    2600.0,  Event),
    bound("W6", "whole",     450.0,  Event),
    bound("W1+id", "whole",  450.0,  Event),
    bound("W1", "1460",      235.0,  Event),
    bound("W2", "1460",      290.0,  Event),
    bound("W3", "1460",       68.0,  Event),
    bound("W4", "1460",    30000.0,  Event),
    bound("W5", "1460",     2950.0,  Event),
    bound("W6", "1460",      660.0,  Event),
    bound("W1+id", "1460",   610.0,  Event),
    bound("W1", "64",        900.0,  Event),
    bound("W2", "64",       1200.0,  Event),
    bound("W1", "1",          55.0,  Byte),
    bound("W2", "1",          85.0,  Byte),
    bound("W3", "1",        2000.0,  Event),
    bound("W4", "1",          50.0,  Byte),
    bound("W1 items", "whole",        370.0, Event),
    bound("W2 items", "whole",        370.0, Event),
    bound("W6 items", "whole",        470.0, Event),
    bound("W1 items", "1460",         430.0, Event),
    bound("W2 items", "1460",         430.0, Event),
    bound("W6 items", "1460",         560.0, Event),
    bound("W1 EventStream", "whole",  280.0, Event),
    bound("W1 SharedEvent", "whole",  500.0, Event),
    bound("W1 EventCodec", "whole",   700.0, Event),
    // Parsed and tracked.
    bound("W1 Chat", "whole",         700.0, Event),
    bound("W2 Responses", "whole",    350.0, Event),
    // From bytes to text and outcome: framing, verdict, payload, and the text in a string.
    bound("W1 payload", "whole",     1650.0, Event),
    bound("W2 payload", "whole",     1300.0, Event),
    bound("A payload", "whole",      1300.0, Event),
    bound("J payload", "whole",      1850.0, Event),
    bound("S payload", "whole",      2000.0, Event),
    bound("D payload", "whole",      3500.0, Event),
    bound("T payload", "whole",      4000.0, Event),
    bound("R payload", "whole",      3400.0, Event),
    bound("C payload", "whole",    510_000.0, Event),
    // The same by an answer's deltas: 15 % more, or a limit of the row's own.
    bound("W1 answer", "whole",      1819.0, Event),
    bound("W2 answer", "whole",      1349.0, Event),
    bound("A answer", "whole",       1290.0, Event),
    bound("J answer", "whole",       2070.0, Event),
    bound("S answer", "whole",       1990.0, Event),
    bound("T answer", "whole",       4340.0, Event),
    // Encoded.
    bound("W1 encode", "whole",       430.0, Event),
    bound("W2 encode", "whole",       380.0, Event),
];

/// The limit on a workload as a multiple of another; whole, and at [`SIZE`].
struct Ratio {
    row: &'static str,
    other: &'static str,
    most: f64,
}

// Payloads, against an ordinary implementation.
const RATIOS: [Ratio; 3] = [
    Ratio { row: "W2 into sseam", other: "W2 into Value", most: 1.0 },
    Ratio { row: "W2 into sseam", other: "W2 into derived", most: 1.0 },
    Ratio { row: "W2 into sseam", other: "W2 into derived core", most: 1.0 },
];

/// The allowed difference between the dearest and the cheapest byte over the sizes.
const FLAT: f64 = 0.02;

const fn bound(row: &'static str, chunk: &'static str, most: f64, per: Per) -> Bound {
    Bound { row, chunk, most, per }
}

fn cut(chunk: &str) -> String {
    if chunk == "whole" { chunk.into() } else { format!("in chunks of {chunk}") }
}

/// Prints each limit with its count; returns the exceeded ones.
pub fn check(counts: &[(Row, Count)]) -> Vec<String> {
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for bound in &BOUNDS {
        let Some(count) = find(counts, bound.row, bound.chunk) else { continue };
        let (is, what, digits) = match bound.per {
            Event => (count.per_event(), "event", 1),
            Byte => (count.per_byte(), "byte", 3),
        };
        let line = format!(
            "{} {}: {is:.digits$} per {what}, at most {}",
            bound.row,
            cut(bound.chunk),
            bound.most
        );
        lines.push(format!("{line}: {}", if is <= bound.most { "met" } else { "BROKEN" }));
        if is > bound.most {
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
    section("limits, in a stream of 64 KiB", &lines);
    failures
}

/// The count of a workload with these chunks, at [`SIZE`].
fn find(counts: &[(Row, Count)], workload: &str, chunk: &str) -> Option<Count> {
    let is_it = |row: &Row| row.name == workload && row.chunk == chunk && row.size == SIZE;
    counts.iter().find(|(row, _)| is_it(row)).map(|(_, count)| *count)
}

/// Prints the costs of a byte over the sizes; returns those that are not flat.
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
