//! Independent judges: what parsers that others wrote make of the same streams
//! as sseam, cut in the same ways.
//!
//! ```text
//! npm ci --prefix verify/judges
//! cargo run --release -p sseam-judges
//! cargo run --release -p sseam-judges -- --streams 3000 Chromium
//! ```
//!
//! To read the code: `streams` has what is judged, `ways` says what is right, by the oracle
//! that sseam's tests use, `judges` has those who judge and how each is known to depart from
//! the standard, and `verdict` compares. A difference that is not listed fails, and so does a
//! listed one that no longer occurs.

mod answer;
mod judges;
mod streams;
mod verdict;
mod ways;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// What parsers that others wrote make of the same streams as sseam
///
/// The exit status is 0 if each says what the standard says but for what is listed, 1 if one
/// does not, or 2 if something else failed.
#[derive(Parser)]
struct Args {
    /// The beginnings of judges' names: sse-core, sse-parse, eventsource-parser (needs Node.js
    /// and `npm ci` in this folder), Chromium (needs both); all but Chromium where none is
    /// named. sseam always takes part
    names: Vec<String>,
    /// How many streams are generated
    #[arg(long, default_value_t = 100_000)]
    streams: usize,
    /// From which number they are generated
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
        return Err(format!("there is no judge {unknown:?}").into());
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
