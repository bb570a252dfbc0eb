//! Calls a tool over MCP (streamable HTTP): JSON-RPC messages as events, into types of one's own.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json", "stream"] }
//! serde = { version = "1", features = ["derive"] }
//! serde_json = { version = "1", features = ["raw_value"] }
//! sseam = { version = "0.1", features = ["json", "stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use std::error::Error;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sseam::adapter::stream::EventStream;
use sseam::json::JsonStr;

/// A response, a notification, or a request of the server's. What is not named here is skipped.
#[derive(Deserialize)]
struct Message<'a> {
    id: Option<Value>, // A server's own may be a text.
    #[serde(borrow)]
    method: Option<JsonStr<'a>>, // A `&str` could not hold escapes.
    params: Option<&'a RawValue>, // What it is depends on the method.
    result: Option<ToolResult<'a>>,
    error: Option<&'a RawValue>,
}

/// The parameters of `notifications/progress`.
#[derive(Deserialize)]
struct Progress<'a> {
    progress: f64,
    #[serde(borrow)]
    message: Option<JsonStr<'a>>,
}

#[derive(Deserialize)]
struct ToolResult<'a> {
    #[serde(borrow)]
    content: Vec<Content<'a>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    text: Option<JsonStr<'a>>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/mcp");
    let params =
        json!({ "name": "add", "arguments": { "a": 1, "b": 2 }, "_meta": { "progressToken": 1 } });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let request = reqwest::Client::new().post(url).json(&request);
    let request = request.header(ACCEPT, "application/json, text/event-stream");
    let response = request.send().await?.error_for_status()?;

    // A server may answer by one JSON object, too.
    let content_type = response.headers().get(CONTENT_TYPE);
    if !content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream")) {
        println!("{}", response.text().await?);
        return Ok(());
    }

    let mut events = EventStream::new(response.bytes_stream());
    // `?` is right here: until the response is there, a connection that breaks is a failure.
    while let Some(event) = events.next_event().await? {
        if event.data().is_empty() {
            continue; // Only an ID, to resume from.
        }
        let message: Message = event.json()?;
        let is_ours = message.id.as_ref().is_some_and(|id| id == 1);
        match message {
            Message { error: Some(error), .. } if is_ours => return Err(error.get().into()),
            Message { result: Some(result), .. } if is_ours => {
                for text in result.content.iter().filter_map(|part| part.text) {
                    println!("{text}");
                }
                return Ok(());
            }
            Message { method: Some(method), params: Some(params), .. }
                if method == "notifications/progress" =>
            {
                let Progress { progress, message } = serde_json::from_str(params.get())?;
                println!("{progress} {}", message.unwrap_or_default());
            }
            _ => {}
        }
    }
    Err("the stream ended before the response came".into())
}
