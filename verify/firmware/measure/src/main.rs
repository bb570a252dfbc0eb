//! Builds the firmware, runs it under QEMU, measures it, and compares the figures with their
//! limits.
//!
//! ```text
//! cargo run --locked              # the table, and whether a limit is exceeded
//! cargo run --locked -- --code    # where the parser's code is, symbol by symbol
//! ```

mod figures;
mod firmware;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use figures::Figures;
use firmware::{Code, Firmware};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let result = match env::args().nth(1).as_deref() {
        None => table(),
        Some("--code") => code(),
        Some(other) => Err(format!("unknown argument {other}; the only one is --code").into()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Returns `true` if everything is within its limit.
fn table() -> Result<bool> {
    let firmware = Firmware::build()?;
    let mut figures = Figures::default();
    figures.add_host();
    let parser = Code::of(&firmware.path("alone"))?;
    figures.add_code(&parser);
    figures.add_source(&Code::of(&firmware.path("source"))?, &parser);
    figures.add_payloads(&Code::of(&firmware.path("payloads"))?);
    figures.add_answer(&Code::of(&firmware.path("answer"))?);
    for program in ["parser", "client"] {
        figures.add_printed(&firmware.run(program)?)?;
    }
    println!("{figures}");
    Ok(figures.are_good())
}

fn code() -> Result<bool> {
    println!("{}", Code::of(&Firmware::build()?.path("alone"))?);
    Ok(true)
}
