//! The client, which has neither `std` nor an allocator: to be copied into firmware.

use core::fmt::Write;

use embedded_io_async::BufRead;
use sseam::adapter::Error;
use sseam::adapter::embedded_io_async_v0_7::EventReader;
use sseam::dialect::Chat;
use sseam::payload::{Joiner, chat};
use sseam::{ArrayBuf, Outcome, Parser, Signal, Tracker};

/// What is kept of an event that comes in pieces: 1024 bytes of data, where those of Chat
/// Completions have some 300, and 64 each of event type and ID, which it does not send.
type Buffer = ArrayBuf<1024, 64>;

/// What came of an answer, besides its text.
pub(crate) struct Heard {
    pub(crate) outcome: Outcome,
    pub(crate) events: u32,
    /// Those of them that were no JSON, or had more data than there is room for.
    pub(crate) unread: u32,
    /// Whether the text could be written in part only.
    pub(crate) is_cut: bool,
}

/// Listens to the body of an answer and writes its text as it comes: to a display, a serial
/// line, or a `heapless::String`.
///
/// # Errors
///
/// The connection's. What came before is written.
pub(crate) async fn listen<R: BufRead>(
    connection: R,
    text: &mut impl Write,
) -> Result<Heard, R::Error> {
    let parser = Parser::with_buffer(Buffer::new());
    let mut events = EventReader::with_parser(connection, parser).with_flush();
    let mut tracker = Tracker::new(Chat::new());
    let mut joiner = Joiner::new();
    let mut heard = Heard { outcome: Outcome::Truncated, events: 0, unread: 0, is_cut: false };
    loop {
        match events.next_event().await {
            Ok(Some(event)) => {
                heard.events += 1;
                if !matches!(tracker.observe(&event), Signal::Message | Signal::Last) {
                    continue;
                }
                let Ok(chunk) = chat::Chunk::parse(&event) else {
                    heard.unread += 1;
                    continue;
                };
                chunk.choices.for_each(|choice| {
                    for delta in choice.texts() {
                        // A text that is full is no reason to stop listening. What no longer fits
                        // is followed by nothing: a text with a gap would be a wrong one.
                        heard.is_cut = heard.is_cut || joiner.write(delta, text).is_err();
                    }
                });
            }
            Ok(None) => break,
            // It was about one event: the next call goes on behind it.
            Err(Error::Parse(_)) => {
                heard.events += 1;
                heard.unread += 1;
            }
            Err(Error::Transport(error)) => return Err(error),
        }
    }
    heard.is_cut = heard.is_cut || joiner.finish(text).is_err();
    heard.outcome = tracker.finish(events.end());
    Ok(heard)
}
