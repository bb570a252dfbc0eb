//! Messages: Anthropic's events.
//!
//! ```
//! use sseam::Parser;
//! use sseam::payload::messages::{Delta, Event};
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

use super::{Error, ErrorBody, JsonStr, MaybeError, Other};
use crate::dialect::{Discriminator, Messages};
use crate::json::{self, Fill, Pass, object};

/// An event, by its type.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// `message_start`: the message's ID and model, and the tokens of the request.
    MessageStart(MessageStart<'a>),
    /// `content_block_start`.
    ContentBlockStart(ContentBlockStart<'a>),
    /// `content_block_delta`.
    ContentBlockDelta(ContentBlockDelta<'a>),
    /// `content_block_stop`.
    ContentBlockStop(ContentBlockStop),
    /// `message_delta`: why the model stopped, and the tokens used so far.
    MessageDelta(MessageDelta<'a>),
    /// `message_stop`.
    MessageStop,
    /// `ping`.
    Ping,
    /// `error`.
    Error(ErrorBody<'a>),
    /// Any other type: see [`Other`].
    Other(Other<'a>),
}

impl<'a> Event<'a> {
    /// Reads what an event of this name holds.
    #[inline]
    fn read_as(&mut self, name: &Discriminator<'a>, data: &'a [u8]) -> Result<(), Error> {
        macro_rules! read_payload {
            ($variant:ident) => {{
                *self = Self::$variant(Default::default());
                if let Self::$variant(payload) = self {
                    return json::read(data, payload);
                }
            }};
        }
        match () {
            () if name.is("content_block_delta") => read_payload!(ContentBlockDelta),
            () if name.is("content_block_start") => read_payload!(ContentBlockStart),
            () if name.is("content_block_stop") => read_payload!(ContentBlockStop),
            () if name.is("message_start") => read_payload!(MessageStart),
            () if name.is("message_delta") => read_payload!(MessageDelta),
            () => {}
        }
        let mut event = MaybeError::default();
        *self = Self::default();
        json::read(data, &mut event)?;
        *self = match event.error(name) {
            _ if name.is("message_stop") => Self::MessageStop,
            _ if name.is("ping") => Self::Ping,
            Some(error) => Self::Error(error),
            None => Self::Other(Other::of(name)),
        };
        Ok(())
    }
}

super::events_of!(Messages);

object! {
    /// `message_start`.
    pub MessageStart<'a> {
        /// The message, still empty.
        pub message: Message<'a> = "message",
    }
}

object! {
    /// The `message` of a [`MessageStart`]. Left out: `content`, which is empty, and
    /// `container`.
    pub Message<'a> {
        /// The message's ID.
        pub id: Option<JsonStr<'a>> = "id",
        /// The model that answers.
        pub model: Option<JsonStr<'a>> = "model",
        /// Who speaks: `assistant`.
        pub role: Option<JsonStr<'a>> = "role",
        /// Why the model stopped: nothing yet.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The tokens of the request.
        pub usage: Usage = "usage",
    }
}

object! {
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
    }
}

object! {
    /// `content_block_start`.
    pub ContentBlockStart<'a> {
        /// Which of the message's content blocks.
        pub index: u64 = "index",
        /// The block as it begins.
        pub content_block: ContentBlock<'a> = "content_block",
    }
}

object! {
    /// The `content_block` of a [`ContentBlockStart`].
    ///
    /// Left out: `input`, which is empty; `citations`; `caller`; the `content` of
    /// tool results.
    pub ContentBlock<'a> {
        /// What kind of block it is: `text`, `tool_use`, `thinking`, or another.
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
        /// Of a tool's result: the ID of its use.
        pub tool_use_id: Option<JsonStr<'a>> = "tool_use_id",
        /// Of `redacted_thinking`: what is not to be read.
        pub data: Option<JsonStr<'a>> = "data",
    }
}

object! {
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
    /// together.
    InputJson(JsonStr<'a>),
    /// `thinking_delta`.
    Thinking(JsonStr<'a>),
    /// `signature_delta`: what the provider knows its thinking by.
    Signature(JsonStr<'a>),
    /// `citations_delta`.
    Citations(Citation<'a>),
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
    }
}

object! {
    /// `content_block_stop`.
    pub ContentBlockStop {
        /// Which of the message's content blocks.
        pub index: u64 = "index",
    }
}

object! {
    /// `message_delta`. Left out: `context_management`.
    pub MessageDelta<'a> {
        /// Why the model stopped.
        pub delta: Stop<'a> = "delta",
        /// The tokens used so far.
        pub usage: Usage = "usage",
    }
}

object! {
    /// The `delta` of a [`MessageDelta`]. Left out: `container`, `stop_details`.
    pub Stop<'a> {
        /// Why the model stopped, such as `end_turn` or `tool_use`.
        pub stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The sequence of the request's `stop_sequences` at which it did.
        pub stop_sequence: Option<JsonStr<'a>> = "stop_sequence",
    }
}
