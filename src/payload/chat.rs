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

use super::{Content, Error, ErrorBody, JsonStr, List, StrOrJson, Texts};
use crate::dialect::{Chat, Observation, judge};
use crate::json::{self, object};
use crate::{Event, Signal, Tracker};

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
        /// The tokens used, in the last chunk or in each, if asked for. With Groq, in the
        /// last one, also unasked: its `x_groq.usage` counts, too.
        pub usage: Option<Usage> = "usage" | "x_groq" / "usage",
        /// Why the provider gave up.
        pub error: Option<ErrorBody<'a>> = "error",
        /// What the event calls itself, which is the dialect's business.
        kind: Option<JsonStr<'a>> = "type",
    } in order {
        id = "id", object = "object", _ = "created", model = "model", _ = "service_tier",
        _ = "system_fingerprint", choices = "choices", usage = "usage", _ = "obfuscation",
    }
}

impl<'a> Chunk<'a> {
    /// Reads an event's data. `[DONE]` is no chunk: ask [`is_done`](crate::dialect::is_done) or
    /// a [`Tracker`] first.
    ///
    /// # Errors
    ///
    /// If the data is no JSON object: see [`Error`].
    #[inline]
    pub fn parse(event: &Event<'a>) -> Result<Self, Error> {
        let mut chunk = Self::default();
        chunk.read_in(event)?;
        Ok(chunk)
    }

    /// As [`parse`](Self::parse), in place: a chunk is large to be moved. What it held is gone,
    /// also after an error.
    ///
    /// # Errors
    ///
    /// If the data is no JSON object: see [`Error`].
    pub fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error> {
        *self = Self::default();
        let data = event.data().as_bytes();
        json::read(data, self)?;
        // Old vLLM servers flatten the error into the chunk.
        if self.error.is_none() && self.object.is_some_and(|object| object == "error") {
            let mut error = ErrorBody::default();
            json::read(data, &mut error)?;
            self.error = Some(error);
        }
        Ok(())
    }
}

impl Tracker<Chat> {
    /// Takes the next event, as [`observe`](Self::observe), and reads its payload into `chunk`:
    /// one look for both. Where the signal has no payload, what `chunk` holds means nothing.
    ///
    /// ```
    /// use sseam::dialect::Chat;
    /// use sseam::payload::chat::Chunk;
    /// use sseam::{Event, Signal, Tracker};
    ///
    /// let mut tracker = Tracker::new(Chat::new());
    /// let event = Event::new(r#"{"choices":[{"index":0,"delta":{"content":"Hi"}}]}"#);
    /// let mut chunk = Chunk::default();
    /// assert_eq!(tracker.read(&event, &mut chunk)?, Signal::Message);
    /// let choice = chunk.choices.first().expect("a choice");
    /// assert_eq!(choice.texts().next().expect("a text"), "Hi");
    /// # Ok::<(), sseam::payload::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is no JSON object. The tracker has taken the event all the same.
    pub fn read<'a>(&mut self, event: &Event<'a>, chunk: &mut Chunk<'a>) -> Result<Signal, Error> {
        if self.is_over() || self.dialect().observe_outside(event).is_some() {
            let signal = self.observe(event);
            if signal == Signal::Last {
                chunk.read_in(event)?;
            }
            return Ok(signal);
        }
        if let Err(error) = chunk.read_in(event) {
            self.observe(event);
            return Err(error);
        }
        Ok(self.observe_as(event, |chat| {
            let observation = judge(event.data().as_bytes(), chunk.kind, chunk.error.is_some());
            if observation == Observation::Message {
                chunk.choices.for_each(|choice| chat.note(choice.finish_reason));
            }
            observation
        }))
    }
}

object! {
    /// What is new of one choice: an element of `choices`.
    ///
    /// Left out: `logprobs`, `content_filter_results`, `message`.
    pub Choice<'a> {
        /// Which of the choices asked for; 0 if it does not say.
        pub index: u64 = "index",
        /// What is new. Legacy completions have none.
        pub delta: Option<Delta<'a>> = "delta",
        /// What is new in legacy completions.
        pub text: Option<JsonStr<'a>> = "text",
        /// Why the model stopped, in the choice's last chunk.
        pub finish_reason: Option<JsonStr<'a>> = "finish_reason",
    } in order {
        index = "index", delta = "delta", _ = "logprobs", finish_reason = "finish_reason",
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
    /// Left out: `audio`, `annotations`, `reasoning_details`, and what single
    /// providers add.
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
    } in order {
        role = "role", content = "content", reasoning = "reasoning_content",
        refusal = "refusal", tool_calls = "tool_calls",
    }
}

object! {
    /// A fragment of a tool call: an element of `tool_calls`.
    pub ToolCall<'a> {
        /// Which of the message's tool calls; 0 if it does not say.
        pub index: u64 = "index",
        /// The call's ID, in its first fragment.
        pub id: Option<JsonStr<'a>> = "id",
        /// What kind of tool it is, in the first fragment: `function`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The function and a piece of its arguments.
        pub function: Option<Function<'a>> = "function",
    } in order {
        index = "index", id = "id", kind = "type", function = "function",
    }
}

object! {
    /// The function of a [`ToolCall`].
    pub Function<'a> {
        /// The function's name, in the first fragment.
        pub name: Option<JsonStr<'a>> = "name",
        /// A piece of the arguments, which are JSON once they are put together; with some
        /// servers an object, which is all of them.
        pub arguments: Option<StrOrJson<'a>> = "arguments",
    } in order {
        name = "name", arguments = "arguments",
    }
}

object! {
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
    }
}

object! {
    /// More on the tokens of the request: `prompt_tokens_details`. Left out: tokens
    /// of images and videos.
    pub PromptTokensDetails {
        /// Tokens that were in the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
        /// Tokens of audio.
        pub audio_tokens: Option<u64> = "audio_tokens",
    }
}

object! {
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
