//! Compares sseam with parsers by others on the same streams, cut in the same ways.
//!
//! ```text
//! npm ci --prefix verify/judges
//! cargo run --release -p sseam-judges
//! cargo run --release -p sseam-judges -- --streams 3000 Chromium
//! ```
//!
//! Modules: `streams` generates the streams, `ways` computes the right answer by the oracle of
//! sseam's tests, `judges` has the other parsers with their known deviations, and `verdict`
//! compares. A difference that is not listed is a failure, and so is a listed one that no longer
//! occurs.

mod answer;
mod judges;
mod streams;
mod verdict;
mod ways;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// Compares sseam with parsers by others on the same streams
///
/// The exit status is 0 if each follows the standard except for its listed deviations, 1 if one
/// does not, or 2 on any other failure.
#[derive(Parser)]
struct Args {
    /// Prefixes of judges' names: sse-core, sse-parse, eventsource-parser (needs Node.js and `npm
    /// ci` in this folder), Chromium (needs both); by default all but Chromium. sseam is always
    /// included
    names: Vec<String>,
    /// The number of generated streams
    #[arg(long, default_value_t = 100_000)]
    streams: usize,
    /// The seed of the generated streams
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("judges: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let is_asked = |name: &str| match args.names.as_slice() {
        [] => name != "Chromium",
        names => name == "sseam" || names.iter().any(|asked| name.starts_with(asked.as_str())),
    };
    if let Some(unknown) = args.names.iter().find(|asked| {
        asked.is_empty() || !judges::ALL.iter().any(|judge| judge.name.starts_with(asked.as_str()))
    }) {
        return Err(format!("unknown judge {unknown:?}").into());
    }

    let mut requests = streams::table()?;
    let of_table = requests.len();
    requests.extend(streams::shared()?);
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
            "\n{}: matches the standard in {} of {} streams",
            judge.name, verdict.right, verdict.streams
        );
        for (known, seen) in judge.deviations.iter().zip(&verdict.seen) {
            println!(
                "  known deviation, in {seen}: {}\n    correct is {}",
                known.what, known.right
            );
        }
        for complaint in &verdict.complaints {
            println!("  !!! {complaint}");
            is_right = false;
        }
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
