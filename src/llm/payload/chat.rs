//! Chat Completions: `chat.completion.chunk`, and legacy Completions.
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

use super::read::{Judged, Odd, Sealed};
use super::{Content, Error, ErrorBody, Json, JsonStr, List, StrOrJson, Texts};
use crate::Event;
use crate::json::{self, object};

object! {
    /// An event: `OpenAI`'s `chat.completion.chunk`, `text_completion`, or an error.
    ///
    /// Left out: `created`, `service_tier`, `system_fingerprint`, `obfuscation`, and
    /// what single providers add.
    pub Chunk<'a> {
        /// The completion's ID, the same in each of its chunks.
        pub id: Option<JsonStr<'a>> = "id",
        /// What kind of object it is, such as `chat.completion.chunk`.
        pub object: Option<JsonStr<'a>> = "object",
        /// The model that answers.
        pub model: Option<JsonStr<'a>> = "model",
        /// What is new of each choice. Empty in some chunks.
        pub choices: List<'a, Choice<'a>> = "choices",
        /// The tokens used, in the last chunk or in each, if asked for. Groq's `x_groq.usage`
        /// counts, too, and Moonshot's `usage` in the first choice.
        pub usage: Option<Usage> = "usage" | "x_groq" / "usage",
        /// Why the provider gave up.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The sources of the answer, as Perplexity lists them: mostly their addresses.
        pub citations: Option<Json<'a>> = "citations",
        /// What matters to the outcome alone.
        odd: Odd = "type" | "errors" | "base_resp" | "detail",
    } in order {
        id = "id", object = "object", _ = "created", model = "model", _ = "service_tier",
        _ = "system_fingerprint", choices = "choices", usage = "usage", _ = "obfuscation",
    }
}

super::payload! {
    /// Reads an event's data. `[DONE]` is no chunk: ask [`is_done`](crate::llm::is_done) or
    /// a [`Tracker`](crate::llm::Tracker) first.
    ///
    /// # Errors
    ///
    /// If the data is no JSON object: see [`Error`].
    Chunk
}

impl<'a> Sealed<'a> for Chunk<'a> {
    fn read_anew(&mut self, event: &Event<'a>) -> Result<(), Error> {
        *self = Self::default();
        let data = event.data().as_bytes();
        self.odd.0 |= !json::read_usual(data, self)?;
        // Old vLLM servers flatten the error into the chunk.
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

    fn judged(&self) -> Option<Judged> {
        let is_none = |reason: Option<JsonStr<'_>>| reason.is_none_or(|reason| reason.is_empty());
        let is_choice_quiet = |choice: &Choice<'_>| {
            is_none(choice.finish_reason)
                && is_none(choice.native_finish_reason)
                && choice.error.is_none()
        };
        let choices = &self.choices;
        let is_quiet = !self.odd.0
            && self.error.is_none()
            && choices.first().is_none_or(is_choice_quiet)
            && choices.has_one_at_most();
        is_quiet.then_some(Judged::QuietChunk)
    }
}

object! {
    /// What is new of one choice: an element of `choices`.
    ///
    /// Left out: `logprobs`, `content_filter_results`.
    pub Choice<'a> {
        /// Which of the choices asked for; 0 if it does not say.
        pub index: u64 = "index",
        /// What is new. Legacy completions have none.
        pub delta: Option<Delta<'a>> = "delta",
        /// What is new in legacy completions.
        pub text: Option<JsonStr<'a>> = "text",
        /// Why the model stopped, in the choice's last chunk.
        pub finish_reason: Option<JsonStr<'a>> = "finish_reason",
        /// The same in the words of the model's own provider, from `OpenRouter`.
        pub native_finish_reason: Option<JsonStr<'a>> = "native_finish_reason",
        /// The message so far, or the whole message instead of deltas: [`read`](Json::read) it
        /// as a [`Delta`].
        pub message: Option<Json<'a>> = "message",
        /// Why the provider gave up this choice: [`read`](Json::read) it as an [`ErrorBody`].
        pub error: Option<Json<'a>> = "error",
        /// The tokens used, from Moonshot: see [`Chunk::usage`].
        pub usage: Option<Json<'a>> = "usage",
    } in order {
        index = "index", delta = "delta", _ = "logprobs", finish_reason = "finish_reason",
        native_finish_reason = "native_finish_reason",
    }
}

impl<'a> Choice<'a> {
    /// The visible text that is new: the delta's content, or, only where there is
    /// no delta, the legacy text.
    #[inline]
    pub fn texts(&self) -> Texts<'_, 'a> {
        match &self.delta {
            Some(delta) => delta.content.as_ref().map(Content::texts).unwrap_or_default(),
            None => self.text.map(Texts::from).unwrap_or_default(),
        }
    }
}

object! {
    /// What is new of a choice's message: `delta`.
    ///
    /// Left out: what single providers add, such as `images` and `executed_tools`.
    pub Delta<'a> {
        /// Who speaks: `assistant`, in the first chunk.
        pub role: Option<JsonStr<'a>> = "role",
        /// The visible text.
        pub content: Option<Content<'a>> = "content",
        /// The model's words where it refuses.
        pub refusal: Option<JsonStr<'a>> = "refusal",
        /// The model's reasoning: `reasoning_content`, or with some providers `reasoning` or
        /// `reasoning_text`.
        pub reasoning: Option<JsonStr<'a>> = "reasoning_content" | "reasoning" | "reasoning_text",
        /// Fragments of tool calls.
        pub tool_calls: List<'a, ToolCall<'a>> = "tool_calls",
        /// A fragment of the legacy way to call a function.
        pub function_call: Option<Function<'a>> = "function_call",
        /// The reasoning again, with its signatures. It has to be sent back unchanged.
        /// [`read`](Json::read) it as a [`List`] of [`ReasoningDetail`]s.
        pub reasoning_details: Option<Json<'a>> = "reasoning_details",
        /// Encrypted reasoning, from Copilot. It has to be sent back.
        pub reasoning_opaque: Option<JsonStr<'a>> = "reasoning_opaque",
        /// A piece of spoken answer: [`read`](Json::read) it as [`Audio`].
        pub audio: Option<Json<'a>> = "audio",
        /// The sources of the text, in a list.
        pub annotations: Option<Json<'a>> = "annotations",
    } in order {
        role = "role", content = "content", reasoning = "reasoning_content",
        refusal = "refusal", tool_calls = "tool_calls",
    };

    /// A piece of reasoning: an element of `reasoning_details`.
    pub ReasoningDetail<'a> {
        /// What kind of piece it is, such as `reasoning.text` or `reasoning.encrypted`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// Which of the message's pieces it continues.
        pub index: Option<u64> = "index",
        /// The piece's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// Of `reasoning.text`: the text.
        pub text: Option<JsonStr<'a>> = "text",
        /// Of `reasoning.text`: the signature that verifies it.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// Of `reasoning.summary`: the text.
        pub summary: Option<JsonStr<'a>> = "summary",
        /// Of `reasoning.encrypted`: the encrypted reasoning.
        pub data: Option<JsonStr<'a>> = "data",
        /// The format of the model's provider, such as `anthropic-claude-v1`.
        pub format: Option<JsonStr<'a>> = "format",
    };

    /// A piece of spoken answer: `audio`.
    pub Audio<'a> {
        /// The ID of the audio.
        pub id: Option<JsonStr<'a>> = "id",
        /// A piece of the spoken text.
        pub transcript: Option<JsonStr<'a>> = "transcript",
        /// A piece of the sound, in Base64.
        pub data: Option<JsonStr<'a>> = "data",
        /// When the provider deletes the audio, in seconds since 1970.
        pub expires_at: Option<u64> = "expires_at",
    };

    /// A fragment of a tool call: an element of `tool_calls`.
    pub ToolCall<'a> {
        /// Which of the message's tool calls; 0 if it does not say.
        pub index: u64 = "index",
        /// The call's ID, in its first fragment.
        pub id: Option<JsonStr<'a>> = "id",
        /// What kind of tool it is, in the first fragment: `function` or `custom`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The function and a piece of its arguments, or the `custom` tool and a piece of its
        /// input.
        pub function: Option<Function<'a>> = "function" | "custom",
        /// The function's name, from servers that send it without `function` around it.
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
        /// A piece of the arguments, which are JSON once they are put together; with some
        /// servers an object, which is all of them. Of a custom tool, a piece of its `input`,
        /// which can be any text.
        pub arguments: Option<StrOrJson<'a>> = "arguments" | "input",
    } in order {
        name = "name", arguments = "arguments",
    };

    /// The tokens used: `usage`.
    ///
    /// Left out: costs and times, and what single providers add.
    pub Usage {
        /// Tokens of the request.
        pub prompt_tokens: Option<u64> = "prompt_tokens",
        /// Tokens of the answer, reasoning included.
        pub completion_tokens: Option<u64> = "completion_tokens",
        /// Tokens of both.
        pub total_tokens: Option<u64> = "total_tokens",
        /// More on those of the request.
        pub prompt_tokens_details: Option<PromptTokensDetails> = "prompt_tokens_details",
        /// More on those of the answer.
        pub completion_tokens_details: Option<CompletionTokensDetails> = "completion_tokens_details",
    };

    /// More on the tokens of the request: `prompt_tokens_details`. Left out: tokens
    /// of images and videos.
    pub PromptTokensDetails {
        /// Tokens that were in the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
    };

    /// More on the tokens of the answer: `completion_tokens_details`. Left out:
    /// tokens of images.
    pub CompletionTokensDetails {
        /// Tokens of reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
        /// Predicted tokens that were right.
        pub accepted_prediction_tokens: Option<u64> = "accepted_prediction_tokens",
        /// Predicted tokens that were wrong.
        pub rejected_prediction_tokens: Option<u64> = "rejected_prediction_tokens",
    }
}
