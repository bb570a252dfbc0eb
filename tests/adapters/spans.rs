//! The span of each event: spans tile the stream and do not depend on chunk boundaries.

use proptest::prelude::*;
use sseam::adapter::embedded_io_async_v0_7;
use sseam::adapter::io::{AnswerReader, EventReader};
use sseam::{Notify, Parser};
use sseam_testkit::script::{Act, Script, failure, poll_once};
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::table::{ADAPTERS, Adapter, Spans, spans};
use sseam_testkit::{Setup, bytewise, cut, cut_anywhere, show};

use crate::answers::Unready;

fn read(adapter: &Adapter, setup: &Setup, chunks: &[&[u8]]) -> Spans {
    (adapter.read)(setup, Script::of(chunks), &mut |_| ()).spans
}

/// A stream; `|` separates the spans of its events and what is pending after the last.
const STREAMS: &[&str] = &[
    "",
    "data: a\n\n|",
    "data: a\n\n|data: b\n\n|data: c",
    // Lines between two events belong to the second,
    ": hello\n\nid: 1\n\ndata: a\n\n|\n\nretry: 5\nevent: b\ndata: b\ndata: b\n\n|: end\n",
    // so does the LF of a CRLF,
    "data: a\r\n\r|\ndata: b\r\n\r|\n",
    "\u{FEFF}data: a\r\r|data: b\n\r|\n",
    // and so does an event that exceeds a limit.
    "data: a\n\n|data: 0123456789abcdef\n\ndata: b\n\n|data: 0123456789abcdef",
];

#[test]
fn span_covers_event_bytes() {
    for marked in STREAMS {
        let parts: Vec<&str> = marked.split('|').collect();
        let stream = parts.concat();
        let mut ends = parts.iter().scan(0, |end, part| {
            *end += part.len() as u64;
            Some(*end)
        });
        let events = parts.len() - 1;
        let mut start = 0;
        let items = ends.by_ref().take(events).map(|end| std::mem::replace(&mut start, end)..end);
        let expected = Spans { items: items.collect(), pending: parts[events].len() as u64 };
        let setup = Setup { data: 8, ..Setup::ROOMY };
        for chunks in cut_anywhere(stream.as_bytes()) {
            for adapter in ADAPTERS {
                let spans = read(adapter, &setup, &chunks);
                assert_eq!(spans, expected, "{}, {:?}", adapter.name, show(&chunks));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_stream_in_any_chunks(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        for adapter in ADAPTERS {
            let expected = spans(&setup, &stream, adapter.notifies);
            let last = expected.items.last().map_or(0, |span| span.end);
            prop_assert_eq!(last + expected.pending, stream.len() as u64);
            for chunks in [vec![&stream[..]], bytewise(&stream), cut(&stream, &offsets)] {
                let spans = read(adapter, &setup, &chunks);
                prop_assert_eq!(&spans, &expected, "{}, {:?}", adapter.name, show(&chunks));
            }
        }
    }
}

/// A notification that a dropped future had found, and that is no longer selected.
#[test]
fn unrequested_notification_joins_next_span() {
    let parser = Parser::new().with_notify(Notify::COMMENTS);
    let reader = Unready::new(Script::of(&[b"data: a\n\n: note\ndata: b\n\n"]));
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(reader, parser);
    while poll_once(events.next_event()).is_pending() {}
    assert_eq!((events.span(), events.pending()), (0..9, 0));
    // The comment is found, and the transport is pending before the comment can be viewed.
    assert!(poll_once(events.next_item()).is_pending());
    assert!(poll_once(events.next_item()).is_pending());
    assert_eq!((events.span(), events.pending()), (0..9, 7));
    while poll_once(events.next_event()).is_pending() {}
    assert_eq!((events.span(), events.pending()), (9..25, 0));
}

/// Ignored events belong to the next significant event; the event reader of the rest continues the
/// offsets.
#[test]
fn answers() {
    let stream = b": hi\n\ndata: {\"choices\":[]}\n\ndata: keepalive\n\n: x\n\ndata: [DONE]\n\ndata: x\n\nda";
    let mut answers = AnswerReader::new(&stream[..]);
    assert_eq!((answers.span(), answers.pending()), (0..0, 0));
    assert!(answers.next_event().is_some());
    assert_eq!((answers.span(), answers.pending()), (0..28, 0));
    assert!(answers.next_event().is_some());
    assert_eq!((answers.span(), answers.pending()), (28..64, 0));
    assert!(answers.next_event().is_none());
    let mut events = answers.into_events();
    assert_eq!(events.span(), 28..64);
    assert_eq!(events.next_event().unwrap().unwrap().data(), "x");
    assert_eq!((events.span(), events.pending()), (64..73, 0));
    assert_eq!(events.next_event().unwrap(), None);
    assert_eq!((events.span(), events.pending()), (64..73, 2));
}

/// A failure consumes no bytes; offsets of a reused parser start at the new transport's first byte.
#[test]
fn failures_and_new_connections() {
    let acts =
        [Act::Bring("data: a\n\nda"[..].into()), Act::Fail, Act::Bring("ta: b\n"[..].into())];
    let mut events = EventReader::new(Script::new(acts));
    events.next_event().unwrap().unwrap();
    let error = events.next_event().unwrap_err();
    assert_eq!(error.to_string(), failure().to_string());
    assert_eq!((events.span(), events.pending()), (0..9, 2));
    assert_eq!(events.next_event().unwrap(), None);
    assert_eq!((events.span(), events.pending()), (0..9, 8));
    let (_, parser) = events.into_parts();
    let mut events = EventReader::with_parser(&b"data: c\n\n"[..], parser);
    events.next_event().unwrap().unwrap();
    assert_eq!(events.span(), 0..9);
}
