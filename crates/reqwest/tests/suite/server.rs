//! A server that answers each request by a function, and records the requests.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use tokio::net::TcpListener;

pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Server {
    /// `answer` gets the number of the request, from 0, and its headers.
    pub(crate) async fn new<R: IntoResponse>(
        answer: impl Fn(usize, &HeaderMap) -> R + Send + Sync + 'static,
    ) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer = Arc::new(answer);
        let app = Router::new().fallback(move |request: Request| {
            let mut requests = seen.lock().expect("no panic");
            let response = answer(requests.len(), request.headers()).into_response();
            requests.push(request.headers().clone());
            async { Ok::<_, Infallible>(response) }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { url, requests }
    }

    /// A server that serves these bodies, one after the other, and then 204.
    pub(crate) async fn of<const N: usize>(bodies: [Ends; N]) -> Self {
        Self::new(move |number, _| match bodies.get(number) {
            Some(ends) => ends.response(),
            None => StatusCode::NO_CONTENT.into_response(),
        })
        .await
    }

    pub(crate) fn requests(&self) -> Vec<HeaderMap> {
        self.requests.lock().expect("no panic").clone()
    }
}

/// A body that ends after these bytes: cleanly, by a broken connection, or not at all.
#[derive(Clone, Copy)]
pub(crate) enum Ends {
    Properly(&'static str),
    Broken(&'static str),
    Never(&'static str),
}

impl Ends {
    fn response(self) -> Response {
        match self {
            Self::Properly(text) => event_stream(text.into()),
            Self::Broken(text) => broken(text.as_bytes()),
            Self::Never(text) => {
                let text = stream::iter([Ok::<_, Infallible>(Bytes::from_static(text.as_bytes()))]);
                event_stream(Body::from_stream(text.chain(stream::pending())))
            }
        }
    }
}

pub(crate) fn event_stream(body: Body) -> Response {
    ([("content-type", "text/event-stream")], body).into_response()
}

/// An event stream whose connection breaks after these bytes.
pub(crate) fn broken(bytes: &[u8]) -> Response {
    let bytes = Bytes::copy_from_slice(bytes);
    let breaks = async {
        // When the body fails, a server drops what it has not sent yet.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::other("broken"))
    };
    event_stream(Body::from_stream(stream::iter([Ok(bytes)]).chain(stream::once(breaks))))
}
