//! A client for a microcontroller, on the host: it listens to a language model over a
//! radio link that brings 64 bytes at a time, without a heap.
//!
//! ```text
//! cargo run -p sseam-examples --example embedded
//! ```
//!
//! To read the code: `listen` is the client, and all that a firmware needs; `radio`
//! simulates the link, and `main` the screen and what runs the tasks.

mod listen;
mod radio;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use embassy_futures::block_on;
use heapless::String;
use sseam::llm::Outcome;

use radio::Radio;

/// What the model answers: the body of an HTTP response.
const ANSWER: &[u8] = include_bytes!("answer.sse");

fn main() -> ExitCode {
    let mut screen = Screen { shown: String::new(), is_full: false };

    let listening = listen::listen(Radio::new(ANSWER), &mut screen);
    let size = size_of_val(&listening);
    let Ok(heard) = block_on(listening);

    let Screen { shown, is_full } = screen;
    let chars = shown.chars().count();
    let full = if is_full || heard.is_cut { ", and there was no room for more" } else { "" };
    println!("\n");
    let skipped = if heard.has_skipped { ", and one or more were too large" } else { "" };
    println!("{}: {} events{skipped}", heard.outcome, heard.events);
    println!("{size} bytes for the task, with its connection, parser and answer");
    println!("{} bytes for the text: {chars} characters{full}", shown.capacity());
    if heard.outcome == Outcome::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The terminal, where a device has a display or a serial line. It keeps the beginning of
/// what it shows.
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
