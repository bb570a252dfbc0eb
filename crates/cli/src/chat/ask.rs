//! The request, and the answer's stream up to its outcome.

use std::error::Error as _;
use std::io;
use std::iter;
use std::time::{Duration, Instant};

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Response, redirect};
use serde_json::{Value, json};
use sseam::adapter::{self, stream::EventStream};
use sseam::dialect::StallWatch;
use sseam::{Outcome, Parser};
use tokio::time::timeout;

use super::endpoint::{Api, Endpoint, Key};
use super::reply::{Trouble, refusal, whole};
use super::terminal::Terminal;
use crate::dialect::{self, Said};
use crate::output::{http_cause, media_type};

/// How much is gathered of tools' arguments and refusals.
const LIMIT: usize = 16 << 20;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Whom to ask, what, and how.
pub(super) struct Question {
    pub(super) endpoint: Endpoint,
    /// Whether that is a server of our own.
    pub(super) is_offline: bool,
    pub(super) model: String,
    pub(super) key: Key,
    pub(super) prompt: String,
    pub(super) asks_usage: bool,
    pub(super) stall: Duration,
}

impl Question {
    /// A client for all of its tries.
    pub(super) fn client(&self) -> Result<Client, String> {
        // Whose cryptography it is reqwest leaves to us. It is set once for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirection would make a GET of it, and take the key elsewhere.
        let mut client =
            Client::builder().connect_timeout(CONNECT).redirect(redirect::Policy::none());
        if self.endpoint.url.scheme() != "https" {
            // Without TLS there need be no certificates on this machine.
            client = client.tls_certs_only([]);
        }
        if self.is_offline {
            // No proxy of the environment's has a way to a server of our own.
            client = client.no_proxy();
        }
        client.build().map_err(|error| cause(&error))
    }

    /// Asks, prints the answer, and says how it came out.
    pub(super) async fn ask(&self, client: &Client, to: &mut Terminal) -> Result<Outcome, Trouble> {
        let response = self.send(client).await?;
        if !response.status().is_success() {
            return Err(refusal(response, &self.endpoint, &self.key).await);
        }
        let (outcome, reason) = match media_type(response.headers()).as_str() {
            // Some servers forget to say what it is.
            "text/event-stream" | "" => {
                let (outcome, mut said) = read(response, self.endpoint.api, self.stall, to).await?;
                if let Some(refusal) = said.refusal() {
                    to.note(format_args!("the model refuses: {refusal}"));
                }
                said.sum_up(|line| to.call(line));
                (outcome, said.reason)
            }
            "application/json" => whole(response, self.stall, to).await?,
            _ => return Err(refusal(response, &self.endpoint, &self.key).await),
        };
        to.outcome(outcome, reason);
        Ok(outcome)
    }

    async fn send(&self, client: &Client) -> Result<Response, Trouble> {
        let request = client
            .post(self.endpoint.url.clone())
            .header("Accept", "text/event-stream")
            .header("Content-Type", "application/json")
            .body(self.body().to_string());
        let (request, name, scheme) = match self.endpoint.api {
            Api::Chat | Api::Responses => (request, AUTHORIZATION.as_str(), "Bearer "),
            Api::Messages => (request.header("anthropic-version", "2023-06-01"), "x-api-key", ""),
        };
        let key = self.key.header(scheme).map_err(Trouble::lasting)?;
        let request = key.into_iter().fold(request, |request, key| request.header(name, key));
        match timeout(self.stall, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_builder() => Err(Trouble::lasting(cause(&error))),
            Ok(Err(error)) => {
                let host = self.endpoint.url.origin().ascii_serialization();
                Err(Trouble::passing(format!("cannot reach {host}: {}", cause(&error))))
            }
            Err(_) => {
                Err(Trouble::passing(format!("the server said nothing for {:?}", self.stall)))
            }
        }
    }

    fn body(&self) -> Value {
        let Self { model, prompt, .. } = self;
        let messages = json!([{"role": "user", "content": prompt}]);
        match self.endpoint.api {
            Api::Chat if self.asks_usage => json!({
                "model": model, "messages": messages, "stream": true,
                "stream_options": {"include_usage": true},
            }),
            Api::Chat => json!({"model": model, "messages": messages, "stream": true}),
            Api::Responses => json!({"model": model, "input": prompt, "stream": true}),
            // Here a limit must be given.
            Api::Messages => json!({
                "model": model, "messages": messages, "stream": true, "max_tokens": 4096,
            }),
        }
    }
}

/// Prints the text as it comes, and at last says how the stream came out.
async fn read(
    response: Response,
    api: Api,
    limit: Duration,
    to: &mut Terminal,
) -> io::Result<(Outcome, Said)> {
    let parser = Parser::new().with_notify(dialect::NOTIFY);
    // Some servers close right after `data: [DONE]`, without the blank line: flush.
    let body = Box::pin(response.bytes_stream());
    let mut events = EventStream::with_parser(body, parser).with_flush();
    let mut follow = dialect::by_name(api.name());
    let mut said = Said::new(LIMIT);

    let start = Instant::now();
    let mut watch = StallWatch::new(Duration::ZERO).with_progress_limit(limit);
    loop {
        let left = watch.stalls_at().map_or(limit, |at| at.saturating_sub(start.elapsed()));
        let item = match timeout(left, events.next_item()).await {
            Ok(Ok(Some(item))) => item,
            Ok(Ok(None)) => break,
            // It is about one event: the next call goes on after it.
            Ok(Err(adapter::Error::Parse(error))) => {
                to.note(format_args!("an event is left out: {error}"));
                continue;
            }
            Ok(Err(adapter::Error::Transport(error))) => {
                to.note(format_args!("the connection broke off: {}", cause(&error)));
                break;
            }
            Err(_) => {
                to.note(format_args!("nothing of an answer has come for {limit:?}"));
                break;
            }
        };
        let (signal, wrong) = said.hear(&mut *follow, &item);
        to.text(&said.take_text())?;
        for why in wrong {
            to.note(why);
        }
        if signal.is_end() {
            break;
        }
        let now = start.elapsed();
        watch.observe(signal, now);
        // Keep-alives may come in time for good.
        if watch.stall(now).is_some() {
            to.note(format_args!("nothing but keep-alives has come for {limit:?}"));
            break;
        }
    }
    to.text(&said.end_text())?;
    // Without an end, it is the connection that broke off, or patience that did.
    Ok((follow.finish(events.end()), said))
}

/// What is at the root of it: the rest is how reqwest and hyper came by it.
fn cause(error: &reqwest::Error) -> String {
    let errors = iter::successors(error.source(), |error| (*error).source());
    let cause = errors.last().map_or_else(|| "no cause is known".to_string(), ToString::to_string);
    http_cause(cause)
}
