//! Whom to ask: a URL, which API is spoken there, and the key, which nobody is shown; or a server
//! of our own.

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

/// What nearly all providers speak, one or the other.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    Chat,
    Responses,
    Messages,
}

impl Api {
    /// What a URL of it ends in.
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

    /// The one that a path belongs to.
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
    /// From a whole address, or from a base, to which the path of `api` is added.
    pub(crate) fn new(url: &str, api: Option<Api>) -> Result<Self, String> {
        // What was given is not repeated: it may hold a password.
        let mut url =
            Url::parse(url.trim()).map_err(|error| format!("the URL is none: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("the URL is of http or https, not of '{}'", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the URL has a user in it, who has no place there".to_string());
        }
        let path = url.path().trim_end_matches('/').to_string();
        match (Api::of_path(&path), api) {
            (Some(told), Some(wanted)) if told != wanted => {
                Err(format!("the URL ends in {}, which --api is not", told.path()))
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

/// The URL without its query, which may hold a key.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(f, "{origin}{}", self.url.path())
    }
}

/// How short a key may be that is looked for in what a server says: words such as `none`, which
/// servers without keys are given, are no secret.
const SECRET: usize = 8;

/// What the server knows us by, and the variable that holds it.
#[derive(Clone)]
pub(crate) struct Key {
    value: Option<String>,
    variable: String,
}

impl Key {
    pub(crate) fn new(value: Option<String>, variable: String) -> Self {
        // A file that was read into a variable ends in a line end.
        Self { value: value.map(|value| value.trim().to_string()), variable }
    }

    /// As a header has it, after `scheme`, if there is one.
    pub(crate) fn header(&self, scheme: &str) -> Result<Option<HeaderValue>, String> {
        let Some(key) = &self.value else { return Ok(None) };
        let mut value = HeaderValue::from_str(&format!("{scheme}{key}"))
            .map_err(|_| format!("what {} holds cannot be sent in a header", self.variable))?;
        // What logs headers leaves this one out.
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// The text without the key: some servers say which one they refuse.
    pub(crate) fn hide(&self, text: String) -> String {
        match &self.value {
            Some(key) if key.len() >= SECRET && text.contains(key) => text.replace(key, "(key)"),
            _ => text,
        }
    }

    /// What to do about a key that is refused.
    pub(crate) fn advice(&self) -> String {
        let variable = &self.variable;
        match self.value {
            Some(_) => format!("the key is the one that {variable} holds"),
            None => format!("no key was sent: {variable} is not set"),
        }
    }
}

/// What a model takes before it speaks, and between two pieces of text.
const THOUGHT: Duration = Duration::from_millis(600);
const PIECE: Duration = Duration::from_millis(55);

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

/// A server of our own, on loopback, that plays recorded answers without a network and without a
/// key, `speed` times as fast as a model would speak them. The first ones, `breaks` of them, are
/// broken off.
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
    // A piece of text is smaller than a packet, and must not wait to fill one.
    to.set_nodelay(true)?;
    let mut from = BufReader::new(to.try_clone()?);
    let (mut head, mut len) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") && from.read_line(&mut head)? > 0 {
        let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        len = line.strip_prefix("content-length: ").map_or(len, |len| len.parse().unwrap_or(0));
    }
    // A connection that is closed before the question was read would be reset.
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
        // Networks cut where they like.
        for half in event.as_bytes().chunks(event.len().div_ceil(2)) {
            write!(to, "{:x}\r\n", half.len())?;
            to.write_all(half)?;
            to.write_all(b"\r\n")?;
        }
        // A model does not keep time.
        let share = 1 + u32::try_from(event.len() % 3).unwrap_or_default();
        sleep(PIECE * share / 2 / speed.get());
    }
    if breaks_off { Ok(()) } else { to.write_all(b"0\r\n\r\n") }
}
