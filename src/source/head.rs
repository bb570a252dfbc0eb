//! The head of a response, and the check that it is an event stream.
//!
//! WHATWG HTML, section 9.2.2, and Fetch, "extract a MIME type".

use core::fmt;
use core::time::Duration;

/// The parts of a response's head that a [`Source`](super::Source) needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head<'a> {
    /// The status code, after redirects.
    pub status: u16,
    /// The value of `Content-Type`. Several are joined with commas.
    pub content_type: Option<&'a [u8]>,
    /// The minimum wait, from `Retry-After`: see [`retry_after`].
    pub retry_after: Option<Duration>,
}

/// The reason why a response is not an event stream. [`Closed`](super::Closed) has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The status is not 200. Servers send 204 to make clients stop connecting.
    Status(u16),
    /// The content type is not `text/event-stream`.
    ContentType,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "the status is {status}, not 200"),
            Self::ContentType => f.write_str("the content type is not `text/event-stream`"),
        }
    }
}

impl core::error::Error for Refusal {}

impl Head<'_> {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.status != 200 {
            Err(Refusal::Status(self.status))
        } else if self.content_type.is_some_and(is_event_stream) {
            Ok(())
        } else {
            Err(Refusal::ContentType)
        }
    }
}

/// Returns `true` if a `Content-Type` is `text/event-stream`, with any parameters.
///
/// If there are several values, separated by commas, the last MIME type other than `*/*` counts
/// (Fetch, "extract a MIME type").
///
/// ```
/// use sseam::source::is_event_stream;
///
/// assert!(is_event_stream(b"Text/Event-Stream; charset=utf-8"));
/// assert!(!is_event_stream(b"text/event-streams"));
/// assert!(!is_event_stream(b"text/event-stream, text/html"));
/// ```
#[must_use]
pub fn is_event_stream(content_type: &[u8]) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let values = content_type.split(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_quoted,
            b'"' => is_quoted = !is_quoted,
            b',' => return !is_quoted,
            _ => {}
        }
        false
    });
    let counts = |essence: &(&[u8], &[u8])| *essence != (b"*", b"*");
    values.filter_map(essence).filter(counts).last().is_some_and(|(kind, subtype)| {
        kind.eq_ignore_ascii_case(b"text") && subtype.eq_ignore_ascii_case(b"event-stream")
    })
}

/// Returns the type and subtype if `value` is a MIME type (MIME Sniffing, "parse a MIME type").
fn essence(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = trim(value).splitn(2, |byte| *byte == b'/');
    let (kind, rest) = (parts.next()?, parts.next()?);
    let subtype = trim_end(rest.split(|byte| *byte == b';').next()?);
    (is_token(kind) && is_token(subtype)).then_some((kind, subtype))
}

fn is_token(name: &[u8]) -> bool {
    let is_allowed = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
    };
    !name.is_empty() && name.iter().all(is_allowed)
}

/// Removes HTTP whitespace: unlike ASCII whitespace, without form feeds.
fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = value {
        value = rest;
    }
    trim_end(value)
}

fn trim_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = value {
        value = rest;
    }
    value
}

/// Parses a `Retry-After` header in seconds.
///
/// Returns `None` if the value is a date: the caller, who has a clock, computes the wait.
///
/// ```
/// use core::time::Duration;
/// use sseam::source::retry_after;
///
/// assert_eq!(retry_after(b"120"), Some(Duration::from_secs(120)));
/// assert_eq!(retry_after(b"Fri, 31 Dec 1999 23:59:59 GMT"), None);
/// ```
#[must_use]
pub fn retry_after(value: &[u8]) -> Option<Duration> {
    let digits = trim(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = digits.iter().fold(0_u64, |seconds, digit| {
        seconds.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0')))
    });
    Some(Duration::from_secs(seconds))
}
