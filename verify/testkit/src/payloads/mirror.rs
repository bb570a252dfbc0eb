//! Hand-written structs for serde, each with the members of one of our payload types.
//!
//! A member of two possible kinds is a type parameter, because serde-json-core cannot inspect a
//! value's kind. So is the type of strings: each back-end borrows a raw string in its own way.

#![allow(clippy::struct_field_names)] // They are the providers' names.

use serde::Deserialize;
use serde::de::IgnoredAny;
use sseam::llm::payload::{
    self, Code, Content, Json, JsonStr, List, StrOrJson, chat, messages, responses,
};

type Number = Option<u64>;

/// A raw string.
pub trait Text {
    fn raw(&self) -> &str;
}

/// Defines structs with serde's bounds on their parameters, and which of ours they mirror.
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

        #[allow(clippy::extra_unused_lifetimes)] // If there are no strings.
        impl<'o, $($generics)*> Holds<$ours> for $name<$($generics)*> where $($where)* {
            fn holds(&self, ours: &$ours) -> bool {
                $(self.$field.holds(&ours.$field))&&*
            }
        }
    )*};
}

mirrors! {
    // Of several providers.
    ErrorBody[S, C] = payload::ErrorBody<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Code<'o>>] {
        kind: Option<S> = "type" | "status",
        code: Option<C>,
        message: Option<S>,
        param: Option<S>,
    }
    // The whole event, whose `type` is not that of the error.
    Flat[S, C] = payload::ErrorBody<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Code<'o>>] {
        code: Option<C>,
        message: Option<S>,
        param: Option<S>,
    }
    ContentPart[S] = payload::ContentPart<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: Option<S> = "type",
        text: Option<S>,
        thinking: Option<IgnoredAny>,
    }

    // Chat Completions.
    Choice[S, C] = chat::Choice<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Content<'o>>] {
        index: OrDefault<u64>,
        delta: Option<ChatDelta<S, C>>,
        text: Option<S>,
        finish_reason: Option<S>,
        native_finish_reason: Option<S>,
        message: Option<IgnoredAny>,
        error: Option<IgnoredAny>,
        usage: Option<ChatUsage>,
    }
    ChatDelta[S, C] = chat::Delta<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Content<'o>>] {
        role: Option<S>,
        content: Option<C>,
        refusal: Option<S>,
        reasoning: Option<S> = "reasoning_content" | "reasoning" | "reasoning_text",
        tool_calls: OrDefault<Vec<Option<ToolCall<S>>>>,
        function_call: Option<Function<S>>,
        reasoning_details: Option<IgnoredAny>,
        reasoning_opaque: Option<S>,
        audio: Option<IgnoredAny>,
        annotations: Option<IgnoredAny>,
    }
    ToolCall[S] = chat::ToolCall<'o>, "S: Deserialize<'de>", [S: Text] {
        index: OrDefault<u64>,
        id: Option<S>,
        kind: Option<S> = "type",
        function: Option<Function<S>> = "function" | "custom",
        name: Option<S>,
        arguments: Option<S>,
    }
    Function[S] = chat::Function<'o>, "S: Deserialize<'de>", [S: Text] {
        name: Option<S>,
        arguments: Option<S> = "arguments" | "input",
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
    Lifecycle[S, C] = responses::Lifecycle<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Code<'o>>] {
        sequence_number: Number,
        response: OrDefault<Response<S, C>>,
    }
    Response[S, C] = responses::Response<'o>, "S: Deserialize<'de>, C: Deserialize<'de>", [S: Text, C: Holds<Code<'o>>] {
        id: Option<S>,
        status: Option<S>,
        model: Option<S>,
        usage: Option<Usage>,
        error: Option<ErrorBody<S, C>>,
        incomplete_details: Option<IncompleteDetails<S>>,
        output: Option<IgnoredAny>,
    }
    IncompleteDetails[S] = responses::IncompleteDetails<'o>, "S: Deserialize<'de>", [S: Text] {
        reason: Option<S>,
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
    Delta[S] = responses::Delta<'o>, "S: Deserialize<'de>", [S: Text] {
        delta: OrDefault<S>,
        item_id: Option<S>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index" | "command_index",
        sequence_number: Number,
    }
    Done[S] = responses::Done<'o>, "S: Deserialize<'de>", [S: Text] {
        text: OrDefault<S> = "text" | "refusal" | "arguments" | "input" | "code" | "command" | "diff",
        item_id: Option<S>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index" | "command_index",
        sequence_number: Number,
    }
    OutputItem[S] = responses::OutputItem<'o>, "S: Deserialize<'de>", [S: Text] {
        output_index: OrDefault<u64>,
        item: OrDefault<Item<S>>,
        sequence_number: Number,
    }
    Item[S] = responses::Item<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: OrDefault<S> = "type",
        id: Option<S>,
        status: Option<S>,
        role: Option<S>,
        call_id: Option<S>,
        name: Option<S>,
        arguments: Option<S>,
        input: Option<S>,
        phase: Option<S>,
        content: Option<IgnoredAny>,
        summary: Option<IgnoredAny>,
        encrypted_content: Option<S>,
        action: Option<IgnoredAny> = "action" | "operation",
        code: Option<S>,
        outputs: Option<IgnoredAny>,
        output: Option<S> = "output" | "result",
        error: Option<IgnoredAny>,
    }
    Annotated[S] = responses::Annotated<'o>, "S: Deserialize<'de>", [S: Text] {
        item_id: Option<S>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64>,
        annotation_index: OrDefault<u64>,
        annotation: OrDefault<Annotation<S>>,
        sequence_number: Number,
    }
    Annotation[S] = responses::Annotation<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: Option<S> = "type",
        url: Option<S>,
        title: Option<S>,
        file_id: Option<S>,
        filename: Option<S>,
        container_id: Option<S>,
        start_index: Number,
        end_index: Number,
    }
    PartialImage[S] = responses::PartialImage<'o>, "S: Deserialize<'de>", [S: Text] {
        partial_image_b64: OrDefault<S>,
        partial_image_index: OrDefault<u64>,
        output_format: Option<S>,
        item_id: Option<S>,
        output_index: OrDefault<u64>,
        sequence_number: Number,
    }
    Contents[S] = responses::ContentPart<'o>, "S: Deserialize<'de>", [S: Text] {
        item_id: Option<S>,
        output_index: OrDefault<u64>,
        content_index: OrDefault<u64> = "content_index" | "summary_index",
        part: OrDefault<Part<S>>,
        sequence_number: Number,
    }
    Part[S] = responses::Part<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: OrDefault<S> = "type",
        text: Option<S>,
        refusal: Option<S>,
        annotations: Option<IgnoredAny>,
    }

    // Messages.
    MessageStart[S] = messages::MessageStart<'o>, "S: Deserialize<'de>", [S: Text] {
        message: OrDefault<Message<S>>,
    }
    Message[S] = messages::Message<'o>, "S: Deserialize<'de>", [S: Text] {
        id: Option<S>,
        model: Option<S>,
        role: Option<S>,
        stop_reason: Option<S>,
        content: Option<IgnoredAny>,
        usage: OrDefault<MessageUsage>,
    }
    MessageUsage[] = messages::Usage, "", [] {
        input_tokens: Number,
        output_tokens: Number,
        cache_creation_input_tokens: Number,
        cache_read_input_tokens: Number,
        thinking_tokens: OrDefault<ThinkingTokens> = "output_tokens_details",
    }
    ContentBlockStart[S] = messages::ContentBlockStart<'o>, "S: Deserialize<'de>", [S: Text] {
        index: OrDefault<u64>,
        content_block: OrDefault<ContentBlock<S>>,
    }
    ContentBlock[S] = messages::ContentBlock<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: OrDefault<S> = "type",
        text: Option<S>,
        thinking: Option<S>,
        signature: Option<S>,
        id: Option<S>,
        name: Option<S>,
        input: Option<IgnoredAny>,
        caller: Option<IgnoredAny>,
        server_name: Option<S>,
        tool_use_id: Option<S>,
        content: Option<IgnoredAny>,
        is_error: OrDefault<bool>,
        data: Option<S>,
    }
    ContentBlockDelta[S] = messages::ContentBlockDelta<'o>, "S: Deserialize<'de>", [S: Text] {
        index: OrDefault<u64>,
        delta: OrDefault<AnyDelta<S>>,
    }
    Citation[S] = messages::Citation<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: Option<S> = "type",
        cited_text: Option<S>,
        title: Option<S> = "title" | "document_title",
        url: Option<S>,
        encrypted_index: Option<S>,
    }
    ContentBlockStop[] = messages::ContentBlockStop, "", [] {
        index: OrDefault<u64>,
    }
    MessageDelta[S] = messages::MessageDelta<'o>, "S: Deserialize<'de>", [S: Text] {
        delta: OrDefault<Stop<S>>,
        usage: OrDefault<MessageUsage>,
    }
    Stop[S] = messages::Stop<'o>, "S: Deserialize<'de>", [S: Text] {
        stop_reason: Option<S>,
        stop_sequence: Option<S>,
        stop_details: Option<StopDetails<S>>,
    }
    StopDetails[S] = messages::StopDetails<'o>, "S: Deserialize<'de>", [S: Text] {
        kind: Option<S> = "type",
        category: Option<S>,
        explanation: Option<S>,
    }
}

/// Details of the tokens of a message, of which ours has only the member.
#[derive(Debug, PartialEq, Deserialize)]
pub struct ThinkingTokens {
    #[serde(default)]
    thinking_tokens: Number,
}

impl Holds<Number> for ThinkingTokens {
    fn holds(&self, ours: &Number) -> bool {
        self.thinking_tokens == *ours
    }
}

/// `OpenAI`'s `chat.completion.chunk`, with Groq's own member, and an error that may be flat.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>, C: Deserialize<'de>, E: Deserialize<'de>"))]
pub struct Chunk<S, C, E> {
    #[serde(default)]
    id: Option<S>,
    #[serde(default)]
    object: Option<S>,
    #[serde(default)]
    model: Option<S>,
    #[serde(default)]
    choices: OrDefault<Vec<Option<Choice<S, C>>>>,
    #[serde(default)]
    usage: Option<ChatUsage>,
    #[serde(default)]
    x_groq: Option<XGroq>,
    #[serde(default)]
    error: Option<E>,
    #[serde(default)]
    citations: Option<IgnoredAny>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct XGroq {
    #[serde(default)]
    usage: Option<ChatUsage>,
}

impl<'a, S, C, E> Holds<chat::Chunk<'a>> for Chunk<S, C, E>
where
    S: Text,
    C: Holds<Content<'a>>,
    E: Holds<payload::ErrorBody<'a>>,
{
    fn holds(&self, ours: &chat::Chunk<'a>) -> bool {
        let by_groq = self.x_groq.as_ref().and_then(|x_groq| x_groq.usage.as_ref());
        // Moonshot's counts only if there is no other.
        let choices = self.choices.0.iter().flatten();
        let by_choice = choices.flatten().next().and_then(|choice| choice.usage.as_ref());
        let is_in_choice = self.usage.is_none() && by_groq.is_none();
        let by_choice = by_choice.filter(|_| is_in_choice);
        let mut usages = self.usage.iter().chain(by_groq).chain(by_choice);
        let usage = match &ours.usage {
            Some(ours) => usages.any(|usage| usage.holds(ours)),
            None => usages.next().is_none(),
        };
        let is_flat = self.error.is_none()
            && self.object.as_ref().is_some_and(|object| object.raw() == "error");
        usage
            && self.id.holds(&ours.id)
            && self.object.holds(&ours.object)
            && self.model.holds(&ours.model)
            && self.choices.holds(&ours.choices)
            && self.citations.holds(&ours.citations)
            && (is_flat && ours.error.is_some() || self.error.holds(&ours.error))
    }
}

/// An error that is only its message.
impl<S: Text> Holds<payload::ErrorBody<'_>> for S {
    fn holds(&self, ours: &payload::ErrorBody<'_>) -> bool {
        let [kind, param] = [ours.kind, ours.param];
        ours.message.is_some_and(|message| self.holds(&message))
            && (kind, ours.code, param) == (None, None, None)
    }
}

/// The members of all deltas of a content block.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct AnyDelta<S> {
    #[serde(default, rename = "type")]
    kind: OrDefault<S>,
    #[serde(default)]
    text: OrDefault<S>,
    #[serde(default)]
    partial_json: OrDefault<S>,
    #[serde(default)]
    thinking: OrDefault<S>,
    #[serde(default)]
    signature: OrDefault<S>,
    #[serde(default)]
    citation: OrDefault<Citation<S>>,
    #[serde(default)]
    content: Option<S>,
    #[serde(default)]
    encrypted_content: Option<S>,
}

impl<'a, S: Text> Holds<messages::Delta<'a>> for AnyDelta<S> {
    fn holds(&self, ours: &messages::Delta<'a>) -> bool {
        use messages::Delta as D;

        let kind = |name: &str| JsonStr::new(name).is_ok_and(|name| self.kind.holds(&name));
        match ours {
            D::Text(text) => kind("text_delta") && self.text.holds(text),
            D::InputJson(json) => kind("input_json_delta") && self.partial_json.holds(json),
            D::Thinking(thinking) => kind("thinking_delta") && self.thinking.holds(thinking),
            D::Signature(signature) => kind("signature_delta") && self.signature.holds(signature),
            D::Citations(citation) => kind("citations_delta") && self.citation.holds(citation),
            D::Compaction(compaction) => {
                kind("compaction_delta")
                    && self.content.holds(&compaction.content)
                    && self.encrypted_content.holds(&compaction.encrypted_content)
            }
            D::Other { kind } => self.kind.holds(kind),
            _ => false,
        }
    }
}

/// The members for an event's type, and its number if it is an error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
pub struct Head<S> {
    #[serde(default, rename = "type")]
    pub kind: Option<S>,
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

/// Comparison of a struct derived by serde with one of ours.
pub trait Holds<Ours> {
    fn holds(&self, ours: &Ours) -> bool;
}

/// A member that ours has even if it is absent or `null`.
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

/// Elements that are `null` are skipped.
impl<'a, T: Holds<Ours>, Ours> Holds<List<'a, Ours>> for Vec<Option<T>>
where
    for<'l> &'l List<'a, Ours>: IntoIterator<Item = Ours>,
{
    fn holds(&self, ours: &List<'a, Ours>) -> bool {
        let theirs = self.iter().flatten();
        theirs.clone().count() == ours.into_iter().count()
            && theirs.zip(ours).all(|(theirs, ours)| theirs.holds(&ours))
    }
}

/// Compares only presence: serde-json-core cannot keep the value.
impl Holds<Json<'_>> for IgnoredAny {
    fn holds(&self, _: &Json<'_>) -> bool {
        true
    }
}

impl Holds<Json<'_>> for ChatUsage {
    fn holds(&self, ours: &Json<'_>) -> bool {
        ours.read().is_some_and(|ours: chat::Usage| self.holds(&ours))
    }
}

impl Holds<bool> for bool {
    fn holds(&self, ours: &bool) -> bool {
        self == ours
    }
}

impl Holds<u64> for u64 {
    fn holds(&self, ours: &u64) -> bool {
        self == ours
    }
}

/// Compares the raw string, not only the decoded one.
impl<S: Text> Holds<JsonStr<'_>> for S {
    fn holds(&self, ours: &JsonStr<'_>) -> bool {
        self.raw() == ours.as_raw()
    }
}

impl<S: Text> Holds<StrOrJson<'_>> for S {
    fn holds(&self, ours: &StrOrJson<'_>) -> bool {
        ours.as_json_str().is_some_and(|text| self.holds(&text))
    }
}

impl<S: Text> Holds<Code<'_>> for S {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Text(text) if self.holds(text))
    }
}

impl Holds<Code<'_>> for i64 {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Number(number) if self == number)
    }
}

impl<S: Text> Holds<Content<'_>> for S {
    fn holds(&self, ours: &Content<'_>) -> bool {
        matches!(ours, Content::Text(text) if self.holds(text))
    }
}

impl<'a, T: Holds<payload::ContentPart<'a>>> Holds<Content<'a>> for Vec<Option<T>> {
    fn holds(&self, ours: &Content<'a>) -> bool {
        matches!(ours, Content::Parts(parts) if self.holds(parts))
    }
}
