//! Types that the payloads of several providers share.

use core::fmt;

use super::{Discriminator, Json, JsonStr, List, ListIter};
use crate::json::{Fill, Pass, object};
use crate::value::write_lossy;

object! {
    /// A provider's `error`: an object, or a string, which is the message.
    ///
    /// Not included: members of single providers, such as `metadata` and `failed_generation`.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::payload::chat::Chunk;
    ///
    /// let data = r#"{"error":{"message":"Slow down","type":"rate_limit_error","code":429}}"#;
    /// let error = Chunk::parse(&Event::new(data))?.error.expect("an error");
    /// assert_eq!(error.message.expect("a message"), "Slow down");
    /// assert_eq!(error.code.expect("a code").to_string(), "429");
    /// # Ok::<(), sseam::llm::payload::Error>(())
    /// ```
    pub ErrorBody<'a> {
        /// The kind of error, such as `server_error` or `overloaded_error`. From Google, the
        /// `status`, such as `RESOURCE_EXHAUSTED`.
        pub kind: Option<JsonStr<'a>> = "type" | "status",
        /// The code, a word or a number.
        pub code: Option<Code<'a>> = "code",
        /// The message, for people.
        pub message: Option<JsonStr<'a>> = "message",
        /// The parameter of the request that caused it.
        pub param: Option<JsonStr<'a>> = "param",
    } else ErrorBody::of_message
}

impl<'a> ErrorBody<'a> {
    /// Reads a string as the message. An empty one counts as absent.
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
    /// An event that is an error, or of an unknown type.
    pub(super) MaybeError<'a> {
        /// The error, if it is nested.
        nested: Option<ErrorBody<'a>> = "error",
        /// The error, if it is flat.
        code: Option<Code<'a>> = "code",
        message: Option<JsonStr<'a>> = "message",
        param: Option<JsonStr<'a>> = "param",
        /// The event's sequence number.
        pub(super) sequence_number: Option<u64> = "sequence_number",
    }
}

impl<'a> MaybeError<'a> {
    /// Returns the error, if the event is one: nested, or flat in an event named `error`.
    pub(super) fn error(&self, name: &Discriminator<'a>) -> Option<ErrorBody<'a>> {
        let is_error = name.is("error");
        let Self { nested, code, message, param, .. } = *self;
        if !is_error && name.is_typed() {
            return None;
        }
        nested.or(is_error.then_some(ErrorBody { kind: None, code, message, param }))
    }
}

/// Reads a string or a value of another type into an enum of both.
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

/// An error's code: a word, or, from some providers, a number.
///
/// See [`ErrorBody`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code<'a> {
    /// A word, such as `rate_limit_exceeded`.
    Text(JsonStr<'a>),
    /// A number, such as 429 or -32602.
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

/// A string, or any other JSON value, raw.
///
/// Used for a tool's arguments: the APIs document a string that contains JSON, and some servers
/// send the JSON itself.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::payload::StrOrJson;
/// use sseam::llm::payload::cohere::StreamEvent as CohereEvent;
///
/// let data = r#"{"type":"tool-call-delta","delta":{"message":
///     {"tool_calls":{"function":{"arguments":{"x":1}}}}}}"#;
/// let CohereEvent::ToolCallDelta(piece) = CohereEvent::parse(&Event::new(data))? else {
///     panic!("another event");
/// };
/// let function = piece.message.tool_call.and_then(|call| call.function).expect("a function");
/// let arguments = function.arguments.expect("arguments");
/// assert!(matches!(arguments, StrOrJson::Json(_)));
/// assert_eq!(arguments.to_string(), r#"{"x":1}"#);
/// # Ok::<(), sseam::llm::payload::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StrOrJson<'a> {
    /// A string.
    Str(JsonStr<'a>),
    /// A value of any other type but `null`.
    Json(Json<'a>),
}

impl<'a> StrOrJson<'a> {
    /// Returns `true` for the empty string.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Str(text) => text.is_empty(),
            Self::Json(_) => false,
        }
    }

    /// Returns the string, if it is one.
    #[must_use]
    pub const fn as_json_str(&self) -> Option<JsonStr<'a>> {
        match *self {
            Self::Str(text) => Some(text),
            Self::Json(_) => None,
        }
    }

    /// Writes the decoded string, or the raw JSON.
    ///
    /// # Errors
    ///
    /// Those of `out`, which may have received a part of the text.
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

/// Compares with the decoded string. A value of another type equals no string.
impl PartialEq<&str> for StrOrJson<'_> {
    fn eq(&self, other: &&str) -> bool {
        matches!(self, Self::Str(text) if text == other)
    }
}

/// Writes the decoded string, or the raw JSON.
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

/// Content of a message: a string, or a list of parts, such as text and thinking.
///
/// See [`thoughts`](Self::thoughts) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content<'a> {
    /// A string, from nearly all providers.
    Text(JsonStr<'a>),
    /// A list of parts, from Mistral's reasoning models.
    Parts(List<'a, ContentPart<'a>>),
}

impl<'a> Content<'a> {
    /// Returns an iterator over the visible text: the string, or the text of each part of type
    /// `text`.
    #[inline]
    pub fn texts(&self) -> Texts<'_, 'a> {
        match self {
            Self::Text(text) => Texts::of(Some(*text)),
            Self::Parts(parts) => Texts { text: None, parts: Some(parts.iter()) },
        }
    }

    /// Returns an iterator over the model's thinking: each text in the parts of type `thinking`.
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
            thinking.as_text().into_iter().chain(texts)
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

/// Writes the visible text.
impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.texts().try_for_each(|text| text.write_to(f))
    }
}

/// An iterator over the visible text of a [`Content`]. Returned by [`Content::texts`] and
/// [`Choice::texts`](super::chat::Choice::texts).
#[derive(Clone, Debug, Default)]
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Texts<'l, 'a> {
    text: Option<JsonStr<'a>>,
    parts: Option<ListIter<'l, 'a, ContentPart<'a>>>,
}

impl<'a> Texts<'_, 'a> {
    #[inline]
    pub(super) const fn of(text: Option<JsonStr<'a>>) -> Self {
        Self { text, parts: None }
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
    /// A part of a [`Content`].
    ///
    /// Not included: members of other kinds of parts, such as Mistral's references.
    pub ContentPart<'a> {
        /// The kind of part: `text`, `thinking`, or another.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The thinking, usually a list of parts: see [`Content::thoughts`].
        pub thinking: Option<Json<'a>> = "thinking",
    }
}

impl ContentPart<'_> {
    fn is(&self, kind: &str) -> bool {
        self.kind.is_some_and(|is| is == *kind)
    }
}

/// An event of an unknown type. This is not an error: providers add types.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::payload::responses;
///
/// let event = Event::new(r#"{"type":"response.new_in_2030","x":1}"#);
/// let responses::StreamEvent::Other(other) = responses::StreamEvent::parse(&event)? else {
///     panic!("a known type");
/// };
/// assert_eq!(other.kind.expect("a type"), "response.new_in_2030");
/// # Ok::<(), sseam::llm::payload::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Other<'a> {
    /// The JSON's `type`, or else the `event` line, if there is one.
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
