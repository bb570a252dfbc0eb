//! Shows a Chat Completions answer as it comes, and says whether it finished. By ureq: without `async`.
//!
//! ```toml
//! sseam = "0.1"
//! ureq = "3"
//! ```

use std::io::{BufReader, Write, stdout};
use std::process::ExitCode;

use sseam::adapter::io::EventReader;
use sseam::dialect::Auto;
use sseam::payload::chat::Chunk;
use sseam::{Event, Outcome, Signal, Tracker};

const REQUEST: &str =
    r#"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Good day"}]}"#;

fn main() -> Result<ExitCode, ureq::Error> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let request = ureq::post(url)
        .header("accept", "text/event-stream")
        .header("accept-encoding", "identity") // A decompressor may hold back events.
        .header("content-type", "application/json");
    let response = request.send(REQUEST)?;

    // ureq's reader brings each piece as it comes; the buffer lends events without a copy.
    let body = BufReader::new(response.into_body().into_reader());
    // Some servers leave out the blank line behind the last event: the flush takes it all the same.
    let mut events = EventReader::new(body).with_flush();
    let mut tracker = Tracker::new(Auto::new());
    loop {
        let event = match events.next_event() {
            Ok(Some(event)) => event,
            Ok(None) => break,
            // No `?`: an answer whose connection breaks has an outcome, too.
            Err(error) => {
                eprintln!("{error}");
                break;
            }
        };
        let signal = tracker.observe(&event);
        if matches!(signal, Signal::Message | Signal::Last) {
            show(&event);
        }
        if signal.is_end() {
            break;
        }
    }
    let outcome = tracker.finish(events.end());
    println!("\n{outcome}");
    Ok(if outcome == Outcome::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a server may cut an emoji in two, a `Joiner` puts it together: see the example `reqwest`.
fn show(event: &Event<'_>) {
    match Chunk::parse(event) {
        Ok(chunk) => {
            for choice in &chunk.choices {
                for piece in choice.texts() {
                    print!("{piece}");
                }
            }
        }
        Err(error) => eprintln!("{error}: {}", event.data()),
    }
    let _ = stdout().flush();
}
