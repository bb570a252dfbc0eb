//! Prints the data of each event of an answer, and its outcome. By hyper, over HTTP/2.
//!
//! The server is known to speak HTTP/2 without TLS ("prior knowledge"). With TLS, negotiate `h2` by
//! ALPN and pass that connection to `handshake`; the rest is the same.
//!
//! ```toml
//! http-body-util = "0.1"
//! hyper = { version = "1", features = ["client", "http2"] }
//! hyper-util = { version = "0.1", features = ["tokio"] }
//! sseam = { version = "0.1", features = ["stream"] }
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
//! ```

use std::error::Error;
use std::process::ExitCode;

use http_body_util::{BodyDataStream, Full};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Request, Uri, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use sseam::adapter::stream::AnswerStream;
use sseam::llm::Outcome;
use tokio::net::TcpStream;

const REQUEST: &str =
    r#"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Good day"}]}"#;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let url = std::env::args().nth(1);
    let url = url.as_deref().unwrap_or("http://127.0.0.1:3000/v1/chat/completions");
    let uri: Uri = url.parse()?;
    let host = uri.host().ok_or("a URL with a host is needed")?;

    let connection = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await?;
    connection.set_nodelay(true)?;
    let io = TokioIo::new(connection);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
    tokio::spawn(connection); // Its errors are also returned by the body.

    let request = Request::post(uri)
        .header(ACCEPT, "text/event-stream")
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(REQUEST)))?;
    let response = sender.send_request(request).await?;
    if !response.status().is_success() {
        return Err(response.status().to_string().into());
    }

    let mut answers = AnswerStream::new(BodyDataStream::new(response.into_body()));
    while let Some(event) = answers.next_event().await {
        if let Some(event) = event.event() {
            println!("{}", event.data());
        }
    }
    if let Some(error) = answers.error() {
        eprintln!("{error}");
    }
    let outcome = answers.outcome();
    println!("{outcome}");
    Ok(if outcome == Outcome::Completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
