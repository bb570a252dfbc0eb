//! What the model said: neutral deltas, whatever its API.

use core::fmt;

use super::facts::{Fact, Facts};
use super::lane;
use super::memory::Memory;
use super::node::Node;
use super::protocol::Protocol;
use super::tracker::Verdict;
use super::{Outcome, Piece, ProviderError, Reason, Signal, Tracker, Usage};
use crate::json::Json;
use crate::{End, Error, Event, Item, Notify};

/// Something new of an answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Delta<'a> {
    /// The next piece of the visible text.
    #[non_exhaustive]
    Text {
        /// The piece.
        text: Piece<'a>,
    },
    /// The next piece of what the model thinks before it answers, or of a summary of that.
    #[non_exhaustive]
    Reasoning {
        /// The piece.
        text: Piece<'a>,
    },
    /// The next piece of the model's words where it refuses.
    #[non_exhaustive]
    Refusal {
        /// The piece.
        text: Piece<'a>,
    },
    /// A call of a tool begins, or more is known of it: `call` is a new number where it begins.
    #[non_exhaustive]
    Call {
        /// Which of the answer's calls, counted from 0.
        call: u32,
        /// The ID to answer it by.
        id: Option<Piece<'a>>,
        /// The tool's name, or a further piece of it.
        name: Option<Piece<'a>>,
    },
    /// The next piece of a call's arguments, which are JSON once they are put together; with a
    /// custom tool, any text.
    #[non_exhaustive]
    Arguments {
        /// Which of the answer's calls.
        call: u32,
        /// The piece.
        json: Piece<'a>,
    },
    /// What a client must send back with the conversation as it stands, such as a signature or
    /// encrypted reasoning.
    #[non_exhaustive]
    Opaque {
        /// What the provider calls it, such as `signature`.
        name: &'static str,
        /// The value.
        json: Json<'a>,
    },
    /// The tokens used, all that is known by now.
    #[non_exhaustive]
    Usage {
        /// The counts.
        usage: Usage,
    },
    /// Why the model stopped: the worst reason by now.
    #[non_exhaustive]
    Reason {
        /// The reason.
        reason: Reason,
    },
    /// The provider's error, or more of it.
    #[non_exhaustive]
    Error {
        /// The error.
        error: ProviderError<'a>,
    },
    /// The provider starts again: the text and calls that came are void.
    Restart,
}

/// Reads the answer in a stream of events, of any API.
///
/// ```
/// use sseam::Parser;
/// use sseam::llm::{Answer, Delta, Outcome};
///
/// # fn main() -> Result<(), sseam::Error> {
/// # let chunks = [&b"data: {\"choices\":[{\"delta\":{\"content\":\"Good \"}}]}\n\nda"[..],
/// #     b"ta: {\"choices\":[{\"delta\":{\"content\":\"day\"}}]}\n\ndata: [DONE]\n\n"];
/// let (mut parser, mut answer) = (Parser::new(), Answer::new());
/// let mut text = String::new();
/// for mut chunk in chunks {
///     while let Some(event) = parser.next_event(&mut chunk)? {
///         for delta in answer.read(&event) {
///             if let Delta::Text { text: piece, .. } = delta {
///                 piece.append_to(&mut text);
///             }
///         }
///     }
/// }
/// assert_eq!(text, "Good day");
/// assert_eq!(answer.outcome(parser.finish()), Outcome::Completed);
/// # Ok(())
/// # }
/// ```
///
/// Of several choices or candidates it reads the first. Calls are distinguished by IDs, else by
/// their index; whole values count where no piece of them came. It allocates nothing, and takes
/// 640 bytes at most.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub(super) tracker: Tracker,
    pub(super) memory: Memory,
    usage: Usage,
}

impl Answer {
    /// The notifications that can say something: see [`read_item`](Self::read_item).
    pub const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

    /// An answer whose protocol is recognized from the events.
    #[must_use]
    pub const fn new() -> Self {
        Self::of_tracker(Tracker::new())
    }

    /// An answer in this protocol.
    #[must_use]
    pub const fn of(protocol: &'static Protocol) -> Self {
        Self::of_tracker(Tracker::of(protocol))
    }

    /// An answer in one of these protocols.
    #[must_use]
    pub const fn among(protocols: &'static [&'static Protocol]) -> Self {
        Self::of_tracker(Tracker::among(protocols))
    }

    const fn of_tracker(tracker: Tracker) -> Self {
        Self { tracker, memory: Memory::NEW, usage: Usage::NONE }
    }

    /// Takes the next event, and returns what is new in it. What is not asked for is taken note of
    /// all the same.
    #[inline]
    pub fn read<'s, 'e>(&'s mut self, event: &Event<'e>) -> Reading<'s, 'e> {
        let mut fact = None;
        if lane::read(&self.tracker, event, &mut fact) {
            self.tracker.has_events = true;
            return Reading::of(self, fact);
        }
        self.read_by_rows(event)
    }

    #[inline(never)]
    fn read_by_rows<'s, 'e>(&'s mut self, event: &Event<'e>) -> Reading<'s, 'e> {
        let verdict = self.tracker.judge(event);
        self.read_by_verdict(event, verdict)
    }

    /// As [`read`](Self::read), of what [`Parser::next_item`](crate::Parser::next_item) returns
    /// where the parser selects [`NOTIFY`](Self::NOTIFY): some servers fail or end a stream with
    /// what the standard passes over (see [`Tracker::notice`]).
    pub fn read_item<'s, 'e>(&'s mut self, item: &Item<'e>) -> Reading<'s, 'e> {
        if let Item::Event(event) = item {
            return self.read(event);
        }
        let verdict = self.tracker.judge_notification(item);
        self.read_notification(item, verdict)
    }

    pub(super) fn read_notification<'s, 'e>(
        &'s mut self,
        item: &Item<'e>,
        verdict: Verdict,
    ) -> Reading<'s, 'e> {
        let mut reading = Reading::of(self, None);
        (reading.signal, reading.has_more) = (verdict.signal, true);
        if let (true, Item::UnknownField { name, value, .. }) = (verdict.has_error, item) {
            reading.error = Some((ProviderError::of_field, name.as_bytes(), value.as_bytes()));
        }
        reading
    }

    pub(super) fn read_by_verdict<'s, 'e>(
        &'s mut self,
        event: &Event<'e>,
        verdict: Verdict,
    ) -> Reading<'s, 'e> {
        let mut reading = Reading::of(self, None);
        reading.begin_by(event, verdict);
        reading
    }

    /// Takes note that the parser has given up an event: see [`Tracker::lost`].
    pub fn lost(&mut self, error: &Error) {
        self.tracker.lost(error);
    }

    /// How the stream came out, or would if it ended now: see [`Tracker::outcome`].
    pub fn outcome(&self, end: impl Into<Option<End>>) -> Outcome {
        self.tracker.outcome(end)
    }

    /// The tokens used, as far as they are known.
    #[must_use]
    pub const fn usage(&self) -> Usage {
        self.usage
    }

    /// Why the model stopped: see [`Tracker::reason`].
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        self.tracker.reason()
    }

    /// The verdict.
    #[must_use]
    pub const fn tracker(&self) -> &Tracker {
        &self.tracker
    }
}

impl Default for Answer {
    fn default() -> Self {
        Self::new()
    }
}

/// What is new in one event: an iterator of deltas.
///
/// What is not asked for is taken note of when it is dropped, so that a loop may break off.
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Reading<'s, 'e> {
    answer: &'s mut Answer,
    signal: Signal,
    source: Source<'e>,
    /// There may be more than that.
    has_more: bool,
    /// What came before is void.
    restarts: bool,
    /// The arguments of a call that was returned.
    arguments: Option<(u32, Piece<'e>)>,
    has_reason: bool,
    /// An error that is to be read.
    error: Option<ReadError<'e>>,
}

/// What reads an error, and where it stands: a pointer, as errors in fields are not linked where no
/// notification is read.
type ReadError<'e> = (fn(&'e [u8], &'e [u8]) -> ProviderError<'e>, &'e [u8], &'e [u8]);

/// Where facts come from.
enum Source<'e> {
    None,
    /// A usual event, which says no more.
    Usual(Fact<'e>),
    Rows(Facts<'e>),
}

impl<'s, 'e> Reading<'s, 'e> {
    #[inline]
    const fn of(answer: &'s mut Answer, fact: Option<Fact<'e>>) -> Self {
        Self {
            answer,
            signal: Signal::Payload,
            source: match fact {
                Some(fact) => Source::Usual(fact),
                None => Source::None,
            },
            has_more: false,
            restarts: false,
            arguments: None,
            has_reason: false,
            error: None,
        }
    }

    fn begin_by(&mut self, event: &Event<'e>, verdict: Verdict) {
        let data = event.data().as_bytes();
        (self.signal, self.has_more) = (verdict.signal, true);
        self.has_reason = verdict.has_reason;
        if verdict.has_error {
            self.error = Some((ProviderError::of_data, b"", data));
        }
        let protocol = self.answer.tracker.protocol().filter(|_| verdict.signal.has_payload());
        if let Some(protocol) = protocol {
            let outer = Node::of_data(data);
            let name = protocol.event_name(event, &outer);
            let inner = protocol.inner(&outer).unwrap_or(outer);
            self.source = Source::Rows(Facts::of(name, inner.json(), protocol.says));
        }
        let memory = &mut self.answer.memory;
        if verdict.restarts {
            self.restarts = memory.has_spoken();
            *memory = Memory::NEW;
        }
        memory.begin_event();
    }

    /// What the event is to the client.
    #[must_use]
    pub const fn signal(&self) -> Signal {
        self.signal
    }

    fn next_fact(&mut self) -> Option<Fact<'e>> {
        match &mut self.source {
            Source::Rows(facts) => facts.next(),
            Source::Usual(_) | Source::None => None,
        }
    }

    #[inline(never)]
    fn next_of_more(&mut self) -> Option<Delta<'e>> {
        if core::mem::take(&mut self.restarts) {
            return Some(Delta::Restart);
        }
        if let Some((call, json)) = self.arguments.take() {
            return Some(Delta::Arguments { call, json });
        }
        while let Some(fact) = self.next_fact() {
            let delta = match fact {
                Fact::Usage(usage) if self.answer.usage.take(usage) => {
                    Some(Delta::Usage { usage: self.answer.usage })
                }
                _ => self.answer.memory.take(&fact, &mut self.arguments),
            };
            if delta.is_some() {
                return delta;
            }
        }
        if core::mem::take(&mut self.has_reason) {
            return self.answer.reason().map(|reason| Delta::Reason { reason });
        }
        let (read, name, data) = self.error.take()?;
        let error = read(name, data);
        if error.is_empty() { None } else { Some(Delta::Error { error }) }
    }
}

impl<'e> Iterator for Reading<'_, 'e> {
    type Item = Delta<'e>;

    #[inline]
    fn next(&mut self) -> Option<Delta<'e>> {
        if let Source::Usual(fact) = &self.source {
            let delta = self.answer.memory.take(fact, &mut self.arguments);
            self.source = Source::None;
            self.has_more = self.arguments.is_some();
            if delta.is_some() {
                return delta;
            }
        }
        if self.has_more { self.next_of_more() } else { None }
    }
}

impl core::iter::FusedIterator for Reading<'_, '_> {}

impl Drop for Reading<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        if self.has_more || matches!(self.source, Source::Usual(_)) {
            self.for_each(drop);
        }
    }
}

impl fmt::Debug for Reading<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("signal", &self.signal).finish_non_exhaustive()
    }
}
