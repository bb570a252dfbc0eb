#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod decoder;
mod error;
mod event;
mod event_stream;

pub use error::EventStreamError;
pub use event::Event;
pub use event_stream::{EventStream, Eventsource};
