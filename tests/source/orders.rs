//! All orders of calls, against the model.

use sseam::source::{Policy, Step};
use sseam_testkit::ms;

use super::calls::{CALLS, Call, Client, STARTS, depth};
use super::model::{EventSource, ToDo};

#[derive(Clone)]
struct Pair {
    client: Client,
    model: EventSource,
}

impl Pair {
    fn new(policy: Policy, transient: &'static [u16]) -> Self {
        Self { client: Client::new(policy), model: EventSource::new(transient) }
    }

    fn call(&mut self, call: Call, calls: &[Call]) {
        let returned = self.client.call(call);
        assert_eq!(returned, self.model.call(call, self.client.now), "returned by {calls:?}");
        self.compare(calls);
    }

    /// Compares the observable state of both.
    fn compare(&self, calls: &[Call]) {
        let (source, model) = (&self.client.source, &self.model);
        assert_eq!(source.ready_state(), model.ready_state, "after {calls:?}");
        assert_eq!(source.closed(), model.closed, "after {calls:?}");
        assert_eq!(source.end(), model.end, "after {calls:?}");
        let parser = source.parser();
        assert_eq!(parser.last_event_id(), model.last_event_id.as_str(), "after {calls:?}");
        assert_eq!(parser.reconnection_time(), model.reconnection_time.map(ms), "after {calls:?}");
        // A step changes the state, so copies are asked.
        let Self { mut client, mut model } = self.clone();
        let expected = model.step(client.now);
        for _ in 0..2 {
            let step = to_do(client.source.step(ms(client.now)));
            assert_eq!(step, expected, "after {calls:?}");
        }
    }

    /// Makes `depth` more calls, in all orders.
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

fn to_do(step: Step<'_>) -> ToDo {
    match step {
        Step::Connect(request) => {
            let mut headers = request.headers();
            let mut header = || headers.next().map(|(name, value)| (name, value.to_string()));
            assert_eq!(header(), Some(("accept", "text/event-stream".to_owned())));
            assert_eq!(header(), Some(("cache-control", "no-cache".to_owned())));
            let id = header();
            assert!(id.as_ref().is_none_or(|(name, _)| *name == "last-event-id"), "{id:?}");
            assert_eq!(header(), None);
            ToDo::Connect { last_event_id: id.map(|(_, id)| id), failures: request.failures() }
        }
        Step::Read => ToDo::Read,
        Step::Wait(until) => {
            ToDo::Wait(u64::try_from(until.as_millis()).expect("a u64 of milliseconds"))
        }
        Step::Closed(closed) => ToDo::Closed(closed),
    }
}

fn all_orders(policy: Policy, transient: &'static [u16], depths: [usize; STARTS.len()]) {
    for (start, depth) in STARTS.iter().zip(depths) {
        let mut pair = Pair::new(policy, transient);
        pair.compare(&[]);
        let mut calls = Vec::new();
        for call in *start {
            calls.push(*call);
            pair.call(*call, &calls);
        }
        pair.explore(&mut calls, depth);
    }
}

#[test]
fn every_order_matches_model() {
    all_orders(Policy::event_source(), &[], [depth(4); STARTS.len()]);
}

#[test]
fn every_order_with_transient_status() {
    let policy = Policy::event_source().with_transient(|status| status == 503);
    let mut depths = [depth(4); STARTS.len()];
    depths[0] = depth(5);
    all_orders(policy, &[503], depths);
}
