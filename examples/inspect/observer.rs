//! What hears of the stream.

use std::io;
use std::time::Duration;

use sseam::{Error, Item, Value};

/// Is told, in stream order, what the parser makes of the stream. Its errors
/// are those of its own output.
pub(crate) trait Observer {
    /// The stream is about to be read.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The bytes that the parser has just taken; what came of them, if
    /// anything did, is told next.
    fn passed(&mut self, _bytes: &[u8]) {}

    /// An event or a notification, and the chunk in which it ended.
    fn item(&mut self, item: Item<'_>, chunk: &[u8]) -> io::Result<()>;

    /// An event that could not be had.
    fn error(&mut self, error: Error) -> io::Result<()>;

    /// The end of the stream: nothing is told after it.
    fn end(&mut self, outcome: &Outcome<'_>) -> io::Result<()>;

    /// Lets what was told be seen.
    fn flush(&mut self) -> io::Result<()>;
}

/// How the stream ended, and what it leaves behind for the next connection.
pub(crate) struct Outcome<'a> {
    pub(crate) discarded: bool,
    pub(crate) last_event_id: Value<'a>,
    pub(crate) retry: Option<Duration>,
}
