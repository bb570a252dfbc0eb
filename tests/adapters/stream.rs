//! `adapter::stream` as a [`Stream`].

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use sseam::adapter::stream::EventStream;
use tokio_stream::StreamExt;

use sseam_testkit::script::{Act, Script, poll_once, wait};

#[test]
fn is_terminated_after_end() {
    macro_rules! check {
        ($events:expr) => {
            let mut events = $events;
            assert_eq!((events.size_hint(), events.is_terminated()), ((0, None), false));
            assert!(wait(poll_fn(|context| Pin::new(&mut events).poll_next(context))).is_some());
            assert_eq!((events.size_hint(), events.is_terminated()), ((0, None), false));
            assert!(wait(poll_fn(|context| Pin::new(&mut events).poll_next(context))).is_none());
            assert_eq!((events.size_hint(), events.is_terminated()), ((0, Some(0)), true));
        };
    }
    check!(EventStream::new(Script::of(&[b"data: a\n\n"])));
    check!(EventStream::new(Script::of(&[b"data: a\n\n"])).into_items());
}

/// Anything convertible to `Bytes` is a chunk; a stream that is not `Unpin` can be boxed.
#[test]
fn chunk_and_stream_types() {
    let chunks = ["data: a\n\nda", "ta: b\n\n"];
    let slices = tokio_stream::iter(chunks).map(|chunk| Ok::<_, ()>(chunk.as_bytes()));
    let vectors = tokio_stream::iter(chunks).map(|chunk| Ok::<_, ()>(chunk.as_bytes().to_vec()));
    let texts = Box::pin(tokio_stream::iter(chunks).map(|chunk| Ok::<_, ()>(chunk.to_owned())));
    assert_eq!(data(EventStream::new(slices)), ["a", "b"]);
    assert_eq!(data(EventStream::new(vectors)), ["a", "b"]);
    assert_eq!(data(EventStream::new(texts)), ["a", "b"]);
}

fn data<S, T>(events: EventStream<S>) -> Vec<String>
where
    S: Stream<Item = Result<T, ()>> + Unpin,
    T: Into<Bytes>,
{
    let text = |event: Result<sseam::adapter::stream::SharedEvent, _>| {
        event.expect("no error").as_event().data().to_string()
    };
    wait(events.map(text).collect())
}

/// Equal events have one hash, whether they share their chunk or are copies.
#[test]
fn shared_event_hash() {
    let shared = |chunks: &[&'static [u8]]| {
        let mut events = EventStream::new(Script::of(chunks));
        wait(events.next()).expect("an event").expect("no error")
    };
    let stream = b"event: a\ndata: b\n\nevent: a\ndata: c\n\n";
    let same = [shared(&[stream]), shared(&[&stream[..12], &stream[12..]])];
    assert_eq!(HashSet::from(same).len(), 1);
    assert_eq!(HashSet::from([shared(&[stream]), shared(&[&stream[18..]])]).len(), 2);
}

/// While it waits, it holds no reference to a chunk, so a caller that reads into one buffer can
/// reuse it.
#[test]
fn chunk_dropped_before_next_poll() {
    let mut buffer = BytesMut::with_capacity(64);
    let memory = buffer.as_ptr();
    buffer.extend_from_slice(b"data: a\n\n");
    let first = Act::Bring(buffer.split().freeze());
    let mut events = EventStream::new(Script::new([first]));
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "a");
    assert!(poll_once(events.next_event()).is_pending());
    // No reference to the buffer's memory is left.
    buffer.reserve(64);
    assert_eq!(buffer.as_ptr(), memory);
}
