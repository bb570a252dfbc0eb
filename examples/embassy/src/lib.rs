//! Follows a feed on a microcontroller, over connections that end or break: without a heap, by embassy and reqwless.
//!
//! ```toml
//! embassy-time = "0.5"
//! embedded-io-async = "0.7"
//! embedded-nal-async = "0.9"
//! heapless = "0.9"
//! reqwless = { version = "0.14", default-features = false }
//! sseam = { version = "0.1", default-features = false }
//! ```
#![no_std]

use core::time::Duration;

use embassy_time::{Instant, Timer, with_timeout};
use embedded_io_async::BufRead;
use embedded_nal_async::{Dns, TcpConnect};
use reqwless::client::HttpClient;
use reqwless::request::{Method, RequestBuilder};
use sseam::source::{Closed, Head, Lost, Policy, Source, Step};
use sseam::{ArrayBuf, Event, Parser};

/// A connection that is silent for so long is considered lost. Servers send keep-alives.
const MOST_SILENCE: embassy_time::Duration = embassy_time::Duration::from_secs(45);
/// Timers may not reach as far as a server asks for.
const MOST_WAIT: Duration = Duration::from_hours(1);
/// A longer ID is not sent.
const MOST_ID: usize = 64;

/// Calls `handle` with each event until the server ends the feed, or sends no event stream.
///
/// With embassy-net, `tcp` is a `TcpClient`, and `dns` a `DnsSocket`. The `seed` differs for each
/// device, such as its address, so that devices do not all reconnect at once when a server
/// restarts.
pub async fn follow(
    tcp: &impl TcpConnect,
    dns: &impl Dns,
    url: &str,
    seed: u64,
    mut show: impl FnMut(Event<'_>),
) -> Closed {
    const POLICY: Policy = Policy::event_source().with_jitter(Duration::from_secs(3));
    let parser = Parser::with_buffer(ArrayBuf::<1024, MOST_ID>::new());
    let mut source = Source::new(parser, POLICY).with_seed(seed);
    let mut client = HttpClient::new(tcp, dns);
    let mut buffer = [0; 2048]; // For the head of a response, then for pieces of its body.
    loop {
        match source.step(now()) {
            Step::Connect(request) => {
                // A copy: the request exists as long as its response is read.
                let id = request.last_event_id().to_str().unwrap_or_default();
                let id = heapless::String::<MOST_ID>::try_from(id).unwrap_or_default();
                let headers = [
                    ("accept", "text/event-stream"),
                    ("cache-control", "no-cache"),
                    ("last-event-id", &id),
                ];
                let headers = if id.is_empty() { &headers[..2] } else { &headers };
                let connecting = with_timeout(MOST_SILENCE, client.request(Method::GET, url));
                let Ok(Ok(request)) = connecting.await else {
                    source.lost(Lost::Broken, now());
                    continue;
                };
                let mut request = request.headers(headers);
                let sending = with_timeout(MOST_SILENCE, request.send(&mut buffer));
                let Ok(Ok(response)) = sending.await else {
                    source.lost(Lost::Broken, now());
                    continue;
                };
                let is_type = |(name, _): &(&str, _)| name.eq_ignore_ascii_case("content-type");
                let content_type = response.headers().find(is_type).map(|(_, value)| value);
                let head = Head { status: response.status.0, content_type, retry_after: None };
                let _ = source.answered(&head, now()); // `step` returns what to do next.
                let mut body = response.body().reader();
                while source.step(now()) == Step::Read {
                    match with_timeout(MOST_SILENCE, body.fill_buf()).await {
                        Ok(Ok([])) => source.ended(now()),
                        Ok(Ok(mut chunk)) => {
                            let len = chunk.len();
                            while let Some(next) = source.next_event(&mut chunk).transpose() {
                                let Ok(event) = next else { continue }; // It exceeds a limit.
                                show(event);
                            }
                            body.consume(len);
                        }
                        _ => source.lost(Lost::Broken, now()),
                    }
                }
            }
            Step::Wait(until) => {
                let left = until.saturating_sub(now()).min(MOST_WAIT);
                Timer::after(left.try_into().unwrap_or(MOST_SILENCE)).await;
            }
            Step::Read => source.lost(Lost::Broken, now()), // Its body is gone. Does not happen here.
            Step::Closed(closed) => return closed,
        }
    }
}

fn now() -> Duration {
    Duration::from_millis(Instant::now().as_millis())
}
