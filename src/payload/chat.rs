//! Chat Completions: `chat.completion.chunk`, and legacy Completions.
//!
//! ```
//! use sseam::Parser;
//! use sseam::dialect::is_done;
//! use sseam::payload::chat::Chunk;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Good \"}}]}\n\n\
//! # data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"day\\n\"}}]}\n\ndata: [DONE]\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     if is_done(&event) {
//!         break;
//!     }
//!     for choice in Chunk::parse(&event)?.choices {
//!         for piece in choice.texts() {
//!             piece.write_to(&mut text)?;
//!         }
//!     }
//! }
//! assert_eq!(text, "Good day\n");
//! # Ok(())
//! # }
//! ```

use super::object::{Read, object};
use super::{Content, Error, ErrorBody, JsonStr, List, check};
use crate::Event;

object! {
    /// An event: `OpenAI`'s `chat.completion.chunk`, `text_completion`, or an error.
    ///
    /// Left out: `created`, `service_tier`, `system_fingerprint`, `obfuscation`, and
    /// what single providers add.
    pub Chunk<'a> {
        /// The completion's ID, the same in each of its chunks.
        id: Option<JsonStr<'a>> = "id",
        /// What kind of object it is, such as `chat.completion.chunk`.
        object: Option<JsonStr<'a>> = "object",
        /// The model that answers.
        model: Option<JsonStr<'a>> = "model",
        /// What is new of each choice. Empty in some chunks.
        choices: List<'a, Choice<'a>> = "choices",
        /// The tokens used, in the last chunk or in each, if asked for. With Groq, in the
        /// last one, also unasked: its `x_groq.usage` counts, too.
        usage: Option<Usage> = "usage" | "x_groq" / "usage",
        /// Why the provider gave up.
        error: Option<ErrorBody<'a>> = "error",
    }
}

impl<'a> Chunk<'a> {
    /// Reads an event's data. `[DONE]` is none of these: ask
    /// [`is_done`](crate::dialect::is_done) or a [`Tracker`](crate::Tracker) first.
    ///
    /// # Errors
    ///
    /// Where the data is no JSON object: see [`Error`].
    pub fn parse(event: &Event<'a>) -> Result<Self, Error> {
        let json = super::top(check::object(event.data().as_bytes())?);
        let mut chunk = json.and_then(Self::read).unwrap_or_default();
        // Old vLLM servers flatten the error into the chunk.
        if chunk.error.is_none() && chunk.object.is_some_and(|object| object == "error") {
            chunk.error = json.and_then(ErrorBody::read);
        }
        Ok(chunk)
    }
}

object! {
    /// What is new of one choice: an element of `choices`.
    ///
    /// Left out: `logprobs`, `content_filter_results`, `message`.
    pub Choice<'a> {
        /// Which of the choices asked for; 0 if it does not say.
        index: u64 = "index",
        /// What is new. Legacy completions have none.
        delta: Option<Delta<'a>> = "delta",
        /// What is new in legacy completions.
        text: Option<JsonStr<'a>> = "text",
        /// Why the model stopped, in the choice's last chunk.
        finish_reason: Option<JsonStr<'a>> = "finish_reason",
    }
}

impl<'a> Choice<'a> {
    /// The visible text that is new: the delta's content, or, only where there is
    /// no delta, the legacy text.
    pub fn texts(&self) -> impl Iterator<Item = JsonStr<'a>> + use<'a> {
        let content = match self.delta {
            Some(delta) => delta.content,
            None => self.text.map(Content::Text),
        };
        content.into_iter().flat_map(|content| content.texts())
    }
}

object! {
    /// What is new of a choice's message: `delta`.
    ///
    /// Left out: `audio`, `annotations`, `reasoning_details`, and what single
    /// providers add.
    pub Delta<'a> {
        /// Who speaks: `assistant`, in the first chunk.
        role: Option<JsonStr<'a>> = "role",
        /// The visible text.
        content: Option<Content<'a>> = "content",
        /// The model's words where it refuses.
        refusal: Option<JsonStr<'a>> = "refusal",
        /// The model's reasoning: `reasoning_content`, or `reasoning` with some
        /// providers.
        reasoning: Option<JsonStr<'a>> = "reasoning_content" | "reasoning",
        /// Fragments of tool calls.
        tool_calls: List<'a, ToolCall<'a>> = "tool_calls",
        /// A fragment of the legacy way to call a function.
        function_call: Option<Function<'a>> = "function_call",
    }
}

object! {
    /// A fragment of a tool call: an element of `tool_calls`.
    pub ToolCall<'a> {
        /// Which of the message's tool calls; 0 if it does not say.
        index: u64 = "index",
        /// The call's ID, in its first fragment.
        id: Option<JsonStr<'a>> = "id",
        /// What kind of tool it is, in the first fragment: `function`.
        kind: Option<JsonStr<'a>> = "type",
        /// The function and a piece of its arguments.
        function: Option<Function<'a>> = "function",
    }
}

object! {
    /// The function of a [`ToolCall`].
    pub Function<'a> {
        /// The function's name, in the first fragment.
        name: Option<JsonStr<'a>> = "name",
        /// A piece of the arguments, which are JSON once they are put together.
        arguments: Option<JsonStr<'a>> = "arguments",
    }
}

object! {
    /// The tokens used: `usage`.
    ///
    /// Left out: costs and times, and what single providers add.
    pub Usage {
        /// Tokens of the request.
        prompt_tokens: Option<u64> = "prompt_tokens",
        /// Tokens of the answer, reasoning included.
        completion_tokens: Option<u64> = "completion_tokens",
        /// Tokens of both.
        total_tokens: Option<u64> = "total_tokens",
        /// More on those of the request.
        prompt_tokens_details: Option<PromptTokensDetails> = "prompt_tokens_details",
        /// More on those of the answer.
        completion_tokens_details: Option<CompletionTokensDetails> = "completion_tokens_details",
    }
}

object! {
    /// More on the tokens of the request: `prompt_tokens_details`. Left out: tokens
    /// of images and videos.
    pub PromptTokensDetails {
        /// Tokens that were in the provider's cache.
        cached_tokens: Option<u64> = "cached_tokens",
        /// Tokens of audio.
        audio_tokens: Option<u64> = "audio_tokens",
    }
}

object! {
    /// More on the tokens of the answer: `completion_tokens_details`. Left out:
    /// tokens of images.
    pub CompletionTokensDetails {
        /// Tokens of reasoning.
        reasoning_tokens: Option<u64> = "reasoning_tokens",
        /// Tokens of audio.
        audio_tokens: Option<u64> = "audio_tokens",
        /// Predicted tokens that were right.
        accepted_prediction_tokens: Option<u64> = "accepted_prediction_tokens",
        /// Predicted tokens that were wrong.
        rejected_prediction_tokens: Option<u64> = "rejected_prediction_tokens",
    }
}
