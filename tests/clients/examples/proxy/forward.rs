//! A request to the upstream, and its response back.

use std::error::Error;
use std::fmt;
use std::io;
use std::iter;
use std::str::FromStr;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::http::{request, response};
use hyper::{Method, Request, Response, StatusCode, Uri, Version};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use crate::held::{Held, Unwritten};
use crate::line::{Exchange, Line, Log};
use crate::watch::{Watch, Watched};

/// A response's body: the upstream's, or a sentence of our own.
pub(crate) type Body = Either<Held<Watched<Incoming>>, Full<Bytes>>;

/// What is about one connection only, besides what `Connection` names.
/// `Trailer` stays, and so does `TE: trailers`: trailers are passed on.
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

/// Passes requests on to one upstream.
pub(crate) struct Proxy {
    client: Client<HttpsConnector<HttpConnector>, Incoming>,
    upstream: Upstream,
    identity: bool,
    log: Log,
}

impl Proxy {
    /// A proxy for `upstream` that asks it, where `identity` says so, to
    /// compress nothing.
    pub(crate) fn new(upstream: Upstream, identity: bool, log: Log) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let tls = if upstream.scheme == Scheme::HTTPS {
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

    /// Answers a request with what the upstream does.
    pub(crate) async fn forward(
        &self,
        request: Request<Incoming>,
        unwritten: Unwritten,
    ) -> Response<Body> {
        let start = Instant::now();
        let (mut head, body) = request.into_parts();
        let method = head.method.clone();
        let path = head.uri.path().to_string();
        match self.upstream.uri(&head.uri) {
            Some(uri) if method != Method::CONNECT => head.uri = uri,
            _ => return sentence(StatusCode::BAD_REQUEST, "There is no such resource here.\n"),
        }
        self.prepare_request(&mut head);
        match self.client.request(Request::from_parts(head, body)).await {
            Ok(response) => {
                let (mut head, body) = response.into_parts();
                prepare_response(&mut head);
                let exchange = Exchange { method, path, status: head.status };
                let watch = self.watch(&head, exchange, start);
                let body = Held::new(Watched::new(body, watch), unwritten);
                Response::from_parts(head, Either::Left(body))
            }
            Err(error) => {
                (self.log)(Line::NoResponse { method, path, error: with_causes(&error) });
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
        // The client names the upstream instead.
        head.headers.remove(HOST);
        head.headers.append(VIA, HeaderValue::from_static("1.1 sseam-proxy"));
        if self.identity {
            head.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
    }

    /// A watch where the response is an event stream that can be read.
    fn watch(&self, head: &response::Parts, exchange: Exchange, start: Instant) -> Option<Watch> {
        let has_body = exchange.method != Method::HEAD
            && !matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if !has_body || !is_event_stream(&head.headers) {
            return None;
        }
        let encoding = head.headers.get(CONTENT_ENCODING);
        match encoding.filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            Some(encoding) => {
                (self.log)(Line::Unwatched { exchange, encoding: encoding.clone() });
                None
            }
            None => Some(Watch::new(exchange, start, self.log.clone())),
        }
    }
}

fn prepare_response(head: &mut response::Parts) {
    head.version = Version::HTTP_11;
    remove_hop_by_hop(&mut head.headers);
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

fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return false };
    let media_type = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

fn sentence(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Either::Right(Full::from(text)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The error and what it says of its causes, which is where hyper puts them.
fn with_causes(error: &dyn Error) -> String {
    let errors = iter::successors(Some(error), |error| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Where requests go.
#[derive(Clone, Debug)]
pub(crate) struct Upstream {
    scheme: Scheme,
    authority: Authority,
    /// What is put before each path; it does not end in a slash.
    path: String,
}

impl Upstream {
    /// Where the upstream has what a client asks for as `target`, if that has
    /// a path: the `*` of OPTIONS is none.
    fn uri(&self, target: &Uri) -> Option<Uri> {
        let target = target.path_and_query()?.as_str();
        if !target.starts_with('/') {
            return None;
        }
        let path: PathAndQuery = format!("{}{target}", self.path).parse().ok()?;
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        uri.path_and_query(path).build().ok()
    }
}

/// From a URL; an error is one sentence.
impl FromStr for Upstream {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        let parts = url.parse::<Uri>().map(Uri::into_parts).ok();
        match parts.map(|parts| (parts.scheme, parts.authority, parts.path_and_query)) {
            Some((Some(scheme), Some(authority), path))
                if (scheme == Scheme::HTTP || scheme == Scheme::HTTPS)
                    && !authority.as_str().contains('@') =>
            {
                let path = path.as_ref().map_or("", PathAndQuery::path).trim_end_matches('/');
                Ok(Self { scheme, authority, path: path.to_string() })
            }
            _ => Err(format!("an upstream is an http or https URL without a user, not '{url}'")),
        }
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}
