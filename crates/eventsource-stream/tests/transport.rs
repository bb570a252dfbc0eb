//! How the inner stream is polled, its pending states, and its errors.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::Stream;

/// A transport that yields these results, and must not be polled after its end.
struct Script(Vec<Poll<Option<Result<&'static str, &'static str>>>>);

impl Stream for Script {
    type Item = Result<&'static str, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        assert!(!self.0.is_empty(), "polled after its end");
        self.0.remove(0)
    }
}

macro_rules! play {
    ($krate:ident) => {{
        let chunk = |text| Poll::Ready(Some(Ok(text)));
        let mut script = Script(vec![
            chunk("data: 1\n\ndata: 2\n\nda"),
            Poll::Pending,
            chunk(""),
            chunk("ta: 3"),
            Poll::Ready(Some(Err("reset"))),
            chunk("\n\ndata: 4"),
            Poll::Ready(None),
        ]);
        let mut events = $krate::EventStream::new(&mut script);
        let mut context = Context::from_waker(Waker::noop());
        let mut log = Vec::new();
        for _ in 0..8 {
            log.push(match Pin::new(&mut events).poll_next(&mut context) {
                Poll::Ready(Some(Ok(event))) => event.data,
                Poll::Ready(Some(Err(error))) => error.to_string(),
                Poll::Ready(None) => String::from("end"),
                Poll::Pending => String::from("pending"),
            });
        }
        log
    }};
}

#[test]
fn polled_like_by_the_original() {
    let expected = ["1", "2", "pending", "Transport error: reset", "3", "end", "end", "end"];
    assert_eq!(play!(original), expected);
    assert_eq!(play!(eventsource_stream), expected);
}
