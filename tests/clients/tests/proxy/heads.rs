//! Requests, the heads of responses, and trailers.

use hyper::Response;
use hyper::header::{HeaderMap, HeaderValue};

use crate::setup::{Running, Upstream, event_stream, raw, within};

#[tokio::test]
async fn a_request_and_a_response_pass_with_all_but_what_is_about_the_connection() {
    let mut upstream = Upstream::start().await;
    let proxy = Running::to_path(upstream.address, "/base/").await;
    let request = proxy
        .request("PATCH", "/a%20b?c=d&e")
        .header("Authorization", "Bearer x")
        .header("Cookie", "a")
        .header("Cookie", "b")
        .header("Connection", "X-Hop, keep-alive")
        .header("X-Hop", "1")
        .header("Keep-Alive", "timeout=5")
        .header("Proxy-Authorization", "Basic x")
        .header("TE", "gzip")
        .body("{\"stream\":true}");
    let answered = async {
        let asked = upstream.asked().await;
        assert_eq!(asked.head.method, "PATCH");
        assert_eq!(asked.head.uri, "/base/a%20b?c=d&e");
        assert_eq!(asked.body, "{\"stream\":true}");
        let headers = &asked.head.headers;
        assert_eq!(headers["host"], upstream.address.to_string());
        assert_eq!(headers["authorization"], "Bearer x");
        assert_eq!(headers["content-length"], "15");
        assert_eq!(headers["via"], "1.1 sseam-proxy");
        assert_eq!(headers.get_all("cookie").iter().collect::<Vec<_>>(), ["a", "b"]);
        for name in ["connection", "x-hop", "keep-alive", "proxy-authorization", "te"] {
            assert!(!headers.contains_key(name), "{name}");
        }
        let head = Response::builder()
            .status(418)
            .header("Set-Cookie", "a")
            .header("Set-Cookie", "b")
            .header("X-Accel-Buffering", "no")
            .header("Connection", "x-hop")
            .header("X-Hop", "1")
            .header("Content-Length", "2");
        let mut sender = asked.answer(head);
        within(sender.send_data("hi".into())).await.expect("a client");
    };
    let (response, ()) = within(async { tokio::join!(request.send(), answered) }).await;
    let response = response.expect("a response");
    assert_eq!(response.status(), 418);
    let headers = response.headers();
    assert_eq!(headers.get_all("set-cookie").iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(headers["x-accel-buffering"], "no");
    assert_eq!(headers["content-length"], "2");
    for name in ["connection", "x-hop", "transfer-encoding"] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(within(response.text()).await.expect("text"), "hi");
}

#[tokio::test]
async fn trailers_pass_to_a_client_that_takes_them() {
    let mut upstream = Upstream::start().await;
    let proxy = Running::to(upstream.address).await;
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: te, close\r\nTE: trailers\r\n\r\n";
    let answered = async {
        let mut sender = upstream.asked().await.answer(event_stream().header("Trailer", "X-Sum"));
        within(sender.send_data("data: x\n\n".into())).await.expect("a client");
        let trailers = HeaderMap::from_iter([("x-sum".parse().unwrap(), HeaderValue::from(3))]);
        within(sender.send_trailers(trailers)).await.expect("a client");
    };
    let (answer, ()) = within(async { tokio::join!(raw(proxy.address, request), answered) }).await;
    let answer = answer.expect("an answer");
    assert!(answer.ends_with("9\r\ndata: x\n\n\r\n0\r\nx-sum: 3\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn what_has_no_place_upstream_is_refused() {
    let upstream = Upstream::start().await;
    let proxy = Running::to(upstream.address).await;
    for request in ["CONNECT example.com:443", "OPTIONS *"] {
        let request = format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = within(raw(proxy.address, &request)).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
}
