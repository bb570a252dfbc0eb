//! Independent judges: what parsers that others wrote make of the same streams
//! as sseam, cut in the same ways.
//!
//! ```text
//! npm ci --prefix tests/judges
//! cargo run --release --manifest-path tests/judges/Cargo.toml
//! cargo run --release --manifest-path tests/judges/Cargo.toml -- --streams 3000 Chromium
//! ```
//!
//! To read the code: `streams` has what is judged, `standard` says what is right,
//! `judges/` has those who judge and how each is known to depart from the standard,
//! and `verdict` compares. A difference that is not listed fails, and so does a
//! listed one that is no longer to be seen.

mod answer;
mod args;
mod judge;
mod judges;
mod standard;
mod streams;
mod verdict;

#[allow(dead_code)] // The notes are for readers.
#[path = "../../conformance/cases.rs"]
mod cases;
#[path = "../../common/mod.rs"]
mod common;

use std::error::Error;
use std::process::ExitCode;

use args::Args;

fn main() -> ExitCode {
    match args::parse(lexopt::Parser::from_env()).map_err(Box::from).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("judges: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: Option<Args>) -> Result<ExitCode, Box<dyn Error>> {
    let Some(args) = args else {
        print!("{}", args::HELP);
        return Ok(ExitCode::SUCCESS);
    };
    let is_asked = |name: &str| match args.names.as_slice() {
        [] => name != "Chromium",
        names => name == "sseam" || names.iter().any(|asked| name.starts_with(asked.as_str())),
    };
    if let Some(unknown) = args.names.iter().find(|asked| {
        asked.is_empty() || !judges::ALL.iter().any(|judge| judge.name.starts_with(asked.as_str()))
    }) {
        return Err(format!("there is no judge {unknown:?}").into());
    }

    let mut requests = streams::table()?;
    let of_table = requests.len();
    match streams::shared()? {
        Some(shared) => requests.extend(shared),
        None => eprintln!("\n!!! SKIPPED: no shared cases beside the repository\n"),
    }
    let of_shared = requests.len() - of_table;
    requests.extend(streams::generated(args.streams, args.seed)?);
    println!(
        "{} streams: {of_table} of the table, {of_shared} shared, {} generated",
        requests.len(),
        args.streams
    );

    let mut is_right = true;
    for judge in judges::ALL.iter().filter(|judge| is_asked(judge.name)) {
        let verdict = verdict::of(judge, &requests)?;
        println!(
            "\n{}: as the standard has it in {} of {} streams",
            judge.name, verdict.right, verdict.streams
        );
        for (known, seen) in judge.deviations.iter().zip(&verdict.seen) {
            println!("  known, in {seen}: {}\n    right is {}", known.what, known.right);
        }
        for complaint in &verdict.complaints {
            println!("  !!! {complaint}");
            is_right = false;
        }
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
