//! When it asks again, and when not.

use std::time::{Duration, Instant};

use crate::setup::{Ran, Reply, Server, run};

const BROKEN: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Good d\"}}]}\n\n";
const WHOLE: &str =
    "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]\n\n";

fn retry(replies: Vec<Reply>, retries: &str) -> (Ran, usize) {
    let server = Server::start(replies);
    let url = server.url("/v1");
    let ran = run(&["--url", &url, "--retries", retries, "--backoff", "0.01", "--stall", "0.5"]);
    (ran, server.asked().len())
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_and_is_one_answer() {
    let lost = [Reply::stream(BROKEN), Reply::stream(BROKEN).broken()];
    for broken in lost {
        let (ran, asked) = retry(vec![broken, Reply::stream(WHOLE)], "1");
        assert_eq!((ran.out.as_str(), ran.status, asked), ("Good day", 0, 2));
        ran.says("chat: truncated: ");
        ran.says("chat: what came of this answer is left out\n");
        ran.says("chat: asks again in 0.0 s: retry 1 of 1\n");
        ran.says("chat: completed: ");
    }
}

#[test]
fn without_the_flag_nothing_is_asked_again() {
    let (ran, asked) = retry(vec![Reply::stream(BROKEN), Reply::stream(WHOLE)], "0");
    assert_eq!((ran.out.as_str(), ran.status, asked), ("Good d", 5, 1));
}

#[test]
fn what_came_of_the_last_try_is_shown() {
    let (ran, asked) = retry(vec![Reply::stream(BROKEN); 3], "2");
    assert_eq!((ran.out.as_str(), ran.status, asked), ("Good d", 5, 3));
    ran.says("retry 2 of 2");
}

/// The provider has answered: it would say the same again.
#[test]
fn what_the_provider_has_answered_is_not_asked_again() {
    let answers = [
        (Reply::stream("data: {\"error\":{\"message\":\"Oh\"}}\n\n").broken(), 4),
        (Reply::stream("data: {\"choices\":[{\"finish_reason\":\"length\"}]}\n\n"), 3),
        (Reply::stream(WHOLE).broken(), 0),
        (Reply::json(200, r#"{"error":{"message":"Oh"}}"#), 4),
        (Reply::json(400, r#"{"error":{"message":"Oh"}}"#), 2),
        (Reply::json(401, r#"{"error":{"message":"Oh"}}"#), 2),
        (Reply::json(500, r#"{"error":{"message":"Oh"}}"#), 2),
        // There is no money left, and waiting brings none.
        (Reply::json(429, r#"{"error":{"message":"Oh","code":"insufficient_quota"}}"#), 2),
        // Later, but not now.
        (Reply::json(429, "{}").with("retry-after", "3600"), 2),
    ];
    for (answer, status) in answers {
        let (ran, asked) = retry(vec![answer, Reply::stream(WHOLE)], "3");
        assert_eq!((ran.status, asked), (status, 1), "{}", ran.err);
    }
}

#[test]
fn a_busy_server_is_asked_again() {
    for status in [429, 503, 529] {
        let (ran, asked) = retry(vec![Reply::json(status, "{}"), Reply::stream(WHOLE)], "1");
        assert_eq!((ran.out.as_str(), ran.status, asked), ("Good day", 0, 2), "{}", ran.err);
    }
}

#[test]
fn a_busy_server_is_asked_no_sooner_than_it_says() {
    let start = Instant::now();
    let busy = Reply::json(503, "{}").with("retry-after", "1");
    let (ran, _) = retry(vec![busy, Reply::stream(WHOLE)], "1");
    assert!(start.elapsed() >= Duration::from_secs(1));
    ran.says("503 Service Unavailable; it asks to wait 1 s");
    ran.says("asks again in 1.0 s");

    // A date that has passed.
    let date = "Wed, 21 Oct 2015 07:28:00 GMT";
    let busy = Reply::json(503, "{}").with("retry-after", date);
    let (ran, asked) = retry(vec![busy, Reply::stream(WHOLE)], "1");
    ran.says("it asks to wait 0 s");
    assert_eq!((ran.status, asked), (0, 2));
}

#[test]
fn a_connection_that_fails_is_tried_again() {
    let ran = run(&["--url", "http://127.0.0.1:1/v1", "--retries", "2", "--backoff", "0.01"]);
    assert_eq!(ran.err.matches("chat: no answer: cannot reach").count(), 3, "{}", ran.err);
    assert_eq!(ran.status, 2);
}
