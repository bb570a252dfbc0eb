//! A decoder of events and an encoder of blocks, for [`tokio_util::codec`].
//!
//! ```
//! use bytes::BytesMut;
//! use sseam::adapter::codec::EventCodec;
//! use tokio_util::codec::Decoder;
//!
//! let mut bytes = BytesMut::from("data: one\n\nda");
//! let event = EventCodec::new().decode(&mut bytes)?.unwrap()?;
//! assert_eq!(event.data(), "one");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::io;

use bytes::{Buf, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use super::driver::{Driver, Search, Want, event_methods};
use crate::encode::Block;
use crate::{Buffer, Error, OwnedEvent, Parser, VecBuf};

/// A decoder of events for [`FramedRead`](tokio_util::codec::FramedRead), and an encoder of
/// [`Block`]s for [`FramedWrite`](tokio_util::codec::FramedWrite).
///
/// An item is an event, or the error of one. The decoder itself never fails: `FramedRead` ends
/// after an error of its decoder.
///
/// ```
/// use sseam::adapter::codec::EventCodec;
/// use tokio::io::AsyncRead;
/// use tokio_stream::StreamExt;
/// use tokio_util::codec::FramedRead;
///
/// async fn read(body: impl AsyncRead + Unpin) -> Result<(), Box<dyn std::error::Error>> {
///     let mut events = FramedRead::new(body, EventCodec::new());
///     while let Some(event) = events.next().await {
///         println!("{}", event??.as_event().data());
///     }
///     Ok(())
/// }
/// ```
///
/// Each event is copied. To borrow events, use [`adapter::tokio`](super::tokio) (feature `tokio`).
///
/// Decoded bytes leave the buffer at once, so that it does not grow. The parser keeps the parts of
/// a pending event, within its limits.
///
/// # For a new connection
///
/// Reuse the codec with its last event ID: take it by
/// [`FramedRead::into_parts`](tokio_util::codec::FramedRead::into_parts) (in tokio-util before
/// 0.7.17, from `decoder_mut`). After the end of a stream, it is ready for a new one. If the
/// connection broke before the end, [`reset`](Self::reset) it.
///
/// ```
/// use bytes::BytesMut;
/// use sseam::Parser;
/// use sseam::adapter::codec::EventCodec;
/// use tokio_util::codec::Decoder;
///
/// let mut codec = EventCodec::with_parser(Parser::with_limit(4096));
/// let mut bytes = BytesMut::from("id: 7\ndata: one\n\ndata: tw");
/// assert_eq!(codec.decode(&mut bytes)?.expect("an event")?.data(), "one");
/// assert!(codec.decode(&mut bytes)?.is_none());
/// assert_eq!((codec.span(), codec.pending()), (0..17, 8));
/// assert_eq!(codec.end(), None); // The stream goes on.
///
/// codec.reset(); // The connection broke.
/// assert_eq!(codec.parser().last_event_id(), "7"); // To be sent as `Last-Event-ID`.
/// let parser = codec.into_parser(); // For another adapter.
/// # drop(parser);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`with_flush`](Self::with_flush) is for servers that omit the last blank line: see
/// [`adapter`](super#events).
#[derive(Clone)]
pub struct EventCodec<B = VecBuf> {
    driver: Driver<B>,
}

impl EventCodec {
    /// Creates a codec with [`Parser::new`].
    #[must_use]
    pub const fn new() -> Self {
        Self::with_parser(Parser::new())
    }
}

impl<B: Buffer> EventCodec<B> {
    /// Creates a codec with the limits and the last event ID of `parser`.
    #[must_use]
    pub const fn with_parser(parser: Parser<B>) -> Self {
        Self { driver: Driver::new(parser) }
    }

    event_methods!();

    /// Returns the parser, which may be in the middle of an event.
    pub fn into_parser(self) -> Parser<B> {
        self.driver.into_parser()
    }

    /// Prepares the codec for a new connection, as [`Parser::reset`] does.
    pub fn reset(&mut self) {
        self.driver.reset();
    }
}

impl<B: Buffer> Decoder for EventCodec<B> {
    type Item = Result<OwnedEvent, Error>;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        if !bytes.is_empty() {
            self.driver.reopen();
        }
        let mut chunk = &bytes[..];
        let next = self.driver.next_event(&mut chunk).transpose();
        let item = next.map(|event| event.map(OwnedEvent::from));
        let taken = bytes.len() - chunk.len();
        bytes.advance(taken);
        Ok(item)
    }

    /// Decodes the end of the stream. Further calls return `None`.
    fn decode_eof(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        if let Some(item) = self.decode(bytes)? {
            return Ok(Some(item));
        }
        loop {
            match self.driver.search(&[], Want::Events).0 {
                Ok(Search::Nothing) => {}
                Ok(Search::End) => return Ok(None),
                Ok(Search::Item) => {
                    return Ok(self.driver.view_event(&[]).map(|event| Ok(event.into_owned())));
                }
                Err(error) => return Ok(Some(Err(error))),
            }
        }
    }
}

/// Infallible: a [`Block`] is validated when it is built.
impl<B> Encoder<Block<'_>> for EventCodec<B> {
    type Error = io::Error;

    fn encode(&mut self, block: Block<'_>, to: &mut BytesMut) -> io::Result<()> {
        to.reserve(block.encoded_len());
        block.fold_pieces((), |(), piece| to.extend_from_slice(piece));
        Ok(())
    }
}

impl<B: Buffer + Default> Default for EventCodec<B> {
    fn default() -> Self {
        Self::with_parser(Parser::default())
    }
}

impl<B: Buffer> fmt::Debug for EventCodec<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventCodec")
            .field("parser", self.driver.parser())
            .field("end", &self.driver.end())
            .finish_non_exhaustive()
    }
}
