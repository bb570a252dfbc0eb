//! An answer in one piece of JSON, from a server that does not stream.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;
use sseam::Outcome;
use tokio::time::timeout;

use crate::refusal;
use crate::terminal::Terminal;
use crate::trouble::Trouble;

/// How long an answer may be.
const LIMIT: usize = 16 << 20;

/// Prints the text, and says how it came out and why.
pub(crate) async fn read(
    mut response: Response,
    limit: Duration,
    to: &mut Terminal,
) -> Result<(Outcome, Option<String>), Trouble> {
    to.note("the server does not stream: this is all of its answer");
    let mut body = Vec::new();
    loop {
        match timeout(limit, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= LIMIT => {
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
        return Ok((Outcome::Failed, refusal::message(&json)));
    }
    for text in texts(&json) {
        to.text(text).map_err(Trouble::Output)?;
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

/// `choices[0].message.content` of Chat Completions, `output[].content[].text` of
/// Responses, `content[].text` of Messages.
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
