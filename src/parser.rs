//! The parser: chunks in, events out.

mod machine;
mod next;
mod shape;
mod step;

use core::fmt;
use core::time::Duration;

#[cfg(feature = "alloc")]
use crate::VecBuf;
use crate::buffer::Slot;
use crate::event::DEFAULT_TYPE;
use crate::size::IS_SMALL;
use crate::{Buffer, End, Error, Event, Item, Notify, Value, scan};
use machine::{Fast, Machine};
use shape::{DATA, EVENT, Look, Shape, data_line_end, split_block, split_type};
use step::Told;
pub(crate) use step::{Part, Span, Step};

/// A push parser for event streams (WHATWG HTML, sections 9.2.5 and 9.2.6).
///
/// It takes chunks of bytes as any transport brings them and yields the events
/// that they complete. What it yields depends only on the bytes, never on where
/// the chunks are cut.
///
/// ```
/// use sseam::Parser;
///
/// let mut parser = Parser::new();
/// let mut seen = Vec::new();
/// for bytes in [&b"data: one\n\nda"[..], b"ta: two\n", b"\nid: 3"] {
///     let mut chunk = bytes;
///     while let Some(event) = parser.next(&mut chunk)? {
///         seen.push(event.data().to_string());
///     }
/// }
/// assert_eq!(seen, ["one", "two"]);
/// assert!(parser.finish().discarded());
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// # Going on after an error
///
/// An [`Error`] is about one event. The loop above leaves at the first one;
/// this one reports it and goes on with the next event:
///
/// ```
/// use sseam::{Error, Parser};
///
/// let mut parser = Parser::with_limit(4);
/// let mut chunk: &[u8] = b"data: one\n\ndata: three\n\ndata: two\n\n";
/// let mut seen = Vec::new();
/// loop {
///     match parser.next(&mut chunk) {
///         Ok(Some(event)) => seen.push(event.data().to_string()),
///         Ok(None) => break,
///         Err(error) => seen.push(error.to_string()),
///     }
/// }
/// assert_eq!(seen, ["one", "`data` is larger than its bound of 4 bytes", "two"]);
/// ```
///
/// # In a function that returns the event
///
/// A loop that feeds chunks and returns the first event borrowed does not pass
/// the borrow checker of today: a borrow that is returned on one path is held
/// on all. Take the chunk from outside the function, or hand the event to a
/// closure:
///
/// ```
/// use sseam::{Error, Event, Parser, VecBuf};
///
/// fn pump<'c>(
///     parser: &mut Parser<VecBuf>,
///     chunks: impl Iterator<Item = &'c [u8]>,
///     mut handle: impl FnMut(Event<'_>),
/// ) -> Result<(), Error> {
///     for mut chunk in chunks {
///         while let Some(event) = parser.next(&mut chunk)? {
///             handle(event);
///         }
///     }
///     Ok(())
/// }
/// # let mut seen = 0;
/// # pump(&mut Parser::new(), [&b"data: x\n\n"[..]].into_iter(), |_| seen += 1).unwrap();
/// # assert_eq!(seen, 1);
/// ```
#[derive(Clone)]
#[repr(C)] // The machine first: what every call reads of it is at hand then.
pub struct Parser<B> {
    machine: Machine,
    buffer: B,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Parser<VecBuf> {
    /// A parser that keeps what it must on the heap: up to 16 MiB of data and
    /// 64 KiB each of event type and ID. It allocates nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_buffer(VecBuf::new())
    }

    /// As [`new`](Self::new), with a bound of its own on an event's data, in bytes.
    #[must_use]
    pub const fn with_limit(bytes: usize) -> Self {
        Self::with_buffer(VecBuf::with_limits(bytes, VecBuf::DEFAULT_META_LIMIT))
    }
}

impl<B: Buffer> Parser<B> {
    /// A parser that keeps what it must in `buffer`, whose sizes are its bounds.
    #[must_use]
    pub const fn with_buffer(buffer: B) -> Self {
        Self { machine: Machine::new(), buffer }
    }

    /// Chooses what [`next_item`](Self::next_item) tells besides events.
    #[must_use]
    pub const fn with_notify(mut self, which: Notify) -> Self {
        self.machine.choose(which);
        self
    }

    /// Takes bytes from the front of `chunk`, up to and including the one that
    /// dispatches the next event, and yields that event; or takes them all and
    /// yields `None`, which asks for the next chunk.
    ///
    /// The event borrows from the chunk where it lay whole in it with one line
    /// of data, else from the parser. What is left in `chunk` is the caller's:
    /// stopping there loses nothing. A blank line that ends in CR dispatches at
    /// the CR; an LF behind it is passed over by a later call.
    ///
    /// Notifications are passed over; [`next_item`](Self::next_item) tells them.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] where the event under way breaks a bound, and
    /// [`Error::OutOfMemory`]. Either is told once, and the rest of that event
    /// is skipped by the calls that follow. `chunk` then stands somewhere in
    /// the line at fault, which need not have ended.
    // In a program with several loops a mere hint is not followed, which makes
    // whole events of some 300 bytes twice as dear.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    #[allow(clippy::should_implement_trait)] // It is one, but for the lifetimes.
    pub fn next<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        if IS_SMALL {
            return self.next_in_general(chunk);
        }
        let mut look = Look::NONE;
        let is_taken = if self.machine.is_at_block_start() {
            // Two branches that do nearly the same, each with one thing less
            // to keep in a register.
            if let Some(value) = chunk.strip_prefix(DATA) {
                if let Some(len) = data_line_end(value, scan::short_line_end) {
                    match split_block(value, len) {
                        Some((data, rest)) if data.len() <= self.buffer.limits().data => {
                            *chunk = rest;
                            return Ok(Some(self.lent_event(DEFAULT_TYPE, data)));
                        }
                        _ => look = Look::new(chunk, value, len),
                    }
                    false
                } else {
                    self.machine.begin_data(&mut self.buffer, &[], value)
                }
            } else if let Some(lines) = chunk.strip_prefix(EVENT) {
                let type_len = scan::short_line_end(lines);
                if let Some((event_type, value)) = type_len.and_then(|len| split_type(lines, len)) {
                    if let Some(len) = data_line_end(value, scan::short_line_end) {
                        match split_block(value, len) {
                            Some((data, rest)) if self.buffer.limits().allow(event_type, data) => {
                                *chunk = rest;
                                return Ok(Some(self.lent_event(event_type, data)));
                            }
                            _ => look = Look::new(chunk, value, len),
                        }
                        false
                    } else {
                        self.machine.begin_data(&mut self.buffer, event_type, value)
                    }
                } else {
                    if type_len.is_none() {
                        look = Look::IN_TYPE;
                    }
                    false
                }
            } else {
                false
            }
        } else if let [byte] = **chunk {
            self.machine.push_byte(&mut self.buffer, byte)
        } else {
            match self.machine.push_piece(&mut self.buffer, chunk) {
                None => true,
                Some(line_end) => {
                    look = Look::in_data(line_end);
                    false
                }
            }
        };
        if is_taken {
            *chunk = &[];
            return Ok(None);
        }
        self.next_otherwise(chunk, look)
    }

    /// As [`next`](Self::next), and yields the notifications that
    /// [`with_notify`](Self::with_notify) chose, in stream order. Each is told
    /// when its line ends.
    ///
    /// An event around which something was told in the middle of its block is
    /// copied to the parser, also where it lay whole in the chunk. A comment or
    /// unknown field that [`next`](Self::next) has read a part of may be passed over.
    ///
    /// ```
    /// use sseam::{Item, Notify, Parser};
    ///
    /// let mut parser = Parser::new().with_notify(Notify::COMMENTS);
    /// let mut chunk: &[u8] = b": keep-alive\n\ndata: x\n\n";
    /// while let Some(item) = parser.next_item(&mut chunk)? {
    ///     match item {
    ///         Item::Event(event) => assert_eq!(event.data(), "x"),
    ///         Item::Comment { text, .. } => assert_eq!(text, "keep-alive"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok::<(), sseam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub fn next_item<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Item<'a>>, Error> {
        if self.machine.notifies() == Notify::NONE {
            return Ok(self.next(chunk)?.map(Item::Event));
        }
        let input = *chunk;
        let step = self.advance(chunk)?;
        Ok(self.item(input, step))
    }

    /// Dispatches what is pending as if its line and a blank line had ended,
    /// for the end of a stream whose server may have left them out: some close
    /// right after `data: [DONE]`. The standard discards such an event, as
    /// [`finish`](Self::finish) does; where that is wanted, leave `flush` out.
    ///
    /// ```
    /// use sseam::Parser;
    ///
    /// let mut parser = Parser::new();
    /// let mut chunk: &[u8] = b"data: [DONE]";
    /// assert_eq!(parser.next(&mut chunk)?, None);
    /// assert_eq!(parser.flush()?.unwrap().data(), "[DONE]");
    /// assert!(!parser.finish().discarded());
    /// # Ok::<(), sseam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub fn flush(&mut self) -> Result<Option<Event<'_>>, Error> {
        loop {
            let mut ends = self.machine.missing_line_ends();
            if ends.is_empty() {
                return Ok(None);
            }
            let input = ends;
            self.step(&mut ends, Notify::NONE)?;
            if self.machine.told() == Told::Event {
                return Ok(Some(self.take_event(input)));
            }
        }
    }

    /// As [`flush`](Self::flush), and yields the notifications too. Call it
    /// until it yields `None`: the line that is pending may be a comment in
    /// the middle of an event.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub fn flush_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let step = self.advance_to_end()?;
        Ok(self.item(&[], step))
    }

    /// The end of the stream: discards what is pending, as the standard asks,
    /// and says whether there was anything. The ID of a discarded block is not
    /// committed.
    ///
    /// Then the parser is as after [`reset`](Self::reset).
    pub fn finish(&mut self) -> End {
        let discarded = self.machine.is_pending();
        self.reset();
        End { discarded }
    }

    /// Makes the parser ready for a new connection: what is pending is
    /// dropped, and a byte order mark is allowed again. The last event ID, the
    /// reconnection time and the choice of notifications stay.
    pub fn reset(&mut self) {
        self.machine.reset(&mut self.buffer);
    }

    /// The last event ID, as committed at the last blank line: what a client
    /// sends as `Last-Event-ID` when it reconnects. Empty where there is none.
    #[inline]
    #[must_use]
    pub fn last_event_id(&self) -> Value<'_> {
        Value::new(self.machine.last_event_id(&self.buffer))
    }

    /// Sets the last event ID, for a client that resumes a stream of an
    /// earlier run.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] where `id` breaks the bound on IDs,
    /// [`Error::InvalidLastEventId`] where it holds NUL, CR or LF, and
    /// [`Error::OutOfMemory`]; the old ID stays then.
    pub fn seed_last_event_id(&mut self, id: &[u8]) -> Result<(), Error> {
        self.machine.seed_last_event_id(&mut self.buffer, id)
    }

    /// The reconnection time that the stream has asked for, if it has.
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.machine.reconnection_time().map(Duration::from_millis)
    }

    /// As [`next_item`](Self::next_item), in ranges of `chunk` as it was and of the
    /// buffer, so that nothing is borrowed. [`item`](Self::item) makes the item of them.
    pub(crate) fn advance(&mut self, chunk: &mut &[u8]) -> Result<Step, Error> {
        if IS_SMALL {
            return self.step_item(chunk);
        }
        let input = *chunk;
        if self.machine.is_at_block_start() {
            if let Err(refusal) = self.machine.take_id(&mut self.buffer, chunk) {
                return Err(self.machine.give_up(&mut self.buffer, refusal));
            }
            match Shape::of(chunk) {
                Shape::Whole(values) if self.allows(&values) => {
                    *chunk = values.rest;
                    self.machine.end_event(&self.buffer);
                    let lent = |value| Part::within(input, value).map_or(Span::EMPTY, Span::lent);
                    let (event_type, data) = (lent(values.event_type), lent(values.data));
                    return Ok(Step::Event { event_type, data });
                }
                Shape::Begun(values)
                    if self.machine.begin_data(
                        &mut self.buffer,
                        values.event_type,
                        values.data,
                    ) =>
                {
                    *chunk = &[];
                    return Ok(Step::NeedMore);
                }
                Shape::Lines(values) => {
                    self.machine.begin_lines(&mut self.buffer, chunk, &values);
                }
                _ => {}
            }
        }
        match self.machine.resume_data(&mut self.buffer, chunk, Look::NONE) {
            Fast::NeedMore => Ok(Step::NeedMore),
            Fast::Kept { type_len, data_len } => Ok(Step::Event {
                event_type: Span::kept(Slot::EventType, Part::new(0, type_len)),
                data: Span::kept(Slot::Data, Part::new(0, data_len)),
            }),
            Fast::Otherwise => {
                let taken = input.len() - chunk.len();
                Ok(self.step_item(chunk)?.behind(taken))
            }
        }
    }

    /// As [`flush_item`](Self::flush_item), in ranges. None is of a chunk, but for empty ones.
    pub(crate) fn advance_to_end(&mut self) -> Result<Step, Error> {
        let mut ends = self.machine.missing_line_ends();
        self.step_item(&mut ends)
    }

    /// One step of the machine.
    fn step(&mut self, chunk: &mut &[u8], notify: Notify) -> Result<(), Error> {
        let read = self.machine.step(&mut self.buffer, chunk, notify);
        read.map_err(|refusal| self.machine.give_up(&mut self.buffer, refusal))
    }

    /// The event that a step has told, in `chunk` as it was; that ends its block.
    fn take_event<'a>(&'a mut self, chunk: &'a [u8]) -> Event<'a> {
        let (machine, buffer) = (&mut self.machine, &self.buffer);
        let event_type = machine.bytes(Slot::EventType, chunk, buffer);
        let data = machine.bytes(Slot::Data, chunk, buffer);
        machine.forget_event(buffer);
        Event::new(event_type, data, machine.bytes(machine.committed_id(), chunk, buffer))
    }

    /// One step of the machine, told in ranges of `chunk` as it was.
    fn step_item(&mut self, chunk: &mut &[u8]) -> Result<Step, Error> {
        let input = *chunk;
        self.step(chunk, self.machine.notifies())?;
        let machine = &mut self.machine;
        let told = machine.told();
        let step = match told {
            Told::Nothing => Step::NeedMore,
            Told::Event => Step::Event {
                event_type: machine.span(Slot::EventType),
                data: machine.span(Slot::Data),
            },
            Told::EmptyBlock => Step::EmptyBlock { event_type: machine.span(Slot::EventType) },
            Told::Comment => machine.take_comment(&self.buffer),
            Told::UnknownField => machine.take_unknown(&self.buffer, input),
            Told::ReconnectionTime => {
                Step::ReconnectionTime(machine.reconnection_time().unwrap_or_default())
            }
        };
        if matches!(told, Told::Event | Told::EmptyBlock) {
            machine.forget_event(&self.buffer);
        }
        Ok(step)
    }

    #[inline]
    fn view<'a>(&'a self, input: &'a [u8], span: Span) -> Value<'a> {
        Value::new(span.bytes(input, &self.buffer))
    }

    /// The event in these ranges of `input`, the chunk in which they were found, and of the buffer.
    #[inline]
    pub(crate) fn event<'a>(&'a self, input: &'a [u8], event_type: Span, data: Span) -> Event<'a> {
        Event::new(self.view(input, event_type), self.view(input, data), self.last_event_id())
    }

    /// The item that a step has come to; `input` is the chunk that was given to it.
    pub(crate) fn item<'a>(&'a self, input: &'a [u8], step: Step) -> Option<Item<'a>> {
        Some(match step {
            Step::NeedMore => return None,
            Step::Event { event_type, data } => Item::Event(self.event(input, event_type, data)),
            Step::Comment { text, truncated } => {
                Item::Comment { text: self.view(input, text), truncated }
            }
            Step::UnknownField { name, value, truncated } => Item::UnknownField {
                name: self.view(input, name),
                value: self.view(input, value),
                truncated,
            },
            Step::EmptyBlock { event_type } => {
                let block = self.event(input, event_type, Span::EMPTY);
                Item::EmptyBlock {
                    event_type: block.event_type(),
                    last_event_id: block.last_event_id(),
                }
            }
            Step::ReconnectionTime(ms) => Item::ReconnectionTime(Duration::from_millis(ms)),
        })
    }
}

impl<B: Buffer + Default> Default for Parser<B> {
    fn default() -> Self {
        Self::with_buffer(B::default())
    }
}

impl<B: Buffer> fmt::Debug for Parser<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parser")
            .field("last_event_id", &self.last_event_id())
            .field("reconnection_time", &self.reconnection_time())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
