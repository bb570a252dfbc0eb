//! Classifies each event and determines the stream's outcome.

use super::error::{is_error, is_error_in};
use super::node::Node;
use super::payload::Discriminator;
use super::payload::{self, Payload, StreamEffect};
use super::protocol::{Ends, Errors, Fast, NamedBy, Protocol, ReasonEnds};
use super::reason::outcome_of;
use super::sentinel::{is_keep_alive, is_keep_alive_name, is_sentinel, is_uncut, is_unnamed};
use super::{Name, Outcome, Reason, Signal, memory, prefilter};
use crate::json::{is_whole, space};
use crate::{End, Error, Event, Item, Value};

/// Follows one stream event by event and determines its [`Outcome`].
///
/// ```
/// use sseam::Parser;
/// use sseam::llm::{Outcome, Protocol, Tracker};
///
/// # fn main() -> Result<(), sseam::Error> {
/// # let chunks = [&b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\nda"[..],
/// #     b"ta: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"];
/// let mut parser = Parser::new();
/// let mut tracker = Tracker::new(); // If the protocol is known: `Tracker::of(Protocol::CHAT)`.
/// for mut chunk in chunks {
///     while let Some(event) = parser.next_event(&mut chunk)? {
///         let signal = tracker.observe(&event);
///         if signal.has_payload() {
///             println!("{}", event.data());
///         }
///     }
/// }
/// assert!(tracker.is_over());
/// assert_eq!(tracker.protocol(), Some(Protocol::CHAT));
/// assert_eq!(tracker.reason().expect("a reason").as_str(), "stop");
/// assert_eq!(tracker.outcome(parser.finish()), Outcome::Completed);
/// # Ok(())
/// # }
/// ```
///
/// | to | call |
/// | --- | --- |
/// | classify an event | [`observe`](Self::observe), which returns a [`Signal`] |
/// | classify an event and parse its payload in one pass | [`read`](Self::read) |
/// | also detect errors and ends outside events | [`notice`](Self::notice), with [`Parser::next_item`](crate::Parser::next_item) |
/// | report an event that the parser rejected | [`lost`](Self::lost) |
/// | get the outcome | [`outcome`](Self::outcome) |
///
/// The first final event decides the outcome; every later event is [`Signal::Ignored`]. Create a
/// new tracker for each connection. A tracker is `Copy`, borrows nothing, does not allocate, and
/// takes at most 112 bytes. To read the answer as well, use [`Answer`](super::Answer), which
/// contains a tracker.
///
/// # Rules shared by all protocols
///
/// - `event: error` is an error, whatever its data.
/// - An event with one of these members is an error: `error`, if it is `true`, a non-empty object
///   or a non-empty string; a non-empty array `errors`; `"object":"error"`; `base_resp` with a
///   `status_code` other than 0; `error` inside a choice; in Chat Completions, `detail` without
///   `choices`. Each also counts in an array of one element, or on a line of JSON without `data:`.
///   JSON-RPC and tRPC define their own errors, and [`Protocol::DONE`] does not read payloads.
/// - `[DONE]` completes a stream only if its protocol has no other final event. Otherwise `[DONE]`,
///   like an event named `done`, ends the stream with the outcome that it would have had without it.
/// - A final event or a stop reason counts only if its data is whole, with matching braces.
/// - Once the protocol is known, an event is a keep-alive if its data is empty, begins with a
///   colon, or is a bare `ping`, `keepalive` or `heartbeat`, or if its name is one of these. An
///   event with members that the protocol reads is never a keep-alive.
/// - If a member is repeated, its first value other than `null` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // They are independent of each other.
pub struct Tracker {
    pub(super) protocol: Option<&'static Protocol>,
    among: &'static [&'static Protocol],
    /// The outcome, once a final event has decided it.
    pub(super) settled: Option<Outcome>,
    /// The outcome so far, in protocols in which an event can set it without ending the stream.
    pub(super) so_far: Option<Outcome>,
    reason: Option<Reason>,
    /// A hash of the ID whose response ends a JSON-RPC stream.
    pub(super) request: Option<u32>,
    pub(super) has_events: bool,
    /// The parser rejected an event for its size.
    has_lost: bool,
    /// A line began like JSON or HTML: the body may not be an event stream.
    has_body: bool,
    /// Further lines of a JSON error without `data:` may follow.
    pub(super) is_in_error: bool,
}

/// An event with the parts that are used more than once.
struct ParsedEvent<'a> {
    event: &'a Event<'a>,
    data: &'a [u8],
    /// The data as a JSON object.
    object: Node<'a>,
    event_type: Value<'a>,
    /// Whether the data is `[DONE]`.
    is_done: bool,
}

/// The result of judging an event or a notification.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) signal: Signal,
    pub(super) has_reason: bool,
    pub(super) has_error: bool,
    /// The answer starts again: earlier output is void.
    pub(super) restarts: bool,
}

impl Verdict {
    pub(super) const fn of(signal: Signal) -> Self {
        Self { signal, has_reason: false, has_error: false, restarts: false }
    }
}

impl Tracker {
    /// Creates a tracker that recognizes the protocol from the events.
    ///
    /// Until the protocol is recognized, `[DONE]`, an event named `done`, or an error ends the
    /// stream. Every other event is a payload, even a `ping`.
    #[must_use]
    pub const fn new() -> Self {
        Self::with(None, Protocol::ALL)
    }

    /// Creates a tracker for a known protocol.
    #[must_use]
    pub const fn of(protocol: &'static Protocol) -> Self {
        Self::with(Some(protocol), &[])
    }

    /// Creates a tracker that recognizes only these protocols.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::{Protocol, Tracker};
    ///
    /// let mut tracker = Tracker::among(&[Protocol::CHAT, Protocol::RESPONSES]);
    /// tracker.observe(&Event::new(r#"{"choices":[]}"#));
    /// assert_eq!(tracker.protocol(), Some(Protocol::CHAT));
    /// ```
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

    /// Creates a tracker for a JSON-RPC stream that ends with the response to one request.
    ///
    /// `id` is the request's ID in JSON: `1`, or `"a"` with its quotes. A tracker of
    /// [`Protocol::JSON_RPC`] without an ID does not end at a response, because several requests
    /// may share a stream; when the stream ends, the last response decides the outcome.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::{Signal, Tracker};
    ///
    /// let mut tracker = Tracker::of_request("2");
    /// let mut observe = |data: &str| tracker.observe(&Event::new(data));
    /// assert_eq!(observe(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#), Signal::Payload);
    /// assert_eq!(observe(r#"{"jsonrpc":"2.0","id":2,"result":{}}"#), Signal::Terminal);
    /// ```
    #[must_use]
    pub fn of_request(id: &str) -> Self {
        let request = Some(memory::key(0, id.as_bytes()));
        Self { request, ..Self::of(Protocol::JSON_RPC) }
    }

    /// Processes the next event and returns its classification.
    #[inline]
    pub fn observe(&mut self, event: &Event<'_>) -> Signal {
        if self.is_plain(event) {
            self.has_events = true;
            return Signal::Payload;
        }
        self.judge(event).signal
    }

    /// Processes the next event, as [`observe`](Self::observe), and reads it into `payload`.
    ///
    /// `payload` is a type of [`payload`](super::payload). For most events, one pass over the data
    /// serves both. If the signal has no payload, the contents of `payload` are unspecified.
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
    /// If the event has a payload that is not a JSON object. The tracker has processed the event
    /// all the same.
    #[inline]
    pub fn read<'a, P: Payload<'a>>(
        &mut self,
        event: &Event<'a>,
        payload: &mut P,
    ) -> Result<Signal, payload::Error> {
        let fast = self.protocol.map_or(Fast::None, |protocol| protocol.fast);
        if fast == Fast::None || self.is_over() || event.event_type() == "error" {
            let signal = self.judge(event).signal;
            return if signal.has_payload() {
                payload.read_in(event).map(|()| signal)
            } else {
                Ok(signal)
            };
        }
        self.has_events = true;
        // The payload has read what decides the signal, so nothing has to be searched for it.
        let read = payload.read_in(event);
        if prefilter::by_name(fast, event).is_some() {
            return read.map(|()| Signal::Payload);
        }
        let is_ping = fast == Fast::Chat && !is_unnamed(event);
        let signal = match payload.stream_effect().filter(|_| read.is_ok() && !is_ping) {
            Some(StreamEffect::PlainChunk) if fast == Fast::Chat => Signal::Payload,
            Some(StreamEffect::ResponseCompleted) if fast == Fast::Responses => {
                self.end(self.stated(), Signal::Terminal).signal
            }
            _ => self.judge(event).signal,
        };
        if signal.has_payload() { read.map(|()| signal) } else { Ok(signal) }
    }

    /// Processes the next item of [`Parser::next_item`](crate::Parser::next_item): an event, as
    /// [`observe`](Self::observe), or a notification.
    ///
    /// Some servers send an error, or the end, in a form that the standard ignores. Select
    /// [`Answer::NOTIFY`](super::Answer::NOTIFY) on the parser to get these as notifications.
    /// Without them, the JSON error of a rejected request, which is not an event stream, looks like
    /// a stream without events, whose outcome is [`Outcome::Truncated`].
    ///
    /// A notification is [`Signal::Terminal`] if it is an error, [`Signal::Sentinel`] if it ends
    /// the stream, and [`Signal::Ignored`] otherwise.
    ///
    /// ```
    /// use sseam::llm::{Answer, Outcome, Tracker};
    /// use sseam::{End, Parser};
    ///
    /// let mut parser = Parser::new().with_notify(Answer::NOTIFY);
    /// let mut tracker = Tracker::new();
    /// let mut body = &b"{\"error\":{\"message\":\"Invalid key\"}}\n"[..];
    /// while let Some(item) = parser.next_item(&mut body)? {
    ///     tracker.notice(&item);
    /// }
    /// assert_eq!(tracker.outcome(End::Clean), Outcome::Failed);
    /// # Ok::<(), sseam::Error>(())
    /// ```
    pub fn notice(&mut self, item: &Item<'_>) -> Signal {
        match item {
            Item::Event(event) => self.observe(event),
            _ => self.judge_notification(item).signal,
        }
    }

    /// Records that the parser could not return an event.
    ///
    /// The event may have been the final one. If no other final event arrives, the outcome is
    /// therefore [`Outcome::Unknown`] instead of [`Outcome::Truncated`].
    pub fn lost(&mut self, error: &Error) {
        let _ = error;
        self.has_lost = true;
    }

    /// Returns the outcome of a stream that ends now.
    ///
    /// `end` is the result of [`Parser::finish`](crate::Parser::finish), or `None` if the
    /// connection broke. After a broken connection only a final event or an error counts, or in
    /// JSON-RPC the last response; a stop reason alone does not. This method changes nothing and
    /// can be called at any time.
    ///
    /// ```
    /// use sseam::llm::{Outcome, Tracker};
    /// use sseam::{End, Event};
    ///
    /// let mut tracker = Tracker::new();
    /// tracker.observe(&Event::new(r#"{"choices":[{"finish_reason":"stop"}]}"#));
    /// // Some servers omit `[DONE]`.
    /// assert_eq!(tracker.outcome(End::Clean), Outcome::Completed);
    /// assert_eq!(tracker.outcome(None), Outcome::Truncated);
    /// ```
    pub fn outcome(&self, end: impl Into<Option<End>>) -> Outcome {
        if let Some(outcome) = self.settled {
            return outcome;
        }
        let end = end.into().unwrap_or(End::Disconnected);
        let outcome = match self.protocol {
            // An error that did not end the stream.
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

    /// Returns `true` once a final event was processed. Stop reading, or drain the connection to
    /// reuse it.
    #[inline]
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.settled.is_some()
    }

    /// Returns the protocol, once it is known.
    #[must_use]
    pub const fn protocol(&self) -> Option<&'static Protocol> {
        self.protocol
    }

    /// Returns why the model stopped, once that was sent. Of several reasons, returns the worst.
    ///
    /// A stream that is truncated after a good reason, such as `stop`, has lost no text, but perhaps
    /// its usage.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// Returns `true` if the event is a plain delta: see [`prefilter`].
    #[inline]
    pub(super) fn is_plain(&self, event: &Event<'_>) -> bool {
        !self.is_over() && self.protocol.is_some_and(|of| prefilter::is_plain(of, event))
    }

    /// Processes an event by all rules, without the shortcut for plain deltas.
    #[inline(never)]
    pub(super) fn judge(&mut self, event: &Event<'_>) -> Verdict {
        if self.settled.is_some() {
            self.is_in_error = false;
            return Verdict::of(Signal::Ignored);
        }
        self.has_events = true;
        let data = event.data().as_bytes();
        let parsed = ParsedEvent {
            event,
            data,
            object: Node::of_data(data),
            event_type: event.event_type(),
            is_done: is_sentinel(data),
        };
        if self.protocol.is_none() {
            let mut among = self.among.iter().copied();
            self.protocol = among.find(|protocol| {
                protocol.is_told_by(&protocol.event_name(event, &parsed.object), &parsed.object)
            });
        }
        if parsed.event_type == "error" {
            return self.fail();
        }
        match self.protocol {
            Some(protocol) => self.judge_in(protocol, &parsed),
            None => self.judge_unknown(&parsed),
        }
    }

    fn judge_unknown(&mut self, parsed: &ParsedEvent<'_>) -> Verdict {
        let (data, node) = (parsed.data, &parsed.object);
        if parsed.is_done {
            self.protocol = Some(Protocol::DONE);
            return self.end(Outcome::Completed, Signal::Sentinel);
        }
        let kind = node.text("type");
        let is_error_by_type = kind.is_some_and(|kind| kind == "error");
        if is_error_by_type || is_error(node, Errors::Anywhere) {
            return self.fail();
        }
        let is_done = kind.is_some_and(|kind| kind == "done") && node.is_whole(data);
        if is_done || parsed.event_type == "done" && is_uncut(data) {
            return self.end(Outcome::Completed, Signal::Sentinel);
        }
        Verdict::of(Signal::Payload)
    }

    fn judge_in(&mut self, protocol: &'static Protocol, parsed: &ParsedEvent<'_>) -> Verdict {
        let (event, data, outer) = (parsed.event, parsed.data, &parsed.object);
        if prefilter::is_plain(protocol, event) {
            return Verdict::of(Signal::Payload);
        }
        let name = protocol.event_name(event, outer);
        // With other spaces than the prefilter expects.
        if prefilter::is_plain_name(protocol.fast, &name) {
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
            return self.judge_end(protocol, *ends, parsed, inner);
        }
        if name.is("error") {
            return self.fail();
        }
        if parsed.is_done && protocol.sentinel_completes {
            return self.end(self.stated(), Signal::Sentinel);
        }
        if parsed.is_done || parsed.event_type == "done" && is_uncut(data) {
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

    /// Processes an event that ends the stream, if it is whole.
    fn judge_end(
        &mut self,
        protocol: &'static Protocol,
        ends: Ends,
        parsed: &ParsedEvent<'_>,
        node: &Node<'_>,
    ) -> Verdict {
        let data = parsed.data;
        // An event that the line names need not have JSON.
        let is_named = protocol.named_by == NamedBy::Line && is_uncut(data);
        if !is_named && !parsed.is_done && !parsed.object.is_whole(data) {
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
        // A good status needs no reason.
        let mut verdict = match ends {
            Ends::By(..) if outcome == Outcome::Completed => Verdict::of(Signal::Payload),
            _ => self.note_reasons(protocol, data, node),
        };
        let outcome = outcome.worse(self.stated()).worse(self.so_far.unwrap_or(Outcome::Completed));
        let has_payload = !space(data).is_empty() && !parsed.is_done;
        self.settled = Some(outcome);
        verdict.signal = if has_payload { Signal::Terminal } else { Signal::Sentinel };
        verdict.has_error = outcome == Outcome::Failed;
        verdict
    }

    /// Returns the outcome by the stop reason, or completed without one.
    fn stated(&self) -> Outcome {
        self.reason.as_ref().map_or(Outcome::Completed, Reason::outcome)
    }

    /// Records the stop reasons in an event. The worst one counts.
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

    /// Records the stop reasons in an object of an event. Returns `true` if one counts. `is_uncut`
    /// caches whether the event is whole.
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
            // A native word beside the usual one decides only if it is known and worse.
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

    /// Processes a notification: see [`notice`](Self::notice).
    pub(super) fn judge_notification(&mut self, item: &Item<'_>) -> Verdict {
        let ignored = Verdict::of(Signal::Ignored);
        match item {
            Item::UnknownField { name, value, .. } => {
                self.judge_field(name.as_bytes(), value.as_bytes())
            }
            _ if self.settled.is_some() => ignored,
            Item::EmptyBlock { event_type, .. } => {
                self.judge_empty_block(&Event::new("").with_type(*event_type))
            }
            _ => ignored,
        }
    }

    /// Processes a block with an event type and without data.
    fn judge_empty_block(&mut self, block: &Event<'_>) -> Verdict {
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
            // LangServe ends with `end`.
            None if event_type == "done" || event_type == "end" => Outcome::Completed,
            None => return Verdict::of(Signal::Ignored),
        };
        self.end(outcome, Signal::Sentinel)
    }

    /// Processes an unknown field: one named `error`, or a line of JSON without `data:`.
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
