//! What payloads of several providers hold.

use core::fmt;

use super::{Discriminator, Json, JsonStr, List, ListIter};
use crate::json::{Fill, Pass, object};
use crate::value::write_lossy;

object! {
    /// An error as providers describe it: an `error` object, or, where the
    /// provider sends no more than a string, its message.
    ///
    /// `OpenAI`'s and Anthropic's `error`. Left out: what single providers add,
    /// such as `metadata` and `failed_generation`.
    pub ErrorBody<'a> {
        /// What kind of error it is, such as `server_error` or `overloaded_error`; Google's
        /// `status`, such as `RESOURCE_EXHAUSTED`.
        pub kind: Option<JsonStr<'a>> = "type" | "status",
        /// What kind of error it is, for programs.
        pub code: Option<Code<'a>> = "code",
        /// What went wrong, for people.
        pub message: Option<JsonStr<'a>> = "message",
        /// The parameter of the request that it is about.
        pub param: Option<JsonStr<'a>> = "param",
    } else ErrorBody::of_message
}

impl<'a> ErrorBody<'a> {
    /// An empty message is none.
    fn of_message(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let mut message = JsonStr::default();
        let rest = message.fill(pass, value);
        pass.took &= !message.is_empty();
        if pass.took {
            self.message = Some(message);
        }
        rest
    }
}

object! {
    /// An event that is an error or of a type that is not known.
    pub(super) MaybeError<'a> {
        /// The error where it is nested.
        nested: Option<ErrorBody<'a>> = "error",
        /// The error where it is flat.
        code: Option<Code<'a>> = "code",
        message: Option<JsonStr<'a>> = "message",
        param: Option<JsonStr<'a>> = "param",
        /// The event's number in the stream.
        pub(super) sequence_number: Option<u64> = "sequence_number",
    }
}

impl<'a> MaybeError<'a> {
    /// The error, if the event is one: nested, or, in an event that calls itself one, flat.
    pub(super) fn error(&self, name: &Discriminator<'a>) -> Option<ErrorBody<'a>> {
        let is_error = name.is("error");
        let Self { nested, code, message, param, .. } = *self;
        if !is_error && name.is_typed() {
            return None;
        }
        nested.or(is_error.then_some(ErrorBody { kind: None, code, message, param }))
    }
}

/// Fills a place that takes a string or something else with the one that comes.
fn fill_either<'a, T, Other: Fill<'a> + Default>(
    place: &mut T,
    of_text: fn(JsonStr<'a>) -> T,
    of_other: fn(Other) -> T,
    pass: &mut Pass,
    value: &'a [u8],
) -> Option<&'a [u8]> {
    let (mut text, mut other) = (JsonStr::default(), Other::default());
    let is_text = value.starts_with(b"\"");
    let rest = if is_text { text.fill(pass, value) } else { other.fill(pass, value) }?;
    if pass.took {
        *place = if is_text { of_text(text) } else { of_other(other) };
    }
    Some(rest)
}

/// An error's code: a word, or, with some providers, a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code<'a> {
    /// Such as `rate_limit_exceeded`.
    Text(JsonStr<'a>),
    /// Such as 429 or -32602.
    Number(i64),
}

impl Default for Code<'_> {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl<'a> Fill<'a> for Code<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        fill_either(self, Self::Text, Self::Number, pass, value)
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

/// A string, or, where a provider sends JSON of another kind in its place, that as it stands.
///
/// A tool's arguments are documented as a string that holds JSON; some servers send the JSON
/// itself.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StrOrJson<'a> {
    /// A string.
    Str(JsonStr<'a>),
    /// A value of any other kind but `null`.
    Json(Json<'a>),
}

impl<'a> StrOrJson<'a> {
    /// Whether it is the empty string.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Str(text) => text.is_empty(),
            Self::Json(_) => false,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub const fn as_json_str(&self) -> Option<JsonStr<'a>> {
        match *self {
            Self::Str(text) => Some(text),
            Self::Json(_) => None,
        }
    }

    /// Writes the decoded string, or the JSON as it stands.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        match self {
            Self::Str(text) => text.write_to(out),
            Self::Json(json) => write_lossy(json.as_bytes(), out),
        }
    }
}

impl<'a> From<JsonStr<'a>> for StrOrJson<'a> {
    fn from(text: JsonStr<'a>) -> Self {
        Self::Str(text)
    }
}

impl Default for StrOrJson<'_> {
    fn default() -> Self {
        Self::Str(JsonStr::default())
    }
}

impl<'a> Fill<'a> for StrOrJson<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        fill_either(self, Self::Str, Self::Json, pass, value)
    }

    fn is_empty(&self) -> bool {
        StrOrJson::is_empty(self)
    }
}

/// As the string decodes; no JSON of another kind equals a text.
impl PartialEq<&str> for StrOrJson<'_> {
    fn eq(&self, other: &&str) -> bool {
        matches!(self, Self::Str(text) if text == other)
    }
}

/// The decoded string, or the JSON as it stands.
impl fmt::Display for StrOrJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl fmt::Debug for StrOrJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(text) => text.fmt(f),
            Self::Json(json) => json.fmt(f),
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
    #[inline]
    pub fn texts(&self) -> Texts<'_, 'a> {
        match self {
            Self::Text(text) => Texts::from(*text),
            Self::Parts(parts) => Texts { text: None, parts: Some(parts.iter()) },
        }
    }

    /// The model's thinking, one piece for each text in the parts whose type is `thinking`.
    ///
    /// Content that is no list of parts has none.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::payload::{Content, chat::Chunk};
    ///
    /// let data = r#"{"choices":[{"delta":{"content":[
    ///     {"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},
    ///     {"type":"text","text":"Hi"}]}}]}"#;
    /// let chunk = Chunk::parse(&Event::new(data))?;
    /// let delta = chunk.choices.first().and_then(|choice| choice.delta).expect("a delta");
    /// let content = delta.content.expect("parts");
    /// assert_eq!(content.thoughts().next().expect("a text"), "Hm.");
    /// assert_eq!(content.texts().next().expect("a text"), "Hi");
    /// # Ok::<(), sseam::llm::payload::Error>(())
    /// ```
    pub fn thoughts(&self) -> impl Iterator<Item = JsonStr<'a>> + '_ {
        let parts = if let Self::Parts(parts) = self { Some(parts.iter()) } else { None };
        let parts = parts.into_iter().flatten().filter(|part| part.is("thinking"));
        parts.filter_map(|part| part.thinking).flat_map(|thinking| {
            let parts = thinking.elements().filter_map(|part| part.read::<ContentPart<'a>>());
            let texts = parts.filter(|part| part.is("text")).filter_map(|part| part.text);
            thinking.text().into_iter().chain(texts)
        })
    }
}

impl Default for Content<'_> {
    fn default() -> Self {
        Self::Text(JsonStr::default())
    }
}

impl<'a> Fill<'a> for Content<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        fill_either(self, Self::Text, Self::Parts, pass, value)
    }

    #[inline]
    fn usual(value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        JsonStr::usual(value).map(|(text, rest)| (Self::Text(text), rest))
    }
}

/// Writes the text, and of parts those that are text.
impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.texts().try_for_each(|text| text.write_to(f))
    }
}

/// The texts of a [`Content`], in order.
#[derive(Clone, Debug, Default)]
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Texts<'l, 'a> {
    text: Option<JsonStr<'a>>,
    parts: Option<ListIter<'l, 'a, ContentPart<'a>>>,
}

impl<'a> From<JsonStr<'a>> for Texts<'_, 'a> {
    #[inline]
    fn from(text: JsonStr<'a>) -> Self {
        Self { text: Some(text), parts: None }
    }
}

impl<'a> Iterator for Texts<'_, 'a> {
    type Item = JsonStr<'a>;

    #[inline]
    fn next(&mut self) -> Option<JsonStr<'a>> {
        if let Some(text) = self.text.take() {
            return Some(text);
        }
        self.parts.as_mut()?.find_map(|part| part.text.filter(|_| part.is("text")))
    }
}

impl core::iter::FusedIterator for Texts<'_, '_> {}

object! {
    /// A part of a [`Content`]. Left out: all that is neither text nor thinking, such as
    /// Mistral's references.
    pub ContentPart<'a> {
        /// What kind of part it is: `text`, `thinking`, or another.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The thinking, mostly a list of parts: see [`Content::thoughts`].
        pub thinking: Option<Json<'a>> = "thinking",
    }
}

impl ContentPart<'_> {
    fn is(&self, kind: &str) -> bool {
        self.kind.is_some_and(|is| is == *kind)
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
            Discriminator::Type(text) | Discriminator::EscapedType(text) => Some(*text),
            Discriminator::Line(line) => {
                line.to_str().ok().and_then(|line| JsonStr::new(line).ok())
            }
            Discriminator::None => None,
        };
        Self { kind }
    }
}
