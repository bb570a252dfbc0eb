//! Events decode into user-defined types by either back-end; errors say whether the JSON or the
//! type is wrong, and both back-ends agree.
#![cfg(any(feature = "json", feature = "json-core"))]

/// The same tests for each back-end: its method, how its types take strings, and its error.
macro_rules! tests {
    ($method:ident, $error:ty $(, $escaped:literal)?) => {
        use std::error::Error as _;

        use serde::Deserialize;
        use sseam::Event;
        use sseam::json::{DeserializeError, ErrorKind, JsonStr};

        #[derive(Debug, PartialEq, Deserialize)]
        struct Text<'a>(#[serde(borrow $(, deserialize_with = $escaped)?)] JsonStr<'a>);

        #[derive(Debug, PartialEq, Deserialize)]
        struct Typed<'a> {
            #[serde(borrow $(, deserialize_with = $escaped)?)]
            text: JsonStr<'a>,
            #[serde(default)]
            more: Option<Text<'a>>,
            #[serde(default)]
            count: Option<u32>,
            #[serde(default)]
            nested: Option<Nested<'a>>,
        }

        #[derive(Debug, PartialEq, Deserialize)]
        struct Nested<'a> {
            #[serde(borrow, rename = "type" $(, deserialize_with = $escaped)?)]
            kind: JsonStr<'a>,
            pair: (i8, bool),
        }

        fn parse<'a, T: Deserialize<'a>>(data: &'a [u8]) -> Result<T, DeserializeError<$error>> {
            Event::new(data).$method()
        }

        #[test]
        fn event_into_user_types() {
            let json = r#"{"new":[{}],"text":"a\n","more":"\u0062","count":7,"nested":{"pair":[-1,true],"type":"t"}}"#;
            let read: Typed<'_> = parse(json.as_bytes()).expect(json);
            assert_eq!((read.text.as_raw(), read.count), (r"a\n", Some(7)));
            assert_eq!(read.more.expect("more").0, "b");
            let nested = read.nested.expect("nested");
            assert_eq!((nested.kind.as_raw(), nested.pair), ("t", (-1, true)));
            // Zero-copy: the string points into the JSON.
            let at = read.text.as_raw().as_ptr() as usize - json.as_ptr() as usize;
            assert_eq!(&json[at..at + 3], r"a\n");
            assert_eq!(parse::<[u8; 2]>(b" [1, 2] ").expect("an array"), [1, 2]);
        }

        #[test]
        fn json_of_another_type() {
            for json in [
                r#"{"text":7}"#,
                r#"{"text":null}"#,
                r#"{"text":[]}"#,
                r#"{"text":"","more":{}}"#,
                r#"{"text":"", "count": "x", "more":""}"#,
                r#"{"text":"","count":-1}"#,
                r#"{"text":"","count":1.5}"#,
                "{\n\"text\":\"\",\n\"count\":[1]}",
                r#"{"text":"","nested":{"type":"t","pair":[1,2]}}"#,
                r#"{"count":1}"#,
                "7",
            ] {
                let error = parse::<Typed<'_>>(json.as_bytes()).expect_err(json);
                assert!(matches!(error, DeserializeError::Type(_)), "{json}");
                assert_eq!(error.to_string(), "the JSON does not match the type", "{json}");
                let source = error.source().expect("the error of serde");
                assert!(source.is::<$error>(), "{json}: {source}");
            }
        }

        /// Checked before serde reads it.
        #[test]
        fn invalid_json_reports_offset() {
            let cases: &[(&[u8], ErrorKind, usize)] = &[
                (b"", ErrorKind::UnexpectedEnd, 0),
                (b"[DONE]", ErrorKind::ExpectedValue, 1),
                (br#"{"text":"" "count":1}"#, ErrorKind::ExpectedCommaOrEnd, 11),
                // Also if the type does not match, and in members that the type does not have.
                (br#"{"text":7,}"#, ErrorKind::ExpectedName, 10),
                (br#"{"text":"","x":"\x"}"#, ErrorKind::InvalidEscape, 16),
                (b"{\"text\":\"\",\"x\":\"\n\"}", ErrorKind::ControlCharacter, 16),
                (b"{\"text\":\"\",\"x\":\"\xFF\"}", ErrorKind::InvalidUtf8, 16),
                (br#"{"text":""} {}"#, ErrorKind::TrailingCharacters, 12),
            ];
            for (json, kind, at) in cases {
                let shown = json.escape_ascii();
                let error = parse::<Typed<'_>>(json).expect_err("no JSON");
                let DeserializeError::Json(invalid) = error else { panic!("{shown}: {error}") };
                assert_eq!((invalid.kind(), invalid.at()), (*kind, *at), "{shown}");
                assert_eq!(error.to_string(), "the data is not valid JSON", "{shown}");
                let source = error.source().expect("the error in the JSON");
                assert_eq!(source.to_string(), invalid.to_string(), "{shown}");
            }
        }

        /// On a small stack. Both back-ends skip the value.
        #[test]
        #[cfg_attr(miri, ignore = "long")]
        fn nested_event_is_an_error() {
            let thread = std::thread::Builder::new().stack_size(64 << 10).spawn(|| {
                let nested = |depth| {
                    format!(r#"{{"text":"","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))
                };
                assert!(parse::<Typed<'_>>(nested(126).as_bytes()).is_ok());
                for depth in [127, 100_000] {
                    let json = nested(depth);
                    let error = parse::<Typed<'_>>(json.as_bytes()).expect_err("too deep");
                    let DeserializeError::Json(invalid) = error else { panic!("{error}") };
                    assert_eq!((invalid.kind(), invalid.at()), (ErrorKind::TooDeep, 15 + 126));
                }
            });
            thread.expect("a thread").join().expect("no overflow");
        }
    };
}

#[cfg(feature = "json")]
mod by_serde_json {
    tests!(json, serde_json::Error);
}

#[cfg(feature = "json-core")]
mod by_serde_json_core {
    tests!(json_core, serde_json_core::de::Error, "sseam::json::escaped_str");
}
