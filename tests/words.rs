//! What errors and answers say of themselves: to a log, to `?`, and to whoever
//! asks an error for its source.

use std::error::Error as _;
use std::fmt;

use sseam::adapter;
use sseam::payload::{Accumulator, ErrorKind, Full, Joiner, JsonStr, Part, PartKind};
use sseam::{ArrayBuf, Error, Field, LastEventIdError, Outcome, Parser, Signal};

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
fn errors_of_the_parser() {
    let too_large = |field, limit| Error::TooLarge { field, limit }.to_string();
    assert_eq!(too_large(Field::Data, 7), "`data` exceeds the limit of 7 bytes");
    assert_eq!(too_large(Field::Event, 8), "`event` exceeds the limit of 8 bytes");
    assert_eq!(too_large(Field::Id, 0), "`id` exceeds the limit of 0 bytes");
    assert_eq!(Error::OutOfMemory.to_string(), "failed to allocate memory for the event");
    let invalid = LastEventIdError::InvalidByte.to_string();
    assert_eq!(invalid, "a last event ID cannot contain NUL, CR or LF");
    let too_large = LastEventIdError::TooLarge { limit: 9 }.to_string();
    assert_eq!(too_large, "the last event ID exceeds the limit of 9 bytes");
    let no_memory = LastEventIdError::OutOfMemory.to_string();
    assert_eq!(no_memory, "failed to allocate memory for the last event ID");
}

/// Not what is pending: a log is no place for half an event.
#[test]
fn a_parser_says_what_outlives_the_connection() {
    let mut parser = Parser::<ArrayBuf<64>>::default();
    let said = "Parser { last_event_id: \"\", reconnection_time: None, .. }";
    assert_eq!(format!("{parser:?}"), said);
    let mut chunk: &[u8] = b"id: 7\nretry: 1500\n\ndata: secret";
    assert_eq!(parser.next_event(&mut chunk), Ok(None));
    let said = "Parser { last_event_id: \"7\", reconnection_time: Some(1.5s), .. }";
    assert_eq!(format!("{parser:?}"), said);
}

/// An adapter's error is the one below it, not one more around it.
#[test]
fn errors_of_the_adapters() {
    let transport = adapter::Error::Transport(Broken(Error::OutOfMemory));
    assert_eq!(transport.to_string(), "broken");
    let source = transport.source().expect("the transport's source");
    assert_eq!(source.to_string(), Error::OutOfMemory.to_string());
    let parse = adapter::Error::<Broken>::Parse(Error::OutOfMemory);
    assert_eq!(parse.to_string(), Error::OutOfMemory.to_string());
    assert!(parse.source().is_none());
}

#[cfg(feature = "std")]
#[test]
fn errors_of_the_adapters_become_those_of_io() {
    use std::io::{self, ErrorKind};

    let refused = adapter::Error::Transport(io::Error::from(ErrorKind::ConnectionRefused));
    assert_eq!(io::Error::from(refused).kind(), ErrorKind::ConnectionRefused);
    let parse = io::Error::from(adapter::Error::Parse(Error::OutOfMemory));
    assert_eq!(parse.kind(), ErrorKind::InvalidData);
    assert_eq!(parse.to_string(), Error::OutOfMemory.to_string());
}

#[test]
fn signals_and_outcomes() {
    let signals = [Signal::Message, Signal::Last, Signal::Done, Signal::Ignore];
    assert_eq!(signals.map(Signal::as_str), ["message", "last", "done", "ignore"]);
    assert_eq!(format!("{:>6}|{:<10}|", Signal::Last, Outcome::Completed), "  last|completed |");
}

/// No two kinds say the same, and none says nothing.
#[test]
fn errors_of_payloads() {
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
        ErrorKind::Mismatch,
    ];
    let mut said = kinds.map(|kind| kind.to_string());
    said.sort();
    assert!(said.iter().all(|text| !text.is_empty()));
    assert!(said.windows(2).all(|pair| pair[0] != pair[1]), "{said:?}");
    assert_eq!(Full.to_string(), "no memory is left to gather more");
}

/// How much memory is taken, and not what is in it.
#[test]
fn an_accumulator_says_how_full_it_is() {
    let part = Part { kind: PartKind::Text, output: 0, content: 0 };
    let secret = JsonStr::new("secret").expect("a string");
    let mut memory = [0; 64];
    let mut accumulator = Accumulator::new(&mut memory);
    accumulator.push(part, secret).expect("room");
    let shown = format!("{accumulator:?}");
    assert!(shown.contains("19 of 64 bytes") && !shown.contains("secret"), "{shown}");
    #[cfg(feature = "alloc")]
    {
        let mut accumulator = Accumulator::growing(100);
        accumulator.push(part, secret).expect("room");
        let shown = format!("{accumulator:?}");
        assert!(shown.contains("19 of 100 bytes") && !shown.contains("secret"), "{shown}");
    }
}

/// Deltas as they are shown at once: half a character waits for the other half,
/// and is told as lost where that does not come.
#[test]
fn a_joiner_shows_whole_characters() -> Result<(), Box<dyn std::error::Error>> {
    let cases: [(&[&str], &str, &str); 5] = [
        (&[r"a\ud83d", r"\ude00b"], "a😀b", ""),
        (&[r"a\ud83d", "", r"\ude00"], "a😀", ""),
        (&[r"\ud83d", "b"], "\u{FFFD}b", ""),
        (&[r"a\ud83d"], "a", "\u{FFFD}"),
        (&["a"], "a", ""),
    ];
    for (deltas, shown, at_the_end) in cases {
        let (mut joiner, mut text, mut rest) = (Joiner::new(), String::new(), String::new());
        for delta in deltas {
            joiner.write(JsonStr::new(delta)?, &mut text)?;
        }
        joiner.finish(&mut rest)?;
        assert_eq!((text.as_str(), rest.as_str()), (shown, at_the_end), "{deltas:?}");
        // And nothing is told twice.
        rest.clear();
        joiner.finish(&mut rest)?;
        assert_eq!(rest, "", "{deltas:?}");
    }
    Ok(())
}
