//! The client, without `std` and without an allocator: to be copied into firmware.

use core::fmt::Write;

use embedded_io_async::BufRead;
use sseam::adapter::Error;
use sseam::adapter::embedded_io_async_v0_7::AnswerReader;
use sseam::llm::{Answer, Delta, Outcome, Protocol};
use sseam::{ArrayBuf, Parser};

/// Buffers an event that arrives in pieces: 1024 bytes of data, where those of Chat Completions
/// have some 300, and 64 each of event type and ID, which it does not send.
type Buffer = ArrayBuf<1024, 64>;

/// The result of reading an answer, besides its text.
pub(crate) struct Report {
    pub(crate) outcome: Outcome,
    pub(crate) events: u32,
    /// Whether an event exceeded the limit on data, and was skipped.
    pub(crate) has_skipped: bool,
    /// Whether the text was written only in part.
    pub(crate) is_cut: bool,
}

/// Reads the body of an answer and writes its text as it arrives: to a display, a serial line, or a
/// `heapless::String`.
///
/// # Errors
///
/// The connection's errors. The text before them is written.
pub(crate) async fn listen<R: BufRead>(
    connection: R,
    text: &mut impl Write,
) -> Result<Report, R::Error> {
    let parser = Parser::with_buffer(Buffer::new());
    let answer = Answer::of(Protocol::CHAT);
    let mut answers = AnswerReader::with_parser(connection, parser).with_answer(answer);
    let (mut events, mut is_cut) = (0, false);
    while let Some(event) = answers.next_event().await {
        events += 1;
        for delta in event.deltas() {
            if let Delta::Text { text: piece, .. } = delta {
                // A full text does not end the reading. Once a piece does not fit, no further one
                // is written: the text must not have gaps.
                is_cut = is_cut || piece.write_to(text).is_err();
            }
        }
    }
    let outcome = answers.outcome();
    let has_skipped = match answers.into_error() {
        Some(Error::Transport(error)) => return Err(error),
        error => error.is_some(),
    };
    Ok(Report { outcome, events, has_skipped, is_cut })
}
