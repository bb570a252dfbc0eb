//! Shows the answer of a language model as it arrives, and whether it finished. By reqwest.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json", "stream"] }
//! serde_json = "1"
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
//! ```

use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use reqwest::header::ACCEPT;
use serde_json::json;
use sseam::adapter::stream::AnswerStream;
use sseam::llm::{Delta, Outcome, StallWatch};
use tokio::time::timeout;

#[tokio::main]
async fn main() -> Result<ExitCode, reqwest::Error> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let request = json!({
        "model": "gpt-4o",
        "stream": true,
        "messages": [{ "role": "user", "content": "Good day" }],
    });

    // A limit on each silence, rather than on the whole answer, which may be long.
    let client = reqwest::Client::builder().read_timeout(Duration::from_secs(45)).build()?;
    let request = client.post(url).header(ACCEPT, "text/event-stream").json(&request);
    let response = request.send().await?;

    // With any status: the body of a refused request has the reason.
    let mut answers = AnswerStream::new(response.bytes_stream());
    // A limit on the time with nothing but keep-alives.
    while let Ok(Some(event)) = timeout(StallWatch::ADVISED, answers.next_event()).await {
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
