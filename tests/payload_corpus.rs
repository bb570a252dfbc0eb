//! Recorded streams of many providers: each payload is read without an error, and
//! the visible text is what is known of it.
//!
//! The streams are no part of this repository. Where they are absent nothing
//! is tested, and the test says so.
#![cfg(feature = "alloc")]

use sha2::Digest;
use std::fs;
use std::io::{Write as _, stderr};
use std::path::Path;

use sseam::dialect::{self, Dialect};
use sseam::payload::{Accumulator, Error, Part, PartKind, chat, messages, responses};
use sseam::{Event, Parser, Signal, Tracker};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus");

struct Recorded {
    name: String,
    stream: Vec<u8>,
    dialect: String,
    text_chars: usize,
    /// `-`, where there is no text.
    text_sha256: String,
}

/// The streams that have typed payloads; none where there is no folder.
fn recorded() -> Vec<Recorded> {
    let folder = Path::new(FOLDER);
    if !folder.is_dir() {
        // Past the capture of the test harness, which would keep it to itself.
        let _ = writeln!(stderr(), "\n!!! SKIPPED: no recorded streams in {FOLDER}\n");
        return Vec::new();
    }
    let table = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("what to expect");
    let mut rows = table.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let column = |name| header.iter().position(|column| *column == name).expect(name);
    let [file, dialect, chars, sha256] =
        ["file", "dialect", "text_chars", "text_sha256"].map(column);
    let recorded: Vec<_> = rows
        .filter(|row| matches!(row[dialect], "chat" | "responses" | "messages"))
        // Of some it is not decided what their text is.
        .filter(|row| row[chars] != "-")
        .map(|row| Recorded {
            name: row[file].to_owned(),
            stream: fs::read(folder.join(row[file])).expect(row[file]),
            dialect: row[dialect].to_owned(),
            text_chars: row[chars].parse().expect("a number"),
            text_sha256: row[sha256].to_owned(),
        })
        .collect();
    assert!(recorded.len() > 50, "a table of few streams");
    recorded
}

/// Hands on the stream's payloads up to the terminal, in chunks of so many bytes.
fn for_each_payload(recorded: &Recorded, chunk: usize, mut payload: impl FnMut(&Event<'_>)) {
    let mut dialect: Box<dyn Dialect> = match recorded.dialect.as_str() {
        "chat" => Box::new(dialect::Chat::new()),
        "responses" => Box::new(dialect::Responses::new()),
        _ => Box::new(dialect::Messages::new()),
    };
    let mut tracker = Tracker::new(&mut *dialect);
    let mut parser = Parser::new();
    let mut observe = |event: &Event<'_>| {
        if matches!(tracker.observe(event), Signal::Message | Signal::Last) {
            payload(event);
        }
    };
    for mut chunk in recorded.stream.chunks(chunk) {
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            observe(&event);
        }
    }
    if let Some(event) = parser.flush_event().expect("within the bounds") {
        observe(&event);
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn the_visible_text() {
    for recorded in recorded() {
        for chunk in [usize::MAX, 1] {
            let mut accumulator = Accumulator::growing(1 << 20);
            for_each_payload(&recorded, chunk, |event| {
                let wrong = |error: Error| -> ! {
                    panic!("{}: {error} in {}", recorded.name, event.data())
                };
                match recorded.dialect.as_str() {
                    "chat" => {
                        let chunk = chat::Chunk::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_chat(&chunk).expect("room");
                    }
                    "responses" => {
                        let event =
                            responses::Event::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_responses(&event).expect("room");
                    }
                    _ => {
                        let event =
                            messages::Event::parse(event).unwrap_or_else(|error| wrong(error));
                        accumulator.push_messages(&event).expect("room");
                    }
                }
            });
            accumulator.finish().expect("room");
            // Of Chat Completions, the first choice; else all that is text.
            let is_visible = |part: Part| {
                part.kind == PartKind::Text && (recorded.dialect != "chat" || part.output == 0)
            };
            let pieces = accumulator.pieces().filter(|(part, _)| is_visible(*part));
            let text: String = pieces.map(|(_, text)| text).collect();
            assert_eq!(text.chars().count(), recorded.text_chars, "{}", recorded.name);
            if recorded.text_sha256 != "-" {
                assert_eq!(
                    format!("{:x}", sha2::Sha256::digest(text.as_bytes())),
                    recorded.text_sha256,
                    "{}",
                    recorded.name
                );
            }
        }
    }
}
