//! What is said where there is no answer.

use std::net::TcpListener;

use crate::setup::{Reply, Server, ask, run, run_with};

#[test]
fn what_a_server_says_of_an_error_is_found_in_every_shape() {
    let cases = [
        (
            r#"{"error":{"message":"No such model","type":"invalid_request_error","code":null}}"#,
            "No such model (invalid_request_error)",
        ),
        (r#"{"error":{"message":"No such model","code":400}}"#, "No such model (400)"),
        (r#"{"error":"No such model"}"#, "No such model"),
        (
            r#"{"object":"error","message":"No such model","type":"BadRequest"}"#,
            "No such model (BadRequest)",
        ),
        (r#"{"detail":"No such model"}"#, "No such model"),
        (r#"{"detail":[{"loc":["body"],"msg":"No such model"}]}"#, "No such model"),
        (r#"{"errors":[{"message":"No such model"}]}"#, "No such model"),
        (
            r#"[{"error":{"message":"No such model","status":"INVALID_ARGUMENT"}}]"#,
            "No such model (INVALID_ARGUMENT)",
        ),
    ];
    for (json, says) in cases {
        let (ran, _) = ask("/v1", Reply::json(400, json), &[]);
        let line = format!("chat: no answer: the server answered 400 Bad Request: {says}\n");
        assert_eq!(ran.err, line, "{json}");
        assert_eq!((ran.out.as_str(), ran.status), ("", 2));
    }
}

#[test]
fn of_a_page_the_title_is_said_and_of_a_text_the_first_line() {
    let page = "<!DOCTYPE html>\n<html><head><TITLE lang=en>\n Bad\n gateway </TITLE></head>\
                <body>a lot</body></html>";
    let cases = [
        ("text/html", page, "502 Bad Gateway: Bad  gateway\n"),
        ("text/html", "<html><body>a lot</body></html>", "502 Bad Gateway\n"),
        ("text/plain", "\nupstream is away\nmore", "502 Bad Gateway: upstream is away\n"),
        ("text/plain", "", "502 Bad Gateway\n"),
        ("application/json", "{}", "502 Bad Gateway\n"),
    ];
    for (media_type, body, says) in cases {
        let (ran, _) = ask("/v1", Reply::new(502, media_type, body), &[]);
        assert_eq!(ran.err, format!("chat: no answer: the server answered {says}"));
        assert_eq!(ran.status, 2);
    }
}

#[test]
fn what_is_no_event_stream_is_called_what_it_is() {
    let page = "<title>Sign in</title>";
    let (ran, _) = ask("/v1", Reply::new(200, "text/html; charset=utf-8", page), &[]);
    assert_eq!(
        ran.err,
        "chat: no answer: the server answered 200 OK, text/html and no event stream: Sign in\n"
    );
    assert_eq!(ran.status, 2);
}

#[test]
fn of_a_key_that_is_refused_the_variable_is_named() {
    let refused = || Reply::json(401, r#"{"error":{"message":"Bad key"}}"#);
    let (ran, _) = ask("/v1", refused(), &[]);
    ran.says("401 Unauthorized: Bad key; the key is the one that OPENAI_API_KEY holds");
    let (ran, asked) = ask("/v1", refused(), &["--key-env", "OTHER_KEY"]);
    ran.says("401 Unauthorized: Bad key; no key was sent: OTHER_KEY is not set");
    assert!(!asked.head.headers.contains_key("authorization"));
}

#[test]
fn a_url_that_is_wrong_is_told_with_what_may_help() {
    let (ran, asked) = ask("/?key=1", Reply::new(404, "text/plain", "Not here"), &[]);
    let url = format!("http://{}/chat/completions", asked.head.headers["host"].to_str().unwrap());
    ran.says(&format!("404 Not Found: Not here; {url} was asked: is it right? A base mostly"));
    assert!(!ran.err.contains("key="));

    let elsewhere = "https://elsewhere.example/v1?key=1";
    let (ran, _) = ask("/v1", Reply::new(301, "text/html", "").with("location", elsewhere), &[]);
    ran.says("301 Moved Permanently; it is elsewhere, at https://elsewhere.example/v1: ask there");
    assert!(!ran.err.contains("key="));
    assert_eq!(ran.status, 2);
}

#[test]
fn a_server_that_is_busy_says_when_to_come_back() {
    let reply =
        Reply::json(429, r#"{"error":{"message":"Too fast","code":"rate_limit_exceeded"}}"#)
            .with("retry-after", "7");
    let (ran, _) = ask("/v1", reply, &[]);
    ran.says("429 Too Many Requests: Too fast (rate_limit_exceeded); it asks to wait 7 s");
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let silent = run(&["--url", &url, "--stall", "0.1"]);
    assert_eq!(silent.err, "chat: no answer: the server said nothing for 100ms\n");
    assert_eq!(silent.status, 2);

    drop(listener);
    let refused = run(&["--url", &url]);
    let host = url.trim_end_matches("/v1");
    refused.says(&format!("chat: no answer: cannot reach {host}: "));
    assert_eq!(refused.status, 2);

    // A name that no resolver may know.
    let unknown = run(&["--url", "http://chat.invalid/v1", "--stall", "5"]);
    unknown.says("chat: no answer: ");
    assert_eq!(unknown.status, 2);
}

/// There is TLS, and a server that has none is told apart. (A machine without
/// certificates is another reason.)
#[test]
fn a_server_without_tls_is_no_https() {
    let server = Server::start([]);
    let url = format!("https://{}/v1", server.address);
    let ran = run_with(&[("OPENAI_BASE_URL", &url), ("OPENAI_MODEL", "m")], &[]);
    ran.says("chat: no answer: ");
    assert_eq!((ran.out.as_str(), ran.status), ("", 2));
}
