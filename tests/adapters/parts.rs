//! Parser and transport can be taken out in the middle of a stream and continue elsewhere.

use std::io::Read;

use bytes::BytesMut;
use sseam::adapter::codec::EventCodec;
use sseam::adapter::io::EventReader;
use sseam::adapter::stream::EventStream;
use sseam::adapter::{embedded_io_async_v0_7, embedded_io_v0_7, futures_io, io, stream, tokio};
use sseam::{End, Parser, Value};
use sseam_testkit::ms;
use sseam_testkit::script::{Script, wait};
use tokio_util::codec::Decoder;

const FIRST: &[u8] = b"id: 1\nretry: 250\ndata: one\n\ndata: two\n\ndata: th";
/// What is left of it after its first event.
const REST: &[u8] = b"data: two\n\ndata: th";

#[test]
fn into_parts_after_borrowed_event() {
    let mut events = EventReader::new(FIRST);
    assert_eq!(events.next_event().unwrap().unwrap().data(), "one");
    assert_eq!(events.parser().last_event_id(), "1");
    assert_eq!(events.parser().reconnection_time(), Some(ms(250)));

    let (mut reader, mut parser) = events.into_parts();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(Value::new(&rest), REST);
    assert_eq!(parser.next_event(&mut &rest[..]).unwrap().unwrap().data(), "two");
}

#[test]
fn stream_returns_rest_of_chunk() {
    let mut events = EventStream::new(Script::of(&[FIRST, b"ree\n\n"]));
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "one");
    assert_eq!(events.parser().last_event_id(), "1");
    assert_eq!(events.parser().reconnection_time(), Some(ms(250)));
    assert_eq!(events.get_ref().asked().get(), 1);

    let (script, mut parser, rest) = events.into_parts();
    assert_eq!(rest, REST);
    let mut chunk = &rest[..];
    assert_eq!(parser.next_event(&mut chunk).unwrap().unwrap().data(), "two");
    assert_eq!(parser.next_event(&mut chunk).unwrap(), None);
    let mut events = EventStream::with_parser(script, parser);
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "three");
}

/// A new connection takes the parser with its state; the incomplete event is dropped.
#[test]
fn parser_on_new_connection() {
    let second = b"\xEF\xBB\xBFdata: four\n\n";

    let mut parser: Parser<_> = {
        let mut events = EventReader::new(FIRST);
        while events.next_event().unwrap().is_some() {}
        assert_eq!(events.end().unwrap(), End::MidEvent);
        events.into_parts().1
    };
    let mut events = EventReader::with_parser(&second[..], parser.clone());
    let event = events.next_event().unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("four".into(), "1".into()));

    // After the end a reset is not needed, and harmless.
    parser.reset();
    let mut events = EventStream::with_parser(Script::of(&[second]), parser);
    let event = wait(events.next_event()).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("four".into(), "1".into()));
}

#[test]
fn broken_transport_needs_reset() {
    let mut events = EventReader::new(FIRST);
    for _ in 0..2 {
        events.next_event().unwrap().unwrap();
    }
    // In the middle of the third event, before the end is known.
    let (mut reader, mut parser) = events.into_parts();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(parser.next_event(&mut &rest[..]).unwrap(), None);
    parser.reset();
    let mut events = EventReader::with_parser(&b"data: four\n\n"[..], parser);
    assert_eq!(events.next_event().unwrap().unwrap().data(), "four");
}

// What `Debug` shows of each adapter: transport, parser, end.

const STREAM: &[u8] = b"id: 7\nretry: 250\ndata: a\n\ndata: cut";

const ANSWER: &[u8] =
    b"id: 7\nretry: 250\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

/// What is shown of the parser and of the end.
const PARSER: &str = r#"parser: Parser { last_event_id: "7", reconnection_time: Some(250ms), .. }"#;
const OPEN: &str = "end: None";
const CUT: &str = "end: Some(MidEvent)";

#[track_caller]
fn assert_shown(shown: &str, name: &str, end: &str) {
    assert!(shown.starts_with(name), "{shown}");
    assert!(shown.contains(PARSER) && shown.contains(end), "{shown}");
}

#[test]
fn debug_readers() {
    macro_rules! check {
        ($reader:path, $wait:expr) => {
            let mut events = <$reader>::new(STREAM);
            assert_eq!(*events.get_ref(), STREAM);
            $wait(events.next_event()).unwrap().expect("an event");
            assert_eq!(events.parser().last_event_id(), "7");
            assert_shown(&format!("{events:?}"), "EventReader { reader: [", OPEN);
            assert_eq!($wait(events.next_event()).unwrap(), None);
            assert_shown(&format!("{events:?}"), "EventReader { reader: []", CUT);
            assert_eq!(*events.get_ref(), b"");
        };
    }
    check!(io::EventReader<_>, std::convert::identity);
    check!(embedded_io_v0_7::EventReader<_, _>, std::convert::identity);
    check!(embedded_io_async_v0_7::EventReader<_, _>, wait);
    check!(tokio::EventReader<_>, wait);
    check!(futures_io::EventReader<_>, wait);
}

#[test]
fn debug_stream() {
    let chunks = tokio_stream::iter([Ok::<_, ()>(STREAM)]);
    let mut events = stream::EventStream::new(chunks);
    wait(events.next_event()).unwrap().expect("an event");
    assert_shown(&format!("{events:?}"), "EventStream { stream: Iter", OPEN);
    assert_eq!(wait(events.next_event()).unwrap(), None);
    assert_shown(&format!("{events:?}"), "EventStream { stream: Iter", CUT);
    let items = events.into_items();
    assert_shown(&format!("{items:?}"), "ItemStream { events: EventStream { stream: Iter", CUT);
}

/// Those of answers: the outcome and the error instead of the end.
#[test]
fn debug_answers() {
    let outcome = "outcome: Truncated, error: None";
    macro_rules! check {
        ($new:expr, $name:literal, $wait:expr) => {
            let mut answers = $new;
            let event = $wait(answers.next_event()).expect("an event");
            assert_eq!(event.item().event(), event.event());
            let shown = format!("{event:?}");
            drop(event);
            assert!(shown.starts_with("AnswerEvent { item: Event(Event { "), "{shown}");
            assert!(shown.ends_with("signal: Payload, .. }"), "{shown}");
            let shown = format!("{answers:?}");
            assert_shown(&shown, $name, outcome);
            assert!(shown.contains(&format!("{:?}", answers.get_ref())));
            assert!($wait(answers.into_events().next_event()).unwrap().is_none());
        };
    }
    check!(io::AnswerReader::new(ANSWER), "AnswerReader { reader: [", std::convert::identity);
    check!(
        embedded_io_v0_7::AnswerReader::new(ANSWER),
        "AnswerReader { reader: [",
        std::convert::identity
    );
    check!(embedded_io_async_v0_7::AnswerReader::new(ANSWER), "AnswerReader { reader: [", wait);
    check!(tokio::AnswerReader::new(ANSWER), "AnswerReader { reader: [", wait);
    check!(futures_io::AnswerReader::new(ANSWER), "AnswerReader { reader: [", wait);
    let chunks = tokio_stream::iter([Ok::<_, ()>(ANSWER)]);
    check!(stream::AnswerStream::new(chunks), "AnswerStream { stream: Iter", wait);
}

#[test]
fn debug_codec() {
    let mut codec = EventCodec::new();
    let mut bytes = BytesMut::from(STREAM);
    codec.decode(&mut bytes).unwrap().unwrap().expect("an event");
    assert_eq!(codec.parser().last_event_id(), "7");
    assert_shown(&format!("{codec:?}"), "EventCodec {", OPEN);
    assert_eq!(codec.decode_eof(&mut bytes).unwrap(), None);
    assert_shown(&format!("{codec:?}"), "EventCodec {", CUT);
    assert_eq!(codec.into_parser().last_event_id(), "7");
}
