//! Fields, comments and the byte order mark.

use serde_json::{Value, json};

use crate::harness::{Harness, comment, event, message};

const BOM: &str = "\u{feff}";

#[tokio::test]
async fn fields() {
    let cases: [(&str, &[Value]); 13] = [
        ("data: a\n\n", &[message("a")]),
        ("data: a\n\ndata: b\n\n", &[message("a"), message("b")]),
        ("data: a\ndata:b\n\n", &[message("a\nb")]),
        ("data:\n\n", &[message("")]),
        ("data\n\ndata\ndata\n\n", &[message(""), message("\n")]),
        ("event: greeting\ndata: a\n\n", &[event("greeting", "a", "")]),
        ("data: a\nid: 1\nevent: greeting\n\n", &[event("greeting", "a", "1")]),
        ("event:greeting\ndata:a\n\n", &[event("greeting", "a", "")]),
        ("event:  greeting\ndata:  a\n\n", &[event(" greeting", " a", "")]),
        ("event: greeting\ncolor: blue\ndata: a\n\n", &[event("greeting", "a", "")]),
        // Without data it is no event, and its type is not the next one's.
        ("event: greeting\n\ndata: a\n\n", &[message("a")]),
        ("Data: a\n data: b\ndata : c\ndata: d\n\n", &[message("d")]),
        ("retry: soon\nretry: -1\ndata: \u{20ac}\u{8c46}\u{8150}\n\n", &[message("€豆腐")]),
    ];
    let mut harness = Harness::start().await;
    for (stream, expected) in cases {
        harness.check(&[stream.as_bytes()], expected).await;
        let single: Vec<_> = stream.as_bytes().chunks(1).collect();
        harness.check(&single, expected).await;
    }
}

#[tokio::test]
async fn what_is_not_utf_8_is_replaced() {
    let mut harness = Harness::start().await;
    harness.check(&[b"data: \xff\xe2\x82a\n\n"], &[message("\u{fffd}\u{fffd}a")]).await;
}

#[tokio::test]
async fn comments_are_told_when_their_line_ends() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    stream.send(b":Hello\n").await;
    assert_eq!(source.told().await, comment("Hello"));
    stream.send(b"data: a\n: World \n").await;
    assert_eq!(source.told().await, comment("World "));
    stream.send(b"\n:\n").await;
    assert_eq!(source.told().await, message("a"));
    assert_eq!(source.told().await, comment(""));
}

#[tokio::test]
async fn a_byte_order_mark_is_dropped_at_the_start_alone() {
    let cases = [
        (format!("{BOM}data: a\n\n"), vec![message("a")]),
        (format!("{BOM}:a\ndata:\n\n"), vec![comment("a"), message("")]),
        (format!("{BOM}data: {BOM}a\n\n"), vec![message("\u{feff}a")]),
        // A second one is the beginning of a field's name.
        (format!("{BOM}{BOM}data: a\n\ndata: b\n\n"), vec![message("b")]),
        (format!("data: a\n\n{BOM}data: b\n\n"), vec![message("a")]),
    ];
    let mut harness = Harness::start().await;
    for (stream, expected) in &cases {
        harness.check(&[stream.as_bytes()], expected).await;
        let single: Vec<_> = stream.as_bytes().chunks(1).collect();
        harness.check(&single, expected).await;
    }
}

#[tokio::test]
async fn each_connection_may_begin_with_a_byte_order_mark() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    for data in ["a", "b"] {
        stream.send(format!("{BOM}data: {data}\n\n").as_bytes()).await;
        assert_eq!(source.told().await, message(data));
        stream.break_off();
        source.told_error().await;
        stream = harness.connected().await;
    }
}

#[tokio::test]
async fn a_large_event() {
    let data = "x".repeat(1 << 20);
    let mut harness = Harness::start().await;
    harness.check(&[format!("data: {data}\n\n").as_bytes()], &[message(&data)]).await;
}

#[tokio::test]
async fn many_events() {
    let data: Vec<_> = (0..100).map(|n| format!("event {n}")).collect();
    let stream = format!("data: {}\n\n", data.join("\n\ndata: "));
    let expected: Vec<_> = data.iter().map(|data| message(data)).collect();
    let mut harness = Harness::start().await;
    harness.check(&[stream.as_bytes()], &expected).await;
}

/// The parser's bound: what breaks it is told, and costs one event.
#[tokio::test]
async fn an_event_beyond_all_bounds_is_an_error() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    stream.send(format!("data: {}\n\n", "x".repeat((16 << 20) + 1)).as_bytes()).await;
    stream.send(b"data: a\n\n").await;
    assert!(source.told_error().await.contains("`data`"));
    assert_eq!(source.told().await, message("a"));
}
