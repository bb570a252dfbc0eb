//! Values that the parser returns compare, are copied, and are shown as their bytes.

use std::error::Error as _;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::str::FromStr;
use std::time::Duration;

#[cfg(feature = "alloc")]
use sseam::OwnedEvent;
use sseam::json::JsonStr;
use sseam::llm::payload::ErrorKind;
use sseam::llm::{Answer, Delta, Outcome, Protocol, ProviderError, Signal};
use sseam::{
    ArrayBuf, Error, Event, Field, Item, LastEventIdError, Notify, ParseValueError, Parser, Value,
    adapter,
};

/// Bytes, whether they are UTF-8, how a browser decodes them, and how they are shown.
const CASES: &[(&[u8], bool, &str, &str)] = &[
    (b"", true, "", r#""""#),
    (b"[DONE]", true, "[DONE]", r#""[DONE]""#),
    ("wörds 字 😀".as_bytes(), true, "wörds 字 😀", r#""wörds 字 😀""#),
    (b"say \"a\\n\n\"", true, "say \"a\\n\n\"", r#""say \"a\\n\n\"""#),
    (b"caf\xE9", false, "caf\u{FFFD}", r#""caf\xE9""#),
    (b"\xFF\x0F\xFEx", false, "\u{FFFD}\u{F}\u{FFFD}x", r#""\xFF\u{f}\xFEx""#),
    // A truncated character is one ill-formed part; an overlong one is several.
    (b"a\xF0\x9F\x98b", false, "a\u{FFFD}b", r#""a\xF0\x9F\x98b""#),
    (b"\xC0\x80", false, "\u{FFFD}\u{FFFD}", r#""\xC0\x80""#),
];

#[test]
fn value_is_its_bytes() {
    for &(bytes, is_text, text, shown) in CASES {
        let value = Value::new(bytes);
        assert_eq!(value.as_bytes(), bytes);
        assert_eq!((value.len(), value.is_empty()), (bytes.len(), bytes.is_empty()));
        assert_eq!(value.to_str().ok(), is_text.then_some(text));
        assert_eq!(value.to_string(), text);
        assert_eq!(format!("{value:?}"), shown);
        #[cfg(feature = "alloc")]
        {
            use std::borrow::Cow;

            let lossy = value.to_string_lossy();
            assert_eq!(lossy, text);
            assert_eq!(matches!(lossy, Cow::Borrowed(_)), is_text, "{text:?}");
        }
    }
    assert_eq!(format!("{:>4}|{:<3}|", Value::from("ab"), Value::from("c")), "  ab|c  |");
}

#[test]
fn value_from_bytes_and_text() {
    let value = Value::new(b"abc");
    assert_eq!(Value::from("abc"), value);
    assert_eq!(Value::from(b"abc"), value);
    assert_eq!(Value::from(&b"abc"[..]), value);
    #[cfg(feature = "alloc")]
    {
        assert_eq!(Value::from(&"abc".to_owned()), value);
        assert_eq!(Value::from(&b"abc".to_vec()), value);
    }
    let bytes: &[u8] = value.as_ref();
    assert_eq!(bytes, b"abc");
    assert_eq!(Value::default(), "");
}

/// A macro, because each comparison is a separate implementation.
#[test]
fn value_comparisons() {
    let value = Value::new(b"abc");
    macro_rules! compare {
        ($($same:expr, $other:expr;)*) => {$(
            assert!(value == $same);
            assert!(!(value == $other));
            compare!(@back $same, $other);
        )*};
        (@back [$($same:tt)*], $other:expr) => {};
        (@back $same:expr, $other:expr) => {
            assert!($same == value);
            assert!(!($other == value));
        };
    }
    compare! {
        *"abc", *"ab";
        "abc", "abd";
        b"abc"[..], b"abcd"[..];
        &b"abc"[..], &b""[..];
        Value::new(b"abc"), Value::new(b"a");
    }
    #[cfg(feature = "alloc")]
    compare! {
        "abc".to_owned(), "abcd".to_owned();
        b"abc".to_vec(), b"".to_vec();
    }
    assert!(value == *b"abc" && value == b"abc");
    assert!(value != *b"abd" && value != b"abd");
    assert!(value > Value::new(b"ab"));
}

#[test]
fn event_comparison_and_debug() {
    let event = Event::new("[DONE]").with_id("8");
    assert_eq!(event, Event::new("[DONE]").with_type("message").with_id("8"));
    for other in [
        Event::new("[DONE]").with_type("x").with_id("8"),
        Event::new("x").with_id("8"),
        Event::new("[DONE]"),
    ] {
        assert_ne!(event, other);
    }
    let shown = r#"Event { event_type: "message", data: "[DONE]", last_event_id: "8" }"#;
    assert_eq!(format!("{event:?}"), shown);
    #[cfg(feature = "alloc")]
    {
        let owned = event.into_owned();
        assert_eq!(owned.as_event(), event);
        assert_eq!(format!("{owned:?}"), shown);
        assert_eq!(owned, event);
        assert_eq!(event, owned);
        let other = event.with_id("9");
        assert_ne!(owned, other);
        assert_ne!(other, owned);
        assert_ne!(owned, OwnedEvent::from(other));
    }
}

#[test]
fn event_from_values() {
    let event = Event::new("x");
    assert_eq!((event.event_type(), event.last_event_id()), ("message".into(), "".into()));
    let event = event.with_type("add").with_id(b"8");
    assert_eq!(event.event_type(), "add");
    assert_eq!(event.data(), "x");
    assert_eq!(event.last_event_id(), "8");
    assert_eq!(event.with_type("").event_type(), "message");
    #[cfg(feature = "alloc")]
    {
        let owned = event.into_owned();
        assert_eq!(owned.event_type(), "add");
        assert_eq!(owned.data(), "x");
        assert_eq!(owned.last_event_id(), "8");
        for data in ["", "x"] {
            assert_eq!(OwnedEvent::new(data), Event::new(data));
        }
    }
}

#[test]
fn value_parse() {
    assert_eq!(Value::from("42").parse(), Ok(42_u8));
    assert_eq!(Value::from("true").parse(), Ok(true));
    // A space is part of the value.
    let number = " 42".parse::<u8>().expect_err("no number");
    let error = Value::from(" 42").parse::<u8>().expect_err("no number");
    assert_eq!(error, ParseValueError::Value(number.clone()));
    assert_eq!(error.to_string(), number.to_string());
    let value = Value::new(b"4\xFF");
    let utf8 = value.to_str().expect_err("no text");
    let error = value.parse::<u8>().expect_err("no text");
    assert_eq!(error, ParseValueError::Utf8(utf8));
    assert_eq!(error.to_string(), utf8.to_string());
}

#[test]
fn item_event() {
    let event = Event::new("x").with_id("8");
    assert_eq!(Item::Event(event).event(), Some(event));
    let (value, truncated) = (Value::from("x"), false);
    for item in [
        Item::Comment { text: value, truncated },
        Item::UnknownField { name: value, value, truncated },
        Item::EmptyBlock { event_type: value, last_event_id: value },
        Item::ReconnectionTime(Duration::ZERO),
    ] {
        assert_eq!(item.event(), None);
    }
}

#[test]
fn field_names() {
    assert_eq!([Field::Data, Field::Event, Field::Id].map(Field::name), ["data", "event", "id"]);
    assert_eq!(Field::Id.to_string(), "id");
}

#[test]
fn notify_combinations() {
    let each = [
        (Notify::COMMENTS, "Notify(COMMENTS)"),
        (Notify::UNKNOWN_FIELDS, "Notify(UNKNOWN_FIELDS)"),
        (Notify::EMPTY_BLOCKS, "Notify(EMPTY_BLOCKS)"),
        (Notify::RECONNECTION_TIME, "Notify(RECONNECTION_TIME)"),
    ];
    let (mut all, mut shown) = (Notify::NONE, String::from("Notify("));
    assert_eq!(format!("{all:?}"), "Notify()");
    for (n, (which, name)) in each.into_iter().enumerate() {
        assert_eq!(format!("{which:?}"), name);
        assert!(!all.contains(which) && Notify::ALL.contains(which) && which.contains(which));
        assert!(which.contains(Notify::NONE) && !Notify::NONE.contains(which));
        // Combining it with itself changes nothing.
        assert_eq!(all | which | which, all.union(which));
        all |= which;
        assert!(all.contains(which));
        shown += if n == 0 { "" } else { " | " };
        shown += &name["Notify(".len()..name.len() - 1];
    }
    assert_eq!(all, Notify::ALL);
    assert_eq!(format!("{all:?}"), shown + ")");
}

// Texts of errors and results: in logs, through `?`, and by `source`.

#[derive(Debug)]
struct Broken(Error);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn parser_error_display() {
    let too_large = |field, limit| Error::TooLarge { field, limit }.to_string();
    assert_eq!(too_large(Field::Data, 7), "`data` exceeds the limit of 7 bytes");
    assert_eq!(too_large(Field::Event, 8), "`event` exceeds the limit of 8 bytes");
    assert_eq!(too_large(Field::Id, 0), "`id` exceeds the limit of 0 bytes");
    assert_eq!(Error::OutOfMemory.to_string(), "failed to allocate memory for the event");
    let invalid = LastEventIdError::InvalidByte.to_string();
    assert_eq!(invalid, "the last event ID contains NUL, CR or LF");
    let too_large = LastEventIdError::TooLarge { limit: 9 }.to_string();
    assert_eq!(too_large, "the last event ID exceeds the limit of 9 bytes");
    let no_memory = LastEventIdError::OutOfMemory.to_string();
    assert_eq!(no_memory, "failed to allocate memory for the last event ID");
}

/// Pending data is not shown: a log should not contain half an event.
#[test]
fn parser_debug() {
    let mut parser = Parser::<ArrayBuf<64>>::default();
    let shown = "Parser { last_event_id: \"\", reconnection_time: None, .. }";
    assert_eq!(format!("{parser:?}"), shown);
    let mut chunk: &[u8] = b"id: 7\nretry: 1500\n\ndata: secret";
    assert_eq!(parser.next_event(&mut chunk), Ok(None));
    let shown = "Parser { last_event_id: \"7\", reconnection_time: Some(1.5s), .. }";
    assert_eq!(format!("{parser:?}"), shown);
}

/// As an adapter's error: the inner one is not lost.
#[test]
fn parse_value_error_is_transparent() {
    #[derive(Debug)]
    struct Never;

    impl FromStr for Never {
        type Err = Broken;

        fn from_str(_: &str) -> Result<Self, Broken> {
            Err(Broken(Error::OutOfMemory))
        }
    }

    let error = Value::new(b"x").parse::<Never>().expect_err("never a value");
    assert_eq!(error.to_string(), "broken");
    assert_eq!(error.source().expect("its source").to_string(), Error::OutOfMemory.to_string());
    let utf8 = Value::new(b"\xFF").parse::<Never>().expect_err("not UTF-8");
    assert!(utf8.source().is_none());
}

/// Strings are equal if their decoded texts are, and then have one hash.
#[test]
fn json_str_hash() {
    let hash = |text: &JsonStr<'_>| BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
    let [plain, escaped, other, longer] =
        ["a/b", r"a\/\u0062", "a/c", "a/bc"].map(|raw| JsonStr::new(raw).expect("valid"));
    assert_eq!((plain, hash(&plain)), (escaped, hash(&escaped)));
    assert!(hash(&plain) != hash(&other) && hash(&plain) != hash(&longer));
    // Of two strings in a row, it counts where the first ends.
    let pair = |a, b| {
        let pair = [a, b].map(|raw| JsonStr::new(raw).expect("valid"));
        BuildHasherDefault::<DefaultHasher>::default().hash_one(pair)
    };
    assert!(pair("ab", "c") != pair("a", "bc"));
}

/// A piece of text is its decoded text, however it was written.
#[test]
fn piece_values() {
    for (json, text, is_plain) in
        [("one", "one", true), (r"a\tb", "a\tb", false), ("", "", true), ("\u{e9}", "\u{e9}", true)]
    {
        let data = format!(
            "{{\"type\":\"response.reasoning_text.delta\",\"item_id\":\"i\",\"delta\":\"{json}\"}}"
        );
        let event = Event::new(&*data);
        let mut answer = Answer::of(Protocol::RESPONSES);
        let Some(Delta::Reasoning { text: piece, .. }) = answer.read(&event).next() else {
            assert!(json.is_empty(), "{json}");
            continue;
        };
        assert!(piece == text && piece == *text && piece != "other" && piece != *"on");
        assert!(piece != *format!("{text}x"));
        assert_eq!(piece.as_str(), is_plain.then_some(text));
        assert_eq!(piece.as_json_str().expect("a string"), text);
        assert_eq!(piece.as_json_str().expect("a string").as_raw(), json);
        assert!(!piece.is_empty());
        assert_eq!(format!("{piece} {piece:?}"), format!("{text} {text:?}"));
        #[cfg(feature = "alloc")]
        {
            let mut appended = String::from("> ");
            piece.append_to(&mut appended);
            assert_eq!(appended, format!("> {text}"));
        }
    }
    // The second half of a character belongs to no string of the event.
    let halves = [
        r#"{"choices":[{"delta":{"content":"\ud83d"}}]}"#,
        r#"{"choices":[{"delta":{"content":"\ude00!"}}]}"#,
    ];
    let mut answer = Answer::of(Protocol::CHAT);
    assert!(answer.read(&Event::new(halves[0])).next().is_none());
    let event = Event::new(halves[1]);
    let Some(Delta::Text { text, .. }) = answer.read(&event).next() else { panic!("no text") };
    assert_eq!((text.as_str(), text.as_json_str()), (None, None));
    assert!(text == "\u{1f600}!" && !text.is_empty());
    // An error that is no JSON is raw text.
    let mut answer = Answer::of(Protocol::CHAT);
    let event = Event::new("overloaded").with_type("error");
    let Some(Delta::Error { error, .. }) = answer.read(&event).next() else { panic!("no error") };
    let message = error.message.expect("a message");
    assert_eq!((message.as_str(), message.as_json_str()), (Some("overloaded"), None));
    assert_eq!(error.to_string(), "overloaded");
}

/// A provider's error displays what there is of it.
#[test]
fn provider_error_display() {
    for (error, shown) in [
        (r#"{"message":"m","code":"c","type":"t"}"#, "m (c)"),
        (r#"{"message":"m","type":"t"}"#, "m (t)"),
        (r#"{"message":"m"}"#, "m"),
        (r#"{"code":1,"type":"t"}"#, "1"),
        (r#"{"type":"t"}"#, "t"),
    ] {
        let data = format!(r#"{{"error":{error}}}"#);
        let event = Event::new(&*data);
        let mut answer = Answer::default();
        let mut reading = answer.read(&event);
        assert_eq!(format!("{reading:?}"), "Reading { signal: Terminal, .. }");
        let Some(delta @ Delta::Error { error, .. }) = reading.next() else { panic!("no error") };
        assert_eq!(error.to_string(), shown);
        #[cfg(feature = "alloc")]
        {
            let mut collected = sseam::llm::Collected::with_limit(100);
            collected.push(&delta).expect("room");
            assert_eq!(collected.error.expect("an error").to_string(), shown);
        }
        #[cfg(not(feature = "alloc"))]
        let _ = delta;
    }
    assert_eq!(ProviderError::default().to_string(), "error without details");
    #[cfg(feature = "alloc")]
    assert_eq!(sseam::llm::OwnedError::default().to_string(), "error without details");
}

/// An adapter's error is transparent: it displays the inner one.
#[test]
fn adapter_error_display() {
    let transport = adapter::Error::Transport(Broken(Error::OutOfMemory));
    assert_eq!(transport.to_string(), "broken");
    let source = transport.source().expect("the transport's source");
    assert_eq!(source.to_string(), Error::OutOfMemory.to_string());
    let parse = adapter::Error::<Broken>::Parse(Error::OutOfMemory);
    assert_eq!(parse.to_string(), Error::OutOfMemory.to_string());
    assert!(parse.source().is_none());
    assert_eq!(
        adapter::Error::<()>::from(Error::OutOfMemory),
        adapter::Error::Parse(Error::OutOfMemory)
    );
}

#[cfg(feature = "std")]
#[test]
fn adapter_error_into_io_error() {
    use std::io::{self, ErrorKind};

    let refused = adapter::Error::Transport(io::Error::from(ErrorKind::ConnectionRefused));
    assert_eq!(io::Error::from(refused).kind(), ErrorKind::ConnectionRefused);
    let parse = io::Error::from(adapter::Error::Parse(Error::OutOfMemory));
    assert_eq!(parse.kind(), ErrorKind::InvalidData);
    assert_eq!(parse.to_string(), Error::OutOfMemory.to_string());
}

#[test]
fn usage_display() {
    let usage = |counts: &str| {
        let mut answer = Answer::of(Protocol::CHAT);
        let data = format!("{{\"choices\":[],\"usage\":{{{counts}}}}}");
        drop(answer.read(&Event::new(&*data)));
        answer.usage().to_string()
    };
    assert_eq!(usage("\"prompt_tokens\":1,\"completion_tokens\":2"), "1 tokens in, 2 out");
    assert_eq!(usage("\"prompt_tokens\":1"), "1 tokens in");
    assert_eq!(usage("\"completion_tokens\":2"), "2 tokens out");
    assert_eq!(usage(""), "token counts unknown");
}

#[test]
fn signal_and_outcome_display() {
    let signals = [Signal::Payload, Signal::Terminal, Signal::Sentinel, Signal::Ignored];
    assert_eq!(signals.map(Signal::as_str), ["payload", "terminal", "sentinel", "ignored"]);
    assert_eq!(signals.map(Signal::has_payload), [true, true, false, false]);
    assert_eq!(signals.map(Signal::is_end), [false, true, true, false]);
    assert_eq!(
        format!("{:>9}|{:<10}|", Signal::Ignored, Outcome::Completed),
        "  ignored|completed |"
    );

    let outcomes = [
        Outcome::Completed,
        Outcome::Incomplete,
        Outcome::Failed,
        Outcome::Truncated,
        Outcome::Unknown,
    ];
    assert_eq!(outcomes.map(Outcome::is_retry_candidate), [false, false, false, true, false]);
    let names = ["completed", "incomplete", "failed", "truncated", "unknown"];
    assert_eq!(outcomes.map(Outcome::as_str), names);
}

/// Each kind has a text of its own.
#[test]
fn payload_error_display() {
    let kinds = [
        ErrorKind::InvalidUtf8,
        ErrorKind::UnexpectedEnd,
        ErrorKind::ExpectedValue,
        ErrorKind::ExpectedName,
        ErrorKind::ExpectedColon,
        ErrorKind::ExpectedCommaOrEnd,
        ErrorKind::TrailingCharacters,
        ErrorKind::InvalidEscape,
        ErrorKind::ControlCharacter,
        ErrorKind::TooDeep,
        ErrorKind::NotAnObject,
    ];
    let mut shown = kinds.map(|kind| kind.to_string());
    shown.sort();
    assert!(shown.iter().all(|text| !text.is_empty()));
    assert!(shown.windows(2).all(|pair| pair[0] != pair[1]), "{shown:?}");
}
