//! An event that lies whole in one chunk, with one line of data, is borrowed from that chunk;
//! others are assembled once in the parser's memory. The parser itself never allocates: only a
//! `VecBuf` does, and only if something has to be kept.

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

use std::ops::Range;

use sseam::{ArrayBuf, Buffer, End, Item, Notify, Parser, SliceBuf, Value};
use sseam_testkit::heap::usage;
use sseam_testkit::{Setup, cut, with_each_line_end};

/// Blocks with one line of data, and the event type and data that result.
const WHOLE: &[(&str, &str, &str)] = &[
    // As nearly every server writes them: the fast path.
    ("data: x\n\n", "message", "x"),
    ("event: t\ndata: x\n\n", "t", "x"),
    ("data: \n\n", "message", ""),
    ("event: \ndata: x\n\n", "message", "x"),
    // The space after the colon is optional, and only the first one is dropped.
    ("data:x\n\n", "message", "x"),
    ("event:t\ndata:x\n\n", "t", "x"),
    ("event:  t\ndata:  x\n\n", " t", " x"),
    // Empty data is data.
    ("data\n\n", "message", ""),
    ("data:\n\n", "message", ""),
    ("event: t\ndata\n\n", "t", ""),
    // The type after the data, and more than one type, of which the last counts.
    ("data: x\nevent: t\n\n", "t", "x"),
    ("event: other\nevent: t\ndata: x\n\n", "t", "x"),
    ("event: t\ndata: x\nevent\n\n", "message", "x"),
    // Other lines before, between and after.
    ("id: 7\ndata: x\n\n", "message", "x"),
    ("data: x\nid: 7\n\n", "message", "x"),
    ("event: t\nid: 7\ndata: x\nid: 8\n\n", "t", "x"),
    ("retry: 5\nevent: t\nretry: 6\ndata: x\nretry: 7\n\n", "t", "x"),
    (": note\nevent: t\n: note\ndata: x\n: note\n\n", "t", "x"),
    ("other: field\nevent: t\nbare\ndata: x\nData: y\n\n", "t", "x"),
    (": note\nid: 7\nretry: 5\nother\nevent: t\ndata: x\n\n", "t", "x"),
    // Long enough for the searcher's widest steps.
    (
        "data: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789\n\n",
        "message",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
    ),
];

/// What may precede a block in its chunk without being part of its event.
const BEFORE: &[&str] = &["", "\u{FEFF}", "\n\n", "data: before\n\n", "id: 1\n\n", ": note\n\n"];

/// Returns `true` if the value's bytes are part of `memory`.
fn is_in(memory: &Range<*const u8>, value: Value<'_>) -> bool {
    if value.is_empty() {
        return true;
    }
    let value = value.as_bytes().as_ptr_range();
    memory.start <= value.start && value.end <= memory.end
}

#[test]
fn whole_event_is_borrowed() {
    for (block, event_type, data) in WHOLE {
        for before in BEFORE {
            for stream in with_each_line_end(&format!("{before}{block}data: after\n\n")) {
                let expected: Vec<_> =
                    [("message", "before"), (event_type, data), ("message", "after")]
                        .into_iter()
                        .skip(usize::from(!before.starts_with("data")))
                        .collect();
                let stream = stream.as_bytes();
                let (mut data, mut meta) = ([0; 100], [0; 3 * 16]);
                assert_borrowed(SliceBuf::new(&mut data, &mut meta), stream, &expected);
                assert_borrowed(ArrayBuf::<100, 16>::new(), stream, &expected);
                #[cfg(feature = "alloc")]
                assert_borrowed(sseam::VecBuf::new(), stream, &expected);
            }
        }
    }
}

#[track_caller]
fn assert_borrowed<B: Buffer>(buffer: B, stream: &[u8], expected: &[(&str, &str)]) {
    let memory = stream.as_ptr_range();
    let context = stream.escape_ascii();
    let mut parser = Parser::with_buffer(buffer);
    for through_items in [false, true] {
        let mut chunk = stream;
        for (event_type, data) in expected {
            let event = if through_items {
                match parser.next_item(&mut chunk) {
                    Ok(Some(Item::Event(event))) => event,
                    other => panic!("{other:?} of {context}"),
                }
            } else {
                parser.next_event(&mut chunk).expect("within the bounds").expect("an event")
            };
            assert_eq!((event.event_type(), event.data()), ((*event_type).into(), (*data).into()));
            assert!(is_in(&memory, event.data()), "the data {data:?} of {context}");
            // The default type is not in the stream.
            let is_named = *event_type != "message";
            assert!(!is_named || is_in(&memory, event.event_type()), "the type of {context}");
        }
        parser.reset();
    }
}

/// A straddling event does not affect the next one.
#[test]
fn whole_event_after_straddling_one() {
    let straddling = "event: a\nid: 1\ndata: one\ndata: more\n: note\nid: 2\n\n";
    for (block, event_type, data) in WHOLE {
        for end in ["\n", "\r", "\r\n"] {
            let block = block.replace('\n', end);
            let stream = format!("{}{block}", straddling.replace('\n', end)).into_bytes();
            // After a CR that dispatched, an LF is still to come.
            let len = stream.len() - block.len();
            for at in 1..len - (end.len() - 1) {
                let [first, second] = cut(&stream, &[at])[..] else { unreachable!() };
                let mut parser = Parser::with_buffer(ArrayBuf::<100, 16>::new());
                assert_eq!(parser.next_event(&mut { first }), Ok(None));

                let mut chunk = second;
                let event = parser.next_event(&mut chunk).unwrap().expect("the straddling event");
                assert_eq!(event.data(), "one\nmore");
                let event = parser.next_event(&mut chunk).unwrap().expect("the next event");
                assert_eq!(
                    (event.event_type(), event.data()),
                    ((*event_type).into(), (*data).into())
                );
                assert!(is_in(&second.as_ptr_range(), event.data()), "{block:?}, cut at {at}");
                let is_named = *event_type != "message";
                assert!(
                    !is_named || is_in(&second.as_ptr_range(), event.event_type()),
                    "{block:?}"
                );
            }
        }
    }
}

/// `|` marks chunk boundaries. The data is one slice all the same.
#[test]
fn straddling_data_is_assembled() {
    let streams = [
        ("data: one\ndata: two\n\n", "one\ntwo"),
        ("data: one\nevent: t\ndata: two\n\n", "one\ntwo"),
        ("data\ndata\n\n", "\n"),
        ("data: o|ne\n\n", "one"),
        ("data: one|\n\n", "one"),
        ("data: one\n|\n", "one"),
        ("data:| on||e|\n|\n", "one"),
        ("event: t\ndata: one\n|id: 7\n\n", "one"),
        ("event: t\ndata: o|ne\r\n\r\n", "one"),
        ("data: one\n|data: two\n\n", "one\ntwo"),
        ("data: one\ndata: t|wo\n\n", "one\ntwo"),
    ];
    for (stream, data) in streams {
        let (mut memory, mut meta) = ([0; 100], [0; 3 * 16]);
        let in_buffer = memory.as_ptr_range();
        let mut parser = Parser::with_buffer(SliceBuf::new(&mut memory, &mut meta));
        let mut events = 0;
        for mut chunk in stream.split('|').map(str::as_bytes) {
            while let Some(event) = parser.next_event(&mut chunk).unwrap() {
                assert_eq!(event.data(), data);
                assert!(is_in(&in_buffer, event.data()), "{stream:?}");
                events += 1;
            }
        }
        assert_eq!(events, 1, "{stream:?}");
    }
}

/// Notifications are borrowed, too. Only an event in the middle of which one was reported is
/// copied.
#[test]
fn notifications_are_borrowed() {
    let stream = b": note\nother: field\ndata: whole\n\ndata: copied\n: in the middle\n\n";
    let (mut memory, mut meta) = ([0; 100], [0; 3 * 16]);
    let (in_chunk, in_buffer) = (stream.as_ptr_range(), memory.as_ptr_range());
    let mut parser =
        Parser::with_buffer(SliceBuf::new(&mut memory, &mut meta)).with_notify(Notify::ALL);
    let mut chunk = &stream[..];
    let mut count = 0;
    while let Some(item) = parser.next_item(&mut chunk).unwrap() {
        count += 1;
        match item {
            Item::Comment { text, .. } if count == 1 => {
                assert_eq!(text, "note");
                assert!(is_in(&in_chunk, text));
            }
            Item::UnknownField { name, value, .. } => {
                assert_eq!((name, value), ("other".into(), "field".into()));
                assert!(is_in(&in_chunk, name) && is_in(&in_chunk, value));
            }
            Item::Event(event) if count == 3 => {
                assert_eq!(event.data(), "whole");
                assert!(is_in(&in_chunk, event.data()));
            }
            Item::Comment { text, .. } => {
                assert_eq!(text, "in the middle");
                assert!(is_in(&in_chunk, text));
            }
            Item::Event(event) => {
                assert_eq!(event.data(), "copied");
                assert!(is_in(&in_buffer, event.data()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(count, 5);
}

/// Every kind of line, whole and cut, within the limits of 32 and 8 and above them.
const EVERYTHING: &[u8] = b"\xEF\xBB\xBFdata: fast\n\nevent: type\ndata: fast\r\n\r\n\
    : note\nother: field\nbare\nretry: 10\nretry: 20\ndata: one\ndata: two\nid: 1\nid: 2\nid: 3\0\n\n\
    id: 4\n\nevent: alone\n\ndata\rdata\r\r: a note that is longer than the space for data is\n\
    data: longer than the thirty-two bytes of data\n: in a broken block\nretry: 30\n\n\
    event: over 8 bytes\ndata: x\n\nid: over 8 bytes\ndata: x\n\n\
    data: within\ndata: the bound\ndata: but not all three lines\n\ndata: after\n\ndata: pending";

/// Reads the chunks, ends the stream, and counts what was reported; by `next_event` and
/// `flush_event` if only events were selected.
fn read<'c, B: Buffer>(
    parser: &mut Parser<B>,
    notify: Notify,
    chunks: impl IntoIterator<Item = &'c [u8]>,
) -> usize {
    let has_next = |parser: &mut Parser<B>, chunk: &mut &[u8]| match notify {
        Notify::NONE => parser.next_event(chunk).map(|event| event.is_some()),
        _ => parser.next_item(chunk).map(|item| item.is_some()),
    };
    let is_flushed = |parser: &mut Parser<B>| match notify {
        Notify::NONE => parser.flush_event().map(|event| event.is_some()),
        _ => parser.flush_item().map(|item| item.is_some()),
    };
    let mut count = 0;
    for mut chunk in chunks {
        while has_next(parser, &mut chunk) != Ok(false) {
            count += 1;
        }
    }
    while is_flushed(parser) != Ok(false) {
        count += 1;
    }
    assert_eq!(parser.finish(), End::Clean);
    count
}

#[test]
fn fixed_buffers_do_not_allocate() {
    for notify in [Notify::NONE, Notify::ALL] {
        let setup = Setup { data: 32, meta: 8, notify, flush: true };
        let expected = sseam_testkit::oracle(EVERYTHING, &setup, 32).outputs.len();
        for size in [EVERYTHING.len(), 64, 7, 1] {
            let chunks = || EVERYTHING.chunks(size);
            let (mut data, mut meta) = ([0; 32], [0; 3 * 8]);
            let (counts, heap) = usage(|| {
                let over_slices = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
                let in_place = Parser::<ArrayBuf<32, 8>>::default();
                [
                    read_and_seed(over_slices.with_notify(notify), notify, chunks()),
                    read_and_seed(in_place.with_notify(notify), notify, chunks()),
                ]
            });
            let context = format!("{notify:?}, in chunks of {size}");
            assert_eq!(counts, [expected; 2], "{context}");
            assert_eq!(heap.allocations, 0, "{context}");
        }
    }
}

fn read_and_seed<'c, B: Buffer>(
    mut parser: Parser<B>,
    notify: Notify,
    chunks: impl IntoIterator<Item = &'c [u8]>,
) -> usize {
    let count = read(&mut parser, notify, chunks);
    assert_eq!(parser.set_last_event_id(b"seeded"), Ok(()));
    parser.reset();
    assert_eq!(parser.last_event_id(), "seeded");
    count
}

/// What a `VecBuf` has to keep of a stream.
#[cfg(feature = "alloc")]
#[test]
fn vec_buf_allocates_only_to_keep() {
    use sseam::VecBuf;

    let allocations = |notify, chunks: &[&[u8]]| {
        let (counts, heap) = usage(|| {
            let buffer = VecBuf::with_limits(32, 8);
            let mut parser = Parser::with_buffer(buffer).with_notify(notify);
            read(&mut parser, notify, chunks.iter().copied())
        });
        (counts, heap.allocations)
    };

    let nothing_to_keep: &[&[u8]] = &[
        b"\xEF\xBB\xBFdata: fast\n\nevent: type\ndata: fast\n\n",
        b": note\nother: field\nretry: 5\ndata:general\nevent:type\n\n",
        b"",
        b"\n",
        b"data: in CRLF\r\n\r\ndata: in CR\r\r",
        b"\ndata: longer than the thirty-two bytes of data\n\n: after an error\n\ndata: x\n\n",
        b"event: longer than eight bytes\ndata: x\n\n",
        b"event: alone\n\n",
    ];
    assert_eq!(allocations(Notify::NONE, nothing_to_keep), (8, 0));
    assert_eq!(allocations(Notify::ALL, nothing_to_keep), (13, 0));

    let something_to_keep: &[&[&[u8]]] = &[
        &[b"data: strad", b"dling\n\n"],
        &[b"data: x\n", b"\n"],
        &[b"event: strad", b"dling\ndata\n\n"],
        &[b"data: two\ndata: lines\n\n"],
        &[b"id: 7\ndata: x\n\n"],
    ];
    for chunks in something_to_keep {
        for notify in [Notify::NONE, Notify::ALL] {
            assert!(
                allocations(notify, chunks).1 > 0,
                "{notify:?}, {:?}",
                sseam_testkit::show(chunks)
            );
        }
    }
    // A straddling text is kept until it is reported, and so is the data before it.
    let straddling: &[&[&[u8]]] = &[&[b"data: x\n: in the middle\n\n"], &[b": strad", b"dling\n"]];
    for chunks in straddling {
        assert!(allocations(Notify::ALL, chunks).1 > 0, "{:?}", sseam_testkit::show(chunks));
        assert_eq!(allocations(Notify::NONE, chunks).1, 0, "{:?}", sseam_testkit::show(chunks));
    }
    // A straddling line that needs no buffer does not allocate.
    let chunks = sseam_testkit::bytewise(b"retry: 5\n\n\n");
    assert_eq!(allocations(Notify::ALL, &chunks), (1, 0));
}
