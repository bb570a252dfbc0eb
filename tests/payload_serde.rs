//! `JsonStr` in user-defined types: both back-ends give the same.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use sseam::Event;
use sseam::json::{self, JsonStr};
use sseam_testkit::streams::cases;

/// A string by `serde_json`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
struct Plain<'a>(#[serde(borrow)] JsonStr<'a>);

/// A string by `serde-json-core`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
struct Escaped<'a>(#[serde(borrow, deserialize_with = "json::escaped_str")] JsonStr<'a>);

/// Each back-end has its own string type.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de>"))]
struct Typed<S> {
    text: S,
    #[serde(default)]
    more: Option<S>,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    nested: Option<Nested<S>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested<S> {
    #[serde(rename = "type")]
    kind: S,
    pair: (i8, bool),
}

impl<S> Typed<S> {
    /// The same with the raw strings.
    fn raw<'a>(self, raw: impl Fn(S) -> &'a str) -> Typed<&'a str> {
        Typed {
            text: raw(self.text),
            more: self.more.map(&raw),
            count: self.count,
            nested: self.nested.map(|nested| Nested { kind: raw(nested.kind), pair: nested.pair }),
        }
    }
}

fn by_serde_json<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

fn by_serde_json_core<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json_core::from_str(json).ok().map(|(value, _)| value)
}

/// The results of `serde_json` and of `serde-json-core`.
fn typed(json: &str) -> [Option<Typed<&str>>; 2] {
    [
        by_serde_json::<Typed<Plain<'_>>>(json).map(|read| read.raw(|text| text.0.as_raw())),
        by_serde_json_core::<Typed<Escaped<'_>>>(json).map(|read| read.raw(|text| text.0.as_raw())),
    ]
}

#[test]
fn both_borrow_raw_strings() {
    for raw in ["", "plain 字😀", r#"a\n\"\\\/\u0000"#, r"\ud83d\ude00", r"\ud83d", r"\ude00\ud83d"]
    {
        let json = format!(r#"{{"text": "{raw}" }}"#);
        for read in typed(&json) {
            let raw_read = read.expect(&json).text;
            assert_eq!(raw_read, raw);
            // Zero-copy: the string points into the JSON.
            let at = raw_read.as_ptr() as usize - json.as_ptr() as usize;
            assert!(at + raw_read.len() <= json.len());
        }
        // The value by itself, too.
        let json = format!("\"{raw}\"");
        assert_eq!(by_serde_json::<JsonStr<'_>>(&json).expect(&json).as_raw(), raw);
        assert_eq!(by_serde_json_core::<Escaped<'_>>(&json).expect(&json).0.as_raw(), raw);
    }
}

#[test]
fn both_refuse_other_kinds() {
    for value in ["null", "7", "true", "[]", "{}", r#"["a"]"#, r#"{"a":"b"}"#, r#""\x""#, "\"\n\""]
    {
        let json = format!(r#"{{"text":{value}}}"#);
        assert_eq!(typed(&json), [None, None], "{json}");
    }
}

#[test]
fn both_accept_absent_and_null() {
    for json in [r#"{"text":""}"#, r#"{"text":"","more":null,"count":null,"nested":null}"#] {
        for read in typed(json) {
            let expected = Typed { text: "", more: None, count: None, nested: None };
            assert_eq!(read, Some(expected), "{json}");
        }
    }
}

/// A `JsonStr` requires `serde_json`, and JSON that can be borrowed from.
#[test]
fn other_formats_are_an_error() {
    use serde::de::IntoDeserializer;
    use serde::de::value::{BorrowedStrDeserializer, Error, U32Deserializer};

    let number: U32Deserializer<Error> = 7_u32.into_deserializer();
    assert!(JsonStr::deserialize(number).is_err());
    assert!(JsonStr::deserialize(BorrowedStrDeserializer::<Error>::new("a")).is_err());
    assert!(JsonStr::deserialize(&Value::from("a")).is_err());
    // The other back-end cannot provide it this way.
    assert_eq!(by_serde_json_core::<JsonStr<'_>>(r#""a""#), None);
    let error = serde_json::from_str::<JsonStr<'_>>("7").expect_err("a number");
    assert!(error.to_string().starts_with("expected a string"), "{error}");
}

/// The differences listed at `Event::json_core`, one by one: `serde_json`, then `serde-json-core`.
#[test]
fn differences() {
    fn both<'a, T: Deserialize<'a>>(json: &'a str) -> [Option<T>; 2] {
        [by_serde_json(json), by_serde_json_core(json)]
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Borrowed<'a> {
        text: &'a str,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Count {
        #[serde(default)]
        count: u8,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Float {
        float: f64,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        count: Count,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "type", rename_all = "lowercase")]
    enum Tagged {
        Count(Count),
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Count(Count),
    }

    let escaped = Borrowed { text: r"a\n" };
    assert_eq!(both(r#"{"text":"a\n"}"#), [None, Some(escaped)]);
    assert_eq!(both(r#"{"c\u006funt":7}"#), [Count { count: 7 }, Count { count: 0 }].map(Some));
    assert_eq!(both::<(i8,)>("[-0]"), [None, Some((0,))]);
    let [null, too_large] = [r#"{"float":null}"#, r#"{"float":1e999}"#].map(both::<Float>);
    assert!(matches!(null, [None, Some(Float { float })] if float.is_nan()));
    assert_eq!(too_large, [None, Some(Float { float: f64::INFINITY })]);
    assert_eq!(both("[7]"), [Some(Count { count: 7 }), None]);
    let json = r#"{"type":"count","count":7}"#;
    assert_eq!(both(json), [Some(Flat { count: Count { count: 7 } }), None]);
    assert_eq!(both(json), [Some(Tagged::Count(Count { count: 7 })), None]);
    assert_eq!(both(json), [Some(Untagged::Count(Count { count: 7 })), None]);
    assert_eq!(both(json).map(|value: Option<Value>| value.is_some()), [true, false]);
    assert_eq!(both("7").map(|skipped: Option<IgnoredAny>| skipped.is_some()), [true, false]);
    assert_eq!(both("7"), [Some(7_i128), None]);

    let by_name = BTreeMap::from([("a", 1)]);
    assert_eq!(both(r#"{"a":1}"#), [Some(by_name.clone()), Some(by_name)]);
    let panic = catch_unwind(|| by_serde_json_core::<BTreeMap<String, u8>>(r#"{"a":1}"#));
    assert!(panic.is_err());

    // This back-end recurses without a limit: hence the check before it.
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert!(by_serde_json_core::<IgnoredAny>(&deep).is_some());
    for read in parse::<IgnoredAny>(&deep) {
        assert!(read.is_none());
    }
}

/// By the event's two methods.
fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> [Option<T>; 2] {
    let event = Event::new(data);
    [event.json().ok(), event.json_core().ok()]
}

/// The depth is `serde_json`'s, which therefore accepts whatever the check accepts.
#[test]
fn depth_limit_of_serde_json() {
    let nested = |depth: u32| {
        let depth = usize::try_from(depth).expect("a small number");
        "[".repeat(depth) + &"]".repeat(depth)
    };
    let (fine, wrong) = (nested(json::MAX_DEPTH), nested(json::MAX_DEPTH + 1));
    assert!(serde_json::from_str::<Value>(&fine).is_ok());
    assert!(parse::<IgnoredAny>(&fine).iter().all(Option::is_some));
    assert!(serde_json::from_str::<Value>(&wrong).is_err());
    assert!(parse::<IgnoredAny>(&wrong).iter().all(Option::is_none));
}

/// A string as JSON may write it, even one that a `String` cannot hold.
fn raw() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "字",
        "😀",
        "é",
        "\u{2028}",
        r"\n",
        r#"\""#,
        r"\\",
        r"\/",
        r"\u0000",
        r"\u00E9",
        r"\u5b57",
        r"\ud83d\ude00",
        r"\ud83d",
        r"\ude00",
        r"\t",
    ];
    vec(select(pieces), 0..8).prop_map(|pieces| pieces.concat())
}

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => raw().prop_map(|raw| format!("\"{raw}\"")),
        1 => any::<u32>().prop_map(|number| number.to_string()),
        1 => select(vec!["null", "true", "-7", "1.5", "[]", "{}", r#"{"type":"t","pair":[1,true]}"#, r#"[{"a":[null]}]"#])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn both_agree(members in vec((select(vec!["text", "more", "count", "nested", "other"]), any_value()), 0..6)) {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        let json = format!("{{{}}}", members.join(" ,"));
        let [one, other] = typed(&json);
        prop_assert_eq!(&one, &other, "{}", json);
        let event = Event::new(&json);
        let by_event = event.json::<Typed<Plain<'_>>>().ok();
        prop_assert_eq!(&by_event.map(|read| read.raw(|text| text.0.as_raw())), &one, "{}", json);
        let by_event = event.json_core::<Typed<Escaped<'_>>>().ok();
        prop_assert_eq!(&by_event.map(|read| read.raw(|text| text.0.as_raw())), &one, "{}", json);
    }

    #[test]
    fn string_matches_full_parse(raw in raw()) {
        let json = format!("\"{raw}\"");
        let string = by_serde_json::<JsonStr<'_>>(&json).expect("a string");
        prop_assert_eq!(by_serde_json_core::<Escaped<'_>>(&json).map(|text| text.0), Some(string));
        // A full parse refuses lone surrogates.
        if let Ok(full) = serde_json::from_str::<String>(&json) {
            prop_assert_eq!(string, full.as_str());
            prop_assert_eq!(string.to_string(), full);
        } else {
            prop_assert!(string.chars().any(|char| char == char::REPLACEMENT_CHARACTER));
        }
    }
}
