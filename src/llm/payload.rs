//! Typed, borrowed payloads of six APIs.
//!
//! Use them to read more of one API than an [`Answer`](super::Answer) reports. Each module has the
//! events of one API, with the members that clients use: [`chat`], [`responses`], [`messages`],
//! [`generate_content`], [`interactions`] and [`cohere`]. `parse` reads an event into a struct of
//! borrowed strings and numbers:
//!
//! ```
//! use sseam::Event;
//! use sseam::llm::payload::responses;
//!
//! let event = Event::new(r#"{"type":"response.output_text.delta","delta":"Hi\n"}"#);
//! let responses::StreamEvent::OutputTextDelta(event) = responses::StreamEvent::parse(&event)? else {
//!     panic!("another event");
//! };
//! assert_eq!(event.delta, "Hi\n"); // Decoded during the comparison.
//! assert_eq!(event.delta.as_raw(), r"Hi\n"); // Borrowed as written.
//! # Ok::<(), sseam::llm::payload::Error>(())
//! ```
//!
//! # Leniency
//!
//! The data must be a JSON object, nested at most [`MAX_DEPTH`] levels deep. All of it is
//! validated; an [`Error`] reports the problem and its byte offset. Everything else is lenient, so
//! that providers may add what they like:
//!
//! - Unknown members are skipped. An event of an unknown type is an [`Other`].
//! - A member that is `null` or of another type than its field counts as absent.
//! - If a member is repeated, the first value of the expected type wins. If a field has several
//!   names, the first value that is not empty wins.
//! - Counts may be floats, such as `7.0`. Names may contain escapes.
//!
//! # Cost
//!
//! Nothing is allocated, recursion is limited to the few levels of the types, and the time is
//! linear in the data. No feature is needed. A [`JsonStr`] is decoded as it is read. A [`List`]
//! holds its first element, and parses the others during iteration. Members that are rare, large,
//! or sent back unchanged are raw [`Json`]; [`read`](Json::read) parses them into one of these
//! types.
//!
//! # With a tracker
//!
//! [`Tracker::read`](crate::llm::Tracker::read) parses a payload and follows the stream in one
//! pass. `read_in` parses into an existing struct: they are large, and moving one takes time.
//!
//! # Custom types
//!
//! With the feature `json`, [`Event::json`](crate::Event::json) reads an event into any type that
//! implements serde's `Deserialize`, by `serde_json`. With `json-core`,
//! [`Event::json_core`](crate::Event::json_core) does the same by `serde-json-core`, without a heap.

pub mod chat;
pub mod cohere;
#[cfg(any(feature = "json", feature = "json-core"))]
mod deserialize;
mod discriminator;
mod events;
pub mod generate_content;
pub mod interactions;
pub mod messages;
mod read;
pub mod responses;
mod shared;

pub(crate) use discriminator::Discriminator;
use events::{events, payload};
pub use read::Payload;
pub(crate) use read::StreamEffect;
use shared::MaybeError;
pub use shared::{Code, Content, ContentPart, ErrorBody, Other, StrOrJson, Texts};

pub use crate::json::{Chars, Error, ErrorKind, Json, JsonStr, List, ListIter, MAX_DEPTH};
