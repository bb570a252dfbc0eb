//! Clients that read through an adapter.

use std::convert::Infallible;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use sseam::adapter::codec::EventCodec;
use sseam::adapter::stream::EventStream;
use tokio_util::codec::Decoder;

use crate::count_second;

/// A stream of chunks that is always ready.
struct Chunks(std::vec::IntoIter<Bytes>);

impl Chunks {
    fn new(chunks: &[&[u8]]) -> Self {
        let chunks: Vec<Bytes> =
            chunks.iter().map(|&chunk| Bytes::copy_from_slice(chunk)).collect();
        Self(chunks.into_iter())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let Poll::Ready(output) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        unreachable!("all chunks are there");
    };
    output
}

/// Events that borrow from the chunk.
pub fn borrowed() {
    count_second(
        |chunks| EventStream::new(Chunks::new(chunks)),
        |events| {
            now(async {
                let mut count = 0;
                while let Ok(Some(event)) = events.next_event().await {
                    black_box(event.data().as_bytes());
                    count += 1;
                }
                count
            })
        },
    );
}

/// Events that share the chunk.
pub fn owned() {
    count_second(
        |chunks| EventStream::new(Chunks::new(chunks)),
        |events| {
            let mut context = Context::from_waker(Waker::noop());
            let mut count = 0;
            while let Poll::Ready(Some(Ok(event))) = Pin::new(&mut *events).poll_next(&mut context)
            {
                black_box(event.data().as_bytes());
                count += 1;
            }
            count
        },
    );
}

/// Events that are copied.
pub fn decoded() {
    count_second(
        |chunks| (EventCodec::new(), BytesMut::from(&chunks.concat()[..])),
        |(codec, bytes)| {
            let mut count = 0;
            while let Ok(Some(event)) = codec.decode_eof(bytes) {
                black_box(event.expect("within the limits").data().as_bytes());
                count += 1;
            }
            count
        },
    );
}
