//! A reverse proxy that forwards everything as it arrives, and reports how each event stream ended.
//!
//! `watch` wraps a response's body. Both sides use HTTP/1.1, the upstream with or without TLS.

mod watch;

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write as _};
use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};
use hyper::http::{request, response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Uri, Version};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::output::{Failure, http_cause, media_type, say};
use watch::{FlushTracker, Unwritten, Watch, Watched};

pub(crate) const HELP: &str = include_str!("help/proxy.txt");

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where requests go, http or https; its path is put before that of each request
    #[arg(long, value_name = "URL", value_parser = upstream)]
    upstream: Uri,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Ask the upstream not to compress. Otherwise client and upstream negotiate, and compressed
    /// streams are forwarded without a report
    #[arg(long)]
    identity: bool,
}

/// The sender of lines. It never blocks, because lines are sent while forwarding; if the channel is
/// full, the line is lost.
type Log = SyncSender<String>;

/// How many lines may wait.
const WAITING: usize = 1024;

pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let (log, lines) = sync_channel(WAITING);
    let printer = thread::spawn(move || {
        for line in lines {
            let _ = writeln!(io::stderr(), "{line}");
        }
    });
    let ended = Runtime::new().map_err(Into::into).and_then(|runtime| {
        // Returning drops the runtime, and with it the open streams: each of them prints its line.
        runtime.block_on(serve(args, log))
    });
    // The thread ends when the sender is dropped and the last line is printed.
    let _ = printer.join();
    ended.map(|()| 0).map_err(|error| Failure::Usage(error.to_string()))
}

/// Serves until Ctrl-C.
async fn serve(args: &Args, log: Log) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(&args.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let proxy = Proxy::new(args.upstream.clone(), args.identity, log)?;
    let (address, upstream) = (listener.local_addr()?, args.upstream.to_string());
    say(&format_args!("http://{address} forwards to {}", upstream.trim_end_matches('/')));
    tokio::select! {
        never = accept(listener, Arc::new(proxy)) => match never {},
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

/// Accepts connections forever, each in its own task.
async fn accept(listener: TcpListener, proxy: Arc<Proxy>) -> Infallible {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset};

    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, Arc::clone(&proxy)));
            }
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset) => {}
            // Such as too many open files: some may be closed after a while.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn connection(stream: TcpStream, proxy: Arc<Proxy>) {
    // An event is often smaller than a packet, and must not be delayed.
    let _ = stream.set_nodelay(true);
    let unwritten = Unwritten::default();
    let io = FlushTracker { io: TokioIo::new(stream), unwritten: unwritten.clone() };
    let service = service_fn(|request| async {
        Ok::<_, Infallible>(proxy.forward(request, unwritten.clone()).await)
    });
    // The client sees an error, too: its connection closes.
    let _ = http1::Builder::new().serve_connection(io, service).await;
}

/// A response's body: the upstream's, or a sentence.
type Body = Either<Watched, Full<Bytes>>;

/// Headers for one connection only, besides those that `Connection` names. `Trailer` and `TE:
/// trailers` are kept: trailers are forwarded.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Forwards requests to one upstream.
struct Proxy {
    client: Client<HttpsConnector<HttpConnector>, Incoming>,
    upstream: Uri,
    identity: bool,
    log: Log,
}

impl Proxy {
    /// Creates a proxy for `upstream`; with `identity` it asks for uncompressed responses.
    fn new(upstream: Uri, identity: bool, log: Log) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let tls = if upstream.scheme_str() == Some("https") {
            ClientConfig::builder().with_native_roots()?
        } else {
            ClientConfig::builder().with_root_certificates(RootCertStore::empty())
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { client, upstream, identity, log })
    }

    /// Answers a request with the upstream's response.
    async fn forward(&self, request: Request<Incoming>, unwritten: Unwritten) -> Response<Body> {
        let start = Instant::now();
        let (mut head, body) = request.into_parts();
        let method = head.method.clone();
        let path = head.uri.path().to_string();
        match resolve(&self.upstream, &head.uri) {
            Some(uri) if method != Method::CONNECT => head.uri = uri,
            _ => return sentence(StatusCode::BAD_REQUEST, "There is no such resource here.\n"),
        }
        self.prepare_request(&mut head);
        match self.client.request(Request::from_parts(head, body)).await {
            Ok(response) => {
                let (mut head, body) = response.into_parts();
                head.version = Version::HTTP_11;
                remove_hop_by_hop(&mut head.headers);
                let watch = self.watch(&head, &method, &path, start);
                let body = Watched::new(body, watch, unwritten);
                Response::from_parts(head, Either::Left(body))
            }
            Err(error) => {
                let error = with_causes(&error);
                let line = format!("method={method} path={path} error={error:?}");
                let _ = self.log.try_send(line);
                sentence(StatusCode::BAD_GATEWAY, "The upstream gave no response.\n")
            }
        }
    }

    fn prepare_request(&self, head: &mut request::Parts) {
        head.version = Version::HTTP_11;
        let takes_trailers = head.headers.get(TE).is_some_and(|te| te == "trailers");
        remove_hop_by_hop(&mut head.headers);
        if takes_trailers {
            head.headers.insert(TE, HeaderValue::from_static("trailers"));
            head.headers.insert(CONNECTION, HeaderValue::from_static("te"));
        }
        // The client sets it for the upstream.
        head.headers.remove(HOST);
        head.headers.append(VIA, HeaderValue::from_static("1.1 sseam-proxy"));
        if self.identity {
            head.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
    }

    /// A watch, if the response is a readable event stream. The query of the path is omitted,
    /// because it may contain a key.
    fn watch(
        &self,
        head: &response::Parts,
        method: &Method,
        path: &str,
        start: Instant,
    ) -> Option<Watch> {
        let has_body = method != Method::HEAD
            && !matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if !has_body || media_type(&head.headers) != "text/event-stream" {
            return None;
        }
        let exchange = format!("method={method} path={path} status={}", head.status.as_u16());
        match head.headers.get(CONTENT_ENCODING) {
            Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
                let _ = self.log.try_send(format!("{exchange} unwatched={encoding:?}"));
                None
            }
            _ => Some(Watch::new(exchange, start, self.log.clone())),
        }
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .into_iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in HOP_BY_HOP.iter().chain(&named) {
        headers.remove(name);
    }
}

fn sentence(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Either::Right(Full::from(text)));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// The error and its causes, which hyper has the details in.
fn with_causes(error: &dyn Error) -> String {
    let errors = iter::successors(Some(error), |error| (*error).source());
    http_cause(errors.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

/// The upstream from a URL, without its query; an error is one sentence.
fn upstream(url: &str) -> Result<Uri, String> {
    let is_fit = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
    };
    let uri = url.split('?').next().and_then(|url| url.parse().ok()).filter(is_fit);
    uri.ok_or_else(|| format!("an upstream is an http or https URL without a user, not '{url}'"))
}

/// The upstream's URI for `target`, if that has a path: the `*` of OPTIONS has none.
fn resolve(upstream: &Uri, target: &Uri) -> Option<Uri> {
    let target = target.path_and_query()?.as_str().strip_prefix('/')?;
    let path = format!("{}/{target}", upstream.path().trim_end_matches('/'));
    let mut parts = upstream.clone().into_parts();
    parts.path_and_query = Some(path.parse().ok()?);
    Uri::from_parts(parts).ok()
}
