//! Streams written as documented have no extra events for readers that are less exact than the
//! standard.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use sseam::encode::Block;
use sseam_testkit::ms;
use sseam_testkit::streams::cases;

/// A reader like those of openai-python and httpx-sse. At a blank line it clears everything but the
/// ID, and dispatches an event unless type, data, ID and reconnection time are all unset.
#[derive(Default)]
struct Lenient {
    event_type: String,
    data: Vec<String>,
    id: String,
    retry: Option<u64>,
}

impl Lenient {
    /// Reads a whole stream. Returns the data of each event.
    fn read(stream: &str) -> Vec<String> {
        let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = Self::default();
        stream.split_terminator('\n').filter_map(|line| reader.read_line(line)).collect()
    }

    fn read_line(&mut self, line: &str) -> Option<String> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match name {
            "" if line.is_empty() => return self.dispatch(),
            "event" => self.event_type = value,
            "data" => self.data.push(value),
            "id" if !value.contains('\0') => self.id = value,
            "retry" => self.retry = value.parse().ok(),
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<String> {
        let Self { event_type, data, id, retry } = std::mem::take(self);
        let is_event =
            !event_type.is_empty() || !data.is_empty() || !id.is_empty() || retry.is_some();
        self.id = id;
        is_event.then(|| data.join("\n"))
    }
}

/// What this reader dispatches in excess, which is why the documentation advises against writing
/// it.
#[test]
fn events_without_data() {
    for stream in [
        &Block::new().retry(ms(3000)).to_string(),
        &Block::new().id("1").unwrap().to_string(),
        &Block::comment("hello").retry(ms(3000)).to_string(),
        "id: 1\ndata: x\n\n: keep-alive\n\n",
    ] {
        let events = Lenient::read(stream);
        assert_eq!(events.iter().filter(|data| data.is_empty()).count(), 1, "{stream:?}");
    }
}

/// A block as documented: an event with any fields, or only a comment.
fn block() -> impl Strategy<Value = (Option<String>, Option<String>, Option<u64>, String)> {
    let data = option::weighted(0.7, "[ \na:\u{FEFF}]{0,6}");
    let id = option::of("[ 0-9]{0,2}");
    (data, id, option::weighted(0.2, 0..10_u64), "[ \na]{0,6}")
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn no_extra_events(blocks in vec(block(), 0..8)) {
        let (mut stream, mut expected) = (String::new(), Vec::new());
        for (data, id, retry, comment) in &blocks {
            let block = match data {
                None => Block::comment(comment.as_str()),
                Some(data) => {
                    expected.push(data.clone());
                    let block = Block::data(data.as_str());
                    let block = retry.map_or(block, |retry| block.retry(ms(retry)));
                    id.as_deref().map_or(Ok(block), |id| block.id(id)).expect("valid")
                }
            };
            stream += &block.to_string();
        }
        prop_assert_eq!(Lenient::read(&stream), expected, "{}", stream);
    }
}

#[cfg(feature = "stream")]
mod keep_alive {
    use std::collections::VecDeque;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use bytes::Bytes;
    use futures_core::Stream;
    use sseam::encode::KeepAlive;

    use super::{Block, Lenient, ms};

    /// What each poll returns; then the end, once.
    struct Script<T>(VecDeque<Poll<T>>, bool);

    impl<T> Script<T> {
        fn of(polls: impl IntoIterator<Item = Poll<T>>) -> Self {
            Self(polls.into_iter().collect(), false)
        }
    }

    impl<T: Unpin> Stream for Script<T> {
        type Item = T;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
            assert!(!self.1, "polled after the end");
            let next = self.0.pop_front();
            self.1 = next.is_none();
            next.map_or(Poll::Ready(None), |poll| poll.map(Some))
        }
    }

    const WAIT: Poll<()> = Poll::Pending;
    const TICK: Poll<()> = Poll::Ready(());

    /// A block, or `None` for pending.
    type Blocks = [Option<&'static str>];

    /// Blocks, ticks, and what each poll returns.
    type Case = (&'static Blocks, &'static [Poll<()>], &'static [&'static str]);

    /// Records what each poll returned, `.` for pending.
    fn run(blocks: &Blocks, ticks: &[Poll<()>]) -> Vec<String> {
        let blocks = blocks.iter().map(|block| match block {
            Some(data) => Poll::Ready(Ok::<_, ()>(Bytes::from(Block::data(*data)))),
            None => Poll::Pending,
        });
        let mut body = KeepAlive::new(Script::of(blocks), Script::of(ticks.iter().copied()));
        let mut polls = Vec::new();
        loop {
            match Pin::new(&mut body).poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => polls.push(".".to_owned()),
                Poll::Ready(None) => return polls,
                Poll::Ready(Some(block)) => {
                    polls.push(String::from_utf8(block.unwrap().to_vec()).expect("text"));
                }
            }
        }
    }

    #[test]
    fn comment_after_a_tick_without_block() {
        const C: &str = ": keep-alive\n";
        const A: &str = "data: a\n\n";
        let cases: &[Case] = &[
            (&[], &[], &[]),
            (&[Some("a")], &[TICK], &[A]),
            // A tick at once opens the stream.
            (&[None, Some("a")], &[TICK, WAIT], &[C, A]),
            (&[None, None, Some("a")], &[WAIT, TICK], &[".", C, A]),
            // The first tick after a block passes; the next one writes a comment.
            (&[Some("a"), None], &[TICK, WAIT], &[A, "."]),
            (&[Some("a"), None], &[TICK, TICK], &[A, C]),
            (&[Some("a"), None, None], &[TICK, WAIT, TICK], &[A, ".", C]),
            (&[Some("a"), None, Some("a"), None], &[TICK, WAIT, TICK, WAIT], &[A, ".", A, "."]),
            // Without ticks there are no further comments.
            (&[None, None, Some("a")], &[], &[".", ".", A]),
            (&[None, None, None], &[TICK], &[C, ".", "."]),
        ];
        for &(blocks, ticks, expected) in cases {
            assert_eq!(run(blocks, ticks), expected, "{blocks:?}, {ticks:?}");
        }
    }

    #[test]
    fn error_is_passed_on() {
        let blocks = Script::of([Poll::Ready(Err::<Vec<u8>, _>("broken"))]);
        let mut body = KeepAlive::new(blocks, Script::of([TICK]));
        let next = Pin::new(&mut body).poll_next(&mut Context::from_waker(Waker::noop()));
        assert_eq!(next, Poll::Ready(Some(Err("broken"))));
    }

    /// Like the documented server: the reconnection time with the first event, IDs, keep-alives.
    #[test]
    fn keep_alives_add_no_events() {
        let block = |id: &str, data: &str| Block::data(data).id(id).expect("valid").to_string();
        let first = Block::data("one").retry(ms(3000)).id("1").expect("valid").to_string();
        let polls = [Some(first), None, None, Some(block("2", "two\nlines")), None, None, None]
            .map(|block| {
                block.map_or(Poll::Pending, |block| Poll::Ready(Ok::<_, ()>(Bytes::from(block))))
            });
        let mut body = KeepAlive::new(Script::of(polls), Script::of([TICK; 12]));
        let mut stream = String::new();
        while let Poll::Ready(Some(Ok(block))) =
            Pin::new(&mut body).poll_next(&mut Context::from_waker(Waker::noop()))
        {
            stream += std::str::from_utf8(&block).expect("text");
        }
        assert_eq!(stream.matches(&Block::comment("keep-alive").to_string()).count(), 5);
        assert_eq!(Lenient::read(&stream), ["one", "two\nlines"]);
    }
}
