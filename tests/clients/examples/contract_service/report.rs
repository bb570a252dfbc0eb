//! What the harness is told: the callbacks.

use std::time::Duration;

use hyper::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Serialize;
use sseam::Item;

use crate::connect::with_causes;
use crate::say;

/// How long the harness may take for one callback.
const PATIENCE: Duration = Duration::from_secs(10);

/// One callback's body.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Message {
    Event { event: Event },
    Comment { comment: String },
    Error { error: String },
}

/// An event as the harness knows it.
#[derive(Serialize)]
#[allow(clippy::struct_field_names)] // The standard's name for it.
pub(crate) struct Event {
    #[serde(rename = "type")]
    event_type: String,
    data: String,
    id: String,
}

impl Message {
    pub(crate) fn error(sentence: impl Into<String>) -> Self {
        Self::Error { error: sentence.into() }
    }

    /// The message about what the parser yields, if the harness wants to know.
    pub(crate) fn about(item: &Item<'_>) -> Option<Self> {
        match item {
            Item::Event(event) => Some(Self::Event {
                event: Event {
                    event_type: event.event_type().to_string_lossy().into_owned(),
                    data: event.data().to_string_lossy().into_owned(),
                    id: event.last_event_id().to_string_lossy().into_owned(),
                },
            }),
            Item::Comment { text, .. } => {
                Some(Self::Comment { comment: text.to_string_lossy().into_owned() })
            }
            _ => None,
        }
    }
}

/// Tells the harness about one stream, one message after the other.
pub(crate) struct Reporter {
    client: Client,
    /// Behind it comes the number.
    base: String,
    number: u64,
    tag: String,
}

impl Reporter {
    /// Callbacks go to `url` with a number behind it.
    pub(crate) fn new(url: &Url, tag: String) -> Result<Self, String> {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            // A connection that was kept may close just when it is wanted.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| with_causes(&error))?;
        let base = url.as_str().trim_end_matches('/').to_string();
        Ok(Self { client, base, number: 0, tag })
    }

    /// Tells, and waits until it is told. Where that fails it is lost: a
    /// harness that gets one twice is no better off.
    pub(crate) async fn report(&mut self, message: Message) {
        self.number += 1;
        if let Err(error) = self.post(message).await {
            say(&format_args!("{}: callback {} failed: {error}", self.tag, self.number));
        }
    }

    async fn post(&self, message: Message) -> Result<(), String> {
        let json = serde_json::to_vec(&message).map_err(|error| error.to_string())?;
        let request = self
            .client
            .post(format!("{}/{}", self.base, self.number))
            .header(CONTENT_TYPE, "application/json")
            .body(json);
        let response = request.send().await.map_err(|error| with_causes(&error))?;
        if response.status().is_success() { Ok(()) } else { Err(response.status().to_string()) }
    }
}
