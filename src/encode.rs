//! Events out: an event stream is written block by block.
//!
//! A [`Block`] is what stands up to a blank line, and that line: an event, or a
//! comment, with the ID and the reconnection time that go with it. It is checked
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
//! The content type of an event stream is `text/event-stream`, without which a
//! browser's `EventSource` does not read it; `Cache-Control: no-cache` keeps caches
//! from holding it. Send each block when it is written, rather than when some buffer
//! is full, and a comment every 15 seconds or so where proxies drop connections on
//! which nothing moves (section 9.2.7).
//!
//! By axum:
//!
//! ```ignore
//! /// The handler. Each block is a piece of the body, which leaves as soon as it is there.
//! async fn answer() -> impl IntoResponse {
//!     let hello = Block::comment("hello").retry(Duration::from_secs(3));
//!     let tokens = stream::iter(TOKENS).enumerate().map(|(n, token)| token_event(n, token));
//!     let blocks = stream::iter([Ok(hello.to_vec())])
//!         .chain(tokens)
//!         .chain(stream::iter([Ok(Block::data("[DONE]").to_vec())]));
//!     let head = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache")];
//!     (head, Body::from_stream(blocks))
//! }
//!
//! /// An event type or an ID in which a line ends is an error, which breaks the body off.
//! fn token_event(n: usize, token: &str) -> Result<Vec<u8>, encode::Error> {
//!     let id = n.to_string();
//!     Ok(Block::data(token).event_type("token")?.id(id.as_str())?.to_vec())
//! }
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
mod lines;
mod millis;
mod pieces;
mod slice;
mod text;
#[cfg(feature = "alloc")]
mod vec;

pub use error::Error;
pub use pieces::Pieces;
pub use slice::TooSmall;

use core::time::Duration;

use crate::event::DEFAULT_TYPE;
use crate::{Event, Value, scan};
use lines::Lines;
use millis::Millis;

/// What stands in an event stream up to a blank line, and that line.
///
/// It borrows its values, and all that could be wrong with them is told while it is
/// built: writing it fails only where the writer does. However often it is written,
/// the bytes are the same.
///
/// A block always ends with a blank line, a comment's too, so that blocks may follow
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
    /// [reconnection time](Self::retry) on its own.
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
    /// Each line of it becomes a comment line; an empty one is a lone colon. The
    /// blank line behind it dispatches nothing.
    ///
    /// ```
    /// use sseam::encode::Block;
    ///
    /// assert_eq!(Block::comment("keep-alive").to_string(), ": keep-alive\n\n");
    /// assert_eq!(Block::comment("two\nlines").to_string(), ": two\n: lines\n\n");
    /// assert_eq!(Block::comment("").to_string(), ":\n\n");
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
