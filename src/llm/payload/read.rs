//! The trait of the types that a tracker can read an event into.

use super::Error;
use crate::Event;
use crate::json::{Fill, Pass};

pub trait Sealed<'a> {
    /// Reads an event's data, and replaces all contents.
    fn read_from(&mut self, event: &Event<'a>) -> Result<(), Error>;

    /// Returns the effect on a stream of this API, if the payload alone decides it.
    fn stream_effect(&self) -> Option<StreamEffect> {
        None
    }
}

/// The effect of a payload on its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEffect {
    /// None: a chunk of Chat Completions that cannot affect the outcome.
    PlainChunk,
    /// The stream is completed: the final event of Responses.
    ResponseCompleted,
}

/// Whether a member exists and is not `null`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Presence(pub(super) bool);

/// All are equal, because a payload's contents do not include them.
impl PartialEq for Presence {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Presence {}

impl<'a> Fill<'a> for Presence {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        self.0 |= !value.starts_with(b"n");
        let rest = pass.skip(value);
        pass.took = false;
        rest
    }
}

/// The payload types of this module. Sealed. Used by [`Tracker::read`](crate::llm::Tracker::read),
/// which has an example.
pub trait Payload<'a>: Sealed<'a> {
    /// Reads an event's data, and replaces all contents.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::payload::chat::Chunk;
    ///
    /// let mut chunk = Chunk::default(); // For all events of a stream.
    /// for data in [r#"{"model":"m"}"#, r#"{"choices":[{"index":0}]}"#] {
    ///     chunk.read_in(&Event::new(data))?;
    /// }
    /// assert!(chunk.model.is_none() && !chunk.choices.is_empty());
    /// # Ok::<(), sseam::llm::payload::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is not a JSON object: see [`Error`].
    fn read_in(&mut self, event: &Event<'a>) -> Result<(), Error> {
        self.read_from(event)
    }
}
