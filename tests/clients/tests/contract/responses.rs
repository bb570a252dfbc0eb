//! Which answers are a stream, which are to be asked for again, and which not.

use hyper::Response;
use hyper::http::response::Builder;
use serde_json::json;

use crate::harness::{Harness, is_quiet, message};

fn status(status: u16) -> Builder {
    Response::builder().status(status).header("Content-Type", "text/event-stream")
}

#[tokio::test]
async fn the_type_is_what_counts_not_how_it_is_written() {
    let types =
        ["text/event-stream", "text/event-stream; charset=utf-8", "Text/Event-Stream ;charset=x"];
    let mut harness = Harness::start().await;
    for content_type in types {
        let mut source = harness.open(json!({})).await;
        let head = Response::builder().header("Content-Type", content_type);
        let mut stream = harness.asked().await.answer(head);
        stream.send(b"data: a\n\n").await;
        assert_eq!(source.told().await, message("a"), "{content_type}");
        harness.delete(&source).await;
    }
}

#[tokio::test]
async fn what_is_no_stream_fails_for_good() {
    let cases = [
        status(204),
        status(404),
        status(401),
        status(206),
        status(304),
        Response::builder(),
        Response::builder().header("Content-Type", "text/plain"),
        Response::builder().header("Content-Type", "text/event-stream2"),
        Response::builder().header("Content-Type", "application/json;text/event-stream"),
        // Redirects to nowhere.
        status(301),
        status(307),
        status(301).header("Location", ""),
        status(307).header("Location", ""),
    ];
    let mut harness = Harness::start().await;
    let mut sources = Vec::new();
    for head in cases {
        let mut source = harness.open(json!({})).await;
        let case = format!("{head:?}");
        harness.asked().await.answer(head).end();
        assert!(!source.told_error().await.is_empty(), "{case}");
        sources.push(source);
    }
    assert!(is_quiet(harness.server.asked()).await, "none is asked for again");
}

#[tokio::test]
async fn a_server_that_fails_is_asked_again() {
    let mut harness = Harness::start().await;
    let mut source = harness.open(json!({"lastEventId": "1"})).await;
    for code in [500, 502, 503, 504] {
        harness.asked().await.answer(status(code)).end();
        let error = source.told_error().await;
        assert!(error.contains(&code.to_string()), "{error}");
    }
    let asked = harness.asked().await;
    assert_eq!(asked.header("Last-Event-ID"), Some(&b"1"[..]));
    let mut stream = asked.stream();
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await["event"]["data"], "a");
}
