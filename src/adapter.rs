//! A transport's bytes in, events out.
//!
//! One way in for each kind of transport, a feature each:
//!
//! | module | takes | feature |
//! | --- | --- | --- |
//! | [`io`] | any [`std::io::BufRead`] | `std` |
//! | [`stream`] | any [`Stream`](futures_core::Stream) of chunks: reqwest, hyper | `stream` |
//! | [`codec`] | what tokio-util frames | `codec` |
//! | [`embedded_io_v0_7`] | any [`embedded_io::BufRead`] | `embedded-io-v0_7` |
//! | [`embedded_io_async_v0_7`] | any [`embedded_io_async::BufRead`] | `embedded-io-async-v0_7` |
//!
//! They are all used alike: `next_event` lends the next event, `None` is the end of
//! the stream, and [`Error`] tells what is wrong with the transport from what is
//! wrong with an event. What is buffered is parsed before more is read. At the end of
//! the stream what is pending is discarded, as the standard asks, and `end` says
//! whether there was anything; made `with_flush`, they dispatch it.
//!
//! A [`Tracker`](crate::Tracker) takes the `end` as it is, also where there is none
//! because the connection broke off:
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use sseam::adapter::io::EventReader;
//! use sseam::dialect::Auto;
//! use sseam::{Outcome, Tracker};
//!
//! let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DO"[..];
//! let mut events = EventReader::new(body).with_flush();
//! let mut tracker = Tracker::new(Auto::new());
//! loop {
//!     match events.next_event() {
//!         Ok(Some(event)) => {
//!             if tracker.observe(&event).is_end() {
//!                 break;
//!             }
//!         }
//!         Ok(None) => break,
//!         Err(error) => {
//!             eprintln!("{error}");
//!             break;
//!         }
//!     }
//! }
//! let outcome = tracker.finish(events.end());
//! assert_eq!(outcome, Outcome::Truncated);
//! assert!(outcome.is_retry_candidate());
//! ```
//!
//! For the next connection take the parser, which knows the last event ID, by
//! `into_parts`, and begin `with_parser`.

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
#[cfg(feature = "std")]
#[cfg_attr(docsrs, doc(cfg(feature = "std")))]
pub mod io;
#[cfg(feature = "stream")]
mod shared;
#[cfg(feature = "stream")]
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub mod stream;

pub use error::Error;
