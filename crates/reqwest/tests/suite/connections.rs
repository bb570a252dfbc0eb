//! When a source reconnects.

use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use axum::response::IntoResponse;
use sseam::source::{Closed, Policy, Refusal};
use sseam_reqwest::{Error, EventSource, Item};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::events::quick;
use crate::server::{Server, event_stream};

#[tokio::test]
async fn policy_retries_statuses_and_gives_up() {
    let server = Server::new(|_, _| StatusCode::SERVICE_UNAVAILABLE).await;
    let policy = quick().with_transient(|status| status == 503).with_max_retries(Some(3));
    let mut source = EventSource::get(&server.url).expect("a URL").with_policy(policy);
    let mut lost = 0;
    let error = loop {
        match source.next_item().await {
            Ok(Some(Item::Lost(Error::Refused(response)))) => {
                assert_eq!(response.status(), 503);
                lost += 1;
            }
            Ok(item) => panic!("{item:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!((lost, server.requests().len()), (3, 4));
    assert_eq!(source.closed(), Some(Closed::Refused(Refusal::Status(503))));
}

#[tokio::test]
async fn unreachable_server_is_a_lost_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    drop(listener);
    let policy = quick().with_max_retries(Some(2));
    let mut source = EventSource::get(url).expect("a URL").with_policy(policy);
    assert!(matches!(source.next_event().await, Err(Error::Transport(_))));
    assert_eq!(source.closed(), Some(Closed::GaveUp));
}

/// The wait is a lower bound: no timer fires early, but a busy machine is late.
#[tokio::test]
async fn retry_after_in_seconds_and_as_date() {
    let in_seconds: fn() -> String = || "1".to_owned();
    let as_date: fn() -> String =
        || httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2));
    for (retry_after, at_least) in [(in_seconds, 1000), (as_date, 900)] {
        let server = Server::new(move |number, _| match number {
            0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", retry_after())]).into_response(),
            _ => event_stream("data: x\n\n".into()),
        })
        .await;
        let policy = Policy::call().with_reconnection_time(Duration::ZERO);
        let mut source = EventSource::get(&server.url).expect("a URL").with_policy(policy);
        let start = Instant::now();
        assert!(matches!(source.next_event().await, Ok(Some(_))));
        assert!(start.elapsed() >= Duration::from_millis(at_least), "{:?}", start.elapsed());
    }
}
