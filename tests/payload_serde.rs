//! `JsonStr` and types of one's own, by both back-ends: the same from each.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};
use serde_json::Value;
use sseam::Event;
use sseam::payload::{self, JsonStr};
use sseam_testkit::streams::cases;

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

fn by_serde_json<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

fn by_serde_json_core<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json_core::from_str(json).ok().map(|(value, _)| value)
}

/// What `JsonStr` asks them for is named by names that are private to both: should
/// one of them choose another name, this fails.
#[test]
fn both_lend_a_string_as_it_stands() {
    for raw in ["", "plain 字😀", r#"a\n\"\\\/\u0000"#, r"\ud83d\ude00", r"\ud83d", r"\ude00\ud83d"]
    {
        let json = format!(r#"{{"text": "{raw}" }}"#);
        let texts: [Option<Typed<'_>>; 2] = [by_serde_json(&json), by_serde_json_core(&json)];
        for text in texts {
            let raw_read = text.expect(&json).text.as_raw();
            assert_eq!(raw_read, raw);
            // Zero-copy: it lies in the JSON.
            let lies_at = raw_read.as_ptr() as usize - json.as_ptr() as usize;
            assert!(lies_at + raw_read.len() <= json.len());
        }
        // The value by itself, too.
        let json = format!("\"{raw}\"");
        assert_eq!(by_serde_json::<JsonStr<'_>>(&json).expect(&json).as_raw(), raw);
        assert_eq!(by_serde_json_core::<JsonStr<'_>>(&json).expect(&json).as_raw(), raw);
    }
}

#[test]
fn both_refuse_what_is_no_string() {
    for value in ["null", "7", "true", "[]", "{}", r#"["a"]"#, r#"{"a":"b"}"#, r#""\x""#, "\"\n\""]
    {
        let json = format!(r#"{{"text":{value}}}"#);
        assert_eq!(by_serde_json::<Typed<'_>>(&json), None, "{json}");
        assert_eq!(by_serde_json_core::<Typed<'_>>(&json), None, "{json}");
    }
}

#[test]
fn both_take_absent_and_null() {
    for json in [r#"{"text":""}"#, r#"{"text":"","more":null,"count":null,"nested":null}"#] {
        let expected = Typed { text: JsonStr::default(), more: None, count: None, nested: None };
        assert_eq!(by_serde_json(json), Some(expected), "{json}");
        assert_eq!(by_serde_json::<Typed<'_>>(json), by_serde_json_core(json), "{json}");
    }
}

/// Formats that have no text to lend lend what JSON would not escape.
#[test]
fn other_formats() {
    use serde::de::IntoDeserializer;
    use serde::de::value::{
        BorrowedStrDeserializer, Error, MapDeserializer, StrDeserializer, U32Deserializer,
    };

    const EXPECTED: &str = "expected a string that can be borrowed";

    let owned: StrDeserializer<'_, Error> = "a".into_deserializer();
    let error = JsonStr::deserialize(owned).expect_err("a string that is not lent");
    assert!(error.to_string().ends_with(EXPECTED), "{error}");
    let value = Value::from("a");
    assert!(JsonStr::deserialize(&value).is_err());

    let lent =
        |text| JsonStr::deserialize(Newtype(Newtype(BorrowedStrDeserializer::<Error>::new(text))));
    for text in ["", "plain 字😀"] {
        assert_eq!(lent(text).expect(text).as_raw(), text);
    }
    for (text, reason) in [
        (r"a\n", EXPECTED),
        (r"\x", "an escape that JSON does not have at byte 0"),
        ("ab\"", "something follows the value at byte 2"),
        ("a\nb", "a control character in a string at byte 1"),
    ] {
        let error = lent(text).expect_err(text);
        assert!(error.to_string().ends_with(reason), "{error}");
    }
    // In the place of a string: a number, and, as no format has it, an empty map.
    let number: U32Deserializer<Error> = 7_u32.into_deserializer();
    let map = MapDeserializer::<_, Error>::new(std::iter::empty::<(&str, &str)>());
    for error in [
        JsonStr::deserialize(Newtype(number)).expect_err("a number"),
        JsonStr::deserialize(Newtype(Newtype(number))).expect_err("a number"),
        JsonStr::deserialize(Newtype(map)).expect_err("a map"),
    ] {
        assert!(error.to_string().ends_with(EXPECTED), "{error}");
    }
}

/// In a format that has newtypes: one, and what stands in it.
struct Newtype<T>(T);

impl<'de, T: Deserializer<'de>> Deserializer<'de> for Newtype<T> {
    type Error = T::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, T::Error> {
        visitor.visit_newtype_struct(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What `Event::json` says of them, one by one: `serde_json`, then `serde-json-core`.
#[test]
fn where_they_differ() {
    fn both<'a, T: Deserialize<'a>>(json: &'a str) -> [Option<T>; 2] {
        [by_serde_json(json), by_serde_json_core(json)]
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Plain<'a> {
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

    let escaped = Plain { text: r"a\n" };
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

    // It recurses without a limit: hence the check before it.
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert!(by_serde_json_core::<IgnoredAny>(&deep).is_some());
    assert!(parse::<IgnoredAny>(&deep).is_err());
}

fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, payload::Error> {
    Event::new(data).json()
}

/// The depth is `serde_json`'s own, so that it never refuses what the check takes.
#[test]
fn the_depth_is_that_of_serde_json() {
    let nested = |depth: u32| {
        let depth = usize::try_from(depth).expect("a small number");
        "[".repeat(depth) + &"]".repeat(depth)
    };
    let (fine, wrong) = (nested(payload::MAX_DEPTH), nested(payload::MAX_DEPTH + 1));
    assert!(serde_json::from_str::<Value>(&fine).is_ok());
    assert!(parse::<IgnoredAny>(&fine).is_ok());
    assert!(serde_json::from_str::<Value>(&wrong).is_err());
    assert!(parse::<IgnoredAny>(&wrong).is_err());
}

/// A string as JSON may write it, and not all as a `String` can hold it.
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
        let [one, other]: [Option<Typed<'_>>; 2] = [by_serde_json(&json), by_serde_json_core(&json)];
        prop_assert_eq!(&one, &other, "{}", json);
        prop_assert_eq!(parse::<Typed<'_>>(&json).ok(), one, "{}", json);
    }

    #[test]
    fn a_string_decodes_as_a_full_parse_has_it(raw in raw()) {
        let json = format!("\"{raw}\"");
        let string = by_serde_json::<JsonStr<'_>>(&json).expect("a string");
        prop_assert_eq!(by_serde_json_core::<JsonStr<'_>>(&json), Some(string));
        // A full parse refuses lone surrogates.
        if let Ok(full) = serde_json::from_str::<String>(&json) {
            prop_assert_eq!(string, full.as_str());
            prop_assert_eq!(string.to_string(), full);
        } else {
            prop_assert!(string.chars().any(|char| char == char::REPLACEMENT_CHARACTER));
        }
    }
}
