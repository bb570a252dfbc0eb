//! A server that sends events, by axum and [`sseam::encode`], and a client that reads
//! them, by reqwest and [`sseam::adapter::stream`]: this is all that it takes.

#[path = "common/client.rs"]
mod client;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::{StreamExt, stream};
use sseam::End;
use sseam::adapter::stream::EventStream;
use sseam::encode::{self, Block};
use tokio::net::TcpListener;
use tokio::time::timeout;

use client::client;

/// What is to be sent; elsewhere it comes from a channel, or from a model.
const TOKENS: [&str; 4] = ["Good", " day,\n", "", "world 🦀\r\n\r\ndata: not injected"];

/// The handler. Each block is a piece of the body, which leaves as soon as it is there.
async fn answer() -> impl IntoResponse {
    let hello = Block::comment("hello").retry(Duration::from_secs(3));
    let tokens = stream::iter(TOKENS).enumerate().map(|(n, token)| token_event(n, token));
    let blocks = stream::iter([Ok(bytes(&hello))])
        .chain(tokens)
        .chain(stream::iter([Ok(bytes(&Block::data("[DONE]")))]));
    let head = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache")];
    (head, Body::from_stream(blocks))
}

/// An event type or an ID in which a line ends is an error, which breaks the body off.
fn token_event(n: usize, token: &str) -> Result<Vec<u8>, encode::Error> {
    let id = n.to_string();
    Ok(bytes(&Block::data(token).event_type("token")?.id(id.as_str())?))
}

fn bytes(block: &Block<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    block.append_to(&mut bytes);
    bytes
}

/// The client: each event when it comes.
async fn read(url: &str) -> Result<Vec<[String; 3]>, Box<dyn std::error::Error>> {
    let response = client().get(url).send().await?.error_for_status()?;
    let mut events = EventStream::new(response.bytes_stream());
    let mut seen = Vec::new();
    while let Some(event) = events.next_event().await? {
        let values = [event.event_type(), event.data(), event.last_event_id()];
        seen.push(values.map(|value| value.to_string()));
    }
    assert_eq!(events.parser().reconnection_time(), Some(Duration::from_secs(3)));
    assert_eq!(events.end().expect("an end"), End::Clean);
    Ok(seen)
}

/// The documentation of [`sseam::encode`] shows this handler.
#[test]
fn the_documentation_shows_it() {
    let (_, documentation) = include_str!("../../../src/encode.rs")
        .split_once("```ignore\n")
        .expect("the beginning of the handler");
    let (handler, _) = documentation.split_once("//! ```\n").expect("its end");
    let lines = handler.lines().map(|line| line.strip_prefix("//!").expect("documentation"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let handler: String = lines.flat_map(|line| [line, "\n"]).collect();
    assert!(include_str!("serve.rs").contains(&handler), "{handler}");
}

#[tokio::test]
async fn what_is_served_is_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/answer", listener.local_addr().expect("an address"));
    let app = Router::new().route("/answer", get(answer));
    tokio::spawn(async { axum::serve(listener, app).await });

    let seen = timeout(Duration::from_secs(30), read(&url)).await.expect("an end");
    let expected = [
        ["token", "Good", "0"],
        ["token", " day,\n", "1"],
        ["token", "", "2"],
        ["token", "world 🦀\n\ndata: not injected", "3"],
        ["message", "[DONE]", "3"],
    ];
    assert_eq!(seen.expect("events"), expected);
}
