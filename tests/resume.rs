//! State that outlives the connection: the last event ID, committed only at blank lines, and the
//! reconnection time. The ID can be set from an earlier run, and a parser can be stored, cloned and
//! sent.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use sseam::{ArrayBuf, Buffer, LastEventIdError, Notify, Parser, SliceBuf, Value};
use sseam_testkit::{Output, cut_anywhere, ms, read};

type InPlace = Parser<ArrayBuf<64, 8>>;

/// Feeds the whole stream and returns each item and error as text.
fn feed<B: Buffer>(parser: &mut Parser<B>, stream: &[u8]) -> Vec<String> {
    let mut outputs = Vec::new();
    let mut chunk = stream;
    loop {
        let next = match parser.next_item(&mut chunk) {
            Ok(Some(item)) => Output::from(item),
            Ok(None) => return outputs,
            Err(error) => Output::Error(error),
        };
        outputs.push(format!("{next:?}"));
    }
}

/// What a client may do between two connections.
const ENDS: [fn(&mut InPlace); 2] = [InPlace::reset, |parser| {
    let _ = parser.finish();
}];

#[test]
fn id_and_retry_outlive_connection() {
    for end in ENDS {
        let mut parser = InPlace::default();
        assert_eq!(parser.reconnection_time(), None);
        feed(&mut parser, b"retry: 1500\nid: 7\ndata: x\n\nretry: 20");
        let connections: [(&[u8], &[&str]); 3] = [
            (b"", &[]),
            (b"data: y\n\n", &["event(message, y, 7)"]),
            (b"\xEF\xBB\xBFretry: x\ndata: z\n\n", &["event(message, z, 7)"]),
        ];
        for (stream, outputs) in connections {
            end(&mut parser);
            assert_eq!(parser.last_event_id(), "7");
            // The line of the second one had not ended.
            assert_eq!(parser.reconnection_time(), Some(ms(1500)));
            assert_eq!(feed(&mut parser, stream), outputs);
        }
    }
}

/// Anything can be pending.
#[test]
fn pending_block_is_dropped() {
    let pending: &[&[u8]] = &[
        b"data: a",
        b"data: a\n",
        b"data: a\ndata: b\r",
        b"event: a\n",
        b"event: a",
        b"id: 9\n",
        b"id: 9",
        b"id: 9\nid: 10",
        b"event: a\nid: 9\ndata: b\n",
        b"data: longer than the sixty-four bytes that there are for the data of an event",
        b"event: longer than the limit\n",
        b"retry: 5",
        b"da",
        b"name: field",
        b": note",
        b"\xEF\xBB",
    ];
    for pending in pending {
        for end in ENDS {
            for notify in [Notify::NONE, Notify::ALL] {
                let mut parser = InPlace::default().with_notify(notify);
                feed(&mut parser, b"id: 7\ndata: x\n\n");
                feed(&mut parser, pending);
                end(&mut parser);
                let context = pending.escape_ascii();
                assert_eq!(parser.last_event_id(), "7", "{context}");
                // A byte order mark is ignored again; a blank line has nothing to dispatch.
                let outputs = feed(&mut parser, b"\xEF\xBB\xBF\n\ndata: y\n\ndata:z\n\n");
                assert_eq!(outputs, ["event(message, y, 7)", "event(message, z, 7)"], "{context}");
                assert_eq!(parser.reconnection_time(), None, "{context}");
            }
        }
    }
}

/// Selected notifications belong to the parser, not to the connection.
#[test]
fn notifications_outlive_connection() {
    for end in ENDS {
        let mut parser = InPlace::default().with_notify(Notify::COMMENTS);
        end(&mut parser);
        assert_eq!(feed(&mut parser, b": note\nname\n\n"), ["comment(note, false)"]);
    }
}

/// The text before `|` has been fed when the ID is set to `old`.
#[test]
fn set_id_lasts_until_stream_sets_one() {
    let streams: &[(&str, &[&str], &str)] = &[
        ("|data: x\n\n", &["event(message, x, old)"], "old"),
        ("|data: x\n\ndata: y\n\n", &["event(message, x, old)", "event(message, y, old)"], "old"),
        ("|event: t\n\ndata: x\n\n", &["event(message, x, old)"], "old"),
        ("|id: new\ndata: x\n\n", &["event(message, x, new)"], "new"),
        ("|data: x\nid: new\n\n", &["event(message, x, new)"], "new"),
        (
            "|data: x\n\nid: new\n\ndata: y\n\n",
            &["event(message, x, old)", "event(message, y, new)"],
            "new",
        ),
        ("|id: new\ndata: x\n", &[], "old"),
        ("|id: new\0\ndata: x\n\n", &["event(message, x, old)"], "old"),
        // An empty ID is an ID, too.
        ("|id\ndata: x\n\n", &["event(message, x, )"], ""),
        ("|id:\n\ndata: x\n\n", &["event(message, x, )"], ""),
        // In the middle of a stream, of a block and of a line.
        ("id: 1\ndata: w\n\n|data: x\n\n", &["event(message, x, old)"], "old"),
        ("data: x\n|\n", &["event(message, x, old)"], "old"),
        ("event: t\nda|ta: x\n\n", &["event(t, x, old)"], "old"),
        ("data: x\nda|ta: y\n\n", &[r"event(message, x\ny, old)"], "old"),
        ("id: 1\n|data: x\n\ndata: y\n\n", &["event(message, x, 1)", "event(message, y, 1)"], "1"),
        ("id: |1\ndata: x\n\n", &["event(message, x, 1)"], "1"),
        ("id: 1\nid: 2|3\ndata: x\n\n", &["event(message, x, 23)"], "23"),
        ("id: 1|\0\ndata: x\n\n", &["event(message, x, old)"], "old"),
    ];
    for (stream, outputs, id) in streams {
        let (before, after) = stream.split_once('|').expect("a mark");
        for chunks in cut_anywhere(after.as_bytes()) {
            let mut parser = InPlace::default();
            feed(&mut parser, before.as_bytes());
            assert_eq!(parser.set_last_event_id(b"old"), Ok(()));
            assert_eq!(parser.last_event_id(), "old");
            let trace = read(&mut parser, &chunks, false);
            let shown: Vec<_> = trace.outputs.iter().map(|output| format!("{output:?}")).collect();
            assert_eq!(shown, *outputs, "{stream:?}");
            assert_eq!(trace.last_event_id, id.as_bytes(), "{stream:?}");
        }
    }
}

/// With each buffer, whose limit on IDs is 8.
fn with_each_buffer(check: impl Fn(&mut dyn SetId)) {
    let (mut data, mut meta) = ([0; 64], [0; 3 * 8]);
    check(&mut Parser::with_buffer(SliceBuf::new(&mut data, &mut meta)));
    check(&mut InPlace::default());
    #[cfg(feature = "alloc")]
    check(&mut Parser::with_buffer(sseam::VecBuf::with_limits(64, 8)));
}

/// The methods under test, for any buffer.
trait SetId {
    fn set_id(&mut self, id: &[u8]) -> Result<(), LastEventIdError>;
    fn id(&self) -> Value<'_>;
}

impl<B: Buffer> SetId for Parser<B> {
    fn set_id(&mut self, id: &[u8]) -> Result<(), LastEventIdError> {
        self.set_last_event_id(id)
    }

    fn id(&self) -> Value<'_> {
        self.last_event_id()
    }
}

#[test]
fn invalid_id_is_refused() {
    let too_large = LastEventIdError::TooLarge { limit: 8 };
    let ids: &[(&[u8], Result<(), LastEventIdError>)] = &[
        (b"", Ok(())),
        (b"7", Ok(())),
        (b"01234567", Ok(())),
        (b" spaces ", Ok(())),
        (b"\xFF\xFE:", Ok(())),
        (b"012345678", Err(too_large)),
        (&[b'x'; 10_000], Err(too_large)),
        (b"\0", Err(LastEventIdError::InvalidByte)),
        (b"1\0", Err(LastEventIdError::InvalidByte)),
        (b"1\n", Err(LastEventIdError::InvalidByte)),
        (b"\r1", Err(LastEventIdError::InvalidByte)),
    ];
    with_each_buffer(|parser| {
        for (id, expected) in ids {
            assert_eq!(parser.set_id(b"old"), Ok(()));
            assert_eq!(parser.set_id(id), *expected, "{}", id.escape_ascii());
            let current = if expected.is_ok() { id } else { &b"old"[..] };
            assert_eq!(parser.id(), current, "{}", id.escape_ascii());
        }
    });
}

/// Each `^` follows the byte that commits the next of the listed IDs.
#[test]
fn id_is_committed_at_blank_line() {
    let streams: &[(&str, &[&str])] = &[
        ("id: 1\ndata: x\n\n^id: 2\n\n^data: y\n\n", &["1", "2"]),
        ("id: 1\r\ndata: x\r\n\r^\nid: 2\r\r^", &["1", "2"]),
        ("data: x\nid: 1\nid: 2\n\n^", &["2"]),
        // A block without data commits, too.
        ("id: 1\n\n^", &["1"]),
        ("event: t\nid: 1\n: note\n\n^", &["1"]),
        ("id: 1\n\n^id\n\n^", &["1", ""]),
        // NUL invalidates an ID, and keeps the earlier one of the block.
        ("id: 1\nid: 2\0\n\n^id: 3\0\n\n", &["1"]),
        // A block that exceeds a limit commits nothing, wherever its ID is.
        ("id: 1\n\n^id: 2\nevent: 123456789\n\n", &["1"]),
        ("id: 1\n\n^event: 123456789\nid: 2\n\nid: 3\n\n^", &["1", "3"]),
        ("id: 1\n\n^id: 2\nid: 123456789\n\n", &["1"]),
        ("id: 1\n\n^id: 2", &["1"]),
    ];
    for (marked, ids) in streams {
        assert_committed(ArrayBuf::<64, 8>::new(), marked, ids);
        let (mut data, mut meta) = ([0; 64], [0; 3 * 8]);
        assert_committed(SliceBuf::new(&mut data, &mut meta), marked, ids);
        #[cfg(feature = "alloc")]
        assert_committed(sseam::VecBuf::with_limits(64, 8), marked, ids);
    }
}

#[track_caller]
fn assert_committed<B: Buffer>(buffer: B, marked: &str, ids: &[&str]) {
    let parts: Vec<&str> = marked.split('^').collect();
    assert_eq!(parts.len(), ids.len() + 1, "as many IDs as marks, {marked:?}");
    let mut parser = Parser::with_buffer(buffer);
    let mut id = "";
    for (n, part) in parts.iter().enumerate() {
        for at in 0..part.len() {
            feed(&mut parser, &part.as_bytes()[at..=at]);
            if at + 1 == part.len() {
                id = ids.get(n).unwrap_or(&id);
            }
            assert_eq!(parser.last_event_id(), id, "{marked:?}, byte {at} of part {n}");
        }
    }
}

/// A `retry` counts when its line ends, and only if it is a number.
#[test]
fn retry_is_set_at_line_end() {
    let mut parser = InPlace::default();
    let lines: &[(&[u8], Option<u64>)] = &[
        (b"retry: 10", None),
        (b"\n", Some(10)),
        (b"retry: 1x\nretry\nretry:\nretry: -1\nretry: 1 \nretry: 1:\nretry: 1/\n", Some(10)),
        (b"retry: 0\r", Some(0)),
        (b"retry:18446744073709551615\n", Some(u64::MAX)),
        (b"retry: 18446744073709551616\n", Some(u64::MAX)),
        (b"event: longer than the bound\nretry: 30\n", Some(30)),
    ];
    for (line, time) in lines {
        feed(&mut parser, line);
        let time = time.map(Duration::from_millis);
        assert_eq!(parser.reconnection_time(), time, "{}", line.escape_ascii());
    }
}

/// A parser can be created at compile time.
static PARSER: Mutex<Parser<ArrayBuf<64, 8>>> =
    Mutex::new(Parser::with_buffer(ArrayBuf::new().with_limit(32)).with_notify(Notify::COMMENTS));

#[cfg(feature = "alloc")]
static ON_HEAP: [Mutex<Parser<sseam::VecBuf>>; 2] =
    [Mutex::new(Parser::new()), Mutex::new(Parser::with_limit(32))];

#[test]
fn parser_in_shared_static() {
    for (chunk, expected) in [
        ("id: 7\ndata: o", &[][..]),
        ("ne\n: note\n\n", &["comment(note, false)", "event(message, one, 7)"]),
    ] {
        let feed =
            || feed(&mut PARSER.lock().unwrap_or_else(PoisonError::into_inner), chunk.as_bytes());
        let outputs = thread::scope(|scope| scope.spawn(feed).join().expect("no panic"));
        assert_eq!(outputs, expected);
    }
    #[cfg(feature = "alloc")]
    for parser in &ON_HEAP {
        let outputs = feed(&mut parser.lock().unwrap(), b"data: x\n\n");
        assert_eq!(outputs, ["event(message, x, )"]);
    }
}

#[test]
fn parser_is_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<Parser<ArrayBuf<1024>>>();
    check::<Parser<SliceBuf<'_>>>();
    #[cfg(feature = "alloc")]
    check::<Parser<sseam::VecBuf>>();
}

#[test]
fn default_equals_new() {
    let outputs =
        feed(&mut Parser::<ArrayBuf<1024>>::default(), b"\xEF\xBB\xBF: note\ndata: x\n\n");
    assert_eq!(outputs, ["event(message, x, )"]);
    #[cfg(feature = "alloc")]
    {
        let outputs =
            feed(&mut Parser::<sseam::VecBuf>::default(), b"\xEF\xBB\xBF: note\ndata: x\n\n");
        assert_eq!(outputs, ["event(message, x, )"]);
    }
}

/// From each byte on, a clone and its original continue independently.
#[test]
fn clone_is_independent() {
    let stream = b"\xEF\xBB\xBFid: 1\nevent: t\ndata: one\n: note\nid: 2\ndata: two\nretry: 5\n\n\
        event: 123456789\nname: f\n\ndata: three\n\n";
    clones_agree(&InPlace::default().with_notify(Notify::ALL), stream);
    #[cfg(feature = "alloc")]
    clones_agree(
        &Parser::with_buffer(sseam::VecBuf::with_limits(64, 8)).with_notify(Notify::ALL),
        stream,
    );
}

fn clones_agree<B: Buffer + Clone>(parser: &Parser<B>, stream: &[u8]) {
    let expected = read(&mut parser.clone(), &[stream], false);
    for at in 0..=stream.len() {
        let (before, after) = stream.split_at(at);
        let mut original = parser.clone();
        let reported = feed(&mut original, before).len();
        let mut clone = original.clone();
        // Another stream does not affect the clone.
        original.reset();
        feed(
            &mut original,
            b"id: other\nevent: o\ndata: other\ndata: other\nretry: 9\n\ndata: oth",
        );
        let trace = read(&mut clone, &[after], false);
        assert_eq!(trace.outputs, expected.outputs[reported..], "cloned at {at}");
        assert_eq!(
            (trace.last_event_id, trace.retry),
            (expected.last_event_id.clone(), expected.retry)
        );
    }
}
