//! The service's HTTP client, and the requests by which it calls back.

use std::error::Error;
use std::iter;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Response, Url};
use serde_json::{Value, json};
use sseam::Item;

/// Returns a client on whose connections silence for `read_timeout` is an error.
pub(crate) fn client(read_timeout: Option<Duration>) -> Result<Client, String> {
    let mut client = Client::builder()
        .no_proxy()
        // What is compressed may come when there is enough of it, not when it is sent.
        .no_gzip()
        // A connection that has had its stream is not used for the next.
        .pool_max_idle_per_host(0)
        .referer(false)
        .redirect(Policy::custom(follow));
    if let Some(silence) = read_timeout {
        client = client.read_timeout(silence);
    }
    client.build().map_err(|error| with_causes(&error))
}

/// Follows as the Fetch standard does; the client keeps method and body where that says
/// so, and drops credentials between hosts.
fn follow(attempt: Attempt) -> Action {
    // The harness wants an empty `Location`, which leads to the same URL, to be an error
    // and not a loop: the redirect is then the response.
    if attempt.previous().last() == Some(attempt.url()) {
        attempt.stop()
    } else if attempt.previous().len() > 20 {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// The error and its causes, where reqwest says what happened.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let errors = iter::successors(Some(error), |error| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns the message about an item, if the harness wants one.
pub(crate) fn item_message(item: &Item<'_>) -> Option<Value> {
    let text = sseam::Value::to_string_lossy;
    match item {
        Item::Event(event) => Some(json!({"kind": "event", "event": {
            "type": text(event.event_type()),
            "data": text(event.data()),
            "id": text(event.last_event_id()),
        }})),
        Item::Comment { text: comment, .. } => {
            Some(json!({"kind": "comment", "comment": text(*comment)}))
        }
        _ => None,
    }
}

pub(crate) fn error_message(sentence: &str) -> Value {
    json!({"kind": "error", "error": sentence})
}

/// Sends one message after the other, numbered.
pub(crate) struct Reporter {
    client: Client,
    base: String,
    number: u64,
    tag: String,
}

impl Reporter {
    pub(crate) fn new(url: &Url, tag: String) -> Result<Self, String> {
        let base = url.as_str().trim_end_matches('/').to_string();
        Ok(Self { client: client(None)?, base, number: 0, tag })
    }

    /// Sends the message and waits for the answer. A message that fails is not sent again:
    /// a harness that gets one twice is no better off.
    pub(crate) async fn report(&mut self, message: &Value) {
        self.number += 1;
        let request = self
            .client
            .post(format!("{}/{}", self.base, self.number))
            .timeout(Duration::from_secs(10))
            .header(CONTENT_TYPE, "application/json")
            .body(message.to_string());
        if let Err(error) = request.send().await.and_then(Response::error_for_status) {
            eprintln!("{}: callback {} failed: {}", self.tag, self.number, with_causes(&error));
        }
    }
}
