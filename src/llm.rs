//! What did the model say, and did the stream finish? One answer for all APIs.
//!
//! An LLM API streams its answer. When the connection closes, the answer may be whole, cut short by
//! a limit, broken off by an error, or lost on the way, and HTTP says 200 in all four cases. What
//! distinguishes them is in the events, and each API has its own way. An [`Answer`] reads them all:
//!
//! ```
//! use sseam::Parser;
//! use sseam::llm::{Answer, Delta, Outcome};
//!
//! # let chunks = [&b"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Good day\"}\n\nda"[..],
//! #     b"ta: {\"type\":\"response.comp"];
//! let (mut parser, mut answer) = (Parser::new(), Answer::new());
//! for mut chunk in chunks {
//!     loop {
//!         match parser.next_event(&mut chunk) {
//!             Ok(Some(event)) => {
//!                 for delta in answer.read(&event) {
//!                     match delta {
//!                         Delta::Text { text, .. } => print!("{text}"),
//!                         Delta::Call { call, name, .. } => println!("{call} calls {name:?}"),
//!                         Delta::Arguments { call, json, .. } => println!("{call} with {json}"),
//!                         _ => {} // Reasoning, usage, the reason, an error, and others.
//!                     }
//!                 }
//!             }
//!             Ok(None) => break,
//!             // It is about one event: the next call goes on after it.
//!             Err(error) => answer.lost(&error),
//!         }
//!     }
//! }
//! match answer.outcome(parser.finish()) {
//!     Outcome::Completed => println!("the whole answer"),
//!     Outcome::Incomplete => println!("cut short by the provider: {:?}", answer.reason()),
//!     Outcome::Failed => println!("the provider sent an error"),
//!     Outcome::Truncated => println!("lost on the way: try again"),
//!     Outcome::Unknown => println!("nothing that is known says how it ended"),
//! }
//! ```
//!
//! Over a transport, [`adapter`](crate::adapter) has the loop ready. It also reads what this one
//! passes over: a body that is no event stream, such as the JSON of a refused request, which has no
//! events and so comes out truncated here. [`Answer::read_item`] says how.
//!
//! # Which type
//!
//! | for | take |
//! | --- | --- |
//! | what the model says, of any API | [`Answer`] |
//! | all of it at the end | [`Answer`] with `Collected`, or without a heap [`SliceCollector`] |
//! | the verdict alone, as in a proxy | [`Tracker`] |
//! | one API in full | [`payload`], beside a [`Tracker`] |
//! | a protocol of your own | [`Protocol::named`] |
//! | when to give up waiting | [`StallWatch`] |
//! | whether a provider keeps `OpenAI`'s word | [`strict::Check`] |
//!
//! # Trying again
//!
//! [`Outcome::is_retry_candidate`] is true for [`Outcome::Truncated`] alone: the same request may
//! well be answered. [`Incomplete`](Outcome::Incomplete) would come out the same again, and whether
//! [`Failed`](Outcome::Failed) is worth another try is in the provider's error. Keep what has
//! arrived until the outcome is known, and mind that a truncated answer may have been paid for.
//!
//! # Protocols
//!
//! Each is a row of a table, which says how it is known, what ends it and as what, and where text,
//! calls, usage and reasons stand. [`Tracker`] has the rules that all of them share, [`Reason`] the
//! words.
//!
//! | [`Protocol`] | ends with | end of stream without that |
//! | --- | --- | --- |
//! | `chat` | `[DONE]`, as the worst `finish_reason` says | as the reason says; without one truncated |
//! | `responses` | `response.completed`, `.incomplete`, `.failed`, `.done`, as `response.status` says; `response.cancelled`: failed | truncated |
//! | `messages` | `message_stop`, as the `stop_reason` says | truncated |
//! | `generate-content` | nothing | as the first candidate's `finishReason` says (all but `STOP` are incomplete), or `promptFeedback`; truncated without one, or in the middle of an event |
//! | `interactions` | `interaction.completed`, as its status says | truncated |
//! | `cohere-chat` | `message-end`, as its `finish_reason` says | truncated |
//! | `mistral-conversations` | `conversation.response.done`; `.error`: failed | truncated |
//! | `ui-message-stream` | `finish`, as its `finishReason` says; `abort`: failed; an `error` before it: failed | truncated |
//! | `ag-ui` | `RUN_FINISHED` (with an `outcome` of type `interrupt` or `cancelled`: incomplete); `RUN_ERROR`: failed | truncated |
//! | `json-rpc` | the response to the request that is followed | as the last response says; without one truncated |
//! | `a2a` | a task's final state, or a message | incomplete where input or authorization is required; else truncated |
//! | `openai-media` | `transcript.text.done`, `speech.audio.done`, `image_generation.completed`, `image_edit.completed` | truncated |
//! | `sap-orchestration` | as `chat`, in `final_result` | as `chat` |
//! | `assistants` | `event: done`; `thread.run.failed`, `.cancelled`, `.expired`: failed; `.incomplete`: incomplete | truncated |
//! | `tgi` | `generated_text`, as `details.finish_reason` says | truncated |
//! | `llama-cpp` | `"stop": true`, as `stop_type` says | truncated |
//! | `dify` | `message_end`; `workflow_finished`, as its status says | truncated |
//! | `coze` | `conversation.chat.completed`, `.requires_action`; `.failed`, `.canceled`: failed | truncated |
//! | `graphql-sse` | `event: complete` | truncated |
//! | `trpc` | `event: return`; `event: serialized-error`: failed | truncated |
//! | `langgraph` | `event: end`, with data or without | truncated |
//! | `done` | `[DONE]`, `event: done` | truncated |
//! | none of them | `[DONE]`, `event: done`, `"type":"done"` | unknown, or truncated where no event came or the connection broke |
//!
//! # What it costs
//!
//! Nothing is allocated and nothing recurses; the time is linear in an event's bytes. The usual
//! deltas of Chat Completions, Responses and Messages are read into typed payloads in one pass, all
//! else by its row at several times the price, which the network hides.

mod answer;
#[cfg(feature = "alloc")]
mod collected;
mod error;
mod facts;
mod full;
mod judged;
mod lane;
mod look;
mod memory;
mod name;
mod node;
mod outcome;
pub mod payload;
mod piece;
mod protocol;
mod reason;
mod rows;
mod rpc;
mod sentinel;
mod signal;
mod slice_collector;
mod stall;
pub mod strict;
mod tracker;
mod usage;

pub use answer::{Answer, Delta, Reading};
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
pub use collected::{Call, Collected, OwnedError};
pub use error::ProviderError;
pub use full::Full;
pub use judged::Judged;
pub use name::Name;
pub use node::Path;
pub use outcome::Outcome;
pub use piece::Piece;
pub use protocol::{
    Arguments, Begins, CallPaths, Ends, NamedBy, Protocol, ReasonEnds, Rules, Says, TextKind, When,
};
pub use reason::Reason;
pub use sentinel::is_done;
pub use signal::Signal;
pub use slice_collector::{Kept, SliceCollector};
pub use stall::{Stall, StallWatch};
pub use tracker::Tracker;
pub use usage::Usage;
