//! Reads the events of a stream of the Responses API into the type that the first argument names;
//! the others are workload and size. Prints the number of events and bytes. No way of reading is
//! inlined, so all can be in one program.

#[path = "../../../workloads/mod.rs"]
#[allow(clippy::format_push_string)]
mod workloads;

use std::hint::black_box;

use serde::Deserialize;
use serde_json::Value;
use sseam::llm::payload::responses;
use sseam::{Event, OwnedEvent, Parser};
use sseam_instructions::{arguments, counted_region};
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

fn main() {
    let [into, workload, size] = arguments();
    let read = match into.as_str() {
        "sseam" => sseam,
        "Value" => value,
        "derived" => from_bytes,
        "derived str" => from_str,
        "derived core" => by_serde_json_core,
        _ => panic!("nothing is called {into}"),
    };
    let workload = WORKLOADS.iter().find(|known| known.name == workload).expect("a workload");
    let stream = workload.stream(size.parse().expect("a number"));
    let owned = events(&stream);
    let events: Vec<Event<'_>> = owned.iter().map(OwnedEvent::as_event).collect();

    // Twice, like streams.
    events.iter().for_each(read);
    counted_region(|| events.iter().for_each(read));
    println!("{} {}", events.len(), stream.len());
}

fn events(mut chunk: &[u8]) -> Vec<OwnedEvent> {
    let mut parser = Parser::new();
    let mut events = Vec::new();
    while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
        events.push(event.into_owned());
    }
    events
}

#[inline(never)]
fn sseam(event: &Event<'_>) {
    black_box(responses::StreamEvent::parse(event).expect("a payload"));
}

#[inline(never)]
fn value(event: &Event<'_>) {
    black_box(serde_json::from_slice::<Value>(event.data().as_bytes()).expect("JSON"));
}

#[inline(never)]
fn from_bytes(event: &Event<'_>) {
    black_box(serde_json::from_slice::<Derived<'_>>(event.data().as_bytes()).expect("a delta"));
}

#[inline(never)]
fn from_str(event: &Event<'_>) {
    let data = event.data().to_str().expect("UTF-8");
    black_box(serde_json::from_str::<Derived<'_>>(data).expect("a delta"));
}

#[inline(never)]
fn by_serde_json_core(event: &Event<'_>) {
    black_box(
        serde_json_core::from_slice::<Derived<'_>>(event.data().as_bytes()).expect("a delta"),
    );
}
