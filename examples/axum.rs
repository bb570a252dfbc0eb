//! A server that sends an answer as it is generated, with keep-alives while there is nothing to
//! send. By axum.
//!
//! ```toml
//! axum = "0.8"
//! serde_json = "1"
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "sync", "time"] }
//! tokio-stream = { version = "0.1", features = ["time"] }
//! ```

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use axum::serve::ListenerExt;
use axum::{Router, routing::post};
use serde_json::{Value, json};
use sseam::encode::{self, Block, KeepAlive};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, Sender, error::SendError};
use tokio::time::{interval, sleep};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::{IntervalStream, ReceiverStream};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let address = args.next().unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    // Proxies drop an idle connection, many after 30 or 60 seconds.
    let keep_alive = args.next().and_then(|ms| ms.parse().ok()).unwrap_or(15_000);
    let keep_alive = Duration::from_millis(keep_alive);

    let listener = TcpListener::bind(address).await?;
    println!("http://{}/v1/chat/completions", listener.local_addr()?);
    // Otherwise a small event may wait until the previous one is acknowledged.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let app = Router::new().route("/v1/chat/completions", post(async move || answer(keep_alive)));
    axum::serve(listener, app).await
}

/// Sends each block of the channel at once, and a comment if none arrived between two ticks.
fn answer(keep_alive: Duration) -> impl IntoResponse {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(generate(sender)); // It stops early if the client disconnects.
    let blocks = ReceiverStream::new(receiver).map(Ok::<_, Infallible>);
    let ticks = IntervalStream::new(interval(keep_alive));
    (encode::HEADERS, Body::from_stream(KeepAlive::new(blocks, ticks)))
}

/// Simulates a model, which thinks before it answers.
async fn generate(sender: Sender<Vec<u8>>) -> Result<(), SendError<Vec<u8>>> {
    let delta = |delta: &Value, reason: Option<&str>| {
        json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] }).to_string()
    };
    // The first event sets the reconnection time. A block of its own would not do: some clients
    // dispatch it as an event.
    let role = delta(&json!({ "role": "assistant" }), None);
    sender.send(Block::data(&role).retry(Duration::from_secs(3)).to_vec()).await?;
    for text in ["Good", " day,\n", "world 🦀"] {
        sleep(Duration::from_millis(200)).await;
        sender.send(Block::data(&delta(&json!({ "content": text }), None)).to_vec()).await?;
    }
    sender.send(Block::data(&delta(&json!({}), Some("stop"))).to_vec()).await?;
    sender.send(Block::data("[DONE]").to_vec()).await
}
