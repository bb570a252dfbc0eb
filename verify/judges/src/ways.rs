//! The right answers, by the testkit's oracle; on request with one of the standard's rules changed
//! like a judge's: in the stream before, or in the answer after.

use sseam_testkit::oracle::Oracle;
use sseam_testkit::{Output, Setup};

use crate::answer::{Answer, Dispatched, Retry};

/// A deviation from the standard: one changed rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A reconnection time that does not fit into 64 bits is ignored.
    RetryOf64Bits,
    /// One that does not fit into 32 bits is ignored.
    RetryOf32Bits,
    /// A reconnection time is a double, exact up to 2^53.
    RetryIsDouble,
    /// An empty one is not ignored: it resets the time that the stream has set.
    RetryIsForgotten,
    /// The characters U+00EF U+00BB U+00BF at the start are dropped like a byte order mark.
    MarkOfCharacters,
    /// A CR or LF right after the byte order mark does not end a line, but is the line's first
    /// character.
    MarkHidesLineEnd,
    /// The final last event ID has lost the blanks at its ends.
    HeaderIsTrimmed,
}

const MARK: &[u8] = "\u{FEFF}".as_bytes();
const CHARACTERS: &[u8] = "\u{EF}\u{BB}\u{BF}".as_bytes();

/// Larger than any stream here: the standard has no limits.
const SETUP: Setup = Setup { data: 1 << 30, meta: 1 << 30, ..Setup::ROOMY };

/// Returns the answer for `stream` of a parser with these deviations.
pub(crate) fn answer(stream: &[u8], ways: &[Way]) -> Answer {
    let mut oracle = Oracle::new(&SETUP, usize::MAX);
    for byte in as_read(stream, ways) {
        oracle.push(byte);
    }
    let retry = retry(oracle.retries(), ways);
    let trace = oracle.end(false);
    let events = trace.outputs.iter().map(|output| match output {
        Output::Event { event_type, data, id } => {
            Dispatched(text(event_type), text(data), text(id))
        }
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

/// Decodes bytes that are not UTF-8 as U+FFFD. Parts of a stream decode like the whole, since they
/// end at ASCII.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns a stream that gives by the standard what `stream` gives with these deviations.
fn as_read(stream: &[u8], ways: &[Way]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    if ways.contains(&Way::MarkOfCharacters) && stream.starts_with(CHARACTERS) {
        // One mark of either kind is dropped, so a second one stays.
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

/// The reconnection time by the values of the `retry` lines, of any size: the standard has no
/// limit.
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
