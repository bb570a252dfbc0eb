//! Responses: `OpenAI`'s events, and those of providers that speak as it does.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::responses::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Good day\"}\n\n\
//! # data: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"total_tokens\":11}}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match Event::parse(&event)? {
//!         Event::OutputTextDelta(event) => event.delta.write_to(&mut text)?,
//!         Event::Completed(event) => {
//!             let usage = event.response.usage.unwrap_or_default();
//!             assert_eq!(usage.total_tokens, Some(11));
//!         }
//!         Event::Error(event) => return Err(format!("{:?}", event.error.message).into()),
//!         _ => {} // Whatever comes in the future, too.
//!     }
//! }
//! assert_eq!(text, "Good day");
//! # Ok(())
//! # }
//! ```

use super::read::{Judged, Odd};
use super::{Discriminator, ErrorBody, Json, JsonStr, MaybeError, StrOrJson};
use crate::json::object;

// Those that come most often first.
super::events! {
    by Discriminator::of, judged_by_status;
    /// `error`, in both shapes that are seen.
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
    /// The terminal: the answer is whole.
    Completed(Lifecycle<'a>) = "response.completed",
    /// The terminal: the provider stopped early, and says why.
    Incomplete(Lifecycle<'a>) = "response.incomplete",
    /// The terminal: the provider failed, and says why.
    Failed(Lifecycle<'a>) = "response.failed",
    /// The terminal of a stream that was cancelled.
    Cancelled(Lifecycle<'a>) = "response.cancelled",
    /// The terminal's name in some gateways: its status says how the response ended.
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

impl Event<'_> {
    /// The usual terminal, whose status is good, and in which no error stands.
    fn judged_by_status(&self) -> Option<Judged> {
        let Self::Completed(event) = self else { return None };
        let is_good = event.response.status.is_some_and(|status| status == "completed");
        (is_good && !event.odd.0).then_some(Judged::ResponseCompleted)
    }
}

object! {
    /// What an event about the whole response holds.
    pub Lifecycle<'a> {
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
        /// The response as it stands.
        pub response: Response<'a> = "response",
        /// What may matter to the outcome.
        odd: Odd = "error" | "errors" | "base_resp" | "object",
    };

    /// The `response` of a [`Lifecycle`]. Left out: what repeats the request.
    pub Response<'a> {
        /// The response's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// How it stands: `in_progress`, `completed`, and others.
        pub status: Option<JsonStr<'a>> = "status",
        /// The model that answers.
        pub model: Option<JsonStr<'a>> = "model",
        /// The tokens used.
        pub usage: Option<Usage> = "usage",
        /// Why the provider failed.
        pub error: Option<ErrorBody<'a>> = "error",
        /// Why the provider stopped early.
        pub incomplete_details: Option<IncompleteDetails<'a>> = "incomplete_details",
        /// The items, of which earlier events held the pieces: [`read`](Json::read) them as a
        /// [`List`](super::List) of [`Item`]s.
        pub output: Option<Json<'a>> = "output",
    };

    /// Why the provider stopped early: `incomplete_details`.
    pub IncompleteDetails<'a> {
        /// Such as `max_output_tokens`.
        pub reason: Option<JsonStr<'a>> = "reason",
    };

    /// The tokens used: `usage`. Left out: costs, and what single providers add.
    pub Usage {
        /// Tokens of the request.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens of the answer, reasoning included.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens of both.
        pub total_tokens: Option<u64> = "total_tokens",
        /// More on those of the request.
        pub input_tokens_details: Option<InputTokensDetails> = "input_tokens_details",
        /// More on those of the answer.
        pub output_tokens_details: Option<OutputTokensDetails> = "output_tokens_details",
    };

    /// More on the tokens of the request: `input_tokens_details`.
    pub InputTokensDetails {
        /// Tokens that were in the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
    };

    /// More on the tokens of the answer: `output_tokens_details`.
    pub OutputTokensDetails {
        /// Tokens of reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
    };

    /// A piece of text, refusal, reasoning, sound, or of a tool's arguments, input or code.
    ///
    /// Left out: `logprobs`, `obfuscation`.
    pub Delta<'a> {
        /// The piece.
        pub delta: JsonStr<'a> = "delta",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts it belongs to, or of its summaries or commands.
        pub content_index: u64 = "content_index" | "summary_index" | "command_index",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    } in order {
        _ = "type", sequence_number = "sequence_number", item_id = "item_id",
        output_index = "output_index", content_index = "content_index",
        content_index = "summary_index", delta = "delta", _ = "logprobs", _ = "obfuscation",
    };

    /// The end of what came in pieces, and all of it once more. Also the start of a shell
    /// command, which is mostly empty.
    ///
    /// Left out: `logprobs`.
    pub Done<'a> {
        /// The whole: `text`, `refusal`, `arguments`, `input`, `code`, `command` or `diff`.
        pub text: StrOrJson<'a>
            = "text" | "refusal" | "arguments" | "input" | "code" | "command" | "diff",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts it is, or of its summaries or commands.
        pub content_index: u64 = "content_index" | "summary_index" | "command_index",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// A source that was added to a text.
    pub Annotated<'a> {
        /// The ID of the output item that the text belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts.
        pub content_index: u64 = "content_index",
        /// Which of the part's annotations.
        pub annotation_index: u64 = "annotation_index",
        /// The source.
        pub annotation: Annotation<'a> = "annotation",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The source of a text: the `annotation` of an [`Annotated`], an element of a [`Part`]'s.
    pub Annotation<'a> {
        /// What kind of source it is, such as `url_citation`.
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
        /// Where the passage that it supports begins, in characters.
        pub start_index: Option<u64> = "start_index",
        /// Where the passage ends.
        pub end_index: Option<u64> = "end_index",
    };

    /// A preview of an image. Left out: `size`, `quality`, and `background`.
    pub PartialImage<'a> {
        /// The preview, in Base64.
        pub partial_image_b64: JsonStr<'a> = "partial_image_b64",
        /// Which of the image's previews it is.
        pub partial_image_index: u64 = "partial_image_index",
        /// The format, such as `png`.
        pub output_format: Option<JsonStr<'a>> = "output_format",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// What an event about an output item holds.
    pub OutputItem<'a> {
        /// Which of the response's output items.
        pub output_index: u64 = "output_index",
        /// The item as it stands.
        pub item: Item<'a> = "item",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The `item` of an [`OutputItem`].
    ///
    /// Left out: what only single kinds of items have, such as `server_label` and
    /// `revised_prompt`.
    pub Item<'a> {
        /// What kind of item it is: `message`, `reasoning`, `function_call`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The item's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// How it stands: `in_progress`, `completed`, or `incomplete`.
        pub status: Option<JsonStr<'a>> = "status",
        /// Of a message: who speaks.
        pub role: Option<JsonStr<'a>> = "role",
        /// Of a tool call: the ID to answer it by.
        pub call_id: Option<JsonStr<'a>> = "call_id",
        /// Of a tool call: the tool's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of a function call: the arguments.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// Of a custom tool's call: the input.
        pub input: Option<StrOrJson<'a>> = "input",
        /// Of a message: whether it is a `commentary` or the `final_answer`.
        pub phase: Option<JsonStr<'a>> = "phase",
        /// Of a message or reasoning: the parts. [`read`](Json::read) them as a
        /// [`List`](super::List) of [`Part`]s.
        pub content: Option<Json<'a>> = "content",
        /// Of reasoning: the parts of its summary, which are [`Part`]s, too.
        pub summary: Option<Json<'a>> = "summary",
        /// Of reasoning: encrypted reasoning. It has to be sent back.
        pub encrypted_content: Option<JsonStr<'a>> = "encrypted_content",
        /// Of a call of a search, a shell and others: the action. Of a patch: the
        /// `operation`.
        pub action: Option<Json<'a>> = "action" | "operation",
        /// Of a code interpreter's call: the code.
        pub code: Option<JsonStr<'a>> = "code",
        /// Of a code interpreter's call: a list of results.
        pub outputs: Option<Json<'a>> = "outputs",
        /// A tool's output: mostly a string or a list. Of an image: the `result`, in Base64.
        pub output: Option<StrOrJson<'a>> = "output" | "result",
        /// Why a tool's call failed: [`read`](Json::read) it as an [`ErrorBody`].
        pub error: Option<Json<'a>> = "error",
    };

    /// What an event about a content part, or a part of a summary, holds.
    pub ContentPart<'a> {
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts, or of its summaries.
        pub content_index: u64 = "content_index" | "summary_index",
        /// The part as it stands.
        pub part: Part<'a> = "part",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    };

    /// The `part` of a [`ContentPart`]. Left out: `logprobs`.
    pub Part<'a> {
        /// What kind of part it is: `output_text`, `refusal`, `summary_text`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The refusal.
        pub refusal: Option<JsonStr<'a>> = "refusal",
        /// The sources: [`read`](Json::read) them as a [`List`](super::List) of
        /// [`Annotation`]s.
        pub annotations: Option<Json<'a>> = "annotations",
    }
}

/// `error`: what went wrong.
///
/// Documented with `code`, `message` and `param` in the event itself, and sent with
/// an `error` that holds them. Both are read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ErrorEvent<'a> {
    /// What went wrong.
    pub error: ErrorBody<'a>,
    /// The event's number in the stream.
    pub sequence_number: Option<u64>,
}

impl<'a> ErrorEvent<'a> {
    fn of(error: ErrorBody<'a>, event: &MaybeError<'a>) -> Self {
        Self { error, sequence_number: event.sequence_number }
    }
}
