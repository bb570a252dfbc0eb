//! Chunks of Gemini's `streamGenerateContent`, also from Vertex AI and Code Assist.
//!
//! [`Chunk::parse`] reads an event.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::generate_content::Chunk;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hm\",\"thought\":true},{\"text\":\"Good \"}]}}]}\n\n\
//! # data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"day\"}]},\"finishReason\":\"STOP\"}]}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     for candidate in &Chunk::parse(&event)?.candidates {
//!         for part in &candidate.content.parts {
//!             if let (Some(piece), false) = (part.text, part.thought) {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!     }
//! }
//! assert_eq!(text, "Good day");
//! # Ok(())
//! # }
//! ```

use super::read::Sealed;
use super::{Error, ErrorBody, Json, JsonStr, List};
use crate::Event;
use crate::json::{self, object};

object! {
    /// An event. Not included: `createTime`, safety ratings, and Code Assist's `traceId`.
    pub Chunk<'a> {
        /// The new pieces of the candidates.
        pub candidates: List<'a, Candidate<'a>> = "candidates",
        /// The token counts so far.
        pub usage_metadata: Option<UsageMetadata> = "usageMetadata",
        /// The model.
        pub model_version: Option<JsonStr<'a>> = "modelVersion",
        /// The response's ID, the same in all its chunks.
        pub response_id: Option<JsonStr<'a>> = "responseId",
        /// The reason for which the request was blocked, such as `SAFETY`. There are no candidates
        /// then.
        pub block_reason: Option<JsonStr<'a>> = "promptFeedback" / "blockReason",
        /// The provider's error.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The whole chunk, from Code Assist.
        response: Option<Json<'a>> = "response",
    }
}

super::payload! {
    /// Reads an event's data, or the `response` in it from Code Assist.
    ///
    /// # Errors
    ///
    /// If the data is not a JSON object: see [`Error`].
    Chunk
}

impl<'a> Sealed<'a> for Chunk<'a> {
    fn read_from(&mut self, event: &Event<'a>) -> Result<(), Error> {
        *self = Self::default();
        json::read(event.data().as_bytes(), self)?;
        if let Some(response) = self.response.filter(Json::is_object) {
            let error = self.error;
            *self = Self::default();
            json::read(response.as_bytes(), self)?;
            self.error = self.error.or(error);
        }
        Ok(())
    }
}

object! {
    /// The new pieces of one candidate: an element of `candidates`.
    ///
    /// Not included: safety ratings, log probabilities, and `urlContextMetadata`.
    pub Candidate<'a> {
        /// The index of the candidate. If absent, its position in the list.
        pub index: Option<u64> = "index",
        /// The new parts.
        pub content: Content<'a> = "content",
        /// The stop reason, in the candidate's last chunk: `STOP`, `MAX_TOKENS`, or another.
        pub finish_reason: Option<JsonStr<'a>> = "finishReason",
        /// A message about the stop reason, for people.
        pub finish_message: Option<JsonStr<'a>> = "finishMessage",
        /// The cited works.
        pub citation_metadata: Option<Json<'a>> = "citationMetadata",
        /// The sources found by a search, and the passages that they support.
        pub grounding_metadata: Option<Json<'a>> = "groundingMetadata",
    };

    /// The `content` of a [`Candidate`].
    pub Content<'a> {
        /// The role: `model`.
        pub role: Option<JsonStr<'a>> = "role",
        /// The new parts.
        pub parts: List<'a, Part<'a>> = "parts",
    };

    /// A part of a [`Content`]. Not included: `fileData`, and metadata of media.
    pub Part<'a> {
        /// A piece of text: visible, or, if [`thought`](Self::thought), thinking.
        pub text: Option<JsonStr<'a>> = "text",
        /// Whether the text is the model's thinking.
        pub thought: bool = "thought",
        /// The signature of the thinking. Must be sent back with its part, which may also be a text
        /// or a call.
        pub thought_signature: Option<JsonStr<'a>> = "thoughtSignature",
        /// A function call: whole, unless it [continues](FunctionCall::will_continue).
        pub function_call: Option<FunctionCall<'a>> = "functionCall",
        /// An image or sound.
        pub inline_data: Option<Blob<'a>> = "inlineData",
        /// Code that the provider runs.
        pub executable_code: Option<ExecutableCode<'a>> = "executableCode",
        /// The result of such code.
        pub code_execution_result: Option<CodeExecutionResult<'a>> = "codeExecutionResult",
        /// A call of one of the provider's tools. Must be sent back.
        pub tool_call: Option<Json<'a>> = "toolCall",
        /// The result of such a call. Must be sent back.
        pub tool_response: Option<Json<'a>> = "toolResponse",
    };

    /// A function call: `functionCall`.
    pub FunctionCall<'a> {
        /// The call's ID. Most calls have none.
        pub id: Option<JsonStr<'a>> = "id",
        /// The function's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// The arguments, an object.
        pub args: Option<Json<'a>> = "args",
        /// Pieces of streamed arguments: a list of values with their paths in the arguments.
        pub partial_args: Option<Json<'a>> = "partialArgs",
        /// Whether more of this call follows.
        pub will_continue: bool = "willContinue",
    };

    /// An image or sound: `inlineData`.
    pub Blob<'a> {
        /// The media type, such as `image/png`.
        pub mime_type: Option<JsonStr<'a>> = "mimeType",
        /// The image or sound, in Base64.
        pub data: Option<JsonStr<'a>> = "data",
    };

    /// Code that the provider runs: `executableCode`.
    pub ExecutableCode<'a> {
        /// The ID of the run.
        pub id: Option<JsonStr<'a>> = "id",
        /// The language, such as `PYTHON`.
        pub language: Option<JsonStr<'a>> = "language",
        /// The code.
        pub code: Option<JsonStr<'a>> = "code",
    };

    /// The result of code that the provider ran: `codeExecutionResult`.
    pub CodeExecutionResult<'a> {
        /// The ID of the run.
        pub id: Option<JsonStr<'a>> = "id",
        /// The outcome, such as `OUTCOME_OK`.
        pub outcome: Option<JsonStr<'a>> = "outcome",
        /// The code's output.
        pub output: Option<JsonStr<'a>> = "output",
    };

    /// Token counts: `usageMetadata`. Not included: counts by modality.
    pub UsageMetadata {
        /// Tokens in the request, including cached ones.
        pub prompt_token_count: Option<u64> = "promptTokenCount",
        /// Tokens in the answer, excluding thinking.
        pub candidates_token_count: Option<u64> = "candidatesTokenCount",
        /// All tokens.
        pub total_token_count: Option<u64> = "totalTokenCount",
        /// Tokens read from the provider's cache.
        pub cached_content_token_count: Option<u64> = "cachedContentTokenCount",
        /// Tokens used for thinking.
        pub thoughts_token_count: Option<u64> = "thoughtsTokenCount",
        /// Tokens that the provider's tools added to the request.
        pub tool_use_prompt_token_count: Option<u64> = "toolUsePromptTokenCount",
    }
}
