//! What providers send, typed and borrowed.
//!
//! [`chat`], [`responses`] and [`messages`] have the events of the three APIs that
//! nearly all providers speak, with what clients use of them. Each has a `parse`,
//! which takes an event and gives a struct of borrowed strings and numbers:
//!
//! ```
//! use sseam::Event;
//! use sseam::payload::responses;
//!
//! let event = Event::new(r#"{"type":"response.output_text.delta","delta":"Hi\n"}"#);
//! let responses::Event::OutputTextDelta(event) = responses::Event::parse(&event)? else {
//!     panic!("not what was sent");
//! };
//! assert_eq!(event.delta, "Hi\n"); // Decoded as it is compared.
//! assert_eq!(event.delta.as_raw(), r"Hi\n"); // Borrowed as it stands.
//! # Ok::<(), sseam::payload::Error>(())
//! ```
//!
//! # What is read
//!
//! The data has to be JSON, of no more than [`MAX_DEPTH`] levels, and an object;
//! if not, the [`Error`] says what is wrong and at which byte. Beyond that nothing
//! fails, so that a provider may add what it likes: a member that is not known is
//! skipped, an event of an unknown type is an [`Other`], and a member that is
//! `null`, or of another kind than its field, counts as absent. Of several members
//! with one name the first counts that does not. Names may be written with escapes.
//!
//! Strings are [`JsonStr`]s, which decode as they are read. Lists are [`List`]s,
//! whose elements are read as they are come to. Nothing is allocated, nothing
//! recurses beyond the types' own few levels, and the time is linear in the data. No
//! feature is needed.
//!
//! # Types of your own
//!
//! With the feature `json` (`serde_json`) or `json-core` (`serde-json-core`, which
//! needs no heap), `Event::json` reads an event into any type that implements
//! serde's `Deserialize`, and [`JsonStr`] is a field for it.

mod accumulator;
#[cfg(any(feature = "json", feature = "json-core"))]
mod backend;
pub mod chat;
mod check;
#[cfg(feature = "serde")]
mod de;
mod error;
mod joiner;
mod json_str;
pub mod messages;
mod object;
pub mod responses;
mod shared;

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
pub use accumulator::Growing;
pub use accumulator::{Accumulator, Full, Gathered, Memory, Part, PartKind, Slice};
pub use check::MAX_DEPTH;
pub use error::{Error, ErrorKind};
pub use joiner::Joiner;
pub use json_str::{Chars, JsonStr};
pub use object::{List, ListIter};
pub use shared::{Code, Content, ContentPart, ErrorBody, Other};

use crate::dialect::Discriminator;
use crate::dialect::peek::{Json, pass_space};
use object::Read;

/// The value that is all of the JSON.
fn top(json: &str) -> Option<Json<'_>> {
    Json::begin(pass_space(json.as_bytes()))
}

/// The value as this type, or an empty one.
fn read<'a, T: Read<'a> + Default>(json: Option<Json<'a>>) -> T {
    json.and_then(T::read).unwrap_or_default()
}

/// The first member by that name of a value, if that is an object.
fn inner<'a>(value: Json<'a>, name: &str) -> Option<Json<'a>> {
    value.members().find(|(member, _)| *member == name).map(|(_, value)| value)
}

/// The error, if the event is one: nested in `error`, or, in an event that calls
/// itself one, flat.
fn error<'a>(json: Option<Json<'a>>, name: &Discriminator<'a>) -> Option<ErrorBody<'a>> {
    let is_error = name.is("error");
    if !is_error && matches!(name, Discriminator::Type(_)) {
        return None;
    }
    let mut nested = json?.members().filter(|(name, _)| *name == "error");
    match nested.find_map(|(_, value)| ErrorBody::read(value)) {
        None if is_error => Some(ErrorBody { kind: None, ..read(json) }),
        nested => nested,
    }
}
