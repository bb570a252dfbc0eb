//! Where a server sends it on.

use hyper::Response;
use hyper::http::response::Builder;
use serde_json::json;

use crate::harness::{Harness, message, within};
use crate::server::Server;

fn redirect(status: u16, location: &str) -> Builder {
    Response::builder().status(status).header("Location", location)
}

/// As the Fetch standard has it. It is the first URL that is asked for again.
#[tokio::test]
async fn redirects_are_followed() {
    // The status, the method, and what it is then.
    let cases = [
        (301, "GET", "GET"),
        (307, "GET", "GET"),
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "REPORT", "REPORT"),
        (303, "REPORT", "GET"),
        (307, "REPORT", "REPORT"),
    ];
    let mut harness = Harness::start().await;
    for (status, method, then) in cases {
        let body = if method == "GET" { json!(null) } else { json!("a body") };
        let params =
            json!({"method": method, "body": body, "headers": {"x-one": "1"}, "lastEventId": "1"});
        let mut source = harness.open(params).await;
        harness.asked().await.answer(redirect(status, "/elsewhere")).end();
        let asked = harness.asked().await;
        let case = format!("{status} {method}");
        assert_eq!(asked.head.uri, "/elsewhere", "{case}");
        assert_eq!(asked.head.method, then, "{case}");
        assert_eq!(asked.body, if then == "GET" { "" } else { "a body" }, "{case}");
        assert_eq!(asked.header("Content-Type").is_some(), then != "GET", "{case}");
        for (name, value) in
            [("Accept", "text/event-stream"), ("X-One", "1"), ("Last-Event-ID", "1")]
        {
            assert_eq!(asked.header(name), Some(value.as_bytes()), "{case}");
        }
        let mut stream = asked.stream();
        stream.send(b"id\ndata: a\n\n").await;
        assert_eq!(source.told().await, message("a"), "{case}");
        stream.end();
        let again = harness.asked().await;
        assert_eq!((again.head.uri.path(), again.head.method.as_str()), ("/stream", method));
        harness.delete(&source).await;
    }
}

#[tokio::test]
async fn credentials_do_not_go_to_another_host() {
    let mut harness = Harness::start().await;
    let mut other = Server::start().await;
    harness.open(json!({"headers": {"authorization": "secret", "x-one": "1"}})).await;
    let asked = harness.asked().await;
    assert_eq!(asked.header("Authorization"), Some(&b"secret"[..]));
    asked.answer(redirect(307, &other.url("/elsewhere"))).end();
    let asked = within(other.asked()).await;
    assert_eq!(asked.header("Authorization"), None);
    assert_eq!(asked.header("X-One"), Some(&b"1"[..]));
}

#[tokio::test]
async fn redirects_without_end_are_an_error() {
    let mut harness = Harness::start().await;
    let mut source = harness.open(json!({"initialDelayMs": 600_000})).await;
    for n in 0..21 {
        let location = if n % 2 == 0 { "/there" } else { "/stream" };
        harness.asked().await.answer(redirect(307, location)).end();
    }
    source.told_error().await;
}
