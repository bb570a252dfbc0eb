//! A stream that breaks off before its terminal has ended is truncated,
//! wherever it breaks off, unless the provider had already given a reason and
//! its dialect takes that for the end where nothing else comes.

use sseam::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::dialect::Auto;
use sseam::{Notify, Parser, SliceBuf, Tracker};

use super::fixtures::FIXTURES;
use super::recorded::{ROOM, recorded};
use super::support::{Reader, ends};

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
