//! A zero-copy, `no_std` parser for Server-Sent Events, and a layer that reads the answers of
//! language models from them.
//!
//! [`Parser`] takes byte chunks from any transport and returns events that borrow from them. It
//! follows the WHATWG standard exactly, within documented limits. Its results do not depend on where
//! the chunks are cut:
//!
//! ```
//! use sseam::Parser;
//!
//! let mut parser = Parser::new();
//! for mut chunk in [&b"event: add\ndata: 73"[..], b"857\n\ndata: x\n\n"] {
//!     while let Some(event) = parser.next_event(&mut chunk)? {
//!         println!("{}: {}", event.event_type(), event.data());
//!     }
//! }
//! # Ok::<(), sseam::Error>(())
//! ```
//!
#![doc = include_str!("../docs/flow.svg")]
//!
//! The page of [`Parser`] shows how to continue after an error, how to end a stream, and how to
//! return a borrowed event from a function of your own.
//!
//! # Which type
//!
//! | you have | any event stream | the answer of a language model |
//! | --- | --- | --- |
//! | byte chunks | [`Parser`] | [`Parser`] and [`Answer`](llm::Answer) |
//! | reqwest, hyper: a `Stream` of chunks | [`EventStream`](adapter::stream::EventStream) | [`AnswerStream`](adapter::stream::AnswerStream) |
//! | ureq, a file: a `BufRead` | [`EventReader`](adapter::io::EventReader) | [`AnswerReader`](adapter::io::AnswerReader) |
//! | an `AsyncBufRead` of tokio | [`tokio::EventReader`](adapter::tokio::EventReader) | [`tokio::AnswerReader`](adapter::tokio::AnswerReader) |
//! | an `AsyncBufRead` of futures-io | [`futures_io::EventReader`](adapter::futures_io::EventReader) | [`futures_io::AnswerReader`](adapter::futures_io::AnswerReader) |
//! | a `BufRead` of embedded-io | [`embedded_io_v0_7::EventReader`](adapter::embedded_io_v0_7::EventReader) | [`embedded_io_v0_7::AnswerReader`](adapter::embedded_io_v0_7::AnswerReader) |
//! | a `BufRead` of embedded-io-async | [`embedded_io_async_v0_7::EventReader`](adapter::embedded_io_async_v0_7::EventReader) | [`embedded_io_async_v0_7::AnswerReader`](adapter::embedded_io_async_v0_7::AnswerReader) |
//! | tokio-util's `Framed` | [`EventCodec`](adapter::codec::EventCodec) | [`EventCodec`](adapter::codec::EventCodec) and [`Answer`](llm::Answer) |
//! | a URL, reconnecting | [`sseam_reqwest::EventSource`](https://docs.rs/sseam-reqwest), or [`Source`](source::Source) with any client | [`sseam_reqwest::AnswerSource`](https://docs.rs/sseam-reqwest) |
//!
//! | to | take |
//! | --- | --- |
//! | collect all that a model said | [`llm::Collected`], without an allocator [`llm::SliceCollector`] |
//! | know only whether an answer is complete, as in a proxy | [`llm::Tracker`] |
//! | read every field that one provider sends | [`llm::payload`] |
//! | read data into types of your own | [`Event::json`], [`Event::json_core`] |
//! | write events | [`encode::Block`] |
//! | choose where a parser keeps what straddles chunks | [`VecBuf`], [`ArrayBuf`], [`SliceBuf`] |
//!
//! # Features
//!
//! `std` is on by default. Without it, the parser, sources, answers and the encoder remain, and need
//! no allocator. `alloc` adds the types that live on the heap. `json` and `json-core` read data into
//! types of your own by `serde_json` and serde-json-core. `stream` adapts to futures-core and bytes,
//! `codec` to tokio-util, and `tokio`, `futures-io`, `embedded-io-v0_7`, `embedded-io-async-v0_7` and
//! `heapless` to the crates of these names. A feature never changes what works without it.
//!
//! `alloc` is part of `std`, `json` and `stream`; `std` is part of `codec`, `tokio` and `futures-io`.
//!
//! The minimum Rust version is 1.85. With `json-core` or `heapless` it is 1.87, and heapless 0.9.4 itself
//! needs 1.88. A minor release may raise these versions, a patch release does not.
//!
//! # Further pages
//!
//! - [`guide::c`]: the library for C and C++.
//! - [`guide::guarantees`]: each promise, and the test that checks it.
//! - [`guide::edge_cases`]: what is easily missed in the standard, and the bounds.
//! - [`guide::embedded`]: figures of a microcontroller, and what is left out there.
//! - [`guide::speed`]: measurements, beside other parsers.
//! - [`guide::decisions`]: why it is made as it is.
//! - [`guide::migrating`]: from other crates.
//! - The [changelog](https://docs.rs/crate/sseam/latest/source/CHANGELOG.md), with an upgrade guide.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The tables link to what features add.
#![cfg_attr(
    not(all(feature = "__adapters", feature = "json", feature = "json-core")),
    allow(rustdoc::broken_intra_doc_links)
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod adapter;
mod buffer;
pub mod encode;
mod error;
mod event;
mod field;
#[cfg(doc)]
pub mod guide;
pub mod json;
pub mod llm;
mod notify;
mod parser;
mod scan;
mod size;
pub mod source;
mod value;
#[cfg(feature = "__work")]
#[doc(hidden)]
pub mod work;
#[cfg(not(feature = "__work"))]
mod work;

#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
pub use buffer::VecBuf;
pub use buffer::{ArrayBuf, Buffer, SliceBuf};
pub use error::{Error, LastEventIdError};
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
pub use event::OwnedEvent;
pub use event::{End, Event, Item};
pub use field::Field;
pub use notify::Notify;
pub use parser::{Found, Parser};
pub use value::{ParseValueError, Value};
