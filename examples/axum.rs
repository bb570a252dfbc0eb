//! A server that sends an answer as it is made, and signs of life while there is nothing to send. By axum.
//!
//! ```toml
//! axum = "0.8"
//! futures-util = { version = "0.3", default-features = false }
//! serde_json = "1"
//! sseam = "0.1"
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "sync", "time"] }
//! ```

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::serve::ListenerExt;
use axum::{Router, routing::post};
use futures_util::stream;
use serde_json::{Value, json};
use sseam::encode::Block;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, Sender, error::SendError};
use tokio::time::{sleep, timeout};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let address = args.next().unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    // Proxies drop a connection on which nothing moves, many after 30 or 60 seconds.
    let keep_alive = args.next().and_then(|ms| ms.parse().ok()).unwrap_or(15_000);
    let keep_alive = Duration::from_millis(keep_alive);

    let listener = TcpListener::bind(address).await?;
    println!("http://{}/v1/chat/completions", listener.local_addr()?);
    // Otherwise a small event may wait until the one before it is acknowledged.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let app = Router::new().route("/v1/chat/completions", post(async move || answer(keep_alive)));
    axum::serve(listener, app).await
}

/// What is sent on the channel is sent at once; a comment where nothing comes for that long.
fn answer(keep_alive: Duration) -> impl IntoResponse {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(generate(sender)); // It ends early where the client goes away.
    let blocks = stream::unfold(receiver, move |mut receiver| async move {
        let block = match timeout(keep_alive, receiver.recv()).await {
            Ok(block) => block?,
            Err(_) => Block::comment("keep-alive").to_vec(),
        };
        Some((Ok::<_, Infallible>(block), receiver))
    });
    let head = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache")];
    (head, Body::from_stream(blocks))
}

/// Stands for a model, which thinks before it answers.
async fn generate(sender: Sender<Vec<u8>>) -> Result<(), SendError<Vec<u8>>> {
    let delta = |delta: &Value, reason: Option<&str>| {
        json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] }).to_string()
    };
    // The first event says how long to wait before a new connection.
    let role = delta(&json!({ "role": "assistant" }), None);
    sender.send(Block::data(&role).retry(Duration::from_secs(3)).to_vec()).await?;
    for text in ["Good", " day,\n", "world 🦀"] {
        sleep(Duration::from_millis(200)).await;
        sender.send(Block::data(&delta(&json!({ "content": text }), None)).to_vec()).await?;
    }
    sender.send(Block::data(&delta(&json!({}), Some("stop"))).to_vec()).await?;
    sender.send(Block::data("[DONE]").to_vec()).await
}
