//! All that is around one service: what serves streams to it, and what it
//! calls back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::callbacks::Callbacks;
use crate::server::{Asked, Server, Stream};
use crate::service::Service;

/// Longer than anything here takes: what waits for this long hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// How long is watched that something does not happen. Where it does, a
/// machine under load may miss it, but no test fails for want of time.
const WATCH: Duration = Duration::from_millis(300);

/// The future's output, or the test fails.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    timeout(LIMIT, future).await.expect("an answer in time")
}

/// Whether the future has no output for a while.
pub(crate) async fn is_quiet<F: Future>(future: F) -> bool {
    timeout(WATCH, future).await.is_err()
}

/// A service, and the server that has the streams for it.
pub(crate) struct Harness {
    pub(crate) service: Service,
    pub(crate) server: Server,
}

/// An event source in the service.
pub(crate) struct Source {
    /// The path of its `Location`.
    pub(crate) location: String,
    pub(crate) callbacks: Callbacks,
}

impl Harness {
    pub(crate) async fn start() -> Self {
        Self { service: Service::start().await, server: Server::start().await }
    }

    /// Opens an event source for the server's stream. It reconnects at once,
    /// where `params` does not say otherwise.
    pub(crate) async fn open(&self, params: Value) -> Source {
        self.open_with(Callbacks::start().await, params).await
    }

    /// As `open`, with other callbacks than the usual.
    pub(crate) async fn open_with(&self, callbacks: Callbacks, params: Value) -> Source {
        let mut all = json!({
            "streamUrl": self.server.url("/stream"),
            "callbackUrl": callbacks.url,
            "tag": "contract",
            "initialDelayMs": 0,
        });
        let Value::Object(params) = params else { panic!("no object: {params}") };
        all.as_object_mut().expect("an object").extend(params);
        let answer = self.service.send("POST", "/", &all.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        Source { location: answer.location.expect("a Location"), callbacks }
    }

    /// The next request for a stream.
    pub(crate) async fn asked(&mut self) -> Asked {
        within(self.server.asked()).await
    }

    /// The next request for a stream, answered with one.
    pub(crate) async fn connected(&mut self) -> Stream {
        self.asked().await.stream()
    }

    /// Opens an event source, and its stream.
    pub(crate) async fn stream(&mut self, params: Value) -> (Source, Stream) {
        let source = self.open(params).await;
        (source, self.connected().await)
    }

    /// A stream of these chunks has to be told as these messages, and nothing
    /// else before its end.
    pub(crate) async fn check(&mut self, chunks: &[&[u8]], expected: &[Value]) {
        // It does not reconnect before it is deleted.
        let (mut source, mut stream) = self.stream(json!({"initialDelayMs": 60_000})).await;
        for chunk in chunks {
            stream.send(chunk).await;
        }
        let stands_for: Vec<_> = chunks.iter().map(|chunk| chunk.escape_ascii()).collect();
        for message in expected {
            assert_eq!(source.told().await, *message, "{stands_for:?}");
        }
        stream.end();
        source.told_error().await;
        self.delete(&source).await;
    }

    pub(crate) async fn restart(&self, source: &Source) {
        let answer = self.service.send("POST", &source.location, r#"{"command":"restart"}"#).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }

    pub(crate) async fn delete(&self, source: &Source) {
        let answer = self.service.send("DELETE", &source.location, "").await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }
}

impl Source {
    /// The next message, whose number has to be the next one, too.
    pub(crate) async fn told(&mut self) -> Value {
        within(self.callbacks.next()).await
    }

    /// The next message, which has to be an error; its text.
    pub(crate) async fn told_error(&mut self) -> String {
        let message = self.told().await;
        assert_eq!(message["kind"], "error", "{message}");
        message["error"].as_str().expect("a text").to_string()
    }
}

/// The message about an event.
pub(crate) fn event(event_type: &str, data: &str, id: &str) -> Value {
    json!({"kind": "event", "event": {"type": event_type, "data": data, "id": id}})
}

/// The message about an event of no particular type.
pub(crate) fn message(data: &str) -> Value {
    event("message", data, "")
}

pub(crate) fn comment(text: &str) -> Value {
    json!({"kind": "comment", "comment": text})
}
