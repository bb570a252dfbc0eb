//! Reading in two halves, for the loops of [`adapter`](crate::adapter): they pass over what is
//! ignored, and may be interrupted between an item and what it says.

use super::tracker::Verdict;
use super::{Answer, Reading, Signal};
use crate::Item;

/// An item that was judged and is still to be read. It borrows nothing of the item.
#[derive(Clone, Copy)]
pub(crate) struct Judged(
    /// `None`: a payload at first sight, of which nothing has been noted yet.
    Option<Verdict>,
);

impl Judged {
    /// Returns `false` if the item is ignored: a keep-alive, or a line that says nothing.
    pub(crate) const fn matters(self) -> bool {
        match self.0 {
            Some(verdict) => verdict.has_error || !matches!(verdict.signal, Signal::Ignored),
            None => true,
        }
    }
}

impl Answer {
    /// The first half of [`read_item`](Self::read_item).
    pub(crate) fn judge(&mut self, item: &Item<'_>) -> Judged {
        Judged(match item {
            Item::Event(event) if self.tracker.is_quiet(event) => None,
            Item::Event(event) => Some(self.tracker.judge(event)),
            _ => Some(self.tracker.judge_notification(item)),
        })
    }

    /// The second half, with the same item.
    pub(crate) fn read_judged<'s, 'e>(
        &'s mut self,
        item: &Item<'e>,
        judged: Judged,
    ) -> Reading<'s, 'e> {
        match (item, judged.0) {
            (Item::Event(event), Some(verdict)) => self.read_by_verdict(event, verdict),
            (_, Some(verdict)) => self.read_notification(item, verdict),
            (_, None) => self.read_item(item),
        }
    }

    /// Returns `true` once nothing more of the answer can come: after the terminal, and, if that
    /// was an error spread over several lines, after the last of them.
    pub(crate) const fn is_over(&self) -> bool {
        self.tracker.is_over() && !self.tracker.is_in_error
    }
}
