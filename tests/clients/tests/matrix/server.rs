//! A hyper server on loopback that writes exactly what it is told, when it is told.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::yield_now;

use crate::answer::{Answer, Framing};
use crate::events::COUNT;

/// Answers one client, which says how many events it has seen. Gives the URL.
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
        // A cut is an error here, and a client that goes away too.
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
        // There are no chunks in this version.
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
            // While it waits for us, the connection writes out what it has: no two writes
            // go together, and none is lost at a cut.
            yield_now().await;
            if answer.waits && seen.wait_for(|seen| *seen >= n.min(COUNT)).await.is_err() {
                // The client is gone.
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
