//! The behaviours that web-platform-tests require in `eventsource/`, as far as they concern a
//! source and not HTTP, JavaScript or a page. Each row names its file.

use sseam::source::{Policy, ReadyState, Source};
use sseam::{ArrayBuf, Parser};
use sseam_testkit::{CUTS_APART, ms};

use super::client::{Answer, GOOD, feed, run, status, stream};

struct Row {
    file: &'static str,
    answers: &'static [Answer<'static>],
    trace: &'static [&'static str],
}

const fn typed(content_type: &str) -> Answer<'_> {
    Answer::Response { status: 200, content_type, retry_after: None, body: "data: x\n\n" }
}

const ROWS: &[Row] = &[
    Row {
        file: "eventsource-reconnect.window.js",
        answers: &[stream("retry: 2\n"), stream("data: data\n\n")],
        trace: &["connect", "wait 2", "connect", "data", "wait 2", "connect"],
    },
    Row {
        file: "eventsource-reconnect.window.js", // Its second test.
        answers: &[stream("retry: 2\ndata: ok\n\n"), stream("data: data\n\n")],
        trace: &["connect", "ok", "wait 2", "connect", "data", "wait 2", "connect"],
    },
    Row {
        file: "eventsource-close.window.js", // Its second test, resources/reconnect-fail.py.
        answers: &[
            stream("retry: 2\ndata: opened\n\n"),
            stream("data: reconnected\n\n"),
            status(204),
        ],
        trace: &[
            "connect",
            "opened",
            "wait 2",
            "connect",
            "reconnected",
            "wait 2",
            "connect",
            "closed: the status is 204, not 200",
        ],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(204)],
        trace: &["connect", "closed: the status is 204, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(205)],
        trace: &["connect", "closed: the status is 205, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(210)],
        trace: &["connect", "closed: the status is 210, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(299)],
        trace: &["connect", "closed: the status is 299, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(404)],
        trace: &["connect", "closed: the status is 404, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(410)],
        trace: &["connect", "closed: the status is 410, not 200"],
    },
    Row {
        file: "request-status-error.window.js",
        answers: &[status(503)],
        trace: &["connect", "closed: the status is 503, not 200"],
    },
    Row {
        file: "format-mime-bogus.any.js",
        answers: &[typed("x bogus")],
        trace: &["connect", "closed: the content type is not `text/event-stream`"],
    },
    Row {
        file: "format-mime-valid-bogus.any.js",
        answers: &[typed("text/x-bogus")],
        trace: &["connect", "closed: the content type is not `text/event-stream`"],
    },
    Row {
        file: "format-mime-trailing-semicolon.any.js",
        answers: &[typed("text/event-stream;")],
        trace: &["connect", "x", "wait 10", "connect"],
    },
    Row {
        file: "format-field-id.any.js",
        answers: &[stream("id: …\nretry: 200\ndata: hello\n\n"), stream("data: …\n\n")],
        trace: &["connect", "hello, …", "wait 200", "connect, …", "…, …", "wait 200", "connect, …"],
    },
    Row {
        file: "format-field-id-2.any.js",
        answers: &[
            stream("id: …\nretry: 200\ndata: hello\n\n"),
            stream("data: …\n\n"),
            stream("data: …\n\n"),
        ],
        trace: &[
            "connect",
            "hello, …",
            "wait 200",
            "connect, …",
            "…, …",
            "wait 200",
            "connect, …",
            "…, …",
            "wait 200",
            "connect, …",
        ],
    },
    Row {
        file: "format-field-id-3.window.js", // Persists.
        answers: &[stream("id: 1\ndata: 1\n\ndata:2\n\n")],
        trace: &["connect", "1, 1", "2, 1", "wait 10", "connect, 1"],
    },
    Row {
        file: "format-field-id-3.window.js", // Changes and persists.
        answers: &[stream("id: 1\ndata: 1\n\nid: 2\ndata:2\n\ndata:3\n\n")],
        trace: &["connect", "1, 1", "2, 2", "3, 2", "wait 10", "connect, 2"],
    },
    Row {
        file: "format-field-id-3.window.js", // Resets.
        answers: &[stream("id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n")],
        trace: &["connect", "1, 1", "2", "3", "wait 10", "connect"],
    },
    Row {
        file: "format-field-id-null.window.js", // Surrounded by text.
        answers: &[stream("id: a\0b\nretry: 200\ndata: hello\n\n")],
        trace: &["connect", "hello", "wait 200", "connect"],
    },
    Row {
        file: "format-field-retry.any.js", // Octal it would be 1024.
        answers: &[stream("retry:02000\ndata:x\n\n")],
        trace: &["connect", "x", "wait 2000", "connect"],
    },
    Row {
        file: "format-field-retry-bogus.any.js",
        answers: &[stream("retry:2000\nretry:1000x\ndata:x\n\n")],
        trace: &["connect", "x", "wait 2000", "connect"],
    },
    Row {
        file: "format-field-retry-empty.any.js",
        answers: &[stream("retry\ndata:test\n\n")],
        trace: &["connect", "test", "wait 10", "connect"],
    },
    Row {
        file: "format-data-before-final-empty-line.any.js",
        answers: &[
            stream("retry:1000\ndata:test1\n\nid:test\ndata:test2"),
            stream("retry:1000\ndata:test1\n\nid:test\ndata:test2"),
        ],
        trace: &["connect", "test1", "wait 1000", "connect", "test1", "wait 1000", "connect"],
    },
    Row {
        file: "format-bom-2.any.js", // One mark at the start of each connection.
        answers: &[
            stream("\u{FEFF}\u{FEFF}data:1\n\ndata:2\n\n\u{FEFF}"),
            stream("\u{FEFF}data:3\n\n"),
        ],
        trace: &["connect", "2", "wait 10", "connect", "3", "wait 10", "connect"],
    },
    Row {
        file: "event-data.any.js", // A byte order mark, line ends of all kinds, at last a break.
        answers: &[Answer::Broken("\u{FEFF}data:msg\ndata: msg\n\n:\r\ndata:end\r\rdata:never\n")],
        trace: &["connect", "msg\nmsg", "end", "wait 10", "connect"],
    },
];

/// Like a browser's, except for the first wait, which those tests leave open.
const BROWSER: Policy = Policy::event_source().with_reconnection_time(ms(10));

#[test]
fn every_row() {
    for (n, Row { file, answers, trace }) in ROWS.iter().enumerate() {
        // In chunks of each size.
        for size in (1..60).step_by(CUTS_APART) {
            let policy = BROWSER.with_min_wait(ms(0));
            let parser = Parser::with_buffer(ArrayBuf::<64, 16>::new());
            let seen = run(&mut Source::new(parser, policy), answers, size);
            assert_eq!(seen, *trace, "{file}, row {n}, chunks of {size}");
        }
    }
}

fn source() -> Source<ArrayBuf<64, 16>> {
    Source::new(Parser::default(), BROWSER)
}

/// The states of `eventsource-onopen.any.js`, and of the first test of
/// `eventsource-close.window.js`.
#[test]
fn ready_state() {
    let mut source = source();
    assert_eq!(source.ready_state() as u8, 0);
    source.answered(&GOOD, ms(0)).expect("an event stream");
    assert_eq!(source.ready_state() as u8, 1);
    source.close();
    assert_eq!(source.ready_state() as u8, 2);
}

/// `eventsource-request-cancellation.any.window.js`: closed before a response, it neither opens
/// nor yields.
#[test]
fn no_event_after_close() {
    let mut source = source();
    source.close();
    assert_eq!(source.answered(&GOOD, ms(1000)), Ok(()));
    assert_eq!(feed(&mut source, b"retry:1000\ndata:abc\n\n"), [""; 0]);
    assert_eq!(source.ready_state(), ReadyState::Closed);
    assert_eq!(source.parser().reconnection_time(), None);
}
