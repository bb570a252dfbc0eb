//! Reading an item in two steps, for [`adapter`](crate::adapter): its loops skip ignored items, and
//! an async one may be cancelled between the steps.

use super::tracker::Verdict;
use super::{Answer, Reading, Signal};
use crate::json::is_whole_object;
use crate::{End, Item};

/// The result of [`Answer::judge`], needed to read the item afterwards. Borrows nothing.
///
/// For custom adapters whose function loops until an item [matters](Self::matters) and returns it
/// as an [`AnswerEvent`](crate::adapter::AnswerEvent). All others call [`Answer::read_item`], which
/// does both steps.
///
/// ```
/// use sseam::llm::{Answer, Protocol};
/// use sseam::{Event, Item};
///
/// let mut answer = Answer::of(Protocol::MESSAGES);
/// let ping = Item::Event(Event::new(r#"{"type":"ping"}"#));
/// assert!(!answer.judge(&ping).matters());
///
/// let data = r#"{"type":"content_block_delta","index":0,"delta":{"text":"Hi"}}"#;
/// let item = Item::Event(Event::new(data));
/// let judged = answer.judge(&item);
/// assert!(judged.matters());
/// assert_eq!(answer.read_judged(&item, judged).count(), 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Judged(
    /// `None`: a plain delta, which the tracker has not seen yet.
    Option<Verdict>,
);

impl Judged {
    /// Returns `false` if the item is to be skipped: a keep-alive, or a notification without
    /// effect.
    #[must_use]
    pub const fn matters(self) -> bool {
        match self.0 {
            Some(verdict) => verdict.has_error || !matches!(verdict.signal, Signal::Ignored),
            None => true,
        }
    }
}

impl Answer {
    /// Updates the state with an item: the first step of [`read_item`](Self::read_item).
    pub fn judge(&mut self, item: &Item<'_>) -> Judged {
        Judged(match item {
            Item::Event(event) if self.tracker.is_plain(event) => None,
            Item::Event(event) => Some(self.tracker.judge(event)),
            _ => Some(self.tracker.judge_notification(item)),
        })
    }

    /// Same as [`judge`](Self::judge), for an item that
    /// [`Parser::flush_item`](crate::Parser::flush_item) returned at the end of the stream.
    ///
    /// A block without data, such as `event: done`, is ignored, because its data may have been cut
    /// off. `end` is set to [`End::Clean`] if the item is an event whose data is a whole object.
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

    /// Reads an item that was [judged](Self::judge): the second step, with the same item.
    pub fn read_judged<'s, 'e>(&'s mut self, item: &Item<'e>, judged: Judged) -> Reading<'s, 'e> {
        match (item, judged.0) {
            (Item::Event(event), Some(verdict)) => self.read_by_verdict(event, verdict),
            (_, Some(verdict)) => self.read_notification(item, verdict),
            (_, None) => self.read_item(item),
        }
    }

    /// Returns `true` once the answer is over: after the final event, or, if that is an error
    /// spread over several lines, after the last of them.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.tracker.is_over() && !self.tracker.is_in_error
    }
}
