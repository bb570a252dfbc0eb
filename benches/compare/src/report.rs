//! The figures as tables: one for each workload and size, and one in short.

use std::fmt::Write;

use crate::contender::Kind;
use crate::input::Chunk;
use crate::markdown::{Table, figure, list, size};
use crate::plan::{GRACE, PATIENCE, Plan, ROUNDS};
use crate::results::{Group, Outcome, Row};

const NONE: &str = "–";

pub(crate) fn markdown(plan: &Plan, groups: &[Group]) -> String {
    let mut text = format!(
        "## How fast they are\n\n\
         The best of {ROUNDS} rounds, in which all take turns in one process, and the median. \
         `newlines` is `memchr` visiting every line end of the whole stream; \"to newlines\" is \
         its time over that of the row, \"to best peer\" the best peer's: higher is better.\n\n\
         The peers build owned, checked strings (sseer shared ones), sseam's plain loop lends \
         bytes. Like is compared with like in `sseam+strings` (two owned, checked strings an \
         event), `sseam+utf8` (checked, borrowed) and `sseam+owned` (owned, unchecked). \
         `sseam+no_std` is the plain loop built without `std`, for whole streams: a process of \
         its own, which takes its turn in each round.\n\n\
         Cut off is who takes more than {PATIENCE} times as long as sseam, and longer than \
         {GRACE:?}; or longer than {:?}. Chunks come from memory: slices, or for sse-stream and \
         sseer `Bytes` cut before.\n\n",
        plan.patience,
    );
    for same in groups.chunk_by(|a, b| (a.workload, a.size) == (b.workload, b.size)) {
        text += &section(same);
    }
    text += "## In short: GiB/s, whole\n\n";
    for &bytes in plan.sizes {
        let whole: Vec<&Group> =
            groups.iter().filter(|g| g.chunk == Chunk::Whole && g.size == bytes).collect();
        writeln!(text, "{}:\n", size(bytes)).expect("a string takes it");
        text += &summary(&whole);
    }
    text
}

/// A workload at one size, cut in all ways.
fn section(groups: &[Group]) -> String {
    let Group { workload, about, size: asked, bytes, events, .. } = groups[0];
    let mut text = format!(
        "### {workload}, {}: {about}\n\n{events} events of {} bytes.\n\n",
        size(asked),
        bytes / events,
    );
    let header = [
        "chunk",
        "implementation",
        "yields",
        "ns/event",
        "median",
        "GiB/s",
        "to newlines",
        "to best peer",
    ];
    let mut table = Table::new(3, header);
    for group in groups {
        for row in &group.rows {
            table.row(cells(group, row));
        }
    }
    text += &table.markdown();
    text += &notes(groups);
    text
}

fn cells(group: &Group, row: &Row) -> [String; 8] {
    let figures = match row.outcome {
        Outcome::Timed { best, median } => [
            figure(group.ns_per_event(best)),
            figure(group.ns_per_event(median)),
            figure(group.gib_per_s(best)),
            group.to_newlines(best).map_or(NONE.into(), figure),
            match row.identity.kind {
                Kind::Limit => NONE.into(),
                Kind::Sseam | Kind::Peer => group.to_best_peer(best).map_or(NONE.into(), figure),
            },
        ],
        Outcome::Wrong(_) => without("wrong"),
        Outcome::CutOff(_) => without("cut off"),
    };
    let [ns, median, speed, newlines, peer] = figures;
    let identity = row.identity;
    let names = [group.chunk.to_string(), identity.name.into(), identity.yields.into()];
    let [chunk, name, yields] = names;
    [chunk, name, yields, ns, median, speed, newlines, peer]
}

fn without(reason: &str) -> [String; 5] {
    [reason, NONE, NONE, NONE, NONE].map(Into::into)
}

/// What the figures do not say.
fn notes(groups: &[Group]) -> String {
    let mut text = String::new();
    let short: Vec<&Group> = groups.iter().filter(|group| group.rounds < ROUNDS).collect();
    if !short.is_empty() {
        let rounds: Vec<String> = short
            .iter()
            .map(|group| format!("{} with chunk {}", group.rounds, group.chunk))
            .collect();
        writeln!(text, "- fewer rounds than {ROUNDS}, for time: {}", list(&rounds))
            .expect("a string takes it");
    }
    for group in groups {
        for Row { identity, outcome } in &group.rows {
            let why = match outcome {
                Outcome::Timed { .. } => continue,
                Outcome::Wrong(difference) => format!("wrong: {difference}"),
                Outcome::CutOff(how) => format!("cut off {how}"),
            };
            writeln!(text, "- {}, chunk {}: {why}", identity.name, group.chunk)
                .expect("a string takes it");
        }
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// One line an implementation, one column a workload.
fn summary(groups: &[&Group]) -> String {
    let header = ["implementation"].into_iter().chain(groups.iter().map(|group| group.workload));
    let mut table = Table::new(1, header);
    // The last workload has them all.
    let names = groups.last().map_or(&[][..], |group| &group.rows[..]);
    for name in names.iter().map(|row| row.identity.name) {
        let speeds = groups.iter().map(|group| {
            group.best(name).map_or(NONE.to_string(), |best| figure(group.gib_per_s(best)))
        });
        table.row([name.to_string()].into_iter().chain(speeds));
    }
    table.markdown()
}
