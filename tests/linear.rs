//! Work is linear: no byte is searched or moved more than twice, for any stream in any chunks, and
//! twice the stream is twice the work. Encoding is linear, too: iterating over a block's bytes
//! searches each once.
//!
//! The library counts the bytes itself, with the feature `__work`. What a `VecBuf` moves when it
//! grows is not counted: as it doubles, that is at most once more.

use proptest::collection::vec;
use proptest::prelude::*;
use sseam::encode::Block;
use sseam::llm::payload::{chat, messages, responses};
use sseam::llm::{Answer, Protocol};
use sseam::{ArrayBuf, Buffer, Event, Notify, Parser, SliceBuf, VecBuf, json, work};
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::{Setup, cut};

/// How often a byte is searched at most: once for the end of its line, and once more for one of
/// these, which exclude each other: its line was first tried as a usual event; an ID is searched
/// for NUL; an unknown field to be reported is searched for its colon.
///
/// There is no constant per line nor per call.
const SEARCHED: usize = 2;

/// How often a byte is moved at most: once to the place where it is read from, and once more in a
/// straddling line with a second ID of its block, which is held elsewhere until it is known to have
/// no NUL.
const MOVED: usize = 2;

/// The bytes searched, and the bytes moved.
#[derive(Clone, Copy, Debug)]
struct Work {
    searched: usize,
    moved: usize,
}

/// Reads the chunks, with `next_event` if that reports all that was selected.
fn work_of<'c, B: Buffer>(
    buffer: B,
    notify: Notify,
    chunks: impl IntoIterator<Item = &'c [u8]>,
) -> Work {
    let mut parser = Parser::with_buffer(buffer).with_notify(notify);
    let _ = work::take();
    for mut chunk in chunks {
        if notify == Notify::NONE {
            while !matches!(parser.next_event(&mut chunk), Ok(None)) {}
        } else {
            while !matches!(parser.next_item(&mut chunk), Ok(None)) {}
        }
    }
    let (searched, moved) = work::take();
    Work { searched, moved }
}

/// Streams to repeat, and how often a byte of them is moved at most. `LONG` is a value of 900
/// bytes, `BROKEN` one of 6,000.
const STREAMS: &[(&str, usize)] = &[
    // What servers send.
    ("data: LONG\n\n", 1),
    ("data: x\n\n", 1),
    ("event: type\ndata: LONG\n\n", 1),
    ("event: type\r\ndata: LONG\r\n\r\n", 1),
    ("id: 1\revent: type\rdata: LONG\r\r", 1),
    ("data: x\ndata: y\ndata\ndata: LONG\ndata: z\n\n", 1),
    (": keep-alive\n\n", 1),
    // Nothing to move, little to search.
    ("\n", 0),
    ("\r\n", 0),
    ("retry: 123\n", 0),
    // Prefixes of the usual shape that turn out to be something else.
    ("event: LONG\nevent: LONG\ndata: x\n\n", 1),
    ("event: LONG\nid: 1\ndata: LONG\n\n", 1),
    ("event: LONG\ndata: LONG\nid: LONG\n\n", 1),
    ("data: LONG\nid: LONG\n\n", 1),
    ("data: LONG\nevent: LONG\n\n", 1),
    ("data: LONG\r\ndata: LONG\r\n\r\n", 1),
    ("event: LONG\r\r", 1),
    // Fields in turn, each of which ends the borrowed values of the others.
    ("event: LONG\nevent: LONG\nevent: LONG\nid: 1\n\n", 1),
    ("event: e\nid: i\ndata: x\nevent: f\nid: j\ndata: y\nevent: g\nid: k\ndata: z\n\n", 1),
    ("event: LONG\ndata: LONG\nevent: LONG\ndata: LONG\ndata: x\n\n", 1),
    ("event: LONG\n: c\ndata: LONG\n: c\nevent: LONG\n: c\ndata: LONG\n: c\n\n", 1),
    ("data: LONG\nname: f\nname: f\nname: f\nname: f\n\n", 1),
    // IDs, of which the second and later ones are held after the data.
    ("id: LONG\ndata: x\n\n", 1),
    ("id: LONG\nid: LONG\n\n", 2),
    ("data: x\nid: LONG\nid: LONG\nid: LONG\nid: LONG\n\n", 2),
    ("id: LONG\0\nid: LONG\0\ndata: x\n\n", 1),
    // Texts.
    (": LONG\n", 1),
    ("name: LONG\n", 1),
    ("LONG: value\n", 1),
    ("LONG\n", 1),
    ("dat: LONG\neventful: LONG\n", 1),
    // Exceeded limits.
    ("data: BROKEN\n\n", 1),
    ("event: BROKEN\ndata: LONG\n\n", 1),
    ("event: LONG\ndata: BROKEN\n\n", 1),
    ("id: BROKEN\ndata: x\n\n", 1),
    ("id: 1\nid: BROKEN\ndata: x\n\n", 2),
    (": BROKEN\n", 1),
];

#[test]
fn work_per_byte() {
    for &(stream, moved) in STREAMS {
        assert!(moved <= MOVED, "{stream:?}");
        let block = stream.replace("LONG", &"x".repeat(900)).replace("BROKEN", &"x".repeat(6000));
        let stream = block.repeat(12_000_usize.div_ceil(block.len())).into_bytes();
        for notify in [Notify::NONE, Notify::ALL] {
            for size in [1, 7, 64, 1460, stream.len()] {
                let (mut data, mut meta) = ([0; 5000], [0; 3 * 1000]);
                let over_slices = SliceBuf::new(&mut data, &mut meta);
                let in_place = ArrayBuf::<5000, 1000>::new();
                let on_heap = VecBuf::with_limits(5000, 1000);
                let chunks = || stream.chunks(size);
                for work in [
                    work_of(over_slices, notify, chunks()),
                    work_of(in_place, notify, chunks()),
                    work_of(on_heap, notify, chunks()),
                ] {
                    let context = || {
                        let block = block.replace(&"x".repeat(900), "LONG");
                        format!(
                            "{work:?} in {} bytes, {notify:?}, in chunks of {size}: {block:.100?}",
                            stream.len()
                        )
                    };
                    assert!(work.searched <= SEARCHED * stream.len(), "{}", context());
                    assert!(work.moved <= moved * stream.len(), "{}", context());
                }
            }
        }
    }
}

/// One long line among short ones shows work that is repeated for a line or a call.
#[test]
fn work_per_byte_of_long_line() {
    let before = [
        "",
        "\n",
        "\r\n",
        ": c\n",
        "\n: c\r\n",
        "retry: 5\n",
        "name\n",
        "data: x\n\n",
        "data: x\r\n\r\n",
        "data: x\n",
        "event: t\n",
        "id: i\n",
        "data: x\ndata: y\n",
        "event: t\ndata: x\n",
        "data: over\n",
        "event: t\r\n: c\r\n",
        "data: x\r",
        "id: i\n\n\n",
    ];
    let lines = [
        "data: LONG",
        "data:LONG",
        "event: LONG",
        "id: LONG",
        "retry: LONG",
        ": LONG",
        "name: LONG",
        "LONG",
    ];
    let after = [
        "",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        "\r\r",
        "\ndata: x",
        "\ndata: x\n",
        "\ndata: x\n\n",
        "\rdata: x\r",
        "\nid: i\n",
        "\nevent: t\n",
        "\n: c\n\n",
        "\nname\n",
    ];
    // Limits for everything, for everything but the long line, and nearly zero ones.
    for (data, meta) in [(1000, 1000), (800, 800), (3, 1)] {
        let (mut data_memory, mut meta_memory) = (vec![0; data], vec![0; 3 * meta]);
        for (before, line, after) in combinations(&before, &lines, &after) {
            let stream =
                [before, &line.replace("LONG", &"x".repeat(900)), after].concat().into_bytes();
            for notify in [Notify::NONE, Notify::ALL] {
                for cuts in [
                    &[][..],
                    &[before.len()],
                    &[before.len() + 3],
                    &[before.len() + 300, before.len() + 600],
                ] {
                    let over_slices = SliceBuf::new(&mut data_memory, &mut meta_memory);
                    let work = work_of(over_slices, notify, cut(&stream, cuts));
                    let context = || {
                        let line = [before, line, after].concat();
                        format!(
                            "{work:?} in {} bytes, {notify:?}, cut at {cuts:?}: {line:?}",
                            stream.len()
                        )
                    };
                    assert!(work.searched <= SEARCHED * stream.len(), "{}", context());
                    assert!(work.moved <= MOVED * stream.len(), "{}", context());
                }
            }
        }
    }
}

/// Each combination of one of each.
fn combinations<'a>(
    first: &'a [&str],
    second: &'a [&str],
    third: &'a [&str],
) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    first.iter().flat_map(move |first| {
        second
            .iter()
            .flat_map(move |second| third.iter().map(move |third| (*first, *second, *third)))
    })
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn work_per_byte_of_any_stream(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        let Setup { data, meta, notify, .. } = setup;
        let (mut data_memory, mut meta_memory) = (vec![0; data], vec![0; 3 * meta]);
        let over_slices = SliceBuf::new(&mut data_memory, &mut meta_memory);
        for work in [
            work_of(over_slices, notify, cut(&stream, &offsets)),
            work_of(VecBuf::with_limits(data, meta), notify, cut(&stream, &offsets)),
            work_of(VecBuf::with_limits(data, meta), notify, stream.chunks(1)),
        ] {
            let len = stream.len();
            prop_assert!(work.searched <= SEARCHED * len, "{work:?} in {len} bytes");
            prop_assert!(work.moved <= MOVED * len, "{work:?} in {len} bytes");
        }
    }
}

/// Usual events cost less than the guarantee: if they lie whole in the chunk, each byte is searched
/// once and none is moved.
#[test]
fn usual_event_is_searched_once() {
    let events =
        ["data: LONG\n\n", "event: type\ndata: LONG\n\n", "event: type\r\ndata: LONG\r\n\r\n"];
    for event in events {
        let stream = event.replace("LONG", &"x".repeat(900)).repeat(100).into_bytes();
        let work = work_of(VecBuf::new(), Notify::NONE, [&stream[..]]);
        assert!(work.searched <= stream.len(), "{work:?} in {} bytes, {event:?}", stream.len());
        // Shows that the work is counted.
        assert!(work.searched > stream.len() / 2, "{work:?} in {} bytes, {event:?}", stream.len());
        assert_eq!(work.moved, 0, "{event:?}");
    }
    // Other shapes are at least not moved.
    let events = ["data:LONG\n\n", "data: LONG\r\r", ": c\ndata: LONG\nevent: LONG\nretry: 5\n\n"];
    for event in events {
        let stream = event.replace("LONG", &"x".repeat(900)).repeat(100).into_bytes();
        let work = work_of(VecBuf::new(), Notify::NONE, [&stream[..]]);
        assert_eq!(work.moved, 0, "{event:?}");
    }
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// Streams that grow in one block: the beginning, and what is repeated.
const GROWING: &[(&str, &str)] = &[
    ("data: ", "x"),
    (":", "x"),
    ("", "name"),
    ("id: 1\nid: ", "x"),
    ("", "data: x\n"),
    ("", "data: x\n\n"),
    ("", "event: type\ndata: 0123456789\n\n"),
    ("", "event: e\nid: i\ndata: x\n"),
    ("event: type\n", "data: x\n: note\nname: field\n"),
    ("data: x\n", "event: type\n"),
    ("data: x\n", "id: i\n"),
];

/// Both kinds of work in a stream of `bytes` bytes.
fn work_to_grow((begins, repeats): (&str, &str), bytes: usize, size: usize) -> [usize; 2] {
    let times = (bytes - begins.len()) / repeats.len();
    let stream = [begins, &repeats.repeat(times)].concat().into_bytes();
    let buffer = VecBuf::with_limits(bytes, bytes);
    let Work { searched, moved } = work_of(buffer, Notify::ALL, stream.chunks(size));
    [searched, moved]
}

#[track_caller]
fn assert_doubles(stream: (&str, &str), bytes: usize, size: usize) {
    let once = work_to_grow(stream, bytes, size);
    let twice = work_to_grow(stream, 2 * bytes, size);
    for (once, twice) in once.into_iter().zip(twice) {
        let difference = twice.abs_diff(2 * once);
        // Within 1 % and a packet: the first chunk may cost more than later ones.
        let is_doubled = difference <= 2 * once / 100 + 1460;
        assert!(is_doubled, "{once} became {twice}, {stream:?}, {bytes} bytes in chunks of {size}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn work_doubles_with_stream() {
    for &stream in GROWING {
        for bytes in [64 * KIB, 128 * KIB] {
            for size in [1, 61, 1460, 2 * bytes] {
                assert_doubles(stream, bytes, size);
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn work_doubles_with_long_stream() {
    for &stream in &GROWING[..4] {
        for size in [64 * KIB, 16 * MIB] {
            assert_doubles(stream, 8 * MIB, size);
        }
    }
}

/// With line ends anywhere in the data, or none.
#[test]
fn encoding_searches_each_byte_once() {
    for line in ["", "x", "0123456789", &"x".repeat(100), &"x".repeat(10_000)] {
        for end in ["\n", "\r", "\r\n", ""] {
            let text = format!("{line}{end}").repeat(1000);
            for is_data in [true, false] {
                let _ = work::take();
                let block = if is_data { Block::data(&text) } else { Block::comment(&text) };
                let (made, _) = work::take();
                let len: usize = block.pieces().map(<[u8]>::len).sum();
                let (written, _) = work::take();
                let searched = made + written;
                assert!(searched <= text.len(), "{searched} of {}, {end:?}", text.len());

                // The rest is searched twice: for its length, and to be written.
                let mut memory = vec![0; len];
                assert!(block.write_to_slice(&mut memory).is_ok());
                assert_eq!(work::take().0, 2 * written, "of {}, {end:?}", text.len());
                assert!(!end.is_empty() || written == 0, "{written} of one line");
            }
        }
    }
    let id = "x".repeat(1000);
    let _ = work::take();
    let block = Block::new().event_type(&*id).and_then(|block| block.id(&*id)).expect("valid");
    assert_eq!(work::take().0, 2 * id.len(), "each value once");
    assert_eq!(block.pieces().count(), 5);
    assert_eq!(work::take().0, 0);
}

/// JSON of a few hundred KiB: the beginning, what is repeated, and the end.
const JSON: &[(&str, &str, &str)] = &[
    (r#"{"x":0"#, r#","a":"b""#, "}"),
    (
        r#"{"x":0"#,
        r#","a name that is longer than a block":"and so is the text that it names""#,
        "}",
    ),
    (r#"{"x":0"#, r#","n\u0061me":"\"\\\n""#, "}"),
    (r#"{"x":0"#, r#","error":null,"id":"","choices":0"#, "}"),
    (r#"{"id":""#, "x", "\"}"),
    (r#"{"id":""#, r"\n", "\"}"),
    (r#"{"id":""#, r"\\", "\"}"),
    (r#"{"id":""#, "\u{5b57}", "\"}"),
    (r#"{"x":""#, "\u{5b57}", "\"}"),
    (r#"{"x":""#, r"a longer text than two blocks are\u0020", "\"}"),
    (r#"{"choices":[0"#, r#",{"index":1,"delta":{"content":"x"}}"#, "]}"),
    (r#"{"choices":[{"delta":{"tool_calls":[0"#, r#",{"function":{"arguments":"x"}}"#, "]}}]}"),
    (r#"{"choices":[{"delta":{"content":[0"#, r#",{"type":"text","text":"\n"}"#, "]}}]}"),
    (r#"{"x":[0"#, r#",[{"a":"b"}],"c""#, "]}"),
    (r#"{"x":0"#, r#","y": 1234567890123456789012345678901234567890"#, "}"),
    // An error at the end does not restart the search.
    (r#"{"id":""#, "x", ""),
    (r#"{"id":""#, r"\n", "\\x\"}"),
    (r#"{"x":0"#, r#","a":"b""#, ",}"),
];

/// Reading a payload, and iterating over it: a string is searched for its end once, and once more
/// if that is not near.
#[test]
fn payload_searches_each_byte_twice() {
    let (mut all_searched, mut all_bytes) = (0, 0);
    for (begins, repeats, ends) in JSON {
        let repeats =
            if repeats.ends_with(':') { format!("{repeats}0") } else { (*repeats).to_owned() };
        let ends = ends.trim_start_matches('0');
        let data = [*begins, &*repeats.repeat((200 * KIB).div_ceil(repeats.len())), ends].concat();
        let event = Event::new(&*data);
        let reads: [(&str, &dyn Fn()); 4] = [
            ("chat", &|| _ = chat::Chunk::parse(&event)),
            ("responses", &|| {
                _ = responses::StreamEvent::parse(&event.with_type("response.created"));
            }),
            ("messages", &|| _ = messages::StreamEvent::parse(&event.with_type("message_start"))),
            ("walk", &|| _ = json::members(data.as_bytes()).count()),
        ];
        for (name, read) in reads {
            let _ = work::take();
            read();
            let (searched, _) = work::take();
            let context = || format!("{name}: {searched} of {} bytes, {repeats:?}", data.len());
            assert!(searched <= 2 * data.len(), "{}", context());
            all_searched += searched;
            all_bytes += data.len();
        }
    }
    // Shows that the work is counted.
    assert!(all_searched > all_bytes / 4, "{all_searched} of {all_bytes} bytes");
}

/// Each element is read once more when it is requested, without the others.
#[test]
fn list_elements_are_searched_once() {
    let element = r#",{"index":1,"delta":{"content":"some text, and more of it"}}"#;
    for elements in [10, 1000, 10_000] {
        let data = format!(r#"{{"choices":[0{}]}}"#, element.repeat(elements));
        let chunk = chat::Chunk::parse(&Event::new(&*data)).expect("a chunk");
        let _ = work::take();
        assert_eq!(chunk.choices.iter().count(), elements);
        let (searched, _) = work::take();
        assert!(searched <= data.len(), "{searched} of {} bytes", data.len());
        assert!(searched > data.len() / 4, "{searched} of {} bytes", data.len());
    }
}

/// Events that grow: the protocol, the beginning, what is repeated, and the end.
const EVENTS: &[(&str, &str, &str, &str)] = &[
    // Members.
    ("chat", r#"{"choices":[],"x":0"#, r#","a":"b""#, "}"),
    ("chat", r#"{"x":0"#, r#","error":null"#, r#","choices":[]}"#),
    ("chat", r#"{"choices":[{"delta":{"content":"x""#, r#","a":"b""#, "}}]}"),
    ("chat", r#"{"usage":{"x":0"#, r#","a":"b""#, r#"},"choices":[]}"#),
    ("messages", r#"{"type":"message_start","message":{"usage":{}"#, r#","a":"b""#, "}}"),
    ("json-rpc", r#"{"jsonrpc":"2.0","id":1,"result":{"a":"b""#, r#","a":"b""#, "}}"),
    // Choices and candidates.
    (
        "chat",
        r#"{"choices":[0"#,
        r#",{"index":1,"finish_reason":"stop","delta":{"content":"x"}}"#,
        "]}",
    ),
    ("chat", r#"{"choices":[0"#, r#",{"index":1,"error":null}"#, "]}"),
    (
        "generate-content",
        r#"{"candidates":[{"index":7}"#,
        r#",{"index":1,"finishReason":"STOP"}"#,
        "]}",
    ),
    // Calls.
    (
        "chat",
        r#"{"choices":[{"delta":{"tool_calls":[0"#,
        r#",{"index":1,"id":"a","function":{"name":"f","arguments":"x"}}"#,
        "]}}]}",
    ),
    (
        "chat",
        r#"{"choices":[{"message":{"tool_calls":[0"#,
        r#",{"id":"a","function":{"name":"f","arguments":{"a":"b"}}}"#,
        "]}}]}",
    ),
    (
        "generate-content",
        r#"{"candidates":[{"content":{"parts":[0"#,
        r#",{"functionCall":{"name":"f","args":{"a":"b"}}}"#,
        "]}}]}",
    ),
    (
        "responses",
        r#"{"type":"response.completed","response":{"status":"completed","output":[0"#,
        r#",{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":"x"}"#,
        "]}}",
    ),
    // Parts of texts.
    ("chat", r#"{"choices":[{"delta":{"content":[0"#, r#",{"type":"text","text":"x"}"#, "]}}]}"),
    (
        "chat",
        r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[0"#,
        r#",{"type":"text","text":"x"}"#,
        "]}]}}]}",
    ),
    (
        "responses",
        r#"{"type":"response.completed","response":{"status":"completed","output":[0"#,
        r#",{"type":"message","content":[{"type":"output_text","text":"x"}]}"#,
        "]}}",
    ),
    (
        "responses",
        r#"{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[0"#,
        r#",{"type":"output_text","text":"x"}"#,
        "]}}",
    ),
    (
        "responses",
        r#"{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","summary":[0"#,
        r#",{"type":"summary_text","text":"x"}"#,
        "]}}",
    ),
    // Long texts.
    ("chat", r#"{"choices":[{"delta":{"content":""#, "x", "\"}}]}"),
    ("chat", r#"{"choices":[{"delta":{"content":""#, r"\n", "\"}}]}"),
    ("chat", r#"{"choices":[{"delta":{"content":""#, r"\ud83d", "\"}}]}"),
    ("chat", r#"{"choices":[{"finish_reason":""#, "x", "\"}]}"),
    ("responses", r#"{"type":"response.completed","response":{"status":""#, "x", "\"}}"),
    ("responses", r#"{"type":""#, "x", "\"}"),
    // A batch, and truncated JSON.
    ("json-rpc", "[0", r#",{"jsonrpc":"2.0","id":1,"result":{}}"#, "]"),
    ("chat", r#"{"choices":[{"delta":{"content":"x""#, r#","a":"b""#, ""),
    ("chat", r#"{"choices":"#, "[", ""),
];

/// How many bytes an answer searches in an event of `bytes` bytes.
fn searched_by_an_answer(event: &(&str, &str, &str, &str), bytes: usize) -> (usize, usize) {
    let (protocol, begins, repeats, ends) = event;
    let data = [*begins, &*repeats.repeat(bytes.div_ceil(repeats.len())), *ends].concat();
    let protocol = Protocol::by_name(protocol).expect("a protocol");
    let _ = work::take();
    let mut answer = Answer::of(protocol);
    let count = answer.read(&Event::new(&*data)).count();
    let (searched, _) = work::take();
    (searched, count)
}

/// For any number of members, calls, choices, parts.
#[test]
fn answer_work_doubles_with_event() {
    let mut is_any = false;
    for event in EVENTS {
        let (once, _) = searched_by_an_answer(event, 20 * KIB);
        let (twice, _) = searched_by_an_answer(event, 40 * KIB);
        is_any |= once > 20 * KIB;
        assert!(twice <= 2 * once + 2 * once / 100 + 4096, "{once} became {twice}: {event:?}");
        assert!(once <= MOST * 20 * KIB, "{once} of {} bytes: {event:?}", 20 * KIB);
    }
    assert!(is_any, "no work was counted");
}

/// How often a byte is searched at most: once for each rule that skips over it.
const MOST: usize = 64;
