//! The verdict: what each event is, and how the stream came out.

use super::error::{is_error, is_error_in};
use super::node::Node;
use super::payload::Discriminator;
use super::payload::{self, Judged, Payload};
use super::protocol::{Ends, Errors, Lane, NamedBy, Protocol, ReasonEnds};
use super::reason::outcome_of;
use super::sentinel::{is_keep_alive, is_keep_alive_name, is_sentinel, is_uncut, is_unnamed};
use super::{Name, Outcome, Reason, Signal, look, memory};
use crate::json::{is_whole, space};
use crate::{End, Error, Event, Item, Value};

/// Follows one stream, event by event, and says how it came out.
///
/// ```
/// use sseam::llm::{Outcome, Protocol, Signal, Tracker};
/// use sseam::{Event, Parser};
///
/// let mut tracker = Tracker::new(); // Or, where it is known, `Tracker::of(Protocol::CHAT)`.
/// let delta = Event::new(r#"{"choices":[{"delta":{"content":"Hi"}}]}"#);
/// assert_eq!(tracker.observe(&delta), Signal::Payload);
/// assert_eq!(tracker.protocol(), Some(Protocol::CHAT));
/// assert_eq!(tracker.observe(&Event::new("[DONE]")), Signal::Sentinel);
/// assert!(tracker.is_over());
/// assert_eq!(tracker.outcome(Parser::new().finish()), Outcome::Completed);
/// ```
///
/// The first terminal settles the [`Outcome`]; what follows it is [`Signal::Ignored`]. A tracker
/// is for one stream: a new connection wants a new one. It is `Copy`, holds nothing borrowed and
/// nothing on a heap, and takes 112 bytes at most.
///
/// # In all protocols
///
/// - `event: error` is an error, whatever its data.
/// - An error in other clothes is one, too: a member `error` that is an object, `true` or a string
///   (not where these are empty); a list of `errors`; `"object":"error"`; a `base_resp` whose
///   `status_code` is not 0; an `error` in a choice; a `detail` without `choices`, in Chat
///   Completions; each also in an array of one, or as a bare line of JSON. JSON-RPC and tRPC have
///   errors of their own, and [`Protocol::DONE`] looks at no payload.
/// - `[DONE]` completes a stream whose protocol has no other terminal. Elsewhere it ends the
///   reading, and so does an event `done`.
/// - A terminal or a reason counts only if its data is whole: its braces match.
/// - What is empty, a bare `ping`, begins with a colon, or is called `ping`, `keepalive` or
///   `heartbeat`, is a keep-alive once the protocol is known, unless it holds a payload.
/// - Of members by one name the first counts that is not `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each says something of its own.
pub struct Tracker {
    pub(super) protocol: Option<&'static Protocol>,
    among: &'static [&'static Protocol],
    /// The outcome, once a terminal has settled it.
    pub(super) settled: Option<Outcome>,
    /// What came so far, where no terminal has to come.
    pub(super) so_far: Option<Outcome>,
    reason: Option<Reason>,
    /// The ID whose response ends a stream of JSON-RPC.
    pub(super) request: Option<u32>,
    pub(super) has_events: bool,
    /// An event was lost to the parser's bounds.
    has_lost: bool,
    /// A line came that is no event stream's.
    has_body: bool,
    /// An error's body goes on over several bare lines.
    pub(super) is_in_error: bool,
}

/// An event, and what is asked of it more than once.
struct Seen<'a> {
    event: &'a Event<'a>,
    data: &'a [u8],
    /// The object that its data is.
    object: Node<'a>,
    event_type: Value<'a>,
    /// Whether it is `[DONE]`.
    is_done: bool,
}

/// What an event is, and what it brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) signal: Signal,
    pub(super) has_reason: bool,
    pub(super) has_error: bool,
    /// What came before is void.
    pub(super) restarts: bool,
}

impl Verdict {
    pub(super) const fn of(signal: Signal) -> Self {
        Self { signal, has_reason: false, has_error: false, restarts: false }
    }
}

impl Tracker {
    /// A tracker of a stream whose protocol the first event that tells shows.
    ///
    /// Until then `[DONE]`, an event `done` and an error end it, and all else is a payload, a
    /// `ping`, too.
    #[must_use]
    pub const fn new() -> Self {
        Self::with(None, Protocol::ALL)
    }

    /// A tracker of a stream in this protocol.
    #[must_use]
    pub const fn of(protocol: &'static Protocol) -> Self {
        Self::with(Some(protocol), &[])
    }

    /// A tracker of a stream in one of these protocols.
    #[must_use]
    pub const fn among(protocols: &'static [&'static Protocol]) -> Self {
        Self::with(None, protocols)
    }

    const fn with(
        protocol: Option<&'static Protocol>,
        among: &'static [&'static Protocol],
    ) -> Self {
        Self {
            protocol,
            among,
            settled: None,
            so_far: None,
            reason: None,
            request: None,
            has_events: false,
            has_lost: false,
            has_body: false,
            is_in_error: false,
        }
    }

    /// A tracker of a stream of JSON-RPC that ends with the response to the request with this ID,
    /// in JSON: `1`, or `"a"` with its quotes. Without an ID no event ends such a stream, as
    /// several requests may share it, and at its end the last response decides.
    #[must_use]
    pub fn of_request(id: &str) -> Self {
        let request = Some(memory::key(0, id.as_bytes()));
        Self { request, ..Self::of(Protocol::JSON_RPC) }
    }

    /// Takes the next event and says what it is to the client.
    #[inline]
    pub fn observe(&mut self, event: &Event<'_>) -> Signal {
        if self.is_quiet(event) {
            self.has_events = true;
            return Signal::Payload;
        }
        self.judge(event).signal
    }

    /// Takes the next event, as [`observe`](Self::observe), and reads its payload into `payload`,
    /// a type of [`payload`](super::payload): one look for both. Where the signal has no payload,
    /// what `payload` holds means nothing.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::payload::chat::Chunk;
    /// use sseam::llm::{Protocol, Signal, Tracker};
    ///
    /// let mut tracker = Tracker::of(Protocol::CHAT);
    /// let event = Event::new(r#"{"choices":[{"index":0,"delta":{"content":"Hi"}}]}"#);
    /// let mut chunk = Chunk::default();
    /// assert_eq!(tracker.read(&event, &mut chunk)?, Signal::Payload);
    /// let choice = chunk.choices.first().expect("a choice");
    /// assert_eq!(choice.texts().next().expect("a text"), "Hi");
    /// # Ok::<(), sseam::llm::payload::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is no JSON object. The tracker has taken the event all the same.
    #[inline]
    pub fn read<'a, P: Payload<'a>>(
        &mut self,
        event: &Event<'a>,
        payload: &mut P,
    ) -> Result<Signal, payload::Error> {
        let lane = self.protocol.map_or(Lane::None, |protocol| protocol.lane);
        if lane == Lane::None || self.is_over() || event.event_type() == "error" {
            let signal = self.judge(event).signal;
            return if signal.has_payload() {
                payload.read_in(event).map(|()| signal)
            } else {
                Ok(signal)
            };
        }
        self.has_events = true;
        // The payload tells, so that nothing has to be searched.
        let read = payload.read_in(event);
        if look::by_name(lane, event).is_some() {
            return read.map(|()| Signal::Payload);
        }
        let is_ping = lane == Lane::Chat && !is_unnamed(event);
        let signal = match payload.judged().filter(|_| read.is_ok() && !is_ping) {
            Some(Judged::QuietChunk) if lane == Lane::Chat => Signal::Payload,
            Some(Judged::ResponseCompleted) if lane == Lane::Responses => {
                self.end(self.said(), Signal::Terminal).signal
            }
            _ => self.judge(event).signal,
        };
        if signal.has_payload() { read.map(|()| signal) } else { Ok(signal) }
    }

    /// Takes what [`Parser::next_item`](crate::Parser::next_item) returns: an event, as
    /// [`observe`](Self::observe) does, or a notification.
    ///
    /// Some servers fail or end a stream with what the standard passes over:
    /// [`Notify::UNKNOWN_FIELDS`](crate::Notify::UNKNOWN_FIELDS) and
    /// [`Notify::EMPTY_BLOCKS`](crate::Notify::EMPTY_BLOCKS) are worth choosing. Without them the
    /// JSON of a refused request, which is no event stream, counts as an empty stream, and a stream
    /// without events is truncated. A notification is
    /// [`Signal::Terminal`] where it is an error, [`Signal::Sentinel`] where it ends the stream,
    /// and else [`Signal::Ignored`].
    pub fn notice(&mut self, item: &Item<'_>) -> Signal {
        match item {
            Item::Event(event) => self.observe(event),
            _ => self.judge_notification(item).signal,
        }
    }

    /// Takes note that the parser has given up an event for its size. It may have been the
    /// terminal: without one the stream is no retry candidate, but [`Outcome::Unknown`].
    pub fn lost(&mut self, error: &Error) {
        let _ = error;
        self.has_lost = true;
    }

    /// How the stream came out, or would if it ended now: `end` is what
    /// [`Parser::finish`](crate::Parser::finish) says, or `None` where the connection broke. Then
    /// a terminal that was seen counts, and nothing else, but in JSON-RPC the last response.
    ///
    /// It always answers, changes nothing, and may be asked at any time.
    ///
    /// ```
    /// use sseam::llm::{Outcome, Tracker};
    /// use sseam::{Event, Parser};
    ///
    /// let mut tracker = Tracker::new();
    /// tracker.observe(&Event::new(r#"{"choices":[{"finish_reason":"stop"}]}"#));
    /// // The server may have left `[DONE]` out; or it is still to come.
    /// assert_eq!(tracker.outcome(Parser::new().finish()), Outcome::Completed);
    /// assert_eq!(tracker.outcome(None), Outcome::Truncated);
    /// ```
    pub fn outcome(&self, end: impl Into<Option<End>>) -> Outcome {
        if let Some(outcome) = self.settled {
            return outcome;
        }
        let end = end.into().unwrap_or(End::Disconnected);
        let outcome = match self.protocol {
            // What failed stays so, although more was to come.
            Some(_) if self.so_far == Some(Outcome::Failed) => Outcome::Failed,
            Some(protocol) if protocol.by_code.is_some() => {
                self.so_far.unwrap_or(Outcome::Truncated)
            }
            Some(protocol) => {
                let is_end = match protocol.reason_ends {
                    ReasonEnds::Never => false,
                    ReasonEnds::AtEnd => end != End::Disconnected,
                    ReasonEnds::AtCleanEnd => end == End::Clean,
                };
                let reason = self.reason.as_ref().filter(|_| is_end);
                reason.map_or(Outcome::Truncated, Reason::outcome)
            }
            None if end == End::Disconnected => Outcome::Truncated,
            None if self.has_events || self.has_body => Outcome::Unknown,
            None => Outcome::Truncated,
        };
        if outcome == Outcome::Truncated && (self.has_lost || self.has_body && !self.has_events) {
            return Outcome::Unknown;
        }
        outcome
    }

    /// Whether a terminal or the sentinel has been seen: stop reading, or read on to the end of
    /// the connection so that it can be used again.
    #[inline]
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.settled.is_some()
    }

    /// The protocol, once it is known.
    #[must_use]
    pub const fn protocol(&self) -> Option<&'static Protocol> {
        self.protocol
    }

    /// Why the model stopped, as far as it has been said: of several reasons the worst one. A
    /// stream that was cut behind a good reason has lost nothing but its end.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// Whether the event is a payload at first sight.
    #[inline]
    pub(super) fn is_quiet(&self, event: &Event<'_>) -> bool {
        !self.is_over() && self.protocol.is_some_and(|protocol| look::is_quiet(protocol, event))
    }

    /// As [`observe`](Self::observe), in full.
    #[inline(never)]
    pub(super) fn judge(&mut self, event: &Event<'_>) -> Verdict {
        if self.settled.is_some() {
            self.is_in_error = false;
            return Verdict::of(Signal::Ignored);
        }
        self.has_events = true;
        let data = event.data().as_bytes();
        let seen = Seen {
            event,
            data,
            object: Node::of_data(data),
            event_type: event.event_type(),
            is_done: is_sentinel(data),
        };
        if self.protocol.is_none() {
            let mut among = self.among.iter().copied();
            self.protocol = among.find(|protocol| {
                protocol.is_told_by(&protocol.event_name(event, &seen.object), &seen.object)
            });
        }
        if seen.event_type == "error" {
            return self.fail();
        }
        match self.protocol {
            Some(protocol) => self.judge_in(protocol, &seen),
            None => self.judge_unknown(&seen),
        }
    }

    fn judge_unknown(&mut self, seen: &Seen<'_>) -> Verdict {
        let (data, node) = (seen.data, &seen.object);
        if seen.is_done {
            self.protocol = Some(Protocol::DONE);
            return self.end(Outcome::Completed, Signal::Sentinel);
        }
        let kind = node.text("type");
        let is_error_by_type = kind.is_some_and(|kind| kind == "error");
        if is_error_by_type || is_error(node, Errors::Anywhere) {
            return self.fail();
        }
        let is_done = kind.is_some_and(|kind| kind == "done") && node.is_whole(data);
        if is_done || seen.event_type == "done" && is_uncut(data) {
            return self.end(Outcome::Completed, Signal::Sentinel);
        }
        Verdict::of(Signal::Payload)
    }

    fn judge_in(&mut self, protocol: &'static Protocol, seen: &Seen<'_>) -> Verdict {
        let (event, data, outer) = (seen.event, seen.data, &seen.object);
        if look::is_quiet(protocol, event) {
            return Verdict::of(Signal::Payload);
        }
        let name = protocol.event_name(event, outer);
        // However it is spaced.
        if look::is_quiet_name(protocol.lane, &name) {
            return Verdict::of(Signal::Payload);
        }
        if is_error(outer, protocol.errors) {
            return self.fail();
        }
        let inner = protocol.inner(outer);
        if inner.as_ref().is_some_and(|inner| is_error(inner, protocol.errors)) {
            return self.fail();
        }
        let inner = inner.as_ref().unwrap_or(outer);
        let end = protocol.ends.iter().find(|(when, _)| when.is_met(&name, inner));
        if let Some((_, ends)) = end {
            return self.judge_end(protocol, *ends, seen, inner);
        }
        if name.is("error") {
            return self.fail();
        }
        if seen.is_done && protocol.sentinel_completes {
            return self.end(self.said(), Signal::Sentinel);
        }
        if seen.is_done || seen.event_type == "done" && is_uncut(data) {
            return self.end(self.outcome(End::Clean), Signal::Sentinel);
        }
        let is_keep_alive = is_keep_alive(event, outer) || is_keep_alive_name(&name);
        if let Some(judge) = protocol.by_code {
            return judge(self, protocol, data, is_keep_alive);
        }
        if is_keep_alive && !protocol.reads(inner) {
            return Verdict::of(Signal::Ignored);
        }
        let mut verdict = self.note_reasons(protocol, data, inner);
        if verdict.has_error {
            return Verdict { has_reason: verdict.has_reason, ..self.fail() };
        }
        if protocol.restarts.iter().any(|when| when.is_met(&name, inner)) {
            self.reason = None;
            verdict.restarts = true;
        }
        verdict
    }

    /// An event that ends the stream, if it is whole.
    fn judge_end(
        &mut self,
        protocol: &'static Protocol,
        ends: Ends,
        seen: &Seen<'_>,
        node: &Node<'_>,
    ) -> Verdict {
        let data = seen.data;
        // Where the line tells, there need not be JSON.
        let is_named = protocol.named_by == NamedBy::Line && is_uncut(data);
        if !is_named && !seen.is_done && !seen.object.is_whole(data) {
            return Verdict::of(Signal::Payload);
        }
        let outcome = match ends {
            Ends::Notes(outcome) => {
                self.so_far = Some(outcome);
                let has_error = outcome == Outcome::Failed;
                return Verdict { has_error, ..Verdict::of(Signal::Payload) };
            }
            Ends::As(outcome) => outcome,
            Ends::By(path, otherwise) => {
                let word = node.text(path).map(Name::decoded);
                word.and_then(|word| outcome_of(word.as_str(), protocol)).unwrap_or(otherwise)
            }
        };
        // A status that is good needs no reason.
        let mut verdict = match ends {
            Ends::By(..) if outcome == Outcome::Completed => Verdict::of(Signal::Payload),
            _ => self.note_reasons(protocol, data, node),
        };
        let outcome = outcome.worse(self.said()).worse(self.so_far.unwrap_or(Outcome::Completed));
        let has_payload = !space(data).is_empty() && !seen.is_done;
        self.settled = Some(outcome);
        verdict.signal = if has_payload { Signal::Terminal } else { Signal::Sentinel };
        verdict.has_error = outcome == Outcome::Failed;
        verdict
    }

    /// What the reasons say; completed where there are none.
    fn said(&self) -> Outcome {
        self.reason.as_ref().map_or(Outcome::Completed, Reason::outcome)
    }

    /// Takes note of the reasons in an event: the worst one counts.
    fn note_reasons(
        &mut self,
        protocol: &'static Protocol,
        data: &[u8],
        node: &Node<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::of(Signal::Payload);
        let mut is_uncut = None;
        if protocol.choices.is_empty() {
            verdict.has_reason = self.note_reasons_in(protocol, data, node, &mut is_uncut);
            return verdict;
        }
        let Some(choices) = node.at(protocol.choices) else { return verdict };
        for choice in choices.elements() {
            let choice = Node::of(choice);
            verdict.has_reason |= self.note_reasons_in(protocol, data, &choice, &mut is_uncut);
            verdict.has_error |= is_error_in(&choice);
        }
        verdict
    }

    /// Takes note of the reasons in an object of an event. Returns whether one counts; `is_uncut`
    /// is whether the event is whole, once that was asked for.
    fn note_reasons_in(
        &mut self,
        protocol: &'static Protocol,
        data: &[u8],
        node: &Node<'_>,
        is_uncut: &mut Option<bool>,
    ) -> bool {
        let mut counts = false;
        for path in protocol.reasons {
            let value = node.at(path);
            let Some(reason) = value.and_then(|value| Reason::of(value, protocol)) else {
                continue;
            };
            let (outcome, said) = (reason.outcome(), self.reason.as_ref().map(Reason::outcome));
            // A provider's own word beside the usual one need not be known, and decides only
            // where it is worse.
            let decides =
                !path.starts_with("native") || outcome != Outcome::Unknown && said != Some(outcome);
            let is_worst = said.is_none_or(|said| said.worse(outcome) == outcome);
            if decides && is_worst && *is_uncut.get_or_insert_with(|| is_whole(data)) {
                self.reason = Some(reason);
                counts = true;
            }
        }
        counts
    }

    /// As [`notice`](Self::notice), of what is no event.
    pub(super) fn judge_notification(&mut self, item: &Item<'_>) -> Verdict {
        let ignored = Verdict::of(Signal::Ignored);
        match item {
            Item::UnknownField { name, value, .. } => {
                self.judge_field(name.as_bytes(), value.as_bytes())
            }
            _ if self.settled.is_some() => ignored,
            Item::EmptyBlock { event_type, .. } => {
                self.judge_block(&Event::new("").with_type(*event_type))
            }
            _ => ignored,
        }
    }

    /// A block with an event type and without data.
    fn judge_block(&mut self, block: &Event<'_>) -> Verdict {
        let event_type = block.event_type();
        if event_type == "error" {
            return self.fail();
        }
        let ends = |protocol: &'static Protocol| {
            let (name, node) = (Discriminator::of_line(block), Node::of_data(b""));
            let mut ends = protocol.ends.iter().filter(|_| protocol.named_by == NamedBy::Line);
            ends.find(|(when, _)| when.is_met(&name, &node)).map(|(_, ends)| *ends)
        };
        let outcome = match self.protocol {
            Some(protocol) => match ends(protocol) {
                Some(Ends::As(outcome) | Ends::By(_, outcome)) => outcome,
                _ if event_type == "done" => self.outcome(End::Clean),
                _ => return Verdict::of(Signal::Ignored),
            },
            // LangServe ends with the latter.
            None if event_type == "done" || event_type == "end" => Outcome::Completed,
            None => return Verdict::of(Signal::Ignored),
        };
        self.end(outcome, Signal::Sentinel)
    }

    /// A line that the parser took for a field: one called `error`, or bare JSON.
    fn judge_field(&mut self, name: &[u8], value: &[u8]) -> Verdict {
        let mut verdict = Verdict::of(Signal::Ignored);
        let name = name.trim_ascii();
        if self.settled.is_some() {
            self.is_in_error &= !name.starts_with(b"}");
            verdict.has_error = self.is_in_error && name.starts_with(b"\"");
            return verdict;
        }
        let is_bare = matches!(name, [b'{' | b'[' | b'<', ..]);
        self.has_body |= is_bare;
        let errors = match self.protocol.map(|protocol| protocol.errors) {
            Some(Errors::Anywhere) | None if is_bare => Errors::OrDetail,
            errors => errors.unwrap_or(Errors::Anywhere),
        };
        let is_error = match name {
            b"error" | b"\"error\"" | [b'{' | b'[', ..] => {
                is_error(&Node::of_field(name, value), errors)
            }
            _ => false,
        };
        let is_text =
            || !matches!(value.trim_ascii(), [] | [b'{' | b'"' | b'[', ..] | b"null" | b"false");
        if is_error || name == b"error" && errors != Errors::Nowhere && is_text() {
            self.is_in_error = !is_bare && name != b"error";
            return self.fail();
        }
        verdict
    }

    #[inline(never)]
    fn fail(&mut self) -> Verdict {
        let mut verdict = self.end(Outcome::Failed, Signal::Terminal);
        verdict.has_error = true;
        verdict
    }

    #[inline(never)]
    fn end(&mut self, outcome: Outcome, signal: Signal) -> Verdict {
        self.settled = Some(outcome);
        Verdict::of(signal)
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new()
    }
}
