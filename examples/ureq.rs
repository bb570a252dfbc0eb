//! Shows the answer of a language model as it arrives, and whether it finished. By ureq: without
//! `async`.
//!
//! ```toml
//! sseam = "0.1"
//! ureq = "3"
//! ```

use std::io::{BufReader, Write, stdout};
use std::process::ExitCode;

use sseam::adapter::io::AnswerReader;
use sseam::llm::{Delta, Outcome, StallWatch};

const REQUEST: &str =
    r#"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Good day"}]}"#;

fn main() -> Result<ExitCode, ureq::Error> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let request = ureq::post(url)
        .header("accept", "text/event-stream")
        .header("accept-encoding", "identity") // A decompressor may delay events.
        .header("content-type", "application/json");
    let response = request.send(REQUEST)?;

    // ureq's reader returns each piece as it arrives; events are borrowed from the buffer.
    let body = BufReader::new(response.into_body().into_reader());
    let mut answers = AnswerReader::new(body).with_stall_limit(StallWatch::ADVISED);
    while let Some(event) = answers.next_event() {
        for delta in event.deltas() {
            match delta {
                Delta::Text { text, .. } => print!("{text}"),
                Delta::Error { error, .. } => eprintln!("{error}"),
                _ => {} // Tool calls: see the example `openai_tools`.
            }
        }
        let _ = stdout().flush();
    }
    if let Some(error) = answers.error() {
        eprintln!("{error}");
    }
    println!("\n{}", answers.outcome());
    let is_whole = answers.outcome() == Outcome::Completed;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
