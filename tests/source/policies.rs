//! Each policy holds in any order of calls.

use sseam::source::{Closed, Head, Healthy, Lost, Policy, ReadyState, Resume, Source, Step};
use sseam::{ArrayBuf, Parser};
use sseam_testkit::ms;

use super::calls::{CALLS, Call, Client, Returned, STARTS, depth};

const RESUMES: [Resume; 4] = [Resume::Never, Resume::UntilOpen, Resume::WithCursor, Resume::Always];
const HEALTHIES: [Healthy; 3] = [Healthy::Opens, Healthy::Event, Healthy::Lasts(ms(1_000))];
const LIMITS: [Option<u32>; 3] = [None, Some(0), Some(1)];

const MIN_WAIT: u64 = 700;
const FIRST_WAIT: u64 = 500;
const MAX_BACKOFF: u64 = 9_000;
const JITTER: u64 = 250;

/// The history that policies depend on.
#[derive(Clone, Default)]
struct History {
    has_opened: bool,
    is_done: bool,
    failures: u32,
    opened_at: u64,
}

#[derive(Clone)]
struct Run {
    client: Client,
    history: History,
    resume: Resume,
    healthy: Healthy,
    limit: Option<u32>,
}

impl Run {
    fn new(resume: Resume, healthy: Healthy, limit: Option<u32>, seed: Option<u64>) -> Self {
        let policy = Policy::event_source()
            .with_resume(resume)
            .with_healthy(healthy)
            .with_max_retries(limit)
            .with_reconnection_time(ms(FIRST_WAIT))
            .with_min_wait(ms(MIN_WAIT))
            .with_max_backoff(ms(MAX_BACKOFF))
            .with_jitter(ms(JITTER))
            .with_transient(|status| status == 503);
        let mut client = Client::new(policy);
        if let Some(seed) = seed {
            client.source = client.source.with_seed(seed);
        }
        Self { client, history: History::default(), resume, healthy, limit }
    }

    /// The end of the current wait.
    fn wait(&self) -> Option<u64> {
        match self.client.source.clone().step(ms(0)) {
            Step::Wait(until) => Some(u64::try_from(until.as_millis()).expect("a short wait")),
            _ => None,
        }
    }

    fn call(&mut self, call: Call, calls: &[Call]) {
        let before = self.client.source.clone();
        let (was_open, was_waiting) =
            (before.ready_state() == ReadyState::Open, self.wait().is_some());
        let was_connecting = before.ready_state() == ReadyState::Connecting && !was_waiting;
        let returned = self.client.call(call);
        let source = &self.client.source;
        let (is_open, wait) = (source.ready_state() == ReadyState::Open, self.wait());

        if call == Call::Reconnect {
            self.history = History::default();
            assert_eq!(source.ready_state(), ReadyState::Connecting, "{calls:?}");
            assert_eq!(wait, None, "{calls:?}");
        } else if let Some(closed) = before.closed() {
            assert_eq!(source.closed(), Some(closed), "{calls:?}");
        }
        assert!(returned.events.is_empty() || was_open, "{calls:?}");
        self.note(call, &returned, was_open, is_open);

        let is_failure = match call {
            Call::Broken | Call::Ended => was_open || was_connecting,
            Call::Respond { status: 503, .. } => was_connecting,
            _ => false,
        };
        if was_open && is_failure {
            let resumes = before.resumes(ms(self.client.now));
            assert_eq!(resumes, self.client.source.closed().is_none(), "{calls:?}");
        }
        if is_failure {
            self.assert_failed(call, was_open, calls);
        } else if wait.is_some() {
            assert!(was_waiting, "a wait without a failure, {calls:?}");
        }
        let mut aside = self.client.source.clone();
        if let Step::Connect(request) = aside.step(ms(self.client.now)) {
            assert_eq!(request.failures(), self.history.failures, "{calls:?}");
        }
    }

    fn note(&mut self, call: Call, returned: &Returned, was_open: bool, is_open: bool) {
        let history = &mut self.history;
        if is_open && !was_open {
            (history.has_opened, history.opened_at) = (true, self.client.now);
        }
        history.is_done |= call == Call::Done && was_open;
        let is_healthy = match self.healthy {
            Healthy::Opens => is_open && !was_open,
            Healthy::Event => !returned.events.is_empty(),
            Healthy::Lasts(least) => {
                was_open && !is_open && ms(self.client.now - history.opened_at) >= least
            }
            healthy => panic!("the model has no {healthy:?}"),
        };
        if is_healthy {
            history.failures = 0;
        }
    }

    /// A connection is lost, or was not established: the source waits, or is closed for a good
    /// reason.
    fn assert_failed(&mut self, call: Call, was_open: bool, calls: &[Call]) {
        self.history.failures += 1;
        let (source, failures) = (&self.client.source, self.history.failures);
        let has_cursor = !source.parser().last_event_id().is_empty();
        let may_resume = match self.resume {
            Resume::Never => false,
            Resume::UntilOpen => !self.history.has_opened,
            Resume::WithCursor => !self.history.has_opened || has_cursor,
            Resume::Always => true,
            resume => panic!("the model has no {resume:?}"),
        };
        let is_below_limit = self.limit.is_none_or(|limit| failures <= limit);
        let (refused, retry_after) = match call {
            Call::Respond { retry_after, .. } => (true, retry_after.unwrap_or(0)),
            _ => (false, 0),
        };
        let expected = match source.closed() {
            None => may_resume && is_below_limit && !(self.history.is_done && was_open),
            Some(Closed::Done) => self.history.is_done,
            Some(Closed::Refused(_)) => refused && !(may_resume && is_below_limit),
            Some(Closed::NotResumed) => !refused && !may_resume,
            Some(Closed::GaveUp) => !refused && may_resume && !is_below_limit,
            Some(_) => false,
        };
        assert!(expected, "{:?} after {calls:?}", source.closed());
        let Some(until) = self.wait() else {
            assert!(source.closed().is_some(), "neither closed nor waiting after {calls:?}");
            return;
        };
        let wait = until - self.client.now;
        let time = source.parser().reconnection_time().unwrap_or(ms(FIRST_WAIT));
        let base = u64::try_from(time.as_millis()).expect("a short wait").max(MIN_WAIT);
        let longest = (base << (failures - 1)).min(MAX_BACKOFF).max(base).max(retry_after);
        let shortest = base.max(retry_after);
        assert!((shortest..=longest + JITTER).contains(&wait), "{wait} ms after {calls:?}");
    }

    fn explore(&self, calls: &mut Vec<Call>, depth: usize) {
        if depth == 0 {
            return;
        }
        for call in CALLS {
            let mut next = self.clone();
            calls.push(call);
            next.call(call, calls);
            next.explore(calls, depth - 1);
            calls.pop();
        }
    }
}

#[test]
fn every_policy_in_every_order() {
    for resume in RESUMES {
        for healthy in HEALTHIES {
            for (limit, seed) in LIMITS.into_iter().zip([None, Some(1), Some(2)]) {
                for start in STARTS {
                    let mut run = Run::new(resume, healthy, limit, seed);
                    let mut calls = Vec::new();
                    for call in start {
                        calls.push(*call);
                        run.call(*call, &calls);
                    }
                    run.explore(&mut calls, depth(3));
                }
            }
        }
    }
}

/// Of the policy for calls: backoff up to eight seconds, which an event ends, and not an open connection.
#[test]
fn waits_of_calls() {
    let policy = Policy::call().with_resume(Resume::Always).with_max_retries(None);
    let mut source = Source::new(Parser::<ArrayBuf<64>>::default(), policy);
    let mut now = ms(0);
    let mut wait = |bytes: &'static str| {
        assert!(matches!(source.step(now), Step::Connect(_)));
        let content_type = Some(&b"text/event-stream"[..]);
        source.answered(&Head { status: 200, content_type, retry_after: None }, now).expect("open");
        let _ = source.next_event(&mut bytes.as_bytes()).expect("within the limits");
        source.lost(Lost::Broken, now);
        let Step::Wait(until) = source.step(now) else { panic!("no wait") };
        let wait = until.saturating_sub(now);
        now = until;
        wait
    };
    let waits = ["", "", "", "", "", "", "data: x\n\n", "", "id: 7\n"].map(&mut wait);
    assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 8_000, 500, 1_000, 2_000].map(ms));
}

/// A request says which ID it resumes after.
#[test]
fn id_of_the_request() {
    let mut parser = Parser::<ArrayBuf<64>>::default();
    parser.set_last_event_id(b"7").expect("a valid ID");
    let mut source = Source::new(parser, Policy::event_source());
    let Step::Connect(request) = source.step(ms(0)) else { panic!("no request") };
    assert_eq!(request.last_event_id(), "7");
}
