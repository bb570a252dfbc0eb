//! IDs, and the header that they go back in.

use serde_json::json;

use crate::harness::{Harness, event, message};

#[tokio::test]
async fn an_id_stays_until_another_comes() {
    let mut harness = Harness::start().await;
    let stream = "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: \u{0}2\ndata: d\n\n";
    let told = [event("message", "a", "1"), event("message", "b", "1"), message("c"), message("d")];
    harness.check(&[stream.as_bytes()], &told).await;
}

/// What has to go into `Last-Event-ID` behind a stream of these bytes.
#[tokio::test]
async fn the_last_id_is_sent() {
    let cases: [(&[u8], Option<&[u8]>); 10] = [
        (b"data: a\n\n", None),
        (b"id: 1\ndata: a\n\n", Some(b"1")),
        (b"id: 1\ndata: a\n\ndata: b\n\n", Some(b"1")),
        (b"id: 1\ndata: a\n\nid\ndata: b\n\n", None),
        // No event, but a block, and that is what counts.
        (b"id: 1\n\n", Some(b"1")),
        // Not of an event that the end cuts.
        (b"id: 1\ndata: a\n\nid: 2\ndata: b\n", Some(b"1")),
        (b"id: a b\n\n", Some(b"a b")),
        // As UTF-8, also where it came as something else.
        ("id: \u{2026}\n\n".as_bytes(), Some("\u{2026}".as_bytes())),
        (b"id: \xff\n\n", Some("\u{fffd}".as_bytes())),
        // What no header can carry.
        (b"id: \x01\n\n", None),
    ];
    let mut harness = Harness::start().await;
    for (bytes, expected) in cases {
        let source = harness.open(json!({})).await;
        let first = harness.asked().await;
        assert_eq!(first.header("Last-Event-ID"), None);
        let mut stream = first.stream();
        stream.send(bytes).await;
        stream.end();
        let second = harness.asked().await;
        assert_eq!(second.header("Last-Event-ID"), expected, "{}", bytes.escape_ascii());
        harness.delete(&source).await;
    }
}

#[tokio::test]
async fn an_id_outlives_connections() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    stream.send(b"id: 1\ndata: a\n\n").await;
    assert_eq!(source.told().await, event("message", "a", "1"));
    for data in ["b", "c"] {
        stream.break_off();
        source.told_error().await;
        let asked = harness.asked().await;
        assert_eq!(asked.header("Last-Event-ID"), Some(&b"1"[..]));
        stream = asked.stream();
        stream.send(format!("data: {data}\n\n").as_bytes()).await;
        assert_eq!(source.told().await, event("message", data, "1"));
    }
}

#[tokio::test]
async fn the_first_id_may_be_the_harnesss() {
    let mut harness = Harness::start().await;
    let mut source = harness.open(json!({"lastEventId": "\u{e9}1"})).await;
    let asked = harness.asked().await;
    assert_eq!(asked.header("Last-Event-ID"), Some("\u{e9}1".as_bytes()));
    let mut stream = asked.stream();
    stream.send(b"data: a\n\nid\ndata: b\n\n").await;
    assert_eq!(source.told().await, event("message", "a", "\u{e9}1"));
    assert_eq!(source.told().await, message("b"));

    harness.open(json!({"lastEventId": ""})).await;
    assert_eq!(harness.asked().await.header("Last-Event-ID"), None);
}
