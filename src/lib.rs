#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

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
pub mod json;
pub mod llm;
#[cfg(all(doc, feature = "stream"))]
pub mod migrating;
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
