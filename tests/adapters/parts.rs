//! The parser and the transport, taken out in the middle of a stream, go on elsewhere.

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
/// What is left of it behind its first event.
const REST: &[u8] = b"data: two\n\ndata: th";

#[test]
fn a_reader_stands_behind_the_event_that_was_lent_last() {
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
fn a_stream_gives_back_what_is_left_of_its_chunk() {
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

/// A new connection takes the parser with what it knows, and nothing of the event that
/// the old one broke off.
#[test]
fn a_new_connection_goes_on_with_the_same_parser() {
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

    // Behind the end no reset is needed, and does no harm.
    parser.reset();
    let mut events = EventStream::with_parser(Script::of(&[second]), parser);
    let event = wait(events.next_event()).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("four".into(), "1".into()));
}

#[test]
fn a_transport_that_breaks_off_needs_a_reset() {
    let mut events = EventReader::new(FIRST);
    for _ in 0..2 {
        events.next_event().unwrap().unwrap();
    }
    // In the middle of the third, before the end is known.
    let (mut reader, mut parser) = events.into_parts();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(parser.next_event(&mut &rest[..]).unwrap(), None);
    parser.reset();
    let mut events = EventReader::with_parser(&b"data: four\n\n"[..], parser);
    assert_eq!(events.next_event().unwrap().unwrap().data(), "four");
}

// What every adapter lets see from outside: its transport, its parser, and how it ended.

const STREAM: &[u8] = b"id: 7\nretry: 250\ndata: a\n\ndata: cut";

/// What they show of the parser, and of the end.
const PARSER: &str = r#"parser: Parser { last_event_id: "7", reconnection_time: Some(250ms), .. }"#;
const OPEN: &str = "end: None";
const CUT: &str = "end: Some(MidEvent)";

#[track_caller]
fn assert_shown(shown: &str, name: &str, end: &str) {
    assert!(shown.starts_with(name), "{shown}");
    assert!(shown.contains(PARSER) && shown.contains(end), "{shown}");
}

#[test]
fn the_readers() {
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
fn the_stream() {
    let chunks = tokio_stream::iter([Ok::<_, ()>(STREAM)]);
    let mut events = stream::EventStream::new(chunks);
    wait(events.next_event()).unwrap().expect("an event");
    assert_shown(&format!("{events:?}"), "EventStream { stream: Iter", OPEN);
    assert_eq!(wait(events.next_event()).unwrap(), None);
    assert_shown(&format!("{events:?}"), "EventStream { stream: Iter", CUT);
}

#[test]
fn the_codec() {
    let mut codec = EventCodec::new();
    let mut bytes = BytesMut::from(STREAM);
    codec.decode(&mut bytes).unwrap().unwrap().expect("an event");
    assert_eq!(codec.parser().last_event_id(), "7");
    assert_shown(&format!("{codec:?}"), "EventCodec {", OPEN);
    assert_eq!(codec.decode_eof(&mut bytes).unwrap(), None);
    assert_shown(&format!("{codec:?}"), "EventCodec {", CUT);
    assert_eq!(codec.into_parser().last_event_id(), "7");
}
