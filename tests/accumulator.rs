//! Deltas put together: each part's in order, never more than there is memory for,
//! and never a cut character.

#[cfg(feature = "alloc")]
#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

use std::iter;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::Event;
use sseam::payload::{
    Accumulator, Full, Joiner, JsonStr, Memory, Part, PartKind, chat, messages, responses,
};
use sseam_testkit::streams::cases;

const TEXT: Part = Part { kind: PartKind::Text, output: 0, content: 0 };
const OTHER: Part = Part { kind: PartKind::Arguments, output: 1, content: 2 };

/// What stands before each piece.
const HEADER: usize = 13;

fn json_str(raw: &str) -> JsonStr<'_> {
    JsonStr::new(raw).expect(raw)
}

fn part(kind: PartKind, output: u32, content: u32) -> Part {
    Part { kind, output, content }
}

fn gathered<M: Memory>(accumulator: &Accumulator<M>) -> Vec<(Part, String)> {
    accumulator.pieces().map(|(part, text)| (part, text.to_owned())).collect()
}

#[test]
fn each_part_in_order() {
    let mut memory = [0; 256];
    let mut accumulator = Accumulator::new(&mut memory);
    assert_eq!(accumulator.get(TEXT).as_str(), Some(""));
    for (part, delta) in [(TEXT, "a"), (TEXT, r"b\n"), (OTHER, "{"), (TEXT, ""), (OTHER, "}")] {
        accumulator.push(part, json_str(delta)).expect("room");
    }
    assert_eq!(gathered(&accumulator), [(TEXT, "ab\n".into()), (OTHER, "{}".into())]);
    assert_eq!(accumulator.get(TEXT).as_str(), Some("ab\n"));
    // Where another came in between, in two pieces.
    accumulator.push(TEXT, json_str("c")).expect("room");
    assert_eq!(accumulator.get(TEXT).as_str(), None);
    assert_eq!(accumulator.get(TEXT).to_string(), "ab\nc");
    assert!(!accumulator.get(TEXT).is_empty());
    for copy in iter::repeat_n(accumulator.get(TEXT), 2) {
        assert_eq!(copy.to_string(), "ab\nc");
    }
    assert!(accumulator.get(part(PartKind::Refusal, 0, 0)).is_empty());
    accumulator.clear();
    assert_eq!(gathered(&accumulator), []);
    accumulator.push(TEXT, json_str("d")).expect("room");
    assert_eq!(accumulator.get(TEXT).as_str(), Some("d"));
}

#[test]
fn split_pairs_are_joined() {
    type Case = (&'static [(Part, &'static str)], &'static str, &'static str);
    let cases: [Case; 12] = [
        (&[(TEXT, r"a\ud83d"), (TEXT, r"\ude00b")], "a😀b", ""),
        (&[(TEXT, r"a\ud83d"), (TEXT, ""), (TEXT, r"\ude00")], "a😀", ""),
        (&[(TEXT, r"\ud83d"), (TEXT, r"\ud83d"), (TEXT, r"\ude00")], "\u{FFFD}😀", ""),
        (&[(TEXT, r"\ud83d"), (TEXT, "b")], "\u{FFFD}b", ""),
        (&[(TEXT, r"a\ud83d")], "a\u{FFFD}", ""),
        (&[(TEXT, r"\ude00"), (TEXT, r"\ud83d\ude00")], "\u{FFFD}😀", ""),
        // The first and the last of the halves, and what stands beside them and is none.
        (&[(TEXT, r"\ud800"), (TEXT, r"\udc00")], "\u{10000}", ""),
        (&[(TEXT, r"\udbff"), (TEXT, r"\udfff")], "\u{10FFFF}", ""),
        (&[(TEXT, r"\ud7ff"), (TEXT, r"\udc00")], "\u{D7FF}\u{FFFD}", ""),
        (&[(TEXT, r"\ud800"), (TEXT, r"\ue000")], "\u{FFFD}\u{E000}", ""),
        // Also over a delta of another part, unless that is cut in two itself.
        (&[(TEXT, r"\ud83d"), (OTHER, "x"), (TEXT, r"\ude00")], "😀", "x"),
        (
            &[(TEXT, r"\ud83d"), (OTHER, r"\ud83d"), (TEXT, r"\ude00"), (OTHER, r"\ude00")],
            "\u{FFFD}\u{FFFD}",
            "😀",
        ),
    ];
    for (deltas, text, other) in cases {
        let mut memory = [0; 256];
        let mut accumulator = Accumulator::new(&mut memory);
        for (part, delta) in deltas {
            accumulator.push(*part, json_str(delta)).expect("room");
        }
        accumulator.finish().expect("room");
        assert_eq!(accumulator.get(TEXT).to_string(), text, "{deltas:?}");
        assert_eq!(accumulator.get(OTHER).to_string(), other, "{deltas:?}");
    }
}

#[test]
fn what_does_not_fit_is_an_error_from_then_on() {
    let mut memory = [0; HEADER + 6];
    let mut accumulator = Accumulator::new(&mut memory);
    accumulator.push(TEXT, json_str("ab")).expect("room");
    // Three bytes fit, the fourth does not.
    assert_eq!(accumulator.push(TEXT, json_str("é字")), Err(Full));
    assert_eq!(accumulator.get(TEXT).as_str(), Some("abé"));
    assert!(accumulator.is_full());
    // It would fit, but what is there is without a gap.
    assert_eq!(accumulator.push(TEXT, json_str("c")), Err(Full));
    assert_eq!(accumulator.finish(), Err(Full));
    assert_eq!(accumulator.get(TEXT).as_str(), Some("abé"));
    accumulator.clear();
    assert_eq!(accumulator.push(TEXT, json_str("abcdef")), Ok(()));
    assert_eq!(accumulator.push(OTHER, json_str("x")), Err(Full));
    assert_eq!(gathered(&accumulator), [(TEXT, "abcdef".into())]);
    // What stands before a piece has to fit, too.
    for len in [0, HEADER - 1] {
        let mut memory = vec![0; len];
        let mut accumulator = Accumulator::new(&mut memory);
        assert_eq!(accumulator.push(TEXT, json_str("a")), Err(Full));
        assert_eq!(gathered(&accumulator), []);
    }
}

#[test]
fn chat_completions() {
    let chunks = [
        r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b","refusal":"no"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning":"hm","tool_calls":[{"index":0,"function":{"arguments":"{"}},{"index":1,"function":{"arguments":"["}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}},{"index":1,"function":{"arguments":"]"}}]}}]}"#,
        r#"{"choices":[{"index":2,"text":"legacy"}]}"#,
        r#"{"choices":[{"index":3,"delta":{"function_call":{"name":"f","arguments":"{}"}}}]}"#,
        r#"{"choices":[]}"#,
    ];
    let mut memory = [0; 256];
    let mut accumulator = Accumulator::new(&mut memory);
    for data in chunks {
        let chunk = chat::Chunk::parse(&Event::new(data)).expect(data);
        accumulator.push_chat(&chunk).expect("room");
    }
    for (kind, choice, call, text) in [
        (PartKind::Text, 0, 0, "a"),
        (PartKind::Text, 1, 0, "b"),
        (PartKind::Text, 2, 0, "legacy"),
        (PartKind::Refusal, 1, 0, "no"),
        (PartKind::Reasoning, 0, 0, "hm"),
        (PartKind::Arguments, 0, 0, "{}"),
        (PartKind::Arguments, 0, 1, "[]"),
        (PartKind::Arguments, 3, 0, "{}"),
    ] {
        assert_eq!(accumulator.get(part(kind, choice, call)).to_string(), text, "{kind:?}");
    }
}

#[test]
fn responses_and_messages() {
    let mut memory = [0; 512];
    let mut accumulator = Accumulator::new(&mut memory);
    for (name, delta) in [
        ("output_text", "a"),
        ("refusal", "b"),
        ("reasoning_text", "c"),
        ("reasoning_summary_text", "d"),
        ("function_call_arguments", "e"),
        ("custom_tool_call_input", "f"),
        ("code_interpreter_call_code", "g"),
    ] {
        let data = format!(
            r#"{{"type":"response.{name}.delta","output_index":1,"content_index":2,"delta":"{delta}"}}"#
        );
        let event = responses::Event::parse(&Event::new(data.as_str())).expect(&data);
        accumulator.push_responses(&event).expect("room");
    }
    let kinds = [
        (PartKind::Text, "a"),
        (PartKind::Refusal, "b"),
        (PartKind::Reasoning, "c"),
        (PartKind::ReasoningSummary, "d"),
        (PartKind::Arguments, "ef"),
    ];
    assert_eq!(gathered(&accumulator), kinds.map(|(kind, text)| (part(kind, 1, 2), text.into())));

    accumulator.clear();
    for delta in [
        r#"{"type":"text_delta","text":"a"}"#,
        r#"{"type":"thinking_delta","thinking":"b"}"#,
        r#"{"type":"input_json_delta","partial_json":"c"}"#,
        r#"{"type":"signature_delta","signature":"d"}"#,
    ] {
        let data = format!(r#"{{"type":"content_block_delta","index":3,"delta":{delta}}}"#);
        let event = messages::Event::parse(&Event::new(data.as_str())).expect(&data);
        accumulator.push_messages(&event).expect("room");
    }
    let kinds = [(PartKind::Text, "a"), (PartKind::Reasoning, "b"), (PartKind::Arguments, "c")];
    assert_eq!(gathered(&accumulator), kinds.map(|(kind, text)| (part(kind, 3, 0), text.into())));
}

#[test]
#[cfg(feature = "alloc")]
fn memory_that_grows_does_so_up_to_its_bound() {
    let mut accumulator = Accumulator::growing(HEADER + 1000);
    for _ in 0..1000 {
        accumulator.push(TEXT, json_str("a")).expect("room");
    }
    assert_eq!(accumulator.push(TEXT, json_str("a")), Err(Full));
    assert_eq!(accumulator.get(TEXT).as_str().map(str::len), Some(1000));
    // What is forgotten leaves room.
    accumulator.clear();
    assert!(!accumulator.is_full() && accumulator.get(TEXT).is_empty());
    assert_eq!(accumulator.push(TEXT, json_str("ab")), Ok(()));
    assert_eq!(accumulator.get(TEXT).as_str(), Some("ab"));
    // There has to be some for what stands before a piece.
    for limit in [0, HEADER - 1] {
        let mut accumulator = Accumulator::growing(limit);
        assert_eq!(accumulator.push(TEXT, json_str("a")), Err(Full));
        assert_eq!(gathered(&accumulator), []);
    }
}

/// Twice as much each time, so that it is seldom, but never beyond the bound.
#[test]
#[cfg(feature = "alloc")]
fn memory_that_grows_is_asked_for_where_there_is_too_little() {
    // The bound; how many bytes come, and how many at a time; how often memory is asked
    // for, and how much there is then.
    let cases = [
        (1000, 51, 1, 1, 64),
        (1000, 52, 1, 2, 128),
        (1000, 115, 1, 2, 128),
        (1000, 116, 1, 3, 256),
        (1000, 500, 500, 2, HEADER + 500),
        (200, 116, 1, 3, 200),
        (200, 200 - HEADER, 1, 3, 200),
        (HEADER + 1, 1, 1, 1, HEADER + 1),
    ];
    for (limit, len, at_a_time, asked_for, held) in cases {
        let delta = "a".repeat(at_a_time);
        let (accumulator, heap) = sseam_testkit::heap::usage(|| {
            let mut accumulator = Accumulator::growing(limit);
            for _ in 0..len / at_a_time {
                accumulator.push(TEXT, json_str(&delta)).expect("room");
            }
            accumulator
        });
        assert_eq!(accumulator.get(TEXT).as_str().map(str::len), Some(len));
        let held = isize::try_from(held).expect("a small number");
        assert_eq!((heap.allocations, heap.held), (asked_for, held), "{limit}, {len}");
    }
}

/// Then it is full, as where there is no more room, and what is there stays.
#[test]
#[cfg(feature = "alloc")]
fn an_allocator_may_refuse() {
    let large = "a".repeat(100);
    let mut accumulator = Accumulator::growing(1000);
    sseam_testkit::heap::with_pieces_up_to(64, || {
        assert_eq!(accumulator.push(TEXT, json_str("ab")), Ok(()));
        assert_eq!(accumulator.push(TEXT, json_str(&large)), Err(Full));
    });
    assert!(accumulator.is_full());
    assert_eq!(accumulator.get(TEXT).as_str(), Some("ab"));
    sseam_testkit::heap::with_pieces_up_to(0, || {
        let mut accumulator = Accumulator::growing(1000);
        assert_eq!(accumulator.push(TEXT, json_str("ab")), Err(Full));
        assert_eq!(gathered(&accumulator), []);
    });
}

/// What a part comes to, decoded at once: the halves of a pair are joined by the
/// text's being one.
fn at_once(deltas: &[(bool, String)], is_text: bool) -> String {
    let raw: String =
        deltas.iter().filter(|(is, _)| *is == is_text).map(|(_, raw)| raw.as_str()).collect();
    json_str(&raw).to_string()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn deltas_come_to_what_they_are_at_once(
        deltas in vec((any::<bool>(), vec(select(vec!["a", "字", r"\n", r"\ud83d", r"\ude00", "😀"]), 0..4)), 0..12),
        room in 0_usize..200,
    ) {
        let deltas: Vec<(bool, String)> = deltas.into_iter().map(|(is, raw)| (is, raw.concat())).collect();
        let mut large = [0; 1024];
        let mut large = Accumulator::new(&mut large);
        let mut small = vec![0; room];
        let mut small = Accumulator::new(&mut small);
        let mut waits = [false; 2];
        let mut had_two_halves = false;
        for (is_text, delta) in &deltas {
            let part = if *is_text { TEXT } else { OTHER };
            prop_assert_eq!(large.push(part, json_str(delta)), Ok(()));
            let was_full = small.is_full();
            prop_assert_eq!(small.push(part, json_str(delta)).is_err(), small.is_full());
            prop_assert!(small.is_full() || !was_full);
            if !delta.is_empty() {
                waits[usize::from(*is_text)] = delta.ends_with(r"\ud83d");
                had_two_halves |= waits == [true; 2];
            }
        }
        prop_assert_eq!(large.finish(), Ok(()));
        let _ = small.finish();
        for (part, is_text) in [(TEXT, true), (OTHER, false)] {
            let mut joined = String::new();
            let mut joiner = Joiner::new();
            for (_, delta) in deltas.iter().filter(|(is, _)| *is == is_text) {
                joiner.write(json_str(delta), &mut joined).expect("a string");
            }
            joiner.finish(&mut joined).expect("a string");
            prop_assert_eq!(joined, at_once(&deltas, is_text));

            let whole = large.get(part).to_string();
            if !had_two_halves {
                prop_assert_eq!(&whole, &at_once(&deltas, is_text));
            }
            prop_assert!(whole.starts_with(&small.get(part).to_string()));
            prop_assert!(small.is_full() || small.get(part).to_string() == whole);
        }
    }
}
