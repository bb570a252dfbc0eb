//! What has been said so far: the first terminal settles it.

use super::{Dialect, Observation, Outcome, Signal, Violation};
use crate::{End, Event, Item};

/// Follows one stream, event by event, and says how it came out.
///
/// The first terminal settles the [`Outcome`]; what follows it is
/// [`Signal::Ignore`]. A tracker is for one stream: a new connection wants a
/// new one.
///
/// ```
/// use sseam::dialect::Chat;
/// use sseam::{Event, Outcome, Parser, Signal, Tracker};
///
/// let mut tracker = Tracker::new(Chat::new());
/// let delta = Event::new(r#"{"choices":[{"delta":{"content":"Hi"}}]}"#);
/// assert_eq!(tracker.observe(&delta), Signal::Message);
/// assert_eq!(tracker.observe(&Event::new("[DONE]")), Signal::Done);
/// assert!(tracker.is_over());
/// assert_eq!(tracker.finish(Parser::new().finish()), Outcome::Completed);
/// ```
///
/// # Size
///
/// It holds nothing borrowed and nothing on a heap, and is as large as its
/// dialect and one byte: at most 8 bytes with any dialect of this module but
/// [`Responses`](super::Responses), at most 96 with that one, which keeps a
/// copy of a name to report a [`Violation`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tracker<D> {
    dialect: D,
    outcome: Option<Outcome>,
}

impl<D: Dialect> Tracker<D> {
    /// A tracker of a stream of which nothing has been seen.
    #[must_use]
    pub const fn new(dialect: D) -> Self {
        Self { dialect, outcome: None }
    }

    /// Takes the next event and says what it is to the client.
    #[inline]
    pub fn observe(&mut self, event: &Event<'_>) -> Signal {
        self.observe_as(event, |dialect| dialect.observe(event))
    }

    /// As [`observe`](Self::observe), where what the event is has been found out otherwise.
    #[inline]
    pub(crate) fn observe_as(
        &mut self,
        event: &Event<'_>,
        observe: impl FnOnce(&mut D) -> Observation,
    ) -> Signal {
        if self.outcome.is_some() {
            self.dialect.observe_after(event);
            return Signal::Ignore;
        }
        let observation = observe(&mut self.dialect);
        self.take(observation)
    }

    /// Takes what [`Parser::next_item`](crate::Parser::next_item) yields: an
    /// event as [`observe`](Self::observe) does, or a notification, with which
    /// some servers fail or end a stream.
    ///
    /// A notification is [`Signal::Last`] where it is the terminal (what is to
    /// be parsed is in the item), [`Signal::Done`] where it is the sentinel,
    /// and else [`Signal::Ignore`].
    /// [`Notify::UNKNOWN_FIELDS`](crate::Notify::UNKNOWN_FIELDS) and
    /// [`Notify::EMPTY_BLOCKS`](crate::Notify::EMPTY_BLOCKS) are worth choosing
    /// for this; no dialect here looks at the others.
    pub fn notice(&mut self, item: &Item<'_>) -> Signal {
        if let Item::Event(event) = item {
            return self.observe(event);
        }
        if self.outcome.is_some() {
            return Signal::Ignore;
        }
        let observation = self.dialect.notice(item);
        self.take(observation)
    }

    #[inline]
    fn take(&mut self, observation: Observation) -> Signal {
        match observation {
            Observation::Message => Signal::Message,
            Observation::Ignore => Signal::Ignore,
            Observation::Last(outcome) => {
                self.outcome = Some(outcome);
                Signal::Last
            }
            Observation::Done(outcome) => {
                self.outcome = Some(outcome);
                Signal::Done
            }
        }
    }

    /// Where the event just observed broke the provider's word; asked for by
    /// [`Responses::strict`](super::Responses::strict) and by nothing else in
    /// this module.
    #[must_use]
    pub fn violation(&self) -> Option<Violation> {
        self.dialect.violation()
    }

    /// Whether a terminal has been seen.
    #[inline]
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.outcome.is_some()
    }

    /// The outcome, where a terminal has settled it.
    #[inline]
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// How the stream came out, now that no more of it is to come: with what
    /// [`Parser::finish`](crate::Parser::finish) says of its end, or an adapter's `end`.
    /// That is `None`, or [`End::Disconnected`], where the connection broke off before the end: then
    /// a terminal that was seen counts, and nothing else.
    ///
    /// It always answers, changes nothing, and may be asked again.
    ///
    /// ```
    /// use sseam::dialect::Chat;
    /// use sseam::{Event, Outcome, Parser, Tracker};
    ///
    /// let mut tracker = Tracker::new(Chat::new());
    /// tracker.observe(&Event::new(r#"{"choices":[{"finish_reason":"stop"}]}"#));
    /// // The server may have left `[DONE]` out; or it is still to come.
    /// assert_eq!(tracker.finish(Parser::new().finish()), Outcome::Completed);
    /// assert_eq!(tracker.finish(None), Outcome::Truncated);
    /// ```
    pub fn finish(&self, end: impl Into<Option<End>>) -> Outcome {
        self.outcome.unwrap_or_else(|| match end.into() {
            Some(End::Disconnected) | None => Outcome::Truncated,
            Some(end) => self.dialect.end_of_stream(end),
        })
    }

    /// The dialect, with what it has gathered.
    #[must_use]
    pub const fn dialect(&self) -> &D {
        &self.dialect
    }
}
