//! The same streams read by the original, with the differences that the README lists.

use std::panic;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};
use proptest::prelude::*;

/// Streams are read in chunks of these sizes.
const CHUNKS: [usize; 4] = [usize::MAX, 7, 2, 1];

/// The results of a stream: its events, each as `type|data|ID|retry`, and its errors.
type Log = Vec<String>;

macro_rules! reader {
    ($read:ident, $krate:ident) => {
        fn $read(stream: &[u8], chunk: usize) -> Log {
            use $krate::{Event, EventStreamError, Eventsource};

            let show = |item| match item {
                Ok(Event { event, data, id, retry }) => {
                    let retry = retry.map(|time: Duration| format!("{time:?}"));
                    [event, data, id, retry.unwrap_or_default()].join("|")
                }
                Err(EventStreamError::Utf8(_)) => String::from("not UTF-8"),
                Err(other) => other.to_string(),
            };
            let chunks = stream::iter(stream.chunks(chunk).map(Ok::<_, &str>));
            let read = || chunks.eventsource().map(show).collect().now_or_never();
            let read = panic::catch_unwind(panic::AssertUnwindSafe(read));
            read.map_or_else(|_| vec![String::from("panic")], |log| log.expect("it never waits"))
        }
    };
}

reader!(read, eventsource_stream);
reader!(read_by_original, original);

#[rustfmt::skip]
const SAME: [(&str, &[u8], &[&str]); 8] = [
    ("all fields", b"event: add\nid: 1\nretry: 5\ndata: a\ndata: b\n\n: comment\n\ndata:c\n\n",
        &["add|a\nb|1|5ms", "message|c|1|"]),
    ("line ends", b"data: a\r\n\r\ndata: b\r\rdata: c\n\r\ndata: d\r\ndata: e\r\n\n",
        &["message|a||", "message|b||", "message|c||", "message|d\ne||"]),
    ("data", b"data\n\ndata\ndata\n\ndata:\n\ndata:  x\n\n",
        &["message|||", "message|\n||", "message|||", "message| x||"]),
    ("IDs", b"id: 1\ndata: a\n\nid\ndata: b\n\nid: 2\n\ndata: c\n\nid: x\0\nid:y\ndata: d\n\n",
        &["message|a|1|", "message|b||", "message|c|2|", "message|d|y|"]),
    ("types", b"event: a\nevent: b\ndata: x\n\nevent: a\nevent\ndata: y\n\nevent: c\n\ndata: z\n\n",
        &["b|x||", "message|y||", "message|z||"]),
    ("ignored lines", "Data: x\n data: x\ndata : x\nname\n\u{FEFF}data: x\n\n\ndata: é\u{FEFF}\u{1F980}\n\ndata: z\n".as_bytes(),
        &["message|é\u{FEFF}\u{1F980}||"]),
    ("the same reconnection time", b"retry: 5\ndata: a\n\ndata: b\nretry: 5\n\ndata: c\n\nretry: 6\nretry: 05\ndata: d\n\n",
        &["message|a||5ms", "message|b||5ms", "message|c||", "message|d||5ms"]),
    ("no reconnection time", b"retry\nretry: -1\nretry: 5s\nretry:  5\nretry: 18446744073709551616\ndata: x\n\n",
        &["message|x||"]),
];

/// A row of the table in the README, and a stream that shows it.
struct Difference {
    row: [&'static str; 3],
    stream: &'static [u8],
    original: &'static [&'static str],
    here: &'static [&'static str],
}

#[rustfmt::skip]
const DIFFERENT: [Difference; 5] = [
    Difference {
        row: ["a leading byte order mark", "panics", "is dropped"],
        stream: b"\xEF\xBB\xBFdata: x\n\n",
        original: &["panic"],
        here: &["message|x||"],
    },
    Difference {
        row: ["invalid UTF-8", "holds back everything from there on, and is an error at the end", "becomes U+FFFD"],
        stream: b"data: a\n\ndata: b\xFF\n\ndata: c\n\ndata: \xC3",
        original: &["message|a||", "not UTF-8"],
        here: &["message|a||", "message|b\u{FFFD}||", "message|c||"],
    },
    Difference {
        row: ["a blank line that ends in CR", "waits for the next byte, and is lost at the end of the stream", "dispatches at the CR"],
        stream: b"data: x\r\n\r",
        original: &[],
        here: &["message|x||"],
    },
    Difference {
        row: ["`retry: +5`", "sets the reconnection time", "is ignored"],
        stream: b"retry: +5\ndata: x\n\n",
        original: &["message|x||5ms"],
        here: &["message|x||"],
    },
    Difference {
        row: ["`retry` in a block without data", "is lost", "comes with the next event"],
        stream: b"retry: 5\n\n: comment\n\ndata: a\n\ndata: b\n\n",
        original: &["message|a||", "message|b||"],
        here: &["message|a||5ms", "message|b||"],
    },
];

const LIMIT: [&str; 3] = [
    "data of more than 16 MiB, a type or an ID of more than 64 KiB",
    "takes memory without a bound",
    "is an `EventStreamError::Parser` in place of that event",
];

const ID: [&str; 3] = [
    "`set_last_event_id`",
    "holds until the first event",
    "holds until the stream sets an ID, and the events have it",
];

#[test]
fn same() {
    for (name, stream, events) in SAME {
        for chunk in CHUNKS {
            assert_eq!(read_by_original(stream, chunk), events, "{name}, by {chunk}");
            assert_eq!(read(stream, chunk), events, "{name}, by {chunk}");
        }
    }
}

#[test]
fn different() {
    for Difference { row, stream, original, here } in DIFFERENT {
        for chunk in CHUNKS {
            assert_eq!(read_by_original(stream, chunk), original, "{}, by {chunk}", row[0]);
            assert_eq!(read(stream, chunk), here, "{}, by {chunk}", row[0]);
        }
    }
}

#[test]
fn limit() {
    let block = |field: &str, len| [field, ": ", &"x".repeat(len), "\ndata\n\n"].concat();
    for (field, limit) in [("data", 16 << 20), ("event", 64 << 10), ("id", 64 << 10)] {
        // The second line of data adds an LF.
        let len = limit - usize::from(field == "data");
        assert!(!read(block(field, len).as_bytes(), usize::MAX)[0].contains("error"), "{field}");

        let stream = block(field, len + 1) + "data: y\n\n";
        assert_eq!(read_by_original(stream.as_bytes(), usize::MAX).len(), 2, "{field}");
        let error = format!("error TooLarge at: `{field}` exceeds the limit of {limit} bytes");
        for chunk in [usize::MAX, 1000] {
            let log = read(stream.as_bytes(), chunk);
            assert_eq!(log, [&format!("Parse error: {error}"), "message|y||"]);
        }
    }
}

macro_rules! next_id {
    ($events:ident) => {{
        let next = $events.next().now_or_never().expect("it never waits");
        next.map(|event| event.expect("no error").id)
    }};
}

#[test]
fn set_last_event_id() {
    macro_rules! read {
        ($krate:ident) => {{
            let stream = "data: a\n\nid: 7\n\nid: 8\ndata: b\n\ndata: c\n\nid: 9\n\n";
            let mut events = $krate::EventStream::new(stream::iter([Ok::<_, ()>(stream)]));
            events.set_last_event_id("1");
            let mut log = vec![events.last_event_id().to_owned()];
            while let Some(id) = next_id!(events) {
                assert_eq!(events.last_event_id(), id);
                log.push(id);
            }
            assert_eq!(events.last_event_id(), "8");
            log
        }};
    }
    assert_eq!(read!(original), ["1", "", "8", "8"]);
    assert_eq!(read!(eventsource_stream), ["1", "1", "8", "8"]);
}

#[test]
fn invalid_last_event_id() {
    for id in ["1\n", "\0", "\r", &"x".repeat(1 << 20)] {
        let chunks = ["id: 7\ndata: a\n\n", "data: b\n\n"].map(Ok::<_, ()>);
        let mut events = eventsource_stream::EventStream::new(stream::iter(chunks));
        assert_eq!(next_id!(events).as_deref(), Some("7"));
        events.set_last_event_id(id);
        assert_eq!(events.last_event_id(), id);
        assert_eq!(next_id!(events).as_deref(), Some(""));
        assert_eq!(events.last_event_id(), "");
    }
}

/// The README's table has the rows of this file, in their order.
#[test]
fn listed() {
    let rows = DIFFERENT.map(|difference| difference.row).into_iter().chain([LIMIT, ID]);
    let rows: Vec<String> = rows.map(|row| format!("| {} |\n", row.join(" | "))).collect();
    let table = "| --- | --- | --- |\n".to_owned() + &rows.concat() + "\n";
    assert!(include_str!("../README.md").contains(&table), "the README has not:\n{table}");
}

#[rustfmt::skip]
const PIECES: [&str; 17] = [
    "data", "event", "id", "name", ":", ": ", "x", "é", "\u{1F980}", "\0", "1", "\n", "\r", "\r\n",
    "\n\n", "data: x\n", "retry: 5\ndata: y\n\n",
];

/// Streams that no row of the table is about.
fn ordinary() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40);
    pieces.prop_map(|pieces| pieces.concat() + "\n\ndata: z\n\n")
}

proptest! {
    #[test]
    fn same_otherwise(stream in ordinary(), chunk in 1..20_usize) {
        let stream = stream.as_bytes();
        prop_assert_eq!(read(stream, chunk), read_by_original(stream, chunk));
    }
}
