//! The clients: each requests a URL and returns the response's body in its own type. And the
//! adapters: each reads a body to its end, as users do.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader};

use bytes::Bytes;
use embedded_io_adapters::std::FromStd;
use embedded_io_adapters::tokio_1::FromTokio;
use futures_util::{Stream, StreamExt, TryStreamExt};
use http_body_util::{BodyDataStream, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sseam::adapter::codec::EventCodec;
use sseam::adapter::stream::EventStream;
use sseam::adapter::{self, embedded_io_async_v0_7, embedded_io_v0_7};
use sseam::{ArrayBuf, Parser, SliceBuf};
use tokio::io::{AsyncBufRead, AsyncRead};
use tokio::sync::oneshot;
use tokio_util::codec::FramedRead;
use tokio_util::io::StreamReader;

use crate::LIMIT;
use crate::checks::{Log, Received};
use crate::client::client;

pub(crate) async fn reqwest(url: String) -> impl Stream<Item = reqwest::Result<Bytes>> + Unpin {
    client().get(url).send().await.expect("a response").bytes_stream()
}

pub(crate) async fn hyper(url: String) -> impl Stream<Item = hyper::Result<Bytes>> + Unpin {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.get(url.parse().expect("a URL")).await.expect("a response");
    BodyDataStream::new(response.into_body())
}

/// A body as a tokio reader.
pub(crate) fn reader<E: std::error::Error + Send + Sync + 'static>(
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> impl AsyncBufRead + Unpin {
    StreamReader::new(body.map_err(io::Error::other))
}

pub(crate) fn ureq(url: &str) -> impl BufRead + use<> {
    let config = ureq::Agent::config_builder().proxy(None).timeout_global(Some(LIMIT)).build();
    let response = config.new_agent().get(url).call().expect("a response");
    // flate2, which decompresses here, does not return the rest of a full buffer until more data
    // arrives: an event would wait for the next one, and be lost at a cut. So the buffer holds the
    // whole stream.
    BufReader::with_capacity(256 * 1024, response.into_body().into_reader())
}

/// Records each event of `$next`, to the end or the error.
macro_rules! log_all {
    ($log:ident, $events:ident, $next:expr) => {
        loop {
            match $next {
                Ok(Some(event)) => $log.saw(&event),
                Ok(None) => return $log.ended($events.end().expect("an end")),
                Err(error) => return $log.broke(error, $events.into_parts().1.finish()),
            }
        }
    };
}

/// `adapter::stream`, event by event.
pub(crate) async fn stream<E: Display>(
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    mut log: Log,
) -> Received {
    let mut events = EventStream::new(body);
    log_all!(log, events, events.next_event().await)
}

/// `adapter::stream` as a `Stream` of owned events.
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

/// `adapter::embedded_io_async_v0_7`, with the caller's memory.
pub(crate) async fn embedded_async(body: impl AsyncBufRead + Unpin, mut log: Log) -> Received {
    let (mut data, mut meta) = (vec![0; 16 * 1024], [0; 3 * 64]);
    let parser = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
    let mut events = embedded_io_async_v0_7::EventReader::with_parser(FromTokio::new(body), parser);
    log_all!(log, events, events.next_event().await)
}

/// `adapter::embedded_io_v0_7`, with memory of a fixed size.
pub(crate) fn embedded(body: impl BufRead, mut log: Log) -> Received {
    let parser = Parser::<ArrayBuf<{ 16 * 1024 }>>::default();
    let mut events = embedded_io_v0_7::EventReader::with_parser(FromStd::new(body), parser);
    log_all!(log, events, events.next_event())
}

/// `adapter::io`.
pub(crate) fn io(body: impl BufRead, mut log: Log) -> Received {
    let mut events = adapter::io::EventReader::new(body);
    log_all!(log, events, events.next_event())
}

/// Runs blocking code on its own thread, which is not joined if it hangs.
pub(crate) async fn blocking<T: Send + 'static>(receive: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || sender.send(receive()));
    receiver.await.expect("a client that does not panic")
}
