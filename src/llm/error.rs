//! Errors that providers send, in all the shapes in which they come.

use core::fmt;

use super::Piece;
use super::node::{Node, Path, is_hollow, member, parts};
use super::payload::Code;
use super::protocol::Errors;
use super::sentinel::trim;
use crate::json::{Json, JsonStr, space};

/// An error that a provider has sent, as far as it says something.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ProviderError<'a> {
    /// What kind of error it is, such as `overloaded_error`.
    pub kind: Option<JsonStr<'a>>,
    /// What kind of error it is, for programs.
    pub code: Option<Code<'a>>,
    /// What went wrong, for people.
    pub message: Option<Piece<'a>>,
}

/// Writes the message, and after it the code, or else the kind.
impl fmt::Display for ProviderError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_ref().map(|message| message as &dyn fmt::Display);
        let code = self.code.as_ref().map(|code| code as &dyn fmt::Display);
        let kind = self.kind.as_ref().map(|kind| kind as &dyn fmt::Display);
        match (message, code.or(kind)) {
            (Some(message), Some(code)) => write!(f, "{message} ({code})"),
            (Some(one), None) | (None, Some(one)) => one.fmt(f),
            (None, None) => f.write_str("an error that says nothing"),
        }
    }
}

/// Where the message, the code and the kind stand in an error.
const MESSAGE: Path = "message|errorText|msg|status_msg|error_message|detail|error|reason";
const CODE: Path = "code|status_code|error_code";
const KIND: Path = "type|status|error_type";

/// Where an error stands in an event that is one.
const BODIES: Path =
    "error|response.error|errors|base_resp|detail|last_error|delta.error|data.error";

impl<'a> ProviderError<'a> {
    /// The error in an event that is one.
    pub(super) fn of(node: &Node<'a>, data: &'a [u8]) -> Self {
        let in_choice = || node.get("choices").and_then(error_in);
        let mut bodies = parts(BODIES, b'|').filter_map(|path| node.at(path));
        let body = bodies.find(|body| is_body(*body));
        let in_batch = || in_batch(data);
        let Some(body) = body.or_else(in_choice).or_else(in_batch) else {
            return Self::of_body(node, true).or_text(data);
        };
        // Of several the first.
        let body = body.elements().next().unwrap_or(body);
        let text = |text: JsonStr<'a>| Self { message: Some(piece(text)), ..Self::default() };
        let inner = body.text().map_or_else(|| Self::of_body(&Node::of(body), false), text);
        inner.or(Self::of_body(node, true))
    }

    fn of_body(node: &Node<'a>, is_event: bool) -> Self {
        let code = node.at(CODE).and_then(|code| code.read());
        // An event's type says no more than that it is an error.
        let kind = if is_event && !node.is("object", "error") { "error_type" } else { KIND };
        Self { kind: node.text(kind), code, message: node.text(MESSAGE).map(piece) }
    }

    /// What one leaves open, the other may say.
    #[inline(never)]
    fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.or(other.kind),
            code: self.code.or(other.code),
            message: self.message.or(other.message),
        }
    }

    /// Plain text is its own message.
    fn or_text(self, data: &'a [u8]) -> Self {
        let text = trim(data);
        let is_text = !matches!(text, [] | [b'{' | b'[', ..]);
        let message = if is_text { Some(Piece::of_bytes(text)) } else { None };
        self.or(Self { message, ..Self::default() })
    }
}

impl<'a> ProviderError<'a> {
    /// The error in the data of an event that is one; there is no name.
    pub(super) fn of_data(_: &'a [u8], data: &'a [u8]) -> Self {
        Self::of(&Node::of_data(data), data)
    }

    /// The error on a line that the parser took for a field, or what a further line says of it.
    pub(super) fn of_field(name: &'a [u8], value: &'a [u8]) -> Self {
        let node = Node::of_field(name, value);
        if is_error(&node, Errors::OrDetail) {
            return Self::of(&node, b"");
        }
        Self::of_body(&node, false).or_text(if name == b"error" { value } else { b"" })
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.kind.is_none() && self.code.is_none() && self.message.is_none()
    }
}

/// The last error in a batch of messages.
fn in_batch(data: &[u8]) -> Option<Json<'_>> {
    let errors = Json::of_skipped(space(data)).elements().filter_map(|it| member(it, "error"));
    errors.filter(|error| is_body(*error)).last()
}

fn piece(text: JsonStr<'_>) -> Piece<'_> {
    Piece::of(text.into())
}

/// Whether the value can hold an error's words.
fn is_body(value: Json<'_>) -> bool {
    value.is_object() || value.is_array() || value.text().is_some()
}

/// Whether an event, or a bare line of JSON, is an error in other clothes.
pub(super) fn is_error(node: &Node<'_>, errors: Errors) -> bool {
    if errors == Errors::Nowhere {
        return false;
    }
    let is_list = |errors: Json<'_>| errors.elements().next().is_some();
    let has_data = || errors == Errors::WithoutData && node.get("data").is_some();
    node.get("error").is_some_and(is_one)
        || node.get("errors").is_some_and(is_list) && !has_data()
        || node.is("object", "error")
        || node.at("base_resp.status_code").is_some_and(|code| code.u64() != Some(0))
        || match errors {
            // There the choices are read for their reasons, too.
            Errors::OrDetail => is_detail(node),
            _ => node.get("choices").and_then(error_in).is_some(),
        }
}

/// That of `FastAPI`.
fn is_detail(node: &Node<'_>) -> bool {
    node.at("detail").is_some() && !node.has_member("choices")
}

/// Whether the value of a member `error` is an error: an object that is not empty, `true`, or a
/// string that is not empty. `"error": null` is in every chunk of some providers.
fn is_one(value: Json<'_>) -> bool {
    value.is_true()
        || value.is_object() && !is_hollow(value.as_bytes())
        || value.text().is_some_and(|text| !text.is_empty())
}

/// Whether a choice is one that failed.
pub(super) fn is_error_in(choice: &Node<'_>) -> bool {
    choice.get("error").is_some_and(is_object)
}

fn is_object(error: Json<'_>) -> bool {
    error.is_object() && is_one(error)
}

/// The error inside a choice.
#[inline(never)]
fn error_in(choices: Json<'_>) -> Option<Json<'_>> {
    choices.elements().find_map(|choice| member(choice, "error").filter(|error| is_object(*error)))
}
