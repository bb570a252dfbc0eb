//! The request, and what comes of it.

use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use sseam::Outcome;
use tokio::time::timeout;

use crate::answer::{self, cause};
use crate::args::Options;
use crate::endpoint::{Api, Endpoint};
use crate::refusal;
use crate::terminal::Terminal;
use crate::trouble::Trouble;
use crate::whole;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Asks one question as often as it takes.
pub(crate) struct Asker<'o> {
    client: Client,
    endpoint: Endpoint,
    options: &'o Options,
}

impl<'o> Asker<'o> {
    pub(crate) fn new(endpoint: Endpoint, options: &'o Options) -> Result<Self, Trouble> {
        // Whose cryptography it is reqwest leaves to us. It is set once for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A redirection would make a GET of it, and take the key elsewhere.
        let client = Client::builder().connect_timeout(CONNECT).redirect(redirect::Policy::none());
        let client = match endpoint.url.scheme() {
            "https" => client,
            // Without TLS there need be no certificates on this machine.
            _ => client.tls_certs_only([]),
        };
        let client = match options.endpoint {
            Some(_) => client,
            // No proxy of the environment's has a way to a server of our own.
            None => client.no_proxy(),
        };
        let client = client.build().map_err(|error| Trouble::Unsendable(cause(&error)))?;
        Ok(Self { client, endpoint, options })
    }

    /// Asks, prints the answer, and says how it came out.
    pub(crate) async fn ask(&self, to: &mut Terminal) -> Result<Outcome, Trouble> {
        let response = self.send().await?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let (outcome, reason) = match refusal::media_type(response.headers()).as_str() {
            // Some servers forget to say what it is.
            "text/event-stream" | "" => {
                let read = answer::read(response, self.endpoint.api, self.options.stall, to).await;
                let (outcome, mut said) = read.map_err(Trouble::Output)?;
                said.tell(to);
                (outcome, said.reason)
            }
            "application/json" => whole::read(response, self.options.stall, to).await?,
            _ => return Err(self.refused(response).await),
        };
        to.outcome(outcome, &meaning(outcome, reason.as_deref()));
        Ok(outcome)
    }

    async fn refused(&self, response: Response) -> Trouble {
        Trouble::Refused(refusal::read(response, &self.endpoint, &self.options.key).await)
    }

    async fn send(&self) -> Result<Response, Trouble> {
        let limit = self.options.stall;
        match timeout(limit, self.request()?.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_builder() => Err(Trouble::Unsendable(cause(&error))),
            Ok(Err(error)) => {
                let host = self.endpoint.url.origin().ascii_serialization();
                Err(Trouble::Unreachable { host, cause: cause(&error) })
            }
            Err(_) => Err(Trouble::Silent(limit)),
        }
    }

    fn request(&self) -> Result<RequestBuilder, Trouble> {
        let Options { key, .. } = self.options;
        let request = self.client.post(self.endpoint.url.clone());
        let request = request.header("Accept", "text/event-stream");
        let request = request.header("Content-Type", "application/json");
        let request = match self.endpoint.api {
            Api::Chat | Api::Responses => {
                let key = key.header("Bearer ").map_err(Trouble::Unsendable)?;
                key.into_iter().fold(request, |request, key| request.header(AUTHORIZATION, key))
            }
            Api::Messages => {
                let request = request.header("anthropic-version", "2023-06-01");
                let key = key.header("").map_err(Trouble::Unsendable)?;
                key.into_iter().fold(request, |request, key| request.header("x-api-key", key))
            }
        };
        Ok(request.body(self.body().to_string()))
    }

    fn body(&self) -> Value {
        let Options { model, prompt, .. } = self.options;
        let messages = json!([{"role": "user", "content": prompt}]);
        match self.endpoint.api {
            Api::Chat if self.options.asks_usage => json!({
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

/// What the outcome means to a person.
fn meaning(outcome: Outcome, reason: Option<&str>) -> String {
    let meaning = match outcome {
        Outcome::Completed => return "this is the whole answer".to_string(),
        Outcome::Incomplete => "the provider cut the answer short",
        Outcome::Failed => "the provider gave up",
        Outcome::Truncated => "the rest was lost on the way, and is worth asking again",
        Outcome::Unknown => "nobody can say whether this is the whole answer",
    };
    match reason {
        Some(reason) => format!("{meaning}: {reason}"),
        None => meaning.to_string(),
    }
}
