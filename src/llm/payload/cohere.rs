//! Cohere's chat API, version 2.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::cohere::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}}}\n\n\
//! # data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match Event::parse(&event)? {
//!         Event::ContentDelta(event) => {
//!             if let Some(piece) = event.message.content.text {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         Event::MessageEnd(event) => println!("{:?}", event.delta.finish_reason),
//!         _ => {} // Whatever comes in the future, too.
//!     }
//! }
//! assert_eq!(text, "Hi");
//! # Ok(())
//! # }
//! ```

use super::chat::Function;
use super::{Discriminator, ErrorBody, Json, JsonStr};
use crate::json::object;

super::events! {
    by Discriminator::of;
    /// `error`.
    Error(ErrorBody<'a>) by |error, _: &_| error,
    ContentDelta(Piece<'a>) = "content-delta",
    ToolCallDelta(Piece<'a>) = "tool-call-delta",
    /// A piece of the model's plan for its tools.
    ToolPlanDelta(Piece<'a>) = "tool-plan-delta",
    /// The message's ID.
    MessageStart(Piece<'a>) = "message-start",
    /// The kind of content.
    ContentStart(Piece<'a>) = "content-start",
    ContentEnd(Piece<'a>) = "content-end",
    /// The call's ID and the tool's name.
    ToolCallStart(Piece<'a>) = "tool-call-start",
    ToolCallEnd(Piece<'a>) = "tool-call-end",
    /// A whole citation.
    CitationStart(Piece<'a>) = "citation-start",
    CitationEnd(Piece<'a>) = "citation-end",
    /// The terminal: why the model stopped, and the tokens used.
    MessageEnd(MessageEnd<'a>) = "message-end",
}

object! {
    /// What is new of a message, or which part of it begins or ends. Left out: `logprobs`.
    pub Piece<'a> {
        /// The message's ID, in the first event.
        pub id: Option<JsonStr<'a>> = "id",
        /// Which of the message's contents, tool calls, or citations.
        pub index: u64 = "index",
        /// What is new.
        pub message: Message<'a> = "delta" / "message",
    };

    /// What is new: the `message` of a [`Piece`].
    pub Message<'a> {
        /// Who speaks: `assistant`, in the first event.
        pub role: Option<JsonStr<'a>> = "role",
        /// Text or thinking.
        pub content: Content<'a> = "content",
        /// A piece of the model's plan for its tools.
        pub tool_plan: Option<JsonStr<'a>> = "tool_plan",
        /// A fragment of a tool call.
        pub tool_call: Option<ToolCall<'a>> = "tool_calls",
        /// A citation.
        pub citation: Option<Citation<'a>> = "citations",
    };

    /// The `content` of a [`Message`].
    pub Content<'a> {
        /// What kind of content it is: `text` or `thinking`, where it starts.
        pub kind: Option<JsonStr<'a>> = "type",
        /// A piece of visible text.
        pub text: Option<JsonStr<'a>> = "text",
        /// A piece of the model's thinking.
        pub thinking: Option<JsonStr<'a>> = "thinking",
    };

    /// A fragment of a tool call: the `tool_calls` of a [`Message`].
    pub ToolCall<'a> {
        /// The call's ID, in its first fragment.
        pub id: Option<JsonStr<'a>> = "id",
        /// What kind of tool it is, in the first fragment: `function`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The function and a piece of its arguments.
        pub function: Option<Function<'a>> = "function",
    };

    /// The source of a text: the `citations` of a [`Message`].
    pub Citation<'a> {
        /// The content that it belongs to: `TEXT_CONTENT`, `THINKING_CONTENT`, or `PLAN`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The passage that it supports.
        pub text: Option<JsonStr<'a>> = "text",
        /// Where the passage begins, in characters.
        pub start: Option<u64> = "start",
        /// Where the passage ends.
        pub end: Option<u64> = "end",
        /// The documents and outputs of tools, in a list.
        pub sources: Option<Json<'a>> = "sources",
    };

    /// `message-end`.
    pub MessageEnd<'a> {
        /// How the message ended.
        pub delta: End<'a> = "delta",
    };

    /// The `delta` of a [`MessageEnd`].
    pub End<'a> {
        /// Why the model stopped, such as `COMPLETE`, `MAX_TOKENS`, `TOOL_CALL` or `ERROR`.
        pub finish_reason: Option<JsonStr<'a>> = "finish_reason",
        /// What went wrong.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The tokens used.
        pub usage: Option<Usage> = "usage",
    };

    /// The tokens used: `usage`.
    pub Usage {
        /// All tokens.
        pub tokens: Option<Tokens> = "tokens",
        /// The tokens that are billed.
        pub billed_units: Option<Tokens> = "billed_units",
        /// Tokens that were in the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
    };

    /// A count of tokens: `tokens` or `billed_units`. Left out: units that are no tokens.
    pub Tokens {
        /// Tokens of the request.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens of the answer, reasoning included.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens of reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
    }
}
