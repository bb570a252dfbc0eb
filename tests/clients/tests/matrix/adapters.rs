//! The adapters: each reads a body to its end, as its users do.

use std::fmt::Display;
use std::io::BufRead;

use bytes::Bytes;
use embedded_io_adapters::std::FromStd;
use embedded_io_adapters::tokio_1::FromTokio;
use futures_util::{Stream, StreamExt};
use sseam::adapter::codec::EventCodec;
use sseam::adapter::stream::EventStream;
use sseam::adapter::{embedded_io_async_v0_7, embedded_io_v0_7, io};
use sseam::{ArrayBuf, Parser, SliceBuf};
use tokio::io::{AsyncBufRead, AsyncRead};
use tokio::sync::oneshot;
use tokio_util::codec::FramedRead;

use crate::received::{Log, Received};

/// `adapter::stream`, event by event.
pub(crate) async fn stream<E: Display>(
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    mut log: Log,
) -> Received {
    let mut events = EventStream::new(body);
    loop {
        match events.next_event().await {
            Ok(Some(event)) => log.saw(&event),
            Ok(None) => return log.ended(events.end().expect("an end")),
            Err(error) => return log.broke(error, events.into_parts().1.finish()),
        }
    }
}

/// `adapter::stream` as a stream of its own, of events that own what they hold.
pub(crate) async fn shared<E: Display>(
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    mut log: Log,
) -> Received {
    let mut events = EventStream::new(body);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => log.saw(&event.as_event()),
            Err(error) => return log.broke(error, events.into_parts().1.finish()),
        }
    }
    log.ended(events.end().expect("an end"))
}

/// `adapter::codec`.
pub(crate) async fn framed(body: impl AsyncRead + Unpin, mut log: Log) -> Received {
    let mut events = FramedRead::new(body, EventCodec::new());
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => log.saw(&event.expect("an event within bounds").as_event()),
            Err(error) => {
                return log.broke(error, events.into_parts().codec.into_parser().finish());
            }
        }
    }
    log.ended(events.decoder().end().expect("an end"))
}

/// `adapter::embedded_io_async_v0_7`, with memory of the caller's.
pub(crate) async fn embedded_async(body: impl AsyncBufRead + Unpin, mut log: Log) -> Received {
    let (mut data, mut meta) = (vec![0; 16 * 1024], [0; 3 * 64]);
    let parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(FromTokio::new(body), parser);
    loop {
        match events.next_event().await {
            Ok(Some(event)) => log.saw(&event),
            Ok(None) => return log.ended(events.end().expect("an end")),
            Err(error) => return log.broke(error, events.into_parts().1.finish()),
        }
    }
}

/// `adapter::embedded_io_v0_7`, with memory of a fixed size.
pub(crate) fn embedded(body: impl BufRead, mut log: Log) -> Received {
    let parser = Parser::<ArrayBuf<{ 16 * 1024 }>>::default();
    let mut events = embedded_io_v0_7::EventReader::with_parser(FromStd::new(body), parser);
    loop {
        match events.next_event() {
            Ok(Some(event)) => log.saw(&event),
            Ok(None) => return log.ended(events.end().expect("an end")),
            Err(error) => return log.broke(error, events.into_parts().1.finish()),
        }
    }
}

/// `adapter::io`.
pub(crate) fn io(body: impl BufRead, mut log: Log) -> Received {
    let mut events = io::EventReader::new(body);
    loop {
        match events.next_event() {
            Ok(Some(event)) => log.saw(&event),
            Ok(None) => return log.ended(events.end().expect("an end")),
            Err(error) => return log.broke(error, events.into_parts().1.finish()),
        }
    }
}

/// Runs what blocks on a thread of its own, for which nobody waits if it hangs.
pub(crate) async fn blocking<T: Send + 'static>(receive: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || sender.send(receive()));
    receiver.await.expect("a client that does not panic")
}
