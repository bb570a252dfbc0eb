//! Events of Gemini's Interactions API.
//!
//! [`StreamEvent::parse`] reads an event.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::interactions::StreamEvent;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"event_type\":\"step.delta\",\"index\":0,\"delta\":{\"type\":\"text\",\"text\":\"Hi\"}}\n\n\
//! # data: {\"event_type\":\"interaction.completed\",\"interaction\":{\"status\":\"completed\"}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match StreamEvent::parse(&event)? {
//!         StreamEvent::StepDelta(event) if event.delta.kind == "text" => {
//!             if let Some(piece) = event.delta.text {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         StreamEvent::InteractionCompleted(event) => println!("{:?}", event.interaction.status),
//!         _ => {} // Other events, including future ones.
//!     }
//! }
//! assert_eq!(text, "Hi");
//! # Ok(())
//! # }
//! ```

use super::{Discriminator, ErrorBody, Json, JsonStr, StrOrJson};
use crate::json::object;

super::events! {
    by name;
    /// The provider's error.
    Error(ErrorBody<'a>) by |error, _: &_| error,
    StepDelta(StepDelta<'a>) = "step.delta",
    StepStart(StepStart<'a>) = "step.start",
    StepStop(StepStop) = "step.stop",
    InteractionCreated(Lifecycle<'a>) = "interaction.created",
    InteractionStatusUpdate(StatusUpdate<'a>) = "interaction.status_update",
    /// The final event. Its status is the result of the interaction.
    InteractionCompleted(Lifecycle<'a>) = "interaction.completed",
}

/// Returns the JSON's `event_type`, or else its `type` or the `event` line, as in other APIs.
fn name<'a>(event: &crate::Event<'a>) -> Discriminator<'a> {
    Discriminator::of_member(event, "event_type").unwrap_or_else(|| Discriminator::of(event))
}

object! {
    /// An event about the whole interaction.
    pub Lifecycle<'a> {
        /// The interaction.
        pub interaction: Interaction<'a> = "interaction",
        /// The ID from which the stream can be resumed.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// The `interaction` of a [`Lifecycle`]. Not included: times, and copies of the request.
    pub Interaction<'a> {
        /// The interaction's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The status: `in_progress`, `completed`, `requires_action`, `failed`, or another.
        pub status: Option<JsonStr<'a>> = "status",
        /// The model.
        pub model: Option<JsonStr<'a>> = "model",
        /// The token counts.
        pub usage: Option<Usage> = "usage",
        /// The whole steps, whose pieces earlier events held. [`Read`](Json::read) them as a
        /// [`List`](super::List) of [`Step`]s.
        pub steps: Option<Json<'a>> = "steps",
    };

    /// Token counts: `usage`. Not included: counts by modality.
    pub Usage {
        /// Tokens in the request.
        pub total_input_tokens: Option<u64> = "total_input_tokens",
        /// Tokens in the answer, excluding thinking.
        pub total_output_tokens: Option<u64> = "total_output_tokens",
        /// Tokens used for thinking.
        pub total_thought_tokens: Option<u64> = "total_thought_tokens",
        /// Tokens read from the provider's cache.
        pub total_cached_tokens: Option<u64> = "total_cached_tokens",
        /// Tokens used by the provider's tools.
        pub total_tool_use_tokens: Option<u64> = "total_tool_use_tokens",
        /// All tokens.
        pub total_tokens: Option<u64> = "total_tokens",
    };

    /// `interaction.status_update`.
    pub StatusUpdate<'a> {
        /// The interaction's ID.
        pub interaction_id: Option<JsonStr<'a>> = "interaction_id",
        /// The status: see [`Interaction::status`].
        pub status: Option<JsonStr<'a>> = "status",
        /// The ID from which the stream can be resumed.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// `step.start`.
    pub StepStart<'a> {
        /// The index of the step in the interaction.
        pub index: u64 = "index",
        /// The start of the step.
        pub step: Step<'a> = "step",
        /// The ID from which the stream can be resumed.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// The `step` of a [`StepStart`]. Not included: members of single kinds of steps.
    pub Step<'a> {
        /// The kind of step: `model_output`, `thought`, `function_call`, or another.
        pub kind: JsonStr<'a> = "type",
        /// Of a call: the ID that its result must carry.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of a call's result: the call's ID.
        pub call_id: Option<JsonStr<'a>> = "call_id",
        /// Of a call: the function's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of a call: the arguments, usually `{}`, because they follow in pieces.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// The signature of the thinking. Must be sent back.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// Of a thought: the parts of its summary.
        pub summary: Option<Json<'a>> = "summary",
        /// Of a model's output: its parts.
        pub content: Option<Json<'a>> = "content",
        /// Of a call's result: the tool's output.
        pub result: Option<StrOrJson<'a>> = "result",
    };

    /// `step.delta`.
    pub StepDelta<'a> {
        /// The index of the step in the interaction.
        pub index: u64 = "index",
        /// The new piece of the step.
        pub delta: Delta<'a> = "delta",
        /// The ID from which the stream can be resumed.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// A new piece of a step: the `delta` of a [`StepDelta`]. Not included: members of single kinds
    /// of deltas.
    pub Delta<'a> {
        /// The kind of delta: `text`, `thought_summary`, `thought_signature`, `arguments_delta`,
        /// `image`, or another.
        pub kind: JsonStr<'a> = "type",
        /// Of `text`: visible text. Of `thought_summary`: the text of its `content`.
        pub text: Option<JsonStr<'a>> = "text" | "content" / "text",
        /// Of `thought_signature`: the signature that verifies the thinking. Must be sent back.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// Of `arguments_delta`: a piece of a call's arguments. Of the provider's own tools, all
        /// arguments.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// Of a call: its ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of a call: the function's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of images and sound: a piece in Base64.
        pub data: Option<JsonStr<'a>> = "data",
        /// Of images and sound: the media type, such as `image/png`.
        pub mime_type: Option<JsonStr<'a>> = "mime_type",
        /// The sources of the text, a list.
        pub annotations: Option<Json<'a>> = "annotations",
        /// Of a call's result: the tool's output.
        pub result: Option<StrOrJson<'a>> = "result",
    };

    /// `step.stop`.
    pub StepStop {
        /// The index of the step in the interaction.
        pub index: u64 = "index",
    }
}
