//! What an event calls itself, and whether it is an error without a name.

use super::Name;
use super::peek::{self, Json, Text};
use super::reason::member;
use crate::{Event, Item, Value};

/// The event type of an event that has none of its own.
const UNNAMED: &str = "message";

/// What tells one kind of event from another: the JSON's `type`, whatever the
/// order of the lines. Where it has none, an empty one, or is no JSON, the `event`
/// line stands in, unless it says `message`.
#[derive(Clone, Copy)]
pub(crate) enum Discriminator<'a> {
    Type(Text<'a>),
    Line(Value<'a>),
    None,
}

impl Discriminator<'_> {
    /// Whole names only: `response.mcp_call.failed` is not `failed`.
    #[inline]
    pub(crate) fn is(&self, name: &str) -> bool {
        match self {
            Self::Type(text) => *text == name,
            Self::Line(line) => *line == name,
            Self::None => false,
        }
    }

    #[inline]
    pub(super) fn is_keep_alive(&self) -> bool {
        self.is("ping") || self.is("keepalive")
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        match self {
            Self::Type(text) => text.starts_with(prefix),
            Self::Line(line) => line.as_bytes().starts_with(prefix.as_bytes()),
            Self::None => false,
        }
    }
}

/// The top level of an event, as far as it has to be read.
pub(crate) struct Head<'a> {
    pub(crate) discriminator: Discriminator<'a>,
    /// Whether it is untyped, and its `error` is one.
    pub(super) is_untyped_error: bool,
}

impl<'a> Head<'a> {
    /// Reads up to `type`, and where there is none, all of it.
    #[inline]
    pub(crate) fn of(event: &Event<'a>) -> Self {
        let mut members = peek::members(event.data().as_bytes());
        let mut kind = members.next_if_named("type");
        let mut error = None;
        if kind.is_none() {
            for (name, value) in members {
                if name == "type" {
                    kind = Some(value);
                    break;
                }
                if name == "error" {
                    error.get_or_insert(value);
                }
            }
        }
        if let Some(text) = kind.and_then(|kind| kind.text()).filter(|text| !text.is_empty()) {
            return Self { discriminator: Discriminator::Type(text), is_untyped_error: false };
        }
        if kind.is_some() && error.is_none() {
            // It names nothing, and hid what follows it.
            error = member(peek::members(event.data().as_bytes()), "error");
        }
        let discriminator = line(event).map_or(Discriminator::None, Discriminator::Line);
        let is_error = error.is_some_and(|error| is_error(&error));
        Self { discriminator, is_untyped_error: is_error && !discriminator.is_keep_alive() }
    }
}

/// Whether the value of a member `error` is an error: an object, or a string
/// that is not empty. `"error": null` is in every chunk of some providers.
pub(super) fn is_error(value: &Json<'_>) -> bool {
    value.is_object() || value.text().is_some_and(|text| !text.is_empty())
}

/// The name on the event's `event` line, if there is one that tells something.
#[inline]
pub(super) fn line<'a>(event: &Event<'a>) -> Option<Value<'a>> {
    let event_type = event.event_type();
    (event_type != UNNAMED).then_some(event_type)
}

/// Whether the event is called `done` on its `event` line, and its data does not
/// look cut off. What that data is does not matter.
pub(super) fn is_named_done(event: &Event<'_>) -> bool {
    let data = event.data().as_bytes().trim_ascii();
    let is_cut = b"[DONE]".starts_with(data) || data.starts_with(b"{") && !data.ends_with(b"}");
    event.event_type() == "done" && !is_cut
}

/// Whether an `event` line is that of a keep-alive.
pub(super) fn is_keep_alive(line: Value<'_>) -> bool {
    line == "ping" || line == "keepalive"
}

/// What is shown for an event: as [`Discriminator`], and `[DONE]`.
pub(super) fn shown_name(event: &Event<'_>, discriminator: Discriminator<'_>) -> Name {
    match discriminator {
        Discriminator::Type(text) => Name::decoded(text),
        _ if super::is_done(event) => Name::new(Value::new(b"[DONE]")),
        _ => Name::new(event.event_type()),
    }
}

/// Whether the notification is a field named `error`, bare or in quotes, as
/// llama.cpp sent `error: {…}` and old Gemini servers bare lines of JSON.
pub(super) fn is_error_field(item: &Item<'_>) -> bool {
    let Item::UnknownField { name, value, .. } = item else { return false };
    let value = value.as_bytes().trim_ascii();
    matches!(name.as_bytes().trim_ascii(), b"error" | b"\"error\"")
        && !matches!(value, b"" | b"null" | b"null," | b"\"\"" | b"\"\",")
}

/// Whether the notification is an error: such a field, or an event of the type
/// `error` that has no data.
pub(super) fn is_failure(item: &Item<'_>) -> bool {
    is_error_field(item) || is_empty_block(item, "error")
}

/// Whether the notification is a block with this event type and no data.
pub(super) fn is_empty_block(item: &Item<'_>, name: &str) -> bool {
    matches!(item, Item::EmptyBlock { event_type, .. } if *event_type == name)
}
