//! What every adapter lets see from outside: its transport, its parser, and how it ended.

use bytes::BytesMut;
use sseam::adapter::codec::EventCodec;
use sseam::adapter::{embedded_io_async_v0_7, embedded_io_v0_7, io, stream};
use tokio_util::codec::Decoder;

use crate::script::wait;

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
