//! A server of our own, on loopback, that plays recorded answers as a model would
//! speak them: it works without a network and without a key.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::endpoint::Api;

/// What a model takes before it speaks, and between two pieces of text.
const THOUGHT: Duration = Duration::from_millis(600);
const PIECE: Duration = Duration::from_millis(55);

type Body = Channel<Bytes, io::Error>;

/// How it plays.
pub(crate) struct Offline {
    speed: NonZeroU32,
    /// How many answers are still to be broken off.
    breaks: AtomicU32,
}

impl Offline {
    pub(crate) fn new(speed: NonZeroU32, breaks: u32) -> Arc<Self> {
        Arc::new(Self { speed, breaks: AtomicU32::new(breaks) })
    }

    /// Serves in a task of its own, for as long as there is a runtime.
    pub(crate) async fn start(self: Arc<Self>) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&self).connection(stream));
            }
        });
        Ok(address)
    }

    async fn connection(self: Arc<Self>, stream: TcpStream) {
        // A piece of text is smaller than a packet, and must not wait to fill one.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| {
            let response = Arc::clone(&self).respond(&request);
            async { Ok::<_, Infallible>(response) }
        });
        // The client hears of an error, too: its connection closes.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    fn respond(self: Arc<Self>, request: &Request<Incoming>) -> Response<Body> {
        let stream = match Api::of_path(request.uri().path()) {
            Some(Api::Responses) => include_str!("offline/responses.sse"),
            Some(Api::Messages) => include_str!("offline/messages.sse"),
            Some(Api::Chat) | None => include_str!("offline/chat.sse"),
        };
        let less = |breaks: u32| breaks.checked_sub(1);
        let breaks_off =
            self.breaks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok();
        let (sender, body) = Channel::new(1);
        tokio::spawn(async move { self.play(stream, breaks_off, sender).await });
        let mut response = Response::new(body);
        let event_stream = hyper::header::HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(hyper::header::CONTENT_TYPE, event_stream);
        response
    }

    async fn play(
        &self,
        stream: &'static str,
        breaks_off: bool,
        mut sender: Sender<Bytes, io::Error>,
    ) {
        sleep(THOUGHT / self.speed.get()).await;
        let cut = if breaks_off { stream.len() / 2 } else { stream.len() };
        let mut rest = &stream.as_bytes()[..cut];
        while !rest.is_empty() {
            let end =
                rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 2);
            let (event, behind) = rest.split_at(end);
            // Networks cut where they like.
            for half in event.chunks(event.len().div_ceil(2)) {
                if sender.send_data(Bytes::from_static(half)).await.is_err() {
                    return;
                }
            }
            // A model does not keep time.
            let share = 1 + u32::try_from(event.len() % 3).unwrap_or_default();
            sleep(PIECE * share / 2 / self.speed.get()).await;
            rest = behind;
        }
        if breaks_off {
            sender.abort(io::ErrorKind::ConnectionAborted.into());
        }
    }
}
