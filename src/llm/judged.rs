//! Reading in two halves, for the loops of [`adapter`](crate::adapter): they pass over what is
//! ignored, and may be interrupted between an item and what it says.

use super::tracker::Verdict;
use super::{Answer, Reading, Signal};
use crate::json::is_whole_object;
use crate::{End, Item};

/// An item that was judged and is still to be read. It borrows nothing of the item.
///
/// For adapters of your own, in a function that loops until there is something new and returns it:
/// [`Answer::judge`] each item, and of the first one that [matters](Self::matters) make an
/// `adapter::AnswerEvent`. In one step [`Answer::read_item`] reads an item.
#[derive(Clone, Copy, Debug)]
pub struct Judged(
    /// `None`: a payload at first sight, of which nothing has been noted yet.
    Option<Verdict>,
);

impl Judged {
    /// Returns `false` if the item is ignored: a keep-alive, or a line that says nothing.
    #[must_use]
    pub const fn matters(self) -> bool {
        match self.0 {
            Some(verdict) => verdict.has_error || !matches!(verdict.signal, Signal::Ignored),
            None => true,
        }
    }
}

impl Answer {
    /// The first half of [`read_item`](Self::read_item).
    pub fn judge(&mut self, item: &Item<'_>) -> Judged {
        Judged(match item {
            Item::Event(event) if self.tracker.is_quiet(event) => None,
            Item::Event(event) => Some(self.tracker.judge(event)),
            _ => Some(self.tracker.judge_notification(item)),
        })
    }

    /// As [`judge`](Self::judge), of an item that [`Parser::flush_item`](crate::Parser::flush_item)
    /// returned, where the stream ended by `end`.
    ///
    /// It ignores a block without data, which may have been cut before its data, as `event: done`
    /// may. An event that is whole makes the end a clean one.
    pub fn judge_flushed(&mut self, item: &Item<'_>, end: &mut End) -> Judged {
        let is_readable = match item {
            Item::Event(event) => {
                if is_whole_object(event.data().as_bytes()) {
                    *end = End::Clean;
                }
                !event.data().is_empty()
            }
            Item::UnknownField { .. } => true,
            _ => false,
        };
        if is_readable { self.judge(item) } else { Judged(Some(Verdict::of(Signal::Ignored))) }
    }

    /// The second half, with the same item.
    pub fn read_judged<'s, 'e>(&'s mut self, item: &Item<'e>, judged: Judged) -> Reading<'s, 'e> {
        match (item, judged.0) {
            (Item::Event(event), Some(verdict)) => self.read_by_verdict(event, verdict),
            (_, Some(verdict)) => self.read_notification(item, verdict),
            (_, None) => self.read_item(item),
        }
    }

    /// Returns `true` once nothing more of the answer can come: after the terminal, and, if that
    /// was an error spread over several lines, after the last of them.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.tracker.is_over() && !self.tracker.is_in_error
    }
}
