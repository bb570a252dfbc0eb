//! Puts the tool calls of a Chat Completions answer together, and makes them once it is whole.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json", "stream"] }
//! serde = { version = "1", features = ["derive"] }
//! serde_json = "1"
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use serde::Deserialize;
use serde_json::json;
use sseam::adapter::stream::EventStream;
use sseam::dialect::Auto;
use sseam::payload::{Accumulator, Part, PartKind, chat::Chunk};
use sseam::{Outcome, Signal, Tracker};

/// The arguments of the one tool that there is.
#[derive(Deserialize)]
struct Weather {
    city: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let city = json!({ "type": "object", "properties": { "city": { "type": "string" } } });
    let request = json!({
        "model": "gpt-4o",
        "stream": true,
        "messages": [{ "role": "user", "content": "Is it warmer in Rome or in Oslo?" }],
        "tools": [{ "type": "function", "function": { "name": "weather", "parameters": city } }],
    });
    let response = reqwest::Client::new().post(url).json(&request).send().await?;

    let mut events = EventStream::new(response.error_for_status()?.bytes_stream()).with_flush();
    let mut tracker = Tracker::new(Auto::new());
    // ID and name come in a call's first fragment, the arguments piece by piece: up to 1 MiB here.
    let mut calls: BTreeMap<u32, (String, String)> = BTreeMap::new();
    let mut arguments = Accumulator::growing(1 << 20);
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
            let chunk = Chunk::parse(&event)?;
            arguments.push_chat(&chunk)?;
            for delta in chunk.choices.iter().filter_map(|choice| choice.delta) {
                for call in &delta.tool_calls {
                    let function = call.function.unwrap_or_default();
                    let (id, name) = calls.entry(call.index.try_into()?).or_default();
                    id.extend(call.id.iter().map(ToString::to_string));
                    name.extend(function.name.iter().map(ToString::to_string));
                }
            }
        }
        if signal.is_end() {
            break;
        }
    }

    // Nothing is called unless the answer is whole: half of the arguments may be JSON, too.
    arguments.finish()?;
    let outcome = tracker.finish(events.end());
    if outcome != Outcome::Completed {
        return Err(format!("the answer is {outcome}").into());
    }
    for (content, (id, name)) in calls {
        let part = Part { kind: PartKind::Arguments, output: 0, content };
        let arguments = arguments.get(part).to_string();
        if name == "weather" {
            let weather: Weather = serde_json::from_str(&arguments)?;
            println!("{id}: weather in {}", weather.city);
        } else {
            println!("{id}: no such tool: {name}({arguments})");
        }
    }
    Ok(())
}
