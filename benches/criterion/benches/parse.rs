//! The time to parse each workload, cut in each way, to follow it with a tracker, and to read it
//! through the adapters.
//!
//! In `benches/criterion`: `cargo bench --bench parse`, or with a filter: `-- W1/whole`.

#[path = "../../workloads/mod.rs"]
mod workloads;

use std::convert::Infallible;
use std::hint::black_box;
use std::io::BufReader;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use embassy_futures::block_on;
use sseam::Parser;
use sseam::adapter::io::EventReader;
use sseam::llm::{Answer, Delta, Protocol, Tracker};
use workloads::WORKLOADS;

const SIZE: usize = 256 << 10;

fn group_of<'c>(c: &'c mut Criterion, name: &str, stream: &[u8]) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    group
}

fn parse(c: &mut Criterion) {
    for workload in WORKLOADS {
        let stream = workload.stream(SIZE);
        let mut group = group_of(c, workload.name, &stream);
        let sizes =
            [("whole", stream.len()), ("16384", 16384), ("1460", 1460), ("64", 64), ("1", 1)];
        for (name, size) in sizes {
            let chunks: Vec<&[u8]> = stream.chunks(size).collect();
            group.bench_with_input(BenchmarkId::from_parameter(name), &chunks, |b, chunks| {
                let mut parser = Parser::new();
                b.iter(|| read(&mut parser, chunks));
            });
        }
        group.finish();
    }
}

/// Reads the type and the data of every event, like a client.
fn read(parser: &mut Parser<sseam::VecBuf>, chunks: &[&[u8]]) -> usize {
    let mut events = 0;
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
            black_box(event.event_type().as_bytes());
            black_box(event.data().as_bytes());
            events += 1;
        }
    }
    events
}

/// The time to parse and follow whole streams.
fn track(c: &mut Criterion) {
    track_by(c, "W1", Protocol::CHAT);
    track_by(c, "W2", Protocol::RESPONSES);
}

fn track_by(c: &mut Criterion, workload: &str, protocol: &'static Protocol) {
    let workload = WORKLOADS.into_iter().find(|found| found.name == workload).expect("a workload");
    let stream = workload.stream(SIZE);
    let mut group = group_of(c, &format!("{} + {}", workload.name, protocol.name()), &stream);
    group.bench_function("whole", |b| {
        let mut parser = Parser::new();
        b.iter(|| read_and_track(&mut parser, Tracker::of(protocol), &stream));
    });
    group.bench_function("whole, with the text", |b| {
        let mut parser = Parser::new();
        b.iter(|| read_answer(&mut parser, Answer::of(protocol), &stream));
    });
    group.finish();
}

/// As [`read`], with the text.
fn read_answer(parser: &mut Parser<sseam::VecBuf>, mut answer: Answer, mut chunk: &[u8]) -> Answer {
    while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the limits") {
        for delta in answer.read(&event) {
            if let Delta::Text { text, .. } = delta {
                black_box(text);
            }
        }
    }
    answer
}

/// As [`read`], with the signal of each event.
fn read_and_track(
    parser: &mut Parser<sseam::VecBuf>,
    mut tracker: Tracker,
    mut chunk: &[u8],
) -> Tracker {
    while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
        black_box(event.event_type().as_bytes());
        black_box(event.data().as_bytes());
        black_box(tracker.observe(&event));
    }
    tracker
}

/// The time to read the same chunks through the adapters.
fn adapt(c: &mut Criterion) {
    for workload in WORKLOADS.into_iter().filter(|workload| ["W1", "W2"].contains(&workload.name)) {
        let stream = workload.stream(SIZE);
        let mut group = group_of(c, &format!("{} by", workload.name), &stream);
        let slices: Vec<&[u8]> = stream.chunks(64 << 10).collect();
        group.bench_function("Parser", |b| b.iter(|| read(&mut Parser::new(), &slices)));
        group.bench_function("EventReader", |b| b.iter(|| read_by_reader(&stream)));
        let bytes = |slice: &&[u8]| bytes::Bytes::copy_from_slice(slice);
        let chunks: Vec<bytes::Bytes> = slices.iter().map(bytes).collect();
        group.bench_function("EventStream", |b| b.iter(|| read_by_stream(&chunks)));
        group.finish();
    }
}

fn read_by_reader(stream: &[u8]) -> usize {
    let mut events = EventReader::new(BufReader::with_capacity(64 << 10, stream));
    let mut count = 0;
    while let Some(event) = events.next_event().expect("a stream inside the bounds") {
        black_box(event.event_type().as_bytes());
        black_box(event.data().as_bytes());
        count += 1;
    }
    count
}

fn read_by_stream(chunks: &[bytes::Bytes]) -> usize {
    let chunks = tokio_stream::iter(chunks.iter().cloned().map(Ok::<_, Infallible>));
    let mut events = sseam::adapter::stream::EventStream::new(chunks);
    let mut count = 0;
    block_on(async {
        while let Some(event) = events.next_event().await.expect("a stream inside the bounds") {
            black_box(event.event_type().as_bytes());
            black_box(event.data().as_bytes());
            count += 1;
        }
    });
    count
}

criterion_group!(benches, parse, track, adapt);
criterion_main!(benches);
