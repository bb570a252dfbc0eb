//! Against a model that looks at each place.

extern crate std;

use core::fmt::Write as _;
use std::cell::Cell;
use std::string::String;
use std::vec::Vec;
use std::{format, write};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// The same, at each place, by comparing.
fn model(data: &[u8]) -> bool {
    let hides = |at: usize| {
        let escaped = data[at..].strip_prefix(br"\u00");
        escaped.is_some_and(|digits| matches!(digits, [b'5'..=b'7', ..]))
    };
    let is_null = |behind: &[u8]| {
        let value = behind.trim_ascii_start().strip_prefix(b":");
        value.is_some_and(|value| value.trim_ascii_start().starts_with(b"n"))
    };
    let names = |at: usize| {
        [ERROR, FINISH_REASON]
            .iter()
            .any(|name| data[at..].strip_prefix(*name).is_some_and(|behind| !is_null(behind)))
    };
    (0..data.len()).any(|at| hides(at) || names(at))
}

fn assert_as_model(data: &[u8]) {
    let expected = model(data);
    let text = data.escape_ascii();
    assert_eq!(may_hold_error_or_finish_reason(data), expected, "{text}");
    assert_eq!(may_hold_anywhere(data), expected, "{text}");
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    assert_eq!(search::may_hold_by_sse2(data), expected, "{text}");
    #[cfg(all(feature = "std", target_arch = "x86_64", target_feature = "sse2"))]
    assert_eq!(search::may_hold_with(None, data), expected, "{text}");
}

#[test]
fn what_may_tell_how_the_stream_ends() {
    let cases = [
        (r#"{"choices":[{"delta":{"content":" of"},"finish_reason":null}]}"#, false),
        (r#"{"choices":[{"finish_reason" : null , "index":0}],"usage":null}"#, false),
        (r#"{"choices":[{"delta":{"content":"an \"error\"\n"},"finish_reason":null}]}"#, false),
        (r#"{"content":"\u003cb\u003e","terror":1,"my_finish_reason":1}"#, false),
        (r#"{"choices":[{"finish_reason":"stop"}]}"#, true),
        (r#"{"choices":[{"finish_reason":null},{"finish_reason":"stop"}]}"#, true),
        (r#"{"choices":[{"finish_reason": "stop"}]}"#, true),
        (r#"{"choices":[{"finish_reason":nul}]}"#, false), // No JSON, and no reason.
        (r#"{"error": null,"choices":[{"finish_reason" :"#, true),
        (r#"{"error" :null,"choices":[{"finish_reason":null}]}"#, false),
        (r#"{"object":"error","message":"x"}"#, true),
        (r#"{"choices":[{"finish_reason":null"#, false),
        (r#"{"choices":[{"finish_reason":null,"stop_reason":null}],"usage":null}"#, false),
        (r#"{"choices":[{"finish_reason": null}],"usage":null,"obfuscation":"x"}"#, false),
        (r#"{"choices":[{"finish_reason":null}],"usage":null,"error":{"code":1}}"#, true),
        (r#"{"finish_reason":null,"index":0,"a":0,"b":0,"finish_reason":"stop"}"#, true),
        (r#"{"error":{"message":"x"}}"#, true),
        (r#"{"choices":[{"finish_reason":null}],"error" : "x"}"#, true),
        (r#"{"\u0065rror":"x"}"#, true),
        (r#"{"choices":[{"finish\u005freason":"stop"}]}"#, true),
        (r#"{"choices":[{"finish_reaso\u006E":"stop"}]}"#, true),
        ("", false),
        (r"\", false),
        (r"\u00", false),
        (r#"{"content":"\n\u4f60\u00e9\u000a"}"#, false),
        (r#"{"content":"\\u0065"}"#, true), // A false alarm.
        // From the very first byte on.
        (r"\u0065rror and more than any vector of a searcher takes, sixty-four bytes", true),
    ];
    for (data, expected) in cases {
        assert_eq!(may_hold_error_or_finish_reason(data.as_bytes()), expected, "{data}");
        assert_as_model(data.as_bytes());
    }
}

/// What follows the finish reason is looked at in vectors. A name is found there at
/// each place in them, and so is its absence.
#[test]
fn a_name_behind_the_finish_reason() {
    let members = [
        r#""error":1"#,
        r#""error":null"#,
        r#""finish_reason":"stop""#,
        // Pairs of letters and of quotes, which must not cancel out.
        r#""":"","error":1"#,
        r#""rr":"error","error":1"#,
        r#""errrror":1"#,
        r#""h_h_":"rr""#,
        r#""h_":1,"finish_reason":"stop""#,
        r#""usage":{"total_tokens":9}"#,
    ];
    for member in members {
        for before in 0..40 {
            for behind in 0..40 {
                let (before, behind) = (" ".repeat(before), " ".repeat(behind));
                let data = format!(r#""finish_reason":null{before},{member}{behind}}}"#);
                assert_as_model(data.as_bytes());
            }
        }
    }
}

/// Where there is a name, it says so; where there is none, it says so of what is
/// usually sent, as that saves the search.
#[test]
fn what_usually_follows_the_finish_reason_holds_no_name() {
    let quoted = |len| format!("{:1$}", r#"ull}],"a":1"#, len);
    let cases = [
        ("ull}]}", true),
        ("ull}],\"a\":1", false),
        (r#"ull,"error":1}"#, false),
        // Up to 32 bytes without a quote.
        (&quoted(15).replace('"', " "), true),
        (&quoted(16).replace('"', " "), true),
        (&quoted(24).replace('"', " "), true),
        (&quoted(32).replace('"', " "), true),
        (&quoted(16), false),
        (&quoted(32), false),
        // Behind that, quotes, but no such letters side by side.
        (&quoted(33), true),
        (r#"ull}],"usage":{"prompt_tokens":9,"total_tokens":99}}"#, true),
        (r#"ull}],"usage":null,"obfuscation":"harper_or_her"}"#, true),
        (r#"ull}],"usage":null,"service_tier":"current one"}"#, false),
        (r#"ull}],"usage":null,"the_high_":"default"}       "#, false),
    ];
    for (bytes, expected) in cases {
        assert_eq!(has_no_name(bytes.as_bytes()), expected, "{bytes}");
    }
    // Of too few bytes it does not say.
    assert!(has_pair::<b'r', b'r'>(b"no pair"));
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(
        [
            r#""error""#,
            r#""finish_reason""#,
            r#""finish_reason":null}"#,
            r#""finish_reason" : null,"#,
            r#""finish_reason": null}"#,
            r#""stop_reason":null"#,
            r#""usage":null"#,
            r#""error":null"#,
            "rr",
            "h_",
            r#""finish_reason":"stop""#,
            r#""\u0065rror":"#,
            r#""delta":{"content":" of"}"#,
            r#"or""#,
            r#"on""#,
            r#"""#,
            "error",
            "null",
            "o",
            "\\",
            "\\u00",
            "65",
            "\\n",
            ":",
            " ",
            "}",
            "0123456789",
            "                                        ",
        ]
        .to_vec(),
    );
    vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_to_search_is_as_the_model(data in pieces()) {
        assert_as_model(&data);
    }

    /// Each name in each spelling: with any of its bytes escaped, at any place.
    #[test]
    fn no_name_is_missed(
        before in "[ -~]{0,70}",
        name in select(["error", "finish_reason"].to_vec()),
        escapes in vec(any::<(bool, bool)>(), 13),
        space in "[ \\t\\r\\n]{0,3}",
        behind in "[ -~]{0,70}",
    ) {
        let mut written = String::new();
        for (c, (is_escaped, is_upper)) in name.chars().zip(escapes) {
            let written = &mut written;
            let done = match (is_escaped, is_upper) {
                (false, _) => write!(written, "{c}"),
                (true, false) => write!(written, "\\u{:04x}", c as u32),
                (true, true) => write!(written, "\\u{:04X}", c as u32),
            };
            done.expect("a string takes anything");
        }
        let before = before.replace(['"', '\\'], " ");
        let data = format!(r#"{{"a":"{before}","{written}"{space}:{space}"{behind}"#);
        prop_assert!(may_hold_error_or_finish_reason(data.as_bytes()), "{data}");
        assert_as_model(data.as_bytes());
    }
}

/// Counts the bytes that are searched.
struct Counted(Cell<usize>);

impl Counted {
    fn count(&self, bytes: &[u8], found: Option<usize>) -> Option<usize> {
        self.0.set(self.0.get() + found.map_or(bytes.len(), |at| at + ENDING));
        found
    }
}

impl Search for Counted {
    fn ending(&self, bytes: &[u8]) -> Option<usize> {
        self.count(bytes, short_ending(bytes))
    }

    fn backslash(&self, bytes: &[u8]) -> Option<usize> {
        self.count(bytes, memchr::memchr(b'\\', bytes))
    }

    fn escape(&self, bytes: &[u8]) -> Option<usize> {
        self.count(bytes, short_escape(bytes))
    }
}

#[test]
fn the_work_is_linear_whatever_comes() {
    let pieces = [
        "or\"",
        "of\"",
        "\\",
        "\\u00",
        "\\000",
        "\"finish_reason\":null}",
        "\"finish_reason\" : null,",
        "\"finish_reason\":null,\"stop_reason\":null,\"index\":0",
    ];
    for piece in pieces {
        let data = piece.repeat(1000);
        let search = Counted(Cell::new(0));
        may_hold_by(&search, data.as_bytes());
        // Its own length for each of three, and what `count` adds to an escape.
        assert!(search.0.get() <= 4 * data.len(), "{piece}: {}", search.0.get());
    }
    // What is looked at besides, behind each ending, is bounded.
    assert!(has_no_name(&[b' '; 128]) && !has_no_name(&[b' '; 129]));
}
