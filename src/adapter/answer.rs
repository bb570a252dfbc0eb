//! The common part of the readers and streams of answers.

use core::fmt;

use super::Error;
use super::driver::{Driver, Search, Want};
use crate::llm::{Answer, Judged, Outcome, Reading, Signal};
use crate::{Buffer, End, Event, Item, Parser};

/// An event that matters to an answer. Rarely, it is a line that the standard ignores: some providers
/// report errors (`error: {…}`) or the end of the answer in this way.
///
/// ```
/// use sseam::adapter::io::AnswerReader;
/// use sseam::llm::Signal;
///
/// let body = &b": ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n"[..];
/// let mut answers = AnswerReader::new(body);
/// let event = answers.next_event().expect("an event");
/// assert_eq!(event.signal(), Signal::Payload);
/// assert_eq!(event.deltas().count(), 1);
/// ```
#[must_use]
pub struct AnswerEvent<'a> {
    item: Item<'a>,
    reading: Reading<'a, 'a>,
}

impl<'a> AnswerEvent<'a> {
    /// Creates an event from `item`, which `answer` has [judged](Answer::judge). For custom
    /// adapters.
    pub fn new(answer: &'a mut Answer, item: Item<'a>, judged: Judged) -> Self {
        Self { item, reading: answer.read_judged(&item, judged) }
    }

    /// Returns the event, or `None` if it is a notification: see [`item`](Self::item).
    #[must_use]
    pub const fn event(&self) -> Option<Event<'a>> {
        self.item.event()
    }

    /// Returns the event or the notification.
    ///
    /// A notification is a block without data that ends the stream, such as `event: end`, or a line
    /// of an error, such as a bare `{"error":…}`.
    #[must_use]
    pub const fn item(&self) -> Item<'a> {
        self.item
    }

    /// Returns how a client should treat the event. Only the further lines of an error of several
    /// lines are [`Signal::Ignored`].
    #[must_use]
    pub const fn signal(&self) -> Signal {
        self.reading.signal()
    }

    /// Returns an iterator over the new parts of the answer. Dropping it processes those that are
    /// left.
    pub fn deltas(self) -> Reading<'a, 'a> {
        self.reading
    }
}

impl fmt::Debug for AnswerEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerEvent")
            .field("item", &self.item)
            .field("signal", &self.signal())
            .finish_non_exhaustive()
    }
}

/// Finds the items that matter to an answer in a transport's buffer.
pub(super) struct AnswerDriver<B, E> {
    driver: Driver<B>,
    answer: Answer,
    /// The judgement of the item that was found and is not viewed yet.
    judged: Option<Judged>,
    error: Option<Error<E>>,
    /// How the stream ended, after the end of the transport.
    end: End,
}

impl<B: Buffer, E> AnswerDriver<B, E> {
    pub(super) fn new(parser: Parser<B>) -> Self {
        let mut driver = Driver::new(parser.with_notify(Answer::NOTIFY));
        driver.flush_at_end();
        let end = End::Disconnected;
        Self { driver, answer: Answer::new(), judged: None, error: None, end }
    }

    pub(super) fn set_answer(&mut self, answer: &Answer) {
        self.answer = *answer;
    }

    pub(super) const fn answer(&self) -> &Answer {
        &self.answer
    }

    pub(super) const fn driver(&self) -> &Driver<B> {
        &self.driver
    }

    pub(super) fn into_driver(self) -> Driver<B> {
        self.driver
    }

    pub(super) const fn error(&self) -> Option<&Error<E>> {
        self.error.as_ref()
    }

    pub(super) fn into_error(self) -> Option<Error<E>> {
        self.error
    }

    pub(super) fn outcome(&self) -> Outcome {
        let end = self.driver.end().map_or(End::Disconnected, |_| self.end);
        self.answer.outcome(end)
    }

    /// Releases what was viewed, as [`Driver::release`].
    #[inline]
    pub(super) fn release(&mut self) -> usize {
        self.driver.release(Want::Items)
    }

    /// Returns `true` if there is an item to [view](Self::view), and `false` at the end. `None`
    /// means that a search is needed.
    #[inline]
    pub(super) fn found(&self) -> Option<bool> {
        if self.judged.is_some() {
            return Some(true);
        }
        let is_broken = matches!(self.error, Some(Error::Transport(_)));
        let is_over = is_broken || self.answer.is_over() || self.driver.end().is_some();
        is_over.then_some(false)
    }

    /// Reports that the transport has ended.
    #[cfg(feature = "stream")]
    pub(super) fn close(&mut self) {
        self.driver.close();
    }

    /// Reports that the transport has failed, which is the end.
    #[cold]
    pub(super) fn fail(&mut self, error: E) {
        self.error = Some(Error::Transport(error));
    }

    /// Searches the transport's buffer, if nothing [was found](Self::found) before. An empty buffer
    /// means the end of the transport. Returns the number of bytes that the transport may drop.
    pub(super) fn search(&mut self, buffered: &[u8]) -> usize {
        let is_at_end = buffered.is_empty();
        if is_at_end && self.end == End::Disconnected {
            self.end = self.driver.parser().end();
        }
        let (found, taken) = self.driver.search(buffered, Want::Items);
        match found {
            Ok(Search::Item) => {}
            Ok(Search::Nothing | Search::End) => return taken,
            Err(error) => {
                self.answer.lost(&error);
                self.error = Some(Error::Parse(error));
                return taken;
            }
        }
        let Some(item) = self.driver.peek(buffered) else { return 0 };
        let judged = if is_at_end {
            self.answer.judge_flushed(&item, &mut self.end)
        } else {
            self.answer.judge(&item)
        };
        if !judged.matters() {
            return self.driver.forget();
        }
        self.judged = Some(judged);
        0
    }

    /// Returns the item that was found, in the same bytes, or stores the error of the transport.
    #[inline]
    pub(super) fn view<'a>(&'a mut self, buffered: Result<&'a [u8], E>) -> Option<AnswerEvent<'a>> {
        let buffered = buffered.map_err(|error| self.fail(error)).ok()?;
        let judged = self.judged.take()?;
        let item = self.driver.view(buffered)?;
        Some(AnswerEvent::new(&mut self.answer, item, judged))
    }
}

/// Defines the common methods of all readers and streams of answers.
macro_rules! answer_methods {
    ($error:ty) => {
        /// Sets the answer to read into, for a known protocol
        /// ([`Answer::of`](crate::llm::Answer::of)) or one of several.
        #[must_use]
        pub fn with_answer(mut self, answer: $crate::llm::Answer) -> Self {
            self.answers.set_answer(&answer);
            self
        }

        /// Returns the outcome of the answer. Before the end, as if the connection broke now.
        pub fn outcome(&self) -> $crate::llm::Outcome {
            self.answers.outcome()
        }

        /// Returns the error of the transport, or else that of the last event that was skipped. An
        /// event is skipped if it exceeds a limit.
        pub const fn error(&self) -> Option<&$crate::adapter::Error<$error>> {
            self.answers.error()
        }

        /// Returns the [`error`](Self::error), owned.
        pub fn into_error(self) -> Option<$crate::adapter::Error<$error>> {
            self.answers.into_error()
        }

        /// Returns the numbers of tokens that are known so far.
        pub fn usage(&self) -> $crate::llm::Usage {
            self.answers.answer().usage()
        }

        /// Returns why the model stopped, if the stream has reported it.
        pub const fn reason(&self) -> Option<$crate::llm::Reason> {
            self.answers.answer().reason()
        }

        /// Returns the answer, which has the protocol, and the outcome for any other end.
        pub const fn answer(&self) -> &$crate::llm::Answer {
            self.answers.answer()
        }

        $crate::adapter::driver::position_methods!(|self| self.answers.driver());

        /// Returns the parser, which has the last event ID and the reconnection time.
        pub const fn parser(&self) -> &$crate::Parser<B> {
            self.answers.driver().parser()
        }
    };
}

pub(super) use answer_methods;
