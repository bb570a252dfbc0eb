//! sseam and its peers on the same streams: first whether they are right, then
//! how fast they are.
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml                everything
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --quick     the short way
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --check     only whether they are right
//! ```
//!
//! To read the code: `streams` has the streams, `contender` says what it takes
//! to take part and `contenders/` has those who do, one file each. `check`
//! compares them with `oracle`, `measure` times those who pass, and `no_std`
//! a program beside this one; `report`, `csv`, `chart` and `goals` tell what
//! came of it.

mod args;
mod chart;
mod check;
mod contender;
mod contenders;
mod csv;
mod goals;
mod input;
mod limits;
mod machine;
mod markdown;
mod measure;
mod no_std;
mod oracle;
mod plan;
mod report;
mod results;
mod streams;
mod visitor;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use args::Command;
use plan::Plan;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut out = io::stdout().lock();
    match args::parse(lexopt::Parser::from_env())? {
        Command::Help => out.write_all(args::HELP.as_bytes())?,
        Command::Check => {
            write!(out, "{}", machine::head())?;
            let findings = check::run(&Plan::full());
            write!(out, "{}", findings.markdown())?;
            return Ok(code(&findings));
        }
        Command::Compare { plan, output } => {
            write!(out, "{}", machine::head())?;
            let findings = check::run(&plan);
            write!(out, "{}", findings.markdown())?;
            out.flush()?;
            let no_std = no_std::Program::build();
            if let Err(reason) = &no_std {
                eprintln!("!!! LEFT OUT: {}: {reason}", no_std::NAME);
            }
            let results = measure::run(&plan, &findings, no_std.as_ref().ok());
            write!(out, "{}", report::markdown(&plan, &results))?;
            write!(out, "{}", goals::markdown(&results))?;
            if let Err(reason) = &no_std {
                writeln!(out, "!!! LEFT OUT: {}: {reason}", no_std::NAME)?;
            }
            save(&output, &results)?;
            return Ok(code(&findings));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A peer that is wrong is a finding; sseam being wrong is a failure.
fn code(findings: &check::Findings) -> ExitCode {
    if findings.sseam_is_right() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn save(output: &Path, results: &[results::Group]) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(output)?;
    std::fs::write(output.join("compare.csv"), csv::table(results))?;
    if let Some(drawing) = chart::svg(results)? {
        std::fs::write(output.join("compare.svg"), drawing)?;
    }
    eprintln!("compare.csv and compare.svg are in {}", output.canonicalize()?.display());
    Ok(())
}
