//! What the service calls back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::sleep;

/// A server for the callbacks of one event source.
pub(crate) struct Callbacks {
    pub(crate) url: String,
    told: mpsc::UnboundedReceiver<Told>,
    count: u64,
}

/// A callback as it came.
struct Told {
    request: String,
    /// How many were not answered yet, with this one.
    at_once: u64,
    json: Bytes,
}

/// How callbacks are answered: how fast, and with which status.
#[derive(Clone, Copy)]
struct Manner {
    delay: Duration,
    status: u16,
}

impl Callbacks {
    pub(crate) async fn start() -> Self {
        Self::with(Manner { delay: Duration::ZERO, status: 202 }).await
    }

    /// Callbacks that take a while each.
    pub(crate) async fn slow(delay: Duration) -> Self {
        Self::with(Manner { delay, status: 202 }).await
    }

    /// Callbacks that are refused, each of them.
    pub(crate) async fn failing() -> Self {
        Self::with(Manner { delay: Duration::ZERO, status: 500 }).await
    }

    async fn with(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/callbacks", listener.local_addr().expect("an address"));
        let (sender, told) = mpsc::unbounded_channel();
        let under_way = Arc::new(AtomicU64::new(0));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (sender, under_way) = (sender.clone(), Arc::clone(&under_way));
                let service = service_fn(move |request| {
                    take(request, manner, sender.clone(), Arc::clone(&under_way))
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, told, count: 0 }
    }

    /// The next message. It has to have the next number, and no other may be
    /// under way.
    pub(crate) async fn next(&mut self) -> Value {
        let told = self.told.recv().await.expect("the server runs");
        self.count += 1;
        let message = String::from_utf8_lossy(&told.json);
        assert_eq!(told.request, format!("POST /callbacks/{}", self.count), "{message}");
        assert_eq!(told.at_once, 1, "{message}");
        serde_json::from_slice(&told.json).expect("JSON")
    }
}

async fn take(
    request: Request<Incoming>,
    manner: Manner,
    sender: mpsc::UnboundedSender<Told>,
    under_way: Arc<AtomicU64>,
) -> hyper::Result<Response<Empty<Bytes>>> {
    let at_once = under_way.fetch_add(1, SeqCst) + 1;
    let name = format!("{} {}", request.method(), request.uri().path());
    let json = request.into_body().collect().await?.to_bytes();
    let _ = sender.send(Told { request: name, at_once, json });
    sleep(manner.delay).await;
    under_way.fetch_sub(1, SeqCst);
    let mut response = Response::new(Empty::new());
    *response.status_mut() = manner.status.try_into().expect("a status");
    Ok(response)
}
