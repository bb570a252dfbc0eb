//! LF, CRLF and CR, however they are cut.

use serde_json::json;

use crate::harness::{Harness, message};

/// Streams with `|` for the line end, and the data of their events.
const STREAMS: [(&str, &[&str]); 6] = [
    ("data: one||", &["one"]),
    ("data: one||data: two|data: lines||", &["one", "two\nlines"]),
    ("data:|data: two|data: three||", &["\ntwo\nthree"]),
    ("data: one|data:|data: three||", &["one\n\nthree"]),
    ("data: one|||data: two||", &["one", "two"]),
    ("data: one||||data: two||", &["one", "two"]),
];

#[tokio::test]
async fn each_line_end_in_chunks_of_each_size() {
    let mut harness = Harness::start().await;
    for (stream, data) in STREAMS {
        let expected: Vec<_> = data.iter().map(|data| message(data)).collect();
        for line_end in ["\n", "\r\n", "\r"] {
            let stream = stream.replace('|', line_end);
            for size in [1, 2, stream.len()] {
                let chunks: Vec<_> = stream.as_bytes().chunks(size).collect();
                harness.check(&chunks, &expected).await;
            }
        }
    }
}

#[tokio::test]
async fn line_ends_may_be_mixed() {
    let mut harness = Harness::start().await;
    let stream = b"data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\rdata: e\n\rdata: f\n\n";
    let expected = [message("a\nb\nc"), message("d"), message("e"), message("f")];
    harness.check(&[stream], &expected).await;
}

/// The LF belongs to the CR before it, and the event does not wait for it.
#[tokio::test]
async fn an_event_is_told_at_its_last_cr() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    stream.send(b"data: one\r").await;
    stream.send(b"\ndata: more\r").await;
    stream.send(b"\n\r").await;
    assert_eq!(source.told().await, message("one\nmore"));
    stream.send(b"\ndata: two\r").await;
    stream.send(b"\r").await;
    assert_eq!(source.told().await, message("two"));
    stream.send(b"\n").await;
    stream.send(b"data: three\n\n").await;
    assert_eq!(source.told().await, message("three"));
}

#[tokio::test]
async fn a_line_without_end_is_no_event() {
    let mut harness = Harness::start().await;
    harness.check(&[b"data: one\n\ndata: two\n"], &[message("one")]).await;
    harness.check(&[b"data: one\n\ndata: two"], &[message("one")]).await;
}
