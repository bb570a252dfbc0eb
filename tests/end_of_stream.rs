//! The end of a stream: `finish` discards an incomplete event, as the standard requires, and
//! reports whether there was one. `flush_event` before it dispatches that event, as if its line and
//! a blank line had ended.

use sseam::{ArrayBuf, End, Item, Notify, Parser};
use sseam_testkit::{Output, Run, Setup, bytewise, cut_anywhere, read_with_each_buffer, show};

const SETUP: Setup = Setup { data: 10, meta: 4, notify: Notify::ALL, flush: false };

const DATA_TOO_LARGE: &str = "TooLarge { field: Data, limit: 10 }";
const ID_TOO_LARGE: &str = "TooLarge { field: Id, limit: 4 }";

/// A stream; whether the end discards something, and the last event ID then; what a flush reports
/// instead, and the last event ID then.
type Row = (&'static [u8], bool, &'static str, &'static [&'static str], &'static str);

#[rustfmt::skip]
const STREAMS: &[Row] = &[
    // Nothing is pending after a blank line with any line end; a CR is one.
    (b"", false, "", &[], ""),
    (b"\n", false, "", &[], ""),
    (b"data: x\n\n", false, "", &[], ""),
    (b"data: x\r\r", false, "", &[], ""),
    (b"data: x\r\n\r\n", false, "", &[], ""),
    (b"data: x\r\n\r", false, "", &[], ""),
    (b"id: 7\n\n", false, "7", &[], "7"),
    (b"\xEF\xBB\xBF", false, "", &[], ""),
    // Nor after lines that set neither data, nor a type, nor an ID.
    (b": note\n", false, "", &[], ""),
    (b"name: f\r", false, "", &[], ""),
    (b"retry: 5\r\n", false, "", &[], ""),
    (b"id: 7\0\n", false, "", &[], ""),
    // Lines that set something begin a block.
    (b"data: x\n", true, "", &["event(message, x, )"], ""),
    (b"data: x\r", true, "", &["event(message, x, )"], ""),
    (b"data: x\r\n", true, "", &["event(message, x, )"], ""),
    (b"data\n", true, "", &["event(message, , )"], ""),
    (b"event: t\nid: 7\ndata: x\ndata: y\n", true, "", &[r"event(t, x\ny, 7)"], "7"),
    (b"data: x\n: note\nname\nretry: 5\n", true, "", &["event(message, x, )"], ""),
    (b"data: x\n\ndata: y\n", true, "", &["event(message, y, )"], ""),
    (b"event: t\n", true, "", &["empty(t, )"], ""),
    // The ID of a discarded block is not committed; that of a flushed block is.
    (b"id: 7\n", true, "", &["empty(message, 7)"], "7"),
    (b"id: 1\n\nid: 7\n", true, "1", &["empty(message, 7)"], "7"),
    (b"id: 1\n\nid\ndata: x\n", true, "1", &["event(message, x, )"], ""),
    (b"id: 1\n\nid: 7\0\ndata: x\n", true, "1", &["event(message, x, 1)"], "1"),
    // An incomplete line of each kind, cut at each place.
    (b"data: x", true, "", &["event(message, x, )"], ""),
    (b"data: [DONE]", true, "", &["event(message, [DONE], )"], ""),
    (b"data: ", true, "", &["event(message, , )"], ""),
    (b"data:", true, "", &["event(message, , )"], ""),
    (b"data", true, "", &["event(message, , )"], ""),
    (b"dat", true, "", &["unknown(dat, , false)"], ""),
    (b"data: x\ndata", true, "", &[r"event(message, x\n, )"], ""),
    (b"\xEF\xBB\xBFdata: x", true, "", &["event(message, x, )"], ""),
    (b"event: t", true, "", &["empty(t, )"], ""),
    (b"event", true, "", &["empty(message, )"], ""),
    (b"data: x\nevent: t", true, "", &["event(t, x, )"], ""),
    (b"id: 7", true, "", &["empty(message, 7)"], "7"),
    (b"id: 7\0", true, "", &[], ""),
    (b"data: x\nid: 7", true, "", &["event(message, x, 7)"], "7"),
    (b"id: 1\nid: 7\ndata: x\nid: 8", true, "", &["event(message, x, 8)"], "8"),
    (b"retry: 5", true, "", &["retry(5ms)"], ""),
    (b"retry: x", true, "", &[], ""),
    (b": note", true, "", &["comment(note, false)"], ""),
    (b":", true, "", &["comment(, false)"], ""),
    (b": longer than ten", true, "", &["comment(longer tha, true)"], ""),
    (b"name: f", true, "", &["unknown(name, f, false)"], ""),
    (b" ", true, "", &["unknown( , , false)"], ""),
    // Part of a byte order mark is the beginning of a line.
    (b"\xEF", true, "", &[r"unknown(\xef, , false)"], ""),
    (b"\xEF\xBB", true, "", &[r"unknown(\xef\xbb, , false)"], ""),
    (b"\xEF\xBB\xBF\xEF", true, "", &[r"unknown(\xef, , false)"], ""),
    // The line is reported before its block.
    (b"data: x\n: note", true, "", &["comment(note, false)", "event(message, x, )"], ""),
    (b"data: x\nname", true, "", &["unknown(name, , false)", "event(message, x, )"], ""),
    (b"data: x\nretry: 5", true, "", &["retry(5ms)", "event(message, x, )"], ""),
    (b"event: t\n: note", true, "", &["comment(note, false)", "empty(t, )"], ""),
    // A failed block is pending, too, although a flush does not report it.
    (b"data: 0123456789a", true, "", &[], ""),
    (b"data: 0123456789a\n", true, "", &[], ""),
    (b"id: 7\ndata: 0123456789a\ndata: x", true, "", &[], ""),
    (b"event: 12345\n: note", true, "", &["comment(note, false)"], ""),
    (b"event: 12345\nretry: 5", true, "", &["retry(5ms)"], ""),
    (b"data: 0123456789a\n\n", false, "", &[], ""),
    // A block may also fail at its end.
    (b"id: 12345", true, "", &[ID_TOO_LARGE], ""),
    (b"data: x\nid: 12345", true, "", &[ID_TOO_LARGE], ""),
    (b"data: 0123456789\ndata", true, "", &[DATA_TOO_LARGE], ""),
];

#[test]
fn finish_discards_what_flush_dispatches() {
    for &(stream, discarded, id, flushed, flushed_id) in STREAMS {
        for notify in [Notify::NONE, Notify::ALL] {
            let setup = Setup { notify, ..SETUP };
            // Without notifications a flush still reports events and errors.
            let is_expected = |output: &&&str| {
                let is_notification = !output.starts_with("event") && !output.starts_with("Too");
                notify == Notify::ALL || !is_notification
            };
            let flushed: Vec<&str> = flushed.iter().filter(is_expected).copied().collect();
            for chunks in [vec![stream], bytewise(stream)] {
                let ended = read_with_each_buffer(&setup, &chunks);
                let with_flush =
                    read_with_each_buffer(&Setup { flush: true, ..setup.clone() }, &chunks);
                for (Run { buffer, trace: ended, .. }, Run { trace: with_flush, .. }) in
                    ended.into_iter().zip(with_flush)
                {
                    let context = format!("{buffer}, {notify:?}, {:?}", show(&chunks));
                    assert_eq!(ended.discarded, discarded, "{context}");
                    assert_eq!(ended.last_event_id, id.as_bytes(), "{context}");

                    let (before, by_flush) = with_flush.outputs.split_at(ended.outputs.len());
                    assert_eq!(before, ended.outputs, "{context}");
                    let by_flush: Vec<_> =
                        by_flush.iter().map(|output| format!("{output:?}")).collect();
                    assert_eq!(by_flush, flushed, "{context}");
                    assert_eq!(with_flush.last_event_id, flushed_id.as_bytes(), "{context}");
                    assert!(!with_flush.discarded, "nothing is left to discard, {context}");
                }
            }
        }
    }
}

type InPlace = Parser<ArrayBuf<64, 4>>;

/// A parser in the middle of the stream.
fn parser_at_the_end_of(stream: &[u8]) -> InPlace {
    let buffer = ArrayBuf::new().with_limit(SETUP.data);
    let mut parser = Parser::with_buffer(buffer).with_notify(SETUP.notify);
    let mut chunk = stream;
    while !matches!(parser.next_item(&mut chunk), Ok(None)) {}
    parser
}

/// Ways to end a stream: two discard what the other two dispatch.
const ENDINGS: [fn(&mut InPlace); 4] = [
    |parser| {
        let _ = parser.finish();
    },
    InPlace::reset,
    |parser| while !matches!(parser.flush_item(), Ok(None)) {},
    |parser| {
        while !matches!(parser.flush_event(), Ok(None)) {}
        assert_eq!(parser.finish(), End::Clean);
    },
];

#[test]
fn second_end_is_clean() {
    for (stream, ..) in STREAMS {
        for (n, end) in ENDINGS.into_iter().enumerate() {
            let mut parser = parser_at_the_end_of(stream);
            end(&mut parser);
            let context = format!("ending {n} of {}", stream.escape_ascii());
            assert_eq!(parser.flush_event(), Ok(None), "{context}");
            assert_eq!(parser.flush_item(), Ok(None), "{context}");
            assert_eq!(parser.finish(), End::Clean, "{context}");
        }
    }
}

/// Only the last event ID remains of the old stream, and the new one may begin with a byte order
/// mark.
#[test]
fn new_stream_after_end() {
    for (stream, _, id, _, flushed_id) in STREAMS {
        // A flush alone does not end the stream.
        for (end, id) in ENDINGS.into_iter().zip([id, id, flushed_id, flushed_id]) {
            let mut parser = parser_at_the_end_of(stream);
            end(&mut parser);
            let _ = parser.finish();
            for next in ["\u{FEFF}data: next\n\n", "\u{FEFF}data:next\r\r", "data:next\n\n"] {
                let mut chunk = next.as_bytes();
                let event =
                    parser.next_event(&mut chunk).expect("within the bounds").expect("an event");
                assert_eq!(event.event_type(), "message", "{}", stream.escape_ascii());
                assert_eq!(event.data(), "next", "{}", stream.escape_ascii());
                assert_eq!(event.last_event_id(), *id, "{}", stream.escape_ascii());
                assert_eq!(parser.finish(), End::Clean);
            }
        }
    }
}

/// A flush does not end the stream: what follows begins a new line and a new block.
#[test]
fn stream_after_flush() {
    for (stream, _, _, _, id) in STREAMS {
        let mut parser = parser_at_the_end_of(stream);
        while !matches!(parser.flush_item(), Ok(None)) {}
        let mut chunk = &b"data: next\n\ndata:next\n\n"[..];
        for _ in 0..2 {
            let event =
                parser.next_event(&mut chunk).expect("within the bounds").expect("an event");
            assert_eq!(event.event_type(), "message", "{}", stream.escape_ascii());
            assert_eq!(event.data(), "next", "{}", stream.escape_ascii());
            assert_eq!(event.last_event_id(), *id, "{}", stream.escape_ascii());
        }
    }
}

#[test]
fn flush_notification_of_texts() {
    const TEXTS: Notify = Notify::COMMENTS.union(Notify::UNKNOWN_FIELDS);

    for &(stream, discarded, _, flushed, _) in STREAMS {
        for notify in [Notify::NONE, Notify::COMMENTS, Notify::UNKNOWN_FIELDS, TEXTS, Notify::ALL] {
            // What a flush reports first, if that is a selected text.
            let text = flushed.first().filter(|first| {
                (first.starts_with("comment") && notify.contains(Notify::COMMENTS))
                    || (first.starts_with("unknown") && notify.contains(Notify::UNKNOWN_FIELDS))
            });
            for chunks in [vec![stream], bytewise(stream)] {
                let context = format!("{notify:?}, {:?}", show(&chunks));
                let buffer = ArrayBuf::<10, 4>::new();
                let mut parser = Parser::with_buffer(buffer).with_notify(notify);
                for mut chunk in chunks {
                    while !matches!(parser.next_item(&mut chunk), Ok(None)) {}
                }
                let is =
                    parser.flush_notification().map(|item| format!("{:?}", Output::from(item)));
                assert_eq!(is.as_deref(), text.copied(), "{context}");
                assert_eq!(parser.flush_notification(), None, "{context}");
                // If the text was part of a block, that block is still pending; a text alone is not
                // lost.
                let is_alone = flushed.len() == 1 && !stream.starts_with(b"event: 12345");
                let is_pending = discarded && !(text.is_some() && is_alone);
                let end = if is_pending { End::MidEvent } else { End::Clean };
                assert_eq!(parser.finish(), end, "{context}");
            }
        }
    }
}

/// The body of a refusal, which is not an event stream.
#[test]
fn flush_notification_of_json_body() {
    let body = br#"{"error":{"message":"overloaded","code":529}}"#;
    for chunks in cut_anywhere(body) {
        let mut parser =
            Parser::with_buffer(ArrayBuf::<64, 4>::new()).with_notify(Notify::UNKNOWN_FIELDS);
        for mut chunk in chunks {
            assert_eq!(parser.next_item(&mut chunk), Ok(None));
        }
        let Some(Item::UnknownField { name, value, truncated }) = parser.flush_notification()
        else {
            panic!("an unknown field");
        };
        let line = [name.as_bytes(), b":", value.as_bytes()].concat();
        assert_eq!((&line[..], truncated), (&body[..], false));
        assert_eq!(parser.finish(), End::Clean);
    }
}
