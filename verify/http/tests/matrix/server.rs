//! A hyper server on loopback that writes exactly the given bytes at the given times; the tests
//! verify that, because otherwise all columns would be the same.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::StreamBody;
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::answers::{Answer, Framing};
use crate::clients::hyper;
use crate::events::{COUNT, LINE_ENDS, LineEnd, blocks, blocks_as_needed};

/// Serves one client, which reports how many events it has received. Returns the URL.
pub(crate) async fn serve(answer: Answer, seen: watch::Receiver<usize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        let (connection, _) = listener.accept().await.expect("a client");
        connection.set_nodelay(true).expect("a socket");
        let service = service_fn(move |request| {
            ready(Ok::<_, Infallible>(respond(&request, answer.clone(), seen.clone())))
        });
        // A cut is an error here, and so is a disconnected client.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
    });
    format!("http://{address}/")
}

fn respond(
    request: &Request<Incoming>,
    answer: Arc<Answer>,
    seen: watch::Receiver<usize>,
) -> Response<impl Body<Data = Bytes, Error = &'static str> + use<>> {
    let mut head = Response::builder().header("Content-Type", "text/event-stream");
    if answer.is_gzip {
        let accepted = &request.headers()["Accept-Encoding"];
        assert!(accepted.to_str().is_ok_and(|accepted| accepted.contains("gzip")));
        head = head.header("Content-Encoding", "gzip");
    }
    if answer.framing == Framing::CloseDelimited {
        // This version has no chunks.
        head = head.version(Version::HTTP_10);
    }
    head.body(body(answer, seen)).expect("a response")
}

fn body(
    answer: Arc<Answer>,
    seen: watch::Receiver<usize>,
) -> impl Body<Data = Bytes, Error = &'static str> {
    StreamBody::new(stream::unfold(0, move |n| {
        let (answer, mut seen) = (answer.clone(), seen.clone());
        async move {
            // While this yields, the connection writes what it has: no two writes are merged, and
            // none is lost at a cut.
            yield_now().await;
            if answer.waits && seen.wait_for(|seen| *seen >= n.min(COUNT)).await.is_err() {
                // The client has disconnected.
                return None;
            }
            let frame = match answer.writes.get(n) {
                Some(write) => Ok(Frame::data(write.clone())),
                None if answer.is_cut => Err("cut"),
                None => return None,
            };
            Some((frame, n + 1))
        }
    }))
}

/// hyper yields a body chunk by chunk, each chunk being one write, or part of a large one.
#[tokio::test]
async fn each_write_is_separate() {
    let stream = || Answer::of([blocks(LineEnd::CrLf).concat()]);
    for answer in [stream().byte_by_byte(), stream().in_random_sizes()] {
        let writes = answer.writes.clone();
        let (_sender, seen) = watch::channel(0);
        let body = hyper(serve(answer, seen).await).await;
        let chunks: Vec<Bytes> = body.map(|chunk| chunk.expect("no break")).collect().await;
        assert!(ends(&chunks).is_superset(&ends(&writes)));
        assert!(chunks.concat() == writes.concat());
    }
}

/// The offsets in the stream at which the pieces end.
fn ends(pieces: &[Bytes]) -> BTreeSet<usize> {
    let mut end = 0;
    let ends = pieces.iter().map(|piece| {
        end += piece.len();
        end
    });
    ends.collect()
}

#[tokio::test]
async fn event_waits_for_the_one_before() {
    let answer = Answer::of(["one", "two"]).waiting();
    let (sender, seen) = watch::channel(0);
    let mut body = hyper(serve(answer, seen).await).await;
    assert_eq!(body.next().await.expect("a chunk").expect("no break"), "one");
    assert!(timeout(Duration::from_millis(50), body.next()).await.is_err());
    sender.send(1).expect("a server");
    assert_eq!(body.next().await.expect("a chunk").expect("no break"), "two");
}

#[test]
fn blocks_end_with_last_needed_byte() {
    for line_end in LINE_ENDS {
        let last_needed = match line_end {
            LineEnd::Lf => "\n\n",
            LineEnd::Cr => "\r\r",
            LineEnd::CrLf => "\r\n\r",
        };
        let writes = blocks_as_needed(line_end);
        assert!(writes.iter().take(COUNT).all(|write| write.ends_with(last_needed.as_bytes())));
        assert!(writes.concat() == blocks(line_end).concat());
    }
}
