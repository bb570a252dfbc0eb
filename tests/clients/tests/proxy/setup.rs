//! The proxy between a client and an upstream, all on loopback.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::http::request;
use hyper::http::response::Builder;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::client::client;
use crate::forward::Proxy;
use crate::line::{Line, Record};
use crate::serve::serve;

/// Longer than anything here takes: what waits for this long hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// The future's output, or the test fails.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    timeout(LIMIT, future).await.expect("an answer in time")
}

/// How much a socket holds, where the test says so; systems round it up.
const LITTLE: u32 = 4096;

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port")
}

/// A listener whose connections hold little of what is written to them.
fn little_listener() -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_send_buffer_size(LITTLE).expect("a size");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    socket.listen(128).expect("a listener")
}

fn address(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("an address")
}

/// A running proxy, and what it says.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    lines: mpsc::UnboundedReceiver<Line>,
    http: reqwest::Client,
}

impl Running {
    /// A proxy to an upstream that is at `address`.
    pub(crate) async fn to(upstream: SocketAddr) -> Self {
        Self::start(listener().await, &format!("http://{upstream}"), false)
    }

    /// A proxy that asks the upstream to compress nothing.
    pub(crate) async fn to_identity(upstream: SocketAddr) -> Self {
        Self::start(listener().await, &format!("http://{upstream}"), true)
    }

    /// A proxy to an upstream with a path.
    pub(crate) async fn to_path(upstream: SocketAddr, path: &str) -> Self {
        Self::start(listener().await, &format!("http://{upstream}{path}"), false)
    }

    /// A proxy whose sockets hold little of what a client does not read.
    pub(crate) fn to_with_little_room(upstream: SocketAddr) -> Self {
        Self::start(little_listener(), &format!("http://{upstream}"), false)
    }

    fn start(listener: TcpListener, upstream: &str, identity: bool) -> Self {
        let address = address(&listener);
        let (sender, lines) = mpsc::unbounded_channel();
        let log = Arc::new(move |line| {
            let _ = sender.send(line);
        });
        let upstream = upstream.parse().expect("a URL");
        let proxy = Proxy::new(upstream, identity, log).expect("a proxy");
        tokio::spawn(serve(listener, Arc::new(proxy)));
        let http = client();
        Self { address, lines, http }
    }

    /// A request to the proxy.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.http.request(method, format!("http://{}{path}", self.address))
    }

    /// The next line.
    pub(crate) async fn line(&mut self) -> Line {
        within(self.lines.recv()).await.expect("a line")
    }

    /// The next line, which has to be that of a stream that has ended.
    pub(crate) async fn record(&mut self) -> Record {
        match self.line().await {
            Line::Ended(record) => record,
            line => panic!("no stream's end: {line}"),
        }
    }
}

/// An upstream that answers as the test says, step by step.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Asked>,
}

/// A request, whole, and where its answer goes.
pub(crate) struct Asked {
    pub(crate) head: request::Parts,
    pub(crate) body: Bytes,
    answer: oneshot::Sender<Response<Channel<Bytes>>>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = listener().await;
        let address = address(&listener);
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let sender = sender.clone();
                let service = service_fn(move |request| ask(request, sender.clone()));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, requests }
    }

    /// The next request.
    pub(crate) async fn asked(&mut self) -> Asked {
        within(self.requests.recv()).await.expect("a request")
    }
}

/// Hands a request to the test and waits for its answer.
async fn ask(
    request: Request<hyper::body::Incoming>,
    sender: mpsc::UnboundedSender<Asked>,
) -> Result<Response<Channel<Bytes>>, oneshot::error::RecvError> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("the request's body").to_bytes();
    let (answer, answered) = oneshot::channel();
    let _ = sender.send(Asked { head, body, answer });
    answered.await
}

impl Asked {
    /// Answers with this head; the body is what is sent then.
    pub(crate) fn answer(self, head: Builder) -> Sender<Bytes> {
        let (sender, body) = Channel::new(1);
        let _ = self.answer.send(head.body(body).expect("a response"));
        sender
    }
}

/// The head of an event stream.
pub(crate) fn event_stream() -> Builder {
    Response::builder().header("Content-Type", "text/event-stream")
}

/// A client's request and an upstream's answer to it, both at their bodies.
pub(crate) async fn exchange(
    request: reqwest::RequestBuilder,
    upstream: &mut Upstream,
    head: Builder,
) -> (reqwest::Response, Sender<Bytes>) {
    let answered = async { upstream.asked().await.answer(head) };
    let (response, sender) = within(async { tokio::join!(request.send(), answered) }).await;
    (response.expect("a response"), sender)
}

/// All that comes, up to the end or the break.
pub(crate) async fn read(response: &mut reqwest::Response) -> (Vec<u8>, reqwest::Result<()>) {
    let mut bytes = Vec::new();
    loop {
        match within(response.chunk()).await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (bytes, Ok(())),
            Err(error) => return (bytes, Err(error)),
        }
    }
}

/// An upstream of one connection that answers the first request with exactly
/// these bytes, and closes.
pub(crate) async fn recorded(answer: Vec<u8>) -> SocketAddr {
    let listener = listener().await;
    let address = address(&listener);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        stream.write_all(&answer).await?;
        stream.shutdown().await
    });
    address
}

/// What a proxy answers to exactly these bytes, up to where it closes.
pub(crate) async fn raw(proxy: SocketAddr, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(proxy).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await?;
    Ok(answer)
}

/// A client that reads nothing until it is told to, on a socket that holds little.
pub(crate) struct SlowClient(TcpStream);

impl SlowClient {
    /// Connects and sends a request.
    pub(crate) async fn ask(proxy: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(LITTLE).expect("a size");
        let mut stream = within(socket.connect(proxy)).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("a proxy");
        Self(stream)
    }

    /// All that comes, up to where the proxy closes.
    pub(crate) async fn read(&mut self) -> String {
        let mut answer = String::new();
        within(self.0.read_to_string(&mut answer)).await.expect("text");
        answer
    }
}

/// An address where nobody listens.
pub(crate) async fn nowhere() -> SocketAddr {
    address(&listener().await)
}
