//! What payloads of several providers hold.

use core::fmt;

use super::object::{Read, object};
use super::{JsonStr, List};
use crate::dialect::Discriminator;
use crate::dialect::peek::Json;

object! {
    /// An error as providers describe it: an `error` object, or, where the
    /// provider sends no more than a string, its message.
    ///
    /// `OpenAI`'s and Anthropic's `error`. Left out: what single providers add,
    /// such as `metadata` and `failed_generation`.
    pub ErrorBody<'a> {
        /// What kind of error it is, such as `server_error` or `overloaded_error`.
        kind: Option<JsonStr<'a>> = "type",
        /// What kind of error it is, for programs.
        code: Option<Code<'a>> = "code",
        /// What went wrong, for people.
        message: Option<JsonStr<'a>> = "message",
        /// The parameter of the request that it is about.
        param: Option<JsonStr<'a>> = "param",
    } else ErrorBody::of_message
}

impl<'a> ErrorBody<'a> {
    /// An empty message is none.
    fn of_message(value: Json<'a>) -> Option<Self> {
        let message = JsonStr::read(value).filter(|message| !message.is_empty())?;
        Some(Self { message: Some(message), ..Self::default() })
    }
}

/// An error's code: a word, or, with some providers, a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code<'a> {
    /// Such as `rate_limit_exceeded`.
    Text(JsonStr<'a>),
    /// Such as 429.
    Number(u64),
}

impl<'a> Read<'a> for Code<'a> {
    fn read(value: Json<'a>) -> Option<Self> {
        match value.u64() {
            Some(number) => Some(Self::Number(number)),
            None => JsonStr::read(value).map(Self::Text),
        }
    }
}

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A text, or a list of parts, of which some are text.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content<'a> {
    /// A text, as nearly all send it.
    Text(JsonStr<'a>),
    /// Parts, as Mistral sends them where it thinks.
    Parts(List<'a, ContentPart<'a>>),
}

impl<'a> Content<'a> {
    /// The text, in one piece or, of parts, in one for each whose type is `text`.
    pub fn texts(&self) -> impl Iterator<Item = JsonStr<'a>> + use<'a> {
        let (text, parts) = match *self {
            Self::Text(text) => (Some(text), List::default()),
            Self::Parts(parts) => (None, parts),
        };
        let texts = parts.into_iter().filter_map(|part: ContentPart<'a>| match part.kind {
            Some(kind) if kind == "text" => part.text,
            _ => None,
        });
        text.into_iter().chain(texts)
    }
}

impl<'a> Read<'a> for Content<'a> {
    fn read(value: Json<'a>) -> Option<Self> {
        match JsonStr::read(value) {
            Some(text) => Some(Self::Text(text)),
            None => List::read(value).map(Self::Parts),
        }
    }
}

/// Writes the text, and of parts those that are text.
impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.texts().try_for_each(|text| text.write_to(f))
    }
}

object! {
    /// A part of a [`Content`]. Left out: all that is no text.
    pub ContentPart<'a> {
        /// What kind of part it is: `text` or another.
        kind: Option<JsonStr<'a>> = "type",
        /// The text.
        text: Option<JsonStr<'a>> = "text",
    }
}

/// An event of a type that is not known here, which is no error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Other<'a> {
    /// The JSON's `type`, or what the `event` line says, if either tells.
    pub kind: Option<JsonStr<'a>>,
}

impl<'a> Other<'a> {
    pub(super) fn of(name: &Discriminator<'a>) -> Self {
        let kind = match name {
            Discriminator::Type(text) => JsonStr::of_checked(*text),
            Discriminator::Line(line) => {
                line.to_str().ok().and_then(|line| JsonStr::new(line).ok())
            }
            Discriminator::None => None,
        };
        Self { kind }
    }
}
