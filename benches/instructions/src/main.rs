//! Counts the instructions of sseam, and compares them with the record. README.md describes its
//! use.

mod bounds;
mod measure;
mod record;

use std::env;
use std::process::ExitCode;
use std::thread;

use measure::{Count, Programs};
use record::{Record, Row, Setting};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How far a count may grow before it is an error.
const GROWTH: f64 = 0.01;

const USAGE: &str = "\
usage: cargo run [-- WHAT]
without WHAT   count everything, compare with the record, check the bounds
W1             only what begins so; `W1,64` is narrower
--record       count everything and record it";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(""),
        ["--record"] => record(),
        [start] if !start.starts_with('-') => compare(start),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Counts the rows whose key begins with `start`. Returns `true` if they are within their limits.
fn compare(start: &str) -> Result<bool> {
    let setting = record::setting()?;
    let record = Record::read()?;
    let record = is_comparable(&record, &setting).then_some(&record);
    let counts = count(start, record)?;

    let mut failures = checks(&counts);
    if let Some(record) = record {
        failures.extend(changes(&counts, record, start));
    } else {
        // With another compiler the figures are informative, but not a failure.
        for failure in failures.drain(..) {
            println!("!!! not here: {failure}");
        }
    }
    println!();
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    match (failures.is_empty(), record) {
        (false, _) => {}
        (true, Some(_)) => println!("nothing grew by more than {:.0} %", GROWTH * 100.0),
        (true, None) => println!("not compared; the limits hold"),
    }
    Ok(failures.is_empty())
}

fn record() -> Result<bool> {
    let counts = count("", Record::read().ok().as_ref())?;
    record::write(&record::setting()?, &counts)?;
    let failures = checks(&counts);
    println!("\nrecorded");
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    Ok(failures.is_empty())
}

/// Returns `true` if counts may be compared with the record; prints a warning if not.
fn is_comparable(record: &Record, setting: &Setting) -> bool {
    if record.setting == *setting {
        return true;
    }
    println!("!!! NOT COMPARED with counts.csv, which was taken elsewhere:");
    for (name, now) in setting {
        let then = record.setting.iter().find(|(then, _)| then == name);
        let then = then.map_or("unknown", |(_, value)| value);
        if then != now {
            println!("!!!   {name}: {then} then, {now} now");
        }
    }
    println!("!!! Nothing fails for that. `--record` makes a new record.\n");
    false
}

/// Counts and prints the rows whose key begins with `start`.
fn count(start: &str, record: Option<&Record>) -> Result<Vec<(Row, Count)>> {
    let mut rows = record::rows();
    rows.retain(|row| row.to_string().starts_with(start));
    if rows.is_empty() {
        return Err(format!("nothing begins with `{start}`\n{USAGE}").into());
    }
    let programs = Programs::build()?;
    println!(
        "{:<19} {:>6} {:>8} {:>13} {:>11} {:>9} {:>9}",
        "workload", "chunk", "size", "instructions", "per event", "per byte", "change"
    );
    let mut counts = Vec::new();
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    for rows in rows.chunks(at_once) {
        for (row, count) in rows.iter().zip(programs.count_at_once(rows)) {
            let count = count?;
            let before = record.and_then(|record| record.instructions(row));
            let change = before.map(|before| format!("{:+.2} %", growth(before, count) * 100.0));
            println!(
                "{:<19} {:>6} {:>8} {:>13} {:>11.1} {:>9.3} {:>9}",
                row.name,
                row.chunk,
                row.size,
                count.instructions,
                count.per_event(),
                count.per_byte(),
                change.unwrap_or_default(),
            );
            counts.push((row.clone(), count));
        }
    }
    println!("\nprofiles, for callgrind_annotate: {}", programs.profiles().display());
    Ok(counts)
}

/// The limits that do not depend on the record.
fn checks(counts: &[(Row, Count)]) -> Vec<String> {
    let mut failures = bounds::check_flatness(counts);
    failures.extend(bounds::check(counts));
    failures
}

/// Returns what grew, or is missing on either side. Prints what shrank.
fn changes(counts: &[(Row, Count)], record: &Record, start: &str) -> Vec<String> {
    let (mut shrunk, mut failures) = (Vec::new(), Vec::new());
    for (row, count) in counts {
        let Some(before) = record.instructions(row) else {
            failures.push(format!("{row} is not in the record: see `--record`"));
            continue;
        };
        let growth = growth(before, *count);
        let change =
            format!("{before} to {} instructions, {:+.2} %", count.instructions, growth * 100.0);
        if growth > GROWTH {
            failures.push(format!("{row} grew from {change}"));
        } else if growth < -GROWTH {
            shrunk.push(format!("{row} shrank from {change}"));
        }
    }
    for (key, _) in record.counts.iter().filter(|(key, _)| key.starts_with(start)) {
        if !counts.iter().any(|(row, _)| row.to_string() == *key) {
            failures.push(format!("{key} is in the record, and not measured: see `--record`"));
        }
    }
    section("less than recorded; record it with `--record`", &shrunk);
    failures
}

#[allow(clippy::cast_precision_loss)]
fn growth(before: u64, now: Count) -> f64 {
    now.instructions as f64 / before as f64 - 1.0
}

/// Prints lines under a title, if there are any.
fn section(title: &str, lines: &[String]) {
    if !lines.is_empty() {
        println!("\n{title}:");
    }
    for line in lines {
        println!("  {line}");
    }
}
