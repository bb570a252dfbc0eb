//! What it asks a server for a stream with.

use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn a_request_of_no_particular_kind() {
    let mut harness = Harness::start().await;
    harness.open(json!({})).await;
    let asked = harness.asked().await;
    assert_eq!(asked.head.method, "GET");
    assert_eq!(asked.head.uri, "/stream");
    assert_eq!(asked.header("Accept"), Some(&b"text/event-stream"[..]));
    assert_eq!(asked.header("Cache-Control"), Some(&b"no-cache"[..]));
    for absent in ["Last-Event-ID", "Content-Type", "Content-Length", "Accept-Encoding"] {
        assert_eq!(asked.header(absent), None, "{absent}");
    }
    assert!(asked.body.is_empty());
}

#[tokio::test]
async fn headers_of_the_harnesss_choice() {
    let mut harness = Harness::start().await;
    let headers = json!({"x-one": "1", "x-empty": "", "x-text": "\u{e9}", "accept": "text/plain"});
    harness.open(json!({"headers": headers})).await;
    for _ in 0..2 {
        let asked = harness.asked().await;
        assert_eq!(asked.header("X-One"), Some(&b"1"[..]));
        assert_eq!(asked.header("X-Empty"), Some(&b""[..]));
        assert_eq!(asked.header("X-Text"), Some("\u{e9}".as_bytes()));
        assert_eq!(asked.header("Accept"), Some(&b"text/plain"[..]));
        assert_eq!(asked.header("Cache-Control"), Some(&b"no-cache"[..]));
        asked.stream().end();
    }
}

#[tokio::test]
async fn a_body_is_sent_with_each_request() {
    let body = "{\"hello\": \"w\u{f6}rld\"}";
    let json_type = "application/json; charset=utf-8";
    let cases = [
        ("POST", json!({"content-type": json_type}), json_type),
        ("REPORT", json!({"content-type": json_type}), json_type),
        ("POST", json!({}), "text/plain;charset=UTF-8"),
    ];
    let mut harness = Harness::start().await;
    for (method, headers, content_type) in cases {
        let params = json!({"method": method, "body": body, "headers": headers});
        let source = harness.open(params).await;
        harness.asked().await.stream().end();
        let asked = harness.asked().await;
        assert_eq!(asked.head.method, method);
        assert_eq!(asked.header("Content-Type"), Some(content_type.as_bytes()));
        assert_eq!(asked.body, body);
        harness.delete(&source).await;
    }
}
