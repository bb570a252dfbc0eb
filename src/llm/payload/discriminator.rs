//! An event's name.

use crate::json::{self, JsonStr};
use crate::llm::sentinel::is_unnamed;
use crate::size::IS_SMALL;
use crate::{Event, Value};

/// An event's name: a string in its JSON, such as `type`, or else the `event` line, unless that is
/// `message`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Discriminator<'a> {
    /// A string in the JSON, without escapes.
    Type(JsonStr<'a>),
    /// A string in the JSON, with escapes.
    EscapedType(JsonStr<'a>),
    Line(Value<'a>),
    None,
}

impl<'a> Discriminator<'a> {
    /// Returns the JSON's `type`, or the `event` line if `type` is absent or empty.
    #[inline]
    pub(crate) fn of(event: &Event<'a>) -> Self {
        let usual = event.data().as_bytes().strip_prefix(br#"{"type":""#);
        match usual.and_then(json::short_string::<3>) {
            Some((text @ [_, ..], [b',', ..])) => Self::Type(JsonStr::from_validated(text)),
            _ => Self::of_member(event, "type").unwrap_or_else(|| Self::of_line(event)),
        }
    }

    /// Returns the first string in the JSON with that name that is not empty.
    #[inline(never)]
    pub(super) fn of_member(event: &Event<'a>, member: &str) -> Option<Self> {
        json::members(event.data().as_bytes()).find_map(|(name, value)| {
            let text = if name == *member { value.as_text() } else { None };
            text.filter(|text| !text.is_empty()).map(Self::of_text)
        })
    }

    /// Makes a name of a string in the JSON.
    pub(crate) fn of_text(text: JsonStr<'a>) -> Self {
        if IS_SMALL || text.is_plain() { Self::Type(text) } else { Self::EscapedType(text) }
    }

    /// Returns the name on the `event` line.
    #[inline]
    pub(crate) fn of_line(event: &Event<'a>) -> Self {
        if is_unnamed(event) { Self::None } else { Self::Line(event.event_type()) }
    }

    /// Compares whole names: `response.mcp_call.failed` is not `failed`.
    #[inline]
    pub(crate) fn is(&self, name: &str) -> bool {
        match self {
            Self::Type(text) if !IS_SMALL => text.as_bytes() == name.as_bytes(),
            _ => self.is_otherwise(name),
        }
    }

    #[inline(never)]
    fn is_otherwise(&self, name: &str) -> bool {
        match self {
            Self::Type(text) | Self::EscapedType(text) => *text == name,
            Self::Line(line) => *line == name,
            Self::None => false,
        }
    }

    /// Returns `true` if the name is in the JSON.
    #[inline]
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self, Self::Type(_) | Self::EscapedType(_))
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        match self {
            Self::Type(text) | Self::EscapedType(text) => text.starts_with(prefix),
            Self::Line(line) => line.as_bytes().starts_with(prefix.as_bytes()),
            Self::None => false,
        }
    }
}
