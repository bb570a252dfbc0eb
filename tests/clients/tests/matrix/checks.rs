//! What a client has to make of an answer.

use sseam::Outcome;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::LIMIT;
use crate::answer::{Answer, Framing};
use crate::events::{COUNT, LINE_ENDS, LineEnd, blocks, expected};
use crate::received::{Log, Received};
use crate::server::serve;

/// All events come, one by one the same, and the end is an end.
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

/// All events before the cut come, and that it was a cut is told: by the transport if it
/// can see it, by the parser in the middle of an event, by the tracker always.
pub(crate) async fn cuts(
    client: impl AsyncFn(String, Log) -> Received,
    manner: impl Fn(Vec<u8>) -> Answer,
) {
    const WHOLE: usize = COUNT / 2;
    for line_end in LINE_ENDS {
        let blocks = blocks(line_end);
        let (before, next) = (blocks[..WHOLE].concat(), &blocks[WHOLE]);
        for framing in [Framing::Chunked, Framing::CloseDelimited] {
            for of_next in [0, next.len() / 2, next.len() - line_end.text().len()] {
                let case = format!("{line_end:?}, {framing:?}, {of_next} bytes of an event");
                let answer = manner([&before, &next[..of_next]].concat()).framed(framing);
                let is_transports = framing == Framing::Chunked || answer.is_gzip;
                let received = receive(&client, answer, &case).await;
                check_events(&received, WHOLE, &case);
                let error = received.error;
                assert_eq!(error.is_some(), is_transports, "{case}: {error:?}");
                assert_eq!(received.discarded, of_next > 0, "{case}");
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
    received.unwrap_or_else(|_| panic!("{case}: hangs behind {} events", *seen.borrow()))
}

fn check_events(received: &Received, count: usize, case: &str) {
    let expected = expected();
    for (n, (event, expected)) in received.events.iter().zip(&expected).enumerate() {
        assert_eq!(event, expected, "{case}: event {n}");
    }
    assert_eq!(received.events.len(), count, "{case}: events; the error: {:?}", received.error);
}
