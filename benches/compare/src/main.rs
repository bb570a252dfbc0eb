//! Compares sseam with its peers on the same streams: first correctness, then speed, from bytes to
//! events and from bytes to text.
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml                    everything
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --quick         a short run
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --check         only correctness
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --instructions  the whole way, counted
//! ```
//!
//! Modules: `contenders` has the trait for contenders, and those that read events; `whole_way` has
//! those that read text. `check` compares them with the oracle of sseam's tests, `measure` times
//! the correct ones, `instructions` counts with callgrind, and `report` formats the results.

mod check;
mod contenders;
mod instructions;
mod measure;
mod report;
mod whole_way;
#[path = "../../workloads/mod.rs"]
mod workloads;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Compares correctness and speed of sseam and its peers on the same streams
///
/// The exit status is 0, or 1 if sseam itself is wrong.
#[derive(Parser)]
struct Args {
    /// 256 KiB only: whole, in chunks of 1460 bytes, and of one event each
    #[arg(long)]
    quick: bool,
    /// Only the comparison with the oracle, nothing is timed
    #[arg(long)]
    check: bool,
    /// One of the two ways instead of both
    #[arg(long)]
    only: Option<Way>,
    /// Do not measure time: count the instructions of the whole way with callgrind (needs valgrind)
    #[arg(long, conflicts_with_all = ["quick", "check", "only"])]
    instructions: bool,
    /// Used with callgrind: implementation, workload, chunk
    #[arg(long, hide = true, num_args = 3)]
    counted: Option<Vec<String>>,
    /// The folder for compare.csv and compare.svg
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/compare"))]
    output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// From bytes to events
    Framing,
    /// From bytes to text: framing, verdict, payload, text
    WholeWay,
}

impl Way {
    /// In compare.csv.
    const fn name(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::WholeWay => "whole-way",
        }
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    if let Some(arguments) = &args.counted {
        instructions::counted(arguments)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}", report::head());
    let is_asked = |way: &Way| {
        args.only.is_none_or(|only| only == *way) && !(args.instructions && *way == Way::Framing)
    };
    let ways: Vec<Way> = [Way::Framing, Way::WholeWay].into_iter().filter(is_asked).collect();

    // A panic of a contender is a result.
    std::panic::set_hook(Box::new(|_| {}));
    let mut sseam_is_right = true;
    for way in &ways {
        let findings = match way {
            Way::Framing => check::framing(),
            Way::WholeWay => check::whole_way(),
        };
        print!("{}", findings.text);
        sseam_is_right &= findings.sseam_is_right;
    }
    let _ = std::panic::take_hook();

    if args.instructions {
        println!("{}", instructions::tables()?);
    } else if !args.check {
        let mut all = Vec::new();
        for &way in &ways {
            let groups = match way {
                Way::Framing => measure::framing(args.quick),
                Way::WholeWay => measure::whole_way(args.quick),
            };
            println!("{}", report::table(way, &groups));
            if way == Way::Framing {
                println!("{}", report::goals(&groups));
                fs::create_dir_all(&args.output)?;
                fs::write(args.output.join("compare.svg"), report::svg(&groups))?;
                eprintln!("compare.svg is in {}", args.output.display());
            }
            all.extend(groups);
        }
        fs::create_dir_all(&args.output)?;
        fs::write(args.output.join("compare.csv"), report::csv(&all))?;
        eprintln!("compare.csv is in {}", args.output.display());
    }
    Ok(if sseam_is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
