//! The expected contents of the payload types, by a walk over a tree: of the members that may fill
//! a field the first of the right kind counts, and of several names the first non-empty one, if
//! any.

use std::fmt::Debug;

use sseam::Event;
use sseam::json::{Json, JsonStr};
use sseam::llm::payload::{
    Code, Content, ContentPart, ErrorBody, List, StrOrJson, chat, messages, responses,
};

use super::check::check;
use super::tree::{Node, decoded};

/// Members whose raw value may fill a field.
const WHOLE: [&str; 7] = ["text", "refusal", "arguments", "input", "code", "command", "diff"];

/// Members whose raw value a payload may hold.
pub const RAW: [&str; 23] = [
    "text",
    "refusal",
    "arguments",
    "input",
    "code",
    "command",
    "diff",
    "thinking",
    "citations",
    "message",
    "error",
    "usage",
    "reasoning_details",
    "audio",
    "annotations",
    "output",
    "result",
    "content",
    "summary",
    "action",
    "operation",
    "outputs",
    "caller",
];

/// Alternative names of a field.
pub const ALTERNATIVES: [&[&str]; 9] = [
    &["usage", "x_groq"],
    &["reasoning_content", "reasoning", "reasoning_text"],
    &["content_index", "summary_index", "command_index"],
    &WHOLE,
    &["title", "document_title"],
    &["type", "status"],
    &["function", "custom"],
    &["action", "operation"],
    &["output", "result"],
];

/// The contents of a payload, to compare.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Nothing.
    Absent,
    /// A string, decoded.
    Text(String),
    /// A number.
    Count(u64),
    /// A number that may be negative.
    Number(i64),
    /// A boolean.
    Truth(bool),
    /// Raw JSON.
    Json(Vec<u8>),
    /// An object, field by field.
    Object(Vec<(&'static str, Shown)>),
    /// A list.
    List(Vec<Shown>),
    /// A variant of an enum.
    Variant(&'static str, Box<Shown>),
}

/// The type of a field.
pub trait Held {
    /// The expected contents for the value, if it is of the right kind.
    fn of(node: &Node<'_>) -> Option<Shown>;
    /// The contents for an absent value.
    fn absent() -> Shown;
    /// The actual contents.
    fn shown(&self) -> Shown;
}

impl Held for JsonStr<'_> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        node.text().map(|text| Shown::Text(text.into()))
    }
    fn absent() -> Shown {
        Shown::Text(String::new())
    }
    fn shown(&self) -> Shown {
        Shown::Text(self.to_string())
    }
}

impl Held for u64 {
    fn of(node: &Node<'_>) -> Option<Shown> {
        node.count().map(Shown::Count)
    }
    fn absent() -> Shown {
        Shown::Count(0)
    }
    fn shown(&self) -> Shown {
        Shown::Count(*self)
    }
}

impl Held for bool {
    fn of(node: &Node<'_>) -> Option<Shown> {
        match node.raw {
            b"true" => Some(Shown::Truth(true)),
            b"false" => Some(Shown::Truth(false)),
            _ => None,
        }
    }
    fn absent() -> Shown {
        Shown::Truth(false)
    }
    fn shown(&self) -> Shown {
        Shown::Truth(*self)
    }
}

impl Held for Json<'_> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        (node.raw != b"null").then(|| Shown::Json(node.raw.into()))
    }
    fn absent() -> Shown {
        Shown::Absent
    }
    fn shown(&self) -> Shown {
        Shown::Json(self.as_bytes().into())
    }
}

impl<T: Held> Held for Option<T> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        T::of(node)
    }
    fn absent() -> Shown {
        Shown::Absent
    }
    fn shown(&self) -> Shown {
        self.as_ref().map_or(Shown::Absent, T::shown)
    }
}

impl Held for StrOrJson<'_> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        let other = || (node.raw != b"null").then(|| Shown::Json(node.raw.into()));
        JsonStr::of(node).or_else(other)
    }
    fn absent() -> Shown {
        JsonStr::absent()
    }
    fn shown(&self) -> Shown {
        match self {
            Self::Str(text) => text.shown(),
            Self::Json(json) => Shown::Json(json.as_bytes().into()),
            _ => unreachable!("no other kind"),
        }
    }
}

impl Held for Code<'_> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        let number = || node.number().map(Shown::Number);
        JsonStr::of(node).or_else(number)
    }
    fn absent() -> Shown {
        Shown::Absent
    }
    fn shown(&self) -> Shown {
        match self {
            Self::Text(text) => text.shown(),
            Self::Number(number) => Shown::Number(*number),
            _ => unreachable!("no other kind"),
        }
    }
}

impl<'a> Held for Content<'a> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        JsonStr::of(node).or_else(|| List::<ContentPart<'a>>::of(node))
    }
    fn absent() -> Shown {
        Shown::Absent
    }
    fn shown(&self) -> Shown {
        match self {
            Self::Text(text) => text.shown(),
            Self::Parts(parts) => parts.shown(),
            _ => unreachable!("no other kind"),
        }
    }
}

/// The value of a field with these names; `a/b` is the member `b` of `a`.
fn pick<T: Held>(members: &[(String, Node<'_>)], names: &[&str]) -> Option<Shown> {
    let candidates = members.iter().filter_map(|(name, value)| {
        let is_named = |wanted: &str| if name == wanted { Some(()) } else { None };
        names.iter().find_map(|wanted| match wanted.split_once('/') {
            Some((outer, inner)) => {
                is_named(outer).and_then(|()| pick::<T>(value.members()?, &[inner]))
            }
            None => is_named(wanted).and_then(|()| T::of(value)),
        })
    });
    let candidates: Vec<_> = candidates.collect();
    let is_chosen = |shown: &&Shown| names.len() == 1 || **shown != Shown::Text(String::new());
    candidates.iter().find(is_chosen).or(candidates.first()).cloned()
}

macro_rules! held {
    ($(
        $type:ty, $object:expr => {
            $($field:ident: $kind:ty = $($name:literal)|+,)*
        }
    )*) => {$(
        impl<'a> Held for $type {
            fn of(node: &Node<'_>) -> Option<Shown> {
                let object: fn(&Node<'_>) -> Option<Shown> = $object;
                let Some(members) = node.members() else { return object(node) };
                Some(Shown::Object(vec![$((
                    stringify!($field),
                    pick::<$kind>(members, &[$($name),+]).unwrap_or_else(<$kind>::absent),
                ),)*]))
            }
            fn absent() -> Shown {
                Shown::Object(vec![$((stringify!($field), <$kind>::absent()),)*])
            }
            fn shown(&self) -> Shown {
                Shown::Object(vec![$((stringify!($field), self.$field.shown()),)*])
            }
        }
    )*};
}

held! {
    chat::Choice<'a>, |_| None => {
        index: u64 = "index",
        delta: Option<chat::Delta<'a>> = "delta",
        text: Option<JsonStr<'a>> = "text",
        finish_reason: Option<JsonStr<'a>> = "finish_reason",
        native_finish_reason: Option<JsonStr<'a>> = "native_finish_reason",
        message: Option<Json<'a>> = "message",
        error: Option<Json<'a>> = "error",
        usage: Option<Json<'a>> = "usage",
    }
    chat::Delta<'a>, |_| None => {
        role: Option<JsonStr<'a>> = "role",
        content: Option<Content<'a>> = "content",
        refusal: Option<JsonStr<'a>> = "refusal",
        reasoning: Option<JsonStr<'a>> = "reasoning_content" | "reasoning" | "reasoning_text",
        tool_calls: List<'a, chat::ToolCall<'a>> = "tool_calls",
        function_call: Option<chat::Function<'a>> = "function_call",
        reasoning_details: Option<Json<'a>> = "reasoning_details",
        reasoning_opaque: Option<JsonStr<'a>> = "reasoning_opaque",
        audio: Option<Json<'a>> = "audio",
        annotations: Option<Json<'a>> = "annotations",
    }
    chat::ToolCall<'a>, |_| None => {
        index: u64 = "index",
        id: Option<JsonStr<'a>> = "id",
        kind: Option<JsonStr<'a>> = "type",
        function: Option<chat::Function<'a>> = "function" | "custom",
        name: Option<JsonStr<'a>> = "name",
        arguments: Option<StrOrJson<'a>> = "arguments",
    }
    chat::Function<'a>, |_| None => {
        name: Option<JsonStr<'a>> = "name",
        arguments: Option<StrOrJson<'a>> = "arguments" | "input",
    }
    chat::Usage, |_| None => {
        prompt_tokens: Option<u64> = "prompt_tokens",
        completion_tokens: Option<u64> = "completion_tokens",
        total_tokens: Option<u64> = "total_tokens",
        prompt_tokens_details: Option<chat::PromptTokensDetails> = "prompt_tokens_details",
        completion_tokens_details: Option<chat::CompletionTokensDetails>
            = "completion_tokens_details",
    }
    chat::PromptTokensDetails, |_| None => {
        cached_tokens: Option<u64> = "cached_tokens",
        audio_tokens: Option<u64> = "audio_tokens",
    }
    chat::CompletionTokensDetails, |_| None => {
        reasoning_tokens: Option<u64> = "reasoning_tokens",
        audio_tokens: Option<u64> = "audio_tokens",
        accepted_prediction_tokens: Option<u64> = "accepted_prediction_tokens",
        rejected_prediction_tokens: Option<u64> = "rejected_prediction_tokens",
    }
    ContentPart<'a>, |_| None => {
        kind: Option<JsonStr<'a>> = "type",
        text: Option<JsonStr<'a>> = "text",
        thinking: Option<Json<'a>> = "thinking",
    }
    ErrorBody<'a>, message_alone => {
        kind: Option<JsonStr<'a>> = "type" | "status",
        code: Option<Code<'a>> = "code",
        message: Option<JsonStr<'a>> = "message",
        param: Option<JsonStr<'a>> = "param",
    }
    responses::Delta<'a>, |_| None => {
        delta: JsonStr<'a> = "delta",
        item_id: Option<JsonStr<'a>> = "item_id",
        output_index: u64 = "output_index",
        content_index: u64 = "content_index" | "summary_index" | "command_index",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::Done<'a>, |_| None => {
        text: StrOrJson<'a>
            = "text" | "refusal" | "arguments" | "input" | "code" | "command" | "diff",
        item_id: Option<JsonStr<'a>> = "item_id",
        output_index: u64 = "output_index",
        content_index: u64 = "content_index" | "summary_index" | "command_index",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::OutputItem<'a>, |_| None => {
        output_index: u64 = "output_index",
        item: responses::Item<'a> = "item",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::Item<'a>, |_| None => {
        kind: JsonStr<'a> = "type",
        id: Option<JsonStr<'a>> = "id",
        status: Option<JsonStr<'a>> = "status",
        role: Option<JsonStr<'a>> = "role",
        call_id: Option<JsonStr<'a>> = "call_id",
        name: Option<JsonStr<'a>> = "name",
        arguments: Option<StrOrJson<'a>> = "arguments",
        input: Option<StrOrJson<'a>> = "input",
        phase: Option<JsonStr<'a>> = "phase",
        content: Option<Json<'a>> = "content",
        summary: Option<Json<'a>> = "summary",
        encrypted_content: Option<JsonStr<'a>> = "encrypted_content",
        action: Option<Json<'a>> = "action" | "operation",
        code: Option<JsonStr<'a>> = "code",
        outputs: Option<Json<'a>> = "outputs",
        output: Option<StrOrJson<'a>> = "output" | "result",
        error: Option<Json<'a>> = "error",
    }
    responses::Annotated<'a>, |_| None => {
        item_id: Option<JsonStr<'a>> = "item_id",
        output_index: u64 = "output_index",
        content_index: u64 = "content_index",
        annotation_index: u64 = "annotation_index",
        annotation: responses::Annotation<'a> = "annotation",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::Annotation<'a>, |_| None => {
        kind: Option<JsonStr<'a>> = "type",
        url: Option<JsonStr<'a>> = "url",
        title: Option<JsonStr<'a>> = "title",
        file_id: Option<JsonStr<'a>> = "file_id",
        filename: Option<JsonStr<'a>> = "filename",
        container_id: Option<JsonStr<'a>> = "container_id",
        start_index: Option<u64> = "start_index",
        end_index: Option<u64> = "end_index",
    }
    responses::PartialImage<'a>, |_| None => {
        partial_image_b64: JsonStr<'a> = "partial_image_b64",
        partial_image_index: u64 = "partial_image_index",
        output_format: Option<JsonStr<'a>> = "output_format",
        item_id: Option<JsonStr<'a>> = "item_id",
        output_index: u64 = "output_index",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::ContentPart<'a>, |_| None => {
        item_id: Option<JsonStr<'a>> = "item_id",
        output_index: u64 = "output_index",
        content_index: u64 = "content_index" | "summary_index",
        part: responses::Part<'a> = "part",
        sequence_number: Option<u64> = "sequence_number",
    }
    responses::Part<'a>, |_| None => {
        kind: JsonStr<'a> = "type",
        text: Option<JsonStr<'a>> = "text",
        refusal: Option<JsonStr<'a>> = "refusal",
        annotations: Option<Json<'a>> = "annotations",
    }
    responses::Lifecycle<'a>, |_| None => {
        sequence_number: Option<u64> = "sequence_number",
        response: responses::Response<'a> = "response",
    }
    responses::Response<'a>, |_| None => {
        id: Option<JsonStr<'a>> = "id",
        status: Option<JsonStr<'a>> = "status",
        model: Option<JsonStr<'a>> = "model",
        usage: Option<responses::Usage> = "usage",
        error: Option<ErrorBody<'a>> = "error",
        incomplete_details: Option<responses::IncompleteDetails<'a>> = "incomplete_details",
        output: Option<Json<'a>> = "output",
    }
    responses::IncompleteDetails<'a>, |_| None => {
        reason: Option<JsonStr<'a>> = "reason",
    }
    responses::Usage, |_| None => {
        input_tokens: Option<u64> = "input_tokens",
        output_tokens: Option<u64> = "output_tokens",
        total_tokens: Option<u64> = "total_tokens",
        input_tokens_details: Option<responses::InputTokensDetails> = "input_tokens_details",
        output_tokens_details: Option<responses::OutputTokensDetails> = "output_tokens_details",
    }
    responses::InputTokensDetails, |_| None => {
        cached_tokens: Option<u64> = "cached_tokens",
    }
    responses::OutputTokensDetails, |_| None => {
        reasoning_tokens: Option<u64> = "reasoning_tokens",
    }
    messages::ContentBlockDelta<'a>, |_| None => {
        index: u64 = "index",
        delta: messages::Delta<'a> = "delta",
    }
    messages::ContentBlockStart<'a>, |_| None => {
        index: u64 = "index",
        content_block: messages::ContentBlock<'a> = "content_block",
    }
    messages::ContentBlock<'a>, |_| None => {
        kind: JsonStr<'a> = "type",
        text: Option<JsonStr<'a>> = "text",
        thinking: Option<JsonStr<'a>> = "thinking",
        signature: Option<JsonStr<'a>> = "signature",
        id: Option<JsonStr<'a>> = "id",
        name: Option<JsonStr<'a>> = "name",
        input: Option<Json<'a>> = "input",
        caller: Option<Json<'a>> = "caller",
        server_name: Option<JsonStr<'a>> = "server_name",
        tool_use_id: Option<JsonStr<'a>> = "tool_use_id",
        content: Option<Json<'a>> = "content",
        is_error: bool = "is_error",
        data: Option<JsonStr<'a>> = "data",
    }
    messages::ContentBlockStop, |_| None => {
        index: u64 = "index",
    }
    messages::MessageStart<'a>, |_| None => {
        message: messages::Message<'a> = "message",
    }
    messages::Message<'a>, |_| None => {
        id: Option<JsonStr<'a>> = "id",
        model: Option<JsonStr<'a>> = "model",
        role: Option<JsonStr<'a>> = "role",
        stop_reason: Option<JsonStr<'a>> = "stop_reason",
        content: Option<Json<'a>> = "content",
        usage: messages::Usage = "usage",
    }
    messages::MessageDelta<'a>, |_| None => {
        delta: messages::Stop<'a> = "delta",
        usage: messages::Usage = "usage",
    }
    messages::Stop<'a>, |_| None => {
        stop_reason: Option<JsonStr<'a>> = "stop_reason",
        stop_sequence: Option<JsonStr<'a>> = "stop_sequence",
        stop_details: Option<messages::StopDetails<'a>> = "stop_details",
    }
    messages::StopDetails<'a>, |_| None => {
        kind: Option<JsonStr<'a>> = "type",
        category: Option<JsonStr<'a>> = "category",
        explanation: Option<JsonStr<'a>> = "explanation",
    }
    messages::Usage, |_| None => {
        input_tokens: Option<u64> = "input_tokens",
        output_tokens: Option<u64> = "output_tokens",
        cache_creation_input_tokens: Option<u64> = "cache_creation_input_tokens",
        cache_read_input_tokens: Option<u64> = "cache_read_input_tokens",
        thinking_tokens: Option<u64> = "output_tokens_details/thinking_tokens",
    }
    messages::Citation<'a>, |_| None => {
        kind: Option<JsonStr<'a>> = "type",
        cited_text: Option<JsonStr<'a>> = "cited_text",
        title: Option<JsonStr<'a>> = "title" | "document_title",
        url: Option<JsonStr<'a>> = "url",
        encrypted_index: Option<JsonStr<'a>> = "encrypted_index",
    }
    messages::Compaction<'a>, |_| None => {
        content: Option<JsonStr<'a>> = "content",
        encrypted_content: Option<JsonStr<'a>> = "encrypted_content",
    }
}

/// An error that is only a string, unless that is empty.
fn message_alone(node: &Node<'_>) -> Option<Shown> {
    let message = Shown::Text(node.text().filter(|text| !text.is_empty())?.into());
    let Shown::Object(mut fields) = ErrorBody::absent() else { return None };
    fields[2].1 = message;
    Some(Shown::Object(fields))
}

macro_rules! lists {
    ($($element:ty,)*) => {$(
        impl<'a> Held for List<'a, $element> {
            fn of(node: &Node<'_>) -> Option<Shown> {
                let elements = node.elements()?.iter();
                Some(Shown::List(elements.filter_map(<$element>::of).collect()))
            }
            fn absent() -> Shown {
                Shown::List(Vec::new())
            }
            /// By every way to iterate.
            fn shown(&self) -> Shown {
                let elements: Vec<_> = self.iter().collect();
                let mut visited = Vec::new();
                self.for_each(|element| visited.push(*element));
                assert_eq!(visited, elements);
                assert_eq!(self.into_iter().collect::<Vec<_>>(), elements);
                assert_eq!(self.first(), elements.first());
                assert_eq!(self.is_empty(), elements.is_empty());
                Shown::List(elements.iter().map(Held::shown).collect())
            }
        }
    )*};
}
lists! { chat::Choice<'a>, chat::ToolCall<'a>, ContentPart<'a>, }

/// The delta's `type` determines which member counts.
impl<'a> Held for messages::Delta<'a> {
    fn of(node: &Node<'_>) -> Option<Shown> {
        let members = node.members()?;
        let kind = pick::<JsonStr<'a>>(members, &["type"]).unwrap_or_else(JsonStr::absent);
        let Shown::Text(name) = &kind else { return None };
        let text = |variant, name| {
            (variant, pick::<JsonStr<'a>>(members, &[name]).unwrap_or_else(JsonStr::absent))
        };
        let (variant, shown) = match &**name {
            "text_delta" => text("Text", "text"),
            "input_json_delta" => text("InputJson", "partial_json"),
            "thinking_delta" => text("Thinking", "thinking"),
            "signature_delta" => text("Signature", "signature"),
            "citations_delta" => {
                let citation = pick::<messages::Citation<'a>>(members, &["citation"]);
                ("Citations", citation.unwrap_or_else(messages::Citation::absent))
            }
            "compaction_delta" => ("Compaction", messages::Compaction::of(node)?),
            _ => ("Other", kind),
        };
        Some(Shown::Variant(variant, shown.into()))
    }
    fn absent() -> Shown {
        Shown::Variant("Other", JsonStr::absent().into())
    }
    fn shown(&self) -> Shown {
        let (variant, shown) = match self {
            Self::Text(text) => ("Text", text.shown()),
            Self::InputJson(text) => ("InputJson", text.shown()),
            Self::Thinking(text) => ("Thinking", text.shown()),
            Self::Signature(text) => ("Signature", text.shown()),
            Self::Citations(citation) => ("Citations", citation.shown()),
            Self::Compaction(compaction) => ("Compaction", compaction.shown()),
            Self::Other { kind } => ("Other", kind.shown()),
            _ => unreachable!("no other kind"),
        };
        Shown::Variant(variant, shown.into())
    }
}

/// An API's payload.
pub trait Payload<'a>: Sized + Clone + Debug + PartialEq + Default {
    /// The expected contents for an event with this object.
    fn expected(event: &Event<'_>, object: &Node<'_>) -> Shown;
    /// The actual contents.
    fn shown(&self) -> Shown;
}

impl<'a> Payload<'a> for chat::Chunk<'a> {
    fn expected(_: &Event<'_>, object: &Node<'_>) -> Shown {
        let members = object.members().unwrap_or_default();
        let text = |name| pick::<JsonStr<'a>>(members, &[name]).unwrap_or(Shown::Absent);
        let mut error = pick::<ErrorBody<'a>>(members, &["error"]);
        if error.is_none() && text("object") == Shown::Text("error".into()) {
            error = ErrorBody::of(object);
        }
        let choices = pick::<List<'a, chat::Choice<'a>>>(members, &["choices"]);
        // Moonshot's count is in the first choice.
        let in_choice = || {
            let mut lists = members.iter().filter(|(name, _)| name == "choices");
            let first = lists.find_map(|(_, value)| value.elements())?;
            let choice = first.iter().find_map(Node::members)?;
            let mut usages = choice.iter().filter(|(name, _)| name == "usage");
            chat::Usage::of(&usages.find(|(_, value)| value.raw != b"null")?.1)
        };
        let usage = pick::<chat::Usage>(members, &["usage", "x_groq/usage"]);
        Shown::Object(vec![
            ("id", text("id")),
            ("object", text("object")),
            ("model", text("model")),
            ("choices", choices.unwrap_or(Shown::List(Vec::new()))),
            ("usage", usage.or_else(in_choice).unwrap_or(Shown::Absent)),
            ("error", error.unwrap_or(Shown::Absent)),
            ("citations", pick::<Json<'a>>(members, &["citations"]).unwrap_or(Shown::Absent)),
        ])
    }

    fn shown(&self) -> Shown {
        Shown::Object(vec![
            ("id", self.id.shown()),
            ("object", self.object.shown()),
            ("model", self.model.shown()),
            ("choices", self.choices.shown()),
            ("usage", self.usage.shown()),
            ("error", self.error.shown()),
            ("citations", self.citations.shown()),
        ])
    }
}

/// The type of an event.
enum Name {
    Type(String),
    Line(Vec<u8>),
    None,
}

impl Name {
    /// The first non-empty `type`, or the `event` line.
    fn of(event: &Event<'_>, object: &Node<'_>) -> Self {
        let mut types =
            object.members().unwrap_or_default().iter().filter(|(name, _)| name == "type");
        match types.find_map(|(_, value)| value.text().filter(|text| !text.is_empty())) {
            Some(text) => Self::Type(text.into()),
            None if event.event_type() == "message" => Self::None,
            None => Self::Line(event.event_type().as_bytes().into()),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Type(text) => text.as_bytes(),
            Self::Line(line) => line,
            Self::None => b"",
        }
    }

    /// The contents of an event of unknown type.
    fn other(&self) -> Shown {
        let kind = match self {
            Self::Type(text) => Some(text.clone()),
            Self::Line(line) => {
                // Shown like JSON, or not at all.
                let line = str::from_utf8(line).ok();
                line.filter(|line| check(format!("\"{line}\"").as_bytes()).is_ok()).map(decoded)
            }
            Self::None => None,
        };
        Shown::Variant("Other", kind.map_or(Shown::Absent, Shown::Text).into())
    }

    /// The error, if the event is one: nested, or, if its type is an error, flat.
    fn error(&self, object: &Node<'_>) -> Option<Shown> {
        let members = object.members().unwrap_or_default();
        let is_error = self.as_bytes() == b"error";
        if matches!(self, Self::Type(_)) && !is_error {
            return None;
        }
        let flat = || {
            let Some(Shown::Object(mut fields)) = ErrorBody::of(object) else { return None };
            fields[0].1 = Shown::Absent;
            Some(Shown::Object(fields))
        };
        let nested = pick::<ErrorBody<'_>>(members, &["error"]);
        nested.or_else(|| if is_error { flat() } else { None })
    }
}

macro_rules! responses {
    ($($variant:ident($type:ident) = $name:literal,)*) => {
        impl<'a> Payload<'a> for responses::StreamEvent<'a> {
            fn expected(event: &Event<'_>, object: &Node<'_>) -> Shown {
                let name = Name::of(event, object);
                $(if name.as_bytes() == $name.as_bytes() {
                    let shown = responses::$type::of(object).expect("an object");
                    return Shown::Variant(stringify!($variant), shown.into());
                })*
                let Some(error) = name.error(object) else { return name.other() };
                let number = pick::<u64>(object.members().unwrap_or_default(), &["sequence_number"]);
                let shown = vec![error, number.unwrap_or(Shown::Absent)];
                Shown::Variant("Error", Shown::List(shown).into())
            }

            fn shown(&self) -> Shown {
                match self {
                    $(Self::$variant(payload) => {
                        Shown::Variant(stringify!($variant), payload.shown().into())
                    })*
                    Self::Error(event) => {
                        let shown = vec![event.error.shown(), event.sequence_number.shown()];
                        Shown::Variant("Error", Shown::List(shown).into())
                    }
                    Self::Other(other) => Shown::Variant("Other", other.kind.shown().into()),
                    _ => unreachable!("no other kind"),
                }
            }
        }
    };
}
responses! {
    Created(Lifecycle) = "response.created",
    Queued(Lifecycle) = "response.queued",
    InProgress(Lifecycle) = "response.in_progress",
    Completed(Lifecycle) = "response.completed",
    Incomplete(Lifecycle) = "response.incomplete",
    Failed(Lifecycle) = "response.failed",
    OutputItemAdded(OutputItem) = "response.output_item.added",
    OutputItemDone(OutputItem) = "response.output_item.done",
    ContentPartAdded(ContentPart) = "response.content_part.added",
    ContentPartDone(ContentPart) = "response.content_part.done",
    ReasoningSummaryPartAdded(ContentPart) = "response.reasoning_summary_part.added",
    ReasoningSummaryPartDone(ContentPart) = "response.reasoning_summary_part.done",
    OutputTextDelta(Delta) = "response.output_text.delta",
    OutputTextDone(Done) = "response.output_text.done",
    RefusalDelta(Delta) = "response.refusal.delta",
    RefusalDone(Done) = "response.refusal.done",
    ReasoningTextDelta(Delta) = "response.reasoning_text.delta",
    ReasoningTextDone(Done) = "response.reasoning_text.done",
    ReasoningSummaryTextDelta(Delta) = "response.reasoning_summary_text.delta",
    ReasoningSummaryTextDone(Done) = "response.reasoning_summary_text.done",
    FunctionCallArgumentsDelta(Delta) = "response.function_call_arguments.delta",
    FunctionCallArgumentsDone(Done) = "response.function_call_arguments.done",
    CustomToolCallInputDelta(Delta) = "response.custom_tool_call_input.delta",
    CustomToolCallInputDone(Done) = "response.custom_tool_call_input.done",
    Cancelled(Lifecycle) = "response.cancelled",
    Done(Lifecycle) = "response.done",
    ReasoningDelta(Delta) = "response.reasoning.delta",
    ReasoningDone(Done) = "response.reasoning.done",
    OutputTextAnnotationAdded(Annotated) = "response.output_text.annotation.added",
    AudioDelta(Delta) = "response.audio.delta",
    AudioTranscriptDelta(Delta) = "response.audio.transcript.delta",
    CodeInterpreterCallCodeDelta(Delta) = "response.code_interpreter_call_code.delta",
    CodeInterpreterCallCodeDone(Done) = "response.code_interpreter_call_code.done",
    McpCallArgumentsDelta(Delta) = "response.mcp_call_arguments.delta",
    McpCallArgumentsDone(Done) = "response.mcp_call_arguments.done",
    ShellCallCommandAdded(Done) = "response.shell_call_command.added",
    ShellCallCommandDelta(Delta) = "response.shell_call_command.delta",
    ShellCallCommandDone(Done) = "response.shell_call_command.done",
    ApplyPatchCallOperationDiffDelta(Delta) = "response.apply_patch_call_operation_diff.delta",
    ApplyPatchCallOperationDiffDone(Done) = "response.apply_patch_call_operation_diff.done",
    ImageGenerationCallPartialImage(PartialImage) = "response.image_generation_call.partial_image",
}

macro_rules! messages {
    ($($variant:ident = $name:literal,)*) => {
        impl<'a> Payload<'a> for messages::StreamEvent<'a> {
            fn expected(event: &Event<'_>, object: &Node<'_>) -> Shown {
                let name = Name::of(event, object);
                match name.as_bytes() {
                    b"message_stop" => return Shown::Variant("MessageStop", Shown::Absent.into()),
                    b"ping" => return Shown::Variant("Ping", Shown::Absent.into()),
                    _ => {}
                }
                $(if name.as_bytes() == $name.as_bytes() {
                    let shown = messages::$variant::of(object).expect("an object");
                    return Shown::Variant(stringify!($variant), shown.into());
                })*
                let Some(error) = name.error(object) else { return name.other() };
                Shown::Variant("Error", error.into())
            }

            fn shown(&self) -> Shown {
                let (variant, shown) = match self {
                    $(Self::$variant(payload) => (stringify!($variant), payload.shown()),)*
                    Self::MessageStop => ("MessageStop", Shown::Absent),
                    Self::Ping => ("Ping", Shown::Absent),
                    Self::Error(error) => ("Error", error.shown()),
                    Self::Other(other) => ("Other", other.kind.shown()),
                    _ => unreachable!("no other kind"),
                };
                Shown::Variant(variant, shown.into())
            }
        }
    };
}
messages! {
    MessageStart = "message_start",
    ContentBlockStart = "content_block_start",
    ContentBlockDelta = "content_block_delta",
    ContentBlockStop = "content_block_stop",
    MessageDelta = "message_delta",
}

/// Returns `true` if the order of members may matter.
#[must_use]
pub fn has_rivals(node: &Node<'_>) -> bool {
    let members = node.members().unwrap_or_default();
    let of_members = members.iter().enumerate().any(|(n, (name, value))| {
        let is_rival = |other: &str| {
            other == name
                || ALTERNATIVES
                    .iter()
                    .any(|names| names.contains(&&**name) && names.contains(&other))
        };
        members[..n].iter().any(|(other, _)| is_rival(other)) || has_rivals(value)
    });
    of_members || node.elements().unwrap_or_default().iter().any(has_rivals)
}

/// Checks that a value gives what the tree has, at every level.
pub fn check_value(json: &Json<'_>, node: &Node<'_>) {
    assert_eq!(json.as_bytes(), node.raw);
    assert_eq!(json.to_string().as_bytes(), node.raw);
    assert_eq!(json.as_text().map(|text| text.to_string()).as_deref(), node.text());
    assert_eq!(json.as_u64(), node.count());
    assert_eq!(json.is_null(), node.raw == b"null");
    assert_eq!(json.is_true(), node.raw == b"true");
    assert_eq!(json.is_object(), node.members().is_some());
    assert_eq!(json.is_array(), node.elements().is_some());

    let mut members = json.members();
    for (expected, value) in node.members().unwrap_or_default() {
        let (name, json) = members.next().expect("a member");
        assert!(name == **expected && name.to_string() == *expected);
        check_value(&json, value);
    }
    assert!(members.next().is_none());
    assert_eq!(members.is_broken(), node.members().is_none());

    let mut elements = json.elements();
    for value in node.elements().unwrap_or_default() {
        check_value(&elements.next().expect("an element"), value);
    }
    assert!(elements.next().is_none());
    assert_eq!(elements.is_broken(), node.elements().is_none());
}
