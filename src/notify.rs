//! The selection of notifications.

use core::fmt;
use core::ops::{BitOr, BitOrAssign};

/// A set of notifications: what [`Parser::next_item`](crate::Parser::next_item) returns besides
/// events.
///
/// The standard ignores all of them, but some servers use them to signal errors or completion.
/// Select them by [`Parser::with_notify`](crate::Parser::with_notify); those that are not selected
/// are skipped and not copied.
///
/// ```
/// use sseam::{Item, Notify, Parser};
///
/// const SELECTED: Notify = Notify::COMMENTS.union(Notify::EMPTY_BLOCKS);
/// assert_eq!(SELECTED, Notify::COMMENTS | Notify::EMPTY_BLOCKS);
/// assert!(SELECTED.contains(Notify::COMMENTS));
/// assert!(!SELECTED.contains(Notify::ALL));
///
/// let mut more = SELECTED;
/// more |= Notify::UNKNOWN_FIELDS | Notify::RECONNECTION_TIME;
/// assert_eq!(more, Notify::ALL);
///
/// let mut parser = Parser::new().with_notify(SELECTED);
/// let mut chunk: &[u8] = b"event: end\n\n";
/// let item = parser.next_item(&mut chunk)?;
/// assert!(matches!(item, Some(Item::EmptyBlock { event_type, .. }) if event_type == "end"));
/// # Ok::<(), sseam::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Notify(u8);

impl Notify {
    /// No notifications: the default.
    pub const NONE: Self = Self(0);
    /// Comments (lines that begin with a colon), which servers send as keep-alives.
    pub const COMMENTS: Self = Self(1);
    /// Fields that the standard does not define, such as the `error: {…}` of some LLM servers.
    pub const UNKNOWN_FIELDS: Self = Self(1 << 1);
    /// Blocks that set an event type or an ID and end without data, such as `event: end`
    /// followed by a blank line.
    pub const EMPTY_BLOCKS: Self = Self(1 << 2);
    /// `retry` fields that set the reconnection time, even to the same value as before.
    pub const RECONNECTION_TIME: Self = Self(1 << 3);
    /// All of the above.
    pub const ALL: Self = Self(0b1111);

    /// Returns the union of both sets, as `|` does, for `const` code.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns `true` if all notifications in `other` are selected.
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

impl BitOrAssign for Notify {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.union(other);
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
        let selected = names.iter().filter(|(which, _)| self.contains(*which));
        f.write_str("Notify(")?;
        for (n, (_, name)) in selected.enumerate() {
            f.write_str(if n == 0 { "" } else { " | " })?;
            f.write_str(name)?;
        }
        f.write_str(")")
    }
}
