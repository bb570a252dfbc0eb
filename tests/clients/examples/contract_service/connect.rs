//! A request for the stream, and whether a stream comes of it.

use std::error::Error;
use std::iter;
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Method, Response, StatusCode, Url};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How many redirects are followed, as in the Fetch standard.
const REDIRECTS: usize = 20;

/// What to ask for, and how.
pub(crate) struct Target {
    client: Client,
    url: Url,
    method: Method,
    headers: HeaderMap,
    body: Option<String>,
}

/// Why there is no stream, in a sentence.
pub(crate) enum Refused {
    /// And there may be one later.
    ForNow(String),
    /// And there will be none.
    ForGood(String),
}

impl Target {
    /// Silence for as long as `read_timeout` breaks a connection.
    pub(crate) fn new(
        url: Url,
        method: Method,
        headers: HeaderMap,
        body: Option<String>,
        read_timeout: Option<Duration>,
    ) -> Result<Self, String> {
        let mut client = Client::builder()
            .no_proxy()
            // What is compressed may come when there is enough of it, not when it is sent.
            .no_gzip()
            // A connection that has had its stream is not used for the next.
            .pool_max_idle_per_host(0)
            .referer(false)
            .redirect(Policy::custom(follow));
        if let Some(silence) = read_timeout {
            client = client.read_timeout(silence);
        }
        let client = client.build().map_err(|error| with_causes(&error))?;
        Ok(Self { client, url, method, headers, body })
    }

    /// Connects, to where the harness said, also after redirects before.
    pub(crate) async fn connect(&self, last_event_id: &str) -> Result<Response, Refused> {
        let mut headers = self.headers.clone();
        if !last_event_id.is_empty() {
            // A header cannot carry every control character that an ID can.
            // Without the header the server has to start over, but there is a
            // connection.
            if let Ok(id) = HeaderValue::from_bytes(last_event_id.as_bytes()) {
                headers.insert(LAST_EVENT_ID, id);
            }
        }
        let mut request =
            self.client.request(self.method.clone(), self.url.clone()).headers(headers);
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        match request.send().await {
            Ok(response) => judge(response),
            Err(error) => Err(Refused::ForNow(with_causes(&error))),
        }
    }
}

/// Which redirects are followed, by the Fetch standard. The client keeps method
/// and body where that says so, and takes credentials away between hosts.
fn follow(attempt: Attempt) -> reqwest::redirect::Action {
    // An empty `Location` leads there, too. The harness wants that to be an
    // error and not a loop: the redirect is then the response.
    if attempt.previous().last() == Some(attempt.url()) {
        attempt.stop()
    } else if attempt.previous().len() > REDIRECTS {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// Whether a response is the stream. To the standard any other is the end; the
/// harness's clients take a failing server for one that may recover, as
/// earlier drafts of the standard did.
fn judge(response: Response) -> Result<Response, Refused> {
    let status = response.status();
    if status.is_server_error() {
        Err(Refused::ForNow(format!("the server fails with {status}")))
    } else if status != StatusCode::OK {
        Err(Refused::ForGood(format!("the server answers {status}: no stream")))
    } else if !is_event_stream(response.headers()) {
        Err(Refused::ForGood("the response is not a text/event-stream".to_string()))
    } else {
        Ok(response)
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return false };
    let media_type = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

/// The error and what it says of its causes, which is where the client puts them.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let errors = iter::successors(Some(error), |error| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
