//! What fits, what does not, and what an error leaves intact.

use sseam::{ArrayBuf, Buffer, Error, Field, Notify, Parser, SliceBuf};
use sseam_testkit::{
    self, Output, Setup, assert_as_oracle, assert_output, bytewise, cut_anywhere,
    with_each_line_end,
};

const SETUP: Setup = Setup { data: 10, meta: 4, notify: Notify::NONE, flush: false };

/// The field at its limit; a block, with `*` for a filling; how many bytes of the limit the value
/// uses besides the filling; and the event that results.
const BLOCKS: &[(Field, &str, usize, [&str; 3])] = &[
    // The shape of the fast path, and others.
    (Field::Data, "data: *\n\n", 0, ["message", "*", ""]),
    (Field::Data, "data:*\n\n", 0, ["message", "*", ""]),
    (Field::Data, "event: t\ndata: *\n\n", 0, ["t", "*", ""]),
    (Field::Data, "data: *\nid: 1\nevent: t\n\n", 0, ["t", "*", "1"]),
    // Only one space is not part of the value.
    (Field::Data, "data:  *\n\n", 1, ["message", " *", ""]),
    // Several lines are one value; the LFs that join them count.
    (Field::Data, "data: 123\ndata: *\n\n", 4, ["message", r"123\n*", ""]),
    (Field::Data, "data: *\ndata: 789\n\n", 4, ["message", r"*\n789", ""]),
    (Field::Data, "data\ndata: *\ndata:\n\n", 2, ["message", r"\n*\n", ""]),
    (Field::Data, "data: *\n: note\nother: field\ndata\n\n", 1, ["message", r"*\n", ""]),
    // The type, in either position, and twice.
    (Field::Event, "event: *\ndata: x\n\n", 0, ["*", "x", ""]),
    (Field::Event, "event:*\ndata: x\n\n", 0, ["*", "x", ""]),
    (Field::Event, "data: x\nevent: *\n\n", 0, ["*", "x", ""]),
    (Field::Event, "event: full\nevent: *\ndata: x\n\n", 0, ["*", "x", ""]),
    (Field::Event, "event: *\nevent: t\ndata: x\n\n", 0, ["t", "x", ""]),
    // The ID, likewise.
    (Field::Id, "id: *\ndata: x\n\n", 0, ["message", "x", "*"]),
    (Field::Id, "id:*\ndata: x\n\n", 0, ["message", "x", "*"]),
    (Field::Id, "data: x\nid: *\n\n", 0, ["message", "x", "*"]),
    (Field::Id, "id: full\nid: *\ndata: x\n\n", 0, ["message", "x", "*"]),
    (Field::Id, "id: *\nid: 1\ndata: x\n\n", 0, ["message", "x", "1"]),
    // Each value has its own limit: the others may be at theirs.
    (Field::Data, "event: full\nid: full\ndata: *\n\n", 0, ["full", "*", "full"]),
    (Field::Event, "data: 1234567890\nid: full\nevent: *\n\n", 0, ["*", "1234567890", "full"]),
    (Field::Id, "data: 1234567890\nevent: full\nid: *\n\n", 0, ["full", "1234567890", "*"]),
];

#[test]
fn value_at_and_above_limit() {
    for &(field, block, beside, event) in BLOCKS {
        let limit = if field == Field::Data { SETUP.data } else { SETUP.meta };
        let filling = &"abcdefghij"[..limit - beside];
        let [event_type, data, id] = event.map(|value| value.replace('*', filling));

        // Anything left over would show in one shape or the other.
        let stream = format!("{block}data: next\n\ndata:last\n\n");
        let outputs = |first: String, id: &str| {
            [first, format!("event(message, next, {id})"), format!("event(message, last, {id})")]
        };

        let event = format!("event({event_type}, {data}, {id})");
        for fits in with_each_line_end(&stream.replace('*', filling)) {
            let outputs = outputs(event.clone(), &id);
            assert_output(&SETUP, fits.as_bytes(), &outputs.each_ref().map(String::as_str));
        }
        let error = format!("TooLarge {{ field: {field:?}, limit: {limit} }}");
        for breaks in with_each_line_end(&stream.replace('*', &format!("{filling}!"))) {
            let outputs = outputs(error.clone(), "");
            assert_output(&SETUP, breaks.as_bytes(), &outputs.each_ref().map(String::as_str));
        }
    }
}

const DATA: &str = "TooLarge { field: Data, limit: 10 }";
const EVENT: &str = "TooLarge { field: Event, limit: 4 }";
const ID: &str = "TooLarge { field: Id, limit: 4 }";

/// Streams with all notifications selected, and what is reported.
#[rustfmt::skip]
const STREAMS: &[(&str, &[&str])] = &[
    // An error is reported once, whatever else the block exceeds.
    ("data: 12345678901\ndata: 12345678901\nevent: 12345\nid: 12345\n\n", &[DATA]),
    // If several limits are exceeded, the first in stream order is reported.
    ("event: 12345\nid: 12345\ndata: 12345678901\n\n", &[EVENT]),
    ("id: 12345\ndata: 12345678901\nevent: 12345\n\n", &[ID]),
    ("data: 1234567890\nevent: t\ndata: 1\nid: 12345\n\n", &[DATA]),
    // The next block is not affected, even if it exceeds a limit, too.
    ("data: 12345678901\n\ndata: x\n\n", &[DATA, "event(message, x, )"]),
    ("event: 12345\n\nid: 12345\n\ndata: 12345678901\n\ndata: x\n\n",
     &[EVENT, ID, DATA, "event(message, x, )"]),
    // Nothing of the failed block is left: no type, no data, no ID.
    ("event: t\nid: 7\ndata: 12345678901\ndata: y\n\ndata: x\n\n", &[DATA, "event(message, x, )"]),
    ("data: 12345678901\nevent: t\nid: 7\ndata: y\n\ndata: x\n\n", &[DATA, "event(message, x, )"]),
    ("id: 1\n\nid: 7\ndata: 12345678901\n\ndata: x\n\n", &["empty(message, 1)", DATA, "event(message, x, 1)"]),
    ("id: 1\n\nid: 12345\ndata: y\n\ndata: x\n\n", &["empty(message, 1)", ID, "event(message, x, 1)"]),
    // A failed block without data is not an empty block.
    ("event: 12345\n\n", &[EVENT]),
    // What is not part of the event continues: notifications and the reconnection time.
    ("data: 12345678901\n: note\nname: f\nretry: 5\ndata: y\n: bye\n\n",
     &[DATA, "comment(note, false)", "unknown(name, f, false)", "retry(5ms)", "comment(bye, false)"]),
    ("event: 12345\n:0123456789\n\n", &[EVENT, "comment(0123456789, false)"]),
    // An ID with NUL is ignored, whatever its length and wherever the NUL is.
    ("id: 123456789\0\ndata: x\n\n", &["event(message, x, )"]),
    ("id: \x00123456789\ndata: x\n\n", &["event(message, x, )"]),
    ("id: 1\nid: 1234\x0056789\ndata: x\n\n", &["event(message, x, 1)"]),
    // A past ID takes no space from a later event, nor from the pending one.
    ("id: full\n\nevent: full\ndata: 1234567890\n\n",
     &["empty(message, full)", "event(full, 1234567890, full)"]),
    ("id: full\n\nid: next\ndata: 1234567890\n\n",
     &["empty(message, full)", "event(message, 1234567890, next)"]),
    // Lines that the standard ignores exceed no limit.
    ("retry: 12345678901234567890123456789\ndatadatadatadata: 12345678901\ndata: x\n\n",
     &["unknown(datadatada, , true)", "event(message, x, )"]),
    ("ids: 12345\nEvent: 12345\n data: 1\ndata: x\n\n",
     &["unknown(ids, 12345, false)", "unknown(Event, 123, true)", "unknown( data, 1, false)", "event(message, x, )"]),
];

#[test]
fn error_loses_one_event() {
    for (stream, outputs) in STREAMS {
        let setup = Setup { notify: Notify::ALL, ..SETUP };
        for stream in with_each_line_end(stream) {
            assert_output(&setup, stream.as_bytes(), outputs);
        }
    }
}

/// A comment or an unknown field may use the space that the block's data leaves, and is cut there.
/// The line of an unknown field counts as a whole.
#[rustfmt::skip]
const TEXTS: &[(&str, &[&str])] = &[
    (":0123456789\n", &["comment(0123456789, false)"]),
    (": 0123456789\n", &["comment(0123456789, false)"]),
    (":  123456789\n", &["comment( 123456789, false)"]),
    (": 0123456789a\n", &["comment(0123456789, true)"]),
    (":  0123456789\n", &["comment( 012345678, true)"]),
    ("name: 6789\n", &["unknown(name, 6789, false)"]),
    ("name:56789\n", &["unknown(name, 56789, false)"]),
    ("name: 6789a\n", &["unknown(name, 6789, true)"]),
    ("name:56789a\n", &["unknown(name, 56789, true)"]),
    ("name5678:\n", &["unknown(name5678, , false)"]),
    ("name567: v\n", &["unknown(name567, v, false)"]),
    // Cut before the value, before the space, before the colon, in the name.
    ("name5678: v\n", &["unknown(name5678, , true)"]),
    ("name56789: v\n", &["unknown(name56789, , true)"]),
    ("name567890: v\n", &["unknown(name567890, , true)"]),
    ("name567890v\n", &["unknown(name567890, , true)"]),
    ("name567890\n", &["unknown(name567890, , false)"]),
    // Names that begin like known ones.
    ("datum: 789\n", &["unknown(datum, 789, false)"]),
    ("datum: 789a\n", &["unknown(datum, 789, true)"]),
    // After four bytes of data there is space for six.
    ("data: 1234\n: 012345\n\n", &["comment(012345, false)", "event(message, 1234, )"]),
    ("data: 1234\n: 0123456\n\n", &["comment(012345, true)", "event(message, 1234, )"]),
    ("data: 1234\nna: 45\n\n", &["unknown(na, 45, false)", "event(message, 1234, )"]),
    ("data: 1234\nna: 456\n\n", &["unknown(na, 45, true)", "event(message, 1234, )"]),
    // A type and an ID take no space from it.
    ("event: full\nid: full\n: 0123456789\n\n", &["comment(0123456789, false)", "empty(full, full)"]),
    // After full data there is no space.
    ("data: 1234567890\n:\n\n", &["comment(, false)", "event(message, 1234567890, )"]),
    ("data: 1234567890\n: \n\n", &["comment(, false)", "event(message, 1234567890, )"]),
    ("data: 1234567890\n:a\n\n", &["comment(, true)", "event(message, 1234567890, )"]),
    ("data: 1234567890\nname: x\n\n", &["unknown(, , true)", "event(message, 1234567890, )"]),
    // A text is dropped once it is reported: data may follow up to the limit.
    ("data: 1234\n: 012345\ndata: 67890\n\n", &["comment(012345, false)", r"event(message, 1234\n67890, )"]),
];

#[test]
fn text_is_cut_at_limit() {
    for (stream, outputs) in TEXTS {
        let setup = Setup { notify: Notify::ALL, ..SETUP };
        for stream in with_each_line_end(stream) {
            assert_output(&setup, stream.as_bytes(), outputs);
        }
    }
}

/// Returns `true` if the block's one event is returned; checks that this does not depend on chunk
/// boundaries.
fn yields_event<B: Buffer>(buffer: impl Fn() -> B, block: &str) -> bool {
    let traces = cut_anywhere(block.as_bytes()).into_iter().map(|chunks| {
        sseam_testkit::read(&mut Parser::with_buffer(buffer()), &chunks, false).outputs
    });
    let mut results: Vec<bool> = traces
        .map(|outputs| match &outputs[..] {
            [Output::Event { .. }] => true,
            [Output::Error(Error::TooLarge { field: Field::Id, .. })] => false,
            other => panic!("{other:?} of {block:?}"),
        })
        .collect();
    results.dedup();
    assert_eq!(results.len(), 1, "{block:?} depends on its cut");
    results[0]
}

/// A second ID of a block is held after the data until its line has ended. A buffer of a fixed size
/// has to hold both; a `VecBuf` can grow.
#[test]
fn second_id_shares_data_memory() {
    let rows = [
        ("data: 0123456789\nid: 1\nid: 123456\n\n", true),
        ("data: 0123456789\nid: 1\nid: 1234567\n\n", false),
        ("data: 01234\ndata: 6789\nid: 1\nid: 123456\n\n", true),
        ("data: 01234\ndata: 6789\nid: 1\nid: 1234567\n\n", false),
        ("data: 0123456789abcdef\nid: 1\nid\n\n", true),
        ("data: 0123456789abcdef\nid: 1\nid: 1\n\n", false),
        // Only the data before it counts, and the first ID shares nothing.
        ("id: 1\nid: 12345678\ndata: 0123456789abcdef\n\n", true),
        ("data: 0123456789abcdef\nid: 12345678\n\n", true),
        // The third is like the second, and one with NUL is not an ID.
        ("data: 0123456789\nid: 1\nid: 2\nid: 123456\n\n", true),
        ("data: 0123456789\nid: 1\nid: 2\nid: 1234567\n\n", false),
        ("data: 0123456789\nid: 1234567\x00\nid: 1234567\n\n", true),
        ("data: 0123456789\nid: 1\nid: 1234567\x00\n\n", true),
    ];
    for (block, fits) in rows {
        assert_eq!(yields_event(ArrayBuf::<16, 8>::new, block), fits, "ArrayBuf, {block:?}");
        #[cfg(feature = "alloc")]
        assert!(yields_event(|| sseam::VecBuf::with_limits(16, 8), block), "VecBuf, {block:?}");

        let (mut data, mut meta) = ([0; 16], [0; 3 * 8]);
        let mut parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
        let outputs = sseam_testkit::read(&mut parser, &bytewise(block.as_bytes()), false).outputs;
        assert_eq!(matches!(outputs[..], [Output::Event { .. }]), fits, "SliceBuf, {block:?}");
    }
    // If the limit on data is below the memory, the difference can be shared.
    let with_two_more = || ArrayBuf::<18, 8>::new().with_limit(16);
    assert!(yields_event(with_two_more, "data: 0123456789abcdef\nid: 1\nid: 12\n\n"));
    assert!(!yields_event(with_two_more, "data: 0123456789abcdef\nid: 1\nid: 123\n\n"));
}

/// `with_limit` above the memory has no effect.
#[test]
fn limit_below_and_above_memory() {
    let holds = |outputs: Vec<Output>| matches!(outputs[..], [Output::Event { .. }]);
    for (asked, bound) in [(0, 0), (1, 1), (7, 7), (8, 8), (9, 8), (usize::MAX, 8)] {
        for len in 0..=9 {
            let stream = format!("data: {}\n\n", "x".repeat(len));
            for chunks in [vec![stream.as_bytes()], bytewise(stream.as_bytes())] {
                let buffer = ArrayBuf::<8, 4>::new().with_limit(asked);
                let outputs =
                    sseam_testkit::read(&mut Parser::with_buffer(buffer), &chunks, false).outputs;
                assert_eq!(holds(outputs), len <= bound, "ArrayBuf, {asked}, {len}");

                let (mut data, mut meta) = ([0; 8], [0; 3 * 4]);
                let buffer = SliceBuf::new(&mut data, &mut meta).with_limit(asked);
                let outputs =
                    sseam_testkit::read(&mut Parser::with_buffer(buffer), &chunks, false).outputs;
                assert_eq!(holds(outputs), len <= bound, "SliceBuf, {asked}, {len}");
            }
        }
    }
}

/// A limit of zero works.
#[test]
fn limit_zero() {
    let stream = b"data\n\nevent\nid\ndata:\n\ndata: x\n\ndata\ndata\n\n: note\nretry: 5\n\n";
    for notify in [Notify::NONE, Notify::ALL] {
        let setup = Setup { data: 0, meta: 4, notify, flush: false };
        for chunks in cut_anywhere(stream) {
            assert_as_oracle(&setup, stream, &chunks);
        }
    }
    let stream = b"data\n\nevent\nid\ndata:\n\nevent: x\n\nid: x\n\ndata\n\n";
    for chunks in cut_anywhere(stream) {
        let trace =
            sseam_testkit::read(&mut Parser::with_buffer(ArrayBuf::<0, 0>::new()), &chunks, false);
        let outputs: Vec<_> = trace.outputs.iter().map(|output| format!("{output:?}")).collect();
        let event = "event(message, , )";
        let error = |field| format!("TooLarge {{ field: {field}, limit: 0 }}");
        assert_eq!(outputs, [event, event, &error("Event"), &error("Id"), event]);
    }
}
