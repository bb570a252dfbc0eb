//! The crate sse-core: its decoder without I/O.

use std::error::Error;

use sse_core::{SseDecoder, SseEvent};

use crate::answer::{Answer, Dispatched, Request, Retry};
use crate::judge::{Answers, Deviation, Judge};
use crate::standard::Way;

pub(crate) const JUDGE: Judge = Judge {
    name: "sse-core 0.2.3",
    deviations: &[Deviation {
        way: Way::RetryOf32Bits,
        what: "a `retry` over 2^32-1 ms, fifty days, is ignored",
        right: "the standard: it has no bound",
    }],
    answers,
};

fn answers(requests: &[Request]) -> Answers {
    requests.iter().map(answer).collect()
}

fn answer(request: &Request) -> Result<Answer, Box<dyn Error>> {
    let mut decoder = SseDecoder::new();
    let (mut events, mut retry) = (Vec::new(), None);
    for mut chunk in request.chunks() {
        while let Some(event) = decoder.next(&mut chunk).transpose()? {
            match event {
                SseEvent::Message(event) => events.push(Dispatched(
                    event.event.into_owned(),
                    event.data,
                    event.last_event_id.as_deref().unwrap_or_default().to_owned(),
                )),
                SseEvent::Retry(time) => retry = Some(time.to_string()),
            }
        }
    }
    Ok(Answer {
        events,
        last_event_id: Some(decoder.last_event_id().map_or("", |id| id).to_owned()),
        retry: Retry::Told(retry),
    })
}
