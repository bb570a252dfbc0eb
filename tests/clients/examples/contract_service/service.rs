//! What the harness talks to.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::create::event_source;

/// What this service can do, in the harness's words.
const CAPABILITIES: &str = r#"{"capabilities":["comments","headers","post","report","read-timeout","last-event-id","restart","bom"]}"#;

/// The longest body of a request, in bytes.
const LONGEST: usize = 16 << 20;

/// The streams that there are, each under the path that is its `Location`.
#[derive(Default)]
struct Service {
    streams: Mutex<HashMap<String, Running>>,
    created: AtomicU64,
}

/// An event source at work.
struct Running {
    task: JoinHandle<()>,
    restart: Arc<Notify>,
}

/// A command to a stream.
#[derive(Deserialize)]
struct Command {
    command: String,
}

/// Takes connections until one of them has brought the request to quit.
pub(crate) async fn serve(listener: TcpListener) {
    let service = Arc::new(Service::default());
    let quit = Arc::new(Notify::new());
    loop {
        tokio::select! {
            () = quit.notified() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection(stream, Arc::clone(&service), Arc::clone(&quit)));
                }
                // Such as too many open files: some may be closed in a while.
                Err(_) => sleep(Duration::from_millis(100)).await,
            },
        }
    }
}

async fn connection(stream: TcpStream, service: Arc<Service>, quit: Arc<Notify>) {
    let is_last = AtomicBool::new(false);
    let answer = service_fn(async |request: Request<Incoming>| {
        if request.method() == Method::DELETE && request.uri().path() == "/" {
            is_last.store(true, Relaxed);
        }
        Ok::<_, Infallible>(service.answer(request).await)
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
    // Not before the answer is written.
    if is_last.into_inner() {
        quit.notify_one();
    }
}

impl Service {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let Ok(body) = Limited::new(body, LONGEST).collect().await else {
            return sentence(StatusCode::BAD_REQUEST, "the body is cut or too long");
        };
        let body = body.to_bytes();
        match (head.method.as_str(), path) {
            ("GET", "/") => {
                with(text(StatusCode::OK, CAPABILITIES), CONTENT_TYPE, "application/json")
            }
            ("POST", "/") => self.create(&body),
            ("DELETE", "/") => with(empty(), CONNECTION, "close"),
            ("POST", _) => self.command(path, &body),
            ("DELETE", _) => self.delete(path).await,
            _ if path == "/" || self.streams().contains_key(path) => {
                sentence(StatusCode::METHOD_NOT_ALLOWED, "there is no such method here")
            }
            _ => no_stream(),
        }
    }

    fn create(&self, json: &[u8]) -> Response<Full<Bytes>> {
        let source = match event_source(json) {
            Ok(source) => source,
            Err(error) => return sentence(StatusCode::BAD_REQUEST, &error),
        };
        let path = format!("/streams/{}", self.created.fetch_add(1, Relaxed) + 1);
        let restart = source.restart();
        let task = tokio::spawn(source.run());
        let created = with(text(StatusCode::CREATED, ""), LOCATION, &path);
        self.streams().insert(path, Running { task, restart });
        created
    }

    fn command(&self, path: &str, json: &[u8]) -> Response<Full<Bytes>> {
        let streams = self.streams();
        let Some(stream) = streams.get(path) else { return no_stream() };
        match serde_json::from_slice::<Command>(json) {
            Ok(command) if command.command == "restart" => {
                stream.restart.notify_one();
                empty()
            }
            Ok(command) => {
                let error = format!("there is no command {:?}", command.command);
                sentence(StatusCode::BAD_REQUEST, &error)
            }
            Err(error) => {
                sentence(StatusCode::BAD_REQUEST, &format!("the body is no command: {error}"))
            }
        }
    }

    /// Once this is answered, no callback comes any more.
    async fn delete(&self, path: &str) -> Response<Full<Bytes>> {
        let Some(stream) = self.streams().remove(path) else { return no_stream() };
        stream.task.abort();
        let _ = stream.task.await;
        empty()
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_stream() -> Response<Full<Bytes>> {
    sentence(StatusCode::NOT_FOUND, "there is no such stream")
}

fn empty() -> Response<Full<Bytes>> {
    text(StatusCode::NO_CONTENT, "")
}

fn sentence(status: StatusCode, sentence: &str) -> Response<Full<Bytes>> {
    with(text(status, &format!("{sentence}\n")), CONTENT_TYPE, "text/plain; charset=utf-8")
}

fn text(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text.to_string()));
    *response.status_mut() = status;
    response
}

fn with(
    mut response: Response<Full<Bytes>>,
    name: HeaderName,
    value: &str,
) -> Response<Full<Bytes>> {
    // Of our own making, each of them.
    let value = HeaderValue::from_str(value).expect("a header's value");
    response.headers_mut().insert(name, value);
    response
}
