//! What our types hold, written by hand for serde: each struct with the members of
//! one of ours.
//!
//! What is of one of two kinds is a type parameter, as serde-json-core cannot look
//! at a value to know its kind.

#![allow(clippy::struct_field_names)] // They are the providers' names.

use serde::Deserialize;
use sseam::payload::{self, Code, Content, JsonStr, List, chat, messages, responses};

type Text<'a> = Option<JsonStr<'a>>;
type Number = Option<u64>;

/// Structs, what serde has to know of their parameters, and which of ours they hold.
macro_rules! mirrors {
    ($(
        $name:ident [$($generics:tt)*] = $ours:ty, $bound:literal, [$($where:tt)*] {
            $($field:ident: $type:ty $(= $member:literal $(| $alias:literal)*)?,)*
        }
    )*) => {$(
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(bound(deserialize = $bound))]
        pub struct $name<$($generics)*> {
            $(#[serde(default, $(rename = $member $(, alias = $alias)*)?)] pub $field: $type,)*
        }

        impl<$($generics)*> Holds<$ours> for $name<$($generics)*> where $($where)* {
            fn holds(&self, ours: &$ours) -> bool {
                $(self.$field.holds(&ours.$field))&&*
            }
        }
    )*};
}

mirrors! {
    // Of several providers.
    ErrorBody['a, C] = payload::ErrorBody<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Code<'a>>] {
        kind: Text<'a> = "type",
        code: Option<C>,
        message: Text<'a>,
        param: Text<'a>,
    }
    // All of an event, whose `type` is not that of the error.
    Flat['a, C] = payload::ErrorBody<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Code<'a>>] {
        code: Option<C>,
        message: Text<'a>,
        param: Text<'a>,
    }
    ContentPart['a] = payload::ContentPart<'a>, "'de: 'a", [] {
        kind: Text<'a> = "type",
        text: Text<'a>,
    }

    // Chat Completions.
    Choice['a, C] = chat::Choice<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Content<'a>>] {
        index: OrDefault<u64>,
        delta: Option<ChatDelta<'a, C>>,
        text: Text<'a>,
        finish_reason: Text<'a>,
    }
    ChatDelta['a, C] = chat::Delta<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Content<'a>>] {
        role: Text<'a>,
        content: Option<C>,
        refusal: Text<'a>,
        reasoning: Text<'a> = "reasoning_content" | "reasoning",
        tool_calls: OrDefault<Vec<Option<ToolCall<'a>>>>,
        function_call: Option<Function<'a>>,
    }
    ToolCall['a] = chat::ToolCall<'a>, "'de: 'a", [] {
        index: OrDefault<u64>,
        id: Text<'a>,
        kind: Text<'a> = "type",
        function: Option<Function<'a>>,
    }
    Function['a] = chat::Function<'a>, "'de: 'a", [] {
        name: Text<'a>,
        arguments: Text<'a>,
    }
    ChatUsage[] = chat::Usage, "", [] {
        prompt_tokens: Number,
        completion_tokens: Number,
        total_tokens: Number,
        prompt_tokens_details: Option<PromptTokensDetails>,
        completion_tokens_details: Option<CompletionTokensDetails>,
    }
    PromptTokensDetails[] = chat::PromptTokensDetails, "", [] {
        cached_tokens: Number,
        audio_tokens: Number,
    }
    CompletionTokensDetails[] = chat::CompletionTokensDetails, "", [] {
        reasoning_tokens: Number,
        audio_tokens: Number,
        accepted_prediction_tokens: Number,
        rejected_prediction_tokens: Number,
    }

    // Responses.
    Lifecycle['a, C] = responses::Lifecycle<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Code<'a>>] {
        sequence_number: Number,
        response: OrDefault<Response<'a, C>>,
    }
    Response['a, C] = responses::Response<'a>, "'de: 'a, C: Deserialize<'de>", [C: Holds<Code<'a>>] {
        id: Text<'a>,
        status: Text<'a>,
        model: Text<'a>,
        usage: Option<Usage>,
        error: Option<ErrorBody<'a, C>>,
        incomplete_details: Option<IncompleteDetails<'a>>,
    }
    IncompleteDetails['a] = responses::IncompleteDetails<'a>, "'de: 'a", [] {
        reason: Text<'a>,
    }
    Usage[] = responses::Usage, "", [] {
        input_tokens: Number,
        output_tokens: Number,
        total_tokens: Number,
        input_tokens_details: Option<InputTokensDetails>,
        output_tokens_details: Option<OutputTokensDetails>,
    }
    InputTokensDetails[] = responses::InputTokensDetails, "", [] {
        cached_tokens: Number,
    }
    OutputTokensDetails[] = responses::OutputTokensDetails, "", [] {
        reasoning_tokens: Number,
    }
    Delta['a] = responses::Delta<'a>, "'de: 'a", [] {
        delta: OrDefault<JsonStr<'a>>,
        item_id: Text<'a>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index",
        sequence_number: Number,
    }
    Done['a] = responses::Done<'a>, "'de: 'a", [] {
        text: OrDefault<JsonStr<'a>> = "text" | "refusal" | "arguments" | "input",
        item_id: Text<'a>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index",
        sequence_number: Number,
    }
    OutputItem['a] = responses::OutputItem<'a>, "'de: 'a", [] {
        output_index: OrDefault<u64>,
        item: OrDefault<Item<'a>>,
        sequence_number: Number,
    }
    Item['a] = responses::Item<'a>, "'de: 'a", [] {
        kind: OrDefault<JsonStr<'a>> = "type",
        id: Text<'a>,
        status: Text<'a>,
        role: Text<'a>,
        call_id: Text<'a>,
        name: Text<'a>,
        arguments: Text<'a>,
        input: Text<'a>,
    }
    Contents['a] = responses::ContentPart<'a>, "'de: 'a", [] {
        item_id: Text<'a>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index",
        part: OrDefault<Part<'a>>,
        sequence_number: Number,
    }
    Part['a] = responses::Part<'a>, "'de: 'a", [] {
        kind: OrDefault<JsonStr<'a>> = "type",
        text: Text<'a>,
        refusal: Text<'a>,
    }

    // Messages.
    MessageStart['a] = messages::MessageStart<'a>, "'de: 'a", [] {
        message: OrDefault<Message<'a>>,
    }
    Message['a] = messages::Message<'a>, "'de: 'a", [] {
        id: Text<'a>,
        model: Text<'a>,
        role: Text<'a>,
        stop_reason: Text<'a>,
        usage: OrDefault<MessageUsage>,
    }
    MessageUsage[] = messages::Usage, "", [] {
        input_tokens: Number,
        output_tokens: Number,
        cache_creation_input_tokens: Number,
        cache_read_input_tokens: Number,
    }
    ContentBlockStart['a] = messages::ContentBlockStart<'a>, "'de: 'a", [] {
        index: OrDefault<u64>,
        content_block: OrDefault<ContentBlock<'a>>,
    }
    ContentBlock['a] = messages::ContentBlock<'a>, "'de: 'a", [] {
        kind: OrDefault<JsonStr<'a>> = "type",
        text: Text<'a>,
        thinking: Text<'a>,
        signature: Text<'a>,
        id: Text<'a>,
        name: Text<'a>,
        tool_use_id: Text<'a>,
        data: Text<'a>,
    }
    ContentBlockDelta['a] = messages::ContentBlockDelta<'a>, "'de: 'a", [] {
        index: OrDefault<u64>,
        delta: OrDefault<AnyDelta<'a>>,
    }
    Citation['a] = messages::Citation<'a>, "'de: 'a", [] {
        kind: Text<'a> = "type",
        cited_text: Text<'a>,
        title: Text<'a> = "title" | "document_title",
        url: Text<'a>,
    }
    ContentBlockStop[] = messages::ContentBlockStop, "", [] {
        index: OrDefault<u64>,
    }
    MessageDelta['a] = messages::MessageDelta<'a>, "'de: 'a", [] {
        delta: OrDefault<Stop<'a>>,
        usage: OrDefault<MessageUsage>,
    }
    Stop['a] = messages::Stop<'a>, "'de: 'a", [] {
        stop_reason: Text<'a>,
        stop_sequence: Text<'a>,
    }
}

/// `OpenAI`'s `chat.completion.chunk`, with Groq's own member, and an error that may
/// be flat.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "'de: 'a, C: Deserialize<'de>, E: Deserialize<'de>"))]
pub struct Chunk<'a, C, E> {
    #[serde(default)]
    id: Text<'a>,
    #[serde(default)]
    object: Text<'a>,
    #[serde(default)]
    model: Text<'a>,
    #[serde(default)]
    choices: OrDefault<Vec<Option<Choice<'a, C>>>>,
    #[serde(default)]
    usage: Option<ChatUsage>,
    #[serde(default)]
    x_groq: Option<XGroq>,
    #[serde(default)]
    error: Option<E>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct XGroq {
    #[serde(default)]
    usage: Option<ChatUsage>,
}

impl<'a, C: Holds<Content<'a>>, E: Holds<payload::ErrorBody<'a>>> Holds<chat::Chunk<'a>>
    for Chunk<'a, C, E>
{
    fn holds(&self, ours: &chat::Chunk<'a>) -> bool {
        let by_groq = self.x_groq.as_ref().and_then(|x_groq| x_groq.usage.as_ref());
        let mut usages = self.usage.iter().chain(by_groq);
        let usage = match &ours.usage {
            Some(ours) => usages.any(|usage| usage.holds(ours)),
            None => usages.next().is_none(),
        };
        let is_flat = self.error.is_none() && self.object.is_some_and(|object| object == "error");
        usage
            && self.id.holds(&ours.id)
            && self.object.holds(&ours.object)
            && self.model.holds(&ours.model)
            && self.choices.holds(&ours.choices)
            && (is_flat && ours.error.is_some() || self.error.holds(&ours.error))
    }
}

/// An error that is no more than its message.
impl Holds<payload::ErrorBody<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &payload::ErrorBody<'_>) -> bool {
        let [kind, param] = [ours.kind, ours.param];
        Some(*self).holds(&ours.message) && (kind, ours.code, param) == (None, None, None)
    }
}

/// The members of all deltas of a content block.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct AnyDelta<'a> {
    #[serde(default, rename = "type")]
    kind: OrDefault<JsonStr<'a>>,
    #[serde(default)]
    text: OrDefault<JsonStr<'a>>,
    #[serde(default)]
    partial_json: OrDefault<JsonStr<'a>>,
    #[serde(default)]
    thinking: OrDefault<JsonStr<'a>>,
    #[serde(default)]
    signature: OrDefault<JsonStr<'a>>,
    #[serde(default)]
    citation: OrDefault<Citation<'a>>,
}

impl<'a> Holds<messages::Delta<'a>> for AnyDelta<'a> {
    fn holds(&self, ours: &messages::Delta<'a>) -> bool {
        use messages::Delta as D;

        let kind = |name: &str| JsonStr::new(name).is_ok_and(|name| self.kind.holds(&name));
        match ours {
            D::Text(text) => kind("text_delta") && self.text.holds(text),
            D::InputJson(json) => kind("input_json_delta") && self.partial_json.holds(json),
            D::Thinking(thinking) => kind("thinking_delta") && self.thinking.holds(thinking),
            D::Signature(signature) => kind("signature_delta") && self.signature.holds(signature),
            D::Citations(citation) => kind("citations_delta") && self.citation.holds(citation),
            D::Other { kind } => self.kind.holds(kind),
            _ => false,
        }
    }
}

/// What tells an event's type, and its number where it is an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Head<'a> {
    #[serde(default, rename = "type")]
    pub kind: Text<'a>,
    #[serde(default)]
    pub sequence_number: Number,
}

/// An event that holds an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "E: Deserialize<'de>"))]
pub struct Failed<E> {
    #[serde(default)]
    pub error: Option<E>,
}

/// What it is for a struct that serde derives to hold the same as one of ours.
pub trait Holds<Ours> {
    fn holds(&self, ours: &Ours) -> bool;
}

/// A member that ours has even where it is absent or `null`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct OrDefault<T>(Option<T>);

impl<T> Default for OrDefault<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Holds<Ours>, Ours: Default + PartialEq> Holds<Ours> for OrDefault<T> {
    fn holds(&self, ours: &Ours) -> bool {
        self.0.as_ref().map_or_else(|| *ours == Ours::default(), |theirs| theirs.holds(ours))
    }
}

impl<T: Holds<Ours>, Ours> Holds<Option<Ours>> for Option<T> {
    fn holds(&self, ours: &Option<Ours>) -> bool {
        match (self, ours) {
            (Some(theirs), Some(ours)) => theirs.holds(ours),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Elements that are `null` count for nothing.
impl<'a, T: Holds<Ours>, Ours> Holds<List<'a, Ours>> for Vec<Option<T>>
where
    List<'a, Ours>: IntoIterator<Item = Ours> + Copy,
{
    fn holds(&self, ours: &List<'a, Ours>) -> bool {
        let theirs = self.iter().flatten();
        theirs.clone().count() == ours.into_iter().count()
            && theirs.zip(*ours).all(|(theirs, ours)| theirs.holds(&ours))
    }
}

impl Holds<u64> for u64 {
    fn holds(&self, ours: &u64) -> bool {
        self == ours
    }
}

/// As it stands, not only as it decodes.
impl Holds<JsonStr<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &JsonStr<'_>) -> bool {
        self.as_raw() == ours.as_raw() && self == ours
    }
}

impl Holds<Code<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Text(text) if self.holds(text))
    }
}

impl Holds<Code<'_>> for u64 {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Number(number) if self == number)
    }
}

impl Holds<Content<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &Content<'_>) -> bool {
        matches!(ours, Content::Text(text) if self.holds(text))
    }
}

impl<'a, T: Holds<payload::ContentPart<'a>>> Holds<Content<'a>> for Vec<Option<T>> {
    fn holds(&self, ours: &Content<'a>) -> bool {
        matches!(ours, Content::Parts(parts) if self.holds(parts))
    }
}
