//! From events to bytes: the contenders that write event streams, each from an event type and data that
//! somebody else has, into one buffer.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use sseam::encode::Block;
use sseam_testkit::heap;

use crate::check::{self, Input};
use crate::contenders::{Contender, Event, Racer, Recorded};

/// All contenders. The first is sseam's way into a `Vec`.
pub(crate) fn all() -> Vec<Contender<Vec<Event>>> {
    vec![
        of::<Appended>(),
        of::<Shared>(),
        of::<SseStream>(),
        of::<Russe>(),
        of::<SseCodec>(),
        of::<ByHand>(),
    ]
}

/// One way to write events.
trait Encoder: Default {
    const NAME: &'static str;
    /// What the bytes are written to.
    const WRITES: &'static str;

    /// Writes an event after the earlier ones.
    fn write(&mut self, event_type: &str, data: &str);

    /// Returns what was written.
    fn bytes(&self) -> &[u8];

    /// Forgets what was written.
    fn clear(&mut self);
}

fn of<E: Encoder>() -> Contender<Vec<Event>> {
    let is_peer = !E::NAME.starts_with("sseam");
    let (time, allocations) = (time::<E>, allocations::<E>);
    let racer = Racer { name: E::NAME, yields: E::WRITES, is_peer, time, allocations };
    Contender { racer, record: record::<E> }
}

fn write_all<E: Encoder>(encoder: &mut E, events: &[Event]) {
    for event in events {
        encoder.write(event.event_type(), event.data());
    }
    black_box(encoder.bytes());
}

/// Returns the events that a reader gets.
fn record<E: Encoder>(input: &Input, limit: Duration) -> Recorded<Vec<Event>> {
    let (mut encoder, events) = (E::default(), check::events(input.stream()));
    let start = Instant::now();
    write_all(&mut encoder, &events);
    let elapsed = start.elapsed();
    if elapsed < limit {
        Ok((check::events(encoder.bytes()), elapsed))
    } else {
        Err("it takes too long".into())
    }
}

fn time<E: Encoder>(input: &Input, writings: u32) -> Duration {
    let (mut encoder, events) = (E::default(), check::events(input.stream()));
    write_all(&mut encoder, &events);
    let mut elapsed = Duration::ZERO;
    for _ in 0..writings {
        encoder.clear();
        let start = Instant::now();
        write_all(&mut encoder, &events);
        elapsed += start.elapsed();
    }
    elapsed
}

fn allocations<E: Encoder>(input: &Input) -> usize {
    let (mut encoder, events) = (E::default(), check::events(input.stream()));
    write_all(&mut encoder, &events);
    encoder.clear();
    heap::usage(|| write_all(&mut encoder, &events)).1.allocations
}

/// The type that a server names: `message` goes without saying.
fn named(event_type: &str) -> Option<&str> {
    Some(event_type).filter(|event_type| *event_type != "message")
}

fn block<'a>(event_type: &'a str, data: &'a str) -> Block<'a> {
    let block = Block::data(data);
    match named(event_type) {
        Some(event_type) => block.event_type(event_type).expect("a type that was read"),
        None => block,
    }
}

macro_rules! encoders {
    ($($encoder:ident $name:literal $writes:literal $buffer:ty, ($to:ident, $event_type:ident, $data:ident) => $write:expr;)*) => {$(
        #[derive(Default)]
        struct $encoder($buffer);

        impl Encoder for $encoder {
            const NAME: &'static str = $name;
            const WRITES: &'static str = $writes;

            #[inline]
            fn write(&mut self, $event_type: &str, $data: &str) {
                let $to = &mut self.0;
                $write
            }

            fn bytes(&self) -> &[u8] {
                self.0.as_ref()
            }

            fn clear(&mut self) {
                self.0.clear();
            }
        }
    )*};
}

encoders! {
    Appended "sseam" "Vec<u8>, by append_to" Vec<u8>,
        (to, event_type, data) => block(event_type, data).append_to(to);
    // As for a body of `Bytes`, which needs each block in memory of its own.
    Shared "sseam+bytes" "Bytes for each event" BytesMut,
        (to, event_type, data) => to.extend_from_slice(&Bytes::from(block(event_type, data)));
    SseStream "sse-stream" "Bytes for each event" BytesMut,
        (to, event_type, data) => {
            let mut event = sse_stream::Sse::default().data(data);
            if let Some(event_type) = named(event_type) {
                event = event.event(event_type);
            }
            let bytes = Bytes::try_from(event).expect("a type that was read");
            to.extend_from_slice(&bytes);
        };
    Russe "russe" "BytesMut" BytesMut,
        (to, event_type, data) => {
            let event = named(event_type).map(Into::into);
            let message = russe::Message { data: data.into(), event, retry: None, id: None };
            let event = russe::Event::Message(message);
            tokio_util::codec::Encoder::encode(&mut russe::Encoder::default(), event, to)
                .expect("a type that was read");
        };
    SseCodec "sse-codec" "BytesMut" futures_codec::BytesMut,
        (to, event_type, data) => {
            let (event, data) = (event_type.to_owned(), data.to_owned());
            let event = sse_codec::Event::Message { id: None, event, data };
            futures_codec::Encoder::encode(&mut sse_codec::SSECodec::default(), event, to)
                .expect("memory");
        };
    // Of what is not one line, it makes fields that nobody meant.
    ByHand "by hand, with write!" "String, unchecked" String,
        (to, event_type, data) => {
            let written = match named(event_type) {
                Some(event_type) => write!(to, "event: {event_type}\ndata: {data}\n\n"),
                None => write!(to, "data: {data}\n\n"),
            };
            written.expect("memory");
        };
}
