//! What hears of the stream.

use std::io;
use std::time::Duration;

use sseam::dialect::Violation;
use sseam::{Error, Item, Outcome, Signal, Value};

/// Is told, in stream order, what the parser makes of the stream, and a dialect
/// where one was chosen. Its errors are those of its own output.
pub(crate) trait Observer {
    /// The stream is about to be read.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The bytes that the parser has just taken; what came of them, if
    /// anything did, is told next.
    fn passed(&mut self, _bytes: &[u8]) {}

    /// An event or a notification, what it is in the dialect, and the chunk in
    /// which it ended.
    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()>;

    /// Where the event told last broke the provider's word.
    fn violation(&mut self, violation: &Violation) -> io::Result<()>;

    /// An event that could not be had.
    fn error(&mut self, error: Error) -> io::Result<()>;

    /// The end of the stream: nothing is told after it.
    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()>;

    /// Lets what was told be seen.
    fn flush(&mut self) -> io::Result<()>;
}

/// How the stream ended, and what it leaves behind for the next connection.
pub(crate) struct Ending<'a> {
    pub(crate) discarded: bool,
    pub(crate) last_event_id: Value<'a>,
    pub(crate) retry: Option<Duration>,
    /// Where a dialect was chosen.
    pub(crate) verdict: Option<Verdict>,
}

/// What the dialect says at the end.
pub(crate) struct Verdict {
    pub(crate) dialect: &'static str,
    pub(crate) outcome: Outcome,
    /// Whether the terminal was a notification, which the observer was not told.
    pub(crate) is_hidden: bool,
}
