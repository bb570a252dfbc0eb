//! Runs each example like a user, against the server of this test. `cargo test -p sseam-examples`
//! builds them first.

use std::convert::Infallible;
use std::env::current_exe;
use std::io::{BufRead, BufReader, Error};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::channel;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use sseam::encode::Block;
use tokio::net::TcpListener;
use tokio::time::sleep;

/// The server's address, as the beginning of a URL.
static SERVER: LazyLock<String> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            sender.send(format!("http://{address}")).expect("someone who waits");
            let app = Router::new()
                .route("/chat", post(async || sse(chat())))
                .route("/broken", post(async || broken(chat().into_iter().take(2))))
                .route("/h2", post(h2))
                .route("/tools", post(async || sse(calls().into_iter().chain([usage(), done()]))))
                .route("/tools_broken", post(async || broken(calls().into_iter().take(6))))
                .route("/mcp", post(async |it: Bytes| mcp(&it, sse(mcp_messages()))))
                .route(
                    "/mcp_resumed",
                    post(async |it: Bytes| mcp(&it, sse(mcp_start()))).get(mcp_resumed),
                )
                .route("/mcp_json", post(async || ([(CONTENT_TYPE, "application/json")], "{}")))
                .route("/mcp_silent", post(async || sse([])))
                .route("/events", get(events));
            axum::serve(listener, app).await
        })
    });
    receiver.recv().expect("an address")
});

fn sse(blocks: impl IntoIterator<Item = String, IntoIter: Send + 'static>) -> Response {
    let blocks = stream::iter(blocks).map(Ok::<_, Infallible>);
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(blocks)).into_response()
}

/// The same, but the connection breaks after the client has had time to read it.
fn broken(blocks: impl IntoIterator<Item = String>) -> Response {
    let blocks: String = blocks.into_iter().collect();
    let end = stream::once(async {
        sleep(Duration::from_millis(200)).await;
        Err(Error::other("broken"))
    });
    let blocks = stream::iter([Ok(blocks)]).chain(Box::pin(end));
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(blocks)).into_response()
}

fn delta(delta: &Value, finish_reason: Option<&str>) -> String {
    let choice = json!({ "delta": delta, "finish_reason": finish_reason });
    Block::data(&json!({ "choices": [choice] }).to_string()).to_string()
}

fn usage() -> String {
    let usage = json!({ "prompt_tokens": 7, "completion_tokens": 9 });
    Block::data(&json!({ "choices": [], "usage": usage }).to_string()).to_string()
}

fn done() -> String {
    Block::data("[DONE]").to_string()
}

fn chat() -> [String; 4] {
    let text = |text| delta(&json!({ "content": text }), None);
    [text("Good "), text("day 🦀"), delta(&json!({}), Some("stop")), done()]
}

/// An answer only by HTTP/2.
async fn h2(version: Version, request: Bytes) -> Response {
    if version != Version::HTTP_2 || !request.starts_with(b"{") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    sse(chat())
}

/// Two calls, whose fragments alternate; an emoji is cut in two.
fn calls() -> [String; 7] {
    let fragment = |call: Value| delta(&json!({ "tool_calls": [call] }), None);
    let begin = |index, id, name| {
        fragment(json!({ "index": index, "id": id, "function": { "name": name } }))
    };
    let piece =
        |index, piece| fragment(json!({ "index": index, "function": { "arguments": piece } }));
    [
        begin(0, "call_a", "weather"),
        piece(0, r#"{"city""#),
        begin(1, "call_b", "dance"),
        piece(1, "{}"),
        piece(0, r#": "Rome \"#),
        piece(0, r#"ud83c\udf08"}"#),
        delta(&json!({}), Some("tool_calls")),
    ]
}

/// Progress, a request by the server with the same ID, the result.
fn mcp_messages() -> [String; 4] {
    let progress = json!({ "progressToken": 1, "progress": 0.5, "message": "\"half\"" });
    let content = json!([{ "type": "text", "text": "3\n" }]);
    [
        json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": progress }),
        json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "message": {} } }),
        json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }),
        json!({ "jsonrpc": "2.0", "id": 1, "result": { "content": content } }),
    ]
    .map(|message| Block::data(&message.to_string()).to_string())
}

/// An event with only an ID, as servers send it to be resumed from.
fn mcp_start() -> [String; 1] {
    ["id: 1\nretry: 1\ndata:\n\n".to_owned()]
}

fn mcp(request: &Bytes, rest: Response) -> Response {
    let request: Value = serde_json::from_slice(request).expect("JSON");
    let arguments = json!({ "a": 1, "b": 2 });
    let is_ours = request["method"] == "tools/call" && request["params"]["arguments"] == arguments;
    if is_ours { rest } else { StatusCode::BAD_REQUEST.into_response() }
}

/// Breaks after the progress, and resumes with the rest.
async fn mcp_resumed(headers: HeaderMap) -> Response {
    let [progress, rest @ ..] = mcp_messages();
    match headers.get("last-event-id").map(HeaderValue::as_bytes) {
        Some(b"1") => broken(["id: 2\n".to_owned(), progress, "id: 3\ndata: {\"json".to_owned()]),
        Some(b"2") => sse(rest),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Breaks within an event, ends within another, and then has no more.
async fn events(headers: HeaderMap) -> Response {
    let blocks = |blocks: &[&str]| blocks.iter().map(ToString::to_string).collect::<Vec<_>>();
    match headers.get("last-event-id").map(HeaderValue::as_bytes) {
        None => broken(blocks(&["retry: 1\n\n", "id: 1\ndata: one\n\n", "id: 2\ndata: tw"])),
        Some(b"1") => sse(blocks(&["id: 2\ndata: two\n\n", "id: 3\ndata: three\n\n", "id: 4\n"])),
        Some(b"3") => StatusCode::NO_CONTENT.into_response(),
        Some(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The example as cargo has built it, next to this test.
fn example(name: &str) -> Command {
    let test = current_exe().expect("this test");
    let folder = test.ancestors().nth(2).expect("the folder of the profile");
    let mut command = Command::new(folder.join("examples").join(name));
    // The server is local, whatever proxy the environment sets.
    command.env("NO_PROXY", "127.0.0.1").stdin(Stdio::null());
    command
}

/// Runs the example. Returns its standard output, and whether it succeeded.
fn run(name: &str, path: &str) -> (String, bool) {
    let url = format!("{}{path}", *SERVER);
    let Output { status, stdout, stderr } =
        example(name).arg(url).output().unwrap_or_else(|error| panic!("example {name}: {error}"));
    eprintln!("{name}: {}", String::from_utf8_lossy(&stderr));
    (String::from_utf8(stdout).expect("text"), status.success())
}

fn ran(stdout: &str, is_success: bool) -> (String, bool) {
    (stdout.to_owned(), is_success)
}

#[test]
fn reqwest_and_ureq_print_text_and_outcome() {
    for name in ["reqwest", "ureq"] {
        assert_eq!(run(name, "/chat"), ran("Good day 🦀\ncompleted\n", true));
        assert_eq!(run(name, "/broken"), ran("Good day 🦀\ntruncated\n", false));
    }
}

#[test]
fn hyper_speaks_http_2() {
    let (stdout, is_success) = run("hyper", "/h2");
    assert!(is_success && stdout.ends_with("\n[DONE]\ncompleted\n"), "{stdout}");
    let (stdout, is_success) = run("hyper", "/broken");
    assert!(!is_success && stdout.ends_with("\ntruncated\n"), "{stdout}");
}

#[test]
fn tools_are_called_if_answer_is_complete() {
    let expected =
        "\ncall_a: weather of {\"city\":\"Rome 🌈\"}\ncall_b: dance of {}\n7 tokens in, 9 out\n";
    assert_eq!(run("openai_tools", "/tools"), ran(expected, true));
    assert_eq!(run("openai_tools", "/tools_broken"), ran("", false));
}

#[test]
fn mcp_calls_a_tool() {
    assert_eq!(run("mcp", "/mcp"), ran("0.5 \"half\"\n3\n\n", true));
    assert_eq!(run("mcp", "/mcp_resumed"), ran("0.5 \"half\"\n3\n\n", true));
    assert_eq!(run("mcp", "/mcp_json"), ran("{}\n", true));
    assert_eq!(run("mcp", "/mcp_silent"), ran("", false));
}

#[test]
fn ureq_source_resumes() {
    assert_eq!(run("ureq_source", "/events"), ran("1: one\n2: two\n3: three\n", true));
    assert_eq!(run("ureq_source", "/nowhere"), ran("", true));
}

#[test]
fn reconnect_resumes() {
    assert_eq!(run("reconnect", "/events"), ran("1: one\n2: two\n3: three\n", true));
    assert_eq!(run("reconnect", "/nowhere"), ran("", false));
}

#[test]
fn embedded_shows_the_outcome() {
    let (stdout, is_success) = run("embedded", "");
    assert!(is_success && stdout.contains("\ncompleted: "), "{stdout}");
}

/// Kills the server at the end of the test, also if it fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn axum_serves_what_reqwest_reads() {
    let mut command = example("axum");
    let server = command.args(["127.0.0.1:0", "50"]).stdout(Stdio::piped()).spawn();
    let mut server = Server(server.expect("the example axum"));
    let mut url = String::new();
    BufReader::new(server.0.stdout.take().expect("a pipe")).read_line(&mut url).expect("a URL");

    let output = example("reqwest").arg(url.trim()).output().expect("the example reqwest");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Good day,\nworld 🦀\ncompleted\n");

    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let response = client.post(url.trim()).send().await.expect("a response");
    assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
    let body = response.text().await.expect("a body");
    let comment = ": keep-alive\n";
    assert!(body.contains(&format!("\n\n{comment}")), "{body}");
    // Some clients dispatch every block as an event.
    let events = body.replace(comment, "");
    assert!(events.starts_with("retry: 3000\ndata: {"), "{body}");
    assert!(events.split_terminator("\n\n").all(|event| event.contains("data: ")), "{body}");
}
