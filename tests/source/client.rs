//! A client of a scripted server, and the trace of both.

use std::time::Duration;

use sseam::source::{Head, Lost, Source, Step};
use sseam::{Buffer, Error};
use sseam_testkit::ms;

/// The answer to a request.
#[derive(Clone, Copy)]
pub enum Answer<'s> {
    /// A response with this body, which ends.
    Response {
        status: u16,
        content_type: &'s str,
        retry_after: Option<Duration>,
        body: &'s str,
    },
    /// An event stream that breaks off.
    Broken(&'s str),
    Lost(Lost),
}

/// An event stream that ends.
pub const fn stream(body: &str) -> Answer<'_> {
    Answer::Response { status: 200, content_type: "text/event-stream", retry_after: None, body }
}

pub const fn status(status: u16) -> Answer<'static> {
    let content_type = "text/event-stream";
    Answer::Response { status, content_type, retry_after: None, body: "data: not read\n\n" }
}

/// Runs the source until it is closed or no answer is left. The trace has a line for each request
/// with its ID, each event with its own, each wait in milliseconds, and the reason for closing.
/// Bodies arrive in chunks of `size` bytes.
pub fn run<B: Buffer>(source: &mut Source<B>, answers: &[Answer<'_>], size: usize) -> Vec<String> {
    let (mut trace, mut now, mut answers) = (Vec::new(), Duration::ZERO, answers.iter());
    loop {
        assert!(trace.len() < 100, "endless: {trace:?}");
        let body = match source.step(now) {
            Step::Connect(request) => {
                let id = request.headers().find(|(name, _)| *name == "last-event-id");
                trace.push(match id {
                    Some((_, id)) => format!("connect, {id}"),
                    None => "connect".to_owned(),
                });
                match answers.next() {
                    None => return trace,
                    Some(Answer::Lost(lost)) => {
                        source.lost(*lost, now);
                        continue;
                    }
                    Some(Answer::Broken(body)) => (*body, accept(source, now), false),
                    Some(&Answer::Response { status, content_type, retry_after, body }) => {
                        let content_type = Some(content_type.as_bytes());
                        let head = Head { status, content_type, retry_after };
                        if source.answered(&head, now).is_err() {
                            continue;
                        }
                        (body, (), true)
                    }
                }
            }
            Step::Read => unreachable!("each body is read to its end at once"),
            Step::Wait(until) => {
                trace.push(format!("wait {}", until.saturating_sub(now).as_millis()));
                now = until;
                continue;
            }
            Step::Closed(closed) => {
                trace.push(format!("closed: {closed}"));
                return trace;
            }
        };
        let (body, (), ends) = body;
        for chunk in body.as_bytes().chunks(size) {
            assert_eq!(source.step(now), Step::Read);
            trace.extend(feed(source, chunk));
        }
        if ends { source.ended(now) } else { source.lost(Lost::Broken, now) }
    }
}

fn accept<B: Buffer>(source: &mut Source<B>, now: Duration) {
    source.answered(&GOOD, now).expect("an event stream");
}

pub const GOOD: Head<'static> =
    Head { status: 200, content_type: Some(b"text/event-stream"), retry_after: None };

/// Feeds the whole chunk. Returns its events, each with its ID.
pub fn feed<B: Buffer>(source: &mut Source<B>, bytes: &[u8]) -> Vec<String> {
    let (mut chunk, mut seen) = (bytes, Vec::new());
    loop {
        match source.next_event(&mut chunk) {
            Ok(Some(event)) if event.last_event_id().is_empty() => {
                seen.push(event.data().to_string());
            }
            Ok(Some(event)) => seen.push(format!("{}, {}", event.data(), event.last_event_id())),
            Ok(None) => return seen,
            Err(Error::TooLarge { .. }) => seen.push("too large".to_owned()),
            Err(error) => panic!("{error}"),
        }
    }
}

/// How many milliseconds it waits before it connects; `None` if it does not connect.
pub fn wait<B: Buffer>(source: &mut Source<B>, now: u64) -> Option<u64> {
    match source.step(ms(now)) {
        Step::Connect(_) => Some(0),
        Step::Wait(until) => {
            Some(u64::try_from(until.as_millis()).expect("a u64 of milliseconds") - now)
        }
        _ => None,
    }
}
