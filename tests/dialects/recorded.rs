//! Recorded streams of many providers, against what was found out about each
//! by hand and by other programs.
//!
//! The streams are no part of this repository. Where they are absent nothing
//! is tested, and the test says so.

use std::fs;
use std::io::{Write as _, stderr};
use std::path::Path;

use sseam::Tracker;
use sseam::dialect::{Auto, Mark, Responses, Violation};

use super::support::Reader;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus");

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

pub struct Recorded {
    pub name: String,
    pub stream: Vec<u8>,
    expected: Vec<String>,
    header: Vec<String>,
}

impl Recorded {
    pub fn expected(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column).expect("a column");
        &self.expected[at]
    }
}

/// The streams of which it is known what to expect; none where there is no folder.
pub fn recorded() -> Vec<Recorded> {
    let folder = Path::new(FOLDER);
    if !folder.is_dir() {
        // Past the capture of the test harness, which would keep it to itself.
        let _ = writeln!(stderr(), "\n!!! SKIPPED: no recorded streams in {FOLDER}\n");
        return Vec::new();
    }
    let table = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("what to expect");
    let cells = |row: &str| row.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let (header, rows) = table.split_once('\n').expect("a header");
    let recorded: Vec<_> = rows
        .lines()
        .map(|row| {
            let expected = cells(row);
            let name = expected[0].clone();
            let stream = fs::read(folder.join(&name)).expect("a stream");
            Recorded { name, stream, expected, header: cells(header) }
        })
        .collect();
    assert!(!recorded.is_empty(), "a table of no streams");
    recorded
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
    for recorded in recorded() {
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
    assert!(compared > 0 || !Path::new(FOLDER).is_dir(), "no column of violations");
}
