//! A client for a microcontroller, on the host: it reads a language model's answer over a radio
//! link with frames of 64 bytes, without a heap.
//!
//! ```text
//! cargo run -p sseam-examples --example embedded
//! ```
//!
//! `listen` is the client, and all that firmware needs; `radio` simulates the link, and `main` the
//! screen and the executor.

mod listen;
mod radio;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use embassy_futures::block_on;
use heapless::String;
use sseam::llm::Outcome;

use radio::Radio;

/// The model's answer: the body of an HTTP response.
const ANSWER: &[u8] = include_bytes!("answer.sse");

fn main() -> ExitCode {
    let mut screen = Screen { shown: String::new(), is_full: false };

    let listening = listen::listen(Radio::new(ANSWER), &mut screen);
    let size = size_of_val(&listening);
    let Ok(report) = block_on(listening);

    let Screen { shown, is_full } = screen;
    let chars = shown.chars().count();
    let full = if is_full || report.is_cut { ", and the rest did not fit" } else { "" };
    println!("\n");
    let skipped = if report.has_skipped { ", and one or more were too large" } else { "" };
    println!("{}: {} events{skipped}", report.outcome, report.events);
    println!("{size} bytes for the task, with its connection, parser and answer");
    println!("{} bytes for the text: {chars} characters{full}", shown.capacity());
    if report.outcome == Outcome::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The terminal, instead of a display or a serial line. It keeps the beginning of the text.
struct Screen {
    shown: String<256>,
    is_full: bool,
}

impl fmt::Write for Screen {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.is_full = self.is_full || self.shown.push_str(text).is_err();
        let mut out = io::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|_| fmt::Error)
    }
}
