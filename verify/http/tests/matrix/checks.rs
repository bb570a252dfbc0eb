//! What a client received of a response, and what it should be.

use std::fmt::Display;

use sseam::llm::{Outcome, Protocol, Tracker};
use sseam::{End, Event};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::LIMIT;
use crate::answers::{Answer, Framing};
use crate::events::{COUNT, LINE_ENDS, LineEnd, Seen, blocks, expected};
use crate::server::serve;

/// Records the events that a client receives, and reports their number to the server.
pub(crate) struct Log {
    events: Vec<Seen>,
    tracker: Tracker,
    seen: watch::Sender<usize>,
}

/// Everything that a client received, and how it ended.
pub(crate) struct Received {
    pub(crate) events: Vec<Seen>,
    /// The transport's error, if that was the end.
    pub(crate) error: Option<String>,
    /// Whether the end was in the middle of an event.
    pub(crate) discarded: bool,
    pub(crate) outcome: Outcome,
}

impl Log {
    pub(crate) fn new(seen: watch::Sender<usize>) -> Self {
        Self { events: Vec::new(), tracker: Tracker::of(Protocol::DONE), seen }
    }

    /// Has to be called for each event, before the next is requested.
    pub(crate) fn saw(&mut self, event: &Event<'_>) {
        let [event_type, data, id] = [event.event_type(), event.data(), event.last_event_id()]
            .map(|value| value.to_str().expect("UTF-8").to_owned());
        self.events.push(Seen { event_type, data, id });
        self.tracker.observe(event);
        self.seen.send_modify(|seen| *seen += 1);
    }

    /// The stream has ended, as far as the client can know.
    pub(crate) fn ended(self, end: End) -> Received {
        self.received(None, end)
    }

    /// The client returned an error; `end` is the parser's result.
    pub(crate) fn broke(self, error: impl Display, end: End) -> Received {
        self.received(Some(error.to_string()), end)
    }

    fn received(self, error: Option<String>, end: End) -> Received {
        let outcome = self.tracker.outcome(end);
        Received { events: self.events, error, discarded: end == End::MidEvent, outcome }
    }
}

/// All events arrive, one by one the same, and the end is clean.
pub(crate) async fn whole(
    client: impl AsyncFn(String, Log) -> Received,
    manner: impl Fn(LineEnd) -> Answer,
) {
    for line_end in LINE_ENDS {
        let case = format!("{line_end:?}");
        let received = receive(&client, manner(line_end), &case).await;
        check_events(&received, COUNT, &case);
        assert_eq!(received.error, None, "{case}");
        assert!(!received.discarded, "{case}");
        assert_eq!(received.outcome, Outcome::Completed, "{case}");
    }
}

/// All events before the cut arrive, and the cut is reported: by the transport if it can know, by
/// the parser in the middle of an event, by the tracker always.
pub(crate) async fn cuts(
    client: impl AsyncFn(String, Log) -> Received,
    manner: impl Fn(Vec<u8>) -> Answer,
) {
    const WHOLE: usize = COUNT / 2;
    for line_end in LINE_ENDS {
        let blocks = blocks(line_end);
        let (before, next) = (blocks[..WHOLE].concat(), &blocks[WHOLE]);
        for framing in [Framing::Chunked, Framing::CloseDelimited] {
            for next_bytes in [0, next.len() / 2, next.len() - line_end.text().len()] {
                let case = format!("{line_end:?}, {framing:?}, {next_bytes} bytes of an event");
                let answer = manner([&before, &next[..next_bytes]].concat()).framed(framing);
                let is_transports = framing == Framing::Chunked || answer.is_gzip;
                let received = receive(&client, answer, &case).await;
                check_events(&received, WHOLE, &case);
                let error = received.error;
                assert_eq!(error.is_some(), is_transports, "{case}: {error:?}");
                assert_eq!(received.discarded, next_bytes > 0, "{case}");
                assert_eq!(received.outcome, Outcome::Truncated, "{case}");
            }
        }
    }
}

async fn receive(
    client: &impl AsyncFn(String, Log) -> Received,
    answer: Answer,
    case: &str,
) -> Received {
    let (sender, seen) = watch::channel(0);
    let exchange = async {
        let url = serve(answer, seen.clone()).await;
        client(url, Log::new(sender)).await
    };
    let received = timeout(LIMIT, exchange).await;
    received.unwrap_or_else(|_| panic!("{case}: hangs after {} events", *seen.borrow()))
}

fn check_events(received: &Received, count: usize, case: &str) {
    let expected = expected();
    for (n, (event, expected)) in received.events.iter().zip(&expected).enumerate() {
        assert_eq!(event, expected, "{case}: event {n}");
    }
    assert_eq!(received.events.len(), count, "{case}: events; the error: {:?}", received.error);
}
