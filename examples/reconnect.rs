//! Follows a feed over connections that end or break: by `Last-Event-ID` and the reconnection time.
//!
//! ```toml
//! reqwest = { version = "0.13", features = ["stream"] }
//! sseam = "0.1"
//! sseam-reqwest = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```

use std::error::Error;
use std::time::Duration;

use reqwest::Client;
use sseam::source::Policy;
use sseam_reqwest::{EventSource, Item};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/events");
    // A connection that is silent for so long is considered lost.
    let client = Client::builder().read_timeout(Duration::from_secs(45)).build()?;
    let policy = Policy::event_source()
        .with_transient(|status| status >= 500) // A failing server may recover.
        .with_max_retries(Some(5));
    let mut source = EventSource::new(client.get(url))?.with_policy(policy);
    while let Some(item) = source.next_item().await? {
        match item {
            Item::Received(sseam::Item::Event(event)) => {
                println!("{}: {}", event.last_event_id(), event.data());
            }
            Item::Lost(error) => eprintln!("{error}"), // And it connects again.
            _ => {}
        }
    }
    Ok(())
}
