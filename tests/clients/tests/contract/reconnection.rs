//! When it reconnects, and how soon.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Harness, event, is_quiet, message, within};

/// Longer than any test: where it counts, the test does not end in time.
const NEVER_MS: u64 = 600_000;

#[tokio::test]
async fn it_reconnects_after_an_end_and_after_a_break() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    for is_broken in [false, true] {
        stream.send(b"data: a\n\ndata: cut").await;
        assert_eq!(source.told().await, message("a"));
        if is_broken {
            stream.break_off();
        } else {
            stream.end();
        }
        source.told_error().await;
        stream = harness.connected().await;
        stream.send(b"\n\ndata: b\n\n").await;
        assert_eq!(source.told().await, message("b"));
    }
}

/// Well below what it waits where nobody says how long.
#[tokio::test]
async fn the_initial_delay_is_waited() {
    let mut harness = Harness::start().await;
    for (ms, within_ms) in [(0, 0..2500), (400, 390..2900)] {
        let (source, stream) = harness.stream(json!({"initialDelayMs": ms})).await;
        let start = Instant::now();
        stream.end();
        let _asked = harness.asked().await;
        let waited = start.elapsed().as_millis();
        assert!(within_ms.contains(&waited), "{waited} ms for {ms}");
        harness.delete(&source).await;
    }
}

#[tokio::test]
async fn retry_counts_from_then_on() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({"initialDelayMs": NEVER_MS})).await;
    // A bare field counts, too, and on the next connection as well.
    stream.send(b"retry: 400\n").await;
    for _ in 0..2 {
        let start = Instant::now();
        stream.end();
        source.told_error().await;
        stream = harness.connected().await;
        assert!(start.elapsed() >= Duration::from_millis(390));
    }
    stream.send(format!("retry: {NEVER_MS}\n").as_bytes()).await;
    stream.end();
    source.told_error().await;
    assert!(is_quiet(harness.server.asked()).await);
}

#[tokio::test]
async fn a_restart_reconnects_at_once_and_is_no_error() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({"initialDelayMs": NEVER_MS})).await;
    stream.send(b"id: 1\ndata: a\n\nid: 2\ndata: cut").await;
    assert_eq!(source.told().await, event("message", "a", "1"));
    harness.restart(&source).await;
    let asked = harness.asked().await;
    assert_eq!(asked.header("Last-Event-ID"), Some(&b"1"[..]));
    stream.closed().await;
    let mut stream = asked.stream();
    stream.send(b"data: b\n\n").await;
    assert_eq!(source.told().await, event("message", "b", "1"));
}

#[tokio::test]
async fn a_restart_ends_all_waiting() {
    let mut harness = Harness::start().await;
    let mut source = harness.open(json!({"initialDelayMs": NEVER_MS})).await;
    // For the server's answer.
    let _unanswered = harness.asked().await;
    harness.restart(&source).await;
    // For the reconnection time.
    harness.connected().await.end();
    source.told_error().await;
    harness.restart(&source).await;
    // For nothing: it has failed.
    let gone = hyper::Response::builder().status(410);
    harness.asked().await.answer(gone);
    source.told_error().await;
    harness.restart(&source).await;
    let mut stream = harness.connected().await;
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await, message("a"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_again() {
    let harness = Harness::start().await;
    // Nobody listens on port 1.
    let mut source = harness.open(json!({"streamUrl": "http://127.0.0.1:1/"})).await;
    source.told_error().await;
    source.told_error().await;
    harness.delete(&source).await;
    // And here somebody hangs up.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let mut source = harness.open(json!({"streamUrl": url})).await;
    drop(within(listener.accept()).await.expect("a connection"));
    source.told_error().await;
    within(listener.accept()).await.expect("another connection");
}
