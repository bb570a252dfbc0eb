//! The crate sse-parse: its parser without I/O.

use sse_parse::SseParser;

use crate::answer::{Answer, Dispatched, Request, Retry};
use crate::judge::{Answers, Deviation, Judge};
use crate::standard::Way;

pub(crate) const JUDGE: Judge = Judge {
    name: "sse-parse 0.1.0",
    deviations: &[Deviation {
        way: Way::RetryOf64Bits,
        what: "a `retry` over 2^64-1 ms is ignored",
        right: "the standard: it has no bound",
    }],
    answers,
};

#[allow(clippy::unnecessary_wraps)] // Other judges can fail.
fn answers(requests: &[Request]) -> Answers {
    Ok(requests.iter().map(answer).collect())
}

fn answer(request: &Request) -> Answer {
    let mut parser = SseParser::new();
    let mut events = Vec::new();
    for chunk in request.chunks() {
        parser.feed(chunk);
        while let Some(event) = parser.next_event() {
            events.push(Dispatched(event.event, event.data, event.id));
        }
    }
    parser.finish();
    while let Some(event) = parser.next_event() {
        events.push(Dispatched(event.event, event.data, event.id));
    }
    Answer {
        events,
        last_event_id: Some(parser.last_event_id().to_owned()),
        retry: Retry::Told(parser.retry().map(|time| time.as_millis().to_string())),
    }
}
