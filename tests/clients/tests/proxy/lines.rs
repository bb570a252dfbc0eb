//! What is said of a stream.

use std::time::Duration;

use hyper::{Method, StatusCode};
use sseam::Outcome;

use crate::line::{End, Exchange, Line, Record};
use crate::setup::{Running, Upstream, event_stream, exchange, read, within};

/// Streams that end as HTTP wants it: how, in which dialect, after how many events.
const STREAMS: &[(&str, Outcome, Option<&str>, u64)] = &[
    (
        "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\n\
         data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
         data: [DONE]\n\n",
        Outcome::Completed,
        Some("chat"),
        3,
    ),
    // Without the last blank line, as some servers close.
    ("data: {\"choices\":[]}\n\ndata: [DONE]", Outcome::Completed, Some("chat"), 2),
    (
        "event: response.created\ndata: {\"type\":\"response.created\"}\n\n\
         event: response.incomplete\ndata: {\"type\":\"response.incomplete\"}\n\n",
        Outcome::Incomplete,
        Some("responses"),
        2,
    ),
    (
        "event: message_start\ndata: {\"type\":\"message_start\"}\n\n\
         event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        Outcome::Failed,
        Some("messages"),
        2,
    ),
    // An error that is no event, and a sentinel without data.
    ("data: {\"choices\":[]}\n\nerror: {\"code\":500}\n\n", Outcome::Failed, Some("chat"), 1),
    ("data: \"x\"\n\nevent: end\n\n", Outcome::Completed, None, 1),
    // Whole as HTTP goes, and not as the dialect does.
    ("data: {\"choices\":[]}\n\n", Outcome::Truncated, Some("chat"), 1),
    (": nothing\n\n", Outcome::Truncated, None, 0),
    ("data: tick\n\n", Outcome::Unknown, None, 1),
];

#[tokio::test]
async fn a_whole_stream_passes_and_is_told_for_what_it_is() {
    let mut upstream = Upstream::start().await;
    let mut proxy = Running::to(upstream.address).await;
    for &(stream, outcome, dialect, events) in STREAMS {
        for content_length in [false, true] {
            let mut head = event_stream();
            if content_length {
                head = head.header("Content-Length", stream.len());
            }
            let request = proxy.request("POST", "/v1/chat?key=secret").body("{}");
            let (mut response, mut sender) = exchange(request, &mut upstream, head).await;
            within(sender.send_data(stream.into())).await.expect("a client");
            drop(sender);
            let (bytes, end) = read(&mut response).await;
            assert_eq!(String::from_utf8_lossy(&bytes), stream);
            assert!(end.is_ok(), "{stream}");

            let record = proxy.record().await;
            let told = (record.outcome, record.dialect, record.events);
            assert_eq!(told, (outcome, dialect, events), "{stream}");
            assert_eq!(record.end, End::Whole, "{stream}");
            assert_eq!(record.bytes, stream.len() as u64, "{stream}");
            assert_eq!(record.first.is_some(), events > 0, "{stream}");
            assert!(record.first <= Some(record.duration), "{stream}");
            let exchange = Exchange {
                method: Method::POST,
                path: "/v1/chat".to_string(),
                status: StatusCode::OK,
            };
            assert_eq!(record.exchange, exchange);
        }
    }
}

/// Its data would have to be over 16 MiB for this, but 64 KiB of a type do.
#[tokio::test]
async fn an_event_over_the_bounds_passes_and_the_watch_goes_on_behind_it() {
    let stream = format!("event: {}\ndata: x\n\ndata: [DONE]\n\n", "x".repeat(100_000));
    let mut upstream = Upstream::start().await;
    let mut proxy = Running::to(upstream.address).await;
    let request = proxy.request("GET", "/");
    let (mut response, mut sender) = exchange(request, &mut upstream, event_stream()).await;
    within(sender.send_data(stream.clone().into())).await.expect("a client");
    drop(sender);
    let (bytes, end) = read(&mut response).await;
    assert!(bytes == stream.as_bytes() && end.is_ok());

    let line = proxy.line().await;
    assert!(matches!(line, Line::Skipped { error: sseam::Error::TooLarge { .. }, .. }), "{line}");
    let record = proxy.record().await;
    assert_eq!((record.outcome, record.events), (Outcome::Completed, 1));
}

#[tokio::test]
async fn a_compressed_stream_passes_unwatched_and_can_be_forgone() {
    let mut upstream = Upstream::start().await;
    let mut proxy = Running::to(upstream.address).await;
    let request = proxy.request("GET", "/").header("Accept-Encoding", "br");
    let head = event_stream().header("Content-Encoding", "br");
    let answered = async {
        let asked = upstream.asked().await;
        assert_eq!(asked.head.headers["accept-encoding"], "br");
        let mut sender = asked.answer(head);
        within(sender.send_data("\u{1}\u{2}\u{3}".into())).await.expect("a client");
    };
    let (response, ()) = within(async { tokio::join!(request.send(), answered) }).await;
    let mut response = response.expect("a response");
    assert_eq!(response.headers()["content-encoding"], "br");
    assert_eq!(read(&mut response).await.0, [1, 2, 3]);
    let line = proxy.line().await;
    assert_eq!(line.to_string(), "method=GET path=/ status=200 unwatched=\"br\"");

    let proxy = Running::to_identity(upstream.address).await;
    let request = proxy.request("GET", "/").header("Accept-Encoding", "br");
    let answered = async {
        let asked = upstream.asked().await;
        assert_eq!(asked.head.headers["accept-encoding"], "identity");
        asked.answer(event_stream())
    };
    let (response, _) = within(async { tokio::join!(request.send(), answered) }).await;
    assert!(response.is_ok());
}

/// Nothing is said of them, so that the next line is that of the stream behind.
#[tokio::test]
async fn of_what_is_no_stream_nothing_is_said() {
    let mut upstream = Upstream::start().await;
    let mut proxy = Running::to(upstream.address).await;
    let json = || event_stream_but("application/json; x=text/event-stream");
    let cases = [
        ("GET", json(), "data: [DONE]\n\n"),
        ("GET", event_stream_but("text/event-streams"), "data: [DONE]\n\n"),
        ("HEAD", event_stream().header("Content-Length", 14), ""),
        ("GET", event_stream().status(304), ""),
    ];
    for (method, head, body) in cases {
        let request = proxy.request(method, "/no_stream");
        let (mut response, mut sender) = exchange(request, &mut upstream, head).await;
        if !body.is_empty() {
            within(sender.send_data(body.into())).await.expect("a client");
        }
        drop(sender);
        let (bytes, end) = read(&mut response).await;
        assert_eq!(String::from_utf8_lossy(&bytes), body);
        assert!(end.is_ok(), "{method}");
        if method == "HEAD" {
            assert_eq!(response.headers()["content-length"], "14");
        }
    }

    let request = proxy.request("GET", "/stream");
    let head = event_stream_but("Text/Event-Stream ; charset=utf-8")
        .status(500)
        .header("Content-Encoding", "Identity");
    let (_, sender) = exchange(request, &mut upstream, head).await;
    drop(sender);
    let exchange = proxy.record().await.exchange;
    assert_eq!((exchange.path.as_str(), exchange.status.as_u16()), ("/stream", 500));
}

fn event_stream_but(content_type: &str) -> hyper::http::response::Builder {
    hyper::Response::builder().header("Content-Type", content_type)
}

#[test]
fn a_line_is_names_and_values() {
    let mut record = Record {
        exchange: Exchange {
            method: Method::POST,
            path: "/v1/responses".to_string(),
            status: StatusCode::OK,
        },
        dialect: Some("responses"),
        events: 42,
        bytes: 9120,
        outcome: Outcome::Completed,
        end: End::Whole,
        first: Some(Duration::from_micros(310_249)),
        duration: Duration::from_millis(1803),
    };
    let head = "method=POST path=/v1/responses status=200";
    assert_eq!(
        Line::Ended(record.clone()).to_string(),
        format!(
            "{head} dialect=responses events=42 bytes=9120 outcome=completed end=whole \
             first_ms=310.2 duration_ms=1803.0"
        )
    );
    (record.dialect, record.first) = (None, None);
    (record.outcome, record.end) = (Outcome::Truncated, End::Dropped);
    assert_eq!(
        Line::Ended(record).to_string(),
        format!(
            "{head} dialect=- events=42 bytes=9120 outcome=truncated end=dropped \
             first_ms=- duration_ms=1803.0"
        )
    );
}
