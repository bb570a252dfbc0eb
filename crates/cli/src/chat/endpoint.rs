//! The URL with its API, the key, which is never printed, and a local server of recorded answers.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::thread::{self, sleep};
use std::time::Duration;

use clap::ValueEnum;
use reqwest::Url;
use reqwest::header::HeaderValue;
use sseam::llm::Protocol;

/// The APIs that nearly all providers offer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    Chat,
    Responses,
    Messages,
}

impl Api {
    /// The end of its URLs.
    fn path(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Responses => "/responses",
            Self::Messages => "/messages",
        }
    }

    /// The protocol of its streams.
    pub(crate) fn protocol(self) -> &'static Protocol {
        match self {
            Self::Chat => Protocol::CHAT,
            Self::Responses => Protocol::RESPONSES,
            Self::Messages => Protocol::MESSAGES,
        }
    }

    /// The API that a path belongs to.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        Self::value_variants().iter().copied().find(|api| path.ends_with(api.path()))
    }
}

#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: Url,
    pub(crate) api: Api,
}

impl Endpoint {
    /// From a complete URL, or from a base, to which the path of `api` is added.
    pub(crate) fn new(url: &str, api: Option<Api>) -> Result<Self, String> {
        // The argument is not repeated in errors: it may contain a password.
        let mut url = Url::parse(url.trim()).map_err(|error| format!("invalid URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("the URL must be http or https, not '{}'", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the URL must not contain a user name".to_string());
        }
        let path = url.path().trim_end_matches('/').to_string();
        match (Api::of_path(&path), api) {
            (Some(given), Some(wanted)) if given != wanted => {
                Err(format!("the URL ends in {}, which does not match --api", given.path()))
            }
            (Some(api), _) => {
                url.set_path(&path);
                Ok(Self { url, api })
            }
            (None, wanted) => {
                let api = wanted.unwrap_or(Api::Chat);
                url.set_path(&format!("{path}{}", api.path()));
                Ok(Self { url, api })
            }
        }
    }
}

/// Displays the URL without its query, which may contain a key.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(f, "{origin}{}", self.url.path())
    }
}

/// Shorter keys are not hidden in a server's messages: words such as `none`, used with servers
/// without keys, are not secret.
const SECRET: usize = 8;

/// The key, and the variable that holds it.
#[derive(Clone)]
pub(crate) struct Key {
    value: Option<String>,
    variable: String,
}

impl Key {
    pub(crate) fn new(value: Option<String>, variable: String) -> Self {
        // A value that was read from a file may end in a line end.
        Self { value: value.map(|value| value.trim().to_string()), variable }
    }

    /// The value of the header, after `scheme`, if there is one.
    pub(crate) fn header(&self, scheme: &str) -> Result<Option<HeaderValue>, String> {
        let Some(key) = &self.value else { return Ok(None) };
        let mut value = HeaderValue::from_str(&format!("{scheme}{key}"))
            .map_err(|_| format!("the value of {} cannot be sent in a header", self.variable))?;
        // Excludes the header from logs.
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Hides the key in the text: some servers repeat the key that they refuse.
    pub(crate) fn hide(&self, text: String) -> String {
        match &self.value {
            Some(key) if key.len() >= SECRET && text.contains(key) => text.replace(key, "(key)"),
            _ => text,
        }
    }

    /// A hint for a refused key.
    pub(crate) fn advice(&self) -> String {
        let variable = &self.variable;
        match self.value {
            Some(_) => format!("the key was taken from {variable}"),
            None => format!("no key was sent: {variable} is not set"),
        }
    }
}

/// The time before the first text, and between two pieces of text.
const THOUGHT: Duration = Duration::from_millis(600);
const PIECE: Duration = Duration::from_millis(55);

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

/// Starts a local server that plays recorded answers without a network and a key, `speed` times as
/// fast as a model, and breaks off the first `breaks` of them.
pub(super) fn serve_recorded(speed: NonZeroU32, breaks: u32) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for (number, connection) in (0..).zip(listener.incoming()) {
            // The client sees an error, too: its connection closes.
            let _ = connection.and_then(|stream| play(stream, speed, number < breaks));
        }
    });
    Ok(address)
}

fn play(mut to: TcpStream, speed: NonZeroU32, breaks_off: bool) -> io::Result<()> {
    // A piece of text is smaller than a packet, and must not be delayed.
    to.set_nodelay(true)?;
    let mut from = BufReader::new(to.try_clone()?);
    let (mut head, mut len) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") && from.read_line(&mut head)? > 0 {
        let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        len = line.strip_prefix("content-length: ").map_or(len, |len| len.parse().unwrap_or(0));
    }
    // A connection closed before the question was read would be reset.
    io::copy(&mut from.take(len), &mut io::sink())?;
    let stream = match head.split(' ').nth(1).and_then(Api::of_path) {
        Some(Api::Responses) => include_str!("../../samples/responses.sse"),
        Some(Api::Messages) => include_str!("../../samples/messages.sse"),
        Some(Api::Chat) | None => include_str!("../../samples/chat.sse"),
    };
    to.write_all(HEAD.as_bytes())?;
    sleep(THOUGHT / speed.get());
    let cut = if breaks_off { stream.len() / 2 } else { stream.len() };
    for event in stream[..cut].split_inclusive("\n\n") {
        // Chunk boundaries are arbitrary.
        for half in event.as_bytes().chunks(event.len().div_ceil(2)) {
            write!(to, "{:x}\r\n", half.len())?;
            to.write_all(half)?;
            to.write_all(b"\r\n")?;
        }
        // The pauses vary like a model's.
        let share = 1 + u32::try_from(event.len() % 3).unwrap_or_default();
        sleep(PIECE * share / 2 / speed.get());
    }
    if breaks_off { Ok(()) } else { to.write_all(b"0\r\n\r\n") }
}
