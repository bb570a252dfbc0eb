//! Adapters that read answers and events from a transport.
//!
//! Each kind of transport has a module and a feature:
//!
//! | module | reads | feature |
//! | --- | --- | --- |
//! | [`io`] | any [`std::io::BufRead`] | `std` |
//! | [`stream`] | any [`Stream`](futures_core::Stream) of chunks: reqwest, hyper | `stream` |
//! | [`tokio`] | any [`AsyncBufRead`](::tokio::io::AsyncBufRead) of tokio | `tokio` |
//! | [`futures_io`] | any [`AsyncBufRead`](::futures_io::AsyncBufRead) of futures-io | `futures-io` |
//! | [`codec`] | any `AsyncRead` of tokio, by [`FramedRead`](tokio_util::codec::FramedRead) | `codec` |
//! | [`embedded_io_v0_7`] | any [`embedded_io::BufRead`] | `embedded-io-v0_7` |
//! | [`embedded_io_async_v0_7`] | any [`embedded_io_async::BufRead`] | `embedded-io-async-v0_7` |
//!
//! All but `codec` have two types: `AnswerReader` or `AnswerStream` for the answers of language
//! models, and `EventReader` or `EventStream` for all other streams.
//!
//! # Answers
//!
//! An answer has an outcome even if its connection breaks. Therefore the loop has no `?`: it
//! ends in any case, and `outcome` and `error` return how the answer ended.
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::adapter::io::AnswerReader;
//! use sseam::llm::{Delta, Outcome};
//!
//! let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DO"[..];
//! let mut answers = AnswerReader::new(body); // Of any API.
//! let mut shown = String::new();
//! while let Some(event) = answers.next_event() {
//!     for delta in event.deltas() {
//!         if let Delta::Text { text, .. } = delta {
//!             text.append_to(&mut shown);
//!         }
//!     }
//! }
//! if let Some(error) = answers.error() {
//!     eprintln!("{error}");
//! }
//! assert_eq!(shown, "Hi");
//! assert_eq!(answers.outcome(), Outcome::Truncated);
//! assert!(answers.outcome().is_retry_candidate());
//! ```
//!
//! - Keep-alives are skipped. After the final event of the answer, `next_event` returns `None` and
//!   does not read what follows. To reuse the connection, call `into_events` and read to the end.
//! - An event that exceeds a limit of the parser is skipped, and `error` returns the error. If no
//!   final event comes after that, the outcome is [`Unknown`](crate::llm::Outcome::Unknown), not
//!   truncated: the skipped event may have been the final one.
//! - At the end of the stream, an event without its blank line is read, because some servers omit
//!   that line. Such an event ends the answer only if its data is complete. A body that is not an
//!   event stream, such as `{"error":…}`, is read as an error.
//! - While only keep-alives arrive, `next_event` does not return. A timeout around an asynchronous
//!   call therefore limits the time without progress, not the time without bytes. For the reader in
//!   [`io`], `with_stall_limit` does the same.
//!
//! # Events
//!
//! `next_event` returns a borrowed event, or `None` at the end of the stream. [`Error::Transport`] is
//! a failure of the transport. [`Error::Parse`] concerns one event, which exceeds a limit: the next
//! call continues after it.
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::adapter::{Error, io::EventReader};
//!
//! # fn main() -> std::io::Result<()> {
//! let mut events = EventReader::new(&b"data: one\n\ndata: two\n\n"[..]);
//! loop {
//!     match events.next_event() {
//!         Ok(Some(event)) => println!("{}", event.data()),
//!         Ok(None) => break,
//!         Err(Error::Parse(error)) => eprintln!("{error}"),
//!         Err(Error::Transport(error)) => return Err(error),
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! The transport is read only when no buffered bytes are left. At the end of the stream, a pending
//! event is discarded, as the standard requires, and `end` reports whether there was one. With
//! `with_flush` it is dispatched.
//!
//! For the next connection, take the parser with its last event ID by `into_parts`, and pass it to
//! `with_parser`:
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::adapter::io::EventReader;
//!
//! let mut events = EventReader::new(&b"id: 7\ndata: one\n\ndata: tw"[..]);
//! while let Some(event) = events.next_event()? {
//!     println!("{}", event.data());
//! }
//! let (_, parser) = events.into_parts(); // The stream has ended: its half event was discarded.
//! assert_eq!(parser.last_event_id(), "7"); // To be sent as `Last-Event-ID`.
//!
//! // Some servers omit the last blank line.
//! let next = EventReader::with_parser(&b"data: two\n\ndata: three\n"[..], parser);
//! let mut events = next.with_flush();
//! assert_eq!(events.next_event()?.expect("an event").data(), "two");
//! assert_eq!(events.next_event()?.expect("an event").data(), "three");
//! assert!(events.next_event()?.is_none());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! If the stream did not end, for example because the connection broke, call
//! [`Parser::reset`](crate::Parser::reset) before `with_parser`.
//!
//! # Methods of all
//!
//! The readers and streams of all modules have the same methods. This example reads an answer whose
//! protocol is known, with a limit on the size of events:
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::Parser;
//! use sseam::adapter::io::AnswerReader;
//! use sseam::llm::{Answer, Protocol};
//!
//! let body = &b"id: 1\ndata: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n\
//!     data: {\"choices\":[],\"usage\":{\"completion_tokens\":9}}\n\ndata: [DONE]\n\nrest"[..];
//! let parser = Parser::with_limit(1 << 20);
//! let mut answers = AnswerReader::with_parser(body, parser).with_answer(Answer::of(Protocol::CHAT));
//! while let Some(event) = answers.next_event() {
//!     assert_eq!(event.item().event(), event.event()); // No notification.
//!     event.deltas().for_each(drop);
//! }
//! assert_eq!(answers.reason().expect("a reason").as_str(), "stop");
//! assert_eq!(answers.usage().output, Some(9));
//! assert_eq!(answers.answer().tracker().protocol(), Some(Protocol::CHAT));
//! assert_eq!(answers.parser().last_event_id(), "1");
//! assert_eq!(answers.span(), 106..120); // The bytes of the last event in the stream.
//! assert_eq!(answers.pending(), 0);
//! assert_eq!(answers.get_ref(), b"rest");
//! assert!(answers.into_error().is_none()); // Or `into_events`, to read what follows.
//! ```
//!
//! This example reads events and comments:
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::adapter::io::EventReader;
//! use sseam::{End, Item, Notify, Parser};
//!
//! let parser = Parser::new().with_notify(Notify::COMMENTS);
//! let mut events = EventReader::with_parser(&b": hello\n\ndata: one\n\nda"[..], parser);
//! while let Some(item) = events.next_item()? {
//!     match item {
//!         Item::Event(event) => println!("{}", event.data()),
//!         Item::Comment { text, .. } => println!("a comment: {text}"),
//!         _ => {}
//!     }
//! }
//! assert_eq!(events.end(), Some(End::MidEvent));
//! assert_eq!(events.span(), 8..20); // Of the event, with the blank line before it.
//! assert_eq!(events.pending(), 2);
//! assert_eq!(events.parser().last_event_id(), "");
//! assert_eq!(events.get_ref(), b"");
//! # Ok::<(), std::io::Error>(())
//! ```

#[cfg(any(
    feature = "std",
    feature = "stream",
    feature = "embedded-io-v0_7",
    feature = "embedded-io-async-v0_7",
))]
mod answer;
#[cfg(any(feature = "tokio", feature = "futures-io"))]
mod async_buf_read;
#[cfg(feature = "codec")]
#[cfg_attr(docsrs, doc(cfg(feature = "codec")))]
pub mod codec;
#[cfg(any(
    feature = "std",
    feature = "stream",
    feature = "embedded-io-v0_7",
    feature = "embedded-io-async-v0_7",
))]
mod driver;
#[cfg(feature = "embedded-io-async-v0_7")]
#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-async-v0_7")))]
pub mod embedded_io_async_v0_7;
#[cfg(feature = "embedded-io-v0_7")]
#[cfg_attr(docsrs, doc(cfg(feature = "embedded-io-v0_7")))]
pub mod embedded_io_v0_7;
mod error;
#[cfg(feature = "futures-io")]
#[cfg_attr(docsrs, doc(cfg(feature = "futures-io")))]
pub mod futures_io;
#[cfg(feature = "std")]
#[cfg_attr(docsrs, doc(cfg(feature = "std")))]
pub mod io;
#[cfg(any(
    feature = "std",
    feature = "stream",
    feature = "embedded-io-v0_7",
    feature = "embedded-io-async-v0_7",
))]
mod position;
#[cfg(feature = "stream")]
mod shared;
#[cfg(feature = "stream")]
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub mod stream;
#[cfg(feature = "tokio")]
#[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
pub mod tokio;

#[cfg(any(
    feature = "std",
    feature = "stream",
    feature = "embedded-io-v0_7",
    feature = "embedded-io-async-v0_7",
))]
pub use answer::AnswerEvent;
pub use error::Error;
