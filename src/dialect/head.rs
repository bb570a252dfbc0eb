//! What an event calls itself, and whether it is an error without a name.

use super::Name;
use crate::json::{self, Json, JsonStr};
use crate::{Event, Item, Value};

/// The event type of an event that has none of its own.
const UNNAMED: &str = "message";

/// What tells one kind of event from another: the JSON's `type`, whatever the
/// order of the lines. Where it has none, an empty one, or is no JSON, the `event`
/// line stands in, unless it says `message`.
#[derive(Clone, Copy)]
pub(crate) enum Discriminator<'a> {
    Type(JsonStr<'a>),
    /// As above, with escapes.
    EscapedType(JsonStr<'a>),
    Line(Value<'a>),
    None,
}

impl Discriminator<'_> {
    /// Whole names only: `response.mcp_call.failed` is not `failed`.
    #[inline]
    pub(crate) fn is(&self, name: &str) -> bool {
        if let Self::Type(text) = self {
            return text.as_bytes() == name.as_bytes();
        }
        self.is_otherwise(name)
    }

    #[inline(never)]
    fn is_otherwise(&self, name: &str) -> bool {
        match self {
            Self::Type(text) | Self::EscapedType(text) => *text == name,
            Self::Line(line) => *line == name,
            Self::None => false,
        }
    }

    #[inline]
    pub(super) fn is_keep_alive(&self) -> bool {
        self.is("ping") || self.is("keepalive")
    }

    /// Whether it is what the JSON says.
    #[inline]
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self, Self::Type(_) | Self::EscapedType(_))
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        match self {
            Self::Type(text) | Self::EscapedType(text) => text.starts_with(prefix),
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
    /// Reads up to behind `type`, and where there is none, all of it.
    #[inline]
    pub(crate) fn of(event: &Event<'a>) -> Self {
        let usual = event.data().as_bytes().strip_prefix(br#"{"type":""#);
        match usual.and_then(json::near_string::<3>) {
            Some((text @ [_, ..], [b',', ..])) => Self {
                discriminator: Discriminator::Type(JsonStr::of_valid(text)),
                is_untyped_error: false,
            },
            _ => Self::search(event),
        }
    }

    #[inline(never)]
    fn search(event: &Event<'a>) -> Self {
        let mut has_error = false;
        for (name, value) in json::members(event.data().as_bytes()) {
            if name == "type" {
                if let Some(text) = value.text().filter(|text| !text.is_empty()) {
                    let discriminator = if text.is_plain() {
                        Discriminator::Type(text)
                    } else {
                        Discriminator::EscapedType(text)
                    };
                    return Self { discriminator, is_untyped_error: false };
                }
            } else if name == "error" {
                has_error |= is_error(&value);
            }
        }
        let discriminator = line(event).map_or(Discriminator::None, Discriminator::Line);
        Self { discriminator, is_untyped_error: has_error && !discriminator.is_keep_alive() }
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
        Discriminator::Type(text) | Discriminator::EscapedType(text) => Name::decoded(text),
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
