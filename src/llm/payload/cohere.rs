//! Events of Cohere's chat API, version 2.
//!
//! [`StreamEvent::parse`] reads an event.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::cohere::StreamEvent;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi\"}}}}\n\n\
//! # data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match StreamEvent::parse(&event)? {
//!         StreamEvent::ContentDelta(event) => {
//!             if let Some(piece) = event.message.content.text {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         StreamEvent::MessageEnd(event) => println!("{:?}", event.delta.finish_reason),
//!         _ => {} // Other events, including future ones.
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
    /// The provider's error.
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
    /// The final event, with the stop reason and the token counts.
    MessageEnd(MessageEnd<'a>) = "message-end",
}

object! {
    /// A new piece of a message, or the start or end of a part of it. Not included: `logprobs`.
    pub Piece<'a> {
        /// The message's ID, in the first event.
        pub id: Option<JsonStr<'a>> = "id",
        /// The index of the content, tool call, or citation in the message.
        pub index: u64 = "index",
        /// The new pieces.
        pub message: Message<'a> = "delta" / "message",
    };

    /// The new pieces of a message: the `message` of a [`Piece`].
    pub Message<'a> {
        /// The role: `assistant`, in the first event.
        pub role: Option<JsonStr<'a>> = "role",
        /// A piece of text or thinking.
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
        /// The kind of content, in the first event: `text` or `thinking`.
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
        /// The kind of tool, in the first fragment: `function`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The function, with a piece of its arguments.
        pub function: Option<Function<'a>> = "function",
    };

    /// The source of a text: the `citations` of a [`Message`].
    pub Citation<'a> {
        /// The kind of content: `TEXT_CONTENT`, `THINKING_CONTENT`, or `PLAN`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The passage that it supports.
        pub text: Option<JsonStr<'a>> = "text",
        /// The start of the passage, in characters.
        pub start: Option<u64> = "start",
        /// The end of the passage, in characters.
        pub end: Option<u64> = "end",
        /// The documents and tool outputs, a list.
        pub sources: Option<Json<'a>> = "sources",
    };

    /// `message-end`.
    pub MessageEnd<'a> {
        /// The stop reason, the error, and the token counts.
        pub delta: End<'a> = "delta",
    };

    /// The `delta` of a [`MessageEnd`].
    pub End<'a> {
        /// The stop reason, such as `COMPLETE`, `MAX_TOKENS`, `TOOL_CALL` or `ERROR`.
        pub finish_reason: Option<JsonStr<'a>> = "finish_reason",
        /// The error.
        pub error: Option<ErrorBody<'a>> = "error",
        /// The token counts.
        pub usage: Option<Usage> = "usage",
    };

    /// Token counts: `usage`.
    pub Usage {
        /// All tokens.
        pub tokens: Option<Tokens> = "tokens",
        /// The billed tokens.
        pub billed_units: Option<Tokens> = "billed_units",
        /// Tokens read from the provider's cache.
        pub cached_tokens: Option<u64> = "cached_tokens",
    };

    /// Token counts: `tokens` or `billed_units`. Not included: units other than tokens.
    pub Tokens {
        /// Tokens in the request.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens in the answer, including reasoning.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens used for reasoning.
        pub reasoning_tokens: Option<u64> = "reasoning_tokens",
    }
}
