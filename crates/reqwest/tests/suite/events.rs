//! The items of an event source.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use futures_util::StreamExt;
use futures_util::stream::FusedStream;
use reqwest::Client;
use sseam::adapter::stream::SharedItem;
use sseam::source::{Closed, Policy, ReadyState, Refusal, Resume};
use sseam::{End, Notify, Parser};
use sseam_reqwest::{CannotClone, Error, EventSource, Item};
use tokio::time::timeout;

use crate::server::{Ends, Server};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Waits as short as possible, for fast tests.
pub(crate) fn quick() -> Policy {
    Policy::event_source().with_reconnection_time(Duration::ZERO).with_max_backoff(Duration::ZERO)
}

fn source(server: &Server) -> EventSource {
    EventSource::get(&server.url).expect("a URL").with_policy(quick())
}

/// The data of all events, up to the end.
async fn all(source: &mut EventSource) -> Result<Vec<String>, Error> {
    let mut events = Vec::new();
    while let Some(event) = timeout(TIMEOUT, source.next_event()).await.expect("an end")? {
        events.push(event.data().to_string());
    }
    Ok(events)
}

#[tokio::test]
async fn events_over_several_connections() {
    let server = Server::of([
        Ends::Properly("id: 1\ndata: one\n\ndata: two\n\ndata: never whole"),
        Ends::Broken("retry: 1\ndata: three\n\n"),
        Ends::Properly("id\ndata: four\n\n"),
    ])
    .await;
    let mut source = source(&server);
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    assert_eq!(all(&mut source).await.expect("no error"), ["one", "two", "three", "four"]);
    assert_eq!(source.closed(), Some(Closed::Refused(Refusal::Status(204))));
    assert_eq!(source.ready_state(), ReadyState::Closed);
    assert_eq!(source.end(), Some(End::Clean), "of the last body");
    assert_eq!(source.parser().reconnection_time(), Some(Duration::from_millis(1)));
    assert!(source.is_terminated());
    assert!(matches!(source.next_event().await, Ok(None)));

    let ids: Vec<_> =
        server.requests().iter().map(|head| head.get("last-event-id").cloned()).collect();
    let one = || Some("1".parse().expect("a header"));
    assert_eq!(ids, [None, one(), one(), None]);
}

#[tokio::test]
async fn connection_changes_are_items() {
    let server = Server::of([Ends::Broken(": hi\n\ndata: one\n\n"), Ends::Properly("")]).await;
    let parser = Parser::new().with_notify(Notify::COMMENTS);
    let mut source = source(&server).with_parser(parser);
    let mut seen = Vec::new();
    while let Some(item) = source.next_item().await.expect("no error") {
        seen.push(match item {
            Item::Open => {
                assert_eq!(source.headers()["content-type"], "text/event-stream");
                "open".to_owned()
            }
            Item::Received(sseam::Item::Event(event)) => event.data().to_string(),
            Item::Received(sseam::Item::Comment { text, .. }) => format!(": {text}"),
            Item::Received(item) => format!("{item:?}"),
            Item::Lost(Error::Transport(_)) => "broken".to_owned(),
            Item::Lost(error) => error.to_string(),
            item => format!("{item:?}"),
        });
    }
    assert_eq!(seen, ["open", ": hi", "one", "broken", "open", "the stream has ended"]);
}

#[tokio::test]
async fn owned_events_and_items() {
    let bodies = [Ends::Properly("id: 8\ndata: one\n\n"), Ends::Properly("data: two\n\n")];
    let server = Server::of(bodies).await;
    let events: Vec<_> = source(&server).map(|event| event.expect("no error")).collect().await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].data(), "two");
    assert_eq!(events[1].last_event_id(), "8");

    let server = Server::of(bodies).await;
    let mut items = source(&server).into_items();
    let mut data = Vec::new();
    while let Some(item) = items.next().await {
        if let Item::Received(SharedItem::Event(event)) = item.expect("no error") {
            data.push(event.data().to_string());
        }
    }
    assert_eq!(data, ["one", "two"]);
    assert!(items.get_ref().closed().is_some());
}

#[tokio::test]
async fn refusal_is_final_and_readable() {
    let server = Server::new(|_, _| (StatusCode::UNAUTHORIZED, "who are you?")).await;
    let mut source = source(&server);
    let Err(Error::Refused(response)) = source.next_event().await else { panic!("an error") };
    assert_eq!(response.status(), 401);
    assert_eq!(response.text().await.expect("a body"), "who are you?");
    assert!(matches!(source.next_event().await, Ok(None)));
    assert_eq!(server.requests().len(), 1);

    let server = Server::new(|_, _| ([("content-type", "text/html")], "data: x\n\n")).await;
    let mut source = self::source(&server);
    let error = source.next_event().await.expect_err("an error");
    assert_eq!(error.to_string(), "the response is not an event stream");
    assert_eq!(source.closed(), Some(Closed::Refused(Refusal::ContentType)));
}

#[tokio::test]
async fn invalid_request_is_futile() {
    let mut source = EventSource::from_fn(|_| Client::new().get("no URL"));
    assert!(matches!(source.next_event().await, Err(Error::Transport(_))));
    assert_eq!(source.closed(), Some(Closed::Futile));
    assert!(EventSource::get("no URL").is_err());
    assert!(matches!(EventSource::new(Client::new().get("no URL")), Err(CannotClone)));
}

#[tokio::test]
async fn own_headers_except_last_event_id() {
    let server = Server::of([Ends::Properly("id: 5\ndata: x\n\n")]).await;
    let request = Client::new()
        .get(&server.url)
        .header("accept", "application/json, text/event-stream")
        .header("last-event-id", "4");
    let mut source = EventSource::new(request).expect("a request").with_policy(quick());
    all(&mut source).await.expect("no error");
    let heads = server.requests();
    assert_eq!(heads[0]["accept"], "application/json, text/event-stream");
    assert_eq!(heads[0]["cache-control"], "no-cache");
    assert_eq!([&heads[0], &heads[1]].map(|head| &head["last-event-id"]), ["4", "5"]);
    assert_eq!(heads[1].get_all("last-event-id").iter().count(), 1);
}

#[tokio::test]
async fn id_is_sent_as_utf_8() {
    let bodies =
        [Ends::Properly("id: \u{1F980}\ndata\n\n"), Ends::Properly("id: a\u{1}b\ndata\n\n")];
    let server = Server::of(bodies).await;
    all(&mut source(&server)).await.expect("no error");
    let heads = server.requests();
    assert_eq!(heads[1]["last-event-id"].as_bytes(), "\u{1F980}".as_bytes());
    assert!(!heads[2].contains_key("last-event-id"));
}

#[tokio::test]
async fn requests_by_function() {
    let server = Server::of([Ends::Properly("id: 7\ndata: x\n\n")]).await;
    let (client, url) = (Client::new(), server.url.clone());
    let source = EventSource::from_fn(move |request| {
        let id = request.last_event_id();
        client.get(&url).header("x-token", format!("{} after {id:?}", request.failures()))
    });
    all(&mut source.with_policy(quick())).await.expect("no error");
    let tokens: Vec<_> = server.requests().iter().map(|head| head["x-token"].clone()).collect();
    assert_eq!(tokens, ["0 after \"\"", "1 after \"7\""]);
}

#[tokio::test]
async fn oversized_event_is_not_the_end() {
    let server = Server::of([Ends::Properly("data: too much\n\ndata: one\n\n")]).await;
    let mut source = source(&server).with_parser(Parser::with_limit(4));
    assert!(matches!(source.next_event().await, Err(Error::Parse(_))));
    assert_eq!(all(&mut source).await.expect("no error"), ["one"]);
}

#[tokio::test]
async fn flush_at_end() {
    let server = Server::of([Ends::Properly("data: one\n\ndata: two")]).await;
    assert_eq!(all(&mut source(&server)).await.expect("no error"), ["one"]);
    // If another connection follows, its server sends the event again.
    let bodies = [Ends::Properly("id: 1\ndata: o"), Ends::Properly("data: one\n\ndata: two")];
    let server = Server::of(bodies).await;
    assert_eq!(all(&mut source(&server).with_flush()).await.expect("no error"), ["one"]);
    assert!(!server.requests()[1].contains_key("last-event-id"));

    let server = Server::of([bodies[1]]).await;
    let policy = quick().with_resume(Resume::Never);
    let mut source = source(&server).with_policy(policy).with_flush();
    assert_eq!(all(&mut source).await.expect("no error"), ["one", "two"]);
    assert_eq!(source.end(), Some(End::MidEvent), "before the event was dispatched");
}

#[tokio::test]
async fn with_policy_starts_again() {
    let bodies = [Ends::Never("data: one\n\ndata: dropped\n\n"), Ends::Properly("data: two\n\n")];
    let server = Server::of(bodies).await;
    let mut source = source(&server);
    assert_eq!(source.next_event().await.expect("no error").expect("one").data(), "one");
    let mut source = source.with_policy(quick());
    assert_eq!(all(&mut source).await.expect("no error"), ["two"]);
}

#[tokio::test]
async fn stream_without_resume_ends() {
    let never = || quick().with_resume(Resume::Never);
    let server = Server::of([Ends::Properly("data: one\n\n")]).await;
    let mut source = source(&server).with_policy(never());
    assert_eq!(all(&mut source).await.expect("no error"), ["one"]);
    assert_eq!(source.closed(), Some(Closed::NotResumed));

    let server = Server::of([Ends::Broken("data: one\n\n")]).await;
    let mut source = self::source(&server).with_policy(never());
    assert!(matches!(source.next_event().await, Ok(Some(_))));
    assert!(matches!(source.next_event().await, Err(Error::Transport(_))));
    assert_eq!(source.end(), Some(End::Disconnected));
}

#[tokio::test]
async fn done_reads_rest_of_body() {
    let server = Server::of([Ends::Broken("data: one\n\ndata: two\n\n")]).await;
    let mut source = source(&server);
    assert!(matches!(source.next_event().await, Ok(Some(_))));
    source.done();
    assert_eq!(all(&mut source).await.expect("no error"), ["two"]);
    assert_eq!(source.closed(), Some(Closed::Done));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn close_and_reconnect() {
    let bodies = [Ends::Never("data: one\n\ndata: dropped\n\n"), Ends::Never("data: two\n\n")];
    let server = Server::of(bodies).await;
    let mut source = source(&server);
    assert_eq!(source.next_event().await.expect("no error").expect("one").data(), "one");
    source.close();
    assert!(matches!(source.next_event().await, Ok(None)));
    assert_eq!(source.closed(), Some(Closed::ByCaller));
    source.reconnect();
    assert_eq!(source.next_event().await.expect("no error").expect("two").data(), "two");
    source.reconnect();
    assert!(matches!(source.next_event().await, Ok(None)), "204");
}

/// Each future is dropped the first time it is pending, over and over.
#[tokio::test]
async fn dropped_futures_lose_nothing() {
    let server = Server::of([
        Ends::Broken("id: 1\ndata: one\n\ndata: two\n\n"),
        Ends::Properly("retry: 30\ndata: three\n\n"),
        Ends::Properly("data: four\n\n"),
    ])
    .await;
    let mut source = source(&server);
    let (mut events, mut dropped) = (Vec::new(), 0_u32);
    loop {
        match timeout(Duration::from_millis(1), source.next_event()).await {
            Ok(Ok(Some(event))) => events.push(event.data().to_string()),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(events, ["one", "two", "three", "four"]);
    assert!(dropped > 0);
    assert_eq!(server.requests().len(), 4, "a pending request is not sent again");
}

#[tokio::test]
async fn reconnection_time_beyond_timers() {
    let server = Server::of([Ends::Properly("retry: 18446744073709551615\n\n")]).await;
    let mut source = EventSource::get(&server.url).expect("a URL");
    assert!(timeout(Duration::from_millis(200), source.next_event()).await.is_err());
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    source.close();
    assert!(matches!(source.next_event().await, Ok(None)));
}

#[tokio::test]
async fn redirects_are_followed() {
    let server = Server::new(|number, _: &HeaderMap| {
        let moved = |status: StatusCode| (status, [("location", "/else")]).into_response();
        match number {
            0 => moved(StatusCode::MOVED_PERMANENTLY),
            2 => moved(StatusCode::FOUND),
            4 => moved(StatusCode::SEE_OTHER),
            6 => moved(StatusCode::TEMPORARY_REDIRECT),
            1 | 3 | 5 | 7 => crate::server::event_stream("data: x\n\n".into()),
            _ => StatusCode::NO_CONTENT.into_response(),
        }
    })
    .await;
    assert_eq!(all(&mut source(&server)).await.expect("no error").len(), 4);
}

#[tokio::test]
async fn event_source_is_send() {
    fn is_send<T: Send + 'static>(_: &T) {}
    let server = Server::of([]).await;
    let mut source = source(&server);
    is_send(&source);
    tokio::spawn(async move { source.next_event().await.map(|_| ()) })
        .await
        .expect("no panic")
        .expect("204");
}
