#![doc = include_str!("../README.md")]

mod answer_source;
mod driver;
mod error;
mod event_source;
mod exchange;

pub use answer_source::AnswerSource;
pub use error::{CannotClone, Error};
pub use event_source::{EventSource, Item, ItemStream};
pub use exchange::{add_headers, answered};
