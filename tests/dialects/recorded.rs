//! Recorded streams of many providers, against what was found out about each
//! by hand and by other programs.
//!
//! They are found and skipped as `sseam_testkit::recorded` says.

use sseam::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::dialect::{Auto, Mark, Responses, Violation};
use sseam::{Notify, Parser, SliceBuf, Tracker};
use sseam_testkit::dialects::{Reader, ends};
use sseam_testkit::fixtures::FIXTURES;
use sseam_testkit::recorded::Recorded;

/// For the largest of their events.
pub const ROOM: usize = 4 << 20;

/// Recordings of protocols that no dialect knows yet, or that are told by their error alone,
/// which is an error of Chat Completions here.
const UNKNOWN_PROTOCOLS: [&str; 6] = [
    "a2a-jsonrpc-01.sse",
    "alibaba-other-02.sse",
    "alibaba-other-03.sse",
    "gemini-interactions-01.sse",
    "mcp-jsonrpc-02.sse",
    "openai-media-02.sse",
];

/// The streams of which it is known what to expect.
pub fn recorded() -> Vec<Recorded> {
    sseam_testkit::recorded::recorded("corpus", "EXPECTED.tsv")
}

/// As the table has it: `{"kind":"SequenceGap","expected":1,"found":3}`.
fn as_json(violation: &Violation) -> String {
    let mark = |mark: Option<Mark>| match mark {
        None => "null".to_owned(),
        Some(Mark::Number(number)) => number.to_string(),
        Some(Mark::Name(name)) => format!("{:?}", name.as_str()),
    };
    let kind: String =
        violation.name().split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let [expected, found] = [violation.expected(), violation.found()].map(mark);
    format!(r#"{{"kind":"{kind}","expected":{expected},"found":{found}}}"#)
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn auto_says_what_the_table_says() {
    let mut reader = Reader::with_room(ROOM);
    let mut wrong = Vec::new();
    for recorded in recorded() {
        let is_unknown = UNKNOWN_PROTOCOLS.contains(&recorded.name.as_str());
        let [(said, dialect), (flushed, dialect_flushed)] = [false, true].map(|flush| {
            let mut tracker = Tracker::new(Auto::new());
            let said = reader.read(&[&recorded.stream], flush, &mut tracker);
            (said, tracker.dialect().settled().unwrap_or("none"))
        });
        assert_eq!(dialect, dialect_flushed, "{}", recorded.name);
        let is = [
            ("dialect", dialect.to_owned()),
            ("outcome", said.outcome.to_string()),
            ("outcome_flush", flushed.outcome.to_string()),
            ("messages", said.messages().to_string()),
            ("events", said.signals.len().to_string()),
        ];
        for (column, is) in is {
            let expected = recorded.expected(column);
            // A notification that fails the stream is signalled besides.
            let is_noticed =
                column == "events" && recorded.name.starts_with("vertex-generate-content-03");
            if is != expected && !is_noticed && !is_unknown {
                wrong.push(format!("{}: {column} is {is}, not {expected}", recorded.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn the_first_violation_is_what_the_table_says() {
    let mut reader = Reader::with_room(ROOM);
    let mut compared = 0;
    let recorded = recorded();
    for recorded in &recorded {
        let expected = recorded.expected("strict_first_violation");
        if expected == "-" {
            continue;
        }
        let mut tracker = Tracker::new(Responses::strict());
        let said = reader.read(&[&recorded.stream], false, &mut tracker);
        let first = said.violations.first().map_or("none".to_owned(), as_json);
        assert_eq!(first, expected, "{}", recorded.name);
        compared += 1;
    }
    assert!(compared > 0 || recorded.is_empty(), "no column of violations");
}

// A stream that breaks off before its terminal has ended is truncated,
// wherever it breaks off, unless the provider had already given a reason and
// its dialect takes that for the end where nothing else comes.

#[test]
fn at_every_byte() {
    let mut reader = Reader::new();
    for fixture in FIXTURES {
        let mut signals = String::new();
        for len in 0..=fixture.stream.len() {
            let mut dialect = (fixture.dialect)();
            let begun = &fixture.stream.as_bytes()[..len];
            let said = reader.read(&[begun], false, &mut Tracker::new(&mut *dialect));
            let context = format!("{} after {len} bytes", fixture.name);
            assert_eq!(said.outcome, fixture.outcome_at(len), "{context}");
            assert!(said.signals.starts_with(&signals), "{context}: {}", said.signals);
            signals = said.signals;
        }
        assert_eq!(signals, fixture.signals, "{}", fixture.name);
        assert_eq!(fixture.outcome_at(fixture.stream.len()), fixture.outcome);
    }
}

/// With a flush a terminal counts a few bytes before its blank line, as soon as
/// its data looks whole, or as an error does as soon as it is named.
#[test]
fn at_every_byte_with_a_flush() {
    let mut reader = Reader::new();
    for fixture in FIXTURES {
        for len in 0..=fixture.stream.len() {
            let mut dialect = (fixture.dialect)();
            let begun = &fixture.stream[..len];
            let said = reader.read(&[begun.as_bytes()], true, &mut Tracker::new(&mut *dialect));
            let (without, context) = (fixture.outcome_at(len), (fixture.name, begun));
            if said.outcome != without {
                let line = begun.trim_end().lines().last().unwrap_or_default();
                let is_whole = line.ends_with('}') || line.ends_with("[DONE]");
                assert!(is_whole || line.contains("\"error\""), "{context:?}");
                assert_eq!(without, Truncated, "{context:?}");
            }
        }
    }
}

/// Wherever a stream is cut, the tracker stands where it stood after the last
/// whole item, so that asking there is to cut at every byte.
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn recorded_streams_at_every_byte() {
    let [between, in_the_middle] = ends();
    let (mut data, mut meta) = (vec![0; ROOM], vec![0; 3 * 1024]);
    for recorded in recorded() {
        let whole = Reader::with_room(ROOM).read(
            &[&recorded.stream],
            false,
            &mut Tracker::new(Auto::new()),
        );
        let buffer = SliceBuf::new(&mut data, &mut meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(Notify::ALL);
        let mut tracker = Tracker::new(Auto::new());
        let mut chunk = &recorded.stream[..];
        while !tracker.is_over() {
            let allowed: &[_] = match tracker.dialect().settled() {
                None => &[Truncated, Unknown],
                // Once a reason was given. An error may still follow it.
                Some("chat") if whole.outcome == Failed => &[Truncated, Completed, Incomplete],
                Some("chat") => &[Truncated, whole.outcome],
                Some("generate-content") => &[Truncated, Completed, Incomplete],
                Some(_) => &[Truncated],
            };
            let outcome = tracker.finish(between);
            assert!(allowed.contains(&outcome), "{}: {outcome}, {chunk:?}", recorded.name);
            let outcome = tracker.finish(in_the_middle);
            let is_allowed = match tracker.dialect().settled() {
                Some("generate-content") => outcome == Truncated,
                _ => allowed.contains(&outcome),
            };
            assert!(is_allowed, "{}: {outcome}, {chunk:?}", recorded.name);
            let Some(item) = parser.next_item(&mut chunk).expect("within the bounds") else {
                break;
            };
            tracker.notice(&item);
        }
        assert_eq!(tracker.finish(parser.finish()), whole.outcome, "{}", recorded.name);
    }
}

/// And to cut there is to ask there.
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn recorded_streams_at_some_bytes() {
    let mut reader = Reader::with_room(ROOM);
    for recorded in recorded() {
        let len = recorded.stream.len();
        let mut last = None;
        for cut in [1, len / 3, len / 2, len - len / 9, len - 3, len - 1, len] {
            let (begun, rest) = recorded.stream.split_at(cut);
            let mut tracker = Tracker::new(Auto::new());
            let said = reader.read(&[begun], false, &mut tracker);
            let mut again = Tracker::new(Auto::new());
            let whole = reader.read(&[begun, rest], false, &mut again);
            assert!(whole.signals.starts_with(&said.signals), "{} at {cut}", recorded.name);
            // A longer beginning takes no terminal back.
            assert!(last.is_none() || tracker.outcome() == last, "{} at {cut}", recorded.name);
            last = tracker.outcome();
        }
    }
}
