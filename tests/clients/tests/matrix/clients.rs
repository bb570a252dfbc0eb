//! The clients: each gets a URL and gives the response's body, as it gives bodies.

use std::io::{self, BufRead, BufReader};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use http_body_util::{BodyDataStream, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::io::AsyncBufRead;
use tokio_util::io::StreamReader;

use crate::LIMIT;
use crate::client::client;

pub(crate) async fn reqwest(url: String) -> impl Stream<Item = reqwest::Result<Bytes>> + Unpin {
    client().get(url).send().await.expect("a response").bytes_stream()
}

pub(crate) async fn hyper(url: String) -> impl Stream<Item = hyper::Result<Bytes>> + Unpin {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.get(url.parse().expect("a URL")).await.expect("a response");
    BodyDataStream::new(response.into_body())
}

/// A body as tokio's reader.
pub(crate) fn reader<E: std::error::Error + Send + Sync + 'static>(
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> impl AsyncBufRead + Unpin {
    StreamReader::new(body.map_err(io::Error::other))
}

pub(crate) fn ureq(url: &str) -> impl BufRead + use<> {
    let config = ureq::Agent::config_builder().proxy(None).timeout_global(Some(LIMIT)).build();
    let response = config.new_agent().get(url).call().expect("a response");
    // flate2, which decompresses here, does not give what it has left over from a full
    // buffer until more has come: an event would wait for the next one, and at a cut be
    // lost. So the buffer has room for the whole stream.
    BufReader::with_capacity(256 * 1024, response.into_body().into_reader())
}
