//! Reads the answer in a stream of chunks. Used by all commands but `inspect`, which shows the
//! events themselves.

use std::io;

use sseam::llm::{Answer, Delta, Outcome, Protocol, Signal};
use sseam::{End, Error, Item, Parser, VecBuf};

/// A step of the stream, in order.
#[derive(Clone, Copy)]
pub(crate) enum Step<'s, 'e> {
    /// A new part of the answer.
    Delta(&'s Delta<'e>),
    /// An item, after its deltas, and its signal.
    Item(&'s Item<'e>, Signal),
    /// An event that the parser dropped. Later events follow.
    Lost(Error),
}

/// Receives the steps. Errors are those of its own output.
pub(crate) type Take<'t> = dyn FnMut(Step<'_, '_>) -> io::Result<()> + 't;

pub(crate) struct Reader {
    parser: Parser<VecBuf>,
    answer: Answer,
}

impl Reader {
    /// Reads this protocol, or detects it.
    #[cfg(feature = "http")]
    pub(crate) fn new(protocol: Option<&'static Protocol>) -> Self {
        Self::with_limit(protocol, VecBuf::DEFAULT_DATA_LIMIT)
    }

    /// With this limit on an event's data, in bytes.
    pub(crate) fn with_limit(protocol: Option<&'static Protocol>, limit: usize) -> Self {
        let buffer = VecBuf::with_limits(limit, VecBuf::DEFAULT_META_LIMIT);
        Self {
            parser: Parser::with_buffer(buffer).with_notify(Answer::NOTIFY),
            answer: protocol.map_or_else(Answer::new, Answer::of),
        }
    }

    pub(crate) const fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Reads the next chunk.
    pub(crate) fn feed(&mut self, mut chunk: &[u8], take: &mut Take<'_>) -> io::Result<()> {
        loop {
            match self.parser.next_item(&mut chunk) {
                Ok(Some(item)) => read(&mut self.answer, &item, take)?,
                Ok(None) => return Ok(()),
                // The error concerns one event: the next call continues after it.
                Err(error) => lose(&mut self.answer, error, take)?,
            }
        }
    }

    /// Ends the stream, and reads a last line without a line end that is not part of an event: a
    /// body that is not an event stream, such as `{"error":…}`.
    pub(crate) fn finish(&mut self, take: &mut Take<'_>) -> io::Result<End> {
        while let Some(item) = self.parser.flush_notification() {
            read(&mut self.answer, &item, take)?;
        }
        Ok(self.parser.finish())
    }

    /// Ends the stream, and reads the pending event, which the standard discards: some servers
    /// close right after `data: [DONE]`, without the blank line.
    pub(crate) fn flush(&mut self, take: &mut Take<'_>) -> io::Result<End> {
        loop {
            match self.parser.flush_item() {
                Ok(Some(item)) if may_be_cut(&item) => {}
                Ok(Some(item)) => read(&mut self.answer, &item, take)?,
                Ok(None) => return Ok(self.parser.finish()),
                Err(error) => lose(&mut self.answer, error, take)?,
            }
        }
    }

    pub(crate) fn outcome(&self, end: End) -> Outcome {
        self.answer.outcome(end)
    }
}

/// Returns `true` if a flushed item may be truncated and does not count: `event: done`, cut before
/// its data, does not end an answer.
pub(crate) fn may_be_cut(item: &Item<'_>) -> bool {
    match item {
        Item::Event(event) => event.data().is_empty(),
        Item::EmptyBlock { .. } => true,
        _ => false,
    }
}

fn read(answer: &mut Answer, item: &Item<'_>, take: &mut Take<'_>) -> io::Result<()> {
    let reading = answer.read_item(item);
    let signal = reading.signal();
    for delta in reading {
        take(Step::Delta(&delta))?;
    }
    take(Step::Item(item, signal))
}

fn lose(answer: &mut Answer, error: Error, take: &mut Take<'_>) -> io::Result<()> {
    answer.lost(&error);
    take(Step::Lost(error))
}
