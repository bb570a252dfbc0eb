//! Follows a live stream by its URL, over as many connections as it takes.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, Url};
use sseam::Parser;
use sseam::source::{self, Closed, Head, Lost, Policy, Refusal, Source, Step};
use tokio::runtime::Builder;

use crate::input::{Follow, Message, Over};
use crate::output::{cause, say};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// The longest sleep at a time.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What to send to a URL.
#[derive(clap::Args)]
pub(crate) struct Request {
    /// Send this header to a URL, such as 'Authorization: Bearer …'
    #[arg(short = 'H', long = "header", value_name = "HEADER", value_parser = header)]
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Send this to a URL, by POST, as a form unless a header says otherwise; '@FILE' reads it
    /// from a file
    #[arg(short = 'd', long = "data", value_name = "DATA", value_parser = data)]
    data: Option<Bytes>,
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header is a name, ':' and a value")?;
    let name = name.trim().parse().map_err(|_| format!("'{name}' is no name of a header"))?;
    let value =
        value.trim().parse().map_err(|_| format!("the value of '{name}' fits no header"))?;
    Ok((name, value))
}

fn data(text: &str) -> io::Result<Bytes> {
    text.strip_prefix('@')
        .map_or_else(|| Ok(text.as_bytes().to_vec()), std::fs::read)
        .map(Bytes::from)
}

/// Where the stream is, and how it is followed.
pub(crate) struct Target {
    client: Client,
    url: Url,
    headers: HeaderMap,
    data: Option<Bytes>,
    how: Follow,
}

impl Target {
    pub(crate) fn new(url: &str, request: &Request, how: Follow) -> Result<Self, String> {
        let url: Url = url.parse().map_err(|error| format!("'{url}' is no URL: {error}"))?;
        // Whose cryptography it is reqwest leaves to us. It is set once for all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder().connect_timeout(CONNECT);
        if url.scheme() != "https" {
            // Without TLS there need be no certificates on this machine.
            client = client.tls_certs_only([]);
        }
        let mut headers: HeaderMap = request.headers.iter().cloned().collect();
        if request.data.is_some() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.entry(CONTENT_TYPE).or_insert(form);
        }
        Ok(Self {
            client: client.build().map_err(|error| cause(&error))?,
            url,
            headers,
            data: request.data.clone(),
            how,
        })
    }

    /// Sends what comes, until nothing more does or nobody wants it.
    pub(crate) fn follow(&self, sender: &SyncSender<Message>) {
        let last = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(self.messages(sender)),
            Err(error) => Message::Failed(error),
        };
        let _ = sender.send(last);
    }

    /// Returns the last message.
    async fn messages(&self, sender: &SyncSender<Message>) -> Message {
        let clock = Instant::now();
        let policy = match self.how {
            Follow::Stream => Policy::event_source(),
            Follow::Call => Policy::call(),
        };
        let mut source =
            Source::new(Parser::new(), policy).with_seed(RandomState::new().hash_one(()));
        let (mut response, mut last) = (None, Message::Over(Over::Ended));
        loop {
            let now = clock.elapsed();
            match source.step(now) {
                Step::Connect(wanted) => match self.send(wanted).await {
                    Ok(it) => match answered(&mut source, &it, clock.elapsed()) {
                        Ok(()) => response = Some(it),
                        Err(_) if source.closed().is_none() => say(&status(&it)),
                        // So a server asks its clients not to connect again.
                        Err(Refusal::Status(204)) => {}
                        Err(_) if matches!(self.how, Follow::Call) => {
                            say(&status(&it));
                            last = pass_on(it, sender).await;
                        }
                        Err(_) => last = Message::Failed(io::Error::other(status(&it))),
                    },
                    Err(error) => {
                        let why = if error.is_builder() { Lost::Futile } else { Lost::Broken };
                        source.lost(why, clock.elapsed());
                        last = Message::Failed(io::Error::other(cause(&error)));
                        if source.closed().is_none() {
                            say(&format_args!("no connection: {}", cause(&error)));
                        }
                    }
                },
                Step::Read => {
                    let chunk = match &mut response {
                        Some(response) => response.chunk().await,
                        None => Ok(None),
                    };
                    if let Ok(Some(chunk)) = chunk {
                        take_note(&mut source, &chunk);
                        if sender.send(Message::Bytes(chunk.to_vec())).is_err() {
                            return last;
                        }
                        continue;
                    }
                    last = match chunk {
                        Ok(_) => {
                            source.ended(clock.elapsed());
                            Message::Over(Over::Ended)
                        }
                        Err(error) => {
                            source.lost(Lost::Broken, clock.elapsed());
                            say(&format_args!("the connection broke off: {}", cause(&error)));
                            Message::Over(Over::Broken)
                        }
                    };
                    if source.closed().is_none() {
                        // Whoever reads may have seen the final event.
                        let (go_on, gone_on) = sync_channel(1);
                        let _ = sender.send(Message::Over(Over::Connection(go_on)));
                        if gone_on.recv().is_err() {
                            return last;
                        }
                    }
                }
                Step::Wait(until) => {
                    let wait = until.saturating_sub(now);
                    say(&format_args!("connects again in {:.1} s", wait.as_secs_f64()));
                    tokio::time::sleep(wait.min(DAY)).await;
                }
                Step::Closed(Closed::Refused(Refusal::Status(204))) => {
                    return Message::Over(Over::Ended);
                }
                Step::Closed(_) => return last,
            }
        }
    }

    async fn send(&self, wanted: source::Request<'_>) -> reqwest::Result<Response> {
        let mut headers = self.headers.clone();
        for (name, value) in wanted.headers() {
            let name = HeaderName::from_static(name);
            // What fits no header is left out: the server then starts over.
            let value = HeaderValue::from_bytes(value.to_string_lossy().as_bytes());
            if let (Ok(value), true) =
                (value, name == "last-event-id" || !headers.contains_key(&name))
            {
                headers.insert(name, value);
            }
        }
        let request = match &self.data {
            Some(data) => self.client.post(self.url.clone()).body(data.clone()),
            None => self.client.get(self.url.clone()),
        };
        request.headers(headers).send().await
    }
}

fn answered(
    source: &mut Source<sseam::VecBuf>,
    response: &Response,
    now: Duration,
) -> Result<(), Refusal> {
    let values = response.headers().get_all(CONTENT_TYPE).iter().map(HeaderValue::as_bytes);
    let content_type = values.collect::<Vec<_>>().join(&b", "[..]);
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| {
        source::retry_after(value.as_bytes()).or_else(|| {
            let date = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
            date.duration_since(SystemTime::now()).ok()
        })
    });
    let status = response.status().as_u16();
    source.answered(&Head { status, content_type: Some(&content_type), retry_after }, now)
}

/// The last event ID and the reconnection time are the source's; the events are read elsewhere.
fn take_note(source: &mut Source<sseam::VecBuf>, mut chunk: &[u8]) {
    while !matches!(source.next_event(&mut chunk), Ok(None)) {}
}

/// Passes on the body of a response that is no event stream. Returns the last message.
async fn pass_on(mut response: Response, sender: &SyncSender<Message>) -> Message {
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                if sender.send(Message::Bytes(chunk.to_vec())).is_err() {
                    return Message::Over(Over::Ended);
                }
            }
            Ok(None) => return Message::Over(Over::Ended),
            Err(_) => return Message::Over(Over::Broken),
        }
    }
}

fn status(response: &Response) -> String {
    match response.status() {
        reqwest::StatusCode::OK => "the response is not an event stream".to_string(),
        status => format!("the server answered {status}"),
    }
}
