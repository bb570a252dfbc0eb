//! Sends the request, and reads the stream of the answer up to its outcome.

use std::io;
use std::time::{Duration, Instant};

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Response, redirect};
use serde_json::{Value, json};
use sseam::End;
use sseam::llm::{Collected, Delta, Outcome, Protocol, StallWatch};
use tokio::time::timeout;

use super::endpoint::{Api, Endpoint, Key};
use super::reply::{RequestError, refusal, whole};
use super::terminal::Terminal;
use crate::output::{cause, media_type};
use crate::reader::{Reader, Step};
use crate::verdict::{KEPT, sum_up};

/// The timeout for connecting.
const CONNECT: Duration = Duration::from_secs(10);

/// The question, and how to ask it.
pub(super) struct Question {
    pub(super) endpoint: Endpoint,
    /// Whether the recorded answers are used.
    pub(super) is_offline: bool,
    pub(super) model: String,
    pub(super) key: Key,
    pub(super) prompt: String,
    pub(super) asks_usage: bool,
    pub(super) stall: Duration,
}

impl Question {
    /// Creates the client for all tries.
    pub(super) fn client(&self) -> Result<Client, String> {
        // reqwest leaves the choice of the cryptography to us. It is set once per process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirect would turn the request into a GET, and send the key elsewhere.
        let mut client =
            Client::builder().connect_timeout(CONNECT).redirect(redirect::Policy::none());
        if self.endpoint.url.scheme() != "https" {
            // Without TLS no certificates are needed on this machine.
            client = client.tls_certs_only([]);
        }
        if self.is_offline {
            // The environment's proxy cannot reach a local server.
            client = client.no_proxy();
        }
        client.build().map_err(|error| cause(&error))
    }

    /// Asks, prints the answer, and returns the outcome.
    pub(super) async fn ask(
        &self,
        client: &Client,
        to: &mut Terminal,
    ) -> Result<Outcome, RequestError> {
        let response = self.send(client).await?;
        if !response.status().is_success() {
            return Err(refusal(response, &self.endpoint, &self.key).await);
        }
        let api = self.endpoint.api;
        let (outcome, rest) = match media_type(response.headers()).as_str() {
            // Some servers omit the content type.
            "text/event-stream" | "" => read(response, api.protocol(), self.stall, to).await?,
            "application/json" => whole(response, api, self.stall, to).await?,
            _ => return Err(refusal(response, &self.endpoint, &self.key).await),
        };
        sum_up(&rest, |line| to.line(line));
        to.outcome(outcome, &rest);
        Ok(outcome)
    }

    async fn send(&self, client: &Client) -> Result<Response, RequestError> {
        let request = client
            .post(self.endpoint.url.clone())
            .header("Accept", "text/event-stream")
            .header("Content-Type", "application/json")
            .body(self.body().to_string());
        let (request, name, scheme) = match self.endpoint.api {
            Api::Chat | Api::Responses => (request, AUTHORIZATION.as_str(), "Bearer "),
            Api::Messages => (request.header("anthropic-version", "2023-06-01"), "x-api-key", ""),
        };
        let key = self.key.header(scheme).map_err(RequestError::permanent)?;
        let request = key.into_iter().fold(request, |request, key| request.header(name, key));
        match timeout(self.stall, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_builder() => Err(RequestError::permanent(cause(&error))),
            Ok(Err(error)) => {
                let host = self.endpoint.url.origin().ascii_serialization();
                Err(RequestError::transient(format!("cannot reach {host}: {}", cause(&error))))
            }
            Err(_) => Err(RequestError::transient(format!(
                "no response from the server for {:?}",
                self.stall
            ))),
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
            // This API requires a limit.
            Api::Messages => json!({
                "model": model, "messages": messages, "stream": true, "max_tokens": 4096,
            }),
        }
    }
}

/// Prints the text as it arrives. Returns the outcome, and what is to be printed after the text.
async fn read(
    mut response: Response,
    protocol: &'static Protocol,
    limit: Duration,
    to: &mut Terminal,
) -> io::Result<(Outcome, Collected)> {
    let mut reader = Reader::new(Some(protocol));
    let mut rest = Collected::with_limit(KEPT);
    let start = Instant::now();
    let mut watch = StallWatch::new(Duration::ZERO).with_progress_limit(limit);
    let end = loop {
        let left = watch.stalls_at().map_or(limit, |at| at.saturating_sub(start.elapsed()));
        let chunk = match timeout(left, response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => {
                to.note(format_args!("the connection broke off: {}", cause(&error)));
                break End::Disconnected;
            }
            Err(_) => {
                to.note(format_args!("no part of the answer received for {limit:?}"));
                break End::Disconnected;
            }
        };
        let mut take = |step: Step<'_, '_>| match step {
            Step::Delta(delta) => print(delta, &mut rest, to),
            Step::Item(_, signal) => {
                watch.observe(signal, start.elapsed());
                Ok(())
            }
            Step::Lost(error) => {
                to.note(format_args!("event skipped: {error}"));
                Ok(())
            }
        };
        match chunk {
            Some(chunk) => reader.feed(&chunk, &mut take)?,
            None => break reader.flush(&mut take)?,
        }
        if reader.answer().tracker().is_over() {
            // The terminal event decides the outcome, however the connection ends.
            break End::Clean;
        }
        // Keep-alives may keep arriving in time without progress.
        if watch.stall(start.elapsed()).is_some() {
            to.note(format_args!("only keep-alives received for {limit:?}"));
            break End::Disconnected;
        }
    };
    Ok((reader.outcome(end), rest))
}

/// Prints new text, and collects what is printed after it.
pub(super) fn print(delta: &Delta<'_>, rest: &mut Collected, to: &mut Terminal) -> io::Result<()> {
    match delta {
        Delta::Text { text, .. } => return to.text(&text.to_string()),
        // Not shown, so it is not collected.
        Delta::Reasoning { .. } => return Ok(()),
        Delta::Restart => to.restart(),
        _ => {}
    }
    // An overflow is reported at the end.
    let _ = rest.push(delta);
    Ok(())
}
