//! The results as text and as a drawing.

use std::fmt::Write;
use std::fs;

use crate::Part;
use crate::check::size;
use crate::measure::{Group, Row};

/// The goals on the AMD machine of the documented figures: for the plain loop, ratios to the
/// yardstick, whole and in chunks of 1,460 bytes, and to the best peer, whole; for
/// sseam-eventsource-stream, the ratio to eventsource-stream, one event a chunk.
const GOALS: [(&str, f64, f64, f64, f64); 6] = [
    ("W1", 1.2, 1.0, 5.0, 3.0),
    ("W2", 1.15, 1.0, 5.0, 3.0),
    ("W3", 1.8, 1.75, 8.0, 3.0),
    ("W4", 0.8, 0.3, 2.5, 3.0),
    ("W5", 0.85, 0.75, 2.0, 3.0),
    ("W6", 0.85, 0.72, 3.0, 3.0),
];

/// The machine.
pub(crate) fn head() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("# sseam and its peers on {}\n", model.map_or("a machine", |(_, name)| name))
}

pub(crate) fn table(part: Part, groups: &[Group]) -> String {
    let mut text = String::from(match part {
        Part::Framing => "## Speed\n\n",
        Part::WholeWay => "## Speed on the whole way\n\n",
        Part::Encoding => "## Speed of encoding\n\n",
    });
    text.push_str(
        "The best of nine rounds, in which all take turns in one process. Ratios are of times, to \
         `memchr` over the line ends of the whole stream and to the best peer: higher is better.\n\n\
         |    | size | chunk | implementation | ns/event | allocations/event | GiB/s | to newlines | to best peer | yields |\n\
         | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    let mut line = |cells: [&str; 10]| {
        let [workload, bytes, chunk, name, ns, allocations, speed, newlines, peer, yields] = cells;
        writeln!(
            text,
            "| {workload:2} | {bytes:7} | {chunk:6} | {name:31} | {ns:>9} | {allocations:>17} | {speed:>6} | {newlines:>11} | {peer:>12} | {yields:34} |",
        )
        .expect("writing to a string does not fail");
    };
    for group in groups {
        let (bytes, chunk) = (size(group.size), size(group.chunk));
        for Row { racer, best, allocations } in &group.rows {
            let figures = match best {
                Ok(ns) => [
                    figure(per_event(group, *ns)),
                    rounded(allocations_per_event(group, *allocations)),
                    figure(group.gib_per_s(*ns)),
                    figure(group.newlines / ns),
                    group.best_peer().map_or("–".into(), |peer| figure(peer / ns)),
                ],
                Err(_) => ["left out", "–", "–", "–", "–"].map(str::to_owned),
            };
            let [ns, allocations, speed, newlines, peer] = &figures;
            let (name, yields) = (racer.name, racer.yields);
            line([
                group.workload,
                &bytes,
                &chunk,
                name,
                ns,
                allocations,
                speed,
                newlines,
                peer,
                yields,
            ]);
        }
    }
    for group in groups {
        let (bytes, chunk) = (size(group.size), size(group.chunk));
        for Row { racer, best, .. } in &group.rows {
            let Err(why) = best else { continue };
            let of = format!("{}, {bytes}, chunk {chunk}: {}", group.workload, racer.name);
            write!(text, "\n- {of}: {why}").expect("writing to a string does not fail");
        }
    }
    text + "\n"
}

pub(crate) fn goals(groups: &[Group]) -> String {
    let mut text =
        String::from("## Goals of sseam's plain loop and of sseam-eventsource-stream, on AMD\n\n");
    for group in groups {
        let goal = GOALS.iter().find(|goal| goal.0 == group.workload).expect("a goal");
        let Some(ns) = group.best("sseam") else { continue };
        let mut add = |what, reached: f64, must| {
            let is_met = if reached >= must { "met" } else { "not met" };
            let (bytes, chunk, reached) = (size(group.size), size(group.chunk), figure(reached));
            let line = format!("- {}, {bytes}, chunk {chunk}, {what}: {reached}", group.workload);
            writeln!(text, "{line} of {must}: {is_met}")
                .expect("writing to a string does not fail");
        };
        match group.chunk {
            usize::MAX => {
                add("to newlines", group.newlines / ns, goal.1);
                add("to best peer", group.best_peer().map_or(f64::NAN, |peer| peer / ns), goal.3);
            }
            1460 => add("to newlines", group.newlines / ns, goal.2),
            chunk if chunk == group.bytes / group.events => {
                let best =
                    ["sseam-eventsource-stream", "eventsource-stream"].map(|of| group.best(of));
                if let [Some(facade), Some(original)] = best {
                    add("to eventsource-stream", original / facade, goal.4);
                }
            }
            _ => {}
        }
    }
    text
}

/// The figures for other programs: one line for each measurement.
pub(crate) fn csv(groups: &[Group]) -> String {
    let mut text = String::from(
        "part,workload,size,chunk,implementation,ns_per_event,gib_per_s,ratio_to_newlines,allocations_per_event\n",
    );
    for (group, row) in
        groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)))
    {
        let Ok(ns) = row.best else { continue };
        let Group { part, workload, size, chunk, newlines, .. } = group;
        let part = part.name();
        let chunk = if *chunk == usize::MAX { "whole" } else { &chunk.to_string() };
        let name = row.racer.name;
        let [event, speed] = [per_event(group, ns), group.gib_per_s(ns)];
        let allocations = allocations_per_event(group, row.allocations);
        let ratio = newlines / ns;
        writeln!(text, "{part},{workload},{size},{chunk},{name},{event:.4},{speed:.5},{ratio:.5},{allocations:.3}")
            .expect("writing to a string does not fail");
    }
    text
}

/// Draws the time of an event of the first three workloads, 256 KiB in one chunk: a row of bars for
/// sseam and for each peer, the fastest first. A card of its own colors is legible on any page.
pub(crate) fn svg(groups: &[Group]) -> String {
    let whole = |group: &&Group| (group.size, group.chunk) == (256 << 10, usize::MAX);
    let panels: Vec<&Group> = groups.iter().filter(whole).take(3).collect();
    let mut rows: Vec<(&str, f64)> = panels[0]
        .rows
        .iter()
        .filter(|row| row.racer.name == "sseam" || row.racer.is_peer)
        .filter_map(|row| Some((row.racer.name, row.best.as_ref().ok().copied()?)))
        .collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (width, height) = (170 + 240 * panels.len(), 92 + 24 * rows.len());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Nanoseconds per event\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#1f2328\">\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#ffffff\" stroke=\"#d0d7de\"/>\n",
        width - 1,
        height - 1,
    );
    let mut add =
        |element: String| writeln!(svg, "{element}").expect("writing to a string does not fail");
    add("<text x=\"20\" y=\"30\" font-weight=\"bold\">Nanoseconds per event (less is better)</text>".into());
    for ((name, _), y) in rows.iter().zip((84..).step_by(24)) {
        let weight = if *name == "sseam" { "bold" } else { "normal" };
        add(format!("<text x=\"20\" y=\"{y}\" font-weight=\"{weight}\">{name}</text>"));
    }
    for (group, left) in panels.into_iter().zip((170..).step_by(240)) {
        let kind = match group.workload {
            "W1" => "chat completions",
            "W2" => "responses",
            _ => "data: x",
        };
        let title = format!("{kind}, {} bytes", group.bytes / group.events);
        add(format!("<text x=\"{left}\" y=\"58\" fill=\"#57606a\">{title}</text>"));
        let times = rows.iter().map(|(name, _)| group.best(name).map(|ns| per_event(group, ns)));
        // Some peers are quadratic in what a chunk holds: their bars are cut off.
        let shortest = times.clone().flatten().fold(f64::MAX, f64::min);
        let longest = times.clone().flatten().fold(1.0, f64::max).min(40.0 * shortest);
        for (ns, y) in times.zip((71..).step_by(24)) {
            let Some(ns) = ns else { continue };
            let bar = (160.0 * (ns / longest).min(1.0)).max(1.0);
            let color = if y == 71 { "#0969da" } else { "#afb8c1" };
            add(format!(
                "<rect x=\"{left}\" y=\"{y}\" width=\"{bar:.1}\" height=\"16\" fill=\"{color}\"/>"
            ));
            let end = f64::from(left) + bar + 6.0;
            add(format!("<text x=\"{end:.1}\" y=\"{}\">{}</text>", y + 13, figure(ns)));
        }
    }
    svg + "</svg>\n"
}

#[allow(clippy::cast_precision_loss)] // There are far fewer events than 2^53.
fn per_event(group: &Group, of_stream: f64) -> f64 {
    of_stream / group.events as f64
}

#[allow(clippy::cast_precision_loss)] // As above.
fn allocations_per_event(group: &Group, of_stream: usize) -> f64 {
    per_event(group, of_stream as f64)
}

/// A few allocations for the whole stream are none for an event.
fn rounded(allocations: f64) -> String {
    let text = format!("{allocations:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With three significant digits.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
