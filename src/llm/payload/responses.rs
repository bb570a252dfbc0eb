//! Events of `OpenAI`'s Responses API and compatible APIs.
//!
//! [`StreamEvent::parse`] reads an event.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::responses::StreamEvent;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Good day\"}\n\n\
//! # data: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"total_tokens\":11}}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match StreamEvent::parse(&event)? {
//!         StreamEvent::OutputTextDelta(event) => event.delta.write_to(&mut text)?,
//!         StreamEvent::Completed(event) => {
//!             let usage = event.response.usage.unwrap_or_default();
//!             assert_eq!(usage.total_tokens, Some(11));
//!         }
//!         StreamEvent::Error(event) => return Err(format!("{:?}", event.error.message).into()),
//!         _ => {} // Other events, including future ones.
//!     }
//! }
//! assert_eq!(text, "Good day");
//! # Ok(())
//! # }
//! ```

use super::read::{Presence, StreamEffect};
use super::{Discriminator, ErrorBody, Json, JsonStr, MaybeError, StrOrJson};
use crate::json::object;

// The most common types first.
super::events! {
    by Discriminator::of, effect_of_status;
    /// The provider's error, nested or flat.
    Error(ErrorEvent<'a>) by ErrorEvent::of,
    OutputTextDelta(Delta<'a>) = "response.output_text.delta",
    FunctionCallArgumentsDelta(Delta<'a>) = "response.function_call_arguments.delta",
    ReasoningSummaryTextDelta(Delta<'a>) = "response.reasoning_summary_text.delta",
    ReasoningTextDelta(Delta<'a>) = "response.reasoning_text.delta",
    CustomToolCallInputDelta(Delta<'a>) = "response.custom_tool_call_input.delta",
    RefusalDelta(Delta<'a>) = "response.refusal.delta",
    OutputTextDone(Done<'a>) = "response.output_text.done",
    FunctionCallArgumentsDone(Done<'a>) = "response.function_call_arguments.done",
    ReasoningSummaryTextDone(Done<'a>) = "response.reasoning_summary_text.done",
    ReasoningTextDone(Done<'a>) = "response.reasoning_text.done",
    CustomToolCallInputDone(Done<'a>) = "response.custom_tool_call_input.done",
    RefusalDone(Done<'a>) = "response.refusal.done",
    OutputItemAdded(OutputItem<'a>) = "response.output_item.added",
    OutputItemDone(OutputItem<'a>) = "response.output_item.done",
    ContentPartAdded(ContentPart<'a>) = "response.content_part.added",
    ContentPartDone(ContentPart<'a>) = "response.content_part.done",
    ReasoningSummaryPartAdded(ContentPart<'a>) = "response.reasoning_summary_part.added",
    ReasoningSummaryPartDone(ContentPart<'a>) = "response.reasoning_summary_part.done",
    Created(Lifecycle<'a>) = "response.created",
    Queued(Lifecycle<'a>) = "response.queued",
    InProgress(Lifecycle<'a>) = "response.in_progress",
    /// The final event of a complete answer.
    Completed(Lifecycle<'a>) = "response.completed",
    /// The final event if the provider stopped early: see [`Response::incomplete_details`].
    Incomplete(Lifecycle<'a>) = "response.incomplete",
    /// The final event if the provider failed: see [`Response::error`].
    Failed(Lifecycle<'a>) = "response.failed",
    /// The final event of a cancelled response.
    Cancelled(Lifecycle<'a>) = "response.cancelled",
    /// The final event from some gateways: see [`Response::status`].
    Done(Lifecycle<'a>) = "response.done",
    ReasoningDelta(Delta<'a>) = "response.reasoning.delta",
    ReasoningDone(Done<'a>) = "response.reasoning.done",
    OutputTextAnnotationAdded(Annotated<'a>) = "response.output_text.annotation.added",
    AudioDelta(Delta<'a>) = "response.audio.delta",
    AudioTranscriptDelta(Delta<'a>) = "response.audio.transcript.delta",
    CodeInterpreterCallCodeDelta(Delta<'a>) = "response.code_interpreter_call_code.delta",
    CodeInterpreterCallCodeDone(Done<'a>) = "response.code_interpreter_call_code.done",
    McpCallArgumentsDelta(Delta<'a>) = "response.mcp_call_arguments.delta",
    McpCallArgumentsDone(Done<'a>) = "response.mcp_call_arguments.done",
    ShellCallCommandAdded(Done<'a>) = "response.shell_call_command.added",
    ShellCallCommandDelta(Delta<'a>) = "response.shell_call_command.delta",
    ShellCallCommandDone(Done<'a>) = "response.shell_call_command.done",
    ApplyPatchCallOperationDiffDelta(Delta<'a>) = "response.apply_patch_call_operation_diff.delta",
    ApplyPatchCallOperationDiffDone(Done<'a>) = "response.apply_patch_call_operation_diff.done",
    ImageGenerationCallPartialImage(PartialImage<'a>) = "response.image_generation_call.partial_image",
}

impl StreamEvent<'_> {
    /// Detects the usual final event, with a good status and without an error.
    fn effect_of_status(&self) -> Option<StreamEffect> {
        let Self::Completed(event) = self else { return None };
        let is_good = event.response.status.is_some_and(|status| status == "completed");
        (is_good && !event.unusual.0).then_some(StreamEffect::ResponseCompleted)
    }
}

object! {
    /// An event about the whole response.
    pub Lifecycle<'a> {
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
        /// The response.
        pub response: Response<'a> = "response",
        /// Whether a member may mark an error.
        unusual: Presence = "error" | "errors" | "base_resp" | "object",
    };

    /// The `response` of a [`Lifecycle`]. Not included: copies of the request.
    pub Response<'a> {
        /// The response's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The status: `in_progress`, `completed`, or another.
        pub status: Option<JsonStr<'a>> = "status",
        /// The model.
        pub model: Option<JsonStr<'a>> = "model",
        /// The token counts.
        pub usage: Option<Usage> = "usage",
        /// The provider's error.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The reason for which the provider stopped early.
        pub incomplete_details: Option<IncompleteDetails<'a>> = "incomplete_details",
        /// The whole items, whose pieces earlier events held. [`Read`](Json::read) them as a
        /// [`List`](super::List) of [`Item`]s.
        pub output: Option<Json<'a>> = "output",
    };

    /// The reason for which the provider stopped early: `incomplete_details`.
    pub IncompleteDetails<'a> {
        /// The reason, such as `max_output_tokens`.
        pub reason: Option<JsonStr<'a>> = "reason",
    };

    /// Token counts: `usage`. Not included: costs, and members of single providers.
    pub Usage {
        /// Tokens in the request.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens in the answer, including reasoning.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens in both.
        pub total_tokens: Option<u64> = "total_tokens",
        /// Details of the tokens in the request.
        pub input_tokens_details: Option<InputTokensDetails> = "input_tokens_details",
        /// Details of the tokens in the answer.
        pub output_tokens_details: Option<OutputTokensDetails> = "output_tokens_details",
    };

    /// Details of the tokens in the request: `input_tokens_details`.
    pub InputTokensDetails {
        /// Tokens read from the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
    };

    /// Details of the tokens in the answer: `output_tokens_details`.
    pub OutputTokensDetails {
        /// Tokens used for reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
    };

    /// A piece of text, refusal, reasoning or audio, or of a tool's arguments, input or code.
    ///
    /// Not included: `logprobs`, `obfuscation`.
    pub Delta<'a> {
        /// The piece.
        pub delta: JsonStr<'a> = "delta",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The index of the content part, summary or command in the item.
        pub content_index: u64 = "content_index" | "summary_index" | "command_index",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    } in order {
        _ = "type", sequence_number = "sequence_number", item_id = "item_id",
        output_index = "output_index", content_index = "content_index",
        content_index = "summary_index", delta = "delta", _ = "logprobs", _ = "obfuscation",
    };

    /// The end of a value that was sent in pieces, with the whole value. Also the start of a shell
    /// command, which is usually empty.
    ///
    /// Not included: `logprobs`.
    pub Done<'a> {
        /// The whole value: `text`, `refusal`, `arguments`, `input`, `code`, `command` or `diff`.
        pub text: StrOrJson<'a>
            = "text" | "refusal" | "arguments" | "input" | "code" | "command" | "diff",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The index of the content part, summary or command in the item.
        pub content_index: u64 = "content_index" | "summary_index" | "command_index",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// An event that adds a source to a text.
    pub Annotated<'a> {
        /// The ID of the output item that the text belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The index of the content part in the item.
        pub content_index: u64 = "content_index",
        /// The index of the annotation in the part.
        pub annotation_index: u64 = "annotation_index",
        /// The source.
        pub annotation: Annotation<'a> = "annotation",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The source of a text: the `annotation` of an [`Annotated`], or an element of a [`Part`]'s
    /// `annotations`.
    pub Annotation<'a> {
        /// The kind of source, such as `url_citation`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The source's address.
        pub url: Option<JsonStr<'a>> = "url",
        /// The source's title.
        pub title: Option<JsonStr<'a>> = "title",
        /// The file's ID.
        pub file_id: Option<JsonStr<'a>> = "file_id",
        /// The file's name.
        pub filename: Option<JsonStr<'a>> = "filename",
        /// Of a file in a container: the container's ID.
        pub container_id: Option<JsonStr<'a>> = "container_id",
        /// The start of the passage that it supports, in characters.
        pub start_index: Option<u64> = "start_index",
        /// The end of the passage, in characters.
        pub end_index: Option<u64> = "end_index",
    };

    /// A preview of an image. Not included: `size`, `quality`, and `background`.
    pub PartialImage<'a> {
        /// The preview, in Base64.
        pub partial_image_b64: JsonStr<'a> = "partial_image_b64",
        /// The index of the preview.
        pub partial_image_index: u64 = "partial_image_index",
        /// The format, such as `png`.
        pub output_format: Option<JsonStr<'a>> = "output_format",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// An event about an output item.
    pub OutputItem<'a> {
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The item.
        pub item: Item<'a> = "item",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The `item` of an [`OutputItem`].
    ///
    /// Not included: members of single kinds of items, such as `server_label` and `revised_prompt`.
    pub Item<'a> {
        /// The kind of item: `message`, `reasoning`, `function_call`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The item's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The status: `in_progress`, `completed`, or `incomplete`.
        pub status: Option<JsonStr<'a>> = "status",
        /// Of a message: the role.
        pub role: Option<JsonStr<'a>> = "role",
        /// Of a tool call: the ID that its result must carry.
        pub call_id: Option<JsonStr<'a>> = "call_id",
        /// Of a tool call: the tool's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of a function call: the arguments.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// Of a custom tool's call: the input.
        pub input: Option<StrOrJson<'a>> = "input",
        /// Of a message: whether it is a `commentary` or the `final_answer`.
        pub phase: Option<JsonStr<'a>> = "phase",
        /// Of a message or reasoning: the parts. [`Read`](Json::read) them as a
        /// [`List`](super::List) of [`Part`]s.
        pub content: Option<Json<'a>> = "content",
        /// Of reasoning: the parts of its summary, also [`Part`]s.
        pub summary: Option<Json<'a>> = "summary",
        /// Of reasoning: the encrypted reasoning. Must be sent back.
        pub encrypted_content: Option<JsonStr<'a>> = "encrypted_content",
        /// Of a call of a search, a shell and others: the action. Of a patch: the `operation`.
        pub action: Option<Json<'a>> = "action" | "operation",
        /// Of a code interpreter's call: the code.
        pub code: Option<JsonStr<'a>> = "code",
        /// Of a code interpreter's call: a list of results.
        pub outputs: Option<Json<'a>> = "outputs",
        /// A tool's output: usually a string or a list. Of an image: the `result`, in Base64.
        pub output: Option<StrOrJson<'a>> = "output" | "result",
        /// The error of a tool call. [`Read`](Json::read) it as an [`ErrorBody`].
        pub error: Option<Json<'a>> = "error",
    };

    /// An event about a part of an item's content or summary.
    pub ContentPart<'a> {
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// The index of the output item in the response.
        pub output_index: u64 = "output_index",
        /// The index of the content part or summary in the item.
        pub content_index: u64 = "content_index" | "summary_index",
        /// The part.
        pub part: Part<'a> = "part",
        /// The event's sequence number.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The `part` of a [`ContentPart`]. Not included: `logprobs`.
    pub Part<'a> {
        /// The kind of part: `output_text`, `refusal`, `summary_text`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The refusal.
        pub refusal: Option<JsonStr<'a>> = "refusal",
        /// The sources. [`Read`](Json::read) them as a [`List`](super::List) of [`Annotation`]s.
        pub annotations: Option<Json<'a>> = "annotations",
    }
}

/// The provider's error: `error`.
///
/// `OpenAI` documents `code`, `message` and `param` as members of the event, and sends them in an
/// object `error`. Both are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorEvent<'a> {
    /// The error.
    pub error: ErrorBody<'a>,
    /// The event's sequence number.
    pub sequence_number: Option<u64>,
}

impl<'a> ErrorEvent<'a> {
    fn of(error: ErrorBody<'a>, event: &MaybeError<'a>) -> Self {
        Self { error, sequence_number: event.sequence_number }
    }
}
