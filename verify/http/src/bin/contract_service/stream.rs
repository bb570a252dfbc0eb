//! The requested stream: an event source that reports what it yields.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;
use sseam::Parser;
use sseam::source::{Closed, Policy};
use sseam_reqwest::{Error, EventSource, Item};
use tokio::sync::Notify;

use crate::requests::{Reporter, client, error_message, item_message, with_causes};

/// The body of `POST /`. Unknown members of later harnesses are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    stream_url: String,
    callback_url: String,
    #[serde(default)]
    tag: String,
    initial_delay_ms: Option<u64>,
    last_event_id: Option<String>,
    headers: Option<HashMap<String, String>>,
    method: Option<String>,
    body: Option<String>,
    read_timeout_ms: Option<NonZeroU64>,
}

pub(crate) struct Stream {
    source: EventSource,
    reporter: Reporter,
    /// Reconnects when notified: at once, in any state, also after a final failure, and without a
    /// message.
    pub(crate) restart: Arc<Notify>,
}

impl Stream {
    /// Returns the stream that `json` describes; an error is a sentence.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, String> {
        let params: Params =
            serde_json::from_slice(json).map_err(|error| format!("invalid body: {error}"))?;
        let mut parser = Parser::new().with_notify(sseam::Notify::COMMENTS);
        if let Some(id) = &params.last_event_id {
            let set = parser.set_last_event_id(id.as_bytes());
            set.map_err(|error| format!("lastEventId: {error}"))?;
        }
        let mut headers = HeaderMap::new();
        if params.body.is_some() {
            // As for any text, if the harness sets no other.
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
        }
        let own = HeaderMap::try_from(&params.headers.unwrap_or_default());
        let own: HeaderMap = own.map_err(|error| format!("headers: {error}"))?;
        if own.contains_key(CONTENT_LENGTH) || own.contains_key(TRANSFER_ENCODING) {
            return Err("the client sets the length of the body".to_string());
        }
        headers.extend(own);
        let url = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| url.scheme() == "http");
            url.ok_or_else(|| format!("{text:?} is not an http URL"))
        };
        let method = params.method.as_deref().unwrap_or("GET");
        let method: Method = method.parse().map_err(|_| format!("{method:?} is not a method"))?;
        let read_timeout = params.read_timeout_ms.map(|ms| Duration::from_millis(ms.get()));
        let request = client(read_timeout)?.request(method, url(&params.stream_url)?);
        let request = request.headers(headers);
        let request = match params.body {
            Some(body) => request.body(body),
            None => request,
        };

        // By the standard any status but 200 is final; the harness expects clients to retry failing
        // servers, as earlier drafts of the standard did, with waits that do not grow.
        let mut policy = Policy::event_source()
            .with_transient(|status| status >= 500)
            .with_max_backoff(Duration::ZERO);
        if let Some(delay) = params.initial_delay_ms {
            policy = policy.with_reconnection_time(Duration::from_millis(delay));
        }
        let source = EventSource::new(request).map_err(|error| error.to_string())?;
        Ok(Self {
            source: source.with_parser(parser).with_policy(policy),
            reporter: Reporter::new(&url(&params.callback_url)?, params.tag)?,
            restart: Arc::default(),
        })
    }

    /// Runs until it is aborted.
    pub(crate) async fn run(mut self) {
        loop {
            let message = tokio::select! {
                biased;
                () = self.restart.notified() => {
                    self.source.reconnect();
                    None
                }
                message = next_message(&mut self.source) => message,
            };
            // Outside of the `select!`, so that a restart does not cancel an unfinished message.
            if let Some(message) = message {
                self.reporter.report(&message).await;
            }
            if self.source.closed().is_some() {
                self.restart.notified().await;
                self.source.reconnect();
            }
        }
    }
}

/// Returns the message about the next item, if the harness expects one.
async fn next_message(source: &mut EventSource) -> Option<Value> {
    let error = match source.next_item().await {
        Ok(Some(Item::Received(item))) => return item_message(&item),
        Ok(Some(Item::Lost(error))) | Err(error) => error,
        Ok(Some(_)) => return None,
        Ok(None) => {
            let why = source.closed().as_ref().map(Closed::to_string).unwrap_or_default();
            return Some(error_message(&why));
        }
    };
    Some(error_message(&match &error {
        Error::Transport(error) => with_causes(error),
        error => error.to_string(),
    }))
}
