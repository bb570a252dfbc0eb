//! Follows a feed over connections that end or break: by `Last-Event-ID` and the reconnection time.
//!
//! Not for a language model's answer: a request that is sent again is paid for again, and begins anew.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["stream"] }
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
//! ```

use std::error::Error;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode};
use sseam::adapter::stream::EventStream;
use sseam::{Parser, VecBuf};

/// Failures in a row, after which it gives up.
const MAX_FAILURES: u32 = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/events");
    let client = Client::builder().read_timeout(Duration::from_secs(45)).build()?;
    let mut parser = Parser::new();
    let mut failures = 0;
    loop {
        let mut request = client.get(url).header(ACCEPT, "text/event-stream");
        if !parser.last_event_id().is_empty() {
            request = request.header("last-event-id", parser.last_event_id().as_bytes());
        }
        match request.send().await {
            // So a server says that there is no more to come.
            Ok(response) if response.status() == StatusCode::NO_CONTENT => return Ok(()),
            Ok(response) if is_event_stream(&response) => {
                failures = 0;
                parser = listen(response, parser).await;
            }
            // An overloaded server may recover; a wrong address or login does not.
            Ok(response) if response.status().is_server_error() => failures += 1,
            Ok(response) => return Err(format!("no event stream: {}", response.status()).into()),
            Err(error) => {
                eprintln!("{error}");
                failures += 1;
            }
        }
        if failures > MAX_FAILURES {
            return Err("too many failures in a row".into());
        }
        // As long as the server asked for, and twice as long after each failure in a row.
        let wait = parser.reconnection_time().unwrap_or(Duration::from_secs(3));
        tokio::time::sleep(wait.saturating_mul(1 << failures)).await;
    }
}

fn is_event_stream(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    response.status() == StatusCode::OK
        && content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// Until the connection ends or breaks. The parser carries ID and reconnection time to the next one.
async fn listen(response: Response, parser: Parser<VecBuf>) -> Parser<VecBuf> {
    let mut events = EventStream::with_parser(response.bytes_stream(), parser);
    loop {
        match events.next_event().await {
            Ok(Some(event)) => println!("{}: {}", event.last_event_id(), event.data()),
            Ok(None) => break,
            Err(error) => {
                eprintln!("{error}");
                break;
            }
        }
    }
    let (_, mut parser, _) = events.into_parts();
    parser.reset(); // Half an event may be left, which the server sends again.
    parser
}
