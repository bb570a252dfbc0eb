//! What came of it, as text and as a drawing.

use std::fmt::Write;
use std::fs;

use crate::Way;
use crate::check::size;
use crate::contenders;
use crate::measure::{Group, Row};

/// What is to be reached on the AMD machine that the figures in the documentation are from: by the
/// plain loop, ratios to the yardstick, whole and in chunks of 1,460 bytes, and to the best peer,
/// whole; by sseam-eventsource-stream, the ratio to eventsource-stream, one event a chunk. (In W3
/// both spend most of their time on the memory of two strings.)
const GOALS: [(&str, f64, f64, f64, f64); 6] = [
    ("W1", 1.2, 1.0, 5.0, 3.0),
    ("W2", 1.15, 1.0, 5.0, 3.0),
    ("W3", 1.8, 1.75, 8.0, 2.0),
    ("W4", 0.8, 0.3, 2.5, 3.0),
    ("W5", 0.85, 0.75, 2.0, 3.0),
    ("W6", 0.85, 0.72, 3.0, 3.0),
];

/// The colors of the contenders in their order, and last of the yardstick; sseam's dots are larger.
const COLORS: [&str; 15] = [
    "#C0392B", "#F5B041", "#E58E73", "#A93226", "#F1948A", "#7B241C", "#1F77B4", "#2CA02C",
    "#9467BD", "#8C564B", "#E377C2", "#17A2B8", "#7F7F7F", "#BCBD22", "#333333",
];

/// GiB/s at the bottom and at the top of the drawing, on a logarithmic scale.
const RANGE: (f64, f64) = (0.008, 200.0);

/// Where it was measured.
pub(crate) fn head() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("# sseam and its peers on {}\n", model.map_or("a machine", |(_, name)| name))
}

pub(crate) fn table(way: Way, groups: &[Group]) -> String {
    let mut text = String::from(match way {
        Way::Framing => "## How fast they are\n\n",
        Way::WholeWay => "## How fast they are on the whole way\n\n",
    });
    text.push_str(
        "The best of nine rounds, in which all take turns in one process. Ratios are of times, to \
         `memchr` over the line ends of the whole stream and to the best peer: higher is better.\n\n\
         |    | size | chunk | implementation | ns/event | GiB/s | to newlines | to best peer | yields |\n\
         | --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    let mut line = |cells: [&str; 9]| {
        let [workload, bytes, chunk, name, ns, speed, newlines, peer, yields] = cells;
        writeln!(
            text,
            "| {workload:2} | {bytes:7} | {chunk:6} | {name:31} | {ns:>9} | {speed:>6} | {newlines:>11} | {peer:>12} | {yields:34} |",
        )
        .expect("a string takes it");
    };
    for group in groups {
        let (bytes, chunk) = (size(group.size), size(group.chunk));
        for Row { racer, best } in &group.rows {
            let figures = match best {
                Ok(ns) => [
                    figure(ns_per_event(group, *ns)),
                    figure(group.gib_per_s(*ns)),
                    figure(group.newlines / ns),
                    group.best_peer().map_or("–".into(), |peer| figure(peer / ns)),
                ],
                Err(_) => ["left out", "–", "–", "–"].map(str::to_owned),
            };
            let [ns, speed, newlines, peer] = &figures;
            let (name, yields) = (racer.name, racer.yields);
            line([group.workload, &bytes, &chunk, name, ns, speed, newlines, peer, yields]);
        }
    }
    for group in groups {
        let (bytes, chunk) = (size(group.size), size(group.chunk));
        for Row { racer, best } in &group.rows {
            let Err(why) = best else { continue };
            let of = format!("{}, {bytes}, chunk {chunk}: {}", group.workload, racer.name);
            write!(text, "\n- {of}: {why}").expect("a string takes it");
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
            writeln!(text, "{line} of {must}: {is_met}").expect("a string takes it");
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

/// The figures for other programs: one line for each that was timed.
pub(crate) fn csv(groups: &[Group]) -> String {
    let mut text = String::from(
        "way,workload,size,chunk,implementation,ns_per_event,gib_per_s,ratio_to_newlines\n",
    );
    for (group, row) in
        groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)))
    {
        let Ok(ns) = row.best else { continue };
        let Group { way, workload, size, chunk, newlines, .. } = group;
        let way = way.name();
        let chunk = if *chunk == usize::MAX { "whole" } else { &chunk.to_string() };
        let name = row.racer.name;
        let [event, speed] = [ns_per_event(group, ns), group.gib_per_s(ns)];
        let ratio = newlines / ns;
        writeln!(text, "{way},{workload},{size},{chunk},{name},{event:.4},{speed:.5},{ratio:.5}")
            .expect("a string takes it");
    }
    text
}

/// GiB/s of each workload, 256 KiB in one chunk: of the framing.
pub(crate) fn svg(groups: &[Group]) -> String {
    let mut svg = String::from(
        "<svg width=\"960\" height=\"520\" viewBox=\"0 0 960 520\" xmlns=\"http://www.w3.org/2000/svg\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">\n\
         <rect width=\"960\" height=\"520\" fill=\"#FFFFFF\"/>\n\
         <text x=\"60\" y=\"24\">GiB/s on 256 KiB in one chunk: higher is better, logarithmic</text>\n",
    );
    let mut add = |element: String| writeln!(svg, "{element}").expect("a string takes it");
    let height = |speed: f64| 480.0 - 440.0 * (speed / RANGE.0).ln() / (RANGE.1 / RANGE.0).ln();
    for speed in [0.1, 1.0, 10.0, 100.0] {
        let y = height(speed);
        add(format!("<path d=\"M60 {y:.0}H760\" stroke=\"#DDDDDD\"/>"));
        add(format!("<text x=\"52\" y=\"{:.0}\" text-anchor=\"end\">{speed}</text>", y + 4.0));
    }
    let drawn = groups.iter().filter(|group| (group.size, group.chunk) == (256 << 10, usize::MAX));
    for (group, left) in drawn.zip((70..).step_by(115)) {
        add(format!("<text x=\"{}\" y=\"502\">{}</text>", left + 40, group.workload));
        for ((row, color), x) in group.rows.iter().zip(COLORS).zip((left..).step_by(8)) {
            let Ok(ns) = row.best else { continue };
            let (y, r) = (height(group.gib_per_s(ns)), radius(row.racer.name));
            add(format!("<circle cx=\"{x}\" cy=\"{y:.0}\" r=\"{r}\" fill=\"{color}\"/>"));
        }
        let y = height(group.gib_per_s(group.newlines));
        add(format!("<path d=\"M{left} {y:.0}h100\" stroke=\"#333333\" stroke-width=\"2\"/>"));
    }
    let names =
        contenders::all().into_iter().map(|contender| contender.racer.name).chain(["newlines"]);
    for ((name, color), y) in names.zip(COLORS).zip((64..).step_by(22)) {
        let r = radius(name);
        add(format!("<circle cx=\"790\" cy=\"{y}\" r=\"{r}\" fill=\"{color}\"/>"));
        add(format!("<text x=\"804\" y=\"{}\">{name}</text>", y + 4));
    }
    add("<text x=\"784\" y=\"420\">Without a dot: wrong there,</text>".into());
    add("<text x=\"784\" y=\"438\">or left out for its time.</text>".into());
    svg + "</svg>\n"
}

fn radius(name: &str) -> u32 {
    if name.starts_with("sseam") { 6 } else { 4 }
}

#[allow(clippy::cast_precision_loss)] // There are far fewer events than 2^53.
fn ns_per_event(group: &Group, ns: f64) -> f64 {
    ns / group.events as f64
}

/// With three digits that count.
fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
