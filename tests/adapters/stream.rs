//! `adapter::stream` as a [`Stream`].

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use sseam::adapter::stream::EventStream;
use tokio_stream::StreamExt;

use sseam_testkit::script::{Act, Script, poll_once, wait};

#[test]
fn it_says_that_it_has_ended_once_it_has() {
    let mut events = EventStream::new(Script::of(&[b"data: a\n\n"]));
    assert_eq!((events.size_hint(), events.is_terminated()), ((0, None), false));
    assert!(wait(poll_fn(|context| Pin::new(&mut events).poll_next(context))).is_some());
    assert_eq!((events.size_hint(), events.is_terminated()), ((0, None), false));
    assert!(wait(poll_fn(|context| Pin::new(&mut events).poll_next(context))).is_none());
    assert_eq!((events.size_hint(), events.is_terminated()), ((0, Some(0)), true));
}

/// Whatever becomes `Bytes` is a chunk, and a stream that cannot be moved is boxed.
#[test]
fn chunks_are_what_becomes_bytes_of_any_stream() {
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

/// While it waits, and behind what it lent, it holds nothing of a chunk back, so that who
/// reads into one buffer can use it again.
#[test]
fn a_chunk_is_let_go_before_the_next_is_asked_for() {
    let mut buffer = BytesMut::with_capacity(64);
    let memory = buffer.as_ptr();
    buffer.extend_from_slice(b"data: a\n\n");
    let first = Act::Bring(buffer.split().freeze());
    let mut events = EventStream::new(Script::new([first]));
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "a");
    assert!(poll_once(events.next_event()).is_pending());
    // Of all the memory there is none that anybody holds.
    buffer.reserve(64);
    assert_eq!(buffer.as_ptr(), memory);
}
