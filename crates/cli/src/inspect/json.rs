//! JSON Lines: the observer for scripts, whose members and their order are a contract that
//! `--help` states.

use std::fmt::{self, Display};
use std::io::{self, Write};

use sseam::dialect::{Mark, Violation};
use sseam::{Error, Item, Signal, Value};

use super::{Ending, Observer};

pub(super) struct Json<W>(pub(super) W);

/// Text as a string of JSON.
struct Text<T>(T);

impl Display for Text<Value<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Text(&*self.0.to_string_lossy()))
    }
}

impl Display for Text<&str> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        let mut rest = self.0;
        while let Some(at) = rest.find(|c: char| c < ' ' || matches!(c, '"' | '\\')) {
            f.write_str(&rest[..at])?;
            match rest.as_bytes()[at] {
                b'\n' => f.write_str("\\n")?,
                b'\r' => f.write_str("\\r")?,
                b'\t' => f.write_str("\\t")?,
                0x08 => f.write_str("\\b")?,
                0x0C => f.write_str("\\f")?,
                byte if byte < b' ' => write!(f, "\\u{byte:04x}")?,
                byte => write!(f, "\\{}", char::from(byte))?,
            }
            rest = &rest[at + 1..];
        }
        write!(f, "{rest}\"")
    }
}

impl Display for Text<Option<Mark>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("null"),
            Some(Mark::Number(number)) => write!(f, "{number}"),
            Some(Mark::Name(name)) => write!(f, "{}", Text(&*name.to_string())),
        }
    }
}

impl<W: Write> Observer for Json<W> {
    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, _chunk: &[u8]) -> io::Result<()> {
        let out = &mut self.0;
        match item {
            Item::Event(event) => {
                let (data, id) = (Text(event.data()), Text(event.last_event_id()));
                write!(out, r#"{{"event":{},"data":{data},"id":{id}"#, Text(event.event_type()))?;
                if let Some(signal) = signal {
                    write!(out, r#","signal":"{}""#, signal.as_str())?;
                }
                writeln!(out, "}}")
            }
            Item::Comment { text, .. } => writeln!(out, r#"{{"comment":{}}}"#, Text(text)),
            Item::UnknownField { name, value, .. } => {
                let (name, value) = (Text(name), Text(value));
                writeln!(out, r#"{{"unknown":{{"name":{name},"value":{value}}}}}"#)
            }
            Item::EmptyBlock { event_type, .. } => {
                writeln!(out, r#"{{"empty":{{"event":{}}}}}"#, Text(event_type))
            }
            Item::ReconnectionTime(time) => writeln!(out, r#"{{"retry":{}}}"#, time.as_millis()),
            _ => Ok(()),
        }
    }

    fn violation(&mut self, violation: &Violation) -> io::Result<()> {
        let (name, expected) = (violation.name(), Text(violation.expected()));
        let found = Text(violation.found());
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
                writeln!(self.0, r#"{{"error":"other","message":{}}}"#, Text(&*message))
            }
        }
    }

    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        let id = Text(ending.last_event_id);
        let retry = ending.retry.map_or("null".to_string(), |time| time.as_millis().to_string());
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
