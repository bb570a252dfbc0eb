//! JSON read in place: strings and numbers borrowed from the data, nothing allocated.
//!
//! The crate's payload types and protocols read their JSON here, and a protocol of your own
//! can, too. [`members`] goes over the members of an object in the order in which they stand,
//! as far as it is asked to:
//!
//! ```
//! use sseam::json;
//!
//! let data = br#"{"type":"response.failed","sequence_number":3,"response":{"id":"r"}}"#;
//! let mut sequence_number = None;
//! for (name, value) in json::members(data) {
//!     if name == "sequence_number" {
//!         sequence_number = value.u64();
//!         break; // What follows is never looked at.
//!     }
//! }
//! assert_eq!(sequence_number, Some(3));
//! ```
//!
//! The grammar is that of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259); objects and arrays
//! nest at most [`MAX_DEPTH`] levels deep. Nothing recurses, and the time is linear in the data.
//!
//! With the feature `json` (`serde_json`) or `json-core` (`serde-json-core`, without a heap),
//! `Event::json` and `Event::json_core` read an event into any type that implements serde's
//! `Deserialize`.
//!
//! # How strict it is
//!
//! Payload types validate all of the data. [`members`] and the values it returns are lenient
//! where that cannot mislead: they validate what they skip, except for what is in strings, and nothing
//! behind what was last asked for. A string that is asked for is validated.

// Inlined where a call would cost more than the work; and how a value is read into its place is
// no business of users.
#![allow(clippy::inline_always, private_bounds)]

mod error;
mod fill;
mod object;
mod pass;
mod scan;
#[cfg(any(feature = "json", feature = "json-core"))]
mod serde;
mod text;
mod walk;

#[cfg(any(feature = "json", feature = "json-core"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "json", feature = "json-core"))))]
pub use self::serde::DeserializeError;
#[cfg(feature = "json-core")]
#[cfg_attr(docsrs, doc(cfg(feature = "json-core")))]
pub use self::serde::escaped_str;
#[cfg(any(feature = "json", feature = "json-core"))]
pub(crate) use self::serde::read_by;
pub use error::{Error, ErrorKind};
#[cfg(any(feature = "json", feature = "json-core"))]
use fill::validate;
pub(crate) use fill::{Fill, read, read_usual};
pub use fill::{List, ListIter};
pub(crate) use object::object;
pub use pass::MAX_DEPTH;
pub(crate) use pass::{Pass, space, usual_end};
pub(crate) use scan::near_string;
pub use text::{Chars, JsonStr};
pub(crate) use text::{Rest, pair, unit, utf8};
pub use walk::{Elements, Json, Members, elements, is_whole_object, members};
pub(crate) use walk::{elements_after, is_whole, value_and_rest};
