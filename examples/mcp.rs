//! Calls a tool over MCP (streamable HTTP), and resumes by `Last-Event-ID` if the connection ends
//! or breaks.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["json"] }
//! serde = { version = "1", features = ["derive"] }
//! serde_json = { version = "1", features = ["raw_value"] }
//! sseam = { version = "0.1", features = ["json"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
//! ```

use std::error::Error;
use std::time::Instant;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sseam::json::JsonStr;
use sseam::source::{Head, Healthy, Lost, Policy, Resume, Source, Step};
use sseam::{Event, Parser};
use tokio::time::sleep;

/// Resumes from the last event, at most five times in a row without an event.
const POLICY: Policy = Policy::event_source()
    .with_resume(Resume::WithCursor)
    .with_healthy(Healthy::Event)
    .with_max_retries(Some(5));

/// A response, a notification, or a request by the server. Other members are skipped.
#[derive(Deserialize)]
struct Message<'a> {
    id: Option<Value>, // A server's ID may be a text.
    #[serde(borrow)]
    method: Option<JsonStr<'a>>, // A `&str` could not hold escapes.
    params: Option<&'a RawValue>, // Its type depends on the method.
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
    let client = Client::new();
    let call = client.post(url).header(ACCEPT, "application/json, text/event-stream");
    // A call that is sent twice may be run twice, so a failure before the response is final.
    let mut response = call.json(&request).send().await?.error_for_status()?;

    let clock = Instant::now();
    let mut source = Source::new(Parser::new(), POLICY);
    if source.answered(&head(&response), clock.elapsed()).is_err() {
        println!("{}", response.text().await?); // A server may also respond with one JSON object.
        return Ok(());
    }
    loop {
        match source.step(clock.elapsed()) {
            Step::Read => match response.chunk().await {
                Ok(Some(bytes)) => {
                    let mut chunk = &bytes[..];
                    while let Some(event) = source.next_event(&mut chunk)? {
                        if is_response(&event)? {
                            return Ok(());
                        }
                    }
                }
                Ok(None) => source.ended(clock.elapsed()),
                Err(_) => source.lost(Lost::Broken, clock.elapsed()),
            },
            Step::Wait(until) => sleep(until.saturating_sub(clock.elapsed())).await,
            Step::Connect(request) => {
                let resumed = request
                    .headers()
                    .fold(client.get(url), |get, (name, value)| get.header(name, value.as_bytes()));
                if let Ok(resumed) = resumed.send().await {
                    let _ = source.answered(&head(&resumed), clock.elapsed());
                    response = resumed;
                } else {
                    source.lost(Lost::Broken, clock.elapsed());
                }
            }
            Step::Closed(closed) => return Err(closed.to_string().into()),
        }
    }
}

fn head(response: &Response) -> Head<'_> {
    let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    Head { status: response.status().as_u16(), content_type, retry_after: None }
}

/// Shows progress and the result. Returns `true` for the result.
fn is_response(event: &Event<'_>) -> Result<bool, Box<dyn Error>> {
    if event.data().is_empty() {
        return Ok(false); // Only an ID, to resume from.
    }
    let message: Message = event.json()?;
    let is_ours = message.id.as_ref().is_some_and(|id| id == 1);
    match message {
        Message { error: Some(error), .. } if is_ours => return Err(error.get().into()),
        Message { result: Some(result), .. } if is_ours => {
            for text in result.content.iter().filter_map(|part| part.text) {
                println!("{text}");
            }
            return Ok(true);
        }
        Message { method: Some(method), params: Some(params), .. }
            if method == "notifications/progress" =>
        {
            let Progress { progress, message } = serde_json::from_str(params.get())?;
            println!("{progress} {}", message.unwrap_or_default());
        }
        _ => {}
    }
    Ok(false)
}
