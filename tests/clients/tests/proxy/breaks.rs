//! Where a stream breaks off, on either side.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, Wake};

use bytes::Bytes;
use http_body_util::channel::Channel;
use hyper::body::Body;
use hyper::rt::Write;
use hyper_util::rt::TokioIo;
use sseam::Outcome;

use crate::held::{Held, Told, Unwritten};
use crate::line::{End, Line};
use crate::setup::{
    Running, SlowClient, Upstream, event_stream, exchange, nowhere, read, recorded, within,
};

const EVENT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\n";

/// Bodies that end in the middle of an event: what they are called in the head,
/// what is sent of them, and what of that are bytes of the stream.
fn cut() -> [(&'static str, String, String); 4] {
    let half = &EVENT[..30];
    let stream = format!("{EVENT}{half}");
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    [
        ("Content-Length: 1000", stream.clone(), stream.clone()),
        ("Transfer-Encoding: chunked", chunk(EVENT) + &chunk(half), stream.clone()),
        // In the middle of a chunk, and of its head.
        ("Transfer-Encoding: chunked", format!("3e8\r\n{stream}"), stream.clone()),
        ("Transfer-Encoding: chunked", format!("{}3", chunk(&stream)), stream),
    ]
}

#[tokio::test]
async fn a_cut_reaches_the_client_behind_all_bytes_and_is_told() {
    for (header, sent, stream) in cut() {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{header}\r\n\r\n");
        let mut proxy = Running::to(recorded(format!("{head}{sent}").into()).await).await;
        let mut response = within(proxy.request("GET", "/").send()).await.expect("a response");
        let (bytes, end) = read(&mut response).await;
        assert_eq!(String::from_utf8_lossy(&bytes), stream, "{header}");
        assert!(end.is_err(), "{header}");

        let record = proxy.record().await;
        assert_eq!((record.outcome, record.end), (Outcome::Truncated, End::Broken), "{header}");
        assert_eq!((record.dialect, record.events), (Some("chat"), 1), "{header}");
        assert_eq!(record.bytes, stream.len() as u64, "{header}");
    }
}

/// The client reads nothing until the proxy knows of the cut. What the sockets
/// do not hold waits in the proxy then, and must not be lost.
#[tokio::test]
async fn a_slow_client_gets_all_bytes_before_the_cut() {
    let stream = EVENT.repeat(2000);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 999999";
    let sent = format!("{head}\r\n\r\n{stream}");
    let mut proxy = Running::to_with_little_room(recorded(sent.into()).await);
    let mut client = SlowClient::ask(proxy.address).await;
    let record = proxy.record().await;
    assert_eq!((record.events, record.end), (2000, End::Broken));

    let answer = client.read().await;
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert_eq!(body.len(), stream.len());
    assert!(body == stream);
}

/// The body does not wait for a connection that may have nothing to write: it
/// has itself polled again, and that ends in a flush.
#[tokio::test]
async fn an_error_is_held_back_until_the_next_flush() {
    let woken = Arc::new(Woken::default());
    let waker = Arc::clone(&woken).into();
    let mut cx = Context::from_waker(&waker);
    let unwritten = Unwritten::default();
    let (sender, body) = Channel::<Bytes, &str>::new(1);
    let mut body = Held::new(body, unwritten.clone());
    let mut io = Told::new(TokioIo::new(tokio::io::sink()), unwritten);
    let mut body = Pin::new(&mut body);

    sender.abort("cut");
    assert!(body.as_mut().poll_frame(&mut cx).is_pending());
    assert!(woken.0.swap(false, Relaxed), "woken to be flushed");
    assert!(body.as_mut().poll_frame(&mut cx).is_pending());
    assert!(!body.is_end_stream());
    assert!(Pin::new(&mut io).poll_flush(&mut cx).is_ready());
    assert!(woken.0.swap(false, Relaxed), "woken to go on");
    let frame = body.as_mut().poll_frame(&mut cx);
    assert!(matches!(frame, Poll::Ready(Some(Err("cut")))));
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

/// Without a length and without chunks nothing shows the cut but the events.
#[tokio::test]
async fn a_cut_that_http_does_not_show_is_told_by_the_dialect() {
    let sent = format!("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{EVENT}data: {{");
    let mut proxy = Running::to(recorded(sent.into()).await).await;
    let mut response = within(proxy.request("GET", "/").send()).await.expect("a response");
    let (bytes, end) = read(&mut response).await;
    assert_eq!(String::from_utf8_lossy(&bytes), format!("{EVENT}data: {{"));
    assert!(end.is_ok());
    let record = proxy.record().await;
    assert_eq!((record.outcome, record.end), (Outcome::Truncated, End::Whole));
}

/// The upstream says nothing more meanwhile: nothing but the client's leaving
/// can have woken the proxy.
#[tokio::test]
async fn a_client_that_goes_away_is_told_and_the_upstream_let_go() {
    let cases = [(EVENT, Outcome::Truncated), ("data: [DONE]\n\n", Outcome::Completed)];
    for (stream, outcome) in cases {
        let mut upstream = Upstream::start().await;
        let mut proxy = Running::to(upstream.address).await;
        let request = proxy.request("GET", "/");
        let (mut response, mut sender) = exchange(request, &mut upstream, event_stream()).await;
        within(sender.send_data(stream.into())).await.expect("a client");
        let chunk = within(response.chunk()).await.expect("no break").expect("no end");
        assert_eq!(chunk, stream);
        drop(response);

        let record = proxy.record().await;
        assert_eq!((record.outcome, record.end), (outcome, End::Dropped));
        assert_eq!((record.events, record.bytes), (1, stream.len() as u64));
        within(async { while sender.send_data(EVENT.into()).await.is_ok() {} }).await;
    }
}

#[tokio::test]
async fn an_upstream_that_does_not_answer_is_told() {
    let silent = recorded(Vec::new()).await;
    for address in [nowhere().await, silent] {
        let mut proxy = Running::to(address).await;
        let response = within(proxy.request("GET", "/x?key=secret").send()).await;
        assert_eq!(response.expect("a response").status(), 502);
        let line = proxy.line().await;
        assert!(matches!(line, Line::NoResponse { .. }), "{line}");
        assert!(line.to_string().starts_with("method=GET path=/x error=\""), "{line}");
    }
}
