//! Iterating over JSON finds what a full parse finds, and gives a result for any other input.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use sseam::json::{self, Elements, Json, Members};
use sseam_testkit::json::begins_with_object;
use sseam_testkit::streams::cases;

/// The members as text, and whether the object was complete.
fn walk(json: &str) -> (String, bool) {
    let mut members = json::members(json.as_bytes());
    let shown: Vec<String> =
        members.by_ref().map(|(name, value)| format!("{name}={value}")).collect();
    (shown.join(" "), !members.is_broken())
}

#[test]
fn members_of_objects() {
    let cases = [
        ("{}", ""),
        (" { } ", ""),
        (r#"{"a":1}"#, "a=1"),
        (r#"{"a":1,"b":"x","c":null,"d":true,"e":false}"#, r#"a=1 b="x" c=null d=true e=false"#),
        ("\n{\t\"a\" :\r\n 1 , \"b\" : \"x\" }", r#"a=1 b="x""#),
        (r#"{"type": "ping", "n": 0}"#, r#"type="ping" n=0"#),
        (
            r#"{"a":{"a":{"b":[1,"]"]}},"b":[{"c":"}"},[]]}"#,
            r#"a={"a":{"b":[1,"]"]}} b=[{"c":"}"},[]]"#,
        ),
        // A name may occur twice, or be empty.
        (r#"{"a":1,"a":2,"":3}"#, "a=1 a=2 =3"),
        // Numbers of all kinds.
        (r#"{"a":-1,"b":1.5,"c":1e3,"d":-0.0E+1}"#, "a=-1 b=1.5 c=1e3 d=-0.0E+1"),
        (
            r#"{"a":18446744073709551615,"b":18446744073709551616}"#,
            "a=18446744073709551615 b=18446744073709551616",
        ),
        // Escapes in names and values.
        (
            r#"{"t\u0079pe":"\u0070ing","\"":"\\\"","\\":"\/\b\f\n\r\t"}"#,
            r#"type="\u0070ing" "="\\\"" \="\/\b\f\n\r\t""#,
        ),
        // Longer than the lookahead.
        (
            r#"{"a name of more than sixteen bytes":"a text of more than thirty-two bytes, in total","b":1}"#,
            r#"a name of more than sixteen bytes="a text of more than thirty-two bytes, in total" b=1"#,
        ),
        // What follows the object is not checked.
        (r#"{"a":1} {"b":"#, "a=1"),
        // Nor are strings within nested values.
        (r#"{"a":["\x"],"b":[{"c":"\q"}],"c":1}"#, r#"a=["\x"] b=[{"c":"\q"}] c=1"#),
        ("{\"a\":[\"\n\"],\"b\":1}", "a=[\"\n\"] b=1"),
    ];
    for (json, members) in cases {
        assert_eq!(walk(json), (members.into(), true), "{json}");
    }
}

#[test]
fn invalid_objects() {
    let cases = [
        ("", ""),
        (" ", ""),
        ("[DONE]", ""),
        ("\u{FEFF}{}", ""),
        ("null", ""),
        ("{", ""),
        ("{,}", ""),
        (r"{a:1}", ""),
        (r#"{"a"}"#, ""),
        (r#"{"a" 1}"#, ""),
        (r#"{"a"=1}"#, ""),
        (r#"{"a":}"#, ""),
        (r#"{"a":,"b":1}"#, ""),
        (r#"{"a":x}"#, ""),
        ("{:1}", ""),
        // Earlier members are kept.
        (r#"{"a":1,}"#, "a=1"),
        (r#"{"a":1,,"b":2}"#, "a=1"),
        // A value counts only if a comma or the closing bracket follows.
        (r#"{"a":1 "b":2}"#, ""),
        (r#"{"a":1]"#, ""),
        (r#"{"a":1;"b":2}"#, ""),
        (r#"{"a":"x" "b":2}"#, ""),
        (r#"{"a":"x""b":2}"#, ""),
        (r#"{"a":nul,"b":1}"#, ""),
        (r#"{"a":nulx,"b":1}"#, ""),
        (r#"{"a":truest,"b":1}"#, ""),
        (r#"{"a":01,"b":1}"#, ""),
        (r#"{"a":1.,"b":1}"#, ""),
        (r#"{"a":1e,"b":1}"#, ""),
        (r#"{"a":-,"b":1}"#, ""),
        (r#"{"a":"x,"b":1}"#, ""),
        (r#"{"a":"x\"}"#, ""),
        (r#"{"a":[1,2}"#, ""),
        (r#"{"a":{"b":"}"#, ""),
        // Truncated: a number or literal might continue.
        (r#"{"a":7"#, ""),
        (r#"{"a":null"#, ""),
        (r#"{"a":"7""#, ""),
        // A value is validated, except for the contents of its strings.
        (r#"{"a":[},"b":1}"#, ""),
        (r#"{"a":[1 2],"b":1}"#, ""),
        (r#"{"a":[1,],"b":1}"#, ""),
        (r#"{"a":{"b" 1},"b":1}"#, ""),
        (r#"{"a":{"b":1,},"b":1}"#, ""),
        (r#"{"a":[nulx],"b":1}"#, ""),
        (r#"{"a":[01],"b":1}"#, ""),
        // A name has to be valid.
        (r#"{"a":1,"\x":2}"#, "a=1"),
        (r#"{"a":1,"\ud83":2}"#, "a=1"),
        ("{\"a\":1,\"b\nc\":2}", "a=1"),
    ];
    for (json, members) in cases {
        assert_eq!(walk(json), (members.into(), false), "{json}");
    }
}

fn value_of(json: &str) -> Json<'_> {
    let (_, value) = json::members(json.as_bytes()).next().expect("a member");
    value
}

#[test]
fn kinds_of_values() {
    let cases = [
        (r#"{"a":"7"}"#, "text"),
        (r#"{"a":"{}"}"#, "text"),
        (r#"{"a":7}"#, "u64"),
        (r#"{"a": 7 }"#, "u64"),
        (r#"{"a":-7}"#, ""),
        (r#"{"a":7.0}"#, "u64"),
        (r#"{"a":0.70e1}"#, "u64"),
        (r#"{"a":7.5}"#, ""),
        (r#"{"a":18446744073709551616}"#, ""),
        (r#"{"a":null}"#, "null"),
        (r#"{"a":true}"#, "true"),
        (r#"{"a": true }"#, "true"),
        (r#"{"a":false}"#, ""),
        (r#"{"a":"true"}"#, "text"),
        (r#"{"a":{}}"#, "object"),
        (r#"{"a":[]}"#, "array"),
    ];
    for (json, kind) in cases {
        let value = value_of(json);
        assert_eq!(value.as_text().is_some(), kind == "text", "{json}");
        assert_eq!(value.as_u64(), (kind == "u64").then_some(7), "{json}");
        assert_eq!(value.is_null(), kind == "null", "{json}");
        assert_eq!(value.is_true(), kind == "true", "{json}");
        assert_eq!(value.is_object(), kind == "object", "{json}");
        assert_eq!(value.is_array(), kind == "array", "{json}");
        assert_eq!(!value.members().is_broken(), kind == "object", "{json}");
        assert_eq!(!value.elements().is_broken(), kind == "array", "{json}");
    }
}

#[test]
fn nested_values() {
    let json = r#"{"choices":[{"index":0,"delta":{"content":"]}"}}, {"index":1}],"usage":{"n":3}}"#;
    let mut members = json::members(json.as_bytes());
    let (_, choices) = members.next().expect("choices");
    let mut elements = choices.elements();
    for n in 0..2 {
        let (name, index) = elements.next().and_then(|choice| choice.members().next()).unwrap();
        assert_eq!(name, "index");
        assert_eq!(index.as_u64(), Some(n));
    }
    assert!(elements.next().is_none() && !elements.is_broken());
    let (name, usage) = members.next().expect("usage");
    assert_eq!(name, "usage");
    assert_eq!(usage.members().next().and_then(|(_, n)| n.as_u64()), Some(3));
    assert!(members.next().is_none() && !members.is_broken());
}

#[test]
fn invalid_arrays() {
    for (json, elements) in
        [("[,1]", 0), ("[1,]", 1), ("[1 2]", 0), ("[1,2", 1), ("[1}", 0), ("{}", 0)]
    {
        let mut found = json::elements(json.as_bytes());
        assert_eq!(found.by_ref().count(), elements, "{json}");
        assert!(found.is_broken(), "{json}");
    }
}

/// The string that is the member's value, if it is valid.
fn text_of(raw: &[u8]) -> Option<String> {
    let json = [b"{\"a\":\"", raw, b"\",\"b\":1}"].concat();
    let mut members = json::members(&json);
    let (_, value) = members.next().expect("a member");
    let text = value.as_text().map(|text| {
        assert_eq!(text.as_bytes(), raw);
        assert_eq!(text.as_raw().as_bytes(), raw);
        assert_eq!(text.is_empty(), raw.is_empty());
        text.to_string()
    });
    // Iteration also skips what is not valid.
    assert!(members.next().is_some_and(|(name, _)| name == "b"), "{}", raw.escape_ascii());
    text
}

#[test]
fn string_validity() {
    let cases: &[(&[u8], Option<&str>)] = &[
        (b"ping", Some("ping")),
        (b"", Some("")),
        (br"p\u0069ng", Some("ping")),
        (br#"\"ping"#, Some("\"ping")),
        (br"\uD83D\uDE00", Some("😀")),
        (br"\uD83D\uD83D\uDE00", Some("\u{FFFD}😀")),
        (br"\uD83Dx", Some("\u{FFFD}x")),
        // The first pair and the last, and their invalid neighbours.
        (br"\uD800\uDC00", Some("\u{10000}")),
        (br"\uDBFF\uDFFF", Some("\u{10FFFF}")),
        (br"\uDC00\uDC00", Some("\u{FFFD}\u{FFFD}")),
        (br"\uD800\uDBFF", Some("\u{FFFD}\u{FFFD}")),
        (br"\uD800\uE000", Some("\u{FFFD}\u{E000}")),
        // Not a JSON string.
        (b"\xFF", None),
        (b"caf\xE9", None),
        (b"\xED\xA0\x80", None),
        (b"a\nb", None),
        (b"\x1F", None),
        (br"\x", None),
        (br"\u12G4", None),
        (br"\u00g0", None),
        (br"\u+123", None),
    ];
    for (raw, text) in cases {
        assert_eq!(text_of(raw).as_deref(), *text, "{}", raw.escape_ascii());
        // The same in strings longer than the searcher's steps.
        for len in [16, 48, 64, 100] {
            let filler = "x".repeat(len);
            let raw = [filler.as_bytes(), raw, filler.as_bytes()].concat();
            let text = text.map(|text| format!("{filler}{text}{filler}"));
            assert_eq!(text_of(&raw), text, "{}", raw.escape_ascii());
        }
    }
}

/// Strings are UTF-8, by the first two bytes of each sequence and what may follow them.
#[test]
fn utf_8_of_strings() {
    for (first, second) in (0x80..=0xFF).flat_map(|a| (0x20..=0xFF_u8).map(move |b| (a, b))) {
        for rest in [&b""[..], b"\x80", b"\xBF\x80", b"\x80\xC0", b"\xBF\xBFx"] {
            let raw = [&[first, second][..], rest].concat();
            if !matches!(second, b'"' | b'\\') {
                let expected = std::str::from_utf8(&raw).ok();
                assert_eq!(text_of(&raw).as_deref(), expected, "{}", raw.escape_ascii());
            }
        }
    }
}

#[test]
fn first_member_by_name() {
    let json = br#"{"type":"ping","n":7,"x" :1,"n":8,"\u0079":2,"n":[}"#;
    let get = |name| json::members(json).get(name).and_then(|value| value.as_u64());
    assert_eq!([get("n"), get("x"), get("y")], [Some(7), Some(1), Some(2)]);
    assert_eq!(get("type"), None);
    assert!(json::members(json).get("typ").is_none());
    assert!(json::members(json).get("z").is_none());
    // From the current position on.
    let mut members = json::members(json);
    assert_eq!(members.by_ref().nth(1).and_then(|(_, value)| value.as_u64()), Some(7));
    assert!(members.clone().get("type").is_none());
    assert_eq!(members.get("n").and_then(|value| value.as_u64()), Some(8));
    // A name with an escape matches its decoded form.
    assert!(json::members(br#"{"\n":1}"#).get("\\n").is_none());
    assert!(json::members(br#"{"\n":1}"#).get("\n").is_some());
    assert!(json::members(br#"["x":1]"#).get("x").is_none());
}

/// Nothing follows the end, nor an error.
#[test]
fn walks_are_fused() {
    for (json, count, is_broken) in [
        ("{}", 0, false),
        (r#"{"a":1}"#, 1, false),
        (r#"{"a":1},"b":2}"#, 1, false),
        (r#"{"a":1 "b":2}"#, 0, true),
        (r#"{"a":1,,"b":2}"#, 1, true),
        (r#"["a":1]"#, 0, true),
    ] {
        let mut members = json::members(json.as_bytes());
        assert_eq!(members.by_ref().count(), count, "{json}");
        assert!(members.next().is_none() && members.next().is_none(), "{json}");
        assert_eq!(members.is_broken(), is_broken, "{json}");
    }
    for (json, count, is_broken) in
        [("[]", 0, false), ("[1]],2]", 1, false), ("[1 2]", 0, true), ("[1,,2]", 1, true)]
    {
        let mut elements = json::elements(json.as_bytes());
        assert_eq!(elements.by_ref().count(), count, "{json}");
        assert!(elements.next().is_none() && elements.next().is_none(), "{json}");
        assert_eq!(elements.is_broken(), is_broken, "{json}");
    }
}

/// `Debug` shows what is left, and does not advance.
#[test]
fn members_debug() {
    let mut members = json::members(br#"{"a":[1,"x",[]],"b":"x\n"}"#);
    assert_eq!(format!("{members:?}"), r#"{"a": [1,"x",[]], "b": "x\n"}"#);
    let (_, value) = members.next().expect("a member");
    assert_eq!(format!("{members:?}"), r#"{"b": "x\n"}"#);
    assert_eq!(format!("{:?}", value.elements()), r#"[1, "x", []]"#);
    assert!(members.by_ref().count() == 1);
    assert_eq!(format!("{members:?}"), "{}");
    assert_eq!(format!("{:?}", json::members(b"x")), "{}");
}

#[test]
fn whole_object() {
    for (data, is_whole) in [
        ("{}", true),
        (" \t\r\n{\"a\":1}\n\r\t ", true),
        ("{\"a\":\"\u{1}\\x\"}", true), // The contents of strings are not checked.
        ("{not JSON}", false),
        ("{\"a\":{\"b\":1}", false),
        ("{\"a\":1}{}", false),
        ("", false),
        ("{", false),
        ("}", false),
        ("[]", false),
        ("{\"a\":1", false),
        ("\u{FEFF}{}", false),
        ("\u{C}{}", false),
    ] {
        assert_eq!(json::is_whole_object(data.as_bytes()), is_whole, "{data}");
    }
}

/// Calls every method, down to the leaves or `depth` levels, and counts the values.
fn visit(mut members: Members<'_>, depth: usize) -> usize {
    let mut found = 0;
    for (name, value) in members.by_ref() {
        found += 1 + name.to_string().len().min(1) + visit_value(value, depth);
    }
    assert!(members.next().is_none(), "iteration continues after its end");
    found
}

fn visit_elements(mut elements: Elements<'_>, depth: usize) -> usize {
    let found = elements.by_ref().map(|value| 1 + visit_value(value, depth)).sum();
    assert!(elements.next().is_none(), "iteration continues after its end");
    found
}

fn visit_value(value: Json<'_>, depth: usize) -> usize {
    let kinds = [
        value
            .as_text()
            .is_some_and(|text| text == "x" || !text.to_string().is_empty() || text.is_empty()),
        value.as_u64().is_some(),
        value.is_null(),
        value.is_object(),
        !value.elements().is_broken(),
    ];
    let kinds = kinds.into_iter().filter(|&is| is).count();
    assert!(kinds <= 1, "{value:?} is of {kinds} kinds");
    if depth == 0 {
        return kinds;
    }
    kinds + visit(value.members(), depth - 1) + visit_elements(value.elements(), depth - 1)
}

/// The members of a prefix are the first of the whole, and the prefix is invalid.
#[test]
fn every_prefix() {
    let json = "\u{20}{ \"type\" : \"response.completed\", \"n\":12,\"e\":\"a\\\"\\u00e9\\ud83d\\ude00\",\
        \"a\":[ 1, {\"b\":[null,true,-1.5e+3]}, \"\" ],\"long\":\"0123456789012345678901234567890123456789\",\
        \"null\":null,\"o\":{} }";
    let (whole, is_whole) = walk(json);
    assert!(is_whole);
    for end in 0..json.len() {
        let prefix = &json[..end];
        visit(json::members(prefix.as_bytes()), 4);
        let mut members = json::members(prefix.as_bytes());
        let names: Vec<String> = members.by_ref().map(|(name, _)| format!("{name}=")).collect();
        assert!(members.is_broken(), "{prefix}");
        let mut rest = whole.as_str();
        for name in names {
            rest = &rest[rest.find(&name).expect("the members of the whole object, in order")..];
        }
    }
}

/// Strings are searched a constant number of times. The library counts the bytes itself, with the
/// feature `__work`.
#[cfg(feature = "__work")]
#[test]
fn work_is_linear() {
    // Each byte once, up to the quote after it, and once more in a string that is requested: one
    // whose end is near, and one whose end is not.
    let far = "0123456789 123456789 123456789 123456789";
    for (json, work) in [(r#"{"a":"b"}"#, 2 + 2 * 2), (&*format!(r#"{{"a":"{far}"}}"#), 2 + 2 * 41)]
    {
        let json = [json, " followed by enough bytes that are not part of it"].concat();
        let _ = sseam::work::take();
        assert!(json::members(json.as_bytes()).next().is_some_and(|(_, b)| b.as_text().is_some()));
        assert_eq!(sseam::work::take(), (work, 0), "{json}");
    }
    for (start, repeated) in [
        ("{", r#""a":"b","#),
        ("{", r#""a name that is long":"and so is the text that it names","#),
        ("{", r#""\\":"\"","#),
        (r#"{"a":""#, r"\\"),
        (r#"{"a":""#, r"\n"),
        (r#"{"a":""#, "a"),
        (r#"{"a":["#, r#"["a","#),
        (r#"{"a":["#, r#"""#),
        (r#"{"a":"#, r#"{"a":"#),
    ] {
        let json = [start, &repeated.repeat(2000)].concat();
        let _ = sseam::work::take();
        for (name, value) in json::members(json.as_bytes()) {
            assert!(name != "b" && value.as_text().is_none_or(|text| text != "c"));
        }
        let (searched, _) = sseam::work::take();
        assert!(searched <= 4 * json.len(), "{repeated}: {searched} of {}", json.len());
    }
}

/// What a full parse gives, with the order of members and repeated ones.
#[derive(Debug, PartialEq)]
enum Tree {
    Null,
    Bool,
    /// The number, if it is whole and in range.
    Number(Option<u64>),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parse;

        impl<'de> Visitor<'de> for Parse {
            type Value = Tree;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
                Ok(Tree::Bool)
            }
            fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
                Ok(Tree::Number(Some(number)))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
                Ok(Tree::Number(None))
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
                // Generated ones are exact up to this.
                let is_whole = number.is_sign_positive() && number.fract() == 0.0 && number < 1e15;
                Ok(Tree::Number(is_whole.then_some(number as u64)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Tree, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = array.next_element()? {
                    elements.push(element);
                }
                Ok(Tree::Array(elements))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(Tree::Object(members))
            }
        }
        deserializer.deserialize_any(Parse)
    }
}

/// Checks each method of the value against the full parse.
fn assert_as_parsed(value: Json<'_>, tree: &Tree) {
    assert_eq!(value.is_null(), *tree == Tree::Null, "{value:?}");
    assert_eq!(value.is_object(), matches!(tree, Tree::Object(_)), "{value:?}");
    let number = if let Tree::Number(number) = tree { *number } else { None };
    assert_eq!(value.as_u64(), number, "{value:?}");
    match (value.as_text(), tree) {
        (Some(text), Tree::Text(parsed)) => {
            assert!(text == parsed.as_str(), "{text:?} and {parsed:?}");
            assert_eq!(&text.to_string(), parsed);
            assert!(text != format!("{parsed}x").as_str());
        }
        (text, tree) => assert!(text.is_none() && !matches!(tree, Tree::Text(_)), "{value:?}"),
    }
    let mut elements = value.elements();
    if let Tree::Array(parsed) = tree {
        for parsed in parsed {
            assert_as_parsed(elements.next().expect("an element"), parsed);
        }
        assert!(elements.next().is_none() && !elements.is_broken());
    } else {
        assert!(elements.next().is_none() && elements.is_broken());
    }
    if let Tree::Object(parsed) = tree {
        assert_members_as_parsed(value.members(), parsed);
    } else {
        assert!(value.members().next().is_none() && value.members().is_broken());
    }
}

fn assert_members_as_parsed(mut members: Members<'_>, parsed: &[(String, Tree)]) {
    for (parsed_name, tree) in parsed {
        let named = members.clone().get(parsed_name);
        let (name, value) = members.next().expect("a member");
        assert!(name == parsed_name.as_str(), "{name:?} and {parsed_name:?}");
        assert_as_parsed(value, tree);
        assert_as_parsed(named.expect("the next member"), tree);
    }
    assert!(members.next().is_none() && !members.is_broken());
}

fn space() -> impl Strategy<Value = String> {
    let space = select(vec![' ', '\t', '\n', '\r']);
    prop_oneof![8 => Just(String::new()), 3 => Just(" ".into()),
        1 => vec(space, 0..6).prop_map(|space| space.into_iter().collect())]
}

/// A character as JSON may write it: literally if allowed, or as an escape.
fn written(c: char, style: u8) -> String {
    let short = "\"\\/\u{8}\u{C}\n\r\t".find(c).map(|at| &r#""\/bfnrt"#[at..=at]);
    match (style, short) {
        (0..=5, _) if c >= ' ' && c != '"' && c != '\\' => c.into(),
        (0..=7, Some(short)) => format!("\\{short}"),
        _ => {
            c.encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| {
                    if style % 2 == 0 { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") }
                })
                .collect()
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let names = select(vec!["type", "error", "finish_reason", "sequence_number", "a", ""]);
    let c = prop_oneof![6 => prop::char::range(' ', '~'), 1 => any::<char>(), 1 => select(vec!['"', '\\', '/', '\n', '\t', '\0', '{', ']', 'é', '😀'])];
    let text = prop_oneof![3 => names.prop_map(str::to_owned),
        3 => vec(c.clone(), 0..12).prop_map(String::from_iter),
        1 => vec(c, 0..90).prop_map(String::from_iter)];
    (text, prop_oneof![2 => Just(vec![0]), 1 => vec(0_u8..10, 1..8)]).prop_map(|(text, styles)| {
        let styles = styles.iter().cycle();
        let inside: String =
            text.chars().zip(styles).map(|(c, &style)| written(c, style)).collect();
        format!("\"{inside}\"")
    })
}

fn scalar() -> impl Strategy<Value = String> {
    let numbers = [
        "0",
        "-0",
        "-1",
        "1.5",
        "0.0",
        "1e5",
        "1E-5",
        "-2.5e+10",
        "18446744073709551615",
        "18446744073709551616",
        "9223372036854775808",
        "10000000000000000000",
        "123456789012345678901234567890",
    ];
    prop_oneof![
        select(vec!["null", "true", "false", "[]", "{}"]).prop_map(str::to_owned),
        select(numbers.to_vec()).prop_map(str::to_owned),
        any::<u64>().prop_map(|n| n.to_string()),
        (0_u64..1000).prop_map(|n| n.to_string()),
        text(),
    ]
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 40, 6, |value| prop_oneof![array(value.clone()), object(value)])
}

fn array(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let element =
        (space(), value, space()).prop_map(|(before, value, after)| before + &value + &after);
    vec(element, 1..6).prop_map(|elements| format!("[{}]", elements.join(",")))
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let member = (space(), text(), space(), space(), value, space())
        .prop_map(|(a, name, b, c, value, d)| format!("{a}{name}{b}:{c}{value}{d}"));
    vec(member, 0..8).prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// Of invalid bytes nothing is known but that each method returns, that the iteration ends, and
/// that it ends in one way.
fn assert_returns(bytes: &[u8]) {
    assert!(visit(json::members(bytes), 3) <= 40 * bytes.len());
    let _ = json::is_whole_object(bytes);
    let mut members = json::members(bytes);
    let _ = format!("{:?}", members.by_ref().collect::<Vec<_>>());
    // If a full parse finds an object, it is not invalid here.
    if let Ok(Tree::Object(_)) = serde_json::from_slice(bytes) {
        assert!(!members.is_broken());
    }
    assert_eq!(!members.is_broken(), begins_with_object(bytes), "{}", bytes.escape_ascii());
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn json_matches_full_parse(before in space(), json in object(value()), after in space()) {
        let json = before + &json + &after;
        let Ok(Tree::Object(parsed)) = serde_json::from_str(&json) else { panic!("{json}") };
        assert_members_as_parsed(json::members(json.as_bytes()), &parsed);
        prop_assert!(json::is_whole_object(json.as_bytes()));
    }

    #[test]
    fn arbitrary_bytes(bytes in vec(select(b"{}[]\":,\\ \nu0d8e1-.tn\xFFx".to_vec()), 0..80)) {
        assert_returns(&bytes);
        assert_returns(&[b"{\"a\":", &bytes[..]].concat());
    }

    #[test]
    fn almost_json(
        json in object(value()),
        changes in vec((any::<Index>(), any::<u8>(), 0..3), 1..4),
    ) {
        let mut bytes = json.into_bytes();
        for (at, byte, change) in changes {
            let at = at.index(bytes.len());
            match change {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        assert_returns(&bytes);
    }
}

/// Wherever an escape is, as the buffer for decoded text is of limited size.
#[test]
fn escape_at_any_offset() {
    for len in 0..300 {
        for (escape, decoded) in [(r"\n", "\n"), (r"\u00e9", "é"), (r"\ud83d\ude00", "😀")] {
            let plain = "x".repeat(len);
            let raw = format!("{plain}{escape}{plain}{escape}");
            let string = json::JsonStr::new(&raw).expect("valid");
            assert_eq!(string.to_string(), format!("{plain}{decoded}{plain}{decoded}"), "{raw}");
        }
    }
}

#[test]
fn string_starts_with_its_decoded_text() {
    let begins = |json: &str, prefix: &str| {
        let (_, value) = json::members(json.as_bytes()).next().expect("a member");
        value.as_text().expect("a string").starts_with(prefix)
    };
    for text in ["response.x", r"\u0072esponse.x", r"re\u0073ponse\u002ex", r"response.\ud83d"] {
        for (prefix, is) in [
            ("", true),
            ("re", true),
            ("response.", true),
            ("responses", false),
            ("esponse", false),
        ] {
            assert_eq!(begins(&format!(r#"{{"a":"{text}"}}"#), prefix), is, "{text}, {prefix}");
        }
    }
    for (text, prefix, is) in [
        ("", "", true),
        ("", "a", false),
        ("re", "response.", false),
        (r"\u0072e", "response.", false),
        (r"a\nb", "a", true),
        (r"a\nb", "a\\n", false),
        (r"\ud83d\ude00", "\u{1f600}", true),
        (r"\u00e9", "\u{e9}", true),
    ] {
        assert_eq!(begins(&format!(r#"{{"a":"{text}"}}"#), prefix), is, "{text}, {prefix}");
    }
}
