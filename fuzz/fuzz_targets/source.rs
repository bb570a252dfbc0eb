//! Calls in any order, at any time and under any policy: a source does not panic, keeps to its
//! states, and yields the same in any chunks.
#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::source::{
    Head, Healthy, Lost, Policy, ReadyState, Resume, Source, Step, is_event_stream, retry_after,
};
use sseam::{ArrayBuf, Parser};
use sseam_fuzz::Bounds;
use sseam_testkit::Output;

type InPlace = Source<ArrayBuf<64, 16>>;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    rules: Rules,
    bounds: Bounds,
    seed: Option<u64>,
    calls: Vec<Call>,
    /// The bytes for the calls, until they are used up.
    stream: &'a [u8],
}

#[derive(Arbitrary, Debug)]
struct Rules {
    is_call: bool,
    resume: u8,
    healthy: u8,
    max_retries: Option<u32>,
    reconnection_time: Duration,
    min_wait: Duration,
    max_backoff: Duration,
    jitter: Duration,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Call {
    Pass(Duration),
    PassAll,
    Good,
    /// A status, and the lengths of content type and `Retry-After`.
    Answered(u16, u8, u8),
    Lost(bool),
    Ended,
    Flush,
    /// The length of a piece of the body.
    Bytes(u8),
    Done,
    Cursor(bool),
    Close,
    Reconnect,
}

impl Rules {
    fn policy(&self) -> Policy {
        let resumes = [Resume::Never, Resume::UntilOpen, Resume::WithCursor, Resume::Always];
        let healthies = [Healthy::Opens, Healthy::Event, Healthy::Lasts(self.jitter)];
        let policy = if self.is_call { Policy::call() } else { Policy::event_source() };
        policy
            .with_resume(resumes[usize::from(self.resume) % 4])
            .with_healthy(healthies[usize::from(self.healthy) % 3])
            .with_max_retries(self.max_retries)
            .with_reconnection_time(self.reconnection_time)
            .with_min_wait(self.min_wait)
            .with_max_backoff(self.max_backoff)
            .with_jitter(self.jitter)
    }
}

/// How a source is fed.
#[derive(Clone, Copy)]
enum Way {
    Whole,
    Bytewise,
    /// By `find` and `view`, two bytes at a time.
    Found,
}

fn feed(source: &mut InPlace, bytes: &[u8], way: Way) -> Vec<Output> {
    let size = match way {
        Way::Whole => bytes.len().max(1),
        Way::Bytewise => 1,
        Way::Found => 2,
    };
    let mut outputs = Vec::new();
    for mut chunk in bytes.chunks(size) {
        loop {
            let input = chunk;
            let next = match way {
                Way::Found => source
                    .find(&mut chunk)
                    .map(|found| found.map(|found| Output::from(source.view(input, found)))),
                _ => source.next_item(&mut chunk).map(|item| item.map(Output::from)),
            };
            match next.transpose() {
                None => break,
                Some(next) => outputs.push(next.unwrap_or_else(Output::Error)),
            }
        }
        assert!(chunk.is_empty(), "`None` without consuming the chunk");
    }
    outputs
}

fn flush(source: &mut InPlace) -> Vec<Output> {
    // Never more than a line and a block.
    let mut outputs = Vec::new();
    while let Some(next) = source.flush_item().transpose() {
        outputs.push(next.map_or_else(Output::Error, Output::from));
        assert!(outputs.len() < 4, "a flush without an end");
    }
    outputs
}

/// Makes a call to one source. Returns what it yields and refuses.
fn call(
    source: &mut InPlace,
    call: Call,
    bytes: [&[u8]; 2],
    now: Duration,
    way: Way,
) -> Vec<Output> {
    match call {
        Call::Pass(_) | Call::PassAll => {}
        Call::Good => {
            let content_type = Some(&b"text/event-stream"[..]);
            let head = Head { status: 200, content_type, retry_after: None };
            assert_eq!(source.answered(&head, now), Ok(()));
        }
        Call::Answered(status, ..) => {
            let [content_type, delay] = bytes;
            let head =
                Head { status, content_type: Some(content_type), retry_after: retry_after(delay) };
            let is_stream = status == 200 && is_event_stream(content_type);
            assert_eq!(source.answered(&head, now).is_ok(), is_stream);
        }
        Call::Lost(is_futile) => {
            source.lost(if is_futile { Lost::Futile } else { Lost::Broken }, now);
        }
        Call::Ended => source.ended(now),
        Call::Flush => return flush(source),
        Call::Bytes(_) => return feed(source, bytes[0], way),
        Call::Done => source.done(),
        Call::Cursor(has_cursor) => source.set_cursor(has_cursor),
        Call::Close => source.close(),
        Call::Reconnect => source.reconnect(),
    }
    Vec::new()
}

fuzz_target!(|input: Input<'_>| {
    let parser = || Parser::with_buffer(ArrayBuf::new()).with_notify(input.bounds.notify());
    let source = || {
        let source = Source::new(parser(), input.rules.policy());
        match input.seed {
            Some(seed) => source.with_seed(seed),
            None => source,
        }
    };
    let ways = [Way::Whole, Way::Bytewise, Way::Found];
    let mut sources = [source(), source(), source()];
    let (mut now, mut stream) = (Duration::ZERO, input.stream);
    let mut take = |len: u8| {
        let (bytes, rest) = stream.split_at(stream.len().min(usize::from(len)));
        stream = rest;
        bytes
    };
    for each in input.calls.iter().copied() {
        let bytes = match each {
            Call::Answered(_, content_type, delay) => [take(content_type), take(delay)],
            Call::Bytes(len) => [take(len), b""],
            _ => [&b""[..]; 2],
        };
        now = match each {
            Call::Pass(time) => now.saturating_add(time),
            Call::PassAll => Duration::MAX,
            _ => now,
        };
        let before = sources[0].clone();
        let outputs = call(&mut sources[0], each, bytes, now, ways[0]);
        for (source, way) in sources.iter_mut().zip(ways).skip(1) {
            assert_eq!(call(source, each, bytes, now, way), outputs, "cut otherwise");
        }
        assert!(outputs.is_empty() || before.ready_state() == ReadyState::Open);
        if let (Some(closed), false) = (before.closed(), matches!(each, Call::Reconnect)) {
            assert_eq!(sources[0].closed(), Some(closed), "closing is final");
        }
        let (end, state) = (sources[0].end(), sources[0].ready_state());
        let step = format!("{:?}", sources[0].step(now));
        for source in &mut sources {
            assert_eq!(format!("{:?}", source.step(now)), step, "asked again, or cut otherwise");
            assert_eq!((source.end(), source.ready_state()), (end, state));
            match source.step(now) {
                Step::Connect(request) => {
                    assert_eq!(state, ReadyState::Connecting);
                    let has_id = !request.last_event_id().is_empty();
                    assert_eq!(request.headers().count(), 2 + usize::from(has_id));
                }
                Step::Read => assert_eq!((state, end), (ReadyState::Open, None)),
                Step::Wait(until) => {
                    assert!(until > now);
                    assert_eq!(state, ReadyState::Connecting);
                }
                Step::Closed(closed) => {
                    assert!(!closed.to_string().is_empty());
                    assert_eq!((state, source.closed()), (ReadyState::Closed, Some(closed)));
                }
            }
        }
    }
});
