//! An event is read into types of one's own, with either back-end, and what does
//! not fit is told with the byte: of both, the same.
#![cfg(any(feature = "json", feature = "json-core"))]

use serde::Deserialize;
use sseam::Event;
use sseam::payload::{self, ErrorKind, JsonStr};

#[derive(Debug, PartialEq, Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    text: JsonStr<'a>,
    #[serde(default)]
    more: Option<JsonStr<'a>>,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    nested: Option<Nested<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested<'a> {
    #[serde(borrow, rename = "type")]
    kind: JsonStr<'a>,
    pair: (i8, bool),
}

fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, payload::Error> {
    Event::new(data).json()
}

#[test]
fn an_event_is_read_into_types_of_ones_own() {
    let json = r#"{"new":[{}],"text":"a\n","count":7,"nested":{"pair":[-1,true],"type":"t"}}"#;
    let text: Typed<'_> = parse(json).expect(json);
    assert_eq!(text.text, "a\n");
    assert_eq!((text.more, text.count), (None, Some(7)));
    assert_eq!(
        text.nested,
        Some(Nested { kind: JsonStr::new("t").expect("plain"), pair: (-1, true) })
    );
    assert_eq!(parse::<[u8; 2]>(" [1, 2] "), Ok([1, 2]));
}

#[test]
fn what_does_not_fit_is_told_where() {
    let cases = [
        (r#"{"text":7}"#, ErrorKind::Mismatch, 8),
        (r#"{"text":"", "count": "x", "more":""}"#, ErrorKind::Mismatch, 21),
        (r#"{"text":"","count":-1}"#, ErrorKind::Mismatch, 19),
        (r#"{"text":"","count":1.5}"#, ErrorKind::Mismatch, 19),
        ("{\n\"text\":\"\",\n\"count\":[1]}", ErrorKind::Mismatch, 21),
        (r#"{"text":"","nested":{"type":"t","pair":[1,2]}}"#, ErrorKind::Mismatch, 42),
        (r#"{"count":1}"#, ErrorKind::Mismatch, 9),
        (r#"{"text":"" "count":1}"#, ErrorKind::ExpectedCommaOrEnd, 11),
        ("[DONE]", ErrorKind::ExpectedValue, 1),
    ];
    for (json, kind, at) in cases {
        let error = parse::<Typed<'_>>(json).expect_err(json);
        assert_eq!((error.kind(), error.at()), (kind, at), "{json}");
    }
}

/// On a small stack. The value is one that both pass over.
#[test]
#[cfg_attr(miri, ignore = "long")]
fn a_nested_event_is_an_error() {
    let thread = std::thread::Builder::new().stack_size(64 << 10).spawn(|| {
        let nested =
            |depth| format!(r#"{{"text":"","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(parse::<Typed<'_>>(&nested(126)).is_ok());
        for depth in [127, 100_000] {
            let error = parse::<Typed<'_>>(&nested(depth)).expect_err("too deep");
            assert_eq!((error.kind(), error.at()), (ErrorKind::TooDeep, 15 + 126));
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}
