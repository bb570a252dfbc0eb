//! sseam and its peers on the same streams: first whether they are right, then
//! how fast they are.
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml                everything
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --quick     the short way
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --check     only whether they are right
//! ```
//!
//! To read the code: `contenders` says what it takes to take part, and has those who do. `check`
//! compares them with the oracle of sseam's tests, `measure` times those who pass, and `report`
//! shows what came of it.

mod check;
mod contenders;
mod measure;
mod report;
#[path = "../../workloads/mod.rs"]
mod workloads;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// sseam and its peers on the same streams: are they right, and how fast are they?
///
/// The exit status is 0, or 1 where sseam itself is wrong.
#[derive(Parser)]
struct Args {
    /// 256 KiB only, whole and in chunks of 1460 bytes
    #[arg(long)]
    quick: bool,
    /// Only the comparison with the oracle, nothing is timed
    #[arg(long)]
    check: bool,
    /// Where compare.csv and compare.svg go
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/compare"))]
    output: PathBuf,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    println!("{}", report::head());
    // A panic of a contender is a finding.
    std::panic::set_hook(Box::new(|_| {}));
    let findings = check::run();
    print!("{}", findings.text);
    let _ = std::panic::take_hook();
    if !args.check {
        let groups = measure::run(args.quick);
        println!("{}\n{}", report::table(&groups), report::goals(&groups));
        fs::create_dir_all(&args.output)?;
        fs::write(args.output.join("compare.csv"), report::csv(&groups))?;
        fs::write(args.output.join("compare.svg"), report::svg(&groups))?;
        eprintln!("compare.csv and compare.svg are in {}", args.output.display());
    }
    Ok(if findings.sseam_is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
