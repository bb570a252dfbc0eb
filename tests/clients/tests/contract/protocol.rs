//! What the harness asks of the service itself.

use std::time::Duration;

use serde_json::{Value, json};

use crate::callbacks::Callbacks;
use crate::harness::{Harness, comment, is_quiet, message};
use crate::service::Service;

#[tokio::test]
async fn it_says_what_it_can_do() {
    let service = Service::start().await;
    let answer = service.send("GET", "/", "").await;
    assert_eq!(answer.status, 200);
    let expected = [
        "comments",
        "headers",
        "post",
        "report",
        "read-timeout",
        "last-event-id",
        "restart",
        "bom",
    ];
    let status: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert_eq!(status, json!({"capabilities": expected}));
}

#[tokio::test]
async fn it_quits() {
    let mut harness = Harness::start().await;
    let (_source, stream) = harness.stream(json!({})).await;
    let answer = harness.service.send("DELETE", "/", "").await;
    assert_eq!(answer.status, 204);
    assert!(harness.service.ended().await);
    stream.closed().await;
}

#[tokio::test]
async fn invalid_requests_are_refused_in_a_sentence() {
    let service = Service::start().await;
    let with = |member: &str, value: Value| {
        let mut params = json!({"streamUrl": "http://[::1]/", "callbackUrl": "http://[::1]/"});
        params[member] = value;
        params.to_string()
    };
    let cases = [
        ("POST", "/", String::new(), 400),
        ("POST", "/", "{".to_string(), 400),
        ("POST", "/", "[]".to_string(), 400),
        ("POST", "/", with("streamUrl", Value::Null), 400),
        ("POST", "/", with("streamUrl", json!("stream")), 400),
        ("POST", "/", with("streamUrl", json!("ftp://localhost/")), 400),
        ("POST", "/", with("callbackUrl", json!("/callbacks")), 400),
        ("POST", "/", with("initialDelayMs", json!(-1)), 400),
        ("POST", "/", with("readTimeoutMs", json!(0)), 400),
        ("POST", "/", with("lastEventId", json!("a\u{0}")), 400),
        ("POST", "/", with("lastEventId", json!("a\nb")), 400),
        ("POST", "/", with("headers", json!({"a b": "c"})), 400),
        ("POST", "/", with("headers", json!({"a": "b\r\nc: d"})), 400),
        ("POST", "/", with("headers", json!({"content-length": "1"})), 400),
        ("POST", "/", with("method", json!("G T")), 400),
        ("POST", "/streams/1", r#"{"command":"restart"}"#.to_string(), 404),
        ("DELETE", "/streams/1", String::new(), 404),
        ("GET", "/streams/1", String::new(), 404),
        ("PUT", "/", String::new(), 405),
    ];
    for (method, path, body, status) in cases {
        let answer = service.send(method, path, &body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}");
        assert!(answer.text.len() > 10 && answer.text.ends_with('\n'), "{:?}", answer.text);
    }
}

/// Members that do not matter, or that another harness may send.
#[tokio::test]
async fn what_is_null_or_unknown_is_passed_over() {
    let mut harness = Harness::start().await;
    let nothing = json!({"headers": null, "method": null, "body": null, "lastEventId": null,
        "readTimeoutMs": null, "future": [1]});
    harness.open(nothing).await;
    assert_eq!(harness.asked().await.head.method, "GET");
}

#[tokio::test]
async fn unknown_commands_are_refused_and_change_nothing() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    for body in [r#"{"command":"listen","listen":{"type":"a"}}"#, "{}", "restart"] {
        let answer = harness.service.send("POST", &source.location, body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    assert_eq!(harness.service.send("GET", &source.location, "").await.status, 405);
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await, message("a"));
}

#[tokio::test]
async fn a_deleted_stream_is_silent_and_gone() {
    let mut harness = Harness::start().await;
    let (mut source, mut stream) = harness.stream(json!({})).await;
    stream.send(b"data: a\n\n").await;
    assert_eq!(source.told().await, message("a"));
    harness.delete(&source).await;
    stream.closed().await;
    assert!(is_quiet(source.callbacks.next()).await);
    assert!(is_quiet(harness.server.asked()).await);
    assert_eq!(harness.service.send("DELETE", &source.location, "").await.status, 404);
}

#[tokio::test]
async fn callbacks_come_one_at_a_time() {
    let mut harness = Harness::start().await;
    let callbacks = Callbacks::slow(Duration::from_millis(50)).await;
    let mut source = harness.open_with(callbacks, json!({})).await;
    let mut stream = harness.connected().await;
    stream.send(b"data: a\n\n:b\ndata: c\n\n").await;
    stream.end();
    for expected in [message("a"), comment("b"), message("c")] {
        assert_eq!(source.told().await, expected);
    }
    source.told_error().await;
}

/// The first is under way, and others would follow.
#[tokio::test]
async fn a_deleted_stream_leaves_its_callbacks() {
    let mut harness = Harness::start().await;
    let callbacks = Callbacks::slow(Duration::from_secs(5)).await;
    let mut source = harness.open_with(callbacks, json!({})).await;
    let mut stream = harness.connected().await;
    stream.send(b"data: a\n\ndata: b\n\n").await;
    assert_eq!(source.told().await, message("a"));
    harness.delete(&source).await;
    stream.closed().await;
    assert!(is_quiet(source.callbacks.next()).await);
}

#[tokio::test]
async fn failing_callbacks_do_not_stop_it() {
    let mut harness = Harness::start().await;
    let mut source = harness.open_with(Callbacks::failing().await, json!({})).await;
    let mut stream = harness.connected().await;
    stream.send(b"data: a\n\ndata: b\n\n").await;
    assert_eq!(source.told().await, message("a"));
    assert_eq!(source.told().await, message("b"));

    // Nor does one to whom nobody listens.
    harness.open(json!({"callbackUrl": "http://127.0.0.1:1/"})).await;
    let mut stream = harness.connected().await;
    stream.send(b"id: 1\ndata: a\n\n").await;
    stream.end();
    assert_eq!(harness.asked().await.header("Last-Event-ID"), Some(&b"1"[..]));
}

#[tokio::test]
async fn streams_do_not_wait_for_each_other() {
    let mut harness = Harness::start().await;
    let (mut first, mut first_stream) = harness.stream(json!({})).await;
    let (mut second, mut second_stream) = harness.stream(json!({})).await;
    assert_ne!(first.location, second.location);
    second_stream.send(b"data: b\n\n").await;
    assert_eq!(second.told().await, message("b"));
    harness.delete(&second).await;
    first_stream.send(b"data: a\n\n").await;
    assert_eq!(first.told().await, message("a"));
}
