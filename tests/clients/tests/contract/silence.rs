//! The read timeout.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::harness::{Harness, is_quiet, message};

#[tokio::test]
async fn silence_is_an_error_and_it_reconnects() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({"readTimeoutMs": 1000})).await;
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await, message("a"));
    source.told_error().await;
    stream.closed().await;
    // Also where not even a head comes.
    let _unanswered = harness.asked().await;
    source.told_error().await;
    harness.asked().await;
}

/// The first byte of an event comes long before the last.
#[tokio::test]
async fn a_byte_ends_the_silence() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({"readTimeoutMs": 2000})).await;
    for byte in b"data: a".chunks(1) {
        stream.send(byte).await;
        sleep(Duration::from_millis(400)).await;
    }
    stream.send(b"\n\n").await;
    assert_eq!(source.told().await, message("a"));
}

#[tokio::test]
async fn without_a_timeout_it_waits() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    assert!(is_quiet(source.callbacks.next()).await);
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await, message("a"));
}
