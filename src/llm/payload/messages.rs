//! Events of Anthropic's Messages API.
//!
//! [`StreamEvent::parse`] reads an event.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::messages::{Delta, StreamEvent};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n\
//! # data: {\"type\":\"message_stop\"}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match StreamEvent::parse(&event)? {
//!         StreamEvent::ContentBlockDelta(event) => {
//!             if let Delta::Text(piece) = event.delta {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         StreamEvent::MessageDelta(event) => println!("{:?}", event.delta.stop_reason),
//!         StreamEvent::MessageStop => break,
//!         _ => {} // Other events, including future ones.
//!     }
//! }
//! assert_eq!(text, "Hi");
//! # Ok(())
//! # }
//! ```

use super::{Discriminator, ErrorBody, Json, JsonStr};
use crate::json::{Fill, Pass, object};

super::events! {
    by Discriminator::of;
    /// The provider's error: the members of its `error` object.
    Error(ErrorBody<'a>) by |error, _: &_| error,
    ContentBlockDelta(ContentBlockDelta<'a>) = "content_block_delta",
    ContentBlockStart(ContentBlockStart<'a>) = "content_block_start",
    ContentBlockStop(ContentBlockStop) = "content_block_stop",
    /// The message's ID and model, and the tokens of the request.
    MessageStart(MessageStart<'a>) = "message_start",
    /// The stop reason, and the token counts so far.
    MessageDelta(MessageDelta<'a>) = "message_delta",
    MessageStop = "message_stop",
    Ping = "ping",
}

object! {
    /// `message_start`.
    pub MessageStart<'a> {
        /// The message, still empty.
        pub message: Message<'a> = "message",
    };

    /// The `message` of a [`MessageStart`]. Not included: `container`.
    pub Message<'a> {
        /// The message's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The model.
        pub model: Option<JsonStr<'a>> = "model",
        /// The role: `assistant`.
        pub role: Option<JsonStr<'a>> = "role",
        /// The stop reason: `None` yet.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The content blocks at the start, usually none. [`Read`](Json::read) them as a
        /// [`List`](super::List) of [`ContentBlock`]s.
        pub content: Option<Json<'a>> = "content",
        /// The token counts of the request.
        pub usage: Usage = "usage",
    };

    /// Token counts: `usage`. Counts are cumulative.
    ///
    /// Not included: `cache_creation`, `server_tool_use`, `service_tier`, and members of single
    /// providers.
    pub Usage {
        /// Tokens in the request, excluding cached ones.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens in the answer.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens written to the cache.
        pub cache_creation_input_tokens: Option<u64> = "cache_creation_input_tokens",
        /// Tokens read from the cache.
        pub cache_read_input_tokens: Option<u64> = "cache_read_input_tokens",
        /// Tokens used for thinking, included in those of the answer.
        pub thinking_tokens: Option<u64> = "output_tokens_details" / "thinking_tokens",
    };

    /// `content_block_start`.
    pub ContentBlockStart<'a> {
        /// The index of the content block in the message.
        pub index: u64 = "index",
        /// The start of the block.
        pub content_block: ContentBlock<'a> = "content_block",
    };

    /// The `content_block` of a [`ContentBlockStart`].
    ///
    /// Not included: `citations`, which are empty here, and the models of a `fallback`.
    pub ContentBlock<'a> {
        /// The kind of block: `text`, `tool_use`, `thinking`, `server_tool_use`,
        /// `web_search_tool_result`, `compaction`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The first piece of text.
        pub text: Option<JsonStr<'a>> = "text",
        /// The first piece of thinking.
        pub thinking: Option<JsonStr<'a>> = "thinking",
        /// The first piece of the signature.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// The ID of the tool use.
        pub id: Option<JsonStr<'a>> = "id",
        /// The tool's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// The tool's input: usually `{}`, because it follows in pieces; from some servers the
        /// whole input.
        pub input: Option<Json<'a>> = "input",
        /// The caller of the tool: the model, or code that it runs.
        pub caller: Option<Json<'a>> = "caller",
        /// Of a tool on a server: the server's name.
        pub server_name: Option<JsonStr<'a>> = "server_name",
        /// Of a tool's result: the ID of the tool use.
        pub tool_use_id: Option<JsonStr<'a>> = "tool_use_id",
        /// Of a result of a tool that the provider runs: the result. Must be sent back unchanged.
        pub content: Option<Json<'a>> = "content",
        /// Of a tool's result: whether it is an error.
        pub is_error: bool = "is_error",
        /// Of `redacted_thinking`: the encrypted thinking.
        pub data: Option<JsonStr<'a>> = "data",
    };

    /// `content_block_delta`.
    pub ContentBlockDelta<'a> {
        /// The index of the content block in the message.
        pub index: u64 = "index",
        /// The new piece of the block.
        pub delta: Delta<'a> = "delta",
    } in order {
        _ = "type", index = "index", delta = "delta",
    }
}

/// A new piece of a content block: the `delta` of a [`ContentBlockDelta`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delta<'a> {
    /// `text_delta`: a piece of visible text.
    Text(JsonStr<'a>),
    /// `input_json_delta`: a piece of a tool's input. All pieces together are JSON, or empty for
    /// `{}`.
    InputJson(JsonStr<'a>),
    /// `thinking_delta`: a piece of thinking.
    Thinking(JsonStr<'a>),
    /// `signature_delta`: the signature of a thinking block. Must be sent back.
    Signature(JsonStr<'a>),
    /// `citations_delta`: a source of the text.
    Citations(Citation<'a>),
    /// `compaction_delta`: a summary that replaces the earlier conversation.
    Compaction(Compaction<'a>),
    /// Any other type.
    Other {
        /// The type; empty if absent.
        kind: JsonStr<'a>,
    },
}

impl Default for Delta<'_> {
    fn default() -> Self {
        Self::Other { kind: JsonStr::default() }
    }
}

object! {
    /// The members of all kinds of deltas.
    AnyDelta<'a> {
        /// The type.
        pub kind: JsonStr<'a> = "type",
        /// Of `text_delta`.
        pub text: JsonStr<'a> = "text",
        /// Of `input_json_delta`.
        pub partial_json: JsonStr<'a> = "partial_json",
        /// Of `thinking_delta`.
        pub thinking: JsonStr<'a> = "thinking",
        /// Of `signature_delta`.
        pub signature: JsonStr<'a> = "signature",
        /// Of `citations_delta`.
        pub citation: Citation<'a> = "citation",
        /// Of `compaction_delta`.
        pub content: Option<JsonStr<'a>> = "content",
        pub encrypted_content: Option<JsonStr<'a>> = "encrypted_content",
    } in order {
        kind = "type", text = "text", partial_json = "partial_json", thinking = "thinking",
    }
}

impl<'a> Fill<'a> for Delta<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let mut delta = AnyDelta::default();
        let rest = delta.fill(pass, value);
        *self = match () {
            () if delta.kind == "text_delta" => Self::Text(delta.text),
            () if delta.kind == "input_json_delta" => Self::InputJson(delta.partial_json),
            () if delta.kind == "thinking_delta" => Self::Thinking(delta.thinking),
            () if delta.kind == "signature_delta" => Self::Signature(delta.signature),
            () if delta.kind == "citations_delta" => Self::Citations(delta.citation),
            () if delta.kind == "compaction_delta" => {
                let AnyDelta { content, encrypted_content, .. } = delta;
                Self::Compaction(Compaction { content, encrypted_content })
            }
            () => Self::Other { kind: delta.kind },
        };
        rest
    }
}

object! {
    /// The `citation` of a `citations_delta`.
    ///
    /// Not included: the position in the document, whose members differ by kind.
    pub Citation<'a> {
        /// The kind of source, such as `web_search_result_location`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The cited text.
        pub cited_text: Option<JsonStr<'a>> = "cited_text",
        /// The source's title: `title`, or `document_title`.
        pub title: Option<JsonStr<'a>> = "title" | "document_title",
        /// The source's address.
        pub url: Option<JsonStr<'a>> = "url",
        /// The provider's reference to the source. Must be sent back.
        pub encrypted_index: Option<JsonStr<'a>> = "encrypted_index",
    }
}

/// A summary that replaces the earlier conversation, from a `compaction_delta`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compaction<'a> {
    /// The summary. Absent if the compaction failed.
    pub content: Option<JsonStr<'a>>,
    /// The encrypted content. Must be sent back.
    pub encrypted_content: Option<JsonStr<'a>>,
}

object! {
    /// `content_block_stop`.
    pub ContentBlockStop {
        /// The index of the content block in the message.
        pub index: u64 = "index",
    };

    /// `message_delta`. Not included: `context_management`.
    pub MessageDelta<'a> {
        /// The stop reason.
        pub delta: Stop<'a> = "delta",
        /// The token counts so far.
        pub usage: Usage = "usage",
    };

    /// The `delta` of a [`MessageDelta`]. Not included: `container`.
    pub Stop<'a> {
        /// The stop reason, such as `end_turn` or `tool_use`.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The one of the request's `stop_sequences` at which the model stopped.
        pub stop_sequence: Option<JsonStr<'a>> = "stop_sequence",
        /// Details of a refusal.
        pub stop_details: Option<StopDetails<'a>> = "stop_details",
    };

    /// Details of a refusal: `stop_details`. Not included: members about a fallback to another
    /// model.
    pub StopDetails<'a> {
        /// The kind of details: `refusal`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The category of the applied policy.
        pub category: Option<JsonStr<'a>> = "category",
        /// The reason, for people.
        pub explanation: Option<JsonStr<'a>> = "explanation",
    }
}
