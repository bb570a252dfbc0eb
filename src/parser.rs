//! The parser: byte chunks in, events out.

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
/// use std::io::{self, Read};
///
/// use sseam::{End, Parser};
///
/// fn main() -> io::Result<()> {
///     // Any transport: a file, a socket, the body of a response.
///     let mut body = &b"data: one\n\ndata: two\n\nid: 3"[..];
///     let mut parser = Parser::new();
///     let mut bytes = [0; 8192];
///     loop {
///         let len = body.read(&mut bytes)?;
///         if len == 0 {
///             break;
///         }
///         let mut chunk = &bytes[..len];
///         loop {
///             match parser.next_event(&mut chunk) {
///                 Ok(Some(event)) => println!("{}: {}", event.event_type(), event.data()),
///                 Ok(None) => break, // The chunk is used up: read the next one.
///                 Err(error) => eprintln!("{error}"), // One event is lost: continue.
///             }
///         }
///     }
///     if parser.finish() == End::MidEvent {
///         eprintln!("the stream ended in the middle of an event");
///     }
///     Ok(())
/// }
/// ```
///
/// # Continuing after an error
///
/// [`next_event`](Self::next_event) has three results, and the loop over a chunk an arm for each:
///
/// - `Ok(Some(event))`: an event. Call again with what is left of the chunk.
/// - `Ok(None)`: the chunk is used up. Read the next one.
/// - `Err(error)`: one event is lost, because it exceeds a limit or memory allocation failed. Call
///   again with what is left of the chunk: the parser skips the rest of that event.
///
/// The chunk is a variable, since the parser advances it: `next_event(&mut &bytes[..])`
/// in a loop starts over with the same bytes and never ends. `while let Ok(Some(event))` ends at
/// the first error and drops the rest of the chunk.
///
/// ```
/// use sseam::Parser;
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
/// # Reconnecting
///
/// A parser outlives its connection: it keeps the last event ID and the reconnection time.
/// [`Source`](crate::source::Source) also decides whether and when to reconnect.
///
/// ```
/// use std::time::Duration;
///
/// use sseam::{ArrayBuf, End, Parser};
///
/// let mut parser = Parser::with_buffer(ArrayBuf::<1024>::new());
/// parser.set_last_event_id(b"6")?; // From an earlier run of the program.
/// let mut chunk: &[u8] = b"retry: 250\nid: 7\ndata: one\n\nid: 8\ndata: tw";
/// while let Some(event) = parser.next_event(&mut chunk)? {
///     println!("{}", event.data());
/// }
/// // The connection broke.
/// assert_eq!(parser.end(), End::MidEvent);
/// parser.reset();
/// assert_eq!(parser.last_event_id(), "7"); // To be sent as `Last-Event-ID`.
/// assert_eq!(parser.reconnection_time(), Some(Duration::from_millis(250)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Where an event is in the stream
///
/// The parser takes bytes from the front of the chunk, so the caller can count them, as the
/// [adapters](crate::adapter) do.
///
/// ```
/// use sseam::Parser;
///
/// let mut parser = Parser::new();
/// let (mut taken, mut end) = (0, 0); // Bytes of the stream so far, and up to the last event.
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
/// assert_eq!(taken - end, 2); // Pending bytes.
/// # Ok::<(), sseam::Error>(())
/// ```
///
/// # Returning an event from your own function
///
/// A function that loops over `next_event` and returns one of the events does not compile
/// (E0499, "cannot borrow as mutable more than once at a time"). The borrow checker extends a
/// borrow that is returned on one path to all paths:
///
/// ```compile_fail,E0499
/// use sseam::{Error, Event, Parser, VecBuf};
///
/// fn next<'a>(
///     parser: &'a mut Parser<VecBuf>,
///     chunk: &mut &'a [u8],
/// ) -> Result<Option<Event<'a>>, Error> {
///     while let Some(event) = parser.next_event(chunk)? {
///         if event.event_type() != "ping" {
///             return Ok(Some(event));
///         }
///     }
///     Ok(None)
/// }
/// ```
///
/// Search and borrow in two steps instead: [`find`](Self::find) returns a token that borrows
/// nothing, [`view`](Self::view) makes the event from the token and the same chunk.
///
/// ```
/// # use sseam::{Error, Event, Parser, VecBuf};
/// fn next<'a>(
///     parser: &'a mut Parser<VecBuf>,
///     chunk: &mut &'a [u8],
/// ) -> Result<Option<Event<'a>>, Error> {
///     loop {
///         let input = *chunk;
///         let Some(found) = parser.find(chunk)? else { return Ok(None) };
///         let event = parser.view(input, found).event();
///         if event.is_some_and(|event| event.event_type() != "ping") {
///             return Ok(parser.view(input, found).event());
///         }
///     }
/// }
/// # let mut chunk: &[u8] = b"event: ping\ndata\n\ndata: x\n\n";
/// # assert_eq!(next(&mut Parser::new(), &mut chunk)?.unwrap().data(), "x");
/// # Ok::<(), Error>(())
/// ```
///
/// The same in a struct that owns the transport and the chunk:
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
#[repr(C)] // The machine first: the fields that every call reads are then at small offsets.
pub struct Parser<B> {
    machine: Machine,
    buffer: B,
}

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Parser<VecBuf> {
    /// Creates a parser that buffers on the heap: up to 16 MiB of data and 64 KiB each of
    /// event type and ID. Allocates nothing until something has to be buffered.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_buffer(VecBuf::new())
    }

    /// Creates a parser as [`new`](Self::new) does, with another limit on an event's data, in
    /// bytes.
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
    /// Takes bytes from the front of `chunk`, up to the one that dispatches the event. The rest
    /// belongs to the caller; stopping there loses nothing. A blank line that ends in CR
    /// dispatches at the CR; a later call skips an LF after it.
    ///
    /// The event type borrows from the chunk if it is whole in it, the data if it is also a single
    /// line. Otherwise they borrow from the parser. Notifications are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] if the current event exceeds a limit, and
    /// [`Error::OutOfMemory`]. Each error is returned once. The following calls skip the rest
    /// of that event: its ID does not take effect, but a `retry` line in it does. `chunk` may
    /// then begin within the offending line.
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
            // Two branches that do nearly the same: the first has no event type to keep in
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

    /// Returns the next event, after a shortcut that made `progress`.
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

    /// Returns the next event, where a block begins that may be whole in the chunk.
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

    /// Returns the next event or selected notification, in stream order, or `None` once all of
    /// `chunk` is used up.
    ///
    /// [`with_notify`](Self::with_notify) selects the notifications. Each is returned when its
    /// line ends.
    ///
    /// If a notification is returned in the middle of an event, that event is copied, even
    /// if it is whole in the chunk. A comment or unknown field whose
    /// beginning was read by [`next_event`](Self::next_event) may be skipped.
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

    /// Finds the next event or selected notification and returns a token for it, which borrows
    /// nothing.
    ///
    /// [`view`](Self::view) makes the item from the token and the chunk: see
    /// [above](#returning-an-event-from-your-own-function) for an example. Otherwise as
    /// [`next_item`](Self::next_item).
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

    /// Finds the next event, as [`find`](Self::find) without notifications.
    #[inline]
    pub(crate) fn find_event(&mut self, chunk: &mut &[u8]) -> Result<Option<Found>, Error> {
        let input = *chunk;
        Ok(self.next_event(chunk)?.map(|event| Found::event(input, &event)))
    }

    /// Returns the item that [`find`](Self::find) found in `chunk`, which is the chunk as it was
    /// before that call.
    ///
    /// May be called again until the parser gets more bytes or is reset. Another chunk, or a
    /// token of an earlier call, gives an item with wrong or empty values.
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

    /// Returns the event that was found, as [`view`](Self::view).
    #[inline]
    pub(crate) fn view_event<'a>(&'a self, chunk: &'a [u8], found: Found) -> Event<'a> {
        let event_type = found.event_type.get(chunk, self.buffer.slot(Slot::EventType));
        let data = found.value.get(chunk, self.buffer.slot(Slot::Data));
        self.make_event(event_type, data)
    }

    fn view_text<'a>(&'a self, chunk: &'a [u8], found: Found) -> &'a [u8] {
        found.value.get(chunk, self.machine.scratch(&self.buffer))
    }

    /// Dispatches the pending event as if a line end and a blank line had followed.
    ///
    /// Call it at the end of a stream whose server omits these: some close right after
    /// `data: [DONE]`. The standard discards such an event, as [`finish`](Self::finish) does. To
    /// follow it, do not call `flush_event`.
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

    /// Dispatches the pending event, as [`flush_event`](Self::flush_event), or returns a pending
    /// notification. Call it until it returns `None`: the pending line may be a comment in the
    /// middle of an event.
    ///
    /// ```
    /// use sseam::{Item, Notify, Parser};
    ///
    /// let mut parser = Parser::new().with_notify(Notify::COMMENTS);
    /// let mut chunk: &[u8] = b"data: one\n: bye";
    /// assert_eq!(parser.next_item(&mut chunk)?, None);
    /// assert!(matches!(parser.flush_item()?, Some(Item::Comment { .. })));
    /// assert!(matches!(parser.flush_item()?, Some(Item::Event(_))));
    /// assert_eq!(parser.flush_item()?, None);
    /// # Ok::<(), sseam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn flush_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let found = self.find_at_end()?;
        Ok(found.map(|found| self.view(&[], found)))
    }

    /// Finds what [`flush_item`](Self::flush_item) returns, but borrows nothing:
    /// [`view`](Self::view) makes the item from the token and an empty chunk.
    ///
    /// ```
    /// use sseam::Parser;
    ///
    /// let mut parser = Parser::new();
    /// assert_eq!(parser.next_event(&mut &b"data: one"[..])?, None);
    /// let found = parser.find_at_end()?.expect("an event");
    /// let event = parser.view(b"", found).event().expect("an event");
    /// assert_eq!(event.data(), "one");
    /// # Ok::<(), sseam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`flush_event`](Self::flush_event).
    pub fn find_at_end(&mut self) -> Result<Option<Found>, Error> {
        let mut ends = self.machine.prepare_flush();
        self.find_by_machine(&[], &mut ends)
    }

    /// Takes the last line, if it is a [selected](Self::with_notify) comment or unknown field
    /// without a line end. Returns no event.
    ///
    /// Call it at the end of a body that is not an event stream, such as `{"error":…}`: such a
    /// body is one unknown field, often without a line end.
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

    /// Ends the stream: discards the pending event, as the standard requires, and reports
    /// whether there was one. The ID of a discarded block is not committed.
    ///
    /// Afterwards the parser is as after [`reset`](Self::reset).
    pub fn finish(&mut self) -> End {
        let end = self.end();
        self.reset();
        end
    }

    /// Returns what [`finish`](Self::finish) would return here, and changes nothing.
    pub fn end(&self) -> End {
        if self.machine.is_pending() { End::MidEvent } else { End::Clean }
    }

    /// Prepares the parser for a new connection: discards the pending event and accepts a byte
    /// order mark again. Keeps the last event ID, the reconnection time and the selected
    /// notifications.
    pub fn reset(&mut self) {
        self.machine.reset(&mut self.buffer);
    }

    /// Returns the last event ID, as committed at the last blank line. Empty if there is none.
    ///
    /// A client that reconnects sends it as `Last-Event-ID`.
    #[inline]
    #[must_use]
    pub fn last_event_id(&self) -> Value<'_> {
        Value::new(self.machine.last_event_id(&self.buffer))
    }

    /// Sets the last event ID, for a client that resumes the stream of an earlier run.
    ///
    /// # Errors
    ///
    /// [`LastEventIdError`]. The last event ID is then unchanged.
    pub fn set_last_event_id(&mut self, id: &[u8]) -> Result<(), LastEventIdError> {
        self.machine.set_last_event_id(&mut self.buffer, id)
    }

    /// Returns the reconnection time that the last valid `retry` field set.
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
        found.map_err(|rejection| self.machine.reject(&mut self.buffer, rejection))
    }

    /// Finds the next item by the machine alone, and locates borrowed values in `input`.
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
