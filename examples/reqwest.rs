//! Shows a Chat Completions answer as it comes, and says whether it finished. By reqwest.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json", "stream"] }
//! serde_json = "1"
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use reqwest::header::ACCEPT;
use serde_json::json;
use sseam::adapter::stream::EventStream;
use sseam::dialect::Auto;
use sseam::payload::{Joiner, chat::Chunk};
use sseam::{Event, Outcome, Signal, Tracker};

#[tokio::main]
async fn main() -> Result<ExitCode, reqwest::Error> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let request = json!({
        "model": "gpt-4o",
        "stream": true,
        "messages": [{ "role": "user", "content": "Good day" }],
    });

    // A bound on each silence, rather than on the whole answer, which may be long.
    let client = reqwest::Client::builder().read_timeout(Duration::from_secs(45)).build()?;
    let request = client.post(url).header(ACCEPT, "text/event-stream").json(&request);
    let response = request.send().await?.error_for_status()?;

    // Some servers leave out the blank line behind the last event: the flush takes it all the same.
    let mut events = EventStream::new(response.bytes_stream()).with_flush();
    let mut tracker = Tracker::new(Auto::new());
    let mut joiner = Joiner::new();
    loop {
        let event = match events.next_event().await {
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
            show(&event, &mut joiner);
        }
        if signal.is_end() {
            break;
        }
    }
    let outcome = tracker.finish(events.end());
    println!("\n{outcome}");
    Ok(if outcome == Outcome::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The joiner holds back half an emoji until the other half comes.
fn show(event: &Event<'_>, joiner: &mut Joiner) {
    let mut text = String::new();
    match Chunk::parse(event) {
        Ok(chunk) => {
            for choice in &chunk.choices {
                for piece in choice.texts() {
                    let _ = joiner.write(piece, &mut text); // A `String` takes all.
                }
            }
        }
        Err(error) => eprintln!("{error}: {}", event.data()),
    }
    print!("{text}");
    let _ = stdout().flush();
}
