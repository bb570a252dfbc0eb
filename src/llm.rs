//! Reads LLM streams of any API: the model's answer, and whether the stream completed.
//!
//! When an LLM stream ends, the answer may be complete, cut short by a limit, failed with an error,
//! or truncated by the network. The HTTP status, sent before, does not tell; only the events differ,
//! and they differ from API to API. An [`Answer`] understands them all:
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
//!                         Delta::Call { call, name, .. } => println!("call {call}: {name:?}"),
//!                         Delta::Arguments { call, json, .. } => println!("call {call}: {json}"),
//!                         _ => {} // Reasoning, usage, the stop reason, an error, and others.
//!                     }
//!                 }
//!             }
//!             Ok(None) => break, // The chunk is used up.
//!             Err(error) => answer.lost(&error), // An event was too large. Continue.
//!         }
//!     }
//! }
//! match answer.outcome(parser.finish()) {
//!     Outcome::Completed => println!("the answer is complete"),
//!     Outcome::Incomplete => println!("the provider stopped early: {:?}", answer.reason()),
//!     Outcome::Failed => println!("the provider sent an error"),
//!     Outcome::Truncated => println!("the stream was cut: try again"),
//!     Outcome::Unknown => println!("the stream ended, but not in a known way"),
//! }
//! ```
//!
//! The types of [`adapter`](crate::adapter) run this loop over a transport. They also detect a body
//! that is not an event stream, such as the JSON error of a rejected request. The loop above
//! reports such a body as truncated, because it contains no events; [`Answer::read_item`] reads it.
//!
//! # Which type to use
//!
//! | to get | use |
//! | --- | --- |
//! | the model's answer piece by piece, from any API | [`Answer`] |
//! | the whole answer at the end | [`Answer`] with [`Collected`], or without a heap [`SliceCollector`] |
//! | only the outcome, as in a proxy | [`Tracker`] |
//! | every detail of one API | [`payload`], with a [`Tracker`] |
//! | support for another protocol | [`Protocol::named`] |
//! | detection of stalled streams | [`StallWatch`] |
//! | a check that a provider follows `OpenAI`'s event order | [`strict::Check`] |
//!
//! # Retrying
//!
//! [`Outcome::is_retry_candidate`] returns `true` for [`Outcome::Truncated`] only: the same request
//! may well succeed. An [`Incomplete`](Outcome::Incomplete) answer would stop early again. Whether
//! [`Failed`](Outcome::Failed) is worth a retry depends on the provider's error. Do not act on a
//! partial answer before its outcome is known; a truncated answer may still have been billed.
//!
//! # Protocols
//!
//! Each protocol is a row of a table. The row defines how the protocol is recognized, which events
//! end a stream with which outcome, and where text, calls, usage and stop reasons are in an event.
//! [`Tracker`] documents the rules that all protocols share, [`Reason`] the known stop reasons.
//!
//! “By `finish_reason`” means that the value of this field decides the outcome.
//!
//! | [`Protocol`] | final event | outcome if the stream ends without it |
//! | --- | --- | --- |
//! | `chat` | `[DONE]`, by the `finish_reason` (the [worst](Outcome), if there are several) | by `finish_reason`, if there was one and the connection did not break; else truncated |
//! | `responses` | `response.completed`, `.incomplete`, `.failed` or `.done`, each by `response.status`; `response.cancelled`: failed | truncated |
//! | `messages` | `message_stop`, by the `stop_reason` | truncated |
//! | `generate-content`, with a `finishReason` | none | truncated if an event was unfinished; else by the `finishReason` of the first candidate (incomplete for all but `STOP`) |
//! | `generate-content`, without one | none | truncated if an event was unfinished, or if there was no `promptFeedback`; else by the `promptFeedback` |
//! | `interactions` | `interaction.completed`, by its status | truncated |
//! | `cohere-chat` | `message-end`, by its `finish_reason` | truncated |
//! | `mistral-conversations` | `conversation.response.done`; `.error`: failed | truncated |
//! | `ui-message-stream` | `finish`, by its `finishReason`, or failed after an `error`; `abort`: failed | truncated, or failed after an `error` |
//! | `ag-ui` | `RUN_FINISHED` (incomplete for an `outcome` of type `interrupt` or `cancelled`); `RUN_ERROR`: failed | truncated |
//! | `json-rpc` | none | by the last response; truncated, if none came |
//! | `json-rpc`, [of one request](Tracker::of_request) | the response to that request | truncated |
//! | `a2a` | a task's final state, or a message | incomplete if input or authorization is required; else truncated |
//! | `openai-media` | `transcript.text.done`, `speech.audio.done`, `image_generation.completed`, `image_edit.completed` | truncated |
//! | `sap-orchestration` | as `chat`, in `final_result` | as `chat` |
//! | `assistants` | `event: done`; `thread.run.failed`, `.cancelled`, `.expired`: failed; `.incomplete`: incomplete | truncated |
//! | `tgi` | `generated_text`, by `details.finish_reason` | truncated |
//! | `llama-cpp` | `"stop": true`, by `stop_type` | truncated |
//! | `dify` | `message_end`; `workflow_finished`, by its status | truncated |
//! | `coze` | `conversation.chat.completed`, `.requires_action`; `.failed`, `.canceled`: failed | truncated |
//! | `graphql-sse` | `event: complete` | truncated |
//! | `trpc` | `event: return`; `event: serialized-error`: failed | truncated |
//! | `langgraph` | `event: end`; without data it is not dispatched, and only [`Answer::read_item`] and the adapters recognize it | truncated |
//! | `done` | `[DONE]`, `event: done` | truncated |
//! | not recognized | `[DONE]`, `event: done`, `"type":"done"` | unknown; truncated if no event came, or if the connection broke |
//!
//! # Cost
//!
//! [`Answer`] and [`Tracker`] do not allocate or recurse, and take time linear in an event's bytes.
//! The usual deltas of Chat Completions, Responses and Messages are read in a single pass. All other
//! events are read by their protocol's row, which takes several times as long.

mod answer;
#[cfg(feature = "alloc")]
mod collected;
mod error;
mod facts;
mod fast_path;
mod full;
mod judged;
mod memory;
mod name;
mod node;
mod outcome;
pub mod payload;
mod piece;
mod prefilter;
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
