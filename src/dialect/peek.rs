//! A look into the JSON of an event, without parsing it.
//!
//! What tells how a stream is doing is nearly always in the first few members
//! of an event: `type`, `sequence_number`, `finish_reason`. [`members`] goes
//! over the members of an object in the order in which they stand, as far as it
//! is asked to, and lends names and values as they stand.
//!
//! ```
//! use sseam::dialect::peek;
//!
//! let data = br#"{"type":"response.failed","sequence_number":3,"response":{"id":"r"}}"#;
//! let mut sequence_number = None;
//! for (name, value) in peek::members(data) {
//!     if name == "sequence_number" {
//!         sequence_number = value.u64();
//!         break; // What follows is never looked at.
//!     }
//! }
//! assert_eq!(sequence_number, Some(3));
//! ```
//!
//! # What it costs
//!
//! Nothing is allocated and nothing recurses. A value is passed over when the
//! next one is asked for and no sooner, so what comes first costs the same in an
//! event of any size (the first 32 bytes of a value are looked at ahead). To look
//! into a nested value and then go on behind it is to go over its bytes twice, and
//! once more for each level of nesting looked into. [`Members::next_if_named`] is
//! the fastest way to members that come in the order that one hopes for.
//!
//! # Which JSON
//!
//! For every JSON text ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)) the
//! answers are those of a full parse. A name may come twice: both are told, in
//! order, and who stops at the first one has chosen that the first one counts.
//!
//! What is not JSON ends the iteration, and `is_broken` tells so, where it was
//! met on the way: a literal or number that is none, a missing or surplus comma
//! or colon, a string or bracket without its end. Some of what a full parse
//! refuses is not looked for:
//!
//! - whatever follows the end of the object, or what was last asked for;
//! - inside nested values that are passed over: all but strings and the number of
//!   brackets, so `[}` and `[1 2]` pass there;
//! - raw control characters, escapes that are none, and bytes that are not UTF-8
//!   in strings. The latter two equal no text that the string is compared with.

mod json;
mod refusal;
mod string;
mod text;
mod walk;

pub use json::Json;
pub(crate) use json::{pass, pass_space};
pub(crate) use refusal::may_hold_error_or_finish_reason;
pub use text::Text;
pub(crate) use text::{unescape, unit};
pub use walk::{Elements, Members};

/// The members of the JSON object that `json` holds, in order, borrowed as they stand.
///
/// White space before the object is passed over; what follows it is not looked at.
///
/// ```
/// use sseam::dialect::peek;
///
/// let mut members = peek::members(br#" {"type": "ping", "type": "pong"}"#);
/// let (name, value) = members.next().expect("a member");
/// assert_eq!(name, "type");
/// assert_eq!(value.text().expect("a string"), "ping");
/// assert!(members.next().is_some());
/// assert!(members.next().is_none() && !members.is_broken());
///
/// let mut members = peek::members(b"[DONE]");
/// assert!(members.next().is_none() && members.is_broken());
/// ```
#[inline]
pub fn members(json: &[u8]) -> Members<'_> {
    Members::of(json)
}

/// Whether `data` looks like a whole JSON object from the outside: `{` … `}`,
/// but for the white space around.
///
/// Nothing between the two is looked at, so that the cost is that of the white
/// space. That is what it takes to tell an event from one that was cut off, as an
/// object that ends too early ends in `}` only where a nested one does.
///
/// ```
/// use sseam::dialect::peek;
///
/// assert!(peek::is_whole_object(b" {\"type\":\"ping\"}\n"));
/// assert!(!peek::is_whole_object(b"{\"type\":\"pi"));
/// ```
#[inline]
#[must_use]
pub fn is_whole_object(data: &[u8]) -> bool {
    matches!(json::trim(data), [b'{', .., b'}'])
}
