//! Responses: `OpenAI`'s events, and those of providers that speak as it does.
//!
//! ```
//! use sseam::Parser;
//! use sseam::payload::responses::Event;
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

use super::{Error, ErrorBody, JsonStr, MaybeError, Other, StrOrJson};
use crate::dialect::{Discriminator, Responses};
use crate::json::{self, object};

macro_rules! events {
    ($($(#[$meta:meta])* $variant:ident($payload:ident) = $name:literal,)*) => {
        /// An event, by its type.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event<'a> {
            $($(#[$meta])* #[doc = concat!("`", $name, "`.")] $variant($payload<'a>),)*
            /// `error`, in both shapes that are seen.
            Error(ErrorEvent<'a>),
            /// Any other type: see [`Other`].
            Other(Other<'a>),
        }

        impl<'a> Event<'a> {
            /// Reads what an event of this name holds.
            #[inline]
            fn read_as(&mut self, name: &Discriminator<'a>, data: &'a [u8]) -> Result<(), Error> {
                $(if name.is($name) {
                    *self = Self::$variant($payload::default());
                    if let Self::$variant(payload) = self {
                        return json::read(data, payload);
                    }
                })*
                let mut event = MaybeError::default();
                *self = Self::default();
                json::read(data, &mut event)?;
                let sequence_number = event.sequence_number;
                *self = match event.error(name) {
                    Some(error) => Self::Error(ErrorEvent { error, sequence_number }),
                    None => Self::Other(Other::of(name)),
                };
                Ok(())
            }
        }
    };
}

// Those that come most often first.
events! {
    OutputTextDelta(Delta) = "response.output_text.delta",
    FunctionCallArgumentsDelta(Delta) = "response.function_call_arguments.delta",
    ReasoningSummaryTextDelta(Delta) = "response.reasoning_summary_text.delta",
    ReasoningTextDelta(Delta) = "response.reasoning_text.delta",
    CustomToolCallInputDelta(Delta) = "response.custom_tool_call_input.delta",
    RefusalDelta(Delta) = "response.refusal.delta",
    OutputTextDone(Done) = "response.output_text.done",
    FunctionCallArgumentsDone(Done) = "response.function_call_arguments.done",
    ReasoningSummaryTextDone(Done) = "response.reasoning_summary_text.done",
    ReasoningTextDone(Done) = "response.reasoning_text.done",
    CustomToolCallInputDone(Done) = "response.custom_tool_call_input.done",
    RefusalDone(Done) = "response.refusal.done",
    OutputItemAdded(OutputItem) = "response.output_item.added",
    OutputItemDone(OutputItem) = "response.output_item.done",
    ContentPartAdded(ContentPart) = "response.content_part.added",
    ContentPartDone(ContentPart) = "response.content_part.done",
    ReasoningSummaryPartAdded(ContentPart) = "response.reasoning_summary_part.added",
    ReasoningSummaryPartDone(ContentPart) = "response.reasoning_summary_part.done",
    Created(Lifecycle) = "response.created",
    Queued(Lifecycle) = "response.queued",
    InProgress(Lifecycle) = "response.in_progress",
    /// The terminal: the answer is whole.
    Completed(Lifecycle) = "response.completed",
    /// The terminal: the provider stopped early, and says why.
    Incomplete(Lifecycle) = "response.incomplete",
    /// The terminal: the provider failed, and says why.
    Failed(Lifecycle) = "response.failed",
}

super::events_of!(Responses);

object! {
    /// What an event about the whole response holds.
    pub Lifecycle<'a> {
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
        /// The response as it stands.
        pub response: Response<'a> = "response",
    }
}

object! {
    /// The `response` of a [`Lifecycle`].
    ///
    /// Left out: `output`, which the events before have told piece by piece, and what
    /// repeats the request.
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
    }
}

object! {
    /// Why the provider stopped early: `incomplete_details`.
    pub IncompleteDetails<'a> {
        /// Such as `max_output_tokens`.
        pub reason: Option<JsonStr<'a>> = "reason",
    }
}

object! {
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
    }
}

object! {
    /// More on the tokens of the request: `input_tokens_details`.
    pub InputTokensDetails {
        /// Tokens that were in the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
    }
}

object! {
    /// More on the tokens of the answer: `output_tokens_details`.
    pub OutputTokensDetails {
        /// Tokens of reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
    }
}

object! {
    /// A piece of text, refusal, reasoning, or of a tool's arguments or input.
    ///
    /// Left out: `logprobs`, `obfuscation`.
    pub Delta<'a> {
        /// The piece.
        pub delta: JsonStr<'a> = "delta",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts it belongs to, or of its summaries.
        pub content_index: u64 = "content_index" | "summary_index",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    } in order {
        _ = "type", sequence_number = "sequence_number", item_id = "item_id",
        output_index = "output_index", content_index = "content_index",
        content_index = "summary_index", delta = "delta", _ = "logprobs", _ = "obfuscation",
    }
}

object! {
    /// The end of what came in pieces, and all of it once more.
    ///
    /// Left out: `logprobs`.
    pub Done<'a> {
        /// The whole: `text`, `refusal`, `arguments` or `input`.
        pub text: StrOrJson<'a> = "text" | "refusal" | "arguments" | "input",
        /// The ID of the output item that it belongs to.
        pub item_id: Option<JsonStr<'a>> = "item_id",
        /// Which of the response's output items that is.
        pub output_index: u64 = "output_index",
        /// Which of the item's content parts it is, or of its summaries.
        pub content_index: u64 = "content_index" | "summary_index",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    }
}

object! {
    /// What an event about an output item holds.
    pub OutputItem<'a> {
        /// Which of the response's output items.
        pub output_index: u64 = "output_index",
        /// The item as it stands.
        pub item: Item<'a> = "item",
        /// The event's number in the stream.
        pub sequence_number: Option<u64> = "sequence_number",
    }
}

object! {
    /// The `item` of an [`OutputItem`].
    ///
    /// Left out: `content` and `summary`, which events of their own tell, and what
    /// single kinds of items have besides.
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
    }
}

object! {
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
    }
}

object! {
    /// The `part` of a [`ContentPart`]. Left out: `annotations`, `logprobs`.
    pub Part<'a> {
        /// What kind of part it is: `output_text`, `refusal`, `summary_text`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The refusal.
        pub refusal: Option<JsonStr<'a>> = "refusal",
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
