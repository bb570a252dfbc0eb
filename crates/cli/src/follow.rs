//! Follows a live stream by its URL, over as many connections as necessary.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url};
use sseam::source::{self, Lost, Policy, Refusal, Resume, Source, Step};
use sseam::{Parser, VecBuf};
use sseam_reqwest::{add_headers, answered};
use tokio::runtime::Builder;

use crate::input::{Follow, How, Message, Over};
use crate::output::{cause, say};

/// The timeout for connecting.
const CONNECT: Duration = Duration::from_secs(10);

/// The longest sleep at a time.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The request to a URL.
#[derive(clap::Args)]
pub(crate) struct Request {
    /// Send this header to a URL, such as 'Authorization: Bearer …'
    #[arg(short = 'H', long = "header", value_name = "HEADER", value_parser = header)]
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Send this to a URL by POST, as a form unless a header says otherwise; '@FILE' reads it from
    /// a file, '@-' from standard input; several are joined by '&'
    #[arg(short = 'd', long = "data", value_name = "DATA", value_parser = data)]
    data: Vec<Bytes>,
}

impl Request {
    /// Returns `true` if any option is given, which requires a URL.
    pub(crate) const fn is_given(&self) -> bool {
        !self.headers.is_empty() || !self.data.is_empty()
    }
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header must be a name, ':' and a value")?;
    let name = name.trim().parse().map_err(|_| format!("'{name}' is not a header name"))?;
    let value =
        value.trim().parse().map_err(|_| format!("invalid value of the header '{name}'"))?;
    Ok((name, value))
}

fn data(text: &str) -> io::Result<Bytes> {
    let bytes = match text.strip_prefix('@') {
        None => text.as_bytes().to_vec(),
        Some("-") => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes)?;
            bytes
        }
        Some(file) => std::fs::read(file)?,
    };
    Ok(bytes.into())
}

/// The URL of the stream, and how it is followed.
pub(crate) struct Target {
    client: Client,
    url: Url,
    headers: HeaderMap,
    data: Option<Vec<u8>>,
    how: How,
    parser: Parser<VecBuf>,
}

impl Target {
    pub(crate) fn new(url: &str, request: &Request, follow: Follow) -> Result<Self, String> {
        let url: Url = url.parse().map_err(|error| format!("'{url}' is not a URL: {error}"))?;
        // reqwest leaves the choice of the cryptography to us. It is set once per process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || Client::builder().connect_timeout(CONNECT);
        // Without TLS no certificates are needed on this machine.
        let client = match client().build() {
            Err(_) if url.scheme() != "https" => client().tls_certs_only([]).build(),
            client => client,
        };
        let given = request.headers.iter().filter(|(_, value)| !value.is_empty());
        let mut headers: HeaderMap = given.cloned().collect();
        let data = (!request.data.is_empty()).then(|| request.data.join(&b'&'));
        if data.is_some() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.entry(CONTENT_TYPE).or_insert(form);
        }
        Ok(Self {
            client: client.map_err(|error| cause(&error))?,
            url,
            headers,
            data,
            how: follow.how,
            parser: follow.parser,
        })
    }

    /// Sends what is received, until the end or until the receiver is dropped.
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
            // A POST may be paid for.
            How::Stream if self.data.is_some() => {
                Policy::event_source().with_resume(Resume::UntilOpen)
            }
            How::Stream => Policy::event_source(),
            How::Call => Policy::call(),
        };
        let seed = RandomState::new().hash_one(());
        let mut source = Source::new(self.parser.clone(), policy).with_seed(seed);
        let (mut response, mut last) = (None, Message::Over(Over::Ended));
        let mut has_opened = false;
        loop {
            let now = clock.elapsed();
            match source.step(now) {
                Step::Connect(wanted) => match self.send(wanted).await {
                    Ok(it) => match answered(&mut source, &it, clock.elapsed()) {
                        Ok(()) => {
                            response = Some(it);
                            has_opened = true;
                        }
                        Err(_) if source.closed().is_none() => say(&status(&it)),
                        // A server responds so to stop its clients from reconnecting.
                        Err(Refusal::Status(204)) => last = Message::Over(Over::Refused),
                        Err(_) if matches!(self.how, How::Call) => {
                            say(&status(&it));
                            pass_on(it, sender).await;
                            last = Message::Over(Over::Refused);
                        }
                        Err(_) if has_opened => {
                            say(&status(&it));
                            last = Message::Over(Over::Ended);
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
                        track(&mut source, &chunk);
                        if chunk.is_empty() {
                            continue;
                        }
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
                        // The reader may have found the final event.
                        let (go_on, gone_on) = sync_channel(1);
                        let _ = sender.send(Message::Over(Over::Connection(go_on)));
                        if gone_on.recv().is_err() {
                            return last;
                        }
                    }
                }
                Step::Wait(until) => {
                    let wait = until.saturating_sub(now);
                    say(&format_args!("reconnecting in {:.1} s", wait.as_secs_f64()));
                    tokio::time::sleep(wait.min(DAY)).await;
                }
                Step::Closed(_) => return last,
            }
        }
    }

    async fn send(&self, wanted: source::Request<'_>) -> reqwest::Result<Response> {
        let mut headers = self.headers.clone();
        add_headers(&mut headers, wanted);
        let request = match &self.data {
            Some(data) => self.client.post(self.url.clone()).body(data.clone()),
            None => self.client.get(self.url.clone()),
        };
        request.headers(headers).send().await
    }
}

/// Keeps the last event ID and the reconnection time in the source; events are parsed elsewhere.
fn track(source: &mut Source<VecBuf>, mut chunk: &[u8]) {
    while !matches!(source.next_event(&mut chunk), Ok(None)) {}
}

/// Forwards the body of a response that is not an event stream.
async fn pass_on(mut response: Response, sender: &SyncSender<Message>) {
    while let Ok(Some(chunk)) = response.chunk().await {
        if !chunk.is_empty() && sender.send(Message::Bytes(chunk.to_vec())).is_err() {
            return;
        }
    }
}

fn status(response: &Response) -> String {
    match response.status() {
        reqwest::StatusCode::OK => "the response is not an event stream".to_string(),
        status => format!("the server answered {status}"),
    }
}
