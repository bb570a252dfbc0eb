//! How fast the type and the sequence number of an event are found, where they
//! stand, and how fast two JSON parsers find them.
//!
//! In `benches/criterion`: `cargo bench --bench peek`, or with a filter: `-- leading`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use serde::Deserialize;
use sseam::dialect::peek;

/// As the Responses API writes an event, some 170 bytes of it, and as
/// others might. `BIG` stands for 64 KiB.
const EVENTS: [(&str, &str); 5] = [
    (
        "leading",
        r#"{"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":""}"#,
    ),
    (
        "other order and white space at the front",
        r#"{ "sequence_number": 12, "type": "response.output_text.delta", "item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":""}"#,
    ),
    (
        "behind one other member",
        r#"{"item_id":"msg_68a1f2","type":"response.output_text.delta","sequence_number":12,"output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":""}"#,
    ),
    (
        "last",
        r#"{"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":"","type":"response.output_text.delta","sequence_number":12}"#,
    ),
    (
        "leading, of 64 KiB",
        r#"{"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":"BIG","logprobs":[],"obfuscation":""}"#,
    ),
];

/// The type, and the sequence number.
type Found<'a> = Option<(peek::Text<'a>, u64)>;

/// The members as hoped for, or else all of them as far as need be.
#[inline(never)]
fn peek_hopefully(json: &[u8]) -> Found<'_> {
    let mut members = peek::members(json);
    let event_type = members.next_if_named("type").and_then(|value| value.text());
    let sequence_number = members.next_if_named("sequence_number").and_then(|value| value.u64());
    match (event_type, sequence_number) {
        (Some(event_type), Some(sequence_number)) => Some((event_type, sequence_number)),
        _ => peek_anyhow(json),
    }
}

#[inline(never)]
fn peek_anyhow(json: &[u8]) -> Found<'_> {
    let (mut event_type, mut sequence_number) = (None, None);
    for (name, value) in peek::members(json) {
        if name == "type" {
            event_type = event_type.or(value.text());
        } else if name == "sequence_number" {
            sequence_number = sequence_number.or(value.u64());
        }
        if let (Some(event_type), Some(sequence_number)) = (event_type, sequence_number) {
            return Some((event_type, sequence_number));
        }
    }
    None
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    event_type: &'a str,
    sequence_number: u64,
}

fn peek(c: &mut Criterion) {
    for (name, event) in EVENTS {
        let event = event.replace("BIG", &"QUJD".repeat(16 << 10));
        let json = event.as_bytes();
        let (event_type, sequence_number) = peek_anyhow(json).expect("both are there");
        assert!(event_type == "response.output_text.delta" && sequence_number == 12);

        let mut group = c.benchmark_group(name);
        group.warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(2));
        group.bench_function("peek, hoping", |b| b.iter(|| peek_hopefully(black_box(json))));
        group.bench_function("peek", |b| b.iter(|| peek_anyhow(black_box(json))));
        group.bench_function("serde_json", |b| {
            b.iter(|| {
                let event: Event = serde_json::from_slice(black_box(json)).expect("JSON");
                (event.event_type, event.sequence_number)
            });
        });
        group.bench_function("serde-json-core", |b| {
            b.iter(|| {
                let (event, _): (Event, usize) =
                    serde_json_core::from_slice(black_box(json)).expect("JSON");
                (event.event_type, event.sequence_number)
            });
        });
        group.finish();
    }
}

criterion_group!(benches, peek);
criterion_main!(benches);
