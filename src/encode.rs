//! Encoding of event streams, block by block.
//!
//! A [`Block`] is usually an event with its blank line; it may instead be only a comment, an ID or a
//! reconnection time. It is validated when it is built, and can then be written to any sink of bytes:
//!
//! ```
//! use sseam::encode::Block;
//!
//! let block = Block::data("73857293").event_type("add")?.id("8")?;
//! assert_eq!(block.to_string(), "id: 8\nevent: add\ndata: 73857293\n\n");
//! # Ok::<(), sseam::encode::Error>(())
//! ```
//!
//! | to | by |
//! | --- | --- |
//! | a byte slice | [`write_to_slice`](Block::write_to_slice) |
//! | a `Vec<u8>` | [`append_to`](Block::append_to), or [`to_vec`](Block::to_vec) for a new one (feature `alloc`) |
//! | a `bytes::Bytes` | `Bytes::from(block)` (feature `stream` or `codec`) |
//! | a `heapless::Vec<u8, N>` | [`append_to_heapless`](Block::append_to_heapless) (feature `heapless`) |
//! | text: a `String`, a `heapless::String`, any [`fmt::Write`](core::fmt::Write) | [`Display`](core::fmt::Display), such as `write!(text, "{block}")` |
//! | a writer of `std` | [`write_to`](Block::write_to) (feature `std`) |
//! | a writer of `embedded-io` | [`write_to_embedded_io_v0_7`](Block::write_to_embedded_io_v0_7) (feature `embedded-io-v0_7`) |
//! | a writer of `embedded-io-async` | [`write_to_embedded_io_async_v0_7`](Block::write_to_embedded_io_async_v0_7) (feature `embedded-io-async-v0_7`) |
//! | a `FramedWrite` of tokio-util | [`adapter::codec`](crate::adapter::codec) (feature `codec`) |
//! | any other sink | [`pieces`](Block::pieces): the bytes, as slices of the block's values |
//!
//! All of them write the same bytes (text has U+FFFD for invalid UTF-8), in linear time. Only
//! `append_to`, `to_vec`, `Bytes` and `adapter::codec` allocate; a sink may, too.
//!
//! # Injection safety
//!
//! A client reads a block as at most one event, with the values that the block was built from,
//! except for line ends in data and invalid UTF-8. Data and comments are split at each line end: LF, CR or CRLF. The client joins the lines
//! of data with LF. An event type or an ID is one line, so one that contains a line end is an
//! [`Error`], as is an ID that contains NUL, which clients ignore (WHATWG HTML, section 9.2.6).
//! Clients read invalid UTF-8 as U+FFFD. All else arrives unchanged: leading spaces, empty data,
//! NUL, a byte order mark.
//!
//! # Over HTTP
//!
//! - Send the [`HEADERS`]: without the content type a browser's `EventSource` rejects the response.
//! - Send each block at once, unbuffered, and set `TCP_NODELAY`: otherwise a small event may wait
//!   until the one before it is acknowledged.
//! - If proxies drop silent connections, send a comment about every 15 seconds (section 9.2.7), as
//!   [`KeepAlive`] does (feature `stream`).
//! - Send a [reconnection time](Block::retry) and [IDs](Block::id) with events, not in separate
//!   blocks. Some clients, openai-python and httpx-sse among them, return an empty event for a block
//!   that has only an ID or a reconnection time. They may also return an empty event for a
//!   superfluous blank line. Therefore no blank line is written after a [comment](Block::comment).
//!
//! A handler for axum that does all of this. `examples/axum.rs` is the whole program;
//! `IntervalStream` is from tokio-stream, `enumerate` from futures' `StreamExt`, and `tap_io` from
//! axum's `ListenerExt`.
//!
//! ```ignore
//! async fn answer() -> impl IntoResponse {
//!     let blocks = tokens().enumerate().map(|(n, token)| {
//!         let block = Block::data(&token);
//!         let block = if n == 0 { block.retry(Duration::from_secs(3)) } else { block };
//!         Ok::<_, Infallible>(Bytes::from(block))
//!     });
//!     let ticks = IntervalStream::new(interval(Duration::from_secs(15)));
//!     (encode::HEADERS, Body::from_stream(KeepAlive::new(blocks, ticks)))
//! }
//!
//! let listener = listener.tap_io(|connection| _ = connection.set_nodelay(true));
//! axum::serve(listener, Router::new().route("/", get(answer))).await
//! ```
//!
//! # Clients that reconnect
//!
//! A client that reconnects sends the ID of the last event that it received, as `Last-Event-ID`.
//! A server that numbers its events and keeps the latest ones can send the missed ones first:
//!
//! ```
//! use std::collections::VecDeque;
//! use sseam::encode::Block;
//!
//! /// The latest events of a feed, encoded.
//! #[derive(Default)]
//! struct Replay {
//!     blocks: VecDeque<Vec<u8>>,
//!     /// The number of events so far, which is the ID of the last one.
//!     sent: u64,
//! }
//!
//! impl Replay {
//!     const CAPACITY: usize = 1000;
//!
//!     /// Returns the block to send.
//!     fn push(&mut self, data: &str) -> Result<&[u8], sseam::encode::Error> {
//!         self.sent += 1;
//!         let block = Block::data(data).id(self.sent.to_string().as_str())?.to_vec();
//!         if self.blocks.len() == Self::CAPACITY {
//!             self.blocks.pop_front();
//!         }
//!         self.blocks.push_back(block);
//!         Ok(&self.blocks[self.blocks.len() - 1])
//!     }
//!
//!     /// Returns the events after `last_event_id`. `None` if some of them are gone, or if the
//!     /// ID is not from this feed: such a client has to start over.
//!     fn since(&self, last_event_id: &str) -> Option<impl Iterator<Item = &[u8]>> {
//!         let seen: u64 = last_event_id.parse().ok()?;
//!         let unseen = usize::try_from(self.sent.checked_sub(seen)?).ok()?;
//!         let skipped = self.blocks.len().checked_sub(unseen)?;
//!         Some(self.blocks.iter().skip(skipped).map(Vec::as_slice))
//!     }
//! }
//!
//! let mut replay = Replay::default();
//! for data in ["one", "two", "three"] {
//!     replay.push(data)?;
//! }
//! let unseen: Vec<_> = replay.since("1").unwrap().collect();
//! assert_eq!(unseen, [b"id: 2\ndata: two\n\n", &b"id: 3\ndata: three\n\n"[..]]);
//! assert_eq!(replay.since("3").unwrap().count(), 0);
//! assert!(replay.since("4").is_none() && replay.since("").is_none());
//! # for _ in 0..2000 { replay.push("x")?; }
//! # assert!(replay.since("1002").is_none());
//! # assert_eq!(replay.since("1003").unwrap().count(), 1000);
//! # Ok::<(), sseam::encode::Error>(())
//! ```

#[cfg(any(feature = "stream", feature = "codec"))]
mod bytes;
#[cfg(feature = "embedded-io-async-v0_7")]
mod embedded_io_async_v0_7;
#[cfg(feature = "embedded-io-v0_7")]
mod embedded_io_v0_7;
mod error;
#[cfg(feature = "heapless")]
mod heapless;
#[cfg(feature = "std")]
mod io;
#[cfg(feature = "stream")]
mod keep_alive;
mod lines;
mod millis;
mod pieces;
mod slice;
mod text;
#[cfg(feature = "alloc")]
mod vec;

pub use error::Error;
#[cfg(feature = "stream")]
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub use keep_alive::KeepAlive;
pub use pieces::Pieces;
pub use slice::TooSmall;

use core::time::Duration;

use crate::event::DEFAULT_TYPE;
use crate::{Event, Value, scan};
use lines::Lines;
use millis::Millis;

/// The headers of an event stream response: its content type, and no buffering by caches or nginx.
///
/// ```
/// use sseam::encode;
///
/// let head: String = encode::HEADERS.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
/// assert!(head.starts_with("content-type: text/event-stream\r\n"));
/// ```
pub const HEADERS: [(&str, &str); 3] = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-cache"),
    ("x-accel-buffering", "no"),
];

/// An event with its blank line, or a comment, to be written to a sink.
///
/// A block borrows its values and validates them when it is built: writing it fails only if the
/// sink does.
///
/// A block ends with a blank line, unless it is empty or only a comment. Blocks may be written in
/// any order, and the fields of one never become part of another. Only an ID and a reconnection time
/// stay in effect.
///
/// ```
/// use sseam::encode::Block;
///
/// let block = Block::data("two\nlines").event_type("add")?;
/// assert_eq!(block.to_string(), "event: add\ndata: two\ndata: lines\n\n");
/// # Ok::<(), sseam::encode::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "a block does nothing until it is written"]
pub struct Block<'a> {
    retry: Option<Millis>,
    id: Option<Value<'a>>,
    /// Never `message`, which needs no line.
    event_type: Option<Value<'a>>,
    comment: Option<Lines<'a>>,
    data: Option<Lines<'a>>,
}

impl<'a> Block<'a> {
    /// Creates a block without data, which is not an event.
    ///
    /// For an [ID](Self::id) or a [reconnection time](Self::retry) alone, which
    /// [some clients](self#over-http) take for an event. With neither, the block is empty.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::new().id("8")?.to_string(), "id: 8\n\n");
    /// # Ok::<(), sseam::encode::Error>(())
    /// ```
    pub const fn new() -> Self {
        Self { retry: None, id: None, event_type: None, comment: None, data: None }
    }

    /// Creates an event with this data and of the type `message`.
    ///
    /// Each line of the data becomes a `data` line. Lines end at LF, CR or CRLF, each of which the
    /// client reads as LF. A line end at the end becomes an additional empty line. Empty data is
    /// one empty line, and still an event.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// let json = format!("[{}]", 8);
    /// assert_eq!(Block::data(&json).to_string(), "data: [8]\n\n");
    /// assert_eq!(Block::data("one\r\ntwo").to_string(), "data: one\ndata: two\n\n");
    /// assert_eq!(Block::data("one\n").to_string(), "data: one\ndata: \n\n");
    /// assert_eq!(Block::data("").to_string(), "data: \n\n");
    /// ```
    pub fn data(data: impl Into<Value<'a>>) -> Self {
        Self { data: Some(Lines::of(data.into().as_bytes())), ..Self::new() }
    }

    /// Creates a comment, which clients ignore: a keep-alive.
    ///
    /// Each line of the text becomes a comment line, an empty one a single colon. No blank line
    /// follows: it would dispatch nothing, but some clients return an event for it.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::comment("keep-alive").to_string(), ": keep-alive\n");
    /// assert_eq!(Block::comment("two\nlines").to_string(), ": two\n: lines\n");
    /// assert_eq!(Block::comment("").to_string(), ":\n");
    /// ```
    pub fn comment(text: impl Into<Value<'a>>) -> Self {
        Self { comment: Some(Lines::of(text.into().as_bytes())), ..Self::new() }
    }

    /// Sets the event type. `message` and an empty type mean the same and get no line.
    ///
    /// In a block without data, clients ignore it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidEventType`] if it contains CR or LF: clients would read the rest as fields
    /// or further events.
    ///
    /// ```
    /// use sseam::encode::{Block, Error};
    ///
    /// let injected = "add\n\ndata: injected";
    /// assert_eq!(Block::data("x").event_type(injected), Err(Error::InvalidEventType));
    /// ```
    pub fn event_type(mut self, event_type: impl Into<Value<'a>>) -> Result<Self, Error> {
        let event_type = event_type.into();
        let is_default = event_type.is_empty() || event_type == *DEFAULT_TYPE;
        if !is_default && scan::line_end(event_type.as_bytes()).is_some() {
            return Err(Error::InvalidEventType);
        }
        self.event_type = (!is_default).then_some(event_type);
        Ok(self)
    }

    /// Sets the ID of this event and of the following ones, until another is set.
    ///
    /// An empty ID resets it: a client that reconnects then sends no `Last-Event-ID`.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::data("x").id("")?.to_string(), "id: \ndata: x\n\n");
    /// # Ok::<(), sseam::encode::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidId`] if it contains CR or LF, as in [`event_type`](Self::event_type), or
    /// NUL: clients ignore such an ID.
    pub fn id(mut self, id: impl Into<Value<'a>>) -> Result<Self, Error> {
        let id = id.into();
        if scan::id_end(id.as_bytes()).is_some() {
            return Err(Error::InvalidId);
        }
        self.id = Some(id);
        Ok(self)
    }

    /// Sets the reconnection time: how long a client waits before it connects again.
    ///
    /// It is written in whole milliseconds, rounded down, and at most `u64::MAX`.
    ///
    /// ```
    /// use sseam::encode::Block;
    /// use std::time::Duration;
    ///
    /// let block = Block::new().retry(Duration::from_micros(2_500_999));
    /// assert_eq!(block.to_string(), "retry: 2500\n\n");
    /// ```
    pub fn retry(mut self, reconnection_time: Duration) -> Self {
        self.retry = Some(Millis::of(reconnection_time));
        self
    }
}

/// Encodes an event, such as one from a parser that is sent on.
///
/// The block contains [`Event::last_event_id`], which an earlier event may have set: repeating an ID
/// has no effect. An empty ID is left out, because otherwise streams without IDs would reset the client's at each
/// event. To reset the ID, use [`Block::id`].
///
/// The conversion never fails for an event from a parser. It may for one from [`Event::new`].
///
/// ```
/// use sseam::Event;
/// use sseam::encode::Block;
///
/// let block = Block::try_from(Event::new("x").with_type("message").with_id("8"))?;
/// assert_eq!(block, Block::data("x").id("8")?);
/// # Ok::<(), sseam::encode::Error>(())
/// ```
impl<'a> TryFrom<Event<'a>> for Block<'a> {
    type Error = Error;

    fn try_from(event: Event<'a>) -> Result<Self, Error> {
        let block = Self::data(event.data()).event_type(event.event_type())?;
        let id = event.last_event_id();
        if id.is_empty() { Ok(block) } else { block.id(id) }
    }
}
