//! An owned copy of a short name.

use core::fmt::{self, Write as _};

use super::full::copy_fitting;
use crate::Value;
use crate::json::JsonStr;
use crate::value::write_lossy;

/// An owned copy of an event's name, of at most [`Name::MAX`] bytes.
///
/// A [`Violation`](super::strict::Violation) outlives its event and therefore owns the names in it.
/// Every event name that a provider documents fits; a longer one is cut at a character. Invalid
/// UTF-8 is replaced by U+FFFD, and JSON escapes are decoded.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::strict::{Check, Violation};
///
/// let event = Event::new(r#"{"type":"response.queued","sequence_number":0}"#);
/// let violation = Check::new().observe(&event);
/// let Some(Violation::UnexpectedFirst { found, .. }) = violation else { panic!("no violation") };
/// assert_eq!(found.as_str(), "response.queued");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name {
    len: u8,
    bytes: [u8; Self::MAX],
}

impl Name {
    /// The maximum length in bytes.
    pub const MAX: usize = 47;

    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; Self::MAX] };

    pub(super) fn new(name: Value<'_>) -> Self {
        let mut kept = Self::EMPTY;
        // An error means that the name was cut.
        let _ = write_lossy(name.as_bytes(), &mut Writer(&mut kept));
        kept
    }

    pub(super) fn of(name: &str) -> Self {
        let mut kept = Self::EMPTY;
        // As above.
        let _ = Writer(&mut kept).write_str(name);
        kept
    }

    /// Decodes a name from JSON.
    pub(super) fn decoded(name: JsonStr<'_>) -> Self {
        let mut kept = Self::EMPTY;
        // As above.
        let _ = name.write_to(&mut Writer(&mut kept));
        kept
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len.into()).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// Keeps the longest prefix that fits, in whole characters.
struct Writer<'n>(&'n mut Name);

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let Self(name) = self;
        let room = name.bytes.get_mut(name.len.into()..).unwrap_or_default();
        let len = copy_fitting(text, room);
        name.len = name.len.saturating_add(u8::try_from(len).unwrap_or_default());
        if len < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
