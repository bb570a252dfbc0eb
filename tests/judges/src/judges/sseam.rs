//! sseam itself, with the buffer that is on the heap.

use std::error::Error;

use sseam::Parser;

use crate::answer::{Answer, Dispatched, Request, Retry};
use crate::common::{self, Told};
use crate::judge::{Answers, Deviation, Judge};
use crate::standard::Way;

pub(crate) const JUDGE: Judge = Judge {
    name: "sseam",
    deviations: &[Deviation {
        way: Way::RetryOf64Bits,
        what: "a `retry` over 2^64-1 ms, half a billion years, is ignored, as the README says",
        right: "the standard: it has no bound, and a parser without one needs memory without one",
    }],
    answers,
};

fn answers(requests: &[Request]) -> Answers {
    requests.iter().map(answer).collect()
}

fn answer(request: &Request) -> Result<Answer, Box<dyn Error>> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let log = common::read_events(&mut Parser::new(), &request.chunks(), false);
    let events = log.told.iter().map(|told| match told {
        Told::Event { event_type, data, id } => {
            Ok(Dispatched(text(event_type), text(data), text(id)))
        }
        other => Err(format!("{}: {other:?}", request.name).into()),
    });
    Ok(Answer {
        events: events.collect::<Result<_, Box<dyn Error>>>()?,
        last_event_id: Some(text(&log.last_event_id)),
        retry: Retry::Told(log.retry.map(|time| time.to_string())),
    })
}
