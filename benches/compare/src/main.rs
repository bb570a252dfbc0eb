//! Compares sseam with its peers on the same streams: first correctness, then speed and allocations,
//! from bytes to events, from bytes to text, and from events to bytes.
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml                    everything
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --quick         a short run
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --check         only correctness
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --instructions  the whole way, counted
//! ```
//!
//! Modules: `contenders` has the trait for contenders, and those that read events; `whole_way` has
//! those that read text, and `encoding` those that write events. `check` compares them with the
//! oracle of sseam's tests, `measure` times
//! the correct ones, `instructions` counts with callgrind, and `report` formats the results.

mod check;
mod contenders;
mod encoding;
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

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

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
    /// One of the parts instead of all
    #[arg(long)]
    only: Option<Part>,
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
enum Part {
    /// From bytes to events
    Framing,
    /// From bytes to text: framing, verdict, payload, text
    WholeWay,
    /// From events to bytes
    Encoding,
}

impl Part {
    /// In compare.csv.
    const fn name(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::WholeWay => "whole-way",
            Self::Encoding => "encoding",
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
    let is_asked = |part: &Part| {
        args.only.is_none_or(|only| only == *part)
            && (!args.instructions || *part == Part::WholeWay)
    };
    let parts: Vec<Part> = Part::value_variants().iter().copied().filter(is_asked).collect();

    // A panic of a contender is a result.
    std::panic::set_hook(Box::new(|_| {}));
    let mut sseam_is_right = true;
    for part in &parts {
        let findings = match part {
            Part::Framing => check::framing(),
            Part::WholeWay => check::whole_way(),
            Part::Encoding => check::encoding(),
        };
        print!("{}", findings.text);
        sseam_is_right &= findings.sseam_is_right;
    }
    let _ = std::panic::take_hook();

    if args.instructions {
        println!("{}", instructions::tables()?);
    } else if !args.check {
        let mut all = Vec::new();
        for &part in &parts {
            let groups = match part {
                Part::Framing => measure::framing(args.quick),
                Part::WholeWay => measure::whole_way(args.quick),
                Part::Encoding => measure::encoding(),
            };
            println!("{}", report::table(part, &groups));
            if part == Part::Framing {
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
