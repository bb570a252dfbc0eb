//! The adapters, each as a function from a transport to everything that it yields.

use std::future::poll_fn;
use std::io::{self, BufReader};
use std::ops::Range;
use std::pin::Pin;
use std::task::Poll;

use futures_core::Stream;
use sseam::adapter::Error;
use sseam::adapter::codec::EventCodec;
use sseam::adapter::io::EventReader;
use sseam::adapter::stream::{EventStream, ItemStream};
use sseam::adapter::{embedded_io_async_v0_7, embedded_io_v0_7, futures_io, tokio};
use sseam::{Buffer, End, Notify, Parser, VecBuf};
use tokio_util::codec::FramedRead;

use crate::script::{Script, poll_once, wait};
use crate::{Output, Setup, Trace};

/// An adapter, and a way to use it.
pub struct Adapter {
    pub name: &'static str,
    /// Whether it yields notifications.
    pub notifies: bool,
    /// Reads the transport to its end.
    pub read: fn(&Setup, Script, &mut dyn FnMut(Seen)) -> Ending,
}

/// What an adapter yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Output(Output),
    /// The transport's error.
    Failure,
}

/// The final state of an adapter: what its parser knows, the end of the stream, and the span of
/// each item.
pub struct Ending {
    pub last_event_id: Vec<u8>,
    pub retry: Option<u64>,
    pub end: End,
    pub spans: Spans,
}

/// The spans of the items, and the number of bytes after the last of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    pub items: Vec<Range<u64>>,
    pub pending: u64,
}

pub const ADAPTERS: &[Adapter] = &[
    Adapter { name: "io, next_event", notifies: false, read: io_events },
    Adapter { name: "io, next_item", notifies: true, read: io_items },
    Adapter { name: "stream, next_event", notifies: false, read: stream_events },
    Adapter { name: "stream, next_event, dropped", notifies: false, read: stream_events_dropped },
    Adapter { name: "stream, next_item", notifies: true, read: stream_items },
    Adapter { name: "stream, next_item, dropped", notifies: true, read: stream_items_dropped },
    Adapter { name: "stream, as a Stream", notifies: false, read: stream_shared },
    Adapter { name: "stream, as a Stream of items", notifies: true, read: stream_shared_items },
    Adapter { name: "stream, both in turn", notifies: false, read: stream_in_turn },
    Adapter { name: "embedded_io, next_event", notifies: false, read: embedded_events },
    Adapter { name: "embedded_io, next_item", notifies: true, read: embedded_items },
    Adapter { name: "embedded_io_async, next_event", notifies: false, read: embedded_async_events },
    Adapter { name: "embedded_io_async, dropped", notifies: true, read: embedded_async_dropped },
    Adapter { name: "tokio, next_event", notifies: false, read: tokio_events },
    Adapter { name: "tokio, next_item, dropped", notifies: true, read: tokio_items_dropped },
    Adapter { name: "futures_io, next_event", notifies: false, read: futures_events },
    Adapter { name: "futures_io, next_item, dropped", notifies: true, read: futures_items_dropped },
    Adapter { name: "codec, FramedRead", notifies: false, read: codec_framed },
];

impl Adapter {
    /// Reads the chunks and records everything.
    pub fn trace(&self, setup: &Setup, chunks: &[&[u8]]) -> Trace {
        let mut outputs = Vec::new();
        let ending = (self.read)(setup, Script::of(chunks), &mut |seen| match seen {
            Seen::Output(seen) => outputs.push(seen),
            Seen::Failure => panic!("an unexpected failure, by {}", self.name),
        });
        let Ending { last_event_id, retry, end, .. } = ending;
        Trace { outputs, last_event_id, retry, discarded: end == End::MidEvent }
    }
}

pub fn parser(setup: &Setup) -> Parser<VecBuf> {
    Parser::with_buffer(VecBuf::with_limits(setup.data, setup.meta)).with_notify(setup.notify)
}

/// The spans of the items of `stream`, by the byte at which each is reported.
pub fn spans(setup: &Setup, stream: &[u8], notifies: bool) -> Spans {
    let notify = if notifies { setup.notify } else { Notify::NONE };
    let mut parser = parser(setup).with_notify(notify);
    let (mut items, mut end) = (Vec::new(), 0);
    let mut add = |taken| items.push(std::mem::replace(&mut end, taken)..taken);
    for (taken, byte) in (1..).zip(stream.chunks(1)) {
        let mut chunk = byte;
        while let Some(next) = parser.next_item(&mut chunk).transpose() {
            next.ok().into_iter().for_each(|_| add(taken));
        }
    }
    let len = stream.len() as u64;
    while let Some(next) = setup.flush.then(|| parser.flush_item().transpose()).flatten() {
        next.ok().into_iter().for_each(|_| add(len));
    }
    Spans { items, pending: len - end }
}

fn ending<B: Buffer>(parser: &Parser<B>, end: Option<End>, spans: Spans) -> Ending {
    let ms =
        |time: std::time::Duration| u64::try_from(time.as_millis()).expect("a u64 of milliseconds");
    Ending {
        last_event_id: parser.last_event_id().as_bytes().to_vec(),
        retry: parser.reconnection_time().map(ms),
        end: end.expect("`None` is returned only at the end"),
        spans,
    }
}

/// What an adapter yields with a transport that has these errors.
type Next = Result<Option<Output>, Error<io::Error>>;

/// Passes on what `next` yields, and checks that `end` is known at the end and not before, and that
/// the end is final.
fn drive<A>(
    adapter: &mut A,
    mut next: impl FnMut(&mut A) -> Next,
    end: impl Fn(&A) -> Option<End>,
    position: impl Fn(&A) -> (Range<u64>, u64),
    emit: &mut dyn FnMut(Seen),
) -> Spans {
    let mut spans = Spans::default();
    loop {
        assert_eq!(end(adapter), None, "an end before the end");
        match next(adapter) {
            Ok(Some(seen)) => {
                let (span, pending) = position(adapter);
                assert_eq!(pending, 0, "bytes after an item that was just returned");
                spans.items.push(span);
                emit(Seen::Output(seen));
            }
            Ok(None) => break,
            Err(Error::Transport(_)) => emit(Seen::Failure),
            Err(Error::Parse(error)) => emit(Seen::Output(Output::Error(error))),
        }
    }
    let ended = end(adapter);
    let (last, pending) = position(adapter);
    assert_eq!(last, spans.items.last().cloned().unwrap_or_default(), "the last span stays");
    spans.pending = pending;
    for _ in 0..2 {
        assert!(matches!(next(adapter), Ok(None)), "an item after the end");
        assert_eq!(end(adapter), ended, "an end that changes");
        assert_eq!(position(adapter), (last.clone(), pending), "a position that changes");
    }
    spans
}

/// Reads by an adapter's `EventReader` or `EventStream`, through `next`.
macro_rules! read_by {
    ($name:ident, $adapter:ty) => {
        fn $name(
            setup: &Setup,
            script: Script,
            emit: &mut dyn FnMut(Seen),
            next: impl FnMut(&mut $adapter) -> Next,
        ) -> Ending {
            let mut events = <$adapter>::with_parser(script, parser(setup));
            if setup.flush {
                events = events.with_flush();
            }
            let position = |events: &$adapter| (events.span(), events.pending());
            let spans = drive(&mut events, next, <$adapter>::end, position, emit);
            ending(events.parser(), events.end(), spans)
        }
    };
}

read_by!(io, EventReader<Script>);
read_by!(stream, EventStream<Script>);
read_by!(embedded, embedded_io_v0_7::EventReader<Script, VecBuf>);
read_by!(embedded_async, embedded_io_async_v0_7::EventReader<Script, VecBuf>);
read_by!(by_tokio, tokio::EventReader<Script>);
read_by!(by_futures, futures_io::EventReader<Script>);

/// Polls a future that is dropped when pending, and created again, as by a `select`.
fn recreate<T>(mut poll: impl FnMut() -> Poll<T>) -> T {
    loop {
        if let Poll::Ready(output) = poll() {
            return output;
        }
    }
}

fn io_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    io(setup, script, emit, |events| Ok(events.next_event()?.map(Output::from)))
}

fn io_items(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    io(setup, script, emit, |events| Ok(events.next_item()?.map(Output::from)))
}

/// As the rows of `io`, from a [`BufReader`] of `capacity` bytes.
pub fn io_buffered(setup: &Setup, stream: &[u8], capacity: usize) -> Trace {
    let mut events =
        EventReader::with_parser(BufReader::with_capacity(capacity, stream), parser(setup));
    if setup.flush {
        events = events.with_flush();
    }
    let mut outputs = Vec::new();
    loop {
        match events.next_item() {
            Ok(Some(item)) => outputs.push(item.into()),
            Ok(None) => break,
            Err(Error::Parse(error)) => outputs.push(Output::Error(error)),
            Err(Error::Transport(error)) => panic!("an unexpected failure: {error}"),
        }
    }
    let Ending { last_event_id, retry, end, .. } =
        ending(events.parser(), events.end(), Spans::default());
    Trace { outputs, last_event_id, retry, discarded: end == End::MidEvent }
}

fn stream_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    stream(setup, script, emit, |events| Ok(wait(events.next_event())?.map(Output::from)))
}

fn stream_items(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    stream(setup, script, emit, |events| Ok(wait(events.next_item())?.map(Output::from)))
}

fn stream_events_dropped(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    stream(setup, script, emit, |events| {
        recreate(|| poll_once(events.next_event()).map_ok(|next| next.map(Output::from)))
    })
}

fn stream_items_dropped(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    stream(setup, script, emit, |events| {
        recreate(|| poll_once(events.next_item()).map_ok(|next| next.map(Output::from)))
    })
}

fn next_shared(events: &mut EventStream<Script>) -> Next {
    let next = wait(poll_fn(|context| Pin::new(&mut *events).poll_next(context)));
    Ok(next.transpose()?.map(|event| event.as_event().into()))
}

fn stream_shared(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    stream(setup, script, emit, next_shared)
}

fn stream_shared_items(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    let mut events = EventStream::with_parser(script, parser(setup));
    if setup.flush {
        events = events.with_flush();
    }
    let next = |items: &mut ItemStream<Script>| {
        let next = wait(poll_fn(|context| Pin::new(&mut *items).poll_next(context)));
        Ok(next.transpose()?.map(|item| item.as_item().into()))
    };
    let position = |items: &ItemStream<Script>| (items.get_ref().span(), items.get_ref().pending());
    let mut items = events.into_items();
    let spans = drive(&mut items, next, |items| items.get_ref().end(), position, emit);
    let events = items.into_inner();
    ending(events.parser(), events.end(), spans)
}

/// Borrowed events and owned ones, in turn.
fn stream_in_turn(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    let mut turn = 0;
    stream(setup, script, emit, |events| {
        turn += 1;
        if turn % 2 == 0 {
            next_shared(events)
        } else {
            Ok(wait(events.next_event())?.map(Output::from))
        }
    })
}

fn embedded_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    embedded(setup, script, emit, |events| Ok(events.next_event()?.map(Output::from)))
}

fn embedded_items(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    embedded(setup, script, emit, |events| Ok(events.next_item()?.map(Output::from)))
}

fn embedded_async_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    embedded_async(setup, script, emit, |events| Ok(wait(events.next_event())?.map(Output::from)))
}

fn embedded_async_dropped(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    embedded_async(setup, script, emit, |events| {
        recreate(|| poll_once(events.next_item()).map_ok(|next| next.map(Output::from)))
    })
}

fn tokio_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    by_tokio(setup, script, emit, |events| Ok(wait(events.next_event())?.map(Output::from)))
}

fn tokio_items_dropped(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    by_tokio(setup, script, emit, |events| {
        recreate(|| poll_once(events.next_item()).map_ok(|next| next.map(Output::from)))
    })
}

fn futures_events(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    by_futures(setup, script, emit, |events| Ok(wait(events.next_event())?.map(Output::from)))
}

fn futures_items_dropped(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    by_futures(setup, script, emit, |events| {
        recreate(|| poll_once(events.next_item()).map_ok(|next| next.map(Output::from)))
    })
}

fn codec_framed(setup: &Setup, script: Script, emit: &mut dyn FnMut(Seen)) -> Ending {
    let mut codec = EventCodec::with_parser(parser(setup));
    if setup.flush {
        codec = codec.with_flush();
    }
    let mut events = FramedRead::new(script, codec);
    let next = |events: &mut FramedRead<Script, EventCodec>| {
        let mut poll = || wait(poll_fn(|context| Pin::new(&mut *events).poll_next(context)));
        match poll() {
            Some(Ok(Ok(event))) => Ok(Some(event.as_event().into())),
            Some(Ok(Err(error))) => Err(Error::Parse(error)),
            Some(Err(error)) => {
                assert!(poll().is_none(), "a `FramedRead` pauses after an error");
                Err(Error::Transport(error))
            }
            None => Ok(None),
        }
    };
    let position = |events: &FramedRead<Script, EventCodec>| {
        (events.decoder().span(), events.decoder().pending())
    };
    let spans = drive(&mut events, next, |events| events.decoder().end(), position, emit);
    ending(events.decoder().parser(), events.decoder().end(), spans)
}
