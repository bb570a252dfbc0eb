//! At the end of a stream the standard discards what is pending: `finish` does,
//! and says whether there was anything. `flush_event` before it dispatches what is
//! pending, as if its line and a blank line had ended.

use sseam::{ArrayBuf, End, Item, Notify, Parser};
use sseam_testkit::{Reading, Setup, Output, bytewise, cut_anywhere, read_with_each_buffer, show};

const SETUP: Setup = Setup { data: 10, meta: 4, notify: Notify::ALL, flush: false };

const DATA_TOO_LARGE: &str = "TooLarge { field: Data, limit: 10 }";
const ID_TOO_LARGE: &str = "TooLarge { field: Id, limit: 4 }";

/// A stream; whether the end of stream discards something, and the last event ID
/// then; what a flush tells instead, and the last event ID then.
type Row = (&'static [u8], bool, &'static str, &'static [&'static str], &'static str);

#[rustfmt::skip]
const STREAMS: &[Row] = &[
    // Nothing is pending behind a blank line, whatever its line end: a CR is one.
    (b"", false, "", &[], ""),
    (b"\n", false, "", &[], ""),
    (b"data: x\n\n", false, "", &[], ""),
    (b"data: x\r\r", false, "", &[], ""),
    (b"data: x\r\n\r\n", false, "", &[], ""),
    (b"data: x\r\n\r", false, "", &[], ""),
    (b"id: 7\n\n", false, "7", &[], "7"),
    (b"\xEF\xBB\xBF", false, "", &[], ""),
    // Nor behind lines that set neither data, nor a type, nor an ID.
    (b": note\n", false, "", &[], ""),
    (b"name: f\r", false, "", &[], ""),
    (b"retry: 5\r\n", false, "", &[], ""),
    (b"id: 7\0\n", false, "", &[], ""),
    // A block that such lines have set.
    (b"data: x\n", true, "", &["event(message, x, )"], ""),
    (b"data: x\r", true, "", &["event(message, x, )"], ""),
    (b"data: x\r\n", true, "", &["event(message, x, )"], ""),
    (b"data\n", true, "", &["event(message, , )"], ""),
    (b"event: t\nid: 7\ndata: x\ndata: y\n", true, "", &[r"event(t, x\ny, 7)"], "7"),
    (b"data: x\n: note\nname\nretry: 5\n", true, "", &["event(message, x, )"], ""),
    (b"data: x\n\ndata: y\n", true, "", &["event(message, y, )"], ""),
    (b"event: t\n", true, "", &["empty(t, )"], ""),
    // An ID of a discarded block is not committed; one of a flushed block is.
    (b"id: 7\n", true, "", &["empty(message, 7)"], "7"),
    (b"id: 1\n\nid: 7\n", true, "1", &["empty(message, 7)"], "7"),
    (b"id: 1\n\nid\ndata: x\n", true, "1", &["event(message, x, )"], ""),
    (b"id: 1\n\nid: 7\0\ndata: x\n", true, "1", &["event(message, x, 1)"], "1"),
    // A line that has not ended, of each kind and at each place.
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
    // Some of a byte order mark is the beginning of a line.
    (b"\xEF", true, "", &[r"unknown(\xef, , false)"], ""),
    (b"\xEF\xBB", true, "", &[r"unknown(\xef\xbb, , false)"], ""),
    (b"\xEF\xBB\xBF\xEF", true, "", &[r"unknown(\xef, , false)"], ""),
    // The line comes before its block.
    (b"data: x\n: note", true, "", &["comment(note, false)", "event(message, x, )"], ""),
    (b"data: x\nname", true, "", &["unknown(name, , false)", "event(message, x, )"], ""),
    (b"data: x\nretry: 5", true, "", &["retry(5ms)", "event(message, x, )"], ""),
    (b"event: t\n: note", true, "", &["comment(note, false)", "empty(t, )"], ""),
    // A broken block is pending too, though a flush has nothing to tell of it.
    (b"data: 0123456789a", true, "", &[], ""),
    (b"data: 0123456789a\n", true, "", &[], ""),
    (b"id: 7\ndata: 0123456789a\ndata: x", true, "", &[], ""),
    (b"event: 12345\n: note", true, "", &["comment(note, false)"], ""),
    (b"event: 12345\nretry: 5", true, "", &["retry(5ms)"], ""),
    (b"data: 0123456789a\n\n", false, "", &[], ""),
    // And a block may break at its end.
    (b"id: 12345", true, "", &[ID_TOO_LARGE], ""),
    (b"data: x\nid: 12345", true, "", &[ID_TOO_LARGE], ""),
    (b"data: 0123456789\ndata", true, "", &[DATA_TOO_LARGE], ""),
];

#[test]
fn an_end_of_stream_discards_what_a_flush_dispatches() {
    for &(stream, discarded, id, flushed, flushed_id) in STREAMS {
        for notify in [Notify::NONE, Notify::ALL] {
            let setup = Setup { notify, ..SETUP };
            // Without notifications a flush tells events and errors all the same.
            let is_expected = |output: &&&str| {
                let is_notification = !output.starts_with("event") && !output.starts_with("Too");
                notify == Notify::ALL || !is_notification
            };
            let flushed: Vec<&str> = flushed.iter().filter(is_expected).copied().collect();
            for chunks in [vec![stream], bytewise(stream)] {
                let ended = read_with_each_buffer(&setup, &chunks);
                let with_flush =
                    read_with_each_buffer(&Setup { flush: true, ..setup.clone() }, &chunks);
                for (Reading { with, trace: ended, .. }, Reading { trace: with_flush, .. }) in
                    ended.into_iter().zip(with_flush)
                {
                    let context = format!("{with}, {notify:?}, {:?}", show(&chunks));
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
fn what_has_ended_leaves_nothing_to_end() {
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

/// Nothing of the old stream is left but the last event ID, and a byte order mark
/// may stand at the start of the new one.
#[test]
fn a_new_stream_may_follow() {
    for (stream, _, id, _, flushed_id) in STREAMS {
        // A flush alone is no end of stream.
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

/// A flush is no end: what comes behind it begins a line and a block of its own.
#[test]
fn a_stream_may_go_on_behind_a_flush() {
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
fn flush_notification_ends_texts_only() {
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
                let is = parser.flush_notification().map(|item| format!("{:?}", Output::from(item)));
                assert_eq!(is.as_deref(), text.copied(), "{context}");
                assert_eq!(parser.flush_notification(), None, "{context}");
                // A block that the text was in is still pending; a text alone was not lost.
                let is_alone = flushed.len() == 1 && !stream.starts_with(b"event: 12345");
                let is_pending = discarded && !(text.is_some() && is_alone);
                let end = if is_pending { End::MidEvent } else { End::Clean };
                assert_eq!(parser.finish(), end, "{context}");
            }
        }
    }
}

/// The body of a refusal, which is no event stream.
#[test]
fn flush_notification_of_json_without_line_end() {
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
