//! Answers of language models.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use reqwest::Client;
use sseam::Parser;
use sseam::llm::{Collected, Outcome, Protocol};
use sseam::source::{Closed, Healthy, Policy, Refusal, Resume};
use sseam_reqwest::{AnswerSource, Error};

use crate::server::{Ends, Server, broken, event_stream};

const TEXT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\n";
const USAGE: &str =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";

fn ask(server: &Server) -> AnswerSource {
    let request = Client::new().post(&server.url).body("{}");
    AnswerSource::new(request)
        .expect("a request")
        .with_policy(Policy::call().with_reconnection_time(Duration::ZERO))
}

async fn collect(answers: &mut AnswerSource) -> Collected {
    let mut collected = Collected::with_limit(1 << 20);
    while let Some(event) = answers.next_event().await {
        for delta in event.deltas() {
            collected.push(&delta).expect("room");
        }
    }
    collected
}

#[tokio::test]
async fn whole_answer() {
    let body = format!("{TEXT}: ping\n\n{USAGE}data: [DONE]\n\ndata: never read\n\n");
    let server = Server::new(move |_, _| event_stream(body.clone().into())).await;
    let mut answers = ask(&server);
    let collected = collect(&mut answers).await;
    assert_eq!((&*collected.text, answers.outcome()), ("Good day", Outcome::Completed));
    assert_eq!(answers.usage(), collected.usage);
    assert_eq!(answers.usage().output, Some(2));
    assert_eq!(answers.answer().tracker().protocol().map(Protocol::name), Some("chat"));
    assert!(answers.error().is_none());
    assert!(answers.next_event().await.is_none());
    assert_eq!((server.requests().len(), answers.closed()), (1, Some(Closed::Done)));
}

#[tokio::test]
async fn broken_answer_is_not_requested_again() {
    for ends in [Ends::Broken(TEXT), Ends::Properly(TEXT)] {
        let server = Server::of([ends, ends, ends]).await;
        let mut answers = ask(&server);
        let collected = collect(&mut answers).await;
        assert_eq!((&*collected.text, answers.outcome()), ("Good day", Outcome::Truncated));
        assert_eq!(answers.error().is_some(), matches!(ends, Ends::Broken(_)));
        assert_eq!(server.requests().len(), 1);
        assert_eq!(answers.closed(), Some(Closed::NotResumed));
    }
}

#[tokio::test]
async fn retried_until_it_opens() {
    let server = Server::new(|number, _| match number {
        0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        1 => StatusCode::TOO_MANY_REQUESTS.into_response(),
        _ => event_stream(format!("{TEXT}data: [DONE]").into()),
    })
    .await;
    let mut answers = ask(&server);
    let collected = collect(&mut answers).await;
    assert_eq!(collected.text, "Good day");
    assert_eq!(answers.outcome(), Outcome::Completed, "its blank line is missing");
    assert!(answers.error().is_none(), "the refusals did not end it");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn refusal_has_the_error() {
    let body = r#"{"error":{"message":"No such key","code":"invalid_api_key"}}"#;
    let server = Server::new(move |_, _| (StatusCode::UNAUTHORIZED, body)).await;
    let mut answers = ask(&server);
    let collected = collect(&mut answers).await;
    let summary = collected.summary(answers.outcome());
    assert_eq!(summary, "failed: No such key (invalid_api_key)");
    assert_eq!(answers.closed(), Some(Closed::Refused(Refusal::Status(401))));
    assert_eq!(server.requests().len(), 1);

    let server = Server::new(|_, _| (StatusCode::BAD_GATEWAY, "bad gateway")).await;
    let mut answers = ask(&server);
    assert!(answers.next_event().await.is_none());
    assert_eq!(answers.outcome(), Outcome::Unknown);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn background_run_is_resumed() {
    let server = Server::new(|number, head| {
        assert_eq!(head.get("last-event-id").is_some(), number > 0);
        match number {
            0 => broken(format!("id: 1\n{TEXT}id: 2\ndata: {{\"choi").as_bytes()),
            _ => event_stream(format!("id: 2\n{USAGE}data: [DONE]\n\n").into()),
        }
    })
    .await;
    let policy = Policy::call()
        .with_resume(Resume::WithCursor)
        .with_healthy(Healthy::Event)
        .with_reconnection_time(Duration::ZERO);
    let mut answers = ask(&server).with_policy(policy);
    let collected = collect(&mut answers).await;
    assert_eq!((&*collected.text, answers.outcome()), ("Good day", Outcome::Completed));
    assert_eq!(collected.usage.input, Some(3));
    assert_eq!(answers.parser().last_event_id(), "2");
    assert_eq!(server.requests().len(), 2);
}

/// A server that ends its responses cleanly at any byte: an incomplete event is sent again.
#[tokio::test]
async fn body_ending_anywhere_is_resumed() {
    const WORDS: [&str; 3] = ["one ", "two ", "three"];

    fn after(id: usize) -> String {
        let event = |(at, word): (usize, &&str)| {
            format!(
                "id: {}\ndata: {{\"choices\":[{{\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n",
                at + 1
            )
        };
        let words = WORDS.iter().enumerate().skip(id).map(event).collect::<Vec<_>>().concat();
        words + "id: 4\ndata: [DONE]\n\n"
    }

    for cut in 0..after(0).len() {
        let server = Server::new(move |number, head| {
            let id = head.get("last-event-id").map_or("0", |id| id.to_str().expect("digits"));
            let mut rest = after(id.parse().expect("a number"));
            if number == 0 {
                rest.truncate(cut);
            }
            event_stream(rest.into())
        })
        .await;
        let policy = Policy::call().with_resume(Resume::Always);
        let policy = policy.with_reconnection_time(Duration::ZERO).with_max_backoff(Duration::ZERO);
        let mut answers = ask(&server).with_policy(policy);
        let collected = collect(&mut answers).await;
        assert_eq!(
            (&*collected.text, answers.outcome()),
            ("one two three", Outcome::Completed),
            "{cut}"
        );
    }
}

#[tokio::test]
async fn complete_without_terminal() {
    let body = "id: 1\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n";
    let server = Server::of([Ends::Properly(body), Ends::Properly(body)]).await;
    let mut answers = ask(&server).with_policy(Policy::call().with_resume(Resume::Always));
    let collected = collect(&mut answers).await;
    assert_eq!((&*collected.text, answers.outcome()), ("Hi", Outcome::Completed));
    assert_eq!((server.requests().len(), answers.closed()), (1, Some(Closed::Done)));
}

#[tokio::test]
async fn silent_server_is_not_retried_forever() {
    let server = Server::new(|number, _| {
        let body = if number == 0 { format!("id: 1\n{TEXT}") } else { String::new() };
        event_stream(body.into())
    })
    .await;
    let policy = Policy::call().with_resume(Resume::WithCursor);
    let mut answers = ask(&server).with_policy(policy.with_reconnection_time(Duration::ZERO));
    let collected = collect(&mut answers).await;
    assert_eq!((&*collected.text, answers.outcome()), ("Good day", Outcome::Truncated));
    assert_eq!((server.requests().len(), answers.closed()), (3, Some(Closed::GaveUp)));
}

#[tokio::test]
async fn custom_cursor() {
    let server = Server::of([Ends::Broken(TEXT), Ends::Properly("data: [DONE]\n\n")]).await;
    let mut answers = ask(&server).with_policy(
        Policy::call().with_resume(Resume::WithCursor).with_reconnection_time(Duration::ZERO),
    );
    answers.set_cursor(true);
    collect(&mut answers).await;
    assert_eq!(answers.outcome(), Outcome::Completed);
}

/// Neither 204 nor a refusal with `[DONE]` in it is an answer, and an error before the refusal was
/// not the end.
#[tokio::test]
async fn refusal_without_error_is_unknown() {
    for (status, body) in [(204, ""), (400, "data: [DONE]\n\n"), (404, "")] {
        let server = Server::new(move |number, _| match number {
            0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => (StatusCode::from_u16(status).expect("a status"), body).into_response(),
        })
        .await;
        let mut answers = ask(&server);
        collect(&mut answers).await;
        assert_eq!(answers.outcome(), Outcome::Unknown, "{status}");
        assert_eq!(answers.closed(), Some(Closed::Refused(Refusal::Status(status))));
        assert!(answers.error().is_none(), "{status}");
    }
}

#[tokio::test]
async fn limits_hold_for_refusal_body() {
    let body = format!("data: {{\"choices\":\"{}\"}}\n\n", "x".repeat(200));
    let server = Server::new(move |_, _| (StatusCode::BAD_REQUEST, body.clone())).await;
    let mut answers = ask(&server).with_parser(Parser::with_limit(100));
    assert!(answers.next_event().await.is_none());
}

#[tokio::test]
async fn oversized_event_is_reported() {
    let body = format!("data: {{\"choices\":\"{}\"}}\n\n{TEXT}", "x".repeat(200));
    let server = Server::new(move |_, _| event_stream(body.clone().into())).await;
    let mut answers = ask(&server).with_parser(Parser::with_limit(100));
    let collected = collect(&mut answers).await;
    assert_eq!((&*collected.text, answers.outcome()), ("Good day", Outcome::Unknown));
    assert!(matches!(answers.into_error(), Some(Error::Parse(_))));
}
