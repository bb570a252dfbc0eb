//! Chunks of Chat Completions and legacy Completions.
//!
//! [`Chunk::parse`] reads an event. Documented by `OpenAI` as `chat.completion.chunk`; members of
//! compatible providers are included where clients need them.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::is_done;
//! use sseam::llm::payload::chat::Chunk;
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
//!     for choice in &Chunk::parse(&event)?.choices {
//!         for piece in choice.texts() {
//!             piece.write_to(&mut text)?;
//!         }
//!     }
//! }
//! assert_eq!(text, "Good day\n");
//! # Ok(())
//! # }
//! ```

use super::read::{Presence, Sealed, StreamEffect};
use super::{Content, Error, ErrorBody, Json, JsonStr, List, StrOrJson, Texts};
use crate::Event;
use crate::json::{self, object};

object! {
    /// An event: a `chat.completion.chunk`, a `text_completion`, or an error.
    ///
    /// Not included: `created`, `service_tier`, `system_fingerprint`, `obfuscation`, and members of
    /// single providers.
    pub Chunk<'a> {
        /// The completion's ID, the same in all its chunks.
        pub id: Option<JsonStr<'a>> = "id",
        /// The kind of object: usually `chat.completion.chunk`.
        pub object: Option<JsonStr<'a>> = "object",
        /// The model.
        pub model: Option<JsonStr<'a>> = "model",
        /// The deltas of the choices. Empty in some chunks.
        pub choices: List<'a, Choice<'a>> = "choices",
        /// The token counts, in the last chunk or in each, if requested. Also read from Groq's
        /// `x_groq.usage` and Moonshot's `usage` in the first choice.
        pub usage: Option<Usage> = "usage" | "x_groq" / "usage",
        /// The provider's error.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The sources of the answer, from Perplexity: usually a list of addresses.
        pub citations: Option<Json<'a>> = "citations",
        /// Whether a member may mark an error, or is of an unexpected type.
        unusual: Presence = "type" | "errors" | "base_resp" | "detail",
    } in order {
        id = "id", object = "object", _ = "created", model = "model", _ = "service_tier",
        _ = "system_fingerprint", choices = "choices", usage = "usage", _ = "obfuscation",
    }
}

super::payload! {
    /// Reads an event's data. `[DONE]` is not a chunk: check [`is_done`](crate::llm::is_done) or
    /// use a [`Tracker`](crate::llm::Tracker) first.
    ///
    /// # Errors
    ///
    /// If the data is not a JSON object: see [`Error`].
    Chunk
}

impl<'a> Sealed<'a> for Chunk<'a> {
    fn read_from(&mut self, event: &Event<'a>) -> Result<(), Error> {
        *self = Self::default();
        let data = event.data().as_bytes();
        self.unusual.0 |= !json::read_usual(data, self)?;
        // Old vLLM servers put the error's members into the chunk.
        if self.error.is_none() && self.object.is_some_and(|object| object == "error") {
            let mut error = ErrorBody::default();
            json::read(data, &mut error)?;
            self.error = Some(error);
        }
        if let Some(usage) = self.choices.first().and_then(|choice| choice.usage) {
            self.usage = self.usage.or_else(|| usage.read());
        }
        Ok(())
    }

    fn stream_effect(&self) -> Option<StreamEffect> {
        let is_none = |reason: Option<JsonStr<'_>>| reason.is_none_or(|reason| reason.is_empty());
        let is_choice_plain = |choice: &Choice<'_>| {
            is_none(choice.finish_reason)
                && is_none(choice.native_finish_reason)
                && choice.error.is_none()
        };
        let choices = &self.choices;
        let is_plain = !self.unusual.0
            && self.error.is_none()
            && choices.first().is_none_or(is_choice_plain)
            && choices.has_one_at_most();
        is_plain.then_some(StreamEffect::PlainChunk)
    }
}

object! {
    /// The delta of one choice: an element of `choices`.
    ///
    /// Not included: `logprobs`, `content_filter_results`.
    pub Choice<'a> {
        /// The index of the choice; 0 if absent.
        pub index: u64 = "index",
        /// The delta. Absent in legacy completions.
        pub delta: Option<Delta<'a>> = "delta",
        /// The next piece of text, in legacy completions.
        pub text: Option<JsonStr<'a>> = "text",
        /// The stop reason, in the choice's last chunk.
        pub finish_reason: Option<JsonStr<'a>> = "finish_reason",
        /// The stop reason of the model's own provider, from `OpenRouter`.
        pub native_finish_reason: Option<JsonStr<'a>> = "native_finish_reason",
        /// The message so far, or the whole message instead of deltas. [`Read`](Json::read) it as a
        /// [`Delta`].
        pub message: Option<Json<'a>> = "message",
        /// The error of this choice. [`Read`](Json::read) it as an [`ErrorBody`].
        pub error: Option<Json<'a>> = "error",
        /// The token counts, from Moonshot: see [`Chunk::usage`].
        pub usage: Option<Json<'a>> = "usage",
    } in order {
        index = "index", delta = "delta", _ = "logprobs", finish_reason = "finish_reason",
        native_finish_reason = "native_finish_reason",
    }
}

impl<'a> Choice<'a> {
    /// Returns an iterator over the new visible text: the delta's content, or, without a delta, the
    /// legacy text.
    #[inline]
    pub fn texts(&self) -> Texts<'_, 'a> {
        match &self.delta {
            Some(delta) => delta.content.as_ref().map(Content::texts).unwrap_or_default(),
            None => Texts::of(self.text),
        }
    }
}

object! {
    /// The new pieces of a choice's message: `delta`.
    ///
    /// Not included: members of single providers, such as `images` and `executed_tools`.
    pub Delta<'a> {
        /// The role: `assistant`, in the first chunk.
        pub role: Option<JsonStr<'a>> = "role",
        /// The next piece of visible text.
        pub content: Option<Content<'a>> = "content",
        /// The next piece of a refusal.
        pub refusal: Option<JsonStr<'a>> = "refusal",
        /// The next piece of reasoning: `reasoning_content`, or, from some providers, `reasoning`
        /// or `reasoning_text`.
        pub reasoning: Option<JsonStr<'a>> = "reasoning_content" | "reasoning" | "reasoning_text",
        /// Fragments of tool calls.
        pub tool_calls: List<'a, ToolCall<'a>> = "tool_calls",
        /// A fragment of a legacy function call.
        pub function_call: Option<Function<'a>> = "function_call",
        /// The reasoning with its signatures. Must be sent back unchanged. [`Read`](Json::read) it
        /// as a [`List`] of [`ReasoningDetail`]s.
        pub reasoning_details: Option<Json<'a>> = "reasoning_details",
        /// Encrypted reasoning, from Copilot. Must be sent back.
        pub reasoning_opaque: Option<JsonStr<'a>> = "reasoning_opaque",
        /// A piece of a spoken answer. [`Read`](Json::read) it as [`Audio`].
        pub audio: Option<Json<'a>> = "audio",
        /// The sources of the text, a list.
        pub annotations: Option<Json<'a>> = "annotations",
    } in order {
        role = "role", content = "content", reasoning = "reasoning_content",
        refusal = "refusal", tool_calls = "tool_calls",
    };

    /// A piece of reasoning: an element of `reasoning_details`.
    pub ReasoningDetail<'a> {
        /// The kind of piece, such as `reasoning.text` or `reasoning.encrypted`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The index of the piece that it continues.
        pub index: Option<u64> = "index",
        /// The piece's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of `reasoning.text`: the text.
        pub text: Option<JsonStr<'a>> = "text",
        /// Of `reasoning.text`: its signature.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// Of `reasoning.summary`: the text.
        pub summary: Option<JsonStr<'a>> = "summary",
        /// Of `reasoning.encrypted`: the encrypted reasoning.
        pub data: Option<JsonStr<'a>> = "data",
        /// The format of the model's provider, such as `anthropic-claude-v1`.
        pub format: Option<JsonStr<'a>> = "format",
    };

    /// A piece of a spoken answer: `audio`.
    pub Audio<'a> {
        /// The audio's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// A piece of the spoken text.
        pub transcript: Option<JsonStr<'a>> = "transcript",
        /// A piece of the sound, in Base64.
        pub data: Option<JsonStr<'a>> = "data",
        /// The time at which the provider deletes the audio, in seconds since 1970.
        pub expires_at: Option<u64> = "expires_at",
    };

    /// A fragment of a tool call: an element of `tool_calls`.
    pub ToolCall<'a> {
        /// The index of the tool call in the message; 0 if absent.
        pub index: u64 = "index",
        /// The call's ID, in its first fragment.
        pub id: Option<JsonStr<'a>> = "id",
        /// The kind of tool, in the first fragment: `function` or `custom`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The function with a piece of its arguments, or the `custom` tool with a piece of its
        /// input.
        pub function: Option<Function<'a>> = "function" | "custom",
        /// The function's name, from servers that send it outside of `function`.
        pub name: Option<JsonStr<'a>> = "name",
        /// A piece of the arguments, from the same servers.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
    } in order {
        index = "index", id = "id", kind = "type", function = "function",
    };

    /// The function or custom tool of a [`ToolCall`].
    pub Function<'a> {
        /// The function's name, in the first fragment.
        pub name: Option<JsonStr<'a>> = "name",
        /// A piece of the arguments; all pieces together are JSON. From some servers an object with
        /// all arguments. Of a custom tool, a piece of its `input`, which may be any text.
        pub arguments: Option<StrOrJson<'a>> = "arguments" | "input",
    } in order {
        name = "name", arguments = "arguments",
    };

    /// Token counts: `usage`.
    ///
    /// Not included: costs, times, and members of single providers.
    pub Usage {
        /// Tokens in the request.
        pub prompt_tokens: Option<u64> = "prompt_tokens",
        /// Tokens in the answer, including reasoning.
        pub completion_tokens: Option<u64> = "completion_tokens",
        /// Tokens in both.
        pub total_tokens: Option<u64> = "total_tokens",
        /// Details of the tokens in the request.
        pub prompt_tokens_details: Option<PromptTokensDetails> = "prompt_tokens_details",
        /// Details of the tokens in the answer.
        pub completion_tokens_details: Option<CompletionTokensDetails> = "completion_tokens_details",
    };

    /// Details of the tokens in the request: `prompt_tokens_details`.
    ///
    /// Not included: tokens of images and videos.
    pub PromptTokensDetails {
        /// Tokens read from the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
    };

    /// Details of the tokens in the answer: `completion_tokens_details`.
    ///
    /// Not included: tokens of images.
    pub CompletionTokensDetails {
        /// Tokens used for reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
        /// Predicted tokens that were accepted.
        pub accepted_prediction_tokens: Option<u64> = "accepted_prediction_tokens",
        /// Predicted tokens that were rejected.
        pub rejected_prediction_tokens: Option<u64> = "rejected_prediction_tokens",
    }
}
