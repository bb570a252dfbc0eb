//! One event source: a stream, over one connection after the other.

use std::collections::HashMap;
use std::mem;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, TRANSFER_ENCODING,
};
use reqwest::{Method, Response, Url};
use serde::Deserialize;
use sseam::adapter::Error;
use sseam::adapter::stream::EventStream;
use sseam::{Parser, VecBuf};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::requests::{Reporter, Target, client, error_message, item_message, with_causes};

/// The reconnection time until the harness or the server names one: the standard leaves it
/// to the client and thinks of a few seconds.
const RECONNECTION_TIME: Duration = Duration::from_secs(3);

/// The shortest wait, without which a server that is gone would be asked thousands of times
/// a second where the reconnection time is zero.
const LEAST_WAIT: Duration = Duration::from_millis(10);

/// The body of `POST /`. Members that later harnesses add are ignored.
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

/// The stream that the harness wants, and how far it has come.
pub(crate) struct EventSource {
    target: Target,
    /// Kept from connection to connection, with the last event ID and the reconnection time.
    parser: Parser<VecBuf>,
    initial_delay: Duration,
    reporter: Reporter,
    /// Makes it connect anew when notified: at once, whatever it does, also if it has failed
    /// for good, and without a message.
    pub(crate) restart: Arc<Notify>,
}

/// Why a connection is over, or there is none.
pub(crate) enum Over {
    Restart,
    /// To be reestablished, in the standard's words.
    Lost(String),
    /// To be failed.
    Failed(String),
}

impl EventSource {
    /// Returns the event source that `json` describes; an error is one sentence.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, String> {
        let params: Params = serde_json::from_slice(json)
            .map_err(|error| format!("the body does not say which stream: {error}"))?;
        let mut parser = Parser::new().with_notify(sseam::Notify::COMMENTS);
        if let Some(id) = &params.last_event_id {
            let set = parser.set_last_event_id(id.as_bytes());
            set.map_err(|error| format!("lastEventId: {error}"))?;
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        // What the cache mode `no-store` of the standard is on the wire.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if params.body.is_some() {
            // As of any text, where the harness names no other.
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
        }
        let url = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| url.scheme() == "http");
            url.ok_or_else(|| format!("{text:?} is no http URL"))
        };
        let own = HeaderMap::try_from(&params.headers.unwrap_or_default());
        let own: HeaderMap = own.map_err(|error| format!("headers: {error}"))?;
        if own.contains_key(CONTENT_LENGTH) || own.contains_key(TRANSFER_ENCODING) {
            return Err("the client says where the body ends".to_string());
        }
        headers.extend(own);
        let method = params.method.as_deref().unwrap_or("GET");
        let method: Method = method.parse().map_err(|_| format!("{method:?} is no method"))?;
        let read_timeout = params.read_timeout_ms.map(|ms| Duration::from_millis(ms.get()));
        let target = Target {
            client: client(read_timeout)?,
            url: url(&params.stream_url)?,
            method,
            headers,
            body: params.body,
        };
        Ok(Self {
            target,
            parser,
            initial_delay: params.initial_delay_ms.map_or(RECONNECTION_TIME, Duration::from_millis),
            reporter: Reporter::new(&url(&params.callback_url)?, params.tag)?,
            restart: Arc::default(),
        })
    }

    /// Runs until it is aborted.
    pub(crate) async fn run(mut self) {
        loop {
            let (error, is_lost) = match self.connection().await {
                Over::Restart => continue,
                Over::Lost(error) => (error, true),
                Over::Failed(error) => (error, false),
            };
            let wait = self.parser.reconnection_time().unwrap_or(self.initial_delay);
            self.reporter.report(&error_message(&error)).await;
            tokio::select! {
                () = self.restart.notified() => {}
                () = sleep(wait.max(LEAST_WAIT)), if is_lost => {}
            }
        }
    }

    /// Connects, and reports what comes until the connection is over.
    async fn connection(&mut self) -> Over {
        // An ID is text: what is not UTF-8 in it is replaced before it is sent.
        let last_event_id = self.parser.last_event_id().to_string_lossy().into_owned();
        tokio::select! {
            biased;
            () = self.restart.notified() => Over::Restart,
            connected = self.target.connect(&last_event_id) => match connected {
                Ok(response) => self.read(response).await,
                Err(over) => over,
            },
        }
    }

    async fn read(&mut self, response: Response) -> Over {
        let parser = mem::take(&mut self.parser);
        let mut events = EventStream::with_parser(response.bytes_stream(), parser);
        let over = loop {
            let message = tokio::select! {
                biased;
                () = self.restart.notified() => break Over::Restart,
                item = events.next_item() => match item {
                    Ok(Some(item)) => item_message(&item),
                    Ok(None) => break Over::Lost("the stream has ended".to_string()),
                    Err(Error::Transport(error)) => break Over::Lost(with_causes(&error)),
                    Err(Error::Parse(error)) => Some(error_message(&error.to_string())),
                },
            };
            // Outside of the `select!`, so that a restart does not cancel a message under way.
            if let Some(message) = message {
                self.reporter.report(&message).await;
            }
        };
        // An unfinished event is discarded, and the next connection's bytes begin anew.
        (_, self.parser, _) = events.into_parts();
        self.parser.reset();
        over
    }
}
