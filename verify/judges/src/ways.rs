//! What is right, by the testkit's oracle; on request, with one of the standard's rules
//! changed as a judge changes it: in the stream before, or in the answer after.

use sseam_testkit::oracle::Oracle;
use sseam_testkit::{Setup, Output};

use crate::answer::{Answer, Dispatched, Retry};

/// A way in which a judge departs from the standard: one rule that it has otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A reconnection time that does not fit into 64 bits is ignored.
    RetryOf64Bits,
    /// One that does not fit into 32 bits is ignored.
    RetryOf32Bits,
    /// A reconnection time is a double, exact up to 2^53.
    RetryIsDouble,
    /// An empty one is not ignored: it forgets what the stream has set before.
    RetryIsForgotten,
    /// The characters U+00EF U+00BB U+00BF at the start are dropped like a byte order mark.
    MarkOfCharacters,
    /// A CR or LF right behind the byte order mark ends no line, but is the line's first character.
    MarkHidesLineEnd,
    /// The last event ID that the stream leaves behind has lost the blanks at its ends.
    HeaderIsTrimmed,
}

const MARK: &[u8] = "\u{FEFF}".as_bytes();
const CHARACTERS: &[u8] = "\u{EF}\u{BB}\u{BF}".as_bytes();

/// Wider than any stream here: the standard has no bounds.
const SETUP: Setup = Setup { data: 1 << 30, meta: 1 << 30, ..Setup::ROOMY };

/// Returns what `stream` comes to for one who departs from the standard in these ways.
pub(crate) fn answer(stream: &[u8], ways: &[Way]) -> Answer {
    let mut oracle = Oracle::new(&SETUP, usize::MAX);
    for byte in as_read(stream, ways) {
        oracle.push(byte);
    }
    let retry = retry(oracle.retries(), ways);
    let trace = oracle.end(false);
    let events = trace.outputs.iter().map(|output| match output {
        Output::Event { event_type, data, id } => Dispatched(text(event_type), text(data), text(id)),
        other => panic!("no event: {other:?}"),
    });
    let mut last_event_id = text(&trace.last_event_id);
    if ways.contains(&Way::HeaderIsTrimmed) {
        last_event_id = last_event_id.trim_matches([' ', '\t']).to_owned();
    }
    Answer {
        events: events.collect(),
        last_event_id: Some(last_event_id),
        retry: Retry::Reported(retry),
    }
}

/// Bytes that are not UTF-8 as U+FFFD. The parts of a stream decode as they do in the whole,
/// since they end at ASCII.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns a stream that comes by the standard to what this one comes to by these ways.
fn as_read(stream: &[u8], ways: &[Way]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    if ways.contains(&Way::MarkOfCharacters) && stream.starts_with(CHARACTERS) {
        // One mark is dropped of the two kinds, so that one behind it stays.
        stream.splice(..CHARACTERS.len(), MARK.iter().copied());
    }
    if ways.contains(&Way::MarkHidesLineEnd) && stream.starts_with(MARK) {
        if let Some(hidden @ (b'\r' | b'\n')) = stream.get_mut(MARK.len()) {
            // As the beginning of a name, it makes a field unknown like any other character.
            *hidden = b'x';
        }
    }
    stream
}

/// The reconnection time that the values of the `retry` lines leave, of any size: the standard
/// has no bound for it.
fn retry(values: &[Vec<u8>], ways: &[Way]) -> Option<String> {
    let mut time = None;
    for value in values {
        if value.is_empty() && ways.contains(&Way::RetryIsForgotten) {
            time = None;
        }
        if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
            continue;
        }
        let digits = text(value);
        let digits = match digits.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        let is_ignored = ways.iter().any(|way| match way {
            Way::RetryOf64Bits => digits.parse::<u64>().is_err(),
            Way::RetryOf32Bits => digits.parse::<u32>().is_err(),
            _ => false,
        });
        if !is_ignored && ways.contains(&Way::RetryIsDouble) {
            time = Some(format!("{:.0}", digits.parse::<f64>().expect("digits")));
        } else if !is_ignored {
            time = Some(digits.to_owned());
        }
    }
    time
}
