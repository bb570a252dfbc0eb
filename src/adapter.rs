//! Answers and events from a transport.
//!
//! There is a module for each kind of transport, with a feature each:
//!
//! | module | takes | feature |
//! | --- | --- | --- |
//! | [`io`] | any [`std::io::BufRead`] | `std` |
//! | [`stream`] | any [`Stream`](futures_core::Stream) of chunks: reqwest, hyper | `stream` |
//! | [`tokio`] | any [`AsyncBufRead`](::tokio::io::AsyncBufRead) of tokio | `tokio` |
//! | [`futures_io`] | any [`AsyncBufRead`](::futures_io::AsyncBufRead) of futures-io | `futures-io` |
//! | [`codec`] | what tokio-util frames | `codec` |
//! | [`embedded_io_v0_7`] | any [`embedded_io::BufRead`] | `embedded-io-v0_7` |
//! | [`embedded_io_async_v0_7`] | any [`embedded_io_async::BufRead`] | `embedded-io-async-v0_7` |
//!
//! All but `codec` have two types: `AnswerReader` or `AnswerStream` for the answers of language
//! models, and `EventReader` or `EventStream` for all other streams.
//!
//! # Answers
//!
//! An answer has an outcome even if its connection breaks. So the loop has no `?`: whatever
//! happens is an end, and `outcome` and `error` say which.
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
//! - Keep-alives and events after the end are passed over. After the event that ends the answer
//!   `next_event` returns `None` and does not read: to use the connection again, drain it by
//!   `into_events`.
//! - An event that exceeds a limit of the parser is skipped, and noted: `error` has it, and an
//!   answer without an end is then [`Outcome::Unknown`](crate::llm::Outcome::Unknown).
//! - At the end of the stream an event is read that lacks its blank line, as some servers leave it
//!   out. It ends the answer only if its data is whole, and not without data. A body that is no
//!   event stream, such as `{"error":…}`, is read as the error that it is.
//! - Events that are ignored are no progress. So a timeout around `next_event` is a limit on
//!   the time without progress, where futures can be dropped; the reader in [`io`] has one of its
//!   own.
//!
//! # Events
//!
//! `next_event` borrows the next event, and returns `None` at the end of the stream. [`Error`]
//! distinguishes a failure of the transport from an event that exceeds a limit. What is buffered is
//! parsed before more is read. At the end of the stream what is pending is discarded, as the
//! standard requires, and `end` reports whether there was anything; made `with_flush`, they
//! dispatch it.
//!
//! For the next connection take the parser, which knows the last event ID, by
//! `into_parts`, and begin `with_parser`.

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
