//! Whole answers, on the heap or in the caller's memory: both collect the same, without gaps if
//! something does not fit.

use sseam::Event;
use sseam::llm::{Answer, Full, Kept, SliceCollector};
use sseam_testkit::llm::{Call, Contents};

use crate::cases::{Case, cases};

/// How many bytes each text costs when it begins or continues.
const HEADER: usize = 8;

fn kept(text: Kept<'_>) -> String {
    let all: String = text.pieces().collect();
    assert_eq!(text.to_string(), all);
    assert_eq!(text.is_empty(), all.is_empty());
    assert!(text.as_str().is_none_or(|text| text == all));
    all
}

/// What the collector has kept.
fn contents(collector: &SliceCollector<'_>) -> Contents {
    let call = |[id, name, arguments]: [Kept<'_>; 3]| Call {
        id: Some(kept(id)).filter(|id| !id.is_empty()),
        name: kept(name),
        arguments: kept(arguments),
    };
    Contents {
        text: kept(collector.text()),
        reasoning: kept(collector.reasoning()),
        refusal: kept(collector.refusal()),
        calls: collector.calls().map(call).collect(),
        error: Some([None, None, Some(kept(collector.error()))]),
        ..Contents::default()
    }
}

/// The parts of the answer that both keep.
fn texts(of: &Contents) -> Contents {
    let Contents { text, reasoning, refusal, calls, error, .. } = of.clone();
    let [_, _, message] = error.unwrap_or_default();
    let error = Some([None, None, Some(message.unwrap_or_default())]);
    // An empty ID counts as absent.
    let calls = calls
        .into_iter()
        .map(|call| Call { id: call.id.filter(|id| !id.is_empty()), ..call })
        .collect();
    Contents { text, reasoning, refusal, calls, error, ..Contents::default() }
}

/// The sizes of memory to try: each number of bytes.
const ROOMS: std::ops::Range<usize> = 0..400;

/// Reads the case once into memories of these sizes.
fn collect(case: &Case, rooms: impl Iterator<Item = usize>) -> (Vec<(Contents, bool)>, Contents) {
    let mut memories: Vec<Vec<u8>> = rooms.map(|room| vec![0; room]).collect();
    let mut collectors: Vec<_> =
        memories.iter_mut().map(|memory| SliceCollector::new(memory)).collect();
    let chunks = [case.stream.as_bytes()];
    let record = case.reader().read_each(&chunks, &mut Answer::new(), |delta| {
        for collector in &mut collectors {
            let pushed = collector.push(delta);
            assert!(pushed.is_ok() || collector.is_full(), "{delta:?}");
        }
    });
    let kept =
        collectors.iter().map(|collector| (contents(collector), collector.is_full())).collect();
    (kept, texts(&record.contents))
}

#[test]
fn slice_keeps_whole_answer() {
    for case in cases() {
        let (kept, all) = collect(&case, [8192].into_iter());
        assert_eq!(kept, [(all, false)], "{}", case.name);
    }
}

/// Checks that of each text that does not fit the beginning is kept.
fn assert_begins(kept: &Contents, all: &Contents, context: &str) {
    let mut texts = vec![
        (&kept.text, &all.text),
        (&kept.reasoning, &all.reasoning),
        (&kept.refusal, &all.refusal),
    ];
    let empty = String::new();
    for (kept, all) in kept.calls.iter().zip(&all.calls) {
        let [kept_id, id] = [kept, all].map(|call| call.id.as_ref().unwrap_or(&empty));
        texts.extend([(kept_id, id), (&kept.name, &all.name), (&kept.arguments, &all.arguments)]);
    }
    assert!(kept.calls.len() <= all.calls.len(), "{context}");
    texts.extend(kept.error.iter().flatten().flatten().zip(all.error.iter().flatten().flatten()));
    for (kept, all) in texts {
        assert!(all.starts_with(kept.as_str()), "{kept:?} does not begin {all:?}, {context}");
    }
}

#[test]
fn slice_of_any_size_keeps_a_prefix() {
    for case in cases() {
        // A restart frees the space of what came before.
        let is_restarted = case.whole().contents.restarts > 0;
        if is_restarted {
            continue;
        }
        let mut last = 0;
        let (kept, all) = collect(&case, ROOMS);
        for (room, (kept, is_full)) in ROOMS.zip(kept) {
            let context = format!("{} in {room} bytes", case.name);
            assert_begins(&kept, &all, &context);
            assert_eq!(is_full, kept != all, "{context}");
            let len = len(&kept);
            assert!(len >= last && len <= room, "{context}: {len} after {last}");
            last = len;
        }
    }
}

fn len(contents: &Contents) -> usize {
    let calls = contents.calls.iter().map(|call| {
        call.id.as_ref().map_or(0, String::len) + call.name.len() + call.arguments.len()
    });
    contents.text.len() + contents.reasoning.len() + contents.refusal.len() + calls.sum::<usize>()
}

fn chat(delta: &str) -> String {
    format!(r#"{{"choices":[{{"delta":{{{delta}}}}}]}}"#)
}

/// Reads the data of events into the collector.
fn push(collector: &mut SliceCollector<'_>, events: &[String]) -> Result<(), Full> {
    let mut answer = Answer::new();
    for data in events {
        for delta in answer.read(&Event::new(&**data)) {
            collector.push(&delta)?;
        }
    }
    Ok(())
}

#[test]
fn texts_cost_eight_bytes_each() {
    let events = [
        chat(r#""content":"Good ""#),
        chat(r#""content":"day""#),
        chat(r#""reasoning":"Hm.""#),
        chat(r#""content":"!""#),
    ];
    let needed = "Good day".len() + "Hm.".len() + "!".len() + 3 * HEADER;
    let mut memory = vec![0; needed];
    let mut collector = SliceCollector::new(&mut memory);
    assert_eq!(push(&mut collector, &events), Ok(()));
    assert_eq!(collector.text().as_str(), None, "the text is in two pieces");
    assert_eq!(collector.text().pieces().collect::<Vec<_>>(), ["Good day", "!"]);
    assert_eq!(collector.reasoning().as_str(), Some("Hm."));
    assert_eq!(collector.refusal().as_str(), Some(""));
    let mut memory = vec![0; needed - 1];
    let mut collector = SliceCollector::new(&mut memory);
    assert_eq!(push(&mut collector, &events), Err(Full));
    assert!(collector.is_full());
}

#[test]
fn characters_are_not_split() {
    for (text, kept) in [("aé", "a"), ("éé", "é"), ("a\\u00e9", "a"), ("\\ud83d\\ude00", "")] {
        let events = [chat(&format!(r#""content":"{text}""#))];
        for room in 0..text.len() {
            let mut memory = vec![0; HEADER + room];
            let mut collector = SliceCollector::new(&mut memory);
            let pushed = push(&mut collector, &events);
            let is = collector.text().to_string();
            assert_eq!(pushed.is_err(), is != "aé" && is != "éé" && is != "😀", "{text} {room}");
            assert!(pushed.is_ok() || kept.starts_with(&is) || is == kept, "{is:?} in {room}");
        }
    }
}

/// Plain text need not be UTF-8.
#[test]
fn error_that_is_not_utf_8() {
    let mut memory = [0; HEADER + 11];
    let mut collector = SliceCollector::new(&mut memory);
    let mut answer = Answer::new();
    let event = Event::new(&b"\xFFno\xFF\xFF"[..]).with_type("error");
    for delta in answer.read(&event) {
        assert_eq!(collector.push(&delta), Ok(()));
    }
    assert_eq!(collector.error().as_str(), Some("\u{FFFD}no\u{FFFD}\u{FFFD}"));
    assert!(!collector.is_full());
}

/// Of two errors, from two answers: an answer ends with its first.
#[test]
fn first_error_is_kept() {
    let mut memory = [0; 64];
    let mut collector = SliceCollector::new(&mut memory);
    for message in ["one", "two"] {
        let event = Event::new(message).with_type("error");
        for delta in Answer::new().read(&event) {
            assert_eq!(collector.push(&delta), Ok(()));
        }
    }
    assert_eq!(collector.error().as_str(), Some("one"));
}

#[test]
fn nothing_is_kept_after_overflow() {
    let events = [chat(r#""content":"too long for it""#), chat(r#""content":"b""#)];
    let mut memory = [0; HEADER + 3];
    let mut collector = SliceCollector::new(&mut memory);
    let mut answer = Answer::new();
    let mut pushed = Vec::new();
    for data in &events {
        for delta in answer.read(&Event::new(&**data)) {
            pushed.push(collector.push(&delta));
        }
    }
    assert_eq!(pushed, [Err(Full), Err(Full)]);
    assert_eq!(collector.text().as_str(), Some("too"));
}

/// Shows how much is kept, and not what.
#[test]
fn collector_debug_omits_contents() {
    let mut memory = [0; 64];
    let mut collector = SliceCollector::new(&mut memory);
    push(&mut collector, &[chat(r#""content":"secret""#)]).expect("room");
    assert_eq!(format!("{collector:?}"), "14 of 64 bytes");
    assert_eq!(format!("{:?}", collector.text()), "\"secret\"");
    assert_eq!(Full.to_string(), "the answer exceeds the collector's capacity");
}

/// A gateway that starts over.
#[test]
fn restart_frees_memory() {
    let start = r#"{"type":"message_start","message":{}}"#.to_owned();
    let text = |text: &str| {
        format!(r#"{{"type":"content_block_delta","index":0,"delta":{{"text":"{text}"}}}}"#)
    };
    let mut memory = [0; HEADER + 4];
    let mut collector = SliceCollector::new(&mut memory);
    let mut answer = Answer::new();
    for (data, expected) in [
        (start.clone(), ""),
        (text("Good"), "Good"),
        (text(" day"), "Good"),
        (start, ""),
        (text("Bad"), "Bad"),
    ] {
        for delta in answer.read(&Event::new(&*data)) {
            let _ = collector.push(&delta);
        }
        assert_eq!(collector.text().to_string(), expected, "after {data}");
    }
    assert!(!collector.is_full());
}

#[cfg(feature = "alloc")]
mod on_the_heap {
    use proptest::prelude::*;
    use proptest::sample::select;
    use sseam::llm::{Collected, Delta};
    use sseam_testkit::streams::cases as config;

    use super::*;

    /// How much a call counts besides its texts.
    const CALL: usize = size_of::<sseam::llm::Call>();

    fn contents(collected: &Collected) -> Contents {
        let call = |call: &sseam::llm::Call| Call {
            id: call.id.clone().filter(|id| !id.is_empty()),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        };
        let message = collected.error.as_ref().and_then(|error| error.message.clone());
        Contents {
            text: collected.text.clone(),
            reasoning: collected.reasoning.clone(),
            refusal: collected.refusal.clone(),
            calls: collected.calls.iter().map(call).collect(),
            error: Some([None, None, Some(message.unwrap_or_default())]),
            ..Contents::default()
        }
    }

    /// What a log says: the error, or else the reason. An error outlives a restart.
    #[test]
    fn summary_of_an_outcome() {
        let mut collected = Collected::with_limit(1 << 10);
        let mut summary = |data: &str| {
            let mut answer = Answer::new();
            for delta in answer.read(&Event::new(data)) {
                collected.push(&delta).expect("room");
            }
            collected.summary(answer.outcome(sseam::End::Clean))
        };
        let finish =
            |reason: &str| format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":{reason}}}]}}"#);
        assert_eq!(summary(&finish("null")), "truncated");
        assert_eq!(summary(&finish(r#""length""#)), "incomplete (length)");
        let error = r#"{"error":{"type":"overloaded_error"}}"#;
        assert_eq!(summary(error), "failed: overloaded_error");
        let error = r#"{"error":{"message":"Overloaded","code":529}}"#;
        assert_eq!(summary(error), "failed: Overloaded (529)");
        let again = r#"{"type":"message_start","message":{"usage":{}}}"#;
        assert_eq!(summary(again), "truncated: Overloaded (529)");
        let restart = r#"{"type":"message_start","message":{"id":"2"}}"#;
        assert_eq!(summary(restart), "truncated: Overloaded (529)");
    }

    /// Reads the case once with each of these limits.
    fn collect(case: &Case, limits: impl Iterator<Item = usize>) -> (Vec<Collected>, Contents) {
        let mut all: Vec<_> = limits.map(Collected::with_limit).collect();
        let chunks = [case.stream.as_bytes()];
        let record = case.reader().read_each(&chunks, &mut Answer::new(), |delta| {
            for collected in &mut all {
                let pushed = collected.push(delta);
                let is_error = matches!(delta, Delta::Error { .. });
                assert!(pushed.is_ok() || collected.is_full() || is_error, "{delta:?}");
            }
        });
        (all, record.contents)
    }

    #[test]
    fn whole_answer_is_kept() {
        for case in cases() {
            let (mut all, record) = collect(&case, [1 << 20].into_iter());
            let collected = all.remove(0);
            assert_eq!(contents(&collected), texts(&record), "{}", case.name);
            assert_eq!(collected.usage, record.usage, "{}", case.name);
            assert_eq!(collected.reason, record.reason, "{}", case.name);
            let error = collected.error.map(|error| [error.kind, error.code, error.message]);
            assert_eq!(error, record.error, "{}", case.name);
        }
    }

    #[test]
    fn any_limit_keeps_a_prefix() {
        for case in cases() {
            let is_restarted = case.whole().contents.restarts > 0;
            if is_restarted {
                continue;
            }
            let (all, record) = collect(&case, ROOMS);
            for (limit, collected) in ROOMS.zip(all) {
                let (kept, all) = (contents(&collected), texts(&record));
                let context = format!("{} with {limit} bytes", case.name);
                assert_begins(&kept, &all, &context);
                let error = collected.error.clone();
                let error = error.map(|error| [error.kind, error.code, error.message]);
                let in_error: usize = error.iter().flatten().flatten().map(String::len).sum();
                let used = len(&kept) + CALL * kept.calls.len() + in_error;
                assert!(used <= limit, "{used} bytes, {context}");
                let is_all = kept == all && error == record.error;
                assert_eq!(collected.is_full(), !is_all, "{context}");
                // Parts that are not text are always kept.
                assert_eq!(collected.usage, record.usage, "{context}");
                assert_eq!(collected.reason, record.reason, "{context}");
            }
        }
    }

    proptest! {
        #![proptest_config(config(256))]

        /// Both collect the same from the same deltas.
        #[test]
        fn both_collectors_agree(
            names in proptest::collection::vec(select(
                cases().iter().map(|case| case.name.clone()).collect::<Vec<_>>()
            ), 1..4),
        ) {
            let all = cases();
            let stream: String = names
                .iter()
                .map(|name| &*all.iter().find(|case| case.name == *name).expect("a case").stream)
                .collect();
            let mut memory = vec![0; 32 * 1024];
            let mut slice = SliceCollector::new(&mut memory);
            let mut heap = Collected::with_limit(1 << 20);
            let mut reader = sseam_testkit::llm::Reader::new();
            reader.read_each(&[stream.as_bytes()], &mut Answer::new(), |delta| {
                slice.push(delta).expect("room");
                heap.push(delta).expect("room");
            });
            prop_assert_eq!(super::contents(&slice), contents(&heap));
        }
    }

    #[test]
    fn restart_keeps_usage() {
        let mut answer = Answer::new();
        let mut collected = Collected::with_limit(8);
        for (data, text) in [
            (r#"{"type":"message_start","message":{"usage":{"input_tokens":3}}}"#, ""),
            (r#"{"type":"content_block_delta","index":0,"delta":{"text":"Good day"}}"#, "Good day"),
            (r#"{"type":"content_block_delta","index":0,"delta":{"text":"!"}}"#, "Good day"),
            (r#"{"type":"message_start","message":{}}"#, ""),
            (r#"{"type":"content_block_delta","index":0,"delta":{"text":"Bad"}}"#, "Bad"),
        ] {
            for delta in answer.read(&Event::new(data)) {
                let _ = collected.push(&delta);
            }
            assert_eq!(collected.text, text, "after {data}");
        }
        assert!(!collected.is_full());
        assert_eq!(collected.usage.input, Some(3));
    }
}
