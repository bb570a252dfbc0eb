//! Answers and events from anything that is [`AsyncBufRead`](::futures_io::AsyncBufRead) of
//! futures-io.
//!
//! What is not buffered goes into a `BufReader` of futures-util or of the runtime first; a stream
//! of chunks is better read by [`adapter::stream`](super::stream).

use super::async_buf_read::readers;

readers! {
    ::futures_io::AsyncBufRead;
    /// Reads the answer of a model, of any API.
    ///
    /// ```
    /// use futures_io::AsyncBufRead;
    /// use sseam::adapter::futures_io::AnswerReader;
    /// use sseam::llm::{Delta, Outcome};
    ///
    /// async fn show(body: impl AsyncBufRead + Unpin) -> Outcome {
    ///     let mut answers = AnswerReader::new(body);
    ///     while let Some(event) = answers.next_event().await {
    ///         for delta in event.deltas() {
    ///             if let Delta::Text { text, .. } = delta {
    ///                 print!("{text}");
    ///             }
    ///         }
    ///     }
    ///     if let Some(error) = answers.error() {
    ///         eprintln!("{error}"); // The connection broke, or an event was too large.
    ///     }
    ///     answers.outcome()
    /// }
    ///
    /// let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]"[..];
    /// assert_eq!(embassy_futures::block_on(show(body)), Outcome::Completed);
    /// ```
    ///
    /// See [`adapter`](super#answers) for what it does at the end of the stream, and
    /// [`EventReader`] for what to read from. A timeout around [`next_event`](Self::next_event)
    /// is a limit on the time without progress: keep-alives do not end the call.
    AnswerReader;
    /// Reads events, each borrowed from the reader's own buffer if it is whole in it.
    ///
    /// ```
    /// use std::io;
    ///
    /// use futures_io::AsyncBufRead;
    /// use sseam::adapter::{Error, futures_io::EventReader};
    ///
    /// async fn read(body: impl AsyncBufRead + Unpin) -> Result<(), Error<io::Error>> {
    ///     let mut events = EventReader::new(body);
    ///     while let Some(event) = events.next_event().await? {
    ///         println!("{}", event.data());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// The reader must be [`Unpin`]: use [`Box::pin`](alloc::boxed::Box::pin) or
    /// [`pin!`](core::pin::pin) for one that is not. Its capacity is how long an event may be
    /// that is not copied.
    EventReader;
}
