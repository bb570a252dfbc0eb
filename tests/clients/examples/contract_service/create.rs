//! Which stream the harness wants: the body of `POST /`.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::time::Duration;

use hyper::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};
use reqwest::{Method, Url};
use serde::Deserialize;
use sseam::{Notify, Parser};

use crate::connect::Target;
use crate::report::Reporter;
use crate::stream::EventSource;

/// The reconnection time until the harness or the server names one: the
/// standard leaves it to the client and thinks of a few seconds.
const RECONNECTION_TIME: Duration = Duration::from_secs(3);

/// The members that there are. What else comes is of a later harness, and
/// passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    stream_url: String,
    callback_url: String,
    #[serde(default)]
    tag: String,
    initial_delay_ms: Option<u64>,
    last_event_id: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    method: Option<String>,
    body: Option<String>,
    read_timeout_ms: Option<NonZeroU64>,
}

/// The event source that `json` describes; an error is one sentence.
pub(crate) fn event_source(json: &[u8]) -> Result<EventSource, String> {
    let params: Params = serde_json::from_slice(json)
        .map_err(|error| format!("the body does not say which stream: {error}"))?;
    let mut parser = Parser::new().with_notify(Notify::COMMENTS);
    if let Some(id) = &params.last_event_id {
        parser.set_last_event_id(id.as_bytes()).map_err(|error| format!("lastEventId: {error}"))?;
    }
    let headers = headers(params.headers.unwrap_or_default(), params.body.is_some())?;
    let method = match &params.method {
        Some(name) => name.parse().map_err(|_| format!("{name:?} is no method"))?,
        None => Method::GET,
    };
    let read_timeout = params.read_timeout_ms.map(|ms| Duration::from_millis(ms.get()));
    let url = http_url("streamUrl", &params.stream_url)?;
    let callbacks = http_url("callbackUrl", &params.callback_url)?;
    Ok(EventSource::new(
        Target::new(url, method, headers, params.body, read_timeout)?,
        parser,
        params.initial_delay_ms.map_or(RECONNECTION_TIME, Duration::from_millis),
        Reporter::new(&callbacks, params.tag)?,
    ))
}

fn http_url(member: &str, text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "http" => Ok(url),
        Ok(_) => Err(format!("{member} is an http URL, not {text:?}")),
        Err(error) => Err(format!("{member} {text:?}: {error}")),
    }
}

/// The headers of every request, but for `Last-Event-ID`.
fn headers(own: BTreeMap<String, String>, has_body: bool) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
    // What the cache mode `no-store` of the standard is on the wire.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if has_body {
        // As of any text, where the harness names no other.
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    }
    for (name, value) in own {
        let refused = || format!("a request cannot have the header {name:?} with {value:?}");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused())?;
        // These say where the body ends.
        if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
            return Err(refused());
        }
        headers.insert(name, value);
    }
    Ok(headers)
}
