//! The choice of what is told besides events.

use core::fmt;
use core::ops::BitOr;

/// What [`Parser::next_item`](crate::Parser::next_item) tells besides events.
///
/// The standard passes over all of it, some servers say something with it. It
/// is chosen when the parser is made and costs nothing where it is not.
///
/// ```
/// use sseam::Notify;
///
/// const WHICH: Notify = Notify::COMMENTS.union(Notify::UNKNOWN_FIELDS);
/// assert_eq!(WHICH, Notify::COMMENTS | Notify::UNKNOWN_FIELDS);
/// assert!(WHICH.contains(Notify::COMMENTS));
/// assert!(!WHICH.contains(Notify::ALL));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Notify(u8);

impl Notify {
    /// Nothing but events: the default.
    pub const NONE: Self = Self(0);
    /// Comments (lines that begin with a colon): a server's sign of life.
    pub const COMMENTS: Self = Self(1);
    /// Fields that the standard does not know, such as the `error: {…}` of some
    /// LLM servers.
    pub const UNKNOWN_FIELDS: Self = Self(1 << 1);
    /// Blocks that set an event type or an ID and end without data, such as
    /// `event: end` and a blank line: the standard dispatches nothing for them.
    pub const EMPTY_BLOCKS: Self = Self(1 << 2);
    /// `retry` fields that set the reconnection time, also to what it was before.
    pub const RECONNECTION_TIME: Self = Self(1 << 3);
    /// All of the above.
    pub const ALL: Self = Self(0b1111);

    /// Returns the union of both sets; `|` for `const` code.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything in `other` is chosen.
    #[inline]
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Notify {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::COMMENTS, "COMMENTS"),
            (Self::UNKNOWN_FIELDS, "UNKNOWN_FIELDS"),
            (Self::EMPTY_BLOCKS, "EMPTY_BLOCKS"),
            (Self::RECONNECTION_TIME, "RECONNECTION_TIME"),
        ];
        let chosen = names.iter().filter(|(which, _)| self.contains(*which));
        f.write_str("Notify(")?;
        for (n, (_, name)) in chosen.enumerate() {
            f.write_str(if n == 0 { "" } else { " | " })?;
            f.write_str(name)?;
        }
        f.write_str(")")
    }
}
