//! Readers of answers and events over any [`AsyncBufRead`](::futures_io::AsyncBufRead) of
//! futures-io.
//!
//! Wrap an unbuffered reader in a `BufReader` of futures-util or of the runtime. For a stream of
//! chunks, use [`adapter::stream`](super::stream).
//!
//! ```
//! use sseam::adapter::futures_io::EventReader;
//!
//! # embassy_futures::block_on(async {
//! let mut events = EventReader::new(&b"data: one\n\n"[..]);
//! assert_eq!(events.next_event().await?.unwrap().data(), "one");
//! # Ok::<(), sseam::adapter::Error<std::io::Error>>(()) }).unwrap();
//! ```

use super::async_buf_read::readers;

readers! {
    ::futures_io::AsyncBufRead;
    /// A reader of a language model's answer, of any API.
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
    /// fn main() {
    ///     // A file, a socket, the body of a response; and any executor.
    ///     let body = &b"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]"[..];
    ///     assert_eq!(embassy_futures::block_on(show(body)), Outcome::Completed);
    /// }
    /// ```
    ///
    /// See [`adapter`](super#answers) for errors and the end of the stream, and [`EventReader`] for
    /// buffering and pinning. A timeout around [`next_event`](Self::next_event) limits the time
    /// without progress: keep-alives do not end the call.
    AnswerReader;
    /// A reader of events, which borrow from the transport's buffer if they are whole in it.
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
    ///
    /// fn main() -> Result<(), Error<io::Error>> {
    ///     // A file, a socket, the body of a response; and any executor.
    ///     embassy_futures::block_on(read(&b"data: one\n\ndata: two\n\n"[..]))
    /// }
    /// ```
    ///
    /// The reader must be [`Unpin`]: use [`Box::pin`](alloc::boxed::Box::pin) or
    /// [`pin!`](core::pin::pin) for one that is not. Events longer than its buffer are copied.
    EventReader;
}
