//! JSON Lines: the observer for scripts, whose members and their order are a
//! contract that `--help` states.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use sseam::dialect::{Mark, Violation};
use sseam::{Error, Item, Signal};

use crate::observer::{Ending, Observer};

pub(crate) struct Json<W> {
    out: W,
}

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        // Nothing here fails to serialise, so that an error is the output's.
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct EventLine<'a> {
    event: Cow<'a, str>,
    data: Cow<'a, str>,
    id: Cow<'a, str>,
    /// Where a dialect was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<&'static str>,
}

/// Of the event in the line before.
#[derive(Serialize)]
struct ViolationLine {
    violation: &'static str,
    expected: Option<MarkValue>,
    found: Option<MarkValue>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum MarkValue {
    Number(u64),
    Name(String),
}

impl From<Mark> for MarkValue {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Number(number) => Self::Number(number),
            Mark::Name(name) => Self::Name(name.to_string()),
        }
    }
}

/// Led by the error's kind.
#[derive(Serialize)]
#[serde(tag = "error", rename_all = "snake_case")]
enum ErrorLine {
    TooLarge {
        field: &'static str,
        limit: usize,
    },
    OutOfMemory,
    /// One that this example does not know yet.
    Other {
        message: String,
    },
}

/// One member, which says what it is.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum OtherLine<'a> {
    Comment(Cow<'a, str>),
    Unknown {
        name: Cow<'a, str>,
        value: Cow<'a, str>,
    },
    Empty {
        event: Cow<'a, str>,
    },
    /// In milliseconds.
    Retry(u128),
}

/// The last line.
#[derive(Serialize)]
struct EndLine<'a> {
    end: End<'a>,
    #[serde(flatten)]
    verdict: Option<Verdict>,
}

#[derive(Serialize)]
struct End<'a> {
    last_event_id: Cow<'a, str>,
    /// In milliseconds.
    retry: Option<u128>,
    discarded: bool,
    #[serde(flatten)]
    verdict: Option<Verdict>,
}

/// Where a dialect was chosen. It stands with the rest of the end, and on the
/// line itself, where a script finds an event's signal too.
#[derive(Clone, Copy, Serialize)]
struct Verdict {
    dialect: &'static str,
    outcome: &'static str,
}

impl<W: Write> Observer for Json<W> {
    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, _chunk: &[u8]) -> io::Result<()> {
        match item {
            Item::Event(event) => self.line(&EventLine {
                event: event.event_type().to_string_lossy(),
                data: event.data().to_string_lossy(),
                id: event.last_event_id().to_string_lossy(),
                signal: signal.map(Signal::as_str),
            }),
            Item::Comment { text, .. } => self.line(&OtherLine::Comment(text.to_string_lossy())),
            Item::UnknownField { name, value, .. } => self.line(&OtherLine::Unknown {
                name: name.to_string_lossy(),
                value: value.to_string_lossy(),
            }),
            Item::EmptyBlock { event_type, .. } => {
                self.line(&OtherLine::Empty { event: event_type.to_string_lossy() })
            }
            Item::ReconnectionTime(time) => self.line(&OtherLine::Retry(time.as_millis())),
            _ => Ok(()),
        }
    }

    fn violation(&mut self, violation: &Violation) -> io::Result<()> {
        self.line(&ViolationLine {
            violation: violation.name(),
            expected: violation.expected().map(MarkValue::from),
            found: violation.found().map(MarkValue::from),
        })
    }

    fn error(&mut self, error: Error) -> io::Result<()> {
        self.line(&match error {
            Error::TooLarge { field, limit } => ErrorLine::TooLarge { field: field.name(), limit },
            Error::OutOfMemory => ErrorLine::OutOfMemory,
            other => ErrorLine::Other { message: other.to_string() },
        })
    }

    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        let verdict = ending
            .verdict
            .as_ref()
            .map(|verdict| Verdict { dialect: verdict.dialect, outcome: verdict.outcome.as_str() });
        self.line(&EndLine {
            end: End {
                last_event_id: ending.last_event_id.to_string_lossy(),
                retry: ending.retry.map(|time| time.as_millis()),
                discarded: ending.discarded,
                verdict,
            },
            verdict,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
