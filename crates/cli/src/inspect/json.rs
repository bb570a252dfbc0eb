//! JSON Lines, the observer for scripts. `--help` documents the members and their order, which
//! scripts rely on.

use std::fmt::{self, Display};
use std::io::{self, Write};

use sseam::llm::Signal;
use sseam::llm::strict::{Mark, Violation};
use sseam::{Error, Item};

use super::{Ending, Observer, word};
use crate::json::{OrNull, Str};

pub(super) struct Json<W>(pub(super) W);

/// The expected or the found part of a violation, as JSON.
struct Side(Option<Mark>);

impl Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(Mark::Number(number)) => number.fmt(f),
            Some(Mark::Name(name)) => Str(name).fmt(f),
            _ => f.write_str("null"),
        }
    }
}

impl<W: Write> Observer for Json<W> {
    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, _chunk: &[u8]) -> io::Result<()> {
        let out = &mut self.0;
        match item {
            Item::Event(event) => {
                let (data, id) = (Str(event.data()), Str(event.last_event_id()));
                write!(out, r#"{{"event":{},"data":{data},"id":{id}"#, Str(event.event_type()))?;
                if let Some(signal) = signal {
                    write!(out, r#","signal":"{}""#, word(signal))?;
                }
                writeln!(out, "}}")
            }
            Item::Comment { text, .. } => writeln!(out, r#"{{"comment":{}}}"#, Str(text)),
            Item::UnknownField { name, value, .. } => {
                let (name, value) = (Str(name), Str(value));
                writeln!(out, r#"{{"unknown":{{"name":{name},"value":{value}}}}}"#)
            }
            Item::EmptyBlock { event_type, .. } => {
                writeln!(out, r#"{{"empty":{{"event":{}}}}}"#, Str(event_type))
            }
            Item::ReconnectionTime(time) => writeln!(out, r#"{{"retry":{}}}"#, time.as_millis()),
            _ => Ok(()),
        }
    }

    fn violation(&mut self, violation: &Violation) -> io::Result<()> {
        let (name, expected) = (violation.name(), Side(violation.expected()));
        let found = Side(violation.found());
        writeln!(self.0, r#"{{"violation":"{name}","expected":{expected},"found":{found}}}"#)
    }

    fn error(&mut self, error: Error) -> io::Result<()> {
        match error {
            Error::TooLarge { field, limit } => {
                let field = field.name();
                writeln!(self.0, r#"{{"error":"too_large","field":"{field}","limit":{limit}}}"#)
            }
            Error::OutOfMemory => writeln!(self.0, r#"{{"error":"out_of_memory"}}"#),
            other => {
                let message = other.to_string();
                writeln!(self.0, r#"{{"error":"other","message":{}}}"#, Str(message))
            }
        }
    }

    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        let id = Str(ending.last_event_id);
        let retry = OrNull(ending.retry.map(|time| time.as_millis()));
        let discarded = ending.discarded;
        let out = &mut self.0;
        write!(out, r#"{{"end":{{"last_event_id":{id},"retry":{retry},"discarded":{discarded}"#)?;
        if let Some(verdict) = &ending.verdict {
            let (dialect, outcome) = (verdict.dialect, verdict.outcome.as_str());
            write!(out, r#","dialect":"{dialect}","outcome":"{outcome}""#)?;
        }
        writeln!(out, "}}}}")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
