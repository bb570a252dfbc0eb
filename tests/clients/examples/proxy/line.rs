//! What the proxy says.

use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use hyper::{Method, StatusCode};
use sseam::Outcome;

/// Whoever hears the lines. It is called in the midst of forwarding: it must
/// not wait for anything.
pub(crate) type Log = Arc<dyn Fn(Line) + Send + Sync>;

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// A stream has ended.
    Ended(Record),
    /// The parser has skipped an event and goes on behind it.
    Skipped { exchange: Exchange, error: sseam::Error },
    /// A stream passes unwatched: it is compressed.
    Unwatched { exchange: Exchange, encoding: HeaderValue },
    /// The upstream gave no response.
    NoResponse { method: Method, path: String, error: String },
}

/// A request and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) method: Method,
    /// Without the query, which may hold a key.
    pub(crate) path: String,
    pub(crate) status: StatusCode,
}

/// How a stream came out.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) exchange: Exchange,
    /// As `Auto` has settled, if it has.
    pub(crate) dialect: Option<&'static str>,
    pub(crate) events: u64,
    /// Of the body.
    pub(crate) bytes: u64,
    pub(crate) outcome: Outcome,
    pub(crate) end: End,
    /// From the request's arrival to the first event, if one came.
    pub(crate) first: Option<Duration>,
    /// From the request's arrival.
    pub(crate) duration: Duration,
}

/// What ended the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The upstream, as HTTP wants it.
    Whole,
    /// The upstream broke off in the middle of the body.
    Broken,
    /// The client went away, or the proxy was stopped.
    Dropped,
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(record) => record.fmt(f),
            Self::Skipped { exchange, error } => write!(f, "{exchange} skipped=\"{error}\""),
            Self::Unwatched { exchange, encoding } => {
                write!(f, "{exchange} unwatched={encoding:?}")
            }
            Self::NoResponse { method, path, error } => {
                write!(f, "method={method} path={path} error={error:?}")
            }
        }
    }
}

impl Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "method={} path={} status={}", self.method, self.path, self.status.as_u16())
    }
}

impl Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exchange, events, bytes, outcome, .. } = self;
        let dialect = self.dialect.unwrap_or("-");
        let end = match self.end {
            End::Whole => "whole",
            End::Broken => "broken",
            End::Dropped => "dropped",
        };
        write!(f, "{exchange} dialect={dialect} events={events} bytes={bytes}")?;
        write!(f, " outcome={outcome} end={end} first_ms=")?;
        match self.first {
            Some(first) => write!(f, "{:.1}", millis(first))?,
            None => f.write_str("-")?,
        }
        write!(f, " duration_ms={:.1}", millis(self.duration))
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
