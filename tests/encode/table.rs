//! Case by case: what is written, and what the parser reads back.

use std::time::Duration;

use sseam::encode::{Block, Error};
use sseam::{Event, Notify};

use crate::sinks::assert_in_every_sink;
use sseam_testkit::{Setup, assert_output, ms};

const SETUP: Setup = Setup { notify: Notify::ALL, ..Setup::ROOMY };

#[track_caller]
fn assert_block(block: Block<'_>, bytes: &str, outputs: &[&str]) {
    assert_in_every_sink(&block, bytes.as_bytes());
    assert_output(&SETUP, bytes.as_bytes(), outputs);
}

#[test]
fn data() {
    let cases: &[(&str, &str, &str)] = &[
        ("x", "data: x\n\n", "event(message, x, )"),
        // Empty data is an event, too.
        ("", "data: \n\n", "event(message, , )"),
        // The space after the colon is added to those of the data.
        (" x", "data:  x\n\n", "event(message,  x, )"),
        ("  ", "data:   \n\n", "event(message,   , )"),
        // Every line end begins a new line, and is read back as LF.
        ("a\nb", "data: a\ndata: b\n\n", r"event(message, a\nb, )"),
        ("a\rb", "data: a\ndata: b\n\n", r"event(message, a\nb, )"),
        ("a\r\nb", "data: a\ndata: b\n\n", r"event(message, a\nb, )"),
        ("a\n\rb", "data: a\ndata: \ndata: b\n\n", r"event(message, a\n\nb, )"),
        ("a\r\r\nb", "data: a\ndata: \ndata: b\n\n", r"event(message, a\n\nb, )"),
        // Line ends at the start and the end, and nothing else.
        ("a\n", "data: a\ndata: \n\n", r"event(message, a\n, )"),
        ("a\r\n", "data: a\ndata: \n\n", r"event(message, a\n, )"),
        ("\na", "data: \ndata: a\n\n", r"event(message, \na, )"),
        ("\n", "data: \ndata: \n\n", r"event(message, \n, )"),
        ("\r\r", "data: \ndata: \ndata: \n\n", r"event(message, \n\n, )"),
        // Elsewhere significant characters are plain data here.
        (": x", "data: : x\n\n", "event(message, : x, )"),
        ("data: x", "data: data: x\n\n", "event(message, data: x, )"),
        ("a\0b", "data: a\0b\n\n", r"event(message, a\x00b, )"),
        (
            "\u{FEFF}a\n\u{FEFF}",
            "data: \u{FEFF}a\ndata: \u{FEFF}\n\n",
            r"event(message, \xef\xbb\xbfa\n\xef\xbb\xbf, )",
        ),
    ];
    for &(data, bytes, output) in cases {
        assert_block(Block::data(data), bytes, &[output]);
    }
}

#[test]
fn comments() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("keep-alive", ": keep-alive\n", &["comment(keep-alive, false)"]),
        ("", ":\n", &["comment(, false)"]),
        (" x", ":  x\n", &["comment( x, false)"]),
        (":", ": :\n", &["comment(:, false)"]),
        ("a\nb", ": a\n: b\n", &["comment(a, false)", "comment(b, false)"]),
        (
            "a\r\n\rb",
            ": a\n:\n: b\n",
            &["comment(a, false)", "comment(, false)", "comment(b, false)"],
        ),
        ("\n", ":\n:\n", &["comment(, false)", "comment(, false)"]),
        ("\u{FEFF}", ": \u{FEFF}\n", &[r"comment(\xef\xbb\xbf, false)"]),
    ];
    for &(text, bytes, outputs) in cases {
        assert_block(Block::comment(text), bytes, outputs);
    }
}

#[test]
fn other_fields() -> Result<(), Error> {
    let x = Block::data("x");
    // The default type is not written.
    assert_block(x.event_type("message")?, "data: x\n\n", &["event(message, x, )"]);
    assert_block(x.event_type("")?, "data: x\n\n", &["event(message, x, )"]);
    assert_block(x.event_type("add")?.event_type("")?, "data: x\n\n", &["event(message, x, )"]);
    assert_block(x.event_type("add")?, "event: add\ndata: x\n\n", &["event(add, x, )"]);
    assert_block(x.event_type(" a: ")?, "event:  a: \ndata: x\n\n", &["event( a: , x, )"]);
    assert_block(x.event_type("a\0")?, "event: a\0\ndata: x\n\n", &[r"event(a\x00, x, )"]);
    // An empty ID is written: it resets the ID.
    assert_block(x.id("8")?, "id: 8\ndata: x\n\n", &["event(message, x, 8)"]);
    assert_block(x.id(" 8")?, "id:  8\ndata: x\n\n", &["event(message, x,  8)"]);
    assert_block(x.id("")?, "id: \ndata: x\n\n", &["event(message, x, )"]);
    assert_block(x.id("8")?.id("9")?, "id: 9\ndata: x\n\n", &["event(message, x, 9)"]);
    // All fields together.
    assert_block(
        Block::data("x\ny").retry(ms(250)).event_type("add")?.id("8")?,
        "retry: 250\nid: 8\nevent: add\ndata: x\ndata: y\n\n",
        &["retry(250ms)", r"event(add, x\ny, 8)"],
    );
    // Without data no event is dispatched.
    assert_block(Block::new(), "", &[]);
    assert_block(Block::new().id("8")?, "id: 8\n\n", &["empty(message, 8)"]);
    assert_block(Block::new().event_type("add")?, "event: add\n\n", &["empty(add, )"]);
    assert_block(
        Block::comment("note").id("8")?,
        "id: 8\n: note\n\n",
        &["comment(note, false)", "empty(message, 8)"],
    );
    // A block that sets nothing needs no blank line.
    assert_block(
        Block::comment("note").event_type("message")?,
        ": note\n",
        &["comment(note, false)"],
    );
    Ok(())
}

#[test]
fn reconnection_time_in_milliseconds() {
    let cases = [
        (Duration::ZERO, "0"),
        (Duration::from_micros(999), "0"),
        (ms(1), "1"),
        (Duration::from_nanos(1_999_999), "1"),
        (ms(10), "10"),
        (Duration::from_secs(3), "3000"),
        (ms(u64::MAX), "18446744073709551615"),
        (ms(u64::MAX) + ms(1), "18446744073709551615"),
        (Duration::MAX, "18446744073709551615"),
    ];
    for (time, digits) in cases {
        let read = ms(digits.parse().expect("64 bits"));
        assert_block(
            Block::new().retry(time),
            &format!("retry: {digits}\n\n"),
            &[&format!("retry({read:?})")],
        );
    }
    assert!(format!("{:?}", Block::new().retry(ms(30))).contains("retry: Some(30)"));
}

#[test]
fn block_debug() -> Result<(), Error> {
    let block = Block::data("a\r\nb").event_type("add")?.id("8")?;
    let values = r#"id: Some("8"), event_type: Some("add"), comment: None, data: Some("a\r\nb")"#;
    assert_eq!(format!("{block:?}"), format!("Block {{ retry: None, {values} }}"));
    assert_ne!(Block::data("a\r\nb"), Block::data("a\nb"), "although both are written alike");
    Ok(())
}

/// Injections known from event streams, and where they could take effect.
const INJECTED: &[&str] = &[
    "x\ndata: injected",
    "x\rdata: injected",
    "x\r\ndata: injected",
    "x\n\ndata: injected\n\n",
    "x\r\rdata: injected\r\r",
    "x\r\n\r\ndata: injected\r\n\r\n",
    "x\n\nevent: admin\ndata: injected",
    "x\nid: injected",
    "x\nretry: 1",
    "x\n",
    "x\r",
    "\n",
    "\r",
    "\n\u{FEFF}data: injected",
];

#[test]
fn no_injection() {
    for injected in INJECTED {
        let x = Block::data("x");
        assert_eq!(x.event_type(*injected), Err(Error::InvalidEventType), "{injected:?}");
        assert_eq!(x.id(*injected), Err(Error::InvalidId), "{injected:?}");
        for event in [Event::new("x").with_type(*injected), Event::new("x").with_id(*injected)] {
            assert!(Block::try_from(event).is_err(), "{event:?}");
        }
        // In data it is data.
        let read = injected.replace("\r\n", "\n").replace('\r', "\n");
        let output = format!("event(message, {}, )", read.as_bytes().escape_ascii());
        let stream = Block::data(*injected).to_string();
        assert_output(&SETUP, stream.as_bytes(), &[&output]);
        // In a comment it is ignored.
        let stream = Block::comment(*injected).to_string();
        assert_output(&Setup::ROOMY, stream.as_bytes(), &[]);
    }
}

#[test]
fn invalid_id_is_refused() {
    for id in ["\0", "a\0", "\0a", "0123456789abcdef0123456789abcdef\0"] {
        assert_eq!(Block::data("x").id(id), Err(Error::InvalidId), "{id:?}");
    }
    assert_eq!(Error::InvalidId.to_string(), "the ID contains CR, LF or NUL");
    assert_eq!(Error::InvalidEventType.to_string(), "the event type contains CR or LF");
}

#[test]
fn block_from_event() {
    let cases = [
        (Event::new("x"), "data: x\n\n"),
        (Event::new("x").with_type("message"), "data: x\n\n"),
        (
            Event::new("x\ny").with_type("add").with_id("8"),
            "id: 8\nevent: add\ndata: x\ndata: y\n\n",
        ),
    ];
    for (event, bytes) in cases {
        let block = Block::try_from(event).expect("as a parser yields them");
        assert_in_every_sink(&block, bytes.as_bytes());
    }
}

/// Blocks are complete: none extends another.
#[test]
fn blocks_in_any_order() -> Result<(), Error> {
    let blocks = [
        Block::comment("one"),
        Block::data("x").event_type("add")?,
        Block::comment("two"),
        Block::new(),
        Block::new().event_type("lost")?,
        Block::data("y").id("8")?,
        Block::comment("three"),
        Block::data("z"),
    ];
    let stream: String = blocks.iter().map(ToString::to_string).collect();
    assert_output(
        &Setup::ROOMY,
        stream.as_bytes(),
        &["event(add, x, )", "event(message, y, 8)", "event(message, z, 8)"],
    );
    Ok(())
}
