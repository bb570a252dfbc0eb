//! What a server says that gives no answer: JSON of several shapes, or a page.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use crate::endpoint::Endpoint;
use crate::key::Key;
use crate::trouble::Refusal;

/// How much of a page is read, and for how long.
const LIMIT: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads what the server has to say.
pub(crate) async fn read(mut response: Response, endpoint: &Endpoint, key: &Key) -> Refusal {
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    // What is there of it will do.
    let _ = timeout(PATIENCE, async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > LIMIT {
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
    Refusal {
        status,
        instead: status.is_success().then(|| media_type(&headers)),
        message,
        code,
        retry_after: retry_after(&headers),
        advice: advice(status, &headers, endpoint, key),
    }
}

/// Where providers and gateways put what went wrong, the most usual first.
const MESSAGES: [&str; 9] = [
    "/error/message",
    "/error",
    "/message",
    "/detail",
    "/detail/0/msg",
    "/errors/0/message",
    "/errors/0",
    "/error_description",
    "/msg",
];
const CODES: [&str; 5] = ["/error/code", "/error/type", "/error/status", "/code", "/type"];

/// What went wrong, for people.
pub(crate) fn message(json: &Value) -> Option<String> {
    // Google puts all of it into a list.
    let json = json.get(0).unwrap_or(json);
    let messages = MESSAGES.iter().filter_map(|at| json.pointer(at)?.as_str());
    messages.map(ToString::to_string).next()
}

/// What went wrong, for programs.
pub(crate) fn code(json: &Value) -> Option<String> {
    let json = json.get(0).unwrap_or(json);
    CODES.iter().find_map(|at| match json.pointer(at)? {
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

pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let value = value.unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
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
