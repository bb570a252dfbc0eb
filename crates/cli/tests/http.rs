//! Streams by their URL, `chat` and `proxy`, each against a scripted server.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use common::{Ran, finish};

const KEY: &str = "sk-very-secret-0123456789";
/// The first frame of HTTP/2.
const HTTP2: &str = "\0\0\u{6}\u{4}\0\0\0\0\0\0\u{3}\0\0\0d";
const BROKEN: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Good d\"}}]}\n\n";
const WHOLE: &str = concat!(
    "data: {\"choices\":[{\"delta\":{\"content\":\"Good d\"}}]}\n\n",
    ": keep-alive\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"ay\"},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}\n\n",
    "data: [DONE]\n\n",
);

/// A response whose body lacks its last `missing` bytes.
fn reply(status: &str, media_type: &str, body: &str, missing: usize) -> String {
    let len = body.len() + missing;
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

fn stream(body: &str, missing: usize) -> String {
    reply("200 OK", "text/event-stream; charset=utf-8", body, missing)
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Reads a whole request.
fn request(from: &mut TcpStream) -> String {
    let mut from = BufReader::new(from);
    let (mut head, mut len) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") && from.read_line(&mut head).expect("a head") > 0 {
        let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        len =
            line.strip_prefix("content-length: ").map_or(len, |len| len.parse().expect("a length"));
    }
    let mut body = vec![0; len];
    from.read_exact(&mut body).expect("a body");
    head + &String::from_utf8(body).expect("UTF-8")
}

/// Serves each connection one of these, and sends the requests.
fn server(replies: Vec<String>) -> (SocketAddr, Receiver<String>) {
    let (listener, address) = listener();
    let (sender, requests) = channel();
    thread::spawn(move || {
        for reply in replies {
            let (mut connection, _) = listener.accept().expect("a connection");
            sender.send(request(&mut connection)).expect("a test");
            connection.write_all(reply.as_bytes()).expect("a client");
        }
    });
    (address, requests)
}

/// Runs `chat` against these responses. Returns the result and the requests.
fn chat(path: &str, args: &str, replies: Vec<String>) -> (Ran, Vec<String>) {
    let (address, requests) = server(replies);
    let mut command = common::command(&format!("chat --url http://{address}{path} {args} Hello"));
    command.env_clear().env("OPENAI_API_KEY", KEY).env("OPENAI_MODEL", "model-1");
    (finish(&mut command, b""), requests.try_iter().collect())
}

/// Follows a URL with these responses.
fn follow(command: &str, args: &[&str], replies: Vec<String>) -> (Ran, Vec<String>) {
    let (address, requests) = server(replies);
    let mut command = common::command(&format!("{command} http://{address}/events"));
    command.args(args).env_clear();
    (finish(&mut command, b""), requests.try_iter().collect())
}

#[test]
fn inspect_follows_url_until_refused() {
    let replies = [
        reply("503 Busy", "text/plain", "", 0),
        stream("retry: 1\nid: 7\ndata: one\n\ndata: ha", 9),
        stream("data: two\n\n", 0),
        reply("204 No Content", "text/plain", "", 0),
    ];
    let (ran, requests) = follow("inspect --json", &[], replies[1..].to_vec());
    let events = "{\"event\":\"message\",\"data\":\"one\",\"id\":\"7\"}\n\
                  {\"event\":\"message\",\"data\":\"two\",\"id\":\"7\"}\n\
                  {\"end\":{\"last_event_id\":\"7\",\"retry\":1,\"discarded\":false}}\n";
    assert_eq!((&*String::from_utf8_lossy(&ran.out), ran.status), (events, 0), "{}", ran.err);
    assert!(ran.err.contains("sseam: the connection broke off: "), "{}", ran.err);
    assert!(ran.err.contains("sseam: reconnecting in 0.0 s\n"), "{}", ran.err);
    let ids = requests.iter().map(|request| request.contains("last-event-id: 7\r\n"));
    assert_eq!(ids.collect::<Vec<_>>(), [false, true, true]);
    assert!(requests[0].contains("accept: text/event-stream\r\n"), "{}", requests[0]);

    // By the standard any other status is final.
    let (ran, requests) = follow("inspect", &[], replies[..1].to_vec());
    assert_eq!((ran.status, requests.len()), (2, 1));
    assert!(ran.err.contains("the server answered 503 Service Unavailable"), "{}", ran.err);
}

#[test]
fn inspect_stops_after_final_event() {
    let reason = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    for body in [WHOLE, reason] {
        let (ran, requests) = follow("inspect --json --dialect auto", &[], vec![stream(body, 0)]);
        assert_eq!((ran.status, requests.len()), (0, 1), "{}", ran.err);
    }
    // A POST may be paid for, whatever the result.
    let (ran, requests) =
        follow("inspect --json", &["-d", "a=1", "-d", "b=2"], vec![stream(WHOLE, 0)]);
    assert_eq!((ran.status, requests.len()), (0, 1), "{}", ran.err);
    assert!(requests[0].ends_with("\r\n\r\na=1&b=2"), "{}", requests[0]);
    assert!(requests[0].contains("content-type: application/x-www-form-urlencoded\r\n"));
}

#[test]
fn inspect_resumes_and_prints_summary() {
    let replies = vec![
        stream("retry: 1\ndata: one\n\ndata: pending", 0),
        reply("502 Bad", "text/plain", "", 0),
    ];
    let (ran, requests) = follow("inspect --json --flush --last-event-id 41", &[], replies);
    let out = "{\"event\":\"message\",\"data\":\"one\",\"id\":\"41\"}\n\
               {\"event\":\"message\",\"data\":\"pending\",\"id\":\"41\"}\n\
               {\"end\":{\"last_event_id\":\"41\",\"retry\":1,\"discarded\":false}}\n";
    assert_eq!((&*String::from_utf8_lossy(&ran.out), ran.status), (out, 0), "{}", ran.err);
    assert!(requests.iter().all(|request| request.contains("last-event-id: 41\r\n")));
    assert!(ran.err.contains("sseam: the server answered 502 Bad Gateway\n"), "{}", ran.err);
}

#[test]
fn headers_and_data_require_url() {
    let mut command = common::command("inspect --sample");
    let ran = finish(command.args(["-H", "a: b"]), b"");
    assert_eq!((&*ran.err, ran.status), ("sseam: -H and -d require a URL\n", 2));
}

#[test]
fn answer_sends_headers_and_data() {
    let args = ["-H", "Authorization: Bearer x", "-H", "content-type: application/json"];
    let args = [&args[..], &["-d", "{\"stream\":true}"]].concat();
    let replies = vec![reply("503 Busy", "text/plain", "", 0), stream(WHOLE, 0)];
    let (ran, requests) = follow("answer", &args, replies);
    assert_eq!((&*ran.out, ran.status), (&b"Good day"[..], 0), "{}", ran.err);
    assert!(requests[1].starts_with("POST /events HTTP/1.1\r\n"), "{}", requests[1]);
    assert!(requests[1].contains("authorization: Bearer x\r\n"), "{}", requests[1]);
    assert_eq!(requests[1].matches("content-type: ").count(), 1, "{}", requests[1]);
    assert!(requests[1].contains("content-type: application/json\r\n"), "{}", requests[1]);
    assert!(requests[1].ends_with("\r\n\r\n{\"stream\":true}"), "{}", requests[1]);

    // It has opened: it is not paid for again.
    for missing in [0, 9] {
        let (ran, requests) = follow("answer", &[], vec![stream(BROKEN, missing)]);
        assert_eq!((&*ran.out, ran.status, requests.len()), (&b"Good d"[..], 5, 1), "{}", ran.err);
    }
}

#[test]
fn answer_prints_refusal() {
    let body = r#"{"error":{"message":"No such key"}}"#;
    let reply = reply("401 Unauthorized", "application/json", body, 0);
    let (ran, _) = follow("answer", &[], vec![reply]);
    assert_eq!((&*ran.out, ran.status), (&b""[..], 4), "{}", ran.err);
    assert!(ran.err.contains("sseam: the server answered 401 Unauthorized\n"), "{}", ran.err);
    assert!(ran.err.contains("No such key"), "{}", ran.err);

    for reply in [self::reply("400 Bad", "text/plain", "", 0), self::reply("204 No", "a/b", "", 0)]
    {
        let (ran, _) = follow("answer", &[], vec![reply]);
        assert_eq!((&*ran.out, ran.status), (&b""[..], 6), "{}", ran.err);
    }
}

#[test]
fn chat_prints_answer_and_outcome() {
    let (ran, requests) = chat("/v1", "", vec![stream(WHOLE, 0)]);
    assert_eq!(String::from_utf8_lossy(&ran.out), "Good day");
    let lines = "sseam: 11 tokens in, 7 out\nsseam: completed: this is the whole answer\n";
    assert_eq!((&*ran.err, ran.status), (lines, 0));
    assert!(requests[0].starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", requests[0]);
    assert!(requests[0].contains(&format!("authorization: Bearer {KEY}\r\n")), "{}", requests[0]);
    let body = requests[0].split_once("\r\n\r\n").expect("a body").1;
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&body["model"], &body["stream"]), (&"model-1".into(), &true.into()));
    assert_eq!(body["messages"][0]["content"], "Hello");
}

#[test]
fn chat_retries_lost_answer() {
    for broken in [stream(BROKEN, 0), stream(BROKEN, 9), reply("503 Busy", "text/plain", "", 0)] {
        let replies = vec![broken, stream(WHOLE, 0)];
        let (ran, requests) = chat("/v1", "--retries 1 --backoff 0.01", replies);
        let came = (&*ran.out, ran.status, requests.len());
        assert_eq!(came, (&b"Good day"[..], 0, 2), "{}", ran.err);
        assert!(ran.err.contains("sseam: retry 1 of 1 in 0.0 s\n"), "{}", ran.err);
    }
    let (ran, _) = chat("/v1", "", vec![stream(BROKEN, 9)]);
    assert_eq!((&*ran.out, ran.status), (&b"Good d"[..], 5));
    assert!(ran.err.contains("\nsseam: truncated: the stream stopped"), "{}", ran.err);
}

#[test]
fn chat_prints_refusal_without_key() {
    let json = format!(r#"{{"error":{{"message":"Bad key {KEY}","code":"no"}}}}"#);
    let html = "<html><TITLE lang=en>\n Sign in </TITLE>";
    for (reply, message) in [
        (
            reply("401 Unauthorized", "application/json", &json, 0),
            "the server answered 401 Unauthorized: Bad key (key) (no); the key was taken from \
             OPENAI_API_KEY",
        ),
        (
            reply("200 OK", "text/html", html, 0),
            "the server answered 200 OK, text/html instead of an event stream: Sign in",
        ),
    ] {
        // The provider has answered: a retry would give the same.
        let (ran, _) = chat("/v1", "--retries 3", vec![reply]);
        assert_eq!(ran.err, format!("sseam: no answer: {message}\n"));
        assert_eq!((&*ran.out, ran.status), (&b""[..], 2));
    }
    let (ran, _) = chat("/v1", "", vec![HTTP2.to_string()]);
    assert!(ran.err.contains("the server seems to speak only HTTP/2"), "{}", ran.err);
}

/// The error's text, in the forms of several providers.
#[test]
fn chat_prints_error_in_any_form() {
    for (body, message) in [
        (r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, ": field required"),
        (
            r#"[{"error":{"message":"Bad","status":"INVALID_ARGUMENT"}}]"#,
            ": Bad (INVALID_ARGUMENT)",
        ),
        (r#"{"type":"error","error":{"type":"api_error","message":"Oh"}}"#, ": Oh (api_error)"),
        (r#"{"message":"Gone","code":7}"#, ": Gone (7)"),
        ("{\n \"a\": 1\n}", ""),
        ("Out of order\n", ": Out of order"),
    ] {
        let (ran, _) = chat("/v1", "", vec![reply("400 Bad", "text/plain", body, 0)]);
        let message = format!("sseam: no answer: the server answered 400 Bad Request{message}\n");
        assert_eq!((&*ran.err, ran.status), (&*message, 2));
    }
}

/// Some servers never stream.
#[test]
fn chat_accepts_answer_in_one_piece() {
    let usage = r#""usage":{"input_tokens":11,"output_tokens":7}"#;
    let message = r#"{"type":"message","content":[{"type":"output_text","text":"Good day"}]}"#;
    let text = r#"{"type":"text","text":"Good day"}"#;
    let tool = r#"{"type":"tool_use","id":"a","name":"f","input":{"a":1}}"#;
    let whole = "sseam: completed: this is the whole answer\n";
    let tokens = "sseam: 11 tokens in, 7 out\n";
    for (path, body, text, lines, status) in [
        (
            "chat/completions",
            r#"{"choices":[{"message":{"content":"Good day"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":11,"completion_tokens":7}}"#
                .to_string(),
            "Good day",
            format!("{tokens}{whole}"),
            0,
        ),
        (
            "chat/completions",
            r#"{"choices":[{"message":{"content":"Good"},"finish_reason":"length"}]}"#.to_string(),
            "Good",
            "sseam: incomplete: the provider cut the answer short: length\n".to_string(),
            3,
        ),
        (
            "responses",
            format!(
                r#"{{"object":"response","status":"completed","error":null,"output":[{message}],{usage}}}"#
            ),
            "Good day",
            format!("{tokens}{whole}"),
            0,
        ),
        (
            "messages",
            format!(
                r#"{{"type":"message","content":[{text},{tool}],"stop_reason":"tool_use",{usage}}}"#
            ),
            "Good day",
            format!("sseam: calls f({{\"a\":1}})\n{tokens}{whole}"),
            0,
        ),
        (
            "messages",
            r#"{"type":"error","error":{"type":"api_error","message":"Oh"}}"#.to_string(),
            "",
            "sseam: failed: the provider sent an error: Oh (api_error)\n".to_string(),
            4,
        ),
        (
            "responses",
            "{}".to_string(),
            "",
            "sseam: unknown: nothing in the stream says how the answer ended\n".to_string(),
            6,
        ),
    ] {
        let reply = reply("200 OK", "application/json", &body, 0);
        let (ran, _) = chat(&format!("/v1/{path}"), "", vec![reply]);
        let lines = format!("sseam: the server does not stream: this is the whole answer\n{lines}");
        assert_eq!((&*String::from_utf8_lossy(&ran.out), &*ran.err), (text, &*lines), "{body}");
        assert_eq!(ran.status, status, "{body}");
    }
}

/// The text of a restarting provider is held as long as it may become void.
#[test]
fn chat_reports_void_text() {
    let body = include_str!("streams/messages.restart.sse");
    let reply = || vec![stream(body, 0)];
    let (ran, _) = chat("/v1/messages", "", reply());
    let void = "sseam: the provider restarted: the text above is void\n";
    assert_eq!((&*ran.out, ran.status), (&b"Wrong way.Right."[..], 0));
    assert!(
        ran.err.starts_with(void) && ran.err.contains("sseam: calls right({})\n"),
        "{}",
        ran.err
    );
    let (ran, _) = chat("/v1/messages", "--retries 1", reply());
    assert_eq!((&*ran.out, ran.status), (&b"Right."[..], 0));
    assert!(!ran.err.contains("void"), "{}", ran.err);
}

#[test]
fn chat_works_offline() {
    let args = "chat --offline --speed 20 --breaks 1 --retries 1 --backoff 0";
    let mut texts = Vec::new();
    for api in ["chat", "messages", "responses"] {
        let ran = finish(common::command(&format!("{args} --api {api}")).env_clear(), b"");
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert!(ran.err.contains("retry 1 of 1 in 0.0 s\n"), "{}", ran.err);
        texts.push(String::from_utf8(ran.out).expect("UTF-8"));
    }
    assert!(texts.iter().all(|text| text.starts_with("The Danube,")), "{texts:?}");
}

/// A running proxy, killed at the end.
struct Proxy {
    child: Child,
    address: String,
    lines: BufReader<ChildStderr>,
}

impl Proxy {
    fn to(upstream: SocketAddr) -> Self {
        let args = format!("proxy --listen 127.0.0.1:0 --upstream http://{upstream}");
        let mut child = common::command(&args).spawn().expect("sseam");
        let lines = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut proxy = Self { child, address: String::new(), lines };
        let line = proxy.line();
        let address = line.strip_prefix("sseam: http://").and_then(|line| line.split(' ').next());
        proxy.address = address.expect("an address").to_string();
        proxy
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        line
    }

    fn ask(&self) -> TcpStream {
        let mut client = TcpStream::connect(&self.address).expect("a proxy");
        client.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        client.write_all(b"GET /v1?key=1 HTTP/1.1\r\nHost: x\r\n\r\n").expect("a proxy");
        client
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A proxy, its client, and the upstream's connection, both after the head.
fn connected(len: usize) -> (Proxy, TcpStream, TcpStream) {
    let (listener, address) = listener();
    let proxy = Proxy::to(address);
    let mut client = proxy.ask();
    let (mut upstream, _) = listener.accept().expect("the proxy");
    assert!(request(&mut upstream).starts_with("GET /v1?key=1 HTTP/1.1\r\n"));
    upstream.write_all(stream("", len).as_bytes()).expect("the proxy");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    (proxy, client, upstream)
}

/// Each byte is sent only when the client has received the previous one.
#[test]
fn proxy_forwards_byte_by_byte() {
    // The last event exists only by the flush: it ends the stream, but does not count.
    let sent = format!("{BROKEN}data: [DONE]");
    let (mut proxy, mut client, mut upstream) = connected(sent.len());
    for &byte in sent.as_bytes() {
        upstream.write_all(&[byte]).expect("the proxy");
        let mut seen = [0];
        client.read_exact(&mut seen).expect("the proxy");
        assert_eq!(seen, [byte]);
    }
    let line = proxy.line();
    let len = sent.len();
    let message = format!(
        "method=GET path=/v1 status=200 dialect=chat events=1 bytes={len} outcome=completed \
         end=whole first_ms="
    );
    assert!(line.starts_with(&message), "{line}");
    assert!(line.ends_with(" reason=- input_tokens=- output_tokens=-\n"), "{line}");
}

#[test]
fn proxy_reports_reason_and_usage() {
    // A provider's own word may contain anything.
    for (reason, message) in [("stop", "stop"), ("so \\n\\\"x", r#""so \n\"x""#)] {
        let sent = WHOLE.replace("\"stop\"", &format!("\"{reason}\""));
        let (mut proxy, mut client, mut upstream) = connected(sent.len());
        upstream.write_all(sent.as_bytes()).expect("the proxy");
        client.read_exact(&mut vec![0; sent.len()]).expect("the proxy");
        let line = proxy.line();
        let end = format!(" reason={message} input_tokens=11 output_tokens=7\n");
        assert!(line.ends_with(&end), "{line}");
    }
}

/// A block without data may be truncated.
#[test]
fn proxy_ignores_truncated_terminal() {
    for (end, outcome) in [("event: error", "truncated"), ("event: error\ndata:\n\n", "failed")] {
        let sent = format!("{BROKEN}{end}");
        let (mut proxy, mut client, mut upstream) = connected(sent.len());
        upstream.write_all(sent.as_bytes()).expect("the proxy");
        client.read_exact(&mut vec![0; sent.len()]).expect("the proxy");
        let line = proxy.line();
        assert!(line.contains(&format!(" outcome={outcome} end=whole ")), "{line}");
    }
}

#[test]
fn proxy_reports_broken_upstream() {
    let (mut proxy, mut client, mut upstream) = connected(9999);
    let sent = BROKEN.repeat(1000);
    upstream.write_all(&sent.as_bytes()[..9000]).expect("the proxy");
    drop(upstream);
    let mut seen = Vec::new();
    let _ = client.read_to_end(&mut seen);
    assert_eq!(seen, &sent.as_bytes()[..9000]);
    assert!(proxy.line().contains(" bytes=9000 outcome=truncated end=broken "));
}

#[test]
fn proxy_reports_dropped_client() {
    let (mut proxy, mut client, mut upstream) = connected(9999);
    upstream.write_all(BROKEN.as_bytes()).expect("the proxy");
    client.read_exact(&mut vec![0; BROKEN.len()]).expect("the proxy");
    drop(client);
    let message = format!(" events=1 bytes={} outcome=truncated end=dropped ", BROKEN.len());
    assert!(proxy.line().contains(&message));
    assert!(!matches!(upstream.read(&mut [0]), Ok(1..)));
}

#[test]
fn proxy_reports_http_2_upstream() {
    let (address, _requests) = server(vec![HTTP2.to_string()]);
    let mut proxy = Proxy::to(address);
    let mut answer = [0; 12];
    proxy.ask().read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 502");
    let line = proxy.line();
    assert!(line.starts_with("method=GET path=/v1 error=\""), "{line}");
    assert!(line.contains("the server seems to speak only HTTP/2"), "{line}");
}
