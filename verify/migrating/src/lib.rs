//! The places of other projects that read event streams, written with sseam.
//!
//! Each module has the task of one place: it takes the same body and yields the same items. The
//! projects are named for the facts; nothing is copied from them. `docs/migrating.md` refers to them.

pub mod bounded_messages;
pub mod text_stream;
pub mod typed_stream;

#[cfg(test)]
mod bodies {
    //! Bodies to read: a stream in chunks, as an HTTP client yields it.

    use bytes::Bytes;
    use embassy_futures::block_on;
    use futures_util::stream::{self, Stream, StreamExt};

    /// The connection breaks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Broken;

    impl core::fmt::Display for Broken {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("the connection broke")
        }
    }

    impl core::error::Error for Broken {}

    pub(crate) type Chunk = Result<Bytes, Broken>;

    /// The text in two chunks, cut at each place in turn, and a byte at a time.
    pub(crate) fn cuts(text: &str) -> impl Iterator<Item = Vec<Chunk>> {
        let bytes = text.as_bytes();
        let chunk = |part: &[u8]| Ok(Bytes::copy_from_slice(part));
        let halves = move |at| [bytes.split_at(at).0, bytes.split_at(at).1].map(chunk).to_vec();
        let single = bytes.chunks(1).map(chunk).collect();
        (0..=bytes.len()).map(halves).chain([single])
    }

    pub(crate) fn body(chunks: Vec<Chunk>) -> impl Stream<Item = Chunk> + Unpin {
        stream::iter(chunks)
    }

    pub(crate) fn collect<T>(items: impl Stream<Item = T>) -> Vec<T> {
        block_on(items.collect())
    }
}
