//! Text, tool calls, usage and outcome of a Chat Completions answer. The calls are made once it is
//! complete.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json", "stream"] }
//! serde_json = "1"
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use std::error::Error;

use serde_json::{Value, json};
use sseam::adapter::stream::AnswerStream;
use sseam::llm::{Collected, Delta, Outcome};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let city = json!({ "type": "object", "properties": { "city": { "type": "string" } } });
    let request = json!({
        "model": "gpt-4o",
        "stream": true,
        "stream_options": { "include_usage": true },
        "messages": [{ "role": "user", "content": "Is it warmer in Rome or in Oslo?" }],
        "tools": [{ "type": "function", "function": { "name": "weather", "parameters": city } }],
    });
    let response = reqwest::Client::new().post(url).json(&request).send().await?;

    // With any status: the body of a refused request has the reason.
    let mut answers = AnswerStream::new(response.bytes_stream());
    let mut collected = Collected::with_limit(1 << 20);
    while let Some(event) = answers.next_event().await {
        for delta in event.deltas() {
            if let Delta::Text { text, .. } = delta {
                print!("{text}"); // Line by line. For each piece: `stdout().flush()`.
            }
            collected.push(&delta)?;
        }
    }
    // Incomplete arguments may be valid JSON, too.
    if answers.outcome() != Outcome::Completed {
        return Err(collected.summary(answers.outcome()).into());
    }
    println!();
    for call in &collected.calls {
        let arguments: Value = serde_json::from_str(&call.arguments)?;
        println!("{}: {} of {arguments}", call.id.as_deref().unwrap_or("a call"), call.name);
    }
    println!("{}", collected.usage);
    Ok(())
}
