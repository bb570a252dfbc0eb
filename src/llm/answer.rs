//! Reads a model's answer as deltas that are the same for all APIs.

use core::fmt;

use super::facts::{Fact, Facts};
use super::fast_path;
use super::memory::Memory;
use super::node::Node;
use super::protocol::Protocol;
use super::tracker::Verdict;
use super::{Outcome, Piece, ProviderError, Reason, Signal, Tracker, Usage};
use crate::json::Json;
use crate::{End, Error, Event, Item, Notify};

/// A new piece of an answer. Returned by the iterator [`Reading`].
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Delta};
///
/// let mut answer = Answer::new();
/// let event = Event::new(
///     r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":
///     {"name":"add","arguments":"[1,"}}]}}]}"#,
/// );
/// let mut seen = Vec::new();
/// for delta in answer.read(&event) {
///     match delta {
///         Delta::Text { text, .. } => seen.push(format!("text: {text}")),
///         Delta::Call { call, name: Some(name), .. } => seen.push(format!("call {call}: {name}")),
///         Delta::Arguments { call, json, .. } => seen.push(format!("call {call}: {json}")),
///         _ => {}
///     }
/// }
/// assert_eq!(seen, ["call 0: add", "call 0: [1,"]);
/// ```
///
/// The kinds and their fields are non-exhaustive: match with `..` and a wildcard arm.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Delta<'a> {
    /// The next piece of the visible text.
    #[non_exhaustive]
    Text {
        /// The piece of text.
        text: Piece<'a>,
    },
    /// The next piece of the model's reasoning, or of a summary of it.
    #[non_exhaustive]
    Reasoning {
        /// The piece of text.
        text: Piece<'a>,
    },
    /// The next piece of a refusal.
    #[non_exhaustive]
    Refusal {
        /// The piece of text.
        text: Piece<'a>,
    },
    /// A tool call begins, or another piece of its ID or name arrives. A new number means a new call.
    #[non_exhaustive]
    Call {
        /// The call's number in the answer, from 0.
        call: u32,
        /// The ID that the tool's result must carry.
        id: Option<Piece<'a>>,
        /// The tool's name, or the next piece of it.
        name: Option<Piece<'a>>,
    },
    /// The next piece of a call's arguments. All pieces together are JSON, or, for a custom tool,
    /// any text.
    #[non_exhaustive]
    Arguments {
        /// The call's number in the answer.
        call: u32,
        /// The piece of the arguments.
        json: Piece<'a>,
    },
    /// A value that the client must send back unchanged with the conversation, such as a signature
    /// or encrypted reasoning.
    #[non_exhaustive]
    Opaque {
        /// The provider's name for it, such as `signature`.
        name: &'static str,
        /// The value.
        json: Json<'a>,
    },
    /// The token counts so far.
    #[non_exhaustive]
    Usage {
        /// The counts.
        usage: Usage,
    },
    /// Why the model stopped: the [worst](super::Outcome) reason so far.
    #[non_exhaustive]
    Reason {
        /// The reason.
        reason: Reason,
    },
    /// The provider's error, or another part of an error that is sent over several lines.
    #[non_exhaustive]
    Error {
        /// The error.
        error: ProviderError<'a>,
    },
    /// The provider starts again. Discard the text and calls received so far, as
    /// [`Collected`](super::Collected) does.
    Restart,
}

/// Reads a model's answer from a stream of events, for any API.
///
/// A whole program:
///
/// ```
/// use std::io::Read;
///
/// use sseam::Parser;
/// use sseam::llm::{Answer, Delta, Outcome};
///
/// fn main() -> Result<(), String> {
///     // The body of a response, from any HTTP client.
///     let mut body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\n\
///         data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
///         data: [DONE]\n\n"[..];
///     let mut buffer = [0; 8192];
///
///     let mut parser = Parser::new().with_notify(Answer::NOTIFY);
///     let mut answer = Answer::new(); // If the API is known: `Answer::of(Protocol::CHAT)`.
///     let end = loop {
///         let mut chunk = match body.read(&mut buffer) {
///             Ok(0) => break Some(parser.finish()),
///             Ok(len) => &buffer[..len],
///             Err(_) => break None, // The connection broke.
///         };
///         loop {
///             match parser.next_item(&mut chunk) {
///                 Ok(Some(item)) => {
///                     for delta in answer.read_item(&item) {
///                         match delta {
///                             Delta::Text { text, .. } => print!("{text}"),
///                             Delta::Error { error, .. } => eprintln!("{error}"),
///                             _ => {} // Reasoning, tool calls, and others: see `Delta`.
///                         }
///                     }
///                 }
///                 Ok(None) => break, // The chunk is used up.
///                 Err(error) => answer.lost(&error), // An event was too large. Continue.
///             }
///         }
///     };
///
///     println!("\n{}", answer.usage());
///     match answer.outcome(end) {
///         Outcome::Completed => Ok(()),
///         outcome => Err(format!("the answer is {outcome}")),
///     }
/// }
/// ```
///
/// The types of [`adapter`](crate::adapter) contain this loop: use `AnswerStream` or `AnswerReader`
/// if one fits your transport. To keep the whole answer, push each delta to a
/// [`Collected`](super::Collected) or a [`SliceCollector`](super::SliceCollector).
///
/// Of several choices or candidates, only the first one's text and calls are read. The errors of all
/// count, and in Chat Completions the stop reasons, too. Fragments of a tool call are assigned by
/// ID, or else by index. A complete value, such as the text in `response.completed`, is reported
/// only if no piece of it was received before. An `Answer` is `Copy`, does not allocate, and takes
/// at most 640 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub(super) tracker: Tracker,
    pub(super) memory: Memory,
    usage: Usage,
}

impl Answer {
    /// The notifications that can be part of an answer: see [`read_item`](Self::read_item).
    pub const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

    /// Creates an answer that recognizes the protocol from the events: see [`Tracker::new`].
    #[must_use]
    pub const fn new() -> Self {
        Self::of_tracker(Tracker::new())
    }

    /// Creates an answer for a known protocol.
    #[must_use]
    pub const fn of(protocol: &'static Protocol) -> Self {
        Self::of_tracker(Tracker::of(protocol))
    }

    /// Creates an answer that recognizes only these protocols.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::{Answer, Protocol};
    ///
    /// let mut answer = Answer::among(&[Protocol::CHAT, Protocol::RESPONSES]);
    /// drop(answer.read(&Event::new(r#"{"choices":[]}"#)));
    /// assert_eq!(answer.tracker().protocol(), Some(Protocol::CHAT));
    /// assert!(!answer.tracker().is_over());
    /// ```
    #[must_use]
    pub const fn among(protocols: &'static [&'static Protocol]) -> Self {
        Self::of_tracker(Tracker::among(protocols))
    }

    const fn of_tracker(tracker: Tracker) -> Self {
        Self { tracker, memory: Memory::NEW, usage: Usage::NONE }
    }

    /// Processes the next event. Returns an iterator over what is new in it.
    ///
    /// Dropping the iterator early is fine: the state is updated by the whole event.
    #[inline]
    pub fn read<'s, 'e>(&'s mut self, event: &Event<'e>) -> Reading<'s, 'e> {
        let mut fact = None;
        if fast_path::read(&self.tracker, event, &mut fact) {
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

    /// Processes the next item of [`Parser::next_item`](crate::Parser::next_item), as
    /// [`read`](Self::read).
    ///
    /// Select [`NOTIFY`](Self::NOTIFY) on the parser: some servers send an error, or the end, in a
    /// form that the standard ignores. See [`Tracker::notice`].
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

    /// Records that the parser rejected an event for its size: see [`Tracker::lost`].
    pub fn lost(&mut self, error: &Error) {
        self.tracker.lost(error);
    }

    /// Returns the outcome of a stream that ends now: see [`Tracker::outcome`].
    pub fn outcome(&self, end: impl Into<Option<End>>) -> Outcome {
        self.tracker.outcome(end)
    }

    /// Returns the token counts so far.
    #[must_use]
    pub const fn usage(&self) -> Usage {
        self.usage
    }

    /// Returns why the model stopped: see [`Tracker::reason`].
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        self.tracker.reason()
    }

    /// Returns the tracker.
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

/// An iterator over what is new in one event. Returned by [`Answer::read`].
///
/// Dropping it early is fine: the answer's state is updated by the whole event.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Protocol, Signal};
///
/// let mut answer = Answer::of(Protocol::MESSAGES);
/// let event = Event::new(r#"{"type":"message_delta","usage":{"output_tokens":7}}"#);
/// let reading = answer.read(&event);
/// assert_eq!(reading.signal(), Signal::Payload);
/// drop(reading);
/// assert_eq!(answer.usage().output, Some(7));
/// ```
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Reading<'s, 'e> {
    answer: &'s mut Answer,
    signal: Signal,
    source: Source<'e>,
    /// [`next_of_more`](Self::next_of_more) may have a delta.
    has_more: bool,
    /// A [`Delta::Restart`] is to be returned.
    restarts: bool,
    /// The arguments of the call that was just returned.
    arguments: Option<(u32, Piece<'e>)>,
    has_reason: bool,
    /// An error that is still to be read.
    error: Option<ReadError<'e>>,
}

/// A function that reads an error, and its arguments. It is a pointer so that the code for errors
/// in fields is linked only if notifications are read.
type ReadError<'e> = (fn(&'e [u8], &'e [u8]) -> ProviderError<'e>, &'e [u8], &'e [u8]);

/// The source of facts.
enum Source<'e> {
    None,
    /// The only fact of an event that the fast path has read.
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
            self.restarts = memory.has_output();
            *memory = Memory::NEW;
        }
        memory.begin_event();
    }

    /// Returns the classification of the event.
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
