//! What providers send, typed and borrowed.
//!
//! [`chat`], [`responses`] and [`messages`] have the events of the three APIs that nearly all
//! providers speak, [`generate_content`] and [`interactions`] those of Gemini's two, and
//! [`cohere`] those of Cohere's, with what clients use of them. Each has a `parse`, which takes
//! an event and gives a struct of borrowed strings and numbers:
//!
//! ```
//! use sseam::Event;
//! use sseam::llm::payload::responses;
//!
//! let event = Event::new(r#"{"type":"response.output_text.delta","delta":"Hi\n"}"#);
//! let responses::Event::OutputTextDelta(event) = responses::Event::parse(&event)? else {
//!     panic!("not what was sent");
//! };
//! assert_eq!(event.delta, "Hi\n"); // Decoded as it is compared.
//! assert_eq!(event.delta.as_raw(), r"Hi\n"); // Borrowed as it stands.
//! # Ok::<(), sseam::llm::payload::Error>(())
//! ```
//!
//! # What is read
//!
//! The data has to be a JSON object, nested at most [`MAX_DEPTH`] levels deep; if it is not,
//! the [`Error`] says what is wrong and at which byte. All of it is validated. Beyond that
//! nothing fails, so that a provider may add what it likes: a member that is not known is
//! skipped, an event of an unknown type is an [`Other`], and a member that is `null`, or of
//! another kind than its field, counts as absent. Of several members with one name the first
//! counts that does not; where a field has several names, the first that is not empty. Numbers
//! are counts also where they are written as floats, such as `7.0`. Names may be written with
//! escapes.
//!
//! Strings are [`JsonStr`]s, which decode as they are read. A [`List`] holds its first element
//! and reads the others when they are asked for. What is rare, large, or sent back unchanged is
//! raw [`Json`], which [`read`](Json::read) turns into one of these types. Nothing is allocated, nothing recurses beyond
//! the types' own few levels, and the time is linear in the data. No feature is needed.
//!
//! # One look
//!
//! A client that also follows the stream hands event and payload to the tracker together, as in
//! [`Tracker::read`](crate::llm::Tracker::read): the verdict takes what the payload has read.
//! `read_in` reads into a struct that is there already, as these are large to be moved.
//!
//! # Types of your own
//!
//! With the feature `json`, `Event::json` reads an event into any type that implements serde's
//! `Deserialize`, by `serde_json`; with `json-core`, `Event::json_core` does by
//! `serde-json-core`, which needs no heap.

pub mod chat;
pub mod cohere;
#[cfg(any(feature = "json", feature = "json-core"))]
mod deserialize;
mod events;
pub mod generate_content;
mod head;
pub mod interactions;
pub mod messages;
mod read;
pub mod responses;
mod shared;

use events::{events, payload};
pub(crate) use head::Discriminator;
pub(crate) use read::Judged;
pub use read::Payload;
use shared::MaybeError;
pub use shared::{Code, Content, ContentPart, ErrorBody, Other, StrOrJson, Texts};

pub use crate::json::{Chars, Error, ErrorKind, Json, JsonStr, List, ListIter, MAX_DEPTH};
