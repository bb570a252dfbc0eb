//! What a tracker can read an event into.

use super::Error;
use crate::Event;
use crate::json::{Fill, Pass};

pub trait Sealed<'a> {
    /// Reads an event's data in place of what it holds.
    fn read_anew(&mut self, event: &Event<'a>) -> Result<(), Error>;

    /// What it makes of a stream of its API, if it tells all of that.
    fn judged(&self) -> Option<Judged> {
        None
    }
}

/// What a payload makes of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// A chunk of Chat Completions in which nothing matters.
    QuietChunk,
    /// The terminal of Responses, and the answer is whole.
    ResponseCompleted,
}

/// Whether something is there, of whatever kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Odd(pub(super) bool);

/// It is nothing that a payload holds.
impl PartialEq for Odd {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<'a> Fill<'a> for Odd {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        self.0 |= !value.starts_with(b"n");
        let rest = pass.skip(value);
        pass.took = false;
        rest
    }
}

/// A payload type of this module, for [`Tracker::read`](crate::llm::Tracker::read).
pub trait Payload<'a>: Sealed<'a> {
    /// Reads an event's data, in place.
    ///
    /// # Errors
    ///
    /// If the data is no JSON object: see [`Error`].
    fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error> {
        self.read_anew(event)
    }
}
