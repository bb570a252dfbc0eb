//! Events out: an event stream is written block by block.
//!
//! A [`Block`] is an event, up to and with its blank line, or a comment, with the ID
//! and the reconnection time that go with it. It is checked
//! as it is built and then written to whatever takes bytes:
//!
//! ```
//! use sseam::encode::Block;
//!
//! let block = Block::data("73857293").event_type("add")?.id("8")?;
//! assert_eq!(block.to_string(), "id: 8\nevent: add\ndata: 73857293\n\n");
//! # Ok::<(), sseam::encode::Error>(())
//! ```
//!
//! | into | by |
//! | --- | --- |
//! | a byte slice | [`write_to_slice`](Block::write_to_slice) |
//! | a `Vec<u8>` | `append_to`, or `to_vec` for a new one (feature `alloc`) |
//! | a `bytes::Bytes` | `Bytes::from(block)` (feature `stream` or `codec`) |
//! | a `heapless::Vec<u8, N>` | `append_to_heapless` (feature `heapless`) |
//! | text: a `String`, a `heapless::String`, any [`fmt::Write`](core::fmt::Write) | [`Display`](core::fmt::Display), such as `write!(text, "{block}")` |
//! | a writer of `std` | `write_to` (feature `std`) |
//! | a writer of `embedded-io` | `write_to_embedded_io_v0_7` (feature `embedded-io-v0_7`) |
//! | a writer of `embedded-io-async` | `write_to_embedded_io_async_v0_7` (feature `embedded-io-async-v0_7`) |
//! | a `FramedWrite` of tokio-util | `adapter::codec` (feature `codec`) |
//! | anything else | [`pieces`](Block::pieces): the bytes, as slices of what the block was built from |
//!
//! All of them write the same bytes (but text has U+FFFD for what is not UTF-8),
//! in time linear in them, and only `append_to`, `to_vec` and `Bytes` allocate.
//!
//! # Nothing gets in
//!
//! Whatever a block is built from, who reads it sees that one block: at most one
//! event, with exactly these values. Data and comments are split over lines at each
//! line end, be it LF, CR or CRLF; the reader joins the lines of data with LF. An
//! event type or an ID stands in one line, so one that holds a line end is an
//! [`Error`], as is an ID that holds NUL, which readers ignore (WHATWG HTML, section
//! 9.2.6). Everything else survives the way to the parser: leading spaces, empty
//! data, line ends at the end, NUL, a byte order mark.
//!
//! # Over HTTP
//!
//! - The response has the [`HEADERS`]: without their content type a browser's `EventSource` does
//!   not read it.
//! - Send each block when it is written, rather than when some buffer is full, and turn on
//!   `TCP_NODELAY`: otherwise a small event may wait until the one before it is acknowledged.
//! - Where proxies drop connections on which nothing moves, send a comment every 15 seconds or so
//!   (section 9.2.7), as `KeepAlive` does (feature `stream`).
//! - Send a [reconnection time](Block::retry) and [IDs](Block::id) with events, rather than in
//!   blocks of their own. Some readers, those of openai-python and httpx-sse among them, make an
//!   event without data of a block that holds only an ID or a reconnection time and, once an ID
//!   has come, of each blank line. For the same reason no blank line follows a
//!   [comment](Block::comment).
//!
//! By axum, all of that:
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
//! # For clients that reconnect
//!
//! A client that comes back sends the ID of the last event that it has seen, as `Last-Event-ID`.
//! A server that numbers its events and keeps the last of them sends it the others:
//!
//! ```
//! use std::collections::VecDeque;
//! use sseam::encode::Block;
//!
//! /// The last events of a feed, as they were sent.
//! #[derive(Default)]
//! struct Replay {
//!     blocks: VecDeque<Vec<u8>>,
//!     /// The number of events so far, of which the last has that number as its ID.
//!     sent: u64,
//! }
//!
//! impl Replay {
//!     const MOST: usize = 1000;
//!
//!     /// Returns the block to send.
//!     fn push(&mut self, data: &str) -> Result<&[u8], sseam::encode::Error> {
//!         self.sent += 1;
//!         let block = Block::data(data).id(self.sent.to_string().as_str())?.to_vec();
//!         if self.blocks.len() == Self::MOST {
//!             self.blocks.pop_front();
//!         }
//!         self.blocks.push_back(block);
//!         Ok(&self.blocks[self.blocks.len() - 1])
//!     }
//!
//!     /// Returns what to send first to a client that has seen `last_event_id`; `None` if some of
//!     /// it is gone, or the ID is not one of this feed's: such a client has to begin anew.
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

/// The headers of a response that is an event stream: its content type, and that neither caches
/// nor nginx hold it back.
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

/// An event, up to and with its blank line; or a comment.
///
/// It borrows its values, and all that could be wrong with them is told while it is
/// built: writing it fails only where the writer does. However often it is written,
/// the bytes are the same.
///
/// A block ends with a blank line, if it is not a comment alone, so that blocks may follow
/// each other in any order and none adds to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "a block is sent where it is written"]
pub struct Block<'a> {
    retry: Option<Millis>,
    id: Option<Value<'a>>,
    /// Not `message`, which needs no line.
    event_type: Option<Value<'a>>,
    comment: Option<Lines<'a>>,
    data: Option<Lines<'a>>,
}

impl<'a> Block<'a> {
    /// A block without data, which is no event: for an [ID](Self::id) or a
    /// [reconnection time](Self::retry) on its own, which [some readers](self#over-http) take for
    /// an event. Without either it is empty.
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

    /// An event with this data, of the type `message`.
    ///
    /// Each line of it becomes a `data` line; a line ends at LF, CR or CRLF, and who
    /// reads it gets LF for each. A line end at the end is kept, as an empty line
    /// behind it. Empty data is one empty line, and an event all the same.
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

    /// A comment, which readers pass over: a sign of life.
    ///
    /// Each line of it becomes a comment line; an empty one is a lone colon. No blank line
    /// follows a comment alone: it would dispatch nothing, but some readers make an event of it.
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

    /// Sets the event type. `message` needs no line of its own and gets none; an
    /// empty type means the same. In a block without data it has no effect on who
    /// reads it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidEventType`] where it holds CR or LF: what follows that would be
    /// read as fields, or as further events.
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

    /// Sets the ID, which is that of this event and of those that follow, until
    /// another one is set. An empty one resets it: a client that reconnects then
    /// sends no `Last-Event-ID`.
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
    /// [`Error::InvalidId`] where it holds CR or LF, as with
    /// [`event_type`](Self::event_type), or NUL: readers ignore such an ID.
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
    /// It is written in whole milliseconds: a fraction is dropped (so less than one
    /// becomes none), and what is more than `u64::MAX` of them becomes that.
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

/// An event that was read or made, to be sent (on).
///
/// The *last* event ID goes with it, whether this event had set it or an earlier one
/// had: to say it again changes nothing. An empty one is left out, because streams
/// without IDs would else reset on each event what a client holds; where an ID was
/// reset, say so with [`Block::id`].
///
/// What a parser yields is never refused; an event made by [`Event::new`] may be.
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
