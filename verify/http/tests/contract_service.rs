//! The contract service starts, reads a stream, calls back, and ends, as the public SSE contract
//! tests use it. The behaviour of an event source is tested there.

#[path = "common/client.rs"]
mod client;

use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::routing::{get, post};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

#[tokio::test]
async fn stream_is_created_read_and_deleted() {
    timeout(Duration::from_secs(30), round_trip()).await.expect("an end");
}

async fn round_trip() {
    let (sender, mut callbacks) = channel(8);
    let callback = async |State(sender): State<Sender<Value>>, body: Bytes| {
        sender.send(serde_json::from_slice(&body).expect("JSON")).await.expect("a test");
    };
    let stream = ([(CONTENT_TYPE, "text/event-stream")], ": hi\nid: 7\ndata: a\ndata: b\n\n");
    let harness = Router::new()
        .route("/stream", get(async move || stream))
        .route("/callback/{number}", post(callback))
        .with_state(sender);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let harness_url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async { axum::serve(listener, harness).await });

    let mut service = Command::new(env!("CARGO_BIN_EXE_contract_service"))
        .arg("0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the service runs");
    let stdout = service.stdout.take().expect("a pipe");
    let url = BufReader::new(stdout).lines().next_line().await.expect("text").expect("a URL");

    let client = client::client();
    let params = json!({
        "streamUrl": format!("{harness_url}/stream"),
        "callbackUrl": format!("{harness_url}/callback"),
        "tag": "test",
    });
    let created = client.post(&url).body(params.to_string()).send().await.expect("an answer");
    assert_eq!(created.status(), StatusCode::CREATED);
    let path = created.headers()[LOCATION].to_str().expect("a path").to_owned();

    let mut next = async || callbacks.recv().await.expect("a callback");
    assert_eq!(next().await, json!({"kind": "comment", "comment": "hi"}));
    let event = json!({"type": "message", "data": "a\nb", "id": "7"});
    assert_eq!(next().await, json!({"kind": "event", "event": event}));
    assert_eq!(next().await["kind"], "error", "the end of the stream");

    let delete = async |path: &str| {
        let answer = client.delete(format!("{url}{path}")).send().await;
        answer.expect("an answer").status()
    };
    assert_eq!(delete(&path).await, StatusCode::NO_CONTENT);
    assert_eq!(delete(&path).await, StatusCode::NOT_FOUND);
    assert_eq!(delete("/").await, StatusCode::NO_CONTENT);
    assert!(service.wait().await.expect("an end").success());
}
