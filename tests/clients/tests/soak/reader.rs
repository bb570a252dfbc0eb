//! The client of one stream.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sseam::dialect::Auto;
use sseam::{Outcome, Parser, Tracker};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// What came of stream `n`.
pub(crate) struct Read {
    pub(crate) n: usize,
    pub(crate) events: usize,
    pub(crate) outcome: Outcome,
}

/// Reads stream `n` to its end or its break, and checks that its deltas come in
/// order, each once.
pub(crate) async fn read(proxy: SocketAddr, n: usize, connecting: Arc<Semaphore>) -> Read {
    let turn = connecting.acquire().await.expect("a turn");
    let stream = TcpStream::connect(proxy).await.expect("a connection");
    let io = TokioIo::new(stream);
    let (mut sender, connection) = http1::handshake::<_, Empty<Bytes>>(io).await.expect("HTTP");
    tokio::spawn(connection);
    let request = Request::get(format!("/{n}")).header("Host", "soak").body(Empty::new());
    let request = request.expect("a request");
    let mut body = sender.send_request(request).await.expect("a response").into_body();
    drop(turn);

    let mut parser = Parser::new();
    let mut tracker = Tracker::new(Auto::new());
    let mut events = 0;
    let is_whole = loop {
        let bytes = match body.frame().await {
            None => break true,
            Some(Err(_)) => break false,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        let mut chunk: &[u8] = &bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("no event breaks a bound") {
            tracker.observe(&event);
            let data = event.data().to_string();
            let is_next = data.contains(&format!(r#""{n}/{events} ""#));
            let is_last = data == "[DONE]" || data.contains("finish_reason");
            assert!(is_next || is_last, "stream {n}, event {events}: {data}");
            events += 1;
        }
    };
    let end = is_whole.then(|| parser.finish());
    Read { n, events, outcome: tracker.finish(end) }
}
