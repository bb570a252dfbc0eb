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

use super::object::{Field, Read, object};
use super::{Error, ErrorBody, JsonStr, Other, check};
use crate::dialect::Head;
use crate::dialect::peek::Json;

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
    /// Reads an event's data, by its `type`, or where it has none, its `event` line.
    ///
    /// # Errors
    ///
    /// Where the data is no JSON object: see [`Error`]. A type that is not known
    /// is none.
    pub fn parse(event: &crate::Event<'a>) -> Result<Self, Error> {
        let json = super::top(check::object(event.data().as_bytes())?);
        let Head { discriminator: name, .. } = Head::of(event);
        Ok(match () {
            () if name.is("content_block_delta") => Self::ContentBlockDelta(super::read(json)),
            () if name.is("content_block_start") => Self::ContentBlockStart(super::read(json)),
            () if name.is("content_block_stop") => Self::ContentBlockStop(super::read(json)),
            () if name.is("message_start") => Self::MessageStart(super::read(json)),
            () if name.is("message_delta") => Self::MessageDelta(super::read(json)),
            () if name.is("message_stop") => Self::MessageStop,
            () if name.is("ping") => Self::Ping,
            () => match super::error(json, &name) {
                Some(error) => Self::Error(error),
                None => Self::Other(Other::of(&name)),
            },
        })
    }
}

object! {
    /// `message_start`.
    pub MessageStart<'a> {
        /// The message, still empty.
        message: Message<'a> = "message",
    }
}

object! {
    /// The `message` of a [`MessageStart`]. Left out: `content`, which is empty, and
    /// `container`.
    pub Message<'a> {
        /// The message's ID.
        id: Option<JsonStr<'a>> = "id",
        /// The model that answers.
        model: Option<JsonStr<'a>> = "model",
        /// Who speaks: `assistant`.
        role: Option<JsonStr<'a>> = "role",
        /// Why the model stopped: nothing yet.
        stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The tokens of the request.
        usage: Usage = "usage",
    }
}

object! {
    /// The tokens used: `usage`. Counts are cumulative.
    ///
    /// Left out: `cache_creation`, `server_tool_use`, `service_tier`, and what single
    /// providers add.
    pub Usage {
        /// Tokens of the request, those of the cache not included.
        input_tokens: Option<u64> = "input_tokens",
        /// Tokens of the answer.
        output_tokens: Option<u64> = "output_tokens",
        /// Tokens that were written to the cache.
        cache_creation_input_tokens: Option<u64> = "cache_creation_input_tokens",
        /// Tokens that were in the cache.
        cache_read_input_tokens: Option<u64> = "cache_read_input_tokens",
    }
}

object! {
    /// `content_block_start`.
    pub ContentBlockStart<'a> {
        /// Which of the message's content blocks.
        index: u64 = "index",
        /// The block as it begins.
        content_block: ContentBlock<'a> = "content_block",
    }
}

object! {
    /// The `content_block` of a [`ContentBlockStart`].
    ///
    /// Left out: `input`, which is empty; `citations`; `caller`; the `content` of
    /// tool results.
    pub ContentBlock<'a> {
        /// What kind of block it is: `text`, `tool_use`, `thinking`, or another.
        kind: JsonStr<'a> = "type",
        /// The text that it begins with.
        text: Option<JsonStr<'a>> = "text",
        /// The thinking that it begins with.
        thinking: Option<JsonStr<'a>> = "thinking",
        /// The signature that it begins with.
        signature: Option<JsonStr<'a>> = "signature",
        /// The ID of a tool's use.
        id: Option<JsonStr<'a>> = "id",
        /// The tool's name.
        name: Option<JsonStr<'a>> = "name",
        /// Of a tool's result: the ID of its use.
        tool_use_id: Option<JsonStr<'a>> = "tool_use_id",
        /// Of `redacted_thinking`: what is not to be read.
        data: Option<JsonStr<'a>> = "data",
    }
}

object! {
    /// `content_block_delta`.
    pub ContentBlockDelta<'a> {
        /// Which of the message's content blocks.
        index: u64 = "index",
        /// What is new of it.
        delta: Delta<'a> = "delta",
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
        kind: JsonStr<'a> = "type",
        /// Of `text_delta`.
        text: JsonStr<'a> = "text",
        /// Of `input_json_delta`.
        partial_json: JsonStr<'a> = "partial_json",
        /// Of `thinking_delta`.
        thinking: JsonStr<'a> = "thinking",
        /// Of `signature_delta`.
        signature: JsonStr<'a> = "signature",
        /// Of `citations_delta`.
        citation: Citation<'a> = "citation",
    }
}

impl<'a> Read<'a> for Delta<'a> {
    fn read(value: Json<'a>) -> Option<Self> {
        let delta = AnyDelta::read(value)?;
        Some(match () {
            () if delta.kind == "text_delta" => Self::Text(delta.text),
            () if delta.kind == "input_json_delta" => Self::InputJson(delta.partial_json),
            () if delta.kind == "thinking_delta" => Self::Thinking(delta.thinking),
            () if delta.kind == "signature_delta" => Self::Signature(delta.signature),
            () if delta.kind == "citations_delta" => Self::Citations(delta.citation),
            () => Self::Other { kind: delta.kind },
        })
    }
}

impl<'a> Field<'a> for Delta<'a> {
    fn set_from(&mut self, value: Json<'a>) -> bool {
        Self::read(value).map(|read| *self = read).is_some()
    }
}

object! {
    /// The `citation` of a `citations_delta`.
    ///
    /// Left out: where in a document it stands, which differs from type to type.
    pub Citation<'a> {
        /// What kind of source it is, such as `web_search_result_location`.
        kind: Option<JsonStr<'a>> = "type",
        /// The text cited.
        cited_text: Option<JsonStr<'a>> = "cited_text",
        /// The source's title: `title`, or `document_title`.
        title: Option<JsonStr<'a>> = "title" | "document_title",
        /// The source's address.
        url: Option<JsonStr<'a>> = "url",
    }
}

object! {
    /// `content_block_stop`.
    pub ContentBlockStop {
        /// Which of the message's content blocks.
        index: u64 = "index",
    }
}

object! {
    /// `message_delta`. Left out: `context_management`.
    pub MessageDelta<'a> {
        /// Why the model stopped.
        delta: Stop<'a> = "delta",
        /// The tokens used so far.
        usage: Usage = "usage",
    }
}

object! {
    /// The `delta` of a [`MessageDelta`]. Left out: `container`, `stop_details`.
    pub Stop<'a> {
        /// Why the model stopped, such as `end_turn` or `tool_use`.
        stop_reason: Option<JsonStr<'a>> = "stop_reason",
        /// The sequence of the request's `stop_sequences` at which it did.
        stop_sequence: Option<JsonStr<'a>> = "stop_sequence",
    }
}
