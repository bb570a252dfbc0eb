//! A JSON reader that borrows strings and numbers from the data and allocates nothing. It is always
//! there; the feature `json` adds something else, `Event::json`.
//!
//! The payload types and protocols of [`llm`](crate::llm) use it; your own protocols can, too.
//! [`members`] iterates over the members of an object, lazily:
//!
//! ```
//! use sseam::json;
//!
//! let data = br#"{"type":"response.failed","sequence_number":3,"response":{"id":"r"}}"#;
//! let mut sequence_number = None;
//! for (name, value) in json::members(data) {
//!     if name == "sequence_number" {
//!         sequence_number = value.as_u64();
//!         break; // The rest is not read.
//!     }
//! }
//! assert_eq!(sequence_number, Some(3));
//! ```
//!
//! The grammar is that of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259). Objects and arrays
//! nest at most [`MAX_DEPTH`] levels deep. The time is linear in the data, and
//! the reader does not recurse.
//!
//! With the feature `json` (`serde_json`) or `json-core` (`serde-json-core`, without a heap),
//! [`Event::json`](crate::Event::json) and [`Event::json_core`](crate::Event::json_core) read an
//! event into any type that implements serde's `Deserialize`.
//!
//! # Validation
//!
//! Payload types validate all of the data. [`members`] and the values it returns are lenient: they
//! validate the structure of skipped values but not the contents of skipped strings. They validate
//! nothing after the last item returned. A string is validated when it is read.

// Functions are inlined if a call costs more than the work. `Fill` is an internal bound.
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
pub(crate) use scan::short_string;
pub use text::{Chars, JsonStr};
pub(crate) use text::{Rest, pair, parse_hex4, utf8};
pub use walk::{Elements, Json, Members, elements, is_whole_object, members};
pub(crate) use walk::{elements_after, is_whole, value_and_rest};
