//! What orders of calls do not cover: long waits, jitter, reasons, and whole streams.

use std::collections::BTreeSet;
use std::time::Duration;

use sseam::source::{Closed, Head, Healthy, Lost, Policy, Refusal, Resume, Source, Step};
use sseam::{ArrayBuf, End, Item, Notify, Parser};
use sseam_testkit::ms;

use super::client::{Answer, GOOD, feed, run, status, stream, wait};

type InPlace = Source<ArrayBuf<64, 16>>;
type Act = fn(&mut InPlace);
/// Returns `true` if an event arrived.
type Read = fn(&mut InPlace) -> bool;

fn source(policy: Policy) -> InPlace {
    Source::new(Parser::default(), policy)
}

fn open(policy: Policy) -> InPlace {
    let mut source = source(policy);
    source.answered(&GOOD, ms(0)).expect("an event stream");
    source
}

fn refused(status: u16, retry_after: Option<Duration>) -> Head<'static> {
    Head { status, content_type: None, retry_after }
}

/// Loses `failures` connections in a row that were never established, and returns the waits.
fn waits(source: &mut InPlace, failures: usize) -> Vec<u64> {
    let mut now = 0;
    let one = |_| {
        source.lost(Lost::Broken, ms(now));
        let wait = wait(source, now).expect("a wait");
        now += wait;
        if wait > 0 {
            assert!(matches!(source.step(ms(now - 1)), Step::Wait(_)), "the wait has not ended");
        }
        assert!(matches!(source.step(ms(now)), Step::Connect(_)), "the wait has ended");
        wait
    };
    (0..failures).map(one).collect()
}

#[test]
fn waits_grow_up_to_the_maximum() {
    let browser = Policy::event_source();
    let cases = [
        (browser, [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]),
        (browser.with_max_backoff(ms(0)), [3_000; 7]),
        // The maximum does not shorten what the policy or the server asks for.
        (browser.with_max_backoff(ms(2_000)), [3_000; 7]),
        (browser.with_max_backoff(ms(7_000)), [3_000, 6_000, 7_000, 7_000, 7_000, 7_000, 7_000]),
        (browser.with_reconnection_time(ms(0)), [10, 20, 40, 80, 160, 320, 640]),
        (
            browser.with_min_wait(ms(40_000)),
            [40_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000],
        ),
        (browser.with_min_wait(ms(0)).with_reconnection_time(ms(0)), [0; 7]),
        (browser.with_jitter(ms(500)).with_max_backoff(ms(0)), [3_500; 7]),
        // Fractions of a millisecond are rounded up.
        (
            browser.with_reconnection_time(Duration::from_nanos(20_000_001)),
            [21, 42, 84, 168, 336, 672, 1344],
        ),
    ];
    for (policy, expected) in cases {
        assert_eq!(waits(&mut source(policy), 7), expected, "{policy:?}");
    }
    // More doublings than there are bits.
    let policy = browser.with_max_backoff(Duration::MAX);
    let all = waits(&mut source(policy), 52);
    assert_eq!(all[51], 3_000 << 51);
}

/// Like the SDKs of providers: two retries, after half a second and a second.
#[test]
fn call_is_retried_until_it_opens() {
    let lost = Answer::Lost(Lost::Broken);
    let busy = Answer::Response {
        status: 429,
        content_type: "application/json",
        retry_after: Some(ms(9_000)),
        body: "",
    };
    let cases: [(&[Answer<'_>], &[&str]); 7] = [
        (
            &[lost, lost, lost],
            &[
                "connect",
                "wait 500",
                "connect",
                "wait 1000",
                "connect",
                "closed: too many failures in a row",
            ],
        ),
        (
            &[lost, busy, status(503)],
            &[
                "connect",
                "wait 500",
                "connect",
                "wait 9000",
                "connect",
                "closed: the status is 503, not 200",
            ],
        ),
        (
            &[busy, stream("data: x\n\n")],
            &[
                "connect",
                "wait 9000",
                "connect",
                "x",
                "closed: the stream ended or broke off and is not to be resumed",
            ],
        ),
        // Paid for once it has opened, even without an event, and even with an ID.
        (
            &[Answer::Broken("")],
            &["connect", "closed: the stream ended or broke off and is not to be resumed"],
        ),
        (
            &[Answer::Broken("id: 7\ndata: x\n\n")],
            &["connect", "x, 7", "closed: the stream ended or broke off and is not to be resumed"],
        ),
        (&[status(401)], &["connect", "closed: the status is 401, not 200"]),
        (&[Answer::Lost(Lost::Futile)], &["connect", "closed: trying again is futile"]),
    ];
    for (answers, expected) in cases {
        assert_eq!(run(&mut source(Policy::call()), answers, 7), expected);
    }
}

#[test]
fn transient_statuses() {
    for code in 0..=u16::MAX {
        let closes = |policy| {
            let mut source = source(policy);
            let answered = source.answered(&refused(code, None), ms(0));
            let refusal = if code == 200 { Refusal::ContentType } else { Refusal::Status(code) };
            assert_eq!(answered, Err(refusal));
            assert!(source.closed().is_none_or(|closed| closed == Closed::Refused(refusal)));
            source.closed().is_some()
        };
        assert!(closes(Policy::event_source()), "{code}");
        let is_transient = [408, 409, 425, 429].contains(&code) || code >= 500;
        assert_eq!(!closes(Policy::call()), is_transient, "{code}");
        // A response of the wrong type is not transient.
        assert_eq!(closes(Policy::call().with_transient(|_| true)), code == 200);
    }
}

#[test]
fn healthy_resets_failures() {
    let policy = |healthy| Policy::event_source().with_healthy(healthy).with_max_retries(Some(1));
    let (silent, event) = (stream(": hi\n\n"), stream("data: x\n\n"));
    let gave_up = "closed: too many failures in a row";
    let cases: [(Healthy, &[Answer<'_>], &[&str]); 4] = [
        (
            Healthy::Opens,
            &[silent, silent, silent],
            &["connect", "wait 3000", "connect", "wait 3000", "connect", "wait 3000", "connect"],
        ),
        (Healthy::Event, &[silent, silent], &["connect", "wait 3000", "connect", gave_up]),
        (
            Healthy::Event,
            &[silent, event, silent],
            &["connect", "wait 3000", "connect", "x", "wait 3000", "connect", gave_up],
        ),
        // Those of the client above take no time.
        (
            Healthy::Lasts(ms(1)),
            &[event, event],
            &["connect", "x", "wait 3000", "connect", "x", gave_up],
        ),
    ];
    for (healthy, answers, expected) in cases {
        assert_eq!(run(&mut source(policy(healthy)), answers, 3), expected, "{healthy:?}");
    }
    for (lasted, is_healthy) in [(999, false), (1_000, true), (u64::MAX, true)] {
        let mut source = source(policy(Healthy::Lasts(ms(1_000))));
        source.lost(Lost::Broken, ms(0));
        assert!(matches!(source.step(ms(5_000)), Step::Connect(_)));
        source.answered(&GOOD, ms(5_000)).expect("an event stream");
        source.lost(Lost::Broken, ms(lasted).saturating_add(ms(5_000)));
        assert_eq!(source.closed(), (!is_healthy).then_some(Closed::GaveUp), "{lasted}");
    }
}

/// By each method that yields events.
#[test]
fn event_is_healthy_by_any_method() {
    let ways: [(&str, Read); 8] = [
        ("next_event", |source| source.next_event(&mut &b"data: x\n\n"[..]).unwrap().is_some()),
        ("next_item", |source| source.next_item(&mut &b"data: x\n\n"[..]).unwrap().is_some()),
        ("find", |source| source.find(&mut &b"data: x\n\n"[..]).unwrap().is_some()),
        ("flush_event", |source| {
            assert_eq!(source.next_event(&mut &b"data: x"[..]), Ok(None));
            source.flush_event().unwrap().is_some()
        }),
        ("flush_item", |source| {
            assert_eq!(source.next_event(&mut &b"data: x"[..]), Ok(None));
            source.flush_item().unwrap().is_some()
        }),
        ("a comment", |source| {
            source.next_item(&mut &b": x\n"[..]).unwrap();
            source.find(&mut &b": x\n"[..]).unwrap();
            false
        }),
        ("the end of a comment", |source| {
            source.next_event(&mut &b": x"[..]).unwrap();
            source.flush_item().unwrap();
            source.flush_event().unwrap();
            false
        }),
        ("too large", |source| {
            let event = format!("data: {}\n\n", "x".repeat(65));
            assert!(source.next_event(&mut event.as_bytes()).is_err());
            false
        }),
    ];
    for (way, read) in ways {
        let policy = Policy::event_source().with_healthy(Healthy::Event).with_max_retries(Some(1));
        let parser = Parser::default().with_notify(Notify::ALL);
        let mut source = InPlace::new(parser, policy);
        source.lost(Lost::Broken, ms(0));
        assert!(matches!(source.step(ms(3_000)), Step::Connect(_)), "{way}");
        source.answered(&GOOD, ms(3_000)).expect("an event stream");
        let is_event = read(&mut source);
        source.ended(ms(3_000));
        assert_eq!(source.closed(), (!is_event).then_some(Closed::GaveUp), "{way}");
    }
}

#[test]
fn reasons_for_closing() {
    let lost = |source: &mut InPlace| source.lost(Lost::Broken, ms(0));
    let futile = |source: &mut InPlace| source.lost(Lost::Futile, ms(0));
    let call = Policy::call();
    let never = Policy::event_source().with_resume(Resume::Never);
    let once = Policy::event_source().with_max_retries(Some(0));
    let refuse: Act = |source| {
        let _ = source.answered(&refused(503, None), ms(0));
    };
    let cases: [(InPlace, &[Act], Option<Closed>); 17] = [
        (source(call), &[InPlace::close], Some(Closed::ByCaller)),
        (open(call), &[InPlace::close, InPlace::done], Some(Closed::ByCaller)),
        (open(call), &[InPlace::done, InPlace::close], Some(Closed::ByCaller)),
        (source(call), &[InPlace::done, InPlace::close], Some(Closed::Done)),
        (source(call), &[lost, InPlace::done], Some(Closed::Done)),
        (open(call), &[InPlace::done], None),
        (open(call), &[InPlace::done, lost], Some(Closed::Done)),
        (open(call), &[InPlace::done, futile], Some(Closed::Done)),
        (open(call), &[futile, InPlace::done], Some(Closed::Futile)),
        (open(call), &[lost], Some(Closed::NotResumed)),
        (source(never), &[lost], Some(Closed::NotResumed)),
        (source(once), &[lost], Some(Closed::GaveUp)),
        (source(once.with_resume(Resume::Never)), &[lost], Some(Closed::NotResumed)),
        (source(never), &[refuse], Some(Closed::Refused(Refusal::Status(503)))),
        (
            source(call.with_resume(Resume::Never)),
            &[refuse],
            Some(Closed::Refused(Refusal::Status(503))),
        ),
        (
            source(call.with_max_retries(Some(0))),
            &[refuse],
            Some(Closed::Refused(Refusal::Status(503))),
        ),
        (open(never), &[InPlace::done, InPlace::reconnect], None),
    ];
    for (n, (mut source, calls, closed)) in cases.into_iter().enumerate() {
        for call in calls {
            call(&mut source);
        }
        assert_eq!(source.closed(), closed, "case {n}");
    }
}

/// After the final event the rest of the stream is read, and no other is requested.
#[test]
fn done_reads_on() {
    let mut source = open(Policy::event_source());
    assert_eq!(feed(&mut source, b"data: final\n\n"), ["final"]);
    source.done();
    assert_eq!(source.step(ms(0)), Step::Read);
    assert_eq!(feed(&mut source, b"data: usage\n\n"), ["usage"]);
    source.ended(ms(0));
    assert_eq!(source.step(Duration::MAX), Step::Closed(Closed::Done));
    // A new run is not done.
    source.reconnect();
    source.answered(&GOOD, ms(0)).expect("an event stream");
    source.ended(ms(0));
    assert_eq!(source.closed(), None);
}

#[test]
fn cursor_resumes_like_id() {
    let policy = Policy::call().with_resume(Resume::WithCursor);
    let broken: [(Act, bool); 5] = [
        (|_| {}, false),
        (|source| source.set_cursor(true), true),
        (|source| [true, false].into_iter().for_each(|has| source.set_cursor(has)), false),
        (|source| _ = feed(source, b"id: 7\n\n"), true),
        // It ended before the blank line.
        (|source| _ = feed(source, b"id: 7\n"), false),
    ];
    for (n, (prepare, resumes)) in broken.into_iter().enumerate() {
        let mut source = open(policy);
        prepare(&mut source);
        source.lost(Lost::Broken, ms(0));
        assert_eq!(source.closed().is_none(), resumes, "case {n}");
    }
    // An ID of an earlier run.
    let mut parser = Parser::<ArrayBuf<64, 16>>::default();
    parser.set_last_event_id(b"7").expect("an ID");
    let mut source = Source::new(parser, policy);
    assert_eq!(
        run(&mut source, &[Answer::Broken("data: x\n\n"), status(204)], 4),
        ["connect, 7", "x, 7", "wait 500", "connect, 7", "closed: the status is 204, not 200"]
    );
}

/// `reconnect` starts again, with the state from the stream.
#[test]
fn reconnect_starts_again() {
    let mut source = open(Policy::call().with_max_retries(Some(1)));
    feed(&mut source, b"retry: 20\nid: 7\ndata: x\n\ndata: half");
    source.reconnect();
    assert_eq!(source.end(), Some(End::Disconnected));
    assert_eq!(waits(&mut source, 1), [20]);
    source.lost(Lost::Broken, ms(20));
    assert_eq!(source.closed(), Some(Closed::GaveUp));
    source.reconnect();
    assert_eq!(waits(&mut source, 1), [20]);
    source.answered(&GOOD, ms(20)).expect("an event stream");
    assert_eq!(feed(&mut source, b"data: y\n\n"), ["y, 7"]);
}

#[test]
fn wait_is_exact_to_the_millisecond() {
    let edges = [0, 10, 999, 1_000, 1 << 16, 1 << 32, 1 << 48, u64::MAX];
    for retry in edges.iter().flat_map(|edge| (0..2_000).map(|n| edge.wrapping_sub(n))) {
        let mut source = open(Policy::event_source());
        feed(&mut source, format!("retry: {retry}\n").as_bytes());
        source.ended(ms(0));
        assert_eq!(source.step(ms(0)), Step::Wait(ms(retry.max(10))));
        // A fraction of a millisecond before the end.
        let before = ms(retry.max(10)).saturating_sub(Duration::from_nanos(1));
        assert_eq!(source.step(before), Step::Wait(ms(retry.max(10))));
    }
}

#[test]
fn retry_beyond_timers() {
    let mut source = open(Policy::event_source());
    feed(&mut source, b"retry: 18446744073709551615\n");
    source.ended(ms(5));
    assert_eq!(source.step(ms(5)), Step::Wait(ms(u64::MAX)));
    assert_eq!(source.step(ms(u64::MAX - 1)), Step::Wait(ms(u64::MAX)));
    assert!(matches!(source.step(Duration::MAX), Step::Connect(_)));
    // And with everything that can be added to it, at the largest time.
    let policy = Policy::call()
        .with_reconnection_time(Duration::MAX)
        .with_min_wait(Duration::MAX)
        .with_max_backoff(Duration::MAX)
        .with_jitter(Duration::MAX)
        .with_healthy(Healthy::Lasts(Duration::MAX));
    let mut source = self::source(policy).with_seed(1);
    let head = refused(503, Some(Duration::MAX));
    assert_eq!(source.answered(&head, Duration::MAX), Err(Refusal::Status(503)));
    assert!(matches!(source.step(Duration::MAX), Step::Connect(_)));
}

#[test]
fn wait_is_at_least_retry_after() {
    let busy = |seconds| refused(503, Some(Duration::from_secs(seconds)));
    let policy = Policy::call().with_max_retries(None).with_jitter(ms(300));
    for seed in 0..50 {
        let mut source = source(policy).with_seed(seed);
        for (n, (seconds, at_most)) in
            [(20, 20_300), (2, 2_300), (0, 2_300), (5, 5_300)].iter().enumerate()
        {
            let now = n as u64 * 100_000;
            assert!(matches!(source.step(ms(now)), Step::Connect(_)));
            assert!(source.answered(&busy(*seconds), ms(now)).is_err());
            let wait = wait(&mut source, now).expect("a wait");
            assert!((seconds * 1_000..=*at_most).contains(&wait), "{wait}");
        }
    }
}

/// A thousand clients that a server drops at once return spread over the jitter, and after more
/// failures over the backoff; each by its seed alone, and none earlier than requested.
#[test]
fn seeds_spread_the_waits() {
    let policy = Policy::event_source().with_jitter(ms(2_000));
    // The shortest wait, and the span above it.
    for (failures, least, span) in [(1, 3_000, 2_000), (2, 3_000, 5_000), (5, 3_000, 47_000)] {
        let last = |seed| waits(&mut source(policy).with_seed(seed), failures)[failures - 1];
        let all: Vec<u64> = (0..1_000).map(last).collect();
        assert!(all.iter().all(|wait| (least..least + span).contains(wait)), "{failures}");
        let tenth = |wait: &u64| (wait - least) * 10 / span;
        for n in 0..10 {
            let clients = all.iter().filter(|wait| tenth(wait) == n).count();
            assert!((60..=140).contains(&clients), "{clients} of 1,000 in tenth {n}, {failures}");
        }
        assert_eq!(last(7), last(7), "the same seed");
    }
    // One source draws again for each wait.
    let policy = policy.with_max_backoff(ms(0));
    let all: BTreeSet<u64> = waits(&mut source(policy).with_seed(7), 20).into_iter().collect();
    assert!(all.len() > 15, "{all:?}");
}

/// The generator is `SplitMix64`: its first numbers for the seed 1234567. A wait takes the upper
/// half, as a fraction of 2³² ms.
#[test]
fn generator_is_split_mix_64() {
    let policy = Policy::event_source()
        .with_reconnection_time(ms(0))
        .with_min_wait(ms(0))
        .with_jitter(ms(1 << 32));
    let numbers: [u64; 3] =
        [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    assert_eq!(
        waits(&mut source(policy).with_seed(1_234_567), 3),
        numbers.map(|number| number >> 32)
    );
    // A span of more than 32 bits.
    let policy = policy.with_jitter(ms((3 << 32) + 5));
    let part = |number: u64| 3 * (number >> 32) + ((5 * (number >> 32)) >> 32);
    assert_eq!(waits(&mut source(policy).with_seed(1_234_567), 3), numbers.map(part));
}

#[test]
fn how_the_body_ended() {
    let mut source = source(Policy::event_source());
    assert_eq!(source.end(), None);
    source.lost(Lost::Broken, ms(0));
    assert_eq!(source.end(), None, "there was no body");
    let ends: [(&[u8], Act, End); 8] = [
        (b"data: x\n\n", |source| source.ended(ms(0)), End::Clean),
        (b"data: x\n", |source| source.ended(ms(0)), End::MidEvent),
        (b"data: x", |source| source.ended(ms(0)), End::MidEvent),
        (b"data: x", |source| source.lost(Lost::Broken, ms(0)), End::Disconnected),
        (b"data: x\n\n", |source| source.lost(Lost::Futile, ms(0)), End::Disconnected),
        (b"", InPlace::close, End::Disconnected),
        (b"", InPlace::reconnect, End::Disconnected),
        (
            b"data: x",
            |source| {
                assert_eq!(source.flush_event().unwrap().unwrap().data(), "x");
                assert!(source.flush_event().unwrap().is_none());
                source.ended(ms(0));
            },
            End::Clean,
        ),
    ];
    for (n, (body, end, expected)) in ends.into_iter().enumerate() {
        source.reconnect();
        source.answered(&GOOD, ms(0)).expect("an event stream");
        assert_eq!(source.end(), None, "case {n}");
        feed(&mut source, body);
        assert_eq!(source.end(), None, "case {n}");
        end(&mut source);
        assert_eq!(source.end(), Some(expected), "case {n}");
        // Later calls change nothing.
        source.ended(ms(0));
        source.lost(Lost::Broken, ms(0));
        assert_eq!(source.end(), Some(expected), "case {n}");
    }
}

#[test]
fn bytes_count_only_while_open() {
    let states: [Act; 3] = [|_| {}, |source| source.lost(Lost::Broken, ms(0)), InPlace::close];
    for state in states {
        // With an incomplete event of an earlier run.
        let mut parser = Parser::default().with_notify(Notify::ALL);
        assert_eq!(parser.next_event(&mut &b"data: x"[..]), Ok(None));
        let mut source = InPlace::new(parser, Policy::event_source());
        state(&mut source);
        let bytes = b": comment\nretry: 7\nid: 1\ndata: x\n\n";
        let mut chunk = &bytes[..];
        assert_eq!(source.next_event(&mut chunk), Ok(None));
        assert!(chunk.is_empty());
        let mut chunk = &bytes[..];
        assert_eq!(source.next_item(&mut chunk), Ok(None));
        assert!(chunk.is_empty());
        let mut chunk = &bytes[..];
        assert!(source.find(&mut chunk).unwrap().is_none());
        assert!(chunk.is_empty());
        assert_eq!(source.flush_event(), Ok(None));
        assert_eq!(source.flush_item(), Ok(None));
        assert!(source.find_at_end().unwrap().is_none());
        assert_eq!(source.parser().last_event_id(), "");
        assert_eq!(source.parser().reconnection_time(), None);
        // Nor does it reach the next connection.
        source.reconnect();
        source.answered(&GOOD, ms(0)).expect("an event stream");
        assert_eq!(feed(&mut source, b"data: y\n\n"), ["y"]);
    }
}

#[test]
fn items_match_parser() {
    let mut source =
        InPlace::new(Parser::default().with_notify(Notify::ALL), Policy::event_source());
    source.answered(&GOOD, ms(0)).expect("an event stream");
    let mut chunk: &[u8] = b": hi\nretry: 5\ndata: x\n\n: end";
    assert!(matches!(source.next_item(&mut chunk), Ok(Some(Item::Comment { .. }))));
    assert_eq!(source.next_item(&mut chunk), Ok(Some(Item::ReconnectionTime(ms(5)))));
    let input = chunk;
    let found = source.find(&mut chunk).unwrap().expect("an event");
    let event = source.view(input, found).event().expect("an event");
    assert_eq!(event.data(), "x");
    assert_eq!(event.data().as_bytes().as_ptr(), input[6..].as_ptr(), "borrowed from the chunk");
    assert_eq!(source.next_item(&mut chunk), Ok(None));
    assert!(matches!(source.flush_item(), Ok(Some(Item::Comment { .. }))));
    assert_eq!(source.flush_item(), Ok(None));
}

/// An event over its limit loses only itself, not the rest of the chunk nor the connection.
#[test]
fn error_loses_one_event() {
    let large = "x".repeat(65);
    let body = format!("data: one\n\nid: 2\ndata: {large}\n\ndata: three\n\n");
    for size in [1, 7, body.len()] {
        let seen = run(&mut source(Policy::call()), &[stream(&body)], size);
        assert_eq!(seen[1..4], ["one", "too large", "three"]);
    }
}

/// The texts that a driver prints.
#[test]
fn reason_display() {
    let cases = [
        (Closed::ByCaller, "closed by the caller"),
        (Closed::Done, "the stream is complete"),
        (Closed::Refused(Refusal::Status(404)), "the status is 404, not 200"),
        (Closed::Refused(Refusal::ContentType), "the content type is not `text/event-stream`"),
        (Closed::Futile, "trying again is futile"),
        (Closed::NotResumed, "the stream ended or broke off and is not to be resumed"),
        (Closed::GaveUp, "too many failures in a row"),
    ];
    for (closed, text) in cases {
        assert_eq!(closed.to_string(), text);
    }
    let shown = format!("{:?}", open(Policy::event_source()));
    assert!(shown.contains("Parser") && shown.contains("Open"), "{shown}");
}
