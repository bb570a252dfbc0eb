//! A copy of a short name or word.

use core::fmt::{self, Write as _};

use super::full::copy_fitting;
use crate::Value;
use crate::json::JsonStr;
use crate::value::write_lossy;

/// A copy of an event's name or of a provider's word, of at most [`Name::MAX`] bytes.
///
/// What outlives the event that it is about keeps the name itself. Every name and word that a
/// provider documents fits. A longer one is cut; what is not UTF-8 is U+FFFD, and JSON's escapes
/// are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name {
    len: u8,
    bytes: [u8; Self::MAX],
}

impl Name {
    /// The most bytes that are kept.
    pub const MAX: usize = 47;

    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; Self::MAX] };

    pub(super) fn new(name: Value<'_>) -> Self {
        let mut kept = Self::EMPTY;
        // Where it fails, there is no room for more.
        let _ = write_lossy(name.as_bytes(), &mut kept);
        kept
    }

    pub(super) fn of(name: &str) -> Self {
        let mut kept = Self::EMPTY;
        // As above.
        let _ = kept.write_str(name);
        kept
    }

    /// A name in JSON.
    pub(super) fn decoded(name: JsonStr<'_>) -> Self {
        let mut kept = Self::EMPTY;
        // As above.
        let _ = name.write_to(&mut kept);
        kept
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len.into()).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// Keeps as many characters as there is room for.
impl fmt::Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len.into()..).unwrap_or_default();
        let len = copy_fitting(text, room);
        self.len = self.len.saturating_add(u8::try_from(len).unwrap_or_default());
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
