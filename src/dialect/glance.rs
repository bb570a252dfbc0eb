//! Telling at a glance that an event means nothing to a dialect.
//!
//! Nearly every event is one more piece of text. To see that from the first
//! bytes costs a quarter of what it costs to read its `type`.

use crate::Event;

/// The names that mean something, for events whose JSON begins as most do.
pub(super) struct Glance<'n> {
    /// `{"type":"` and how the names begin.
    front: &'n [u8],
    /// How the names go on that begin so.
    rests: &'n [&'n [u8]],
    /// The lengths of all names, a bit for each.
    lens: u64,
}

impl<'n> Glance<'n> {
    /// `names` are all that mean something, of at most 63 bytes, `rests` what
    /// follows `front` in those that begin so.
    pub(super) const fn new(front: &'n [u8], rests: &'n [&'n [u8]], names: &[&str]) -> Self {
        let (mut lens, mut left) = (0, names);
        while let [name, behind @ ..] = left {
            lens |= 1 << name.len();
            left = behind;
        }
        Self { front, rests, lens }
    }

    /// Whether the event is surely none of the names. Where its `type` breaks
    /// off, the `event` line stands in, which therefore may not be as long as
    /// one of them either.
    #[inline]
    pub(super) fn is_none(&self, event: &Event<'_>) -> bool {
        let Some(text) = event.data().as_bytes().strip_prefix(self.front) else { return false };
        let Some(first) = text.first() else { return false };
        // A line of 64 bytes more may pass for a name, but none for a free one.
        let is_free = self.lens >> (event.event_type().len() % 64) & 1 == 0;
        // One byte is mostly enough. To ask for it by itself saves a quarter.
        let is_other = |rest: &[u8]| rest.first().is_some_and(|byte| byte != first);
        is_free
            // An escape, or the end of an empty name, which is none.
            && !matches!(first, b'\\' | b'"')
            && self.rests.iter().all(|rest| is_other(rest) || !may_be(text, rest))
    }
}

/// Whether a string that goes on with `text` may go on with `rest`: it does, or
/// has an escape where it differs.
#[inline]
fn may_be(text: &[u8], rest: &[u8]) -> bool {
    match text.iter().zip(rest).find(|(byte, expected)| byte != expected) {
        Some((byte, _)) => *byte == b'\\',
        None => true,
    }
}

#[cfg(test)]
mod tests;
