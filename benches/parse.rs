//! How fast the parser reads each workload, cut in each way, and how fast it is
//! read by one who wants to know whether the stream finished.
//!
//! `cargo bench --bench parse`, or with a filter: `-- W1/whole`.

mod workloads;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sseam::dialect::{Chat, Dialect, Responses};
use sseam::{Parser, Tracker};
use workloads::WORKLOADS;

const SIZE: usize = 256 << 10;

fn parse(c: &mut Criterion) {
    for workload in WORKLOADS {
        let stream = workload.stream(SIZE);
        let mut group = c.benchmark_group(workload.name);
        group.throughput(Throughput::Bytes(stream.len() as u64));
        group.warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(2));
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

/// Visits the type and the data of every event, as a client would.
fn read(parser: &mut Parser<sseam::VecBuf>, chunks: &[&[u8]]) -> usize {
    let mut events = 0;
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(event) = parser.next(&mut chunk).expect("a stream inside the bounds") {
            black_box(event.event_type().as_bytes());
            black_box(event.data().as_bytes());
            events += 1;
        }
    }
    events
}

/// How fast whole streams are read and followed.
fn track(c: &mut Criterion) {
    track_by(c, "W1", "Chat", Chat::new());
    track_by(c, "W2", "Responses", Responses::new());
}

fn track_by(c: &mut Criterion, workload: &str, name: &str, dialect: impl Dialect + Copy) {
    let workload = WORKLOADS.into_iter().find(|found| found.name == workload).expect("a workload");
    let stream = workload.stream(SIZE);
    let mut group = c.benchmark_group(format!("{} + {name}", workload.name));
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    group.bench_function("whole", |b| {
        let mut parser = Parser::new();
        b.iter(|| read_and_track(&mut parser, Tracker::new(dialect), &stream));
    });
    group.finish();
}

/// As [`read`], and asks what each event is.
fn read_and_track<D: Dialect>(
    parser: &mut Parser<sseam::VecBuf>,
    mut tracker: Tracker<D>,
    mut chunk: &[u8],
) -> Tracker<D> {
    while let Some(event) = parser.next(&mut chunk).expect("a stream inside the bounds") {
        black_box(event.event_type().as_bytes());
        black_box(event.data().as_bytes());
        black_box(tracker.observe(&event));
    }
    tracker
}

criterion_group!(benches, parse, track);
criterion_main!(benches);
