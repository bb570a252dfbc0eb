//! The test service for the public SSE contract tests (launchdarkly/sse-contract-tests): the
//! harness requests a stream, an event source on sseam reads it and reports each item by a
//! callback.
//!
//! ```text
//! cargo run -p sseam-http --bin contract_service -- 8000
//! sse-contract-tests --url http://localhost:8000
//! ```
//!
//! This file is the HTTP interface; `stream` is a stream by `sseam_reqwest::EventSource`,
//! `requests` has the HTTP client and the callbacks. Comments mark where the harness expects other
//! behaviour than the standard.

mod requests;
mod stream;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

use stream::Stream;

/// A test service for the SSE contract tests: an event source on sseam
#[derive(Parser)]
struct Args {
    /// The port on 127.0.0.1; with 0 a free one. The first line on standard output is the
    /// service's URL
    #[arg(default_value_t = 8000)]
    port: u16,
}

/// In the harness's terms.
const CAPABILITIES: &str = r#"{"capabilities":["comments","headers","post","report","read-timeout","last-event-id","restart","bom","server-directed-shutdown-request"]}"#;

#[derive(Default)]
struct Service {
    /// By number; `None` if deleted.
    streams: Mutex<Vec<Option<Running>>>,
    quit: Notify,
}

struct Running {
    task: JoinHandle<()>,
    restart: Arc<Notify>,
}

/// Single-threaded: an aborted task does not continue on another thread.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    // An error means that a provider is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind(("127.0.0.1", args.port)).await?;
    println!("http://{}", listener.local_addr()?);
    let service = Arc::new(Service::default());
    let app = Router::new()
        .route(
            "/",
            get(async || ([(CONTENT_TYPE, "application/json")], CAPABILITIES))
                .post(create)
                .delete(quit),
        )
        .route("/streams/{number}", post(command).delete(delete))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&service));
    let stopped = async move {
        tokio::select! {
            () = service.quit.notified() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    Ok(axum::serve(listener, app).with_graceful_shutdown(stopped).await?)
}

async fn create(State(service): State<Arc<Service>>, json: Bytes) -> Response {
    let stream = match Stream::from_json(&json) {
        Ok(stream) => stream,
        Err(error) => return (StatusCode::BAD_REQUEST, error).into_response(),
    };
    let restart = Arc::clone(&stream.restart);
    let running = Running { restart, task: tokio::spawn(stream.run()) };
    let mut streams = service.streams.lock().await;
    let number = streams.len();
    streams.push(Some(running));
    (StatusCode::CREATED, [(LOCATION, format!("/streams/{number}"))]).into_response()
}

async fn command(
    State(service): State<Arc<Service>>,
    Path(number): Path<usize>,
    json: Bytes,
) -> Response {
    #[derive(Deserialize)]
    #[serde(tag = "command", rename_all = "lowercase")]
    enum Command {
        Restart,
    }

    let streams = service.streams.lock().await;
    let Some(Some(stream)) = streams.get(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Err(error) = serde_json::from_slice::<Command>(&json) {
        return (StatusCode::BAD_REQUEST, error.to_string()).into_response();
    }
    stream.restart.notify_one();
    StatusCode::NO_CONTENT.into_response()
}

/// Responds when the task has ended: no callback follows.
async fn delete(State(service): State<Arc<Service>>, Path(number): Path<usize>) -> StatusCode {
    let stream = service.streams.lock().await.get_mut(number).and_then(Option::take);
    let Some(stream) = stream else { return StatusCode::NOT_FOUND };
    stream.task.abort();
    let _ = stream.task.await;
    StatusCode::NO_CONTENT
}

/// The server stops after this response, since it finishes its connections first.
async fn quit(State(service): State<Arc<Service>>) -> StatusCode {
    service.quit.notify_one();
    StatusCode::NO_CONTENT
}
