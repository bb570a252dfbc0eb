//! What a server answers instead of a stream: why there is no answer, or an answer in one piece.

use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use sseam::Outcome;
use tokio::time::timeout;

use super::endpoint::{Endpoint, Key};
use super::terminal::Terminal;
use crate::output::media_type;

/// How long an answer may be.
const WHOLE: usize = 16 << 20;

/// How much of a refusal is read, and for how long.
const PAGE: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// 503 in Anthropic's words.
const OVERLOADED: u16 = 529;

/// Nothing came of a request, not even part of an answer.
pub(super) enum Trouble {
    NoAnswer {
        why: String,
        /// The least time to wait before another try, where one may help.
        retry_after: Option<Duration>,
    },
    /// Standard output takes no more.
    Output(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Trouble {
    /// It would be the same again.
    pub(super) fn lasting(why: String) -> Self {
        Self::NoAnswer { why, retry_after: None }
    }

    /// Another try may help.
    pub(super) fn passing(why: String) -> Self {
        Self::NoAnswer { why, retry_after: Some(Duration::ZERO) }
    }
}

/// What the server has to say of a request that it refuses, and what can be done.
pub(super) async fn refusal(mut response: Response, endpoint: &Endpoint, key: &Key) -> Trouble {
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    // What is there of it will do.
    let _ = timeout(PATIENCE, async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > PAGE {
                break;
            }
        }
    })
    .await;
    let body = String::from_utf8_lossy(&body);
    let (message, code) = match serde_json::from_str::<Value>(&body) {
        Ok(json) => (message(&json), code(&json)),
        Err(_) => (title(&body).or_else(|| first_line(&body)), None),
    };
    let after = retry_after(&headers);
    let instead = format!(", {} and no event stream", media_type(&headers));
    let parts = [
        Some(format!("the server answered {status}")),
        status.is_success().then_some(instead),
        message.map(|message| format!(": {message}")),
        code.as_ref().map(|code| format!(" ({code})")),
        after.map(|after| format!("; it asks to wait {} s", after.as_secs_f64())),
        advice(status, &headers, endpoint, key).map(|advice| format!("; {advice}")),
    ];
    let is_busy = matches!(status.as_u16(), 429 | 503 | OVERLOADED);
    // Who has no money left gets a 429, too.
    let is_broke = code.as_deref() == Some("insufficient_quota");
    Trouble::NoAnswer {
        why: parts.into_iter().flatten().collect(),
        retry_after: (is_busy && !is_broke).then(|| after.unwrap_or_default()),
    }
}

/// Where providers and gateways put what went wrong, the most usual first.
const MESSAGES: &str = "/error/message /error /message /detail /detail/0/msg /errors/0/message \
                        /errors/0 /error_description /msg";
const CODES: &str = "/error/code /error/type /error/status /code /type";

/// What went wrong, for people.
fn message(json: &Value) -> Option<String> {
    // Google puts all of it into a list.
    let json = json.get(0).unwrap_or(json);
    MESSAGES.split(' ').find_map(|at| json.pointer(at)?.as_str().map(ToString::to_string))
}

/// What went wrong, for programs.
fn code(json: &Value) -> Option<String> {
    let json = json.get(0).unwrap_or(json);
    CODES.split(' ').find_map(|at| match json.pointer(at)? {
        Value::String(code) => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    })
}

/// A page's title.
fn title(page: &str) -> Option<String> {
    // The same length as the page, which `to_lowercase` is not.
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower.get(tag..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    page.get(start..end).map(|title| title.trim().to_string()).filter(|title| !title.is_empty())
}

/// Where it is no page, there may be a sentence.
fn first_line(body: &str) -> Option<String> {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty())?;
    (!line.starts_with('<')).then(|| line.to_string())
}

/// In seconds, or at a date.
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
            Some(format!("{endpoint} was asked: is it right? A base mostly ends in /v1"))
        }
        _ if status.is_redirection() => {
            // A request that is sent elsewhere would take the key there.
            let to = headers.get(LOCATION)?.to_str().ok()?;
            let to = to.split(['?', '#']).next().unwrap_or_default();
            Some(format!("it is elsewhere, at {to}: ask there"))
        }
        _ => None,
    }
}

/// Prints an answer in one piece of JSON, and says how it came out and why.
pub(super) async fn whole(
    mut response: Response,
    limit: Duration,
    to: &mut Terminal,
) -> Result<(Outcome, Option<String>), Trouble> {
    to.note("the server does not stream: this is all of its answer");
    let mut body = Vec::new();
    loop {
        match timeout(limit, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= WHOLE => {
                body.extend_from_slice(&chunk);
            }
            Ok(Ok(None)) => break,
            Ok(Ok(Some(_))) => return Ok((Outcome::Unknown, Some("it is too long".to_string()))),
            Ok(Err(_)) | Err(_) => return Ok((Outcome::Truncated, None)),
        }
    }
    let Ok(json) = serde_json::from_slice::<Value>(&body) else {
        return Ok((Outcome::Truncated, Some("its JSON is broken".to_string())));
    };
    if !json["error"].is_null() {
        return Ok((Outcome::Failed, message(&json)));
    }
    for text in texts(&json) {
        to.text(text)?;
    }
    let reason = reason(&json);
    let outcome = match reason.as_deref() {
        Some("stop" | "tool_calls" | "completed" | "end_turn" | "stop_sequence" | "tool_use") => {
            Outcome::Completed
        }
        Some("length" | "content_filter" | "incomplete" | "max_tokens" | "refusal") => {
            Outcome::Incomplete
        }
        Some("failed") => Outcome::Failed,
        _ => Outcome::Unknown,
    };
    Ok((outcome, reason))
}

/// `choices[0].message.content` of Chat Completions, `output[].content[].text` of Responses,
/// `content[].text` of Messages.
fn texts(json: &Value) -> Vec<&str> {
    let chat = json.pointer("/choices/0/message/content").and_then(Value::as_str);
    let outputs = json["output"].as_array().into_iter().flatten();
    let parts = outputs.chain([json]).filter_map(|message| message["content"].as_array());
    let texts = parts.flatten().filter_map(|part| part["text"].as_str());
    chat.into_iter().chain(texts).collect()
}

/// Why it ended, in the same APIs' words.
fn reason(json: &Value) -> Option<String> {
    ["/choices/0/finish_reason", "/status", "/stop_reason"]
        .iter()
        .find_map(|at| json.pointer(at)?.as_str().map(ToString::to_string))
}
