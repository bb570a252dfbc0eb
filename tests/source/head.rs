//! Which content types are event streams, and what `Retry-After` asks for.

use std::time::Duration;

use sseam::source::{is_event_stream, retry_after};

/// Fetch, "extract a MIME type", and MIME Sniffing, "parse a MIME type".
#[test]
fn content_types() {
    let are = [
        "text/event-stream",
        "TEXT/Event-Stream",
        " \t\r\ntext/event-stream\t ",
        "text/event-stream;",
        "text/event-stream ; charset=utf-8",
        "text/event-stream;x=bogus;;=;\"",
        // Of several the last valid one counts.
        "text/html, text/event-stream",
        "text/event-stream, */*",
        "text/event-stream, bogus",
        "text/event-stream, text/,/html,te xt/html,text/ht ml",
        "text/event-stream,",
        ",text/event-stream",
        // Commas within quotes do not separate.
        "text/event-stream;a=\", text/html\"",
        "text/event-stream;a=\"\\\", text/html\"",
        "text/event-stream;a=\"\\\", text/html;b=\"",
        "text/event-stream;a=\", text/html",
        // Outside of quotes a backslash does not escape.
        "text/event-stream;a=\\\", text/html",
    ];
    let are_not = [
        "",
        "text",
        "text/",
        "/event-stream",
        "text/event-streams",
        "text/event-strea",
        "text/event-stream/",
        "text /event-stream",
        "text/ event-stream",
        "text/event stream",
        "application/event-stream",
        "text/plain;a=text/event-stream",
        "text/plain; text/event-stream",
        "*/*",
        "\x0Ctext/event-stream",
        "text/event-stream\x0C",
        "text/event-stream\x00",
        "text/event-stream\u{e9}",
        "text/event-stream, text/html",
        "text/event-stream, text/html;",
        "text/event-stream;a=\"\\\\\", text/html",
    ];
    for value in are {
        assert!(is_event_stream(value.as_bytes()), "{value:?}");
    }
    for value in are_not {
        assert!(!is_event_stream(value.as_bytes()), "{value:?}");
    }
}

#[test]
fn retry_after_is_a_number_of_seconds() {
    let cases: [(&str, Option<u64>); 12] = [
        ("0", Some(0)),
        ("120", Some(120)),
        (" 007\t", Some(7)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", Some(u64::MAX)),
        ("99999999999999999999999", Some(u64::MAX)),
        ("", None),
        (" ", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", None),
    ];
    for (value, seconds) in cases {
        assert_eq!(retry_after(value.as_bytes()), seconds.map(Duration::from_secs), "{value:?}");
    }
}
