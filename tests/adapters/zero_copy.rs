//! Values that lie whole in the transport's memory are borrowed or shared from there, and events of
//! such a stream allocate nothing.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use sseam::adapter::io::EventReader;
use sseam::adapter::stream::{EventStream, SharedEvent, SharedItem};
use sseam::{Event, Notify, Parser, SliceBuf};

use sseam_testkit::heap::usage;
use sseam_testkit::script::{Act, Script, wait};

const STREAM: &[u8] =
    b"data: untyped\n\nevent: typed\ndata: before\n\ndata: after\nevent: typed\n\nid: 7\ndata: with an ID\n\n";

/// Returns `true` if `value` is a slice of `memory`.
fn is_in(memory: &[u8], value: &[u8]) -> bool {
    let (memory, value) = (memory.as_ptr_range(), value.as_ptr_range());
    memory.start <= value.start && value.end <= memory.end
}

#[test]
fn reader_borrows_from_buffer() {
    let mut events = EventReader::new(STREAM);
    let mut seen = 0;
    while let Some(event) = events.next_event().unwrap() {
        assert!(is_in(STREAM, event.data().as_bytes()), "{event:?}");
        let is_named = event.event_type() != "message";
        assert_eq!(is_in(STREAM, event.event_type().as_bytes()), is_named, "{event:?}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn async_readers_borrow_from_buffer() {
    macro_rules! check {
        ($adapter:ident) => {
            let mut events = sseam::adapter::$adapter::EventReader::new(STREAM);
            let mut seen = 0;
            while let Some(event) = wait(events.next_event()).unwrap() {
                assert!(is_in(STREAM, event.data().as_bytes()), "{event:?}");
                seen += 1;
            }
            assert_eq!(seen, 4);
        };
    }
    check!(tokio);
    check!(futures_io);
}

/// A parser's memory may directly follow the transport's.
#[test]
fn buffer_adjacent_to_chunk() {
    const STREAM: &[u8] = b"data: one\ndata: two\n\n";
    let mut memory = [0; 64];
    memory[..STREAM.len()].copy_from_slice(STREAM);
    let (stream, data) = memory.split_at_mut(STREAM.len());
    let mut meta = [0; 3 * 8];
    let parser = Parser::with_buffer(SliceBuf::new(data, &mut meta));
    let mut events = EventReader::with_parser(&*stream, parser);
    let event = events.next_event().unwrap().expect("an event");
    assert_eq!(event.data(), "one\ntwo");
}

#[test]
fn stream_borrows_from_chunk() {
    let chunk = Bytes::from(STREAM);
    let mut events = EventStream::new(Script::new([Act::Bring(chunk.clone())]));
    let mut seen = 0;
    while let Some(event) = wait(events.next_event()).unwrap() {
        assert!(is_in(&chunk, event.data().as_bytes()), "{event:?}");
        let is_named = event.event_type() != "message";
        assert_eq!(is_in(&chunk, event.event_type().as_bytes()), is_named, "{event:?}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// All chunks at once.
struct Chunks(std::vec::IntoIter<Bytes>);

impl Stream for Chunks {
    type Item = Result<Bytes, ()>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

fn chunks(chunks: &[&[u8]]) -> EventStream<Chunks> {
    let chunks: Vec<Bytes> = chunks.iter().map(|chunk| Bytes::copy_from_slice(chunk)).collect();
    EventStream::new(Chunks(chunks.into_iter()))
}

fn next(events: &mut EventStream<Chunks>) -> Option<SharedEvent> {
    match Pin::new(events).poll_next(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(next) => next.map(|next| next.expect("no error")),
        Poll::Pending => panic!("all chunks are there"),
    }
}

#[test]
fn owned_events_share_chunk() {
    let chunk = Bytes::copy_from_slice(STREAM);
    let mut events = EventStream::new(Chunks(vec![chunk.clone()].into_iter()));
    let mut seen = Vec::new();
    while let Some(event) = next(&mut events) {
        assert!(is_in(&chunk, &event.data_bytes()), "{event:?}");
        assert!(is_in(&chunk, event.data().as_bytes()), "{event:?}");
        let is_named = event.event_type() != "message";
        assert_eq!(is_in(&chunk, event.event_type().as_bytes()), is_named, "{event:?}");
        seen.push(event);
    }
    assert_eq!(seen.len(), 4);
}

/// The first event allocates the chunk's reference count and the ID; later ones nothing.
#[test]
fn owned_events_do_not_allocate() {
    let blocks = [&b"event: delta\ndata: {\"text\":\"a word\"}\n\n"[..], b"data: untyped\n\n"];
    let chunk =
        [b"id: an ID that stays\ndata: first\n\n", &blocks.concat().repeat(100)[..]].concat();
    let mut events = chunks(&[&chunk]);
    let first = next(&mut events).expect("the first event");
    assert_eq!(first.last_event_id(), "an ID that stays");

    let (seen, heap) = usage(|| {
        let mut seen = 0;
        while let Some(event) = next(&mut events) {
            let copy = event.clone();
            assert_eq!(copy.last_event_id(), first.last_event_id());
            assert!(!copy.data_bytes().is_empty() && !copy.event_type().is_empty());
            seen += 1;
        }
        seen
    });
    assert_eq!(seen, 200);
    assert_eq!(heap.allocations, 0);
}

/// All events share one ID.
#[test]
fn straddling_owned_event_allocates_once() {
    let mut events =
        chunks(&[b"event: first\ndata: a\n\nevent: ty", b"ped\ndata: sec", b"ond\n\n"]);
    next(&mut events).expect("the first event");
    // The parser's own memory grows once, for the reassembled event.
    let mut warm = chunks(&[
        b"event: ty",
        b"ped\ndata: sec",
        b"ond\n\nevent: ty",
        b"ped\ndata: sec",
        b"ond\n\n",
    ]);
    next(&mut warm).expect("the first event");
    let (event, heap) = usage(|| next(&mut warm).expect("the second event"));
    assert_eq!((event.event_type(), event.data()), ("typed".into(), "second".into()));
    assert_eq!(heap.allocations, 1);
}

/// Owned events outlive their stream.
#[test]
fn owned_events_outlive_stream() {
    let [whole, cut] =
        [&[&b"event: t\nid: 1\ndata: x\n\n"[..]][..], &[b"event: t\nid: 1\nda", b"ta: x\n\n"]]
            .map(|bytes| next(&mut chunks(bytes)).expect("an event"));
    assert_eq!(whole, cut);
    let event = Event::new("x").with_type("t").with_id("1");
    assert_eq!(whole, event);
    assert_eq!(event, whole);
    for event in [&whole, &cut] {
        assert_eq!(event.event_type(), "t");
        assert_eq!(event.data(), "x");
        assert_eq!(event.data_bytes(), "x");
        assert_eq!(event.last_event_id(), "1");
    }
    assert_eq!(format!("{whole:?}"), format!("{event:?}"));
    let other = next(&mut chunks(&[b"event: t\nid: 2\ndata: x\n\n"])).expect("an event");
    assert_ne!(other, event);
    assert_ne!(event, other);
    assert_ne!(whole, other);
}

/// Its data stays where it is.
#[test]
fn owned_event_from_parts() {
    let data = Bytes::from(vec![b'x'; 64]);
    let event = SharedEvent::new(data.clone());
    assert!(is_in(&data, event.data().as_bytes()) && is_in(&data, &event.data_bytes()));
    assert_eq!(event, Event::new(&data[..]));
    assert_eq!(SharedEvent::new(""), Event::new(""));
    assert_ne!(SharedEvent::new("x"), event);
}

#[test]
fn owned_items_share_chunk() {
    let chunk = Bytes::from_static(
        b": note\nretry: 5\nerror: {}\nevent: none\nid: 7\n\nevent: t\ndata: x\n\nid: 8\n\n",
    );
    let parser = Parser::new().with_notify(Notify::ALL);
    let chunks = Chunks(vec![chunk.clone()].into_iter());
    let mut items = EventStream::with_parser(chunks, parser).into_items();
    let mut seen = Vec::new();
    while let Poll::Ready(Some(item)) =
        Pin::new(&mut items).poll_next(&mut Context::from_waker(Waker::noop()))
    {
        seen.push(item.expect("no error"));
    }
    let shared = |text: &'static str| {
        let at = chunk.windows(text.len()).position(|window| window == text.as_bytes());
        chunk.slice(at.expect("a part of the chunk")..).slice(..text.len())
    };
    let event = Event::new("x").with_type("t").with_id("7");
    let expected = [
        SharedItem::Comment { text: shared("note"), truncated: false },
        SharedItem::ReconnectionTime(Duration::from_millis(5)),
        SharedItem::UnknownField { name: shared("error"), value: shared("{}"), truncated: false },
        SharedItem::EmptyBlock { event_type: "none".into(), last_event_id: "7".into() },
        SharedItem::Event(SharedEvent::share(&event, &chunk, &mut Bytes::new())),
        SharedItem::EmptyBlock { event_type: "message".into(), last_event_id: "8".into() },
    ];
    assert_eq!(seen, expected);
    for item in &seen {
        match item {
            SharedItem::Event(event) => assert!(is_in(&chunk, &event.data_bytes())),
            SharedItem::Comment { text, .. } => assert!(is_in(&chunk, text)),
            SharedItem::UnknownField { name, value, .. } => {
                assert!(is_in(&chunk, name) && is_in(&chunk, value));
            }
            _ => {}
        }
    }
}

/// A slice that extends beyond the chunk is not shared.
#[test]
fn slice_beyond_chunk_is_copied() {
    let memory = Bytes::from_static(b"event, data");
    let chunk = memory.slice(..8);
    for (data, is_shared) in [(0..5, true), (7..8, true), (7..11, false), (8..11, false)] {
        let data = &memory[data];
        let event = SharedEvent::share(&Event::new(data), &chunk, &mut Bytes::new());
        assert_eq!(event.data(), *data);
        assert_eq!(is_in(&chunk, &event.data_bytes()), is_shared, "{event:?}");
    }
}
