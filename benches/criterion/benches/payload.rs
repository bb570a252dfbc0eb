//! The time to read an event of the Responses API: into `responses::StreamEvent`, into a
//! `serde_json::Value`, and into a struct derived by serde.
//!
//! In `benches/criterion`: `cargo bench --bench payload`. Instructions are counted in `benches/instructions`.

#[path = "../../workloads/mod.rs"]
mod workloads;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use sseam::llm::payload::responses;
use sseam::{Event, OwnedEvent, Parser};
use workloads::WORKLOADS;

/// The members of `responses::Delta`, written for speed: a text with an escape is an error here.
#[derive(Deserialize)]
#[allow(dead_code)] // Read, but not used.
struct Derived<'a> {
    #[serde(rename = "type")]
    event_type: &'a str,
    delta: &'a str,
    item_id: Option<&'a str>,
    #[serde(default)]
    output_index: u64,
    #[serde(default)]
    content_index: u64,
    sequence_number: Option<u64>,
}

/// The events of W2.
fn events() -> Vec<OwnedEvent> {
    let workload = WORKLOADS.iter().find(|workload| workload.name == "W2").expect("a workload");
    let stream = workload.stream(64 << 10);
    let mut chunk = &stream[..];
    let mut parser = Parser::new();
    let mut events = Vec::new();
    while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
        events.push(event.into_owned());
    }
    events
}

fn payload(c: &mut Criterion) {
    let events = events();
    let mut group = c.benchmark_group("W2, each event");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements(events.len() as u64));
    let mut bench = |name: &str, read: fn(Event<'_>)| {
        group.bench_function(name, |b| {
            b.iter(|| events.iter().for_each(|event| read(black_box(event.as_event()))));
        });
    };
    bench("responses::StreamEvent", |event| {
        black_box(responses::StreamEvent::parse(&event).expect("a payload"));
    });
    bench("serde_json::Value", |event| {
        let data = event.data().as_bytes();
        black_box(serde_json::from_slice::<serde_json::Value>(data).expect("JSON"));
    });
    bench("derived, serde_json, from bytes", |event| {
        let data = event.data().as_bytes();
        black_box(serde_json::from_slice::<Derived<'_>>(data).expect("a delta"));
    });
    bench("derived, serde_json, from &str", |event| {
        let data = event.data().to_str().expect("UTF-8");
        black_box(serde_json::from_str::<Derived<'_>>(data).expect("a delta"));
    });
    bench("derived, serde-json-core", |event| {
        let data = event.data().as_bytes();
        black_box(serde_json_core::from_slice::<Derived<'_>>(data).expect("a delta"));
    });
    group.finish();
}

criterion_group!(benches, payload);
criterion_main!(benches);
