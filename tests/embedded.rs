//! The adapters for embedded-io and embedded-io-async yield what the core yields, for any buffer
//! size of the transport, and lose nothing to its errors nor to dropped futures.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::task::Poll;

use embassy_futures::{block_on, poll_once};
use embedded_io_adapters::{std::FromStd, tokio_1::FromTokio};
use proptest::collection::vec;
use proptest::prelude::*;
use sseam::adapter::{Error, embedded_io_async_v0_7, embedded_io_v0_7};
use sseam::{ArrayBuf, Buffer, End, Notify, Parser, VecBuf};
use sseam_testkit::{Output, Setup, Trace, cut, streams};

/// A transport that has one chunk buffered at a time, and must not be read again after its end.
#[derive(Clone, Debug)]
struct Link<'s> {
    chunks: VecDeque<&'s [u8]>,
    /// Whether every other call fails or is pending, even if bytes are buffered.
    is_bad: bool,
    is_up: bool,
    is_at_end: bool,
}

/// The error of a bad link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Noise;

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("noise")
    }
}

impl std::error::Error for Noise {}

impl ::embedded_io::Error for Noise {
    fn kind(&self) -> ::embedded_io::ErrorKind {
        ::embedded_io::ErrorKind::Interrupted
    }
}

impl<'s> Link<'s> {
    fn good(chunks: &[&'s [u8]]) -> Self {
        // An empty buffer means the end.
        let chunks = chunks.iter().copied().filter(|chunk| !chunk.is_empty()).collect();
        Self { chunks, is_bad: false, is_up: true, is_at_end: false }
    }

    fn bad(chunks: &[&'s [u8]]) -> Self {
        Self { is_bad: true, ..Self::good(chunks) }
    }

    /// Returns `true` if this call succeeds.
    fn is_ready(&mut self) -> bool {
        self.is_up = !self.is_bad || !self.is_up;
        self.is_up
    }

    fn buffered(&mut self) -> &'s [u8] {
        let front = self.chunks.front().copied().unwrap_or_default();
        let was_at_end = mem::replace(&mut self.is_at_end, front.is_empty());
        assert!(!was_at_end, "read again after the end of the stream");
        front
    }

    fn take(&mut self, amount: usize) {
        let Some(front) = self.chunks.front_mut() else { return assert_eq!(amount, 0) };
        *front = &front[amount..];
        if front.is_empty() {
            self.chunks.pop_front();
        }
    }
}

impl ::embedded_io::ErrorType for Link<'_> {
    type Error = Noise;
}

impl ::embedded_io::BufRead for Link<'_> {
    fn fill_buf(&mut self) -> Result<&[u8], Noise> {
        if self.is_ready() { Ok(self.buffered()) } else { Err(Noise) }
    }

    fn consume(&mut self, amount: usize) {
        self.take(amount);
    }
}

impl ::embedded_io_async::BufRead for Link<'_> {
    async fn fill_buf(&mut self) -> Result<&[u8], Noise> {
        let ready = |is_ready| if is_ready { Poll::Ready(()) } else { Poll::Pending };
        poll_fn(|_| ready(self.is_ready())).await;
        Ok(self.buffered())
    }

    fn consume(&mut self, amount: usize) {
        self.take(amount);
    }
}

// Adapters read only through the buffer.
impl ::embedded_io::Read for Link<'_> {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, Noise> {
        unreachable!()
    }
}

impl ::embedded_io_async::Read for Link<'_> {
    async fn read(&mut self, _: &mut [u8]) -> Result<usize, Noise> {
        unreachable!()
    }
}

type Next<E> = Result<Option<Output>, Error<E>>;

/// More calls than any stream here needs.
const MAX_STALLED: usize = 1000;

/// Collects the output up to the end of the stream, and repeats calls that fail or are pending.
fn collect<E>(mut next: impl FnMut() -> Poll<Next<E>>) -> Vec<Output> {
    let (mut outputs, mut stalled) = (Vec::new(), 0);
    while stalled < MAX_STALLED {
        stalled = match next() {
            Poll::Ready(Err(Error::Transport(_))) | Poll::Pending => stalled + 1,
            Poll::Ready(Err(Error::Parse(error))) => {
                outputs.push(Output::Error(error));
                0
            }
            Poll::Ready(Ok(Some(item))) => {
                outputs.push(item);
                0
            }
            Poll::Ready(Ok(None)) => return outputs,
        };
    }
    panic!("no progress after {outputs:?}")
}

/// Reads with the blocking adapter, through `next_item` or `next_event`.
fn read<B: Buffer>(link: Link<'_>, parser: Parser<B>, flush: bool, items: bool) -> Trace {
    let mut events = embedded_io_v0_7::EventReader::with_parser(link, parser);
    if flush {
        events = events.with_flush();
    }
    let outputs = collect(|| {
        Poll::Ready(if items {
            events.next_item().map(|item| item.map(Output::from))
        } else {
            events.next_event().map(|event| event.map(Output::from))
        })
    });
    let discarded = events.end().expect("an end") == End::MidEvent;
    assert!(matches!(events.next_item(), Ok(None)), "after the end");
    trace(outputs, discarded, &events.into_parts().1)
}

/// Reads with the asynchronous one, and drops each pending future.
fn read_async<B: Buffer>(link: Link<'_>, parser: Parser<B>, flush: bool, items: bool) -> Trace {
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(link, parser);
    if flush {
        events = events.with_flush();
    }
    let outputs = collect(|| {
        if items {
            poll_once(events.next_item()).map(|next| next.map(|item| item.map(Output::from)))
        } else {
            poll_once(events.next_event()).map(|next| next.map(|event| event.map(Output::from)))
        }
    });
    let discarded = events.end().expect("an end") == End::MidEvent;
    assert!(matches!(poll_once(events.next_item()), Poll::Ready(Ok(None))), "after the end");
    trace(outputs, discarded, &events.into_parts().1)
}

/// Reads with both, each item with a new reader.
fn read_in_turns<B: Buffer>(link: Link<'_>, parser: Parser<B>) -> Trace {
    let (mut outputs, mut parts) = (Vec::new(), (link, parser));
    for turn in 0.. {
        let (next, end);
        (next, end, parts) = if turn % 2 == 0 {
            let mut events = embedded_io_v0_7::EventReader::with_parser(parts.0, parts.1);
            let next = events.next_item().map(|item| item.map(Output::from));
            (next, events.end(), events.into_parts())
        } else {
            let mut events = embedded_io_async_v0_7::EventReader::with_parser(parts.0, parts.1);
            let next = block_on(events.next_item()).map(|item| item.map(Output::from));
            (next, events.end(), events.into_parts())
        };
        match next {
            Ok(item) => outputs.extend(item),
            Err(Error::Parse(error)) => outputs.push(Output::Error(error)),
            Err(Error::Transport(Noise)) => {}
        }
        if let Some(end) = end {
            return trace(outputs, end == End::MidEvent, &parts.1);
        }
    }
    unreachable!()
}

fn trace<B: Buffer>(outputs: Vec<Output>, discarded: bool, parser: &Parser<B>) -> Trace {
    let retry = parser.reconnection_time().map(|time| time.as_millis().try_into().unwrap());
    Trace { outputs, last_event_id: parser.last_event_id().as_bytes().to_vec(), retry, discarded }
}

proptest! {
    #![proptest_config(streams::cases(1000))]

    #[test]
    fn any_stream_gives_what_core_gives(
        stream in prop_oneof![streams::stream(), streams::structure()],
        offsets in vec(any::<prop::sample::Index>(), 0..12),
        setup in streams::setup(),
    ) {
        let offsets: Vec<usize> = offsets.iter().map(|at| at.index(stream.len() + 1)).collect();
        let chunks = cut(&stream, &offsets);
        let [good, bad] = [Link::good(&chunks), Link::bad(&chunks)];
        let Setup { notify, flush, .. } = setup;
        let parser = || {
            let buffer = VecBuf::with_limits(setup.data, setup.meta);
            Parser::with_buffer(buffer).with_notify(notify)
        };

        let items = sseam_testkit::read(&mut parser(), &chunks, flush);
        let events = sseam_testkit::read_events(&mut parser(), &chunks, flush);
        for link in [&good, &bad] {
            prop_assert_eq!(&read(link.clone(), parser(), flush, true), &items);
            prop_assert_eq!(&read(link.clone(), parser(), flush, false), &events);
            prop_assert_eq!(&read_async(link.clone(), parser(), flush, true), &items);
            prop_assert_eq!(&read_async(link.clone(), parser(), flush, false), &events);
        }
        if !flush {
            prop_assert_eq!(&read_in_turns(good, parser()), &items);
        }
    }
}

const STREAM: &[u8] =
    b": note\nid: 1\ndata: one\n\nevent: t\ndata: two\ndata: lines\n\ndata: [DONE]";

#[test]
fn whole_event_is_borrowed() {
    let stream = &b"event: t\ndata: x\n\n"[..];
    let in_stream = |value: sseam::Value<'_>| {
        let (value, stream) = (value.as_bytes().as_ptr_range(), stream.as_ptr_range());
        stream.start <= value.start && value.end <= stream.end
    };
    let parser = || Parser::with_buffer(ArrayBuf::<8, 8>::new());

    let mut events = embedded_io_v0_7::EventReader::with_parser(stream, parser());
    let event = events.next_event().unwrap().unwrap();
    assert!(in_stream(event.event_type()) && in_stream(event.data()));

    let mut events = embedded_io_async_v0_7::EventReader::with_parser(stream, parser());
    let event = block_on(events.next_event()).unwrap().unwrap();
    assert!(in_stream(event.event_type()) && in_stream(event.data()));
}

#[test]
fn parse_before_reading_more() {
    let link = Link::good(&[b"data: one\n\ndata: two\n\n", b"data: three\n\n"]);
    let parser = || Parser::with_buffer(ArrayBuf::<8, 8>::new());

    let mut events = embedded_io_v0_7::EventReader::with_parser(link.clone(), parser());
    for expected in ["one", "two"] {
        assert_eq!(events.next_event().unwrap().unwrap().data(), expected);
        assert_eq!(events.get_ref().chunks.len(), 2);
    }

    let mut events = embedded_io_async_v0_7::EventReader::with_parser(link, parser());
    for expected in ["one", "two"] {
        assert_eq!(block_on(events.next_event()).unwrap().unwrap().data(), expected);
        assert_eq!(events.get_ref().chunks.len(), 2);
    }
}

#[test]
fn dropped_notification_is_not_the_end() {
    let parser = Parser::with_buffer(ArrayBuf::<8, 8>::new()).with_notify(Notify::COMMENTS);
    let link = Link::bad(&[b": note\n\ndata: x\n\n"]);
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(link, parser);
    // It waits for the first bytes, and then once more for the same ones.
    for _ in 0..2 {
        assert!(poll_once(events.next_item()).is_pending());
    }
    assert_eq!(block_on(events.next_event()).unwrap().unwrap().data(), "x");
}

#[test]
fn into_parts_after_dropped_future() {
    let parser = Parser::with_buffer(ArrayBuf::<8, 8>::new());
    let link = Link::bad(&[b"data: x\n\ndata: y\n\n"]);
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(link, parser);
    for _ in 0..2 {
        assert!(poll_once(events.next_event()).is_pending());
    }
    let (link, parser) = events.into_parts();
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(link, parser);
    assert_eq!(block_on(events.next_event()).unwrap().unwrap().data(), "y");
}

#[test]
fn error_display() {
    let link = Link::bad(&[b"data: too long\n\ndata: x\n\n"]);
    let parser = Parser::with_buffer(ArrayBuf::<4, 4>::new());
    let mut events = embedded_io_v0_7::EventReader::with_parser(link, parser);

    assert_eq!(events.next_event(), Err(Error::Transport(Noise)));
    let error = events.next_event().unwrap_err();
    assert_eq!(error.to_string(), "`data` exceeds the limit of 4 bytes");
}

/// The readers of std and tokio, through embedded-io-adapters.
#[test]
fn readers_of_std_and_tokio() -> Result<(), Error<io::Error>> {
    let parser = || Parser::with_buffer(ArrayBuf::<64, 8>::new());
    let expected = sseam_testkit::read_events(&mut parser(), &[STREAM], true).outputs;
    assert_eq!(expected.len(), 3);
    for capacity in [1, 2, 7, 64] {
        let reader = FromStd::new(io::BufReader::with_capacity(capacity, STREAM));
        let mut events = embedded_io_v0_7::EventReader::with_parser(reader, parser()).with_flush();
        let mut outputs = Vec::new();
        while let Some(event) = events.next_event()? {
            outputs.push(Output::from(event));
        }
        assert_eq!(outputs, expected);

        let reader = FromTokio::new(tokio::io::BufReader::with_capacity(capacity, STREAM));
        let mut events =
            embedded_io_async_v0_7::EventReader::with_parser(reader, parser()).with_flush();
        let mut outputs = Vec::new();
        while let Some(event) = block_on(events.next_event())? {
            outputs.push(Output::from(event));
        }
        assert_eq!(outputs, expected);
    }
    Ok(())
}

/// As the executors of tokio and smol require.
#[test]
fn future_is_send() {
    fn assert_send(_: impl Send) {}

    assert_send(embedded_io_async_v0_7::EventReader::new(STREAM).next_event());
}
