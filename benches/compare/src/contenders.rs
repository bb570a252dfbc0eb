//! The contenders, each driven through its cheapest interface, and the trait for them: a [`Reader`]
//! reads a stream and passes its events to a visitor.

use std::convert::Infallible;
use std::hint::black_box;
use std::io::{self, BufRead, Read};
use std::iter;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{FutureExt, stream};
use sse_stream::SseByteStream;
use sseam::adapter::{codec::EventCodec, io::EventReader, stream::EventStream};
use sseam::{ArrayBuf, Parser, Value, VecBuf};
use sseam_testkit::heap;

use crate::check::Input;

/// All contenders. The first is sseam's plain loop.
pub(crate) fn all() -> Vec<Contender<Vec<Event>>> {
    vec![
        of::<Plain>(),
        of::<Utf8>(),
        of::<Strings>(),
        of::<Owned>(),
        of::<Array>(),
        of::<Streamed>(),
        of::<Buffered>(),
        of::<Framed>(),
        of::<Facade>(),
        of::<SseCore>(),
        of::<SseParse>(),
        of::<SseStream>(),
        of::<Sseer>(),
        of::<Russe>(),
        of::<SseCodec>(),
        of::<EventsourceStream>(),
        of::<EventsourceStream2>(),
    ]
}

/// Type, data and last event ID, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event([String; 3]);

impl Event {
    /// Decodes bytes that are not UTF-8 as the standard does; an empty type means `message`.
    pub(crate) fn new(
        event_type: impl AsRef<[u8]>,
        data: impl AsRef<[u8]>,
        last_event_id: impl AsRef<[u8]>,
    ) -> Self {
        let event_type = event_type.as_ref();
        let event_type = if event_type.is_empty() { b"message" } else { event_type };
        let bytes = [event_type, data.as_ref(), last_event_id.as_ref()];
        Self(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
    }

    pub(crate) fn event_type(&self) -> &str {
        &self.0[0]
    }

    pub(crate) fn data(&self) -> &str {
        &self.0[1]
    }

    pub(crate) fn id(&self) -> &str {
        &self.0[2]
    }
}

/// One way to read streams. A value reads many streams one after another, each of which ends with a
/// whole event.
pub(crate) trait Reader: Default {
    const NAME: &'static str;
    /// What a caller gets from it.
    const YIELDS: &'static str;

    /// Preparation before the clock starts.
    fn prepare(&mut self, _input: &Input) {}

    /// Reads all of `input`, or until the visitor or the reader returns an error.
    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String>;
}

pub(crate) trait Visitor {
    /// Visits an event as a reader yields it; `copy` is for comparisons.
    fn event<T>(&mut self, event: &T, copy: impl FnOnce(&T) -> Event) -> Result<(), String>;
}

/// Counts events while the clock runs.
#[derive(Default)]
struct Count(usize);

impl Visitor for Count {
    #[inline]
    fn event<T>(&mut self, event: &T, _: impl FnOnce(&T) -> Event) -> Result<(), String> {
        black_box(event);
        self.0 += 1;
        Ok(())
    }
}

/// Keeps a copy of each event, until the time limit.
struct Record {
    events: Vec<Event>,
    deadline: Instant,
}

impl Visitor for Record {
    fn event<T>(&mut self, event: &T, copy: impl FnOnce(&T) -> Event) -> Result<(), String> {
        self.events.push(copy(event));
        if Instant::now() < self.deadline { Ok(()) } else { Err("it takes too long".into()) }
    }
}

/// The result, and the time for it.
pub(crate) type Recorded<T> = Result<(T, Duration), String>;

/// A reader of any type, and the result that it finds in a stream.
pub(crate) struct Contender<T> {
    pub(crate) racer: Racer,
    /// Reads the input, and returns the result and the time; exceeding the limit is an error, too.
    pub(crate) record: fn(&Input, Duration) -> Recorded<T>,
}

/// A reader of which only the time counts.
#[derive(Clone, Copy)]
pub(crate) struct Racer {
    pub(crate) name: &'static str,
    pub(crate) yields: &'static str,
    pub(crate) is_peer: bool,
    /// Returns the time for reading the input `readings` times, after a warm-up.
    pub(crate) time: fn(&Input, u32) -> Duration,
    /// Returns how often one reading allocates memory, after a warm-up.
    pub(crate) allocations: fn(&Input) -> usize,
}

fn of<R: Reader>() -> Contender<Vec<Event>> {
    let is_peer = !R::NAME.starts_with("sseam");
    let (time, allocations) = (time::<R>, allocations::<R>);
    let racer = Racer { name: R::NAME, yields: R::YIELDS, is_peer, time, allocations };
    Contender { racer, record: record::<R> }
}

fn record<R: Reader>(input: &Input, limit: Duration) -> Recorded<Vec<Event>> {
    let mut reader = R::default();
    reader.prepare(input);
    let start = Instant::now();
    let mut record = Record { events: Vec::new(), deadline: start + limit };
    let read = panic::catch_unwind(AssertUnwindSafe(|| reader.read(input, &mut record)));
    read.unwrap_or_else(|_| Err("it panics".into()))?;
    Ok((record.events, start.elapsed()))
}

fn time<R: Reader>(input: &Input, readings: u32) -> Duration {
    let mut reader = R::default();
    let mut elapsed = Duration::ZERO;
    for n in 0..=readings {
        reader.prepare(input);
        let mut count = Count::default();
        let start = Instant::now();
        reader.read(input, &mut count).expect("a stream that was read without an error before");
        if n > 0 {
            elapsed += start.elapsed();
        }
        black_box(count.0);
    }
    elapsed
}

fn allocations<R: Reader>(input: &Input) -> usize {
    let mut reader = R::default();
    let mut allocations = 0;
    for _ in 0..2 {
        reader.prepare(input);
        let read = || reader.read(input, &mut Count::default());
        let (read, usage) = heap::usage(read);
        read.expect("a stream that was read without an error before");
        allocations = usage.allocations;
    }
    allocations
}

/// The chunks as a transport that is always ready and never fails.
pub(crate) fn transport<C>(
    chunks: impl Iterator<Item = C>,
) -> impl Stream<Item = Result<C, Infallible>> + Unpin {
    stream::iter(chunks.map(Ok))
}

/// Everything that `stream` yields.
pub(crate) fn poll<S: Stream + Unpin>(mut stream: S) -> impl Iterator<Item = S::Item> {
    let mut context = Context::from_waker(Waker::noop());
    iter::from_fn(move || match Pin::new(&mut stream).poll_next(&mut context) {
        Poll::Ready(item) => item,
        Poll::Pending => unreachable!("the transport is always ready"),
    })
}

fn copy(event: sseam::Event<'_>) -> Event {
    let [event_type, data, id] = [event.event_type(), event.data(), event.last_event_id()];
    Event::new(event_type.as_bytes(), data.as_bytes(), id.as_bytes())
}

/// Type and data, which a client reads.
#[inline]
fn bytes(event: sseam::Event<'_>) -> (&[u8], &[u8]) {
    (event.event_type().as_bytes(), event.data().as_bytes())
}

/// Two validated strings, as the peers build them, with U+FFFD where necessary.
fn strings(event: sseam::Event<'_>) -> (String, String) {
    let string = |value: Value<'_>| {
        value.to_str().map_or_else(|_| value.to_string_lossy().into_owned(), String::from)
    };
    (string(event.event_type()), string(event.data()))
}

/// sseam: the loop of its README, as several clients. Most differ in what they do with an event, so
/// that each can be compared with its like.
macro_rules! clients {
    ($($reader:ident $name:literal $yields:literal $parser:ty = $new:expr, $event:ident => $take:expr;)*) => {$(
        struct $reader($parser);

        impl Default for $reader {
            fn default() -> Self {
                Self($new)
            }
        }

        impl Reader for $reader {
            const NAME: &'static str = $name;
            const YIELDS: &'static str = $yields;

            fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
                for mut chunk in input.slices() {
                    let parser = &mut self.0;
                    while let Some($event) =
                        parser.next_event(&mut chunk).map_err(|error| error.to_string())?
                    {
                        visitor.event(&$take, |_| copy($event))?;
                    }
                }
                Ok(())
            }
        }
    )*};
}

clients! {
    Plain "sseam" "borrowed bytes" Parser<VecBuf> = Parser::new(),
        event => bytes(event);
    Utf8 "sseam+utf8" "borrowed, checked strings" Parser<VecBuf> = Parser::new(),
        event => (event.event_type().to_str(), event.data().to_str());
    Strings "sseam+strings" "owned, checked strings" Parser<VecBuf> = Parser::new(),
        event => strings(event);
    Owned "sseam+owned" "owned bytes" Parser<VecBuf> = Parser::new(),
        event => event.into_owned();
    // Enough memory for the largest event of the workloads.
    Array "sseam+array" "borrowed bytes, without a heap" Box<Parser<ArrayBuf<{ 64 << 10 }>>>
        = Box::new(Parser::default()),
        event => bytes(event);
}

/// sseam's adapters, over transports that are always ready.
///
/// The stream of chunks is made anew for each reading, as for the peers.
#[derive(Default)]
struct Streamed(Vec<Bytes>);

impl Reader for Streamed {
    const NAME: &'static str = "sseam stream";
    const YIELDS: &'static str = "borrowed bytes, by EventStream";

    fn prepare(&mut self, input: &Input) {
        self.0 = input.shared();
    }

    fn read(&mut self, _input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        let mut events = EventStream::new(transport(self.0.drain(..)));
        loop {
            let event = events.next_event().now_or_never().expect("a transport that is ready");
            let Some(event) = event.map_err(|error| error.to_string())? else { break };
            visitor.event(&bytes(event), |_| copy(event))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Buffered;

impl Reader for Buffered {
    const NAME: &'static str = "sseam reader";
    const YIELDS: &'static str = "borrowed bytes, by EventReader";

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        let mut events = EventReader::new(Slices { chunks: input.slices(), chunk: &[] });
        while let Some(event) = events.next_event().map_err(|error| error.to_string())? {
            visitor.event(&bytes(event), |_| copy(event))?;
        }
        Ok(())
    }
}

/// Chunks as a buffered reader.
struct Slices<'a, C> {
    chunks: C,
    chunk: &'a [u8],
}

impl<'a, C: Iterator<Item = &'a [u8]>> Read for Slices<'a, C> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let len = self.fill_buf()?.read(to)?;
        self.consume(len);
        Ok(len)
    }
}

impl<'a, C: Iterator<Item = &'a [u8]>> BufRead for Slices<'a, C> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() {
            self.chunk = self.chunks.next().unwrap_or_default();
        }
        Ok(self.chunk)
    }

    fn consume(&mut self, len: usize) {
        self.chunk = &self.chunk[len..];
    }
}

/// Called like a framed reader calls it, with the first chunk in the buffer when the clock starts.
#[derive(Default)]
struct Framed {
    codec: EventCodec,
    buffer: BytesMut,
}

impl Reader for Framed {
    const NAME: &'static str = "sseam codec";
    const YIELDS: &'static str = "owned bytes, by EventCodec";

    fn prepare(&mut self, input: &Input) {
        self.buffer = input.slices().next().unwrap_or_default().into();
    }

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for (n, chunk) in input.slices().enumerate() {
            if n > 0 {
                self.buffer.extend_from_slice(chunk);
            }
            while let Some(event) =
                tokio_util::codec::Decoder::decode(&mut self.codec, &mut self.buffer)
                    .map_err(|error| error.to_string())?
            {
                let event = event.map_err(|error| error.to_string())?;
                visitor.event(&event, |event| {
                    let [event_type, data, id] =
                        [event.event_type(), event.data(), event.last_event_id()];
                    Event::new(event_type.as_bytes(), data.as_bytes(), id.as_bytes())
                })?;
            }
        }
        Ok(())
    }
}

/// sse-core: its decoder without I/O, which reads slices.
struct SseCore(sse_core::SseDecoder);

impl Default for SseCore {
    fn default() -> Self {
        Self(sse_core::SseDecoder::new())
    }
}

impl Reader for SseCore {
    const NAME: &'static str = "sse-core";
    const YIELDS: &'static str = "owned, checked strings";

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for mut chunk in input.slices() {
            while let Some(event) = self.0.next(&mut chunk) {
                let sse_core::SseEvent::Message(event) =
                    event.map_err(|error| error.to_string())?
                else {
                    continue;
                };
                visitor.event(&event, |event| {
                    let id = event.last_event_id.as_deref().unwrap_or_default();
                    Event::new(event.event.as_bytes(), &event.data, id)
                })?;
            }
        }
        Ok(())
    }
}

/// sse-parse: its parser without I/O, which is fed slices and then drained.
#[derive(Default)]
struct SseParse(sse_parse::SseParser);

impl Reader for SseParse {
    const NAME: &'static str = "sse-parse";
    const YIELDS: &'static str = "owned, checked strings";

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for chunk in input.slices() {
            self.0.feed(chunk);
            while let Some(event) = self.0.next_event() {
                visitor.event(&event, |event| Event::new(&event.event, &event.data, &event.id))?;
            }
        }
        Ok(())
    }
}

/// sse-stream: its stream over byte buffers, as `Bytes` from a transport that is always ready. It
/// yields blocks, so the rules for events are applied here: those without data are skipped, and an
/// ID persists.
#[derive(Default)]
struct SseStream(Vec<Bytes>);

impl Reader for SseStream {
    const NAME: &'static str = "sse-stream";
    const YIELDS: &'static str = "owned, checked strings";

    fn prepare(&mut self, input: &Input) {
        self.0 = input.shared();
    }

    fn read(&mut self, _input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        let mut last_event_id = String::new();
        for block in poll(SseByteStream::new(transport(self.0.drain(..)))) {
            let mut block = block.map_err(|error| error.to_string())?;
            if let Some(id) = block.id.take() {
                last_event_id = id;
            }
            if block.data.is_none() {
                continue;
            }
            visitor.event(&block, |block| {
                let [event_type, data] =
                    [&block.event, &block.data].map(|text| text.as_deref().unwrap_or_default());
                Event::new(event_type, data, &last_event_id)
            })?;
        }
        Ok(())
    }
}

/// sseer: its stream over `Bytes`, from a transport that is always ready; its strings share them
/// where possible.
#[derive(Default)]
struct Sseer(Vec<Bytes>);

impl Reader for Sseer {
    const NAME: &'static str = "sseer";
    const YIELDS: &'static str = "shared, checked strings";

    fn prepare(&mut self, input: &Input) {
        self.0 = input.shared();
    }

    fn read(&mut self, _input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for event in poll(sseer::event_stream::EventStream::new(transport(self.0.drain(..)))) {
            let event = event.map_err(|error| error.to_string())?;
            visitor.event(&event, |event| {
                Event::new(event.event.as_bytes(), event.data.as_bytes(), event.id.as_bytes())
            })?;
        }
        Ok(())
    }
}

/// russe: its decoder for tokio-util, called like a framed reader calls it. As with sse-codec the
/// first chunk is in the buffer when the clock starts. An ID persists for later blocks.
#[derive(Default)]
struct Russe {
    decoder: russe::Decoder,
    buffer: BytesMut,
}

impl Reader for Russe {
    const NAME: &'static str = "russe";
    const YIELDS: &'static str = "shared, checked strings";

    fn prepare(&mut self, input: &Input) {
        self.buffer = input.slices().next().unwrap_or_default().into();
    }

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        let mut last_event_id = None;
        for (n, chunk) in input.slices().enumerate() {
            if n > 0 {
                self.buffer.extend_from_slice(chunk);
            }
            while let Some(event) =
                tokio_util::codec::Decoder::decode(&mut self.decoder, &mut self.buffer)
                    .map_err(|error| error.to_string())?
            {
                let russe::Event::Message(mut message) = event else { continue };
                last_event_id = message.id.take().or(last_event_id);
                visitor.event(&message, |message| {
                    let [event_type, id] = [&message.event, &last_event_id]
                        .map(|text| text.as_deref().unwrap_or_default());
                    Event::new(event_type, message.data.as_bytes(), id)
                })?;
            }
        }
        Ok(())
    }
}

/// sse-codec: its decoder, called like the codec's own reader calls it. The first chunk is in the
/// buffer when the clock starts, as if it had been read there; the others are appended.
#[derive(Default)]
struct SseCodec {
    codec: sse_codec::SSECodec,
    buffer: futures_codec::BytesMut,
}

impl Reader for SseCodec {
    const NAME: &'static str = "sse-codec";
    const YIELDS: &'static str = "owned, checked strings";

    fn prepare(&mut self, input: &Input) {
        self.buffer = input.slices().next().unwrap_or_default().into();
    }

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for (n, chunk) in input.slices().enumerate() {
            if n > 0 {
                self.buffer.extend_from_slice(chunk);
            }
            while let Some(event) =
                futures_codec::Decoder::decode(&mut self.codec, &mut self.buffer)
                    .map_err(|error| error.to_string())?
            {
                let sse_codec::Event::Message { id, event, data } = event else { continue };
                visitor.event(&(id, event, data), |(id, event, data)| {
                    Event::new(event, data, id.as_deref().unwrap_or_default())
                })?;
            }
        }
        Ok(())
    }
}

/// eventsource-stream, its API on sseam, and its fork eventsource-stream2: their streams over
/// slices from a transport that is always ready.
macro_rules! reader {
    ($reader:ident, $krate:ident, $name:literal) => {
        #[derive(Default)]
        struct $reader;

        impl Reader for $reader {
            const NAME: &'static str = $name;
            const YIELDS: &'static str = "owned, checked strings";

            fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
                for event in poll($krate::EventStream::new(transport(input.slices()))) {
                    let event = event.map_err(|error| error.to_string())?;
                    visitor
                        .event(&event, |event| Event::new(&event.event, &event.data, &event.id))?;
                }
                Ok(())
            }
        }
    };
}

reader!(Facade, facade, "sseam-eventsource-stream");
reader!(EventsourceStream, eventsource_stream, "eventsource-stream");
reader!(EventsourceStream2, eventsource_stream2, "eventsource-stream2");
