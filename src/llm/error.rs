//! Reads providers' errors in all their formats.

use core::fmt;

use super::Piece;
use super::node::{Node, Path, is_empty_container, member, parts};
use super::payload::Code;
use super::protocol::Errors;
use super::sentinel::trim;
use crate::json::{Json, JsonStr, space};

/// An error that a provider sent, borrowed from the event. Part of [`Delta::Error`](super::Delta).
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Delta};
///
/// let mut answer = Answer::new();
/// let data = r#"{"error":{"type":"overloaded_error","message":"Overloaded"}}"#;
/// let event = Event::new(data);
/// let Some(Delta::Error { error, .. }) = answer.read(&event).next() else { panic!("no error") };
/// assert_eq!(error.kind.expect("a kind"), "overloaded_error");
/// assert_eq!(error.to_string(), "Overloaded (overloaded_error)");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ProviderError<'a> {
    /// The kind of error, such as `overloaded_error`.
    pub kind: Option<JsonStr<'a>>,
    /// The code, a word or a number.
    pub code: Option<Code<'a>>,
    /// The message, for people.
    pub message: Option<Piece<'a>>,
}

/// Writes the message, followed by the code, or else the kind.
impl fmt::Display for ProviderError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_ref().map(|message| message as &dyn fmt::Display);
        let code = self.code.as_ref().map(|code| code as &dyn fmt::Display);
        let kind = self.kind.as_ref().map(|kind| kind as &dyn fmt::Display);
        match (message, code.or(kind)) {
            (Some(message), Some(code)) => write!(f, "{message} ({code})"),
            (Some(one), None) | (None, Some(one)) => one.fmt(f),
            (None, None) => f.write_str("error without details"),
        }
    }
}

impl core::error::Error for ProviderError<'_> {}

// The members that hold the message, the code and the kind of an error.
const MESSAGE: Path = "message|errorText|msg|status_msg|error_message|detail|error|reason";
const CODE: Path = "code|status_code|error_code";
const KIND: Path = "type|status|error_type";

/// The members in which an event holds its error.
const BODIES: Path =
    "error|response.error|errors|base_resp|detail|last_error|delta.error|data.error";

impl<'a> ProviderError<'a> {
    /// Reads the error in an event that is one.
    pub(super) fn of(node: &Node<'a>, data: &'a [u8]) -> Self {
        let in_choice = || node.get("choices").and_then(error_in);
        let mut bodies = parts(BODIES, b'|').filter_map(|path| node.at(path));
        let body = bodies.find(|body| is_body(*body));
        let in_batch = || in_batch(data);
        let Some(body) = body.or_else(in_choice).or_else(in_batch) else {
            return Self::of_body(node, true).or_text(data);
        };
        // Of several errors, the first.
        let body = body.elements().next().unwrap_or(body);
        let text = |text: JsonStr<'a>| Self { message: Some(piece(text)), ..Self::default() };
        let inner = body.as_text().map_or_else(|| Self::of_body(&Node::of(body), false), text);
        inner.or(Self::of_body(node, true))
    }

    fn of_body(node: &Node<'a>, is_event: bool) -> Self {
        let code = node.at(CODE).and_then(|code| code.read());
        // An event's type only says that it is an error.
        let kind = if is_event && !node.is("object", "error") { "error_type" } else { KIND };
        Self { kind: node.text(kind), code, message: node.text(MESSAGE).map(piece) }
    }

    /// Fills in absent fields from another error.
    #[inline(never)]
    fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.or(other.kind),
            code: self.code.or(other.code),
            message: self.message.or(other.message),
        }
    }

    /// Uses data that is plain text as the message, if there is none.
    fn or_text(self, data: &'a [u8]) -> Self {
        let text = trim(data);
        let is_text = !matches!(text, [] | [b'{' | b'[', ..]);
        let message = if is_text { Some(Piece::of_bytes(text)) } else { None };
        self.or(Self { message, ..Self::default() })
    }
}

impl<'a> ProviderError<'a> {
    /// Reads the error in an event's data. Has the signature of `of_field`, so one pointer type
    /// fits both.
    pub(super) fn of_data(_: &'a [u8], data: &'a [u8]) -> Self {
        Self::of(&Node::of_data(data), data)
    }

    /// Reads the error on a line that the parser returned as an unknown field, or a further line of
    /// an error.
    pub(super) fn of_field(name: &'a [u8], value: &'a [u8]) -> Self {
        let node = Node::of_field(name, value);
        if is_error(&node, Errors::OrDetail) {
            return Self::of(&node, b"");
        }
        Self::of_body(&node, false).or_text(if name == b"error" { value } else { b"" })
    }

    /// Returns `true` if no field is set.
    pub(super) fn is_empty(&self) -> bool {
        self.kind.is_none() && self.code.is_none() && self.message.is_none()
    }
}

/// Returns the last error in a batch of messages.
fn in_batch(data: &[u8]) -> Option<Json<'_>> {
    let errors = Json::of_skipped(space(data)).elements().filter_map(|it| member(it, "error"));
    errors.filter(|error| is_body(*error)).last()
}

fn piece(text: JsonStr<'_>) -> Piece<'_> {
    Piece::of(text.into())
}

/// Returns `true` if the value can describe an error.
fn is_body(value: Json<'_>) -> bool {
    value.is_object() || value.is_array() || value.as_text().is_some()
}

/// Returns `true` if an event, or a line of JSON without `data:`, is an error by its members.
pub(super) fn is_error(node: &Node<'_>, errors: Errors) -> bool {
    if errors == Errors::Nowhere {
        return false;
    }
    let is_list = |errors: Json<'_>| errors.elements().next().is_some();
    let has_data = || errors == Errors::WithoutData && node.get("data").is_some();
    node.get("error").is_some_and(is_error_value)
        || node.get("errors").is_some_and(is_list) && !has_data()
        || node.is("object", "error")
        || node.at("base_resp.status_code").is_some_and(|code| code.as_u64() != Some(0))
        || match errors {
            // These protocols check the choices with their stop reasons.
            Errors::OrDetail => is_detail(node),
            _ => node.get("choices").and_then(error_in).is_some(),
        }
}

/// Returns `true` for an error in the format of `FastAPI`.
fn is_detail(node: &Node<'_>) -> bool {
    node.at("detail").is_some() && !node.has_member("choices")
}

/// Returns `true` if the value of a member `error` is an error: `true`, a non-empty object, or a
/// non-empty string. Some providers send `"error": null` in every chunk.
fn is_error_value(value: Json<'_>) -> bool {
    value.is_true()
        || value.is_object() && !is_empty_container(value.as_bytes())
        || value.as_text().is_some_and(|text| !text.is_empty())
}

/// Returns `true` if a choice failed.
pub(super) fn is_error_in(choice: &Node<'_>) -> bool {
    choice.get("error").is_some_and(is_object)
}

fn is_object(error: Json<'_>) -> bool {
    error.is_object() && is_error_value(error)
}

/// Returns the first error inside a choice.
#[inline(never)]
fn error_in(choices: Json<'_>) -> Option<Json<'_>> {
    choices.elements().find_map(|choice| member(choice, "error").filter(|error| is_object(*error)))
}
