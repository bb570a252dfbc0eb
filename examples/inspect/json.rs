//! JSON Lines: the observer for scripts, whose members and their order are a
//! contract that `--help` states.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use sseam::{Error, Item};

use crate::observer::{Observer, Outcome};

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
    End {
        last_event_id: Cow<'a, str>,
        retry: Option<u128>,
        discarded: bool,
    },
}

impl<W: Write> Observer for Json<W> {
    fn item(&mut self, item: Item<'_>, _chunk: &[u8]) -> io::Result<()> {
        match item {
            Item::Event(event) => self.line(&EventLine {
                event: event.event_type().to_string_lossy(),
                data: event.data().to_string_lossy(),
                id: event.last_event_id().to_string_lossy(),
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

    fn error(&mut self, error: Error) -> io::Result<()> {
        self.line(&match error {
            Error::TooLarge { field, limit } => ErrorLine::TooLarge { field: field.name(), limit },
            Error::OutOfMemory => ErrorLine::OutOfMemory,
            other => ErrorLine::Other { message: other.to_string() },
        })
    }

    fn end(&mut self, outcome: &Outcome<'_>) -> io::Result<()> {
        self.line(&OtherLine::End {
            last_event_id: outcome.last_event_id.to_string_lossy(),
            retry: outcome.retry.map(|time| time.as_millis()),
            discarded: outcome.discarded,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
