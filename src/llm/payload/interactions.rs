//! Interactions: Gemini's API of steps.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::interactions::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"event_type\":\"step.delta\",\"index\":0,\"delta\":{\"type\":\"text\",\"text\":\"Hi\"}}\n\n\
//! # data: {\"event_type\":\"interaction.completed\",\"interaction\":{\"status\":\"completed\"}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match Event::parse(&event)? {
//!         Event::StepDelta(event) if event.delta.kind == "text" => {
//!             if let Some(piece) = event.delta.text {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         Event::InteractionCompleted(event) => println!("{:?}", event.interaction.status),
//!         _ => {} // Whatever comes in the future, too.
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
    /// `error`.
    Error(ErrorBody<'a>) by |error, _: &_| error,
    StepDelta(StepDelta<'a>) = "step.delta",
    StepStart(StepStart<'a>) = "step.start",
    StepStop(StepStop) = "step.stop",
    InteractionCreated(Lifecycle<'a>) = "interaction.created",
    InteractionStatusUpdate(StatusUpdate<'a>) = "interaction.status_update",
    /// The terminal: its status says how the interaction ended.
    InteractionCompleted(Lifecycle<'a>) = "interaction.completed",
}

/// The JSON's `event_type`. If it has none, its `type` or the `event` line, as in other APIs.
fn name<'a>(event: &crate::Event<'a>) -> Discriminator<'a> {
    Discriminator::of_member(event, "event_type").unwrap_or_else(|| Discriminator::of(event))
}

object! {
    /// What an event about the whole interaction holds.
    pub Lifecycle<'a> {
        /// The interaction at this time.
        pub interaction: Interaction<'a> = "interaction",
        /// The ID to resume the stream from.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// The `interaction` of a [`Lifecycle`]. Left out: times, and what repeats the request.
    pub Interaction<'a> {
        /// The interaction's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The state: `in_progress`, `completed`, `requires_action`, `failed`, or another.
        pub status: Option<JsonStr<'a>> = "status",
        /// The model that answers.
        pub model: Option<JsonStr<'a>> = "model",
        /// The tokens used.
        pub usage: Option<Usage> = "usage",
        /// The steps, of which earlier events held the pieces: [`read`](Json::read) them as a
        /// [`List`](super::List) of [`Step`]s.
        pub steps: Option<Json<'a>> = "steps",
    };

    /// The tokens used: `usage`. Left out: those of each modality.
    pub Usage {
        /// Tokens of the request.
        pub total_input_tokens: Option<u64> = "total_input_tokens",
        /// Tokens of the answer, those of thinking not included.
        pub total_output_tokens: Option<u64> = "total_output_tokens",
        /// Tokens of thinking.
        pub total_thought_tokens: Option<u64> = "total_thought_tokens",
        /// Tokens that were in the provider's cache.
        pub total_cached_tokens: Option<u64> = "total_cached_tokens",
        /// Tokens of tools that the provider runs.
        pub total_tool_use_tokens: Option<u64> = "total_tool_use_tokens",
        /// All tokens.
        pub total_tokens: Option<u64> = "total_tokens",
    };

    /// `interaction.status_update`.
    pub StatusUpdate<'a> {
        /// The interaction's ID.
        pub interaction_id: Option<JsonStr<'a>> = "interaction_id",
        /// The state: see [`Interaction::status`].
        pub status: Option<JsonStr<'a>> = "status",
        /// The ID to resume the stream from.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// `step.start`.
    pub StepStart<'a> {
        /// Which of the interaction's steps.
        pub index: u64 = "index",
        /// The step as it begins.
        pub step: Step<'a> = "step",
        /// The ID to resume the stream from.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// The `step` of a [`StepStart`]. Left out: what only single kinds of steps have.
    pub Step<'a> {
        /// What kind of step it is: `model_output`, `thought`, `function_call`, or another.
        pub kind: JsonStr<'a> = "type",
        /// Of a call: the ID to answer it by.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of a call's result: the call's ID.
        pub call_id: Option<JsonStr<'a>> = "call_id",
        /// Of a call: the function's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of a call: the arguments, mostly `{}`, because they follow in pieces.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// The signature that verifies the thinking. It has to be sent back.
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
        /// Which of the interaction's steps.
        pub index: u64 = "index",
        /// What is new of it.
        pub delta: Delta<'a> = "delta",
        /// The ID to resume the stream from.
        pub event_id: Option<JsonStr<'a>> = "event_id",
    };

    /// What is new of a step: the `delta` of a [`StepDelta`]. Left out: what only single kinds
    /// of deltas have.
    pub Delta<'a> {
        /// What kind of delta it is: `text`, `thought_summary`, `thought_signature`,
        /// `arguments_delta`, `image`, or another.
        pub kind: JsonStr<'a> = "type",
        /// Of `text`: visible text. Of `thought_summary`: the text of its `content`.
        pub text: Option<JsonStr<'a>> = "text" | "content" / "text",
        /// Of `thought_signature`: the signature that verifies the thinking. It has to be sent
        /// back.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// Of `arguments_delta`: a piece of a call's arguments. Of tools that the provider
        /// runs, all of them.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
        /// Of a call: its ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of a call: the function's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// Of images and sound: a piece in Base64.
        pub data: Option<JsonStr<'a>> = "data",
        /// Of images and sound: the media type, such as `image/png`.
        pub mime_type: Option<JsonStr<'a>> = "mime_type",
        /// The sources of the text, in a list.
        pub annotations: Option<Json<'a>> = "annotations",
        /// Of a call's result: the tool's output.
        pub result: Option<StrOrJson<'a>> = "result",
    };

    /// `step.stop`.
    pub StepStop {
        /// Which of the interaction's steps.
        pub index: u64 = "index",
    }
}
