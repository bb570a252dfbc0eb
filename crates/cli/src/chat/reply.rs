//! Responses that are not a stream: a refusal, or an answer in one piece.

use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sseam::llm::{Answer, Collected, Outcome, OwnedError};
use sseam::{End, Event};
use tokio::time::timeout;

use super::ask::print;
use super::endpoint::{Api, Endpoint, Key};
use super::terminal::Terminal;
use crate::output::media_type;
use crate::verdict::KEPT;

/// The limit on an answer in one piece.
const WHOLE: usize = 16 << 20;

/// How much of a refusal is read, and for how long.
const PAGE: usize = 64 << 10;
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(5);

/// 503, as Anthropic sends it.
const OVERLOADED: u16 = 529;

/// A request failed without any part of an answer.
pub(super) enum RequestError {
    NoAnswer {
        why: String,
        /// The minimal wait before a retry, if one may help.
        retry_after: Option<Duration>,
    },
    /// Standard output failed.
    Output(io::Error),
}

impl From<io::Error> for RequestError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl RequestError {
    /// A retry would not help.
    pub(super) fn permanent(why: String) -> Self {
        Self::NoAnswer { why, retry_after: None }
    }

    /// A retry may help.
    pub(super) fn transient(why: String) -> Self {
        Self::NoAnswer { why, retry_after: Some(Duration::ZERO) }
    }
}

/// Returns the server's message about a refused request, and a hint.
pub(super) async fn refusal(
    mut response: Response,
    endpoint: &Endpoint,
    key: &Key,
) -> RequestError {
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    // What has arrived by then is enough.
    let _ = timeout(REFUSAL_TIMEOUT, async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > PAGE {
                break;
            }
        }
    })
    .await;
    let body = String::from_utf8_lossy(&body);
    let OwnedError { message, code, kind, .. } = error(&body);
    let message = message.or_else(|| title(&body)).or_else(|| first_line(&body));
    let code = code.or(kind);
    let after = retry_after(&headers);
    let instead = format!(", {} instead of an event stream", media_type(&headers));
    let parts = [
        Some(format!("the server answered {status}")),
        status.is_success().then_some(instead),
        message.map(|message| format!(": {message}")),
        code.as_ref().map(|code| format!(" ({code})")),
        after.map(|after| format!("; it asks to wait {} s", after.as_secs_f64())),
        advice(status, &headers, endpoint, key).map(|advice| format!("; {advice}")),
    ];
    let is_busy = matches!(status.as_u16(), 429 | 503 | OVERLOADED);
    // 429 also means that the account has no credit left.
    let is_broke = code.as_deref() == Some("insufficient_quota");
    RequestError::NoAnswer {
        why: parts.into_iter().flatten().collect(),
        retry_after: (is_busy && !is_broke).then(|| after.unwrap_or_default()),
    }
}

/// The error in a JSON body.
fn error(body: &str) -> OwnedError {
    let mut said = Collected::with_limit(PAGE);
    if body.trim_start().starts_with(['{', '[']) {
        // The status makes it an error, whatever its form.
        for delta in Answer::new().read(&Event::new(body).with_type("error")) {
            // An overflow is not shown.
            let _ = said.push(&delta);
        }
    }
    said.error.unwrap_or_default()
}

/// A page's title.
fn title(page: &str) -> Option<String> {
    // Of the same length as the page, unlike `to_lowercase`.
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower.get(tag..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    page.get(start..end).map(|title| title.trim().to_string()).filter(|title| !title.is_empty())
}

/// If the body is neither HTML nor JSON, it may be a sentence.
fn first_line(body: &str) -> Option<String> {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty())?;
    (!line.starts_with(['<', '{', '['])).then(|| line.to_string())
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

fn advice(
    status: StatusCode,
    headers: &HeaderMap,
    endpoint: &Endpoint,
    key: &Key,
) -> Option<String> {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(key.advice()),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            Some(format!("the URL was {endpoint}: is it right? A base usually ends in /v1"))
        }
        _ if status.is_redirection() => {
            // Following it would send the key elsewhere.
            let to = headers.get(LOCATION)?.to_str().ok()?;
            let to = to.split(['?', '#']).next().unwrap_or_default();
            Some(format!("redirected to {to}: use that URL"))
        }
        _ => None,
    }
}

/// Prints an answer in one piece of JSON. Returns the outcome, and what is to be printed after the
/// text.
pub(super) async fn whole(
    mut response: Response,
    api: Api,
    limit: Duration,
    to: &mut Terminal,
) -> Result<(Outcome, Collected), RequestError> {
    to.note("the server does not stream: this is the whole answer");
    let mut rest = Collected::with_limit(KEPT);
    let mut body = Vec::new();
    loop {
        match timeout(limit, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= WHOLE => {
                body.extend_from_slice(&chunk);
            }
            Ok(Ok(None)) => break,
            Ok(Ok(Some(_))) => {
                to.note(format_args!("the answer exceeds {WHOLE} bytes"));
                return Ok((Outcome::Unknown, rest));
            }
            Ok(Err(_)) | Err(_) => return Ok((Outcome::Truncated, rest)),
        }
    }
    let Ok(json) = serde_json::from_slice::<Value>(&body) else {
        to.note("the answer's JSON is broken");
        return Ok((Outcome::Truncated, rest));
    };
    let mut answer = Answer::of(api.protocol());
    for event in events(json, api) {
        for delta in answer.read(&Event::new(&*event.to_string())) {
            print(&delta, &mut rest, to)?;
        }
    }
    let outcome = match answer.outcome(End::Clean) {
        // The answer is complete but for a reason.
        Outcome::Truncated => Outcome::Unknown,
        outcome => outcome,
    };
    Ok((outcome, rest))
}

/// The events of this answer, had it been streamed.
fn events(answer: Value, api: Api) -> Vec<Value> {
    let is_error = answer["error"].is_object() || answer["error"].is_string();
    match api {
        _ if is_error => vec![answer],
        Api::Chat => vec![answer],
        // Here the status counts, and not the event's name.
        Api::Responses => vec![json!({"type": "response.done", "response": answer})],
        Api::Messages => {
            let blocks = answer["content"].as_array().into_iter().flatten().enumerate();
            let blocks = blocks.map(|(index, block)| {
                json!({"type": "content_block_start", "index": index, "content_block": block})
            });
            let (reason, usage) = (&answer["stop_reason"], &answer["usage"]);
            let mut events: Vec<_> = blocks.collect();
            events.push(json!({
                "type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage,
            }));
            if reason.is_string() {
                events.push(json!({"type": "message_stop"}));
            }
            events
        }
    }
}
