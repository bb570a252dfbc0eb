//! The service's HTTP client, and its callbacks.

use std::error::Error;
use std::iter;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Response, Url};
use serde_json::{Value, json};
use sseam::Item;

/// Returns a client that treats silence for `read_timeout` as an error.
pub(crate) fn client(read_timeout: Option<Duration>) -> Result<Client, String> {
    let mut client = Client::builder()
        .no_proxy()
        // A compressing server may delay events until it has enough data.
        .no_gzip()
        // A connection is not reused after its stream.
        .pool_max_idle_per_host(0)
        .referer(false)
        .redirect(Policy::custom(follow));
    if let Some(silence) = read_timeout {
        client = client.read_timeout(silence);
    }
    client.build().map_err(|error| with_causes(&error))
}

/// Follows redirects as the Fetch standard does; the client keeps method and body as required
/// there, and drops credentials between hosts.
fn follow(attempt: Attempt) -> Action {
    // The harness expects an empty `Location`, which leads to the same URL, to be an error and not
    // a loop: the redirect is then the response.
    if attempt.previous().last() == Some(attempt.url()) {
        attempt.stop()
    } else if attempt.previous().len() > 20 {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// The error and its causes: reqwest names the reason in a cause.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let errors = iter::successors(Some(error), |error| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns the message about an item, if the harness expects one.
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

/// Sends messages in order, numbered.
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

    /// Sends the message and waits for the response. A failed message is not sent again: a
    /// duplicate would not help the harness.
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
