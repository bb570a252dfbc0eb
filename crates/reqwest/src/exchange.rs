//! One request and the head of its response, in the types of [`sseam::source`].

use std::future::{Future, ready};
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use sseam::Buffer;
use sseam::source::{Head, Refusal, Request, Source};

pub(crate) type Exchange = Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send>>;

/// Sends the request, with the headers of `wanted` that it lacks.
pub(crate) fn send(request: RequestBuilder, wanted: Request<'_>) -> Exchange {
    let (client, request) = request.build_split();
    match request {
        Ok(mut request) => {
            add_headers(request.headers_mut(), wanted);
            Box::pin(client.execute(request))
        }
        Err(error) => Box::pin(ready(Err(error))),
    }
}

/// Adds the headers that a [`Source`] wants. For programs that send its requests themselves.
///
/// Replaces `last-event-id`. Adds the others only if `headers` does not have them.
///
/// ```no_run
/// use std::time::{Duration, Instant};
///
/// use reqwest::{Client, Request};
/// use sseam::VecBuf;
/// use sseam::source::{Lost, Source, Step};
/// use sseam_reqwest::{add_headers, answered};
///
/// /// A step of a driver. [`Source`] shows a whole one.
/// async fn step(source: &mut Source<VecBuf>, client: &Client, mut get: Request, clock: Instant) {
///     if let Step::Connect(wanted) = source.step(clock.elapsed()) {
///         add_headers(get.headers_mut(), wanted);
///         match client.execute(get).await {
///             Ok(response) => match answered(source, &response, clock.elapsed()) {
///                 Ok(()) => {} // The next step reads its body.
///                 Err(refusal) => eprintln!("{refusal}"),
///             },
///             Err(_) => source.lost(Lost::Broken, clock.elapsed()),
///         }
///     }
/// }
/// ```
pub fn add_headers(headers: &mut HeaderMap, wanted: Request<'_>) {
    for (name, value) in wanted.headers() {
        let name = HeaderName::from_static(name);
        // An ID with control characters cannot be a header. The server then starts over.
        let Ok(value) = HeaderValue::from_bytes(value.to_string_lossy().as_bytes()) else {
            continue;
        };
        if name == LAST_EVENT_ID {
            headers.insert(name, value);
        } else {
            headers.entry(name).or_insert(value);
        }
    }
}

const LAST_EVENT_ID: &str = "last-event-id";

/// Reports the head of `response` to `source`, with a `Retry-After` in seconds or as a date. For
/// programs that send its requests themselves: [`add_headers`] has an example.
///
/// # Errors
///
/// As [`Source::answered`].
pub fn answered<B: Buffer>(
    source: &mut Source<B>,
    response: &Response,
    now: Duration,
) -> Result<(), Refusal> {
    let values = response.headers().get_all(CONTENT_TYPE).iter().map(HeaderValue::as_bytes);
    let content_type = values.collect::<Vec<_>>().join(&b", "[..]);
    let head = Head {
        status: response.status().as_u16(),
        content_type: Some(&content_type),
        retry_after: response.headers().get(RETRY_AFTER).and_then(retry_after),
    };
    source.answered(&head, now)
}

/// Seconds, or a date.
fn retry_after(value: &HeaderValue) -> Option<Duration> {
    sseam::source::retry_after(value.as_bytes()).or_else(|| {
        let date = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
        date.duration_since(SystemTime::now()).ok()
    })
}
