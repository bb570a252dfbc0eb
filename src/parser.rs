//! The parser: chunks in, events out.

mod machine;
mod step;
mod whole;

use core::fmt;
use core::time::Duration;

#[cfg(feature = "alloc")]
use crate::VecBuf;
use crate::buffer::Slot;
use crate::event::DEFAULT_TYPE;
use crate::size::IS_SMALL;
use crate::{Buffer, End, Error, Event, Item, LastEventIdError, Notify, Value, scan};
use machine::{Machine, Progress};
pub use step::Found;
use step::{Borrowed, Kind, Span};

/// A push parser for event streams (WHATWG HTML, sections 9.2.5 and 9.2.6).
///
/// Feed it byte chunks from any transport; it returns each event as it completes. Events and
/// errors depend only on the bytes, never on where the chunks are cut (except
/// [`Error::OutOfMemory`]).
///
/// ```
/// use sseam::{End, Parser};
///
/// let mut parser = Parser::new();
/// let mut seen = Vec::new();
/// for bytes in [&b"data: one\n\nda"[..], b"ta: two\n", b"\nid: 3"] {
///     let mut chunk = bytes;
///     while let Some(event) = parser.next_event(&mut chunk)? {
///         seen.push(event.data().to_string());
///     }
/// }
/// assert_eq!(seen, ["one", "two"]);
/// assert_eq!(parser.finish(), End::MidEvent);
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// The chunk is a variable, since the parser advances it: `next_event(&mut &bytes[..])`
/// in a loop starts over with the same bytes and never ends.
///
/// # Continuing after an error
///
/// An [`Error`] concerns one event. The loop above ends at the first one; this one
/// reports it and continues with the next event:
///
/// ```
/// use sseam::{Error, Parser};
///
/// let mut parser = Parser::with_limit(4);
/// let mut chunk: &[u8] = b"data: one\n\ndata: three\n\ndata: two\n\n";
/// let mut seen = Vec::new();
/// loop {
///     match parser.next_event(&mut chunk) {
///         Ok(Some(event)) => seen.push(event.data().to_string()),
///         Ok(None) => break,
///         Err(error) => seen.push(error.to_string()),
///     }
/// }
/// assert_eq!(seen, ["one", "`data` exceeds the limit of 4 bytes", "two"]);
/// ```
///
/// # Where an event is in the stream
///
/// The parser takes bytes from the front of the chunk, so the caller can count them. The
/// [adapters](crate::adapter) do.
///
/// ```
/// use sseam::Parser;
///
/// let mut parser = Parser::new();
/// let (mut taken, mut end) = (0, 0); // Bytes: of the stream, and of it up to the last event.
/// let mut spans = Vec::new();
/// for bytes in [&b": hi\ndata: o"[..], b"ne\n\ndata: two\n\nda"] {
///     let mut chunk = bytes;
///     loop {
///         let len = chunk.len();
///         let event = parser.next_event(&mut chunk)?;
///         taken += len - chunk.len();
///         if event.is_none() {
///             break;
///         }
///         spans.push(end..taken);
///         end = taken;
///     }
/// }
/// assert_eq!(spans, [0..16, 16..27]);
/// assert_eq!(taken - end, 2); // What is pending.
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// # Returning an event from your own function
///
/// A function that loops over `next_event` and returns one of the events does not compile
/// (E0499, "cannot borrow as mutable more than once at a time"): the borrow checker holds a
/// borrow that is returned on one path on all of them. Search and borrow in two steps
/// instead: [`find`](Self::find) returns a token that borrows nothing, [`view`](Self::view)
/// makes the event from it.
///
/// ```
/// use sseam::{Error, Event, Parser, VecBuf};
/// # struct Body(std::vec::IntoIter<Vec<u8>>);
/// # impl Body { async fn chunk(&mut self) -> Option<Vec<u8>> { self.0.next() } }
///
/// struct Events {
///     body: Body, // Any transport.
///     chunk: Vec<u8>,
///     /// The number of bytes of `chunk` that are parsed.
///     parsed: usize,
///     parser: Parser<VecBuf>,
/// }
///
/// impl Events {
///     /// Returns the next event, without pings. A dropped future loses nothing.
///     async fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
///         let (start, found) = loop {
///             let start = self.parsed;
///             let mut rest = &self.chunk[start..];
///             let found = self.parser.find(&mut rest);
///             self.parsed = self.chunk.len() - rest.len(); // After an error, too.
///             match found? {
///                 Some(found) => {
///                     let event = self.parser.view(&self.chunk[start..], found).event();
///                     if event.is_some_and(|event| event.event_type() != "ping") {
///                         break (start, found);
///                     }
///                 }
///                 None => match self.body.chunk().await {
///                     Some(chunk) => (self.chunk, self.parsed) = (chunk, 0),
///                     None => return Ok(None),
///                 },
///             }
///         };
///         Ok(self.parser.view(&self.chunk[start..], found).event())
///     }
/// }
/// # let stream = b"event: ping\ndata\n\ndata: x\n\n";
/// # let body = Body(stream.chunks(9).map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter());
/// # let mut events = Events { body, chunk: Vec::new(), parsed: 0, parser: Parser::new() };
/// # let next = std::pin::pin!(events.next());
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # let std::task::Poll::Ready(next) = next.poll(&mut context) else { unreachable!() };
/// # assert_eq!(next.unwrap().unwrap().data(), "x");
/// ```
#[derive(Clone)]
#[repr(C)] // The machine first: what every call reads of it is then at small offsets.
pub struct Parser<B> {
    machine: Machine,
    buffer: B,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Parser<VecBuf> {
    /// Creates a parser that buffers on the heap: up to 16 MiB of data and 64 KiB each of
    /// event type and ID. It allocates nothing until something has to be buffered.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_buffer(VecBuf::new())
    }

    /// As [`new`](Self::new), with another limit on an event's data, in bytes.
    #[must_use]
    pub const fn with_limit(bytes: usize) -> Self {
        Self::with_buffer(VecBuf::with_limits(bytes, VecBuf::DEFAULT_META_LIMIT))
    }
}

impl<B: Buffer> Parser<B> {
    /// Creates a parser over `buffer`, whose sizes are the limits.
    #[must_use]
    pub const fn with_buffer(buffer: B) -> Self {
        Self { machine: Machine::new(), buffer }
    }

    /// Selects which notifications are returned besides events, by all methods but
    /// [`next_event`](Self::next_event) and [`flush_event`](Self::flush_event).
    #[must_use]
    pub const fn with_notify(mut self, notify: Notify) -> Self {
        self.machine.notify = notify;
        self
    }

    /// Returns the next event, or `None` once all of `chunk` is used up.
    ///
    /// Takes bytes from the front of `chunk`, up to the one that dispatches the event. What
    /// is left belongs to the caller; stopping there loses nothing. A blank line that ends
    /// in CR dispatches at the CR; an LF after it is skipped by a later call.
    ///
    /// Event type and data each borrow from the chunk if they are whole in it and the data is
    /// one line, and from the parser otherwise. Notifications are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] if the current event exceeds a limit, and
    /// [`Error::OutOfMemory`]. Each error is returned once, and the following calls skip
    /// the rest of that event, except `retry`; its ID is not committed. `chunk` may then
    /// begin within the offending line.
    // LLVM ignores `#[inline]` in programs that call it from several loops, which doubles
    // the instructions of an event of 300 bytes.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn next_event<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        if IS_SMALL {
            return self.next_by_machine(chunk);
        }
        let progress = if self.machine.is_at_block_start() {
            // Two branches that do nearly the same: in one, there is no event type to keep in
            // registers.
            if let Some(value) = chunk.strip_prefix(whole::DATA) {
                let len = whole::data_end(value, scan::short_line_end);
                match len.and_then(|len| whole::split_block(value, len)) {
                    Some((data, rest)) if data.len() <= self.buffer.limits().data => {
                        *chunk = rest;
                        return Ok(Some(self.make_event(DEFAULT_TYPE, data)));
                    }
                    _ => self.machine.begin_data(&mut self.buffer, chunk, &[], value, len),
                }
            } else if let Some((event_type, value)) = whole::split_type(chunk) {
                let len = whole::data_end(value, scan::short_line_end);
                match len.and_then(|len| whole::split_block(value, len)) {
                    Some((data, rest)) if self.buffer.limits().allow(event_type, data) => {
                        *chunk = rest;
                        return Ok(Some(self.make_event(event_type, data)));
                    }
                    _ => self.machine.begin_data(&mut self.buffer, chunk, event_type, value, len),
                }
            } else {
                Progress::ForMachine
            }
        } else if let [byte] = **chunk {
            self.machine.push_data(&mut self.buffer, chunk, byte)
        } else {
            self.machine.extend_data(&mut self.buffer, chunk)
        };
        if progress == Progress::NeedMore {
            return Ok(None);
        }
        self.next_after_shortcut(chunk, progress)
    }

    /// Returns the next event, after a shortcut that came as far as `progress`.
    #[inline(never)]
    fn next_after_shortcut<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
        progress: Progress,
    ) -> Result<Option<Event<'a>>, Error> {
        if progress == Progress::Event {
            return Ok(Some(self.buffered_event()));
        }
        // `next_event` has already tried blocks that begin with `data` or `event`.
        if self.machine.is_at_block_start()
            && matches!(chunk.first(), Some(b'\n' | b'\r' | b':' | b'i'))
        {
            return self.next_block(chunk);
        }
        self.next_by_machine(chunk)
    }

    /// As [`next_event`](Self::next_event), if a block begins that may be whole in the chunk.
    #[inline(never)]
    fn next_block<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        let mut borrowed = Borrowed::default();
        match self.machine.take_block(&mut self.buffer, chunk, &mut borrowed, false) {
            Progress::NeedMore => Ok(None),
            Progress::Event => Ok(Some(self.event(borrowed))),
            Progress::ForMachine => self.next_by_machine(chunk),
        }
    }

    #[inline(never)] // Inlined, it would give the caller a stack frame.
    fn buffered_event(&self) -> Event<'_> {
        self.event(Borrowed::default())
    }

    #[inline(never)]
    fn next_by_machine<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        let mut borrowed = Borrowed::default();
        let found = self.step(chunk, &mut borrowed, Notify::NONE)?;
        debug_assert!(matches!(found, None | Some(Kind::Event)), "no notifications");
        Ok(found.map(|_| self.event(borrowed)))
    }

    /// As [`next_event`](Self::next_event), and returns the notifications that
    /// [`with_notify`](Self::with_notify) selected, in stream order. Each is returned when
    /// its line ends.
    ///
    /// If a notification is returned in the middle of an event, that event is copied, even
    /// if it is whole in the chunk. A comment or unknown field of which
    /// [`next_event`](Self::next_event) has read a part may be skipped.
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
    /// As [`next_event`](Self::next_event).
    pub fn next_item<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Item<'a>>, Error> {
        if self.machine.notify == Notify::NONE {
            return Ok(self.next_event(chunk)?.map(Item::Event));
        }
        let input = *chunk;
        let found = self.find(chunk)?;
        Ok(found.map(|found| self.view(input, found)))
    }

    /// Finds the next event or selected notification, as [`next_item`](Self::next_item),
    /// but borrows nothing: [`view`](Self::view) makes the item from the token and `chunk`.
    ///
    /// See [above](#returning-an-event-from-your-own-function) for an example.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn find(&mut self, chunk: &mut &[u8]) -> Result<Option<Found>, Error> {
        let notify = self.machine.notify;
        if notify == Notify::NONE {
            return self.find_event(chunk);
        }
        let input = *chunk;
        let mut borrowed = Borrowed::default();
        let progress = if IS_SMALL {
            Progress::ForMachine
        } else if self.machine.is_at_block_start() {
            let reports_comments = notify.contains(Notify::COMMENTS);
            self.machine.take_block(&mut self.buffer, chunk, &mut borrowed, reports_comments)
        } else {
            self.machine.extend_data(&mut self.buffer, chunk)
        };
        match progress {
            Progress::NeedMore => Ok(None),
            Progress::Event => Ok(Some(Found::event(input, &self.event(borrowed)))),
            Progress::ForMachine => self.find_by_machine(input, chunk),
        }
    }

    /// As [`find`](Self::find), for events alone.
    #[inline]
    pub(crate) fn find_event(&mut self, chunk: &mut &[u8]) -> Result<Option<Found>, Error> {
        let input = *chunk;
        Ok(self.next_event(chunk)?.map(|event| Found::event(input, &event)))
    }

    /// Returns the item that [`find`](Self::find) found in `chunk`: the chunk as it was
    /// before that call.
    ///
    /// May be called again, until the parser is given more bytes or is reset. Another chunk,
    /// or a token of an earlier call, gives an item with wrong or empty values.
    #[must_use]
    pub fn view<'a>(&'a self, chunk: &'a [u8], found: Found) -> Item<'a> {
        match found.kind {
            Kind::Event => Item::Event(self.view_event(chunk, found)),
            Kind::EmptyBlock => {
                let block = self.view_event(chunk, found);
                Item::EmptyBlock {
                    event_type: block.event_type(),
                    last_event_id: block.last_event_id(),
                }
            }
            Kind::Comment => Item::Comment {
                text: Value::new(self.view_text(chunk, found)),
                truncated: found.is_truncated,
            },
            Kind::UnknownField => {
                let line = self.view_text(chunk, found);
                let (name, value) = match scan::colon(line).and_then(|at| line.split_at_checked(at))
                {
                    Some((name, [_, b' ', value @ ..] | [_, value @ ..])) => (name, value),
                    _ => (line, &[][..]),
                };
                Item::UnknownField {
                    name: Value::new(name),
                    value: Value::new(value),
                    truncated: found.is_truncated,
                }
            }
            Kind::ReconnectionTime => {
                Item::ReconnectionTime(self.reconnection_time().unwrap_or_default())
            }
        }
    }

    /// As [`view`](Self::view), where an event was found.
    #[inline]
    pub(crate) fn view_event<'a>(&'a self, chunk: &'a [u8], found: Found) -> Event<'a> {
        let event_type = found.event_type.get(chunk, self.buffer.slot(Slot::EventType));
        let data = found.value.get(chunk, self.buffer.slot(Slot::Data));
        self.make_event(event_type, data)
    }

    fn view_text<'a>(&'a self, chunk: &'a [u8], found: Found) -> &'a [u8] {
        found.value.get(chunk, self.machine.scratch(&self.buffer))
    }

    /// Dispatches the pending event as if its line and a blank line had ended, for the end
    /// of a stream whose server leaves them out: some close right after `data: [DONE]`.
    ///
    /// The standard discards such an event, as [`finish`](Self::finish) does. To follow it,
    /// do not call `flush_event`.
    ///
    /// ```
    /// use sseam::{End, Parser};
    ///
    /// let mut parser = Parser::new();
    /// let mut chunk: &[u8] = b"data: [DONE]";
    /// assert_eq!(parser.next_event(&mut chunk)?, None);
    /// assert_eq!(parser.flush_event()?.unwrap().data(), "[DONE]");
    /// assert_eq!(parser.finish(), End::Clean);
    /// # Ok::<(), sseam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_event(&mut self) -> Result<Option<Event<'_>>, Error> {
        let mut ends = self.machine.prepare_flush();
        self.next_by_machine(&mut ends)
    }

    /// As [`flush_event`](Self::flush_event), and returns notifications. Call it until it
    /// returns `None`: the pending line may be a comment in the middle of an event.
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let found = self.find_at_end()?;
        Ok(found.map(|found| self.view(&[], found)))
    }

    /// As [`flush_item`](Self::flush_item), but borrows nothing: [`view`](Self::view) makes the item
    /// from the token and an empty chunk.
    ///
    /// # Errors
    ///
    /// As [`flush_event`](Self::flush_event).
    pub fn find_at_end(&mut self) -> Result<Option<Found>, Error> {
        let mut ends = self.machine.prepare_flush();
        self.find_by_machine(&[], &mut ends)
    }

    /// Returns the last line if it is a [selected](Self::with_notify) comment or unknown field
    /// without a line end, and ends it. Dispatches no event.
    ///
    /// For the end of a body that is no event stream, such as `{"error":…}`: that is one
    /// unknown field, and often has no line end.
    ///
    /// ```
    /// use sseam::{End, Item, Notify, Parser};
    ///
    /// let mut parser = Parser::new().with_notify(Notify::UNKNOWN_FIELDS);
    /// let mut chunk: &[u8] = br#"{"error":"overloaded"}"#;
    /// assert_eq!(parser.next_item(&mut chunk)?, None);
    /// let Some(Item::UnknownField { name, value, .. }) = parser.flush_notification() else {
    ///     panic!("an unknown field");
    /// };
    /// assert_eq!((name.as_bytes(), value.as_bytes()), (&br#"{"error""#[..], &br#""overloaded"}"#[..]));
    /// assert_eq!(parser.finish(), End::Clean);
    /// # Ok::<(), sseam::Error>(())
    /// ```
    pub fn flush_notification(&mut self) -> Option<Item<'_>> {
        if !self.machine.is_in_text() {
            return None;
        }
        let found = self.find_by_machine(&[], &mut &b"\n"[..]);
        debug_assert!(found.is_ok(), "a text is truncated, never an error");
        let found = found.ok()??;
        Some(self.view(&[], found))
    }

    /// Ends the stream: discards what is pending, as the standard requires, and returns
    /// whether there was anything. The ID of a discarded block is not committed.
    ///
    /// Afterwards the parser is as after [`reset`](Self::reset).
    pub fn finish(&mut self) -> End {
        let end = self.end();
        self.reset();
        end
    }

    /// Returns what [`finish`](Self::finish) would, if the stream ended here. Changes nothing.
    pub fn end(&self) -> End {
        if self.machine.is_pending() { End::MidEvent } else { End::Clean }
    }

    /// Prepares the parser for a new connection: discards what is pending, and expects a
    /// byte order mark again. The last event ID, the reconnection time and the selected
    /// notifications stay.
    pub fn reset(&mut self) {
        self.machine.reset(&mut self.buffer);
    }

    /// Returns the last event ID, as committed at the last blank line: what a client sends
    /// as `Last-Event-ID` when it reconnects. Empty if there is none.
    #[inline]
    #[must_use]
    pub fn last_event_id(&self) -> Value<'_> {
        Value::new(self.machine.last_event_id(&self.buffer))
    }

    /// Sets the last event ID, for a client that resumes the stream of an earlier run.
    ///
    /// # Errors
    ///
    /// See [`LastEventIdError`]. The last event ID is then unchanged.
    pub fn set_last_event_id(&mut self, id: &[u8]) -> Result<(), LastEventIdError> {
        self.machine.set_last_event_id(&mut self.buffer, id)
    }

    /// Returns the reconnection time that the last valid `retry` field has set.
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time_in_millis().map(Duration::from_millis)
    }

    pub(crate) const fn reconnection_time_in_millis(&self) -> Option<u64> {
        self.machine.reconnection_time()
    }

    fn step<'c>(
        &mut self,
        chunk: &mut &'c [u8],
        borrowed: &mut Borrowed<'c>,
        notify: Notify,
    ) -> Result<Option<Kind>, Error> {
        let found = self.machine.step(&mut self.buffer, chunk, borrowed, notify);
        found.map_err(|refusal| self.machine.reject(&mut self.buffer, refusal))
    }

    /// As [`find`](Self::find). Borrowed values are located in `input`.
    fn find_by_machine(&mut self, input: &[u8], chunk: &mut &[u8]) -> Result<Option<Found>, Error> {
        let mut borrowed = Borrowed::default();
        let Some(kind) = self.step(chunk, &mut borrowed, self.machine.notify)? else {
            return Ok(None);
        };
        let found = Found { kind, ..Found::event(input, &self.event(borrowed)) };
        if !matches!(kind, Kind::Comment | Kind::UnknownField) {
            return Ok(Some(found));
        }
        let text = match borrowed.text {
            [] => self.machine.text(&self.buffer),
            text => text,
        };
        let is_truncated = self.machine.is_truncated;
        Ok(Some(Found { is_truncated, value: Span::locate(input, text), ..found }))
    }

    /// Returns the event that was found, borrowed or in the buffer.
    fn event<'a>(&'a self, borrowed: Borrowed<'a>) -> Event<'a> {
        let value = |slot, borrowed: &'a [u8]| match borrowed {
            [] => self.machine.value(&self.buffer, slot),
            _ => borrowed,
        };
        let event_type = value(Slot::EventType, borrowed.event_type);
        self.make_event(event_type, value(Slot::Data, borrowed.data))
    }

    #[inline]
    fn make_event<'a>(&'a self, event_type: &'a [u8], data: &'a [u8]) -> Event<'a> {
        Event::of(event_type, data, self.machine.last_event_id(&self.buffer))
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
