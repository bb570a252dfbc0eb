//! Messages: Anthropic's events.
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::payload::messages::{Delta, Event};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let stream = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n\
//! # data: {\"type\":\"message_stop\"}\n\n";
//! let mut text = String::new();
//! let mut parser = Parser::new();
//! let mut chunk: &[u8] = stream.as_bytes();
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     match Event::parse(&event)? {
//!         Event::ContentBlockDelta(event) => {
//!             if let Delta::Text(piece) = event.delta {
//!                 piece.write_to(&mut text)?;
//!             }
//!         }
//!         Event::MessageDelta(event) => println!("{:?}", event.delta.stop_reason),
//!         Event::MessageStop => break,
//!         _ => {} // Whatever comes in the future, too.
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
    /// `error`: its own members, without the object around them.
    Error(ErrorBody<'a>) by |error, _: &_| error,
    ContentBlockDelta(ContentBlockDelta<'a>) = "content_block_delta",
    ContentBlockStart(ContentBlockStart<'a>) = "content_block_start",
    ContentBlockStop(ContentBlockStop) = "content_block_stop",
    /// The message's ID and model, and the tokens of the request.
    MessageStart(MessageStart<'a>) = "message_start",
    /// Why the model stopped, and the tokens used so far.
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

    /// The `message` of a [`MessageStart`]. Left out: `container`.
    pub Message<'a> {
        /// The message's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The model that answers.
        pub model: Option<JsonStr<'a>> = "model",
        /// Who speaks: `assistant`.
        pub role: Option<JsonStr<'a>> = "role",
        /// Why the model stopped: nothing yet.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The content blocks at the start, mostly none: [`read`](Json::read) them as a
        /// [`List`](super::List) of [`ContentBlock`]s.
        pub content: Option<Json<'a>> = "content",
        /// The tokens of the request.
        pub usage: Usage = "usage",
    };

    /// The tokens used: `usage`. Counts are cumulative.
    ///
    /// Left out: `cache_creation`, `server_tool_use`, `service_tier`, and what single
    /// providers add.
    pub Usage {
        /// Tokens of the request, those of the cache not included.
        pub input_tokens: Option<u64> = "input_tokens",
        /// Tokens of the answer.
        pub output_tokens: Option<u64> = "output_tokens",
        /// Tokens that were written to the cache.
        pub cache_creation_input_tokens: Option<u64> = "cache_creation_input_tokens",
        /// Tokens that were in the cache.
        pub cache_read_input_tokens: Option<u64> = "cache_read_input_tokens",
        /// Tokens of thinking, which are among those of the answer.
        pub thinking_tokens: Option<u64> = "output_tokens_details" / "thinking_tokens",
    };

    /// `content_block_start`.
    pub ContentBlockStart<'a> {
        /// Which of the message's content blocks.
        pub index: u64 = "index",
        /// The block as it begins.
        pub content_block: ContentBlock<'a> = "content_block",
    };

    /// The `content_block` of a [`ContentBlockStart`].
    ///
    /// Left out: `citations`, which are empty, and the models of a `fallback`.
    pub ContentBlock<'a> {
        /// What kind of block it is: `text`, `tool_use`, `thinking`, `server_tool_use`,
        /// `web_search_tool_result`, `compaction`, or another.
        pub kind: JsonStr<'a> = "type",
        /// The text that it begins with.
        pub text: Option<JsonStr<'a>> = "text",
        /// The thinking that it begins with.
        pub thinking: Option<JsonStr<'a>> = "thinking",
        /// The signature that it begins with.
        pub signature: Option<JsonStr<'a>> = "signature",
        /// The ID of a tool's use.
        pub id: Option<JsonStr<'a>> = "id",
        /// The tool's name.
        pub name: Option<JsonStr<'a>> = "name",
        /// The tool's input: mostly `{}`, because it follows in pieces; from some servers the
        /// whole input.
        pub input: Option<Json<'a>> = "input",
        /// The caller of the tool: the model, or code that it runs.
        pub caller: Option<Json<'a>> = "caller",
        /// Of a tool on a server: the server's name.
        pub server_name: Option<JsonStr<'a>> = "server_name",
        /// Of a tool's result: the ID of its use.
        pub tool_use_id: Option<JsonStr<'a>> = "tool_use_id",
        /// Of a result of a tool that the provider runs: the result. It has to be sent back
        /// unchanged.
        pub content: Option<Json<'a>> = "content",
        /// Of a tool's result: whether it is an error.
        pub is_error: bool = "is_error",
        /// Of `redacted_thinking`: what is not to be read.
        pub data: Option<JsonStr<'a>> = "data",
    };

    /// `content_block_delta`.
    pub ContentBlockDelta<'a> {
        /// Which of the message's content blocks.
        pub index: u64 = "index",
        /// What is new of it.
        pub delta: Delta<'a> = "delta",
    } in order {
        _ = "type", index = "index", delta = "delta",
    }
}

/// What is new of a content block: the `delta` of a [`ContentBlockDelta`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Delta<'a> {
    /// `text_delta`: visible text.
    Text(JsonStr<'a>),
    /// `input_json_delta`: a piece of a tool's input, which is JSON once it is put
    /// together, or empty for `{}`.
    InputJson(JsonStr<'a>),
    /// `thinking_delta`.
    Thinking(JsonStr<'a>),
    /// `signature_delta`: what the provider knows its thinking by.
    Signature(JsonStr<'a>),
    /// `citations_delta`.
    Citations(Citation<'a>),
    /// `compaction_delta`: a summary that replaces the earlier conversation.
    Compaction(Compaction<'a>),
    /// Any other type.
    Other {
        /// The type; empty where there is none.
        kind: JsonStr<'a>,
    },
}

impl Default for Delta<'_> {
    fn default() -> Self {
        Self::Other { kind: JsonStr::default() }
    }
}

object! {
    /// Any delta, with the members of all.
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
    /// Left out: where in a document it stands, which differs from type to type.
    pub Citation<'a> {
        /// What kind of source it is, such as `web_search_result_location`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The text cited.
        pub cited_text: Option<JsonStr<'a>> = "cited_text",
        /// The source's title: `title`, or `document_title`.
        pub title: Option<JsonStr<'a>> = "title" | "document_title",
        /// The source's address.
        pub url: Option<JsonStr<'a>> = "url",
        /// The provider's reference to the source. It has to be sent back.
        pub encrypted_index: Option<JsonStr<'a>> = "encrypted_index",
    }
}

/// What a `compaction_delta` holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Compaction<'a> {
    /// The summary. Absent if the compaction failed.
    pub content: Option<JsonStr<'a>>,
    /// Encrypted content. It has to be sent back.
    pub encrypted_content: Option<JsonStr<'a>>,
}

object! {
    /// `content_block_stop`.
    pub ContentBlockStop {
        /// Which of the message's content blocks.
        pub index: u64 = "index",
    };

    /// `message_delta`. Left out: `context_management`.
    pub MessageDelta<'a> {
        /// Why the model stopped.
        pub delta: Stop<'a> = "delta",
        /// The tokens used so far.
        pub usage: Usage = "usage",
    };

    /// The `delta` of a [`MessageDelta`]. Left out: `container`.
    pub Stop<'a> {
        /// Why the model stopped, such as `end_turn` or `tool_use`.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The sequence of the request's `stop_sequences` at which it did.
        pub stop_sequence: Option<JsonStr<'a>> = "stop_sequence",
        /// Details of a refusal.
        pub stop_details: Option<StopDetails<'a>> = "stop_details",
    };

    /// Details of a refusal: `stop_details`. Left out: members about a fallback to another
    /// model.
    pub StopDetails<'a> {
        /// The kind of details: `refusal`.
        pub kind: Option<JsonStr<'a>> = "type",
        /// The category of the policy that was applied.
        pub category: Option<JsonStr<'a>> = "category",
        /// The reason, for people.
        pub explanation: Option<JsonStr<'a>> = "explanation",
    }
}
