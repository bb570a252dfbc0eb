//! Events from what [`tokio_util::codec`] frames, and blocks to it.

use std::fmt;
use std::io;

use bytes::{Buf, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use super::driver::{Driver, Search, Want, event_methods};
use crate::encode::Block;
use crate::{Buffer, Error, OwnedEvent, Parser, VecBuf};

/// Decodes events for [`FramedRead`](tokio_util::codec::FramedRead), and encodes
/// [`Block`]s for [`FramedWrite`](tokio_util::codec::FramedWrite).
///
/// An item is an event, or what is wrong with one: a `FramedRead` would end with its
/// decoder's own error, so that is left to the transport, and never comes from here.
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
/// Each event is copied: to borrow it, use `adapter::tokio` (feature `tokio`).
///
/// What is decoded leaves the buffer at once, so that it never grows; the parser keeps
/// what it must of an event under way, inside its bounds.
///
/// # For a new connection
///
/// A codec goes on with the next one, last event ID and all: take it by
/// [`FramedRead::into_parts`](tokio_util::codec::FramedRead::into_parts) (in tokio-util
/// before 0.7.17, out of `decoder_mut`). Behind an end of stream it stands at the
/// beginning of a new one. [`reset`](Self::reset) it where the connection broke without one.
pub struct EventCodec<B = VecBuf> {
    driver: Driver<B>,
}

impl EventCodec {
    /// Decodes with [`Parser::new`].
    #[must_use]
    pub const fn new() -> Self {
        Self::with_parser(Parser::new())
    }
}

impl<B: Buffer> EventCodec<B> {
    /// Decodes with a parser of your own: its bounds, its last event ID.
    #[must_use]
    pub const fn with_parser(parser: Parser<B>) -> Self {
        Self { driver: Driver::new(parser) }
    }

    event_methods!();

    /// The parser, which goes on in the middle of an event if there is one under way.
    pub fn into_parser(self) -> Parser<B> {
        self.driver.into_parser()
    }

    /// Makes the codec ready for a new connection, as [`Parser::reset`] does.
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

    /// Called again behind the end it stays there.
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

/// What is wrong with a block was told when it was built: this never fails.
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
