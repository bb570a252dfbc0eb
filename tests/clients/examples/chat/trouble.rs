//! Why there is no answer.

use std::fmt;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;

/// Nothing came of a request, not even part of an answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It could not be sent as it is.
    Unsendable(String),
    /// There is no connection to where it should go.
    Unreachable { host: String, cause: String },
    /// The server did not begin to answer.
    Silent(Duration),
    /// The server answered, and something else.
    Refused(Refusal),
    /// Standard output takes no more.
    Output(io::Error),
}

/// What a server answered instead.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The media type, where an event stream should have been.
    pub(crate) instead: Option<String>,
    /// What it says of it.
    pub(crate) message: Option<String>,
    /// The same for programs.
    pub(crate) code: Option<String>,
    /// When to come back.
    pub(crate) retry_after: Option<Duration>,
    /// What can be done.
    pub(crate) advice: Option<String>,
}

/// 503 in Anthropic's words.
const OVERLOADED: u16 = 529;

impl Trouble {
    /// The least time to wait before another try, where one may help.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unsendable(_) | Self::Output(_) => None,
            Self::Unreachable { .. } | Self::Silent(_) => Some(Duration::ZERO),
            Self::Refused(refusal) => {
                let is_busy = matches!(refusal.status.as_u16(), 429 | 503 | OVERLOADED);
                // Who has no money left is told 429, too.
                let is_broke = refusal.code.as_deref() == Some("insufficient_quota");
                (is_busy && !is_broke).then(|| refusal.retry_after.unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsendable(sentence) => f.write_str(sentence),
            Self::Unreachable { host, cause } => write!(f, "cannot reach {host}: {cause}"),
            Self::Silent(limit) => write!(f, "the server said nothing for {limit:?}"),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.status)?;
        if let Some(instead) = &self.instead {
            write!(f, ", {instead} and no event stream")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if let Some(after) = self.retry_after {
            write!(f, "; it asks to wait {} s", after.as_secs_f64())?;
        }
        if let Some(advice) = &self.advice {
            write!(f, "; {advice}")?;
        }
        Ok(())
    }
}
