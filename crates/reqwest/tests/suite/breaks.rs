//! Streams that break at any byte, and servers that drop all clients at once.

use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sseam::adapter::stream::SharedEvent;
use sseam_reqwest::EventSource;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::events::quick;
use crate::server::{Ends, Server, broken, event_stream};

const EVENTS: usize = 40;

/// The rest of the stream after the event with this ID.
fn after(id: usize) -> String {
    let events =
        (id + 1..=EVENTS).map(|id| format!("id: {id}\r\ndata: {id}\r\ndata: {id}\r\n\r\n"));
    events.collect::<Vec<_>>().concat()
}

/// A server that resumes after the ID that it receives, and breaks its first connections after
/// these many bytes.
async fn resuming(cuts: Vec<usize>) -> Server {
    Server::new(move |number, head: &HeaderMap| {
        let id = head.get("last-event-id").map_or("0", |id| id.to_str().expect("digits"));
        let rest = after(id.parse().expect("a number"));
        match cuts.get(number) {
            Some(&cut) => broken(&rest.as_bytes()[..cut.min(rest.len())]),
            None if rest.is_empty() => StatusCode::NO_CONTENT.into_response(),
            None => event_stream(rest.into()),
        }
    })
    .await
}

#[test]
fn events_arrive_once_over_broken_connections() {
    let runtime = Runtime::new().expect("a runtime");
    let cuts = prop::collection::vec(0..200_usize, 10);
    let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&cuts, |cuts| {
        let events = runtime.block_on(async {
            let server = resuming(cuts).await;
            let mut source = EventSource::get(&server.url).expect("a URL").with_policy(quick());
            let mut events = Vec::new();
            while let Some(event) = source.next_event().await.expect("no error") {
                events.push(event.data().to_string());
            }
            assert!(server.requests().len() > 10, "ten breaks");
            events
        });
        let all: Vec<_> = (1..=EVENTS).map(|id| format!("{id}\n{id}")).collect();
        prop_assert_eq!(events, all);
        Ok(())
    });
    result.expect("exactly once");
}

/// Returns how many clients the limit on open files allows: a thousand, if it can be raised.
fn clients() -> u64 {
    // The sockets of both sides, and as many again that are not closed yet.
    const FILES: u64 = 4;
    const CLIENTS: u64 = 1000;
    let limit = rlimit::increase_nofile_limit(FILES * CLIENTS).expect("a limit");
    let clients = CLIENTS.min(limit / FILES);
    if clients < CLIENTS {
        // Written directly, so that it is shown although the test passes.
        let text = format!(
            "
!!! ONLY {clients} CLIENTS, NOT {CLIENTS}: {limit} OPEN FILES
"
        );
        io::stderr().write_all(text.as_bytes()).expect("an open stderr");
    }
    clients
}

/// The distribution of the waits is tested in the library: nothing here depends on timing.
#[tokio::test]
async fn a_thousand_dropped_clients_return() {
    let clients = clients();
    let server = Server::new(|_, head: &HeaderMap| {
        let name = head["x-name"].to_str().expect("a name");
        if head.contains_key("last-event-id") {
            event_stream(format!("data: {name} is back\n\n").into())
        } else {
            broken(format!("id: 1\ndata: {name}\n\n").as_bytes())
        }
    })
    .await;
    let client = reqwest::Client::new();
    let mut tasks = JoinSet::new();
    for name in 0..clients {
        let request = client.get(&server.url).header("x-name", name.to_string());
        let policy = quick().with_jitter(Duration::from_millis(500));
        let mut source = EventSource::new(request).expect("a request").with_policy(policy);
        tasks.spawn(async move {
            let mut events = Vec::new();
            while events.len() < 2 {
                let event = source.next_event().await.expect("no error").expect("an event");
                events.push(event.data().to_string());
            }
            assert_eq!(events, [name.to_string(), format!("{name} is back")]);
            name
        });
    }
    let names: HashSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!(names.len() as u64, clients);
    assert_eq!(server.requests().len() as u64, 2 * clients);
}

#[tokio::test]
async fn chunks_are_shared() {
    use futures_util::StreamExt;

    let server = Server::of([Ends::Properly("data: one\n\ndata: two\n\n")]).await;
    let source = EventSource::get(&server.url).expect("a URL").with_policy(quick());
    let events: Vec<SharedEvent> = source.map(|event| event.expect("no error")).collect().await;
    let [one, two] = [0, 1].map(|at: usize| events[at].data_bytes().as_ptr().addr());
    assert_eq!(two - one, "one\n\ndata: ".len(), "both share the chunk");
}
