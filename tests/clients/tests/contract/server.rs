//! Serves streams, as the test says, step by step.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::http::request;
use hyper::http::response::Builder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::harness::within;

type Body = Channel<Bytes, io::Error>;

pub(crate) struct Server {
    address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Asked>,
}

/// A request, whole, and where its answer goes.
pub(crate) struct Asked {
    pub(crate) head: request::Parts,
    pub(crate) body: Bytes,
    answer: oneshot::Sender<Response<Body>>,
}

/// A response's body, which is chunked as it is sent. It ends when dropped.
pub(crate) struct Stream(Sender<Bytes, io::Error>);

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let _ = stream.set_nodelay(true);
                let sender = sender.clone();
                let service = service_fn(move |request| ask(request, sender.clone()));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request.
    pub(crate) async fn asked(&mut self) -> Asked {
        self.requests.recv().await.expect("the server runs")
    }
}

/// Hands a request to the test and waits for its answer. Where the test has
/// none, the connection closes.
async fn ask(
    request: Request<Incoming>,
    sender: mpsc::UnboundedSender<Asked>,
) -> Result<Response<Body>, oneshot::error::RecvError> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("the request's body").to_bytes();
    let (answer, answered) = oneshot::channel();
    let _ = sender.send(Asked { head, body, answer });
    answered.await
}

impl Asked {
    /// Answers with this head; the body is what is sent then.
    pub(crate) fn answer(self, head: Builder) -> Stream {
        let (sender, body) = Channel::new(1);
        // It may have gone away meanwhile.
        let _ = self.answer.send(head.body(body).expect("a response"));
        Stream(sender)
    }

    /// Answers with an event stream.
    pub(crate) fn stream(self) -> Stream {
        self.answer(Response::builder().header("Content-Type", "text/event-stream"))
    }

    /// A header's value as it came.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.head.headers.get(name).map(HeaderValue::as_bytes)
    }
}

impl Stream {
    /// Sends a chunk, to a client that has to be there.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let chunk = Bytes::copy_from_slice(bytes);
        within(self.0.send_data(chunk)).await.expect("a client");
    }

    /// Ends the response as one that is whole.
    pub(crate) fn end(self) {
        drop(self.0);
    }

    /// Breaks the connection.
    pub(crate) fn break_off(self) {
        self.0.abort(io::ErrorKind::Other.into());
    }

    /// Waits until the client has gone away.
    pub(crate) async fn closed(mut self) {
        let comment = Bytes::from_static(b":\n");
        within(async {
            while self.0.send_data(comment.clone()).await.is_ok() {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }
}
