//! What `peek` says of JSON is what a full parse says, and of everything else
//! it says something, too.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use sseam::dialect::peek::{self, Elements, Json, Members};
use sseam_testkit::streams::cases;

/// The names and what the values look like, and whether that was all.
fn told(json: &str) -> (String, bool) {
    let mut members = peek::members(json.as_bytes());
    let told: Vec<String> =
        members.by_ref().map(|(name, value)| format!("{name}={value:?}")).collect();
    (told.join(" "), !members.is_broken())
}

#[test]
fn what_an_object_holds() {
    let cases = [
        ("{}", ""),
        (" { } ", ""),
        (r#"{"a":1}"#, "a=1"),
        (r#"{"a":1,"b":"x","c":null,"d":true,"e":false}"#, r#"a=1 b="x" c=null d=true e=false"#),
        ("\n{\t\"a\" :\r\n 1 , \"b\" : \"x\" }", r#"a=1 b="x""#),
        (r#"{"type": "ping", "n": 0}"#, r#"type="ping" n=0"#),
        (r#"{"a":{"a":{"b":[1,"]"]}},"b":[{"c":"}"},[]]}"#, "a={..} b=[..]"),
        // A name may come twice, or be empty.
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
            r#"type="ping" "="\\\"" \="/\u{8}\u{c}\n\r\t""#,
        ),
        (
            r#"{"a":"\ud83d\ude00","b":"\ud83d","c":"\ude00\ud83d!"}"#,
            "a=\"😀\" b=\"\u{FFFD}\" c=\"\u{FFFD}\u{FFFD}!\"",
        ),
        // Longer than what is looked at ahead.
        (
            r#"{"a name of more than sixteen bytes":"a text of more than thirty-two bytes, all told","b":1}"#,
            r#"a name of more than sixteen bytes="a text of more than thirty-two bytes, all told" b=1"#,
        ),
        // What follows the object is not looked at.
        (r#"{"a":1} {"b":"#, "a=1"),
    ];
    for (json, members) in cases {
        assert_eq!(told(json), (members.into(), true), "{json}");
    }
}

#[test]
fn what_is_no_object_is_broken() {
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
        // What came before stands.
        (r#"{"a":1,}"#, "a=1"),
        (r#"{"a":1,,"b":2}"#, "a=1"),
        (r#"{"a":1 "b":2}"#, "a=1"),
        (r#"{"a":1]"#, "a=1"),
        (r#"{"a":1;"b":2}"#, "a=1"),
        (r#"{"a":"x" "b":2}"#, r#"a="x""#),
        (r#"{"a":"x""b":2}"#, r#"a="x""#),
        // The value is told before it is passed over.
        (r#"{"a":nul,"b":1}"#, "a=(broken)"),
        (r#"{"a":truest,"b":1}"#, "a=true"),
        (r#"{"a":01,"b":1}"#, "a=0"),
        (r#"{"a":1.,"b":1}"#, "a=(broken)"),
        (r#"{"a":1e,"b":1}"#, "a=(broken)"),
        (r#"{"a":-,"b":1}"#, "a=(broken)"),
        (r#"{"a":"x,"b":1}"#, r#"a="x,""#),
        (r#"{"a":"x\"}"#, "a=(broken)"),
        (r#"{"a":[1,2}"#, "a=[..]"),
        (r#"{"a":{"b":"}"#, "a={..}"),
    ];
    for (json, members) in cases {
        assert_eq!(told(json), (members.into(), false), "{json}");
    }
}

fn value_of(json: &str) -> Json<'_> {
    let (_, value) = peek::members(json.as_bytes()).next().expect("a member");
    value
}

#[test]
fn a_value_is_of_one_kind() {
    let cases = [
        (r#"{"a":"7"}"#, "text"),
        (r#"{"a":"{}"}"#, "text"),
        (r#"{"a":7}"#, "u64"),
        (r#"{"a": 7 }"#, "u64"),
        (r#"{"a":-7}"#, ""),
        (r#"{"a":7.0}"#, ""),
        (r#"{"a":7e0}"#, ""),
        (r#"{"a":07}"#, ""),
        (r#"{"a":18446744073709551616}"#, ""),
        (r#"{"a":null}"#, "null"),
        (r#"{"a":nullx}"#, ""),
        (r#"{"a":true}"#, "true"),
        (r#"{"a": true }"#, "true"),
        (r#"{"a":truer}"#, ""),
        (r#"{"a":false}"#, ""),
        (r#"{"a":"true"}"#, "text"),
        (r#"{"a":{}}"#, "object"),
        (r#"{"a":[]}"#, "array"),
        // Cut off: a number or literal might go on, a string does.
        (r#"{"a":7"#, ""),
        (r#"{"a":null"#, ""),
        (r#"{"a":true"#, ""),
        (r#"{"a":"7"#, ""),
    ];
    for (json, kind) in cases {
        let value = value_of(json);
        assert_eq!(value.text().is_some(), kind == "text", "{json}");
        assert_eq!(value.u64(), (kind == "u64").then_some(7), "{json}");
        assert_eq!(value.is_null(), kind == "null", "{json}");
        assert_eq!(value.is_true(), kind == "true", "{json}");
        assert_eq!(value.is_object(), kind == "object", "{json}");
        assert_eq!(value.is_array(), kind == "array", "{json}");
        assert_eq!(!value.members().is_broken(), kind == "object", "{json}");
        assert_eq!(!value.elements().is_broken(), kind == "array", "{json}");
    }
}

#[test]
fn nested_values_are_looked_into_and_left() {
    let json = r#"{"choices":[{"index":0,"delta":{"content":"]}"}}, {"index":1}],"usage":{"n":3}}"#;
    let mut members = peek::members(json.as_bytes());
    let (_, choices) = members.next().expect("choices");
    let mut elements = choices.elements();
    for n in 0..2 {
        let (name, index) = elements.next().and_then(|choice| choice.members().next()).unwrap();
        assert_eq!(name, "index");
        assert_eq!(index.u64(), Some(n));
    }
    assert!(elements.next().is_none() && !elements.is_broken());
    let (name, usage) = members.next().expect("usage");
    assert_eq!(name, "usage");
    assert_eq!(usage.members().next().and_then(|(_, n)| n.u64()), Some(3));
    assert!(members.next().is_none() && !members.is_broken());
}

#[test]
fn broken_arrays() {
    for (json, elements) in [
        (r#"{"a":[,1]}"#, 0),
        (r#"{"a":[1,]}"#, 1),
        (r#"{"a":[1 2]}"#, 1),
        (r#"{"a":[1,2"#, 2),
        (r#"{"a":[1}"#, 1),
        (r#"{"a":{}}"#, 0),
    ] {
        let mut found = value_of(json).elements();
        assert_eq!(found.by_ref().count(), elements, "{json}");
        assert!(found.is_broken(), "{json}");
    }
}

#[test]
fn a_text_compares_as_it_decodes() {
    let cases: [(&[u8], &str, bool); 19] = [
        (b"ping", "ping", true),
        (b"ping", "pin", false),
        (b"pin", "ping", false),
        (b"", "", true),
        (br"p\u0069ng", "ping", true),
        (br"p\u0069ng", "p\\u0069ng", false),
        (br"\n", "\\n", false),
        (br#"\"ping"#, "\"ping", true),
        (br"\uD83D\uDE00", "😀", true),
        (br"\uD83D\uD83D\uDE00", "\u{FFFD}😀", true),
        (br"\uD83Dx", "\u{FFFD}x", true),
        // The first pair and the last, and what is just none.
        (br"\uD800\uDC00", "\u{10000}", true),
        (br"\uDBFF\uDFFF", "\u{10FFFF}", true),
        (br"\uDC00\uDC00", "\u{FFFD}\u{FFFD}", true),
        (br"\uD800\uDBFF", "\u{FFFD}\u{FFFD}", true),
        (br"\uD800\uE000", "\u{FFFD}\u{E000}", true),
        // What does not decode equals nothing.
        (b"\xFF", "\u{FFFD}", false),
        (br"\x", "x", false),
        (br"\u12G4", "\u{FFFD}12G4", false),
    ];
    for (raw, text, equal) in cases {
        let json = [b"{\"a\":\"", raw, b"\"}"].concat();
        let (_, value) = peek::members(&json).next().expect("a member");
        let value = value.text().expect("a string");
        assert_eq!(value.as_raw(), raw);
        assert_eq!(value.is_empty(), raw.is_empty());
        assert_eq!(value == text, equal, "{value:?} and {text:?}");
        assert_eq!(text == value, equal);
        assert_eq!(value == *text, equal);
    }
}

#[test]
fn what_does_not_decode_is_shown_all_the_same() {
    let (_, value) = peek::members(b"{\"a\":\"x\xFF\\q\\ud800\"}").next().expect("a member");
    let text = value.text().expect("a string");
    assert_eq!(text.to_string(), "x\u{FFFD}\u{FFFD}q\u{FFFD}");
    assert_eq!(format!("{text:?}"), "\"x\\xFF\\x5Cq\u{FFFD}\"");
    // No digit of sixteen, though one of seventeen.
    let (_, value) = peek::members(br#"{"a":"\u00g0"}"#).next().expect("a member");
    assert_eq!(value.text().expect("a string").to_string(), "\u{FFFD}u00g0");
    let (_, value) = peek::members(br#"{"a":"ping"}"#).next().expect("a member");
    assert_eq!(format!("{:>6}", value.text().expect("a string")), "  ping");
}

#[test]
fn the_member_that_is_hoped_for() {
    let mut members = peek::members(br#"{"type":"ping","n":7,"x" :1}"#);
    assert!(members.next_if_named("n").is_none());
    assert!(members.next_if_named("typ").is_none());
    assert!(members.next_if_named("type").and_then(|value| value.text()).unwrap() == "ping");
    assert_eq!(members.next_if_named("n").and_then(|value| value.u64()), Some(7));
    // There, but not as it is hoped for.
    assert!(members.next_if_named("x").is_none());
    assert_eq!(members.next().and_then(|(_, value)| value.u64()), Some(1));
    assert!(members.next_if_named("x").is_none());
    assert!(members.next().is_none() && !members.is_broken());
    assert!(members.next_if_named("").is_none());
    assert!(peek::members(br#"["x":1]"#).next_if_named("x").is_none());
    // What is written like that is another name, or two.
    assert!(peek::members(br#"{"\n":1}"#).next_if_named("\\n").is_none());
    assert!(peek::members(br#"{"a":1,"b":2}"#).next_if_named(r#"a":1,"b"#).is_none());
}

/// What is left is shown from where it begins, and what that is.
#[test]
fn a_walk_shows_where_it_is() {
    let mut members = peek::members(br#"{"a":[1,[]],"b":"long enough for both"}"#);
    let shown = |members: &Members<'_>| format!("{members:?}");
    let whole = r#"{\"a\":[1,[]],\"b\":\"long enough for both\"}"#;
    assert_eq!(shown(&members), format!("Members(Object b\"{whole}\")"));
    let (_, value) = members.next().expect("a member");
    assert_eq!(shown(&members), format!("Members(Value b\"{}\")", &whole[7..]));
    assert_eq!(format!("{:?}", value.elements()), format!("Elements(Array b\"{}\")", &whole[7..]));
    assert!(members.by_ref().count() == 1);
    assert_eq!(shown(&members), "Members(End b\"\")");
    assert_eq!(shown(&peek::members(b"x")), "Members(Broken b\"\")");
}

#[test]
fn a_whole_object_from_the_outside() {
    for (data, is_whole) in [
        ("{}", true),
        (" \t\r\n{\"a\":1}\n\r\t ", true),
        ("{not JSON}", true),
        ("", false),
        ("{", false),
        ("}", false),
        ("[]", false),
        ("{\"a\":1", false),
        ("\u{FEFF}{}", false),
        ("\u{C}{}", false),
    ] {
        assert_eq!(peek::is_whole_object(data.as_bytes()), is_whole, "{data}");
    }
}

/// Asks everything there is to ask, as deep as it goes or `depth` deep, and counts what is there.
fn visit(mut members: Members<'_>, depth: usize) -> usize {
    let mut found = 0;
    for (name, value) in members.by_ref() {
        found += 1 + name.to_string().len().min(1) + visit_value(value, depth);
    }
    assert!(members.next().is_none(), "it has ended");
    found
}

fn visit_elements(mut elements: Elements<'_>, depth: usize) -> usize {
    let found = elements.by_ref().map(|value| 1 + visit_value(value, depth)).sum();
    assert!(elements.next().is_none(), "it has ended");
    found
}

fn visit_value(value: Json<'_>, depth: usize) -> usize {
    let kinds = [
        value
            .text()
            .is_some_and(|text| text == "x" || !text.to_string().is_empty() || text.is_empty()),
        value.u64().is_some(),
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

/// The members of a prefix are the first of the whole, and it is broken.
#[test]
fn every_prefix_answers() {
    let json = "\u{20}{ \"type\" : \"response.completed\", \"n\":12,\"e\":\"a\\\"\\u00e9\\ud83d\\ude00\",\
        \"a\":[ 1, {\"b\":[null,true,-1.5e+3]}, \"\" ],\"long\":\"0123456789012345678901234567890123456789\",\
        \"null\":null,\"o\":{} }";
    let (whole, is_whole) = told(json);
    assert!(is_whole);
    for end in 0..json.len() {
        let prefix = &json[..end];
        visit(peek::members(prefix.as_bytes()), 4);
        let mut members = peek::members(prefix.as_bytes());
        let names: Vec<String> = members.by_ref().map(|(name, _)| format!("{name}=")).collect();
        assert!(members.is_broken(), "{prefix}");
        let mut rest = whole.as_str();
        for name in names {
            rest = &rest[rest.find(&name).expect("the members of the whole, in order")..];
        }
    }
}

/// However often strings are looked at, it is a constant number of times. The work
/// is counted by the library itself, in bytes, with the feature `__work`.
#[cfg(feature = "__work")]
#[test]
fn the_work_is_linear_whatever_comes() {
    // Each byte once, up to the quote behind it, of a string that is near its end and
    // of one that is not.
    let far = "0123456789 123456789 123456789 123456789";
    for (json, work) in [(r#"{"a":"b"}"#, 4), (&*format!(r#"{{"a":"{far}"}}"#), 2 + 41)] {
        let json = [json, " so that enough bytes follow, which are none of it"].concat();
        let _ = sseam::work::take();
        assert!(peek::members(json.as_bytes()).next().is_some_and(|(_, b)| b.text().is_some()));
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
        for (name, value) in peek::members(json.as_bytes()) {
            assert!(name != "b" && value.text().is_none_or(|text| text != "c"));
        }
        let (searched, _) = sseam::work::take();
        assert!(searched <= 4 * json.len(), "{repeated}: {searched} of {}", json.len());
    }
}

/// What a full parse makes of JSON, with the order of members and those that come twice.
#[derive(Debug, PartialEq)]
enum Tree {
    Null,
    Bool,
    /// The number, if it is written in digits only and fits.
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
            fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
                Ok(Tree::Number(None))
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

/// Whether each thing that can be asked of the value has the answer of the full parse.
fn assert_as_parsed(value: Json<'_>, tree: &Tree) {
    assert_eq!(value.is_null(), *tree == Tree::Null, "{value:?}");
    assert_eq!(value.is_object(), matches!(tree, Tree::Object(_)), "{value:?}");
    let number = if let Tree::Number(number) = tree { *number } else { None };
    assert_eq!(value.u64(), number, "{value:?}");
    match (value.text(), tree) {
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
        let mut hoped = members.clone();
        let (name, value) = members.next().expect("a member");
        assert!(name == parsed_name.as_str(), "{name:?} and {parsed_name:?}");
        assert_as_parsed(value, tree);
        if let Some(value) = hoped.next_if_named(parsed_name) {
            assert_as_parsed(value, tree);
            assert_eq!(hoped.count(), members.clone().count());
        }
    }
    assert!(members.next().is_none() && !members.is_broken());
}

fn space() -> impl Strategy<Value = String> {
    let space = select(vec![' ', '\t', '\n', '\r']);
    prop_oneof![8 => Just(String::new()), 3 => Just(" ".into()),
        1 => vec(space, 0..6).prop_map(|space| space.into_iter().collect())]
}

/// A character as JSON may write it: as it stands if it may, or as an escape.
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
        (space(), value, space()).prop_map(|(before, value, behind)| before + &value + &behind);
    vec(element, 1..6).prop_map(|elements| format!("[{}]", elements.join(",")))
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let member = (space(), text(), space(), space(), value, space())
        .prop_map(|(a, name, b, c, value, d)| format!("{a}{name}{b}:{c}{value}{d}"));
    vec(member, 0..8).prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// Of bytes that are no JSON there is nothing to say but that each question has
/// an answer, that the iteration ends, and that it ends in one way.
fn assert_answers(bytes: &[u8]) {
    assert!(visit(peek::members(bytes), 3) <= 40 * bytes.len());
    let _ = peek::is_whole_object(bytes);
    let mut members = peek::members(bytes);
    let _ = format!("{:?}", members.by_ref().collect::<Vec<_>>());
    // Where a full parse finds an object, nothing is broken.
    if let Ok(Tree::Object(_)) = serde_json::from_slice(bytes) {
        assert!(!members.is_broken());
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn json_is_as_a_full_parse_has_it(before in space(), json in object(value()), behind in space()) {
        let json = before + &json + &behind;
        let Ok(Tree::Object(parsed)) = serde_json::from_str(&json) else { panic!("{json}") };
        assert_members_as_parsed(peek::members(json.as_bytes()), &parsed);
        prop_assert!(peek::is_whole_object(json.as_bytes()));
    }

    #[test]
    fn anything_has_an_answer(bytes in vec(select(b"{}[]\":,\\ \nu0d8e1-.tn\xFFx".to_vec()), 0..80)) {
        assert_answers(&bytes);
        assert_answers(&[b"{\"a\":", &bytes[..]].concat());
    }

    #[test]
    fn json_that_is_not_quite_json_has_an_answer(
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
        assert_answers(&bytes);
    }
}

#[test]
fn a_text_begins_with_what_it_decodes_to() {
    let begins = |json: &str, prefix: &str| {
        let (_, value) = peek::members(json.as_bytes()).next().expect("a member");
        value.text().expect("a string").starts_with(prefix)
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
        // What follows the prefix is not looked at, what stands in it is.
        (r"a\xb", "a", true),
        (r"a\xb", "ax", false),
        (r"\ud83d\ude00", "\u{1f600}", true),
        (r"\u00e9", "\u{e9}", true),
    ] {
        assert_eq!(begins(&format!(r#"{{"a":"{text}"}}"#), prefix), is, "{text}, {prefix}");
    }
}
