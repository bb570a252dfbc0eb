//! The client, which has neither `std` nor an allocator: to be copied into firmware.

use core::fmt::Write;

use embedded_io_async::BufRead;
use sseam::adapter::Error;
use sseam::adapter::embedded_io_async_v0_7::AnswerReader;
use sseam::llm::{Answer, Delta, Outcome, Protocol};
use sseam::{ArrayBuf, Parser};

/// What is kept of an event that comes in pieces: 1024 bytes of data, where those of Chat
/// Completions have some 300, and 64 each of event type and ID, which it does not send.
type Buffer = ArrayBuf<1024, 64>;

/// What is known of an answer, besides its text.
pub(crate) struct Heard {
    pub(crate) outcome: Outcome,
    pub(crate) events: u32,
    /// Whether an event had more data than there is room for, and was skipped.
    pub(crate) has_skipped: bool,
    /// Whether the text could be written in part only.
    pub(crate) is_cut: bool,
}

/// Reads the body of an answer and writes its text as it comes: to a display, a serial line, or a
/// `heapless::String`.
///
/// # Errors
///
/// The connection's. What came before is written.
pub(crate) async fn listen<R: BufRead>(
    connection: R,
    text: &mut impl Write,
) -> Result<Heard, R::Error> {
    let parser = Parser::with_buffer(Buffer::new());
    let answer = Answer::of(Protocol::CHAT);
    let mut answers = AnswerReader::with_parser(connection, parser).with_answer(answer);
    let (mut events, mut is_cut) = (0, false);
    while let Some(event) = answers.next_event().await {
        events += 1;
        for delta in event.deltas() {
            if let Delta::Text { text: piece, .. } = delta {
                // A text that is full is no reason to stop. What no longer fits is followed by
                // nothing: a text with a gap would be a wrong one.
                is_cut = is_cut || piece.write_to(text).is_err();
            }
        }
    }
    let outcome = answers.outcome();
    let has_skipped = match answers.into_error() {
        Some(Error::Transport(error)) => return Err(error),
        error => error.is_some(),
    };
    Ok(Heard { outcome, events, has_skipped, is_cut })
}
