//! The counted code, and the client around it.
//!
//! There is one program per buffer and one per protocol (`src/bin/`): a client has one parse loop,
//! and a second one in the same program changes what the compiler inlines.

#![allow(clippy::missing_panics_doc)] // A client that panics is a failed measurement.

#[path = "../../workloads/mod.rs"]
#[allow(clippy::format_push_string)]
mod workloads;

#[cfg(feature = "std")]
pub mod adapters;
pub mod encoding;

use std::hint::black_box;

use sseam::llm::Tracker;
use sseam::{Buffer, Event, Parser};
use workloads::{PAYLOADS, WORKLOADS};

/// The name of [`counted_region`], for `--toggle-collect`.
pub const REGION: &str = "counted_region";

/// How often the program `moved` moves a parser.
pub const MOVES: usize = 1000;

/// The programs of the buffers in `src/bin/`: reads a stream with `parser`.
pub fn client<B: Buffer>(mut parser: Parser<B>) {
    count_second(<[_]>::to_vec, |chunks| read(&mut parser, chunks));
}

/// As [`client`], through `next_item`.
pub fn item_client<B: Buffer>(mut parser: Parser<B>) {
    count_second(<[_]>::to_vec, |chunks| read_items(&mut parser, chunks));
}

/// The programs of the protocols in `src/bin/`: reads a stream and follows it with `tracker`, and
/// calls `look` with each event.
pub fn tracking_client(tracker: Tracker, mut look: impl FnMut(&Event<'_>)) {
    let mut parser = Parser::new();
    count_second(<[_]>::to_vec, |chunks| track(&mut parser, tracker, &mut look, chunks));
}

/// The programs of the payload types: reads a stream, follows it, reads each payload with `read`,
/// and appends its text to a string.
pub fn reading_client(mut read: impl FnMut(&mut String, &Event<'_>)) {
    let mut parser = Parser::new();
    let mut text = String::new();
    count_second(<[_]>::to_vec, |chunks| {
        text.clear();
        read_payloads(&mut parser, &mut text, &mut read, chunks)
    });
}

/// Reads a stream twice, and has the second time counted. By then the buffers have grown, and
/// memchr has detected the processor's features, so that the count depends only on the bytes.
///
/// The arguments identify the stream: workload, chunk and size, as in a [`stream`]. Prints how many
/// events and bytes were read.
#[inline(always)]
#[allow(clippy::inline_always)] // As if it were written in each program.
fn count_second<T>(prepare: impl Fn(&[&'static [u8]]) -> T, mut read: impl FnMut(&mut T) -> usize) {
    let [workload, chunk, size] = arguments();
    let stream = Box::leak(Box::new(Aligned::new(&stream(&workload, number(&size)))));
    let size = if chunk == "whole" { stream.bytes().len() } else { number(&chunk) };
    let chunks: Vec<&[u8]> = stream.bytes().chunks(size).collect();

    read(&mut prepare(&chunks));
    let mut prepared = prepare(&chunks);
    let events = counted_region(|| read(&mut prepared));
    println!("{events} {}", stream.bytes().len());
}

/// A client's loop, which reads the type and the data of every event.
#[inline(never)]
fn read<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]]) -> usize {
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

/// As [`read`], through `next_item`.
#[inline(never)]
fn read_items<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]]) -> usize {
    let mut items = 0;
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(item) = parser.next_item(&mut chunk).expect("a stream inside the bounds") {
            if let Some(event) = item.event() {
                black_box(event.event_type().as_bytes());
                black_box(event.data().as_bytes());
            }
            items += 1;
        }
    }
    items
}

/// The loop of a client that checks whether the stream finished: as [`read`], and the tracker's
/// signals are used.
#[inline(never)]
fn track<B: Buffer>(
    parser: &mut Parser<B>,
    mut tracker: Tracker,
    look: &mut impl FnMut(&Event<'_>),
    chunks: &[&[u8]],
) -> usize {
    let mut events = 0;
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
            black_box(event.event_type().as_bytes());
            black_box(event.data().as_bytes());
            black_box(tracker.observe(&event));
            look(&event);
            events += 1;
        }
    }
    black_box(tracker.outcome(None));
    events
}

#[inline(never)]
fn read_payloads<B: Buffer>(
    parser: &mut Parser<B>,
    text: &mut String,
    read: &mut impl FnMut(&mut String, &Event<'_>),
    chunks: &[&[u8]],
) -> usize {
    let mut events = 0;
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
            read(text, &event);
            events += 1;
        }
    }
    black_box(text);
    events
}

/// Callgrind counts while this function runs.
#[inline(never)]
pub fn counted_region<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}

/// The program's arguments, of the expected number.
#[must_use]
pub fn arguments<const N: usize>() -> [String; N] {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    arguments.try_into().expect("the arguments that the driver passes")
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

/// The stream of a workload, of at least `size` bytes. `W1+id` is `W1` with an ID before every
/// event.
fn stream(name: &str, size: usize) -> Vec<u8> {
    let (name, with_ids) = match name.strip_suffix("+id") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let mut workloads = WORKLOADS.iter().chain(&PAYLOADS);
    let workload = workloads.find(|workload| workload.name == name).expect("a workload");
    let stream = workload.stream(size);
    if with_ids { add_ids(&stream) } else { stream }
}

fn add_ids(stream: &[u8]) -> Vec<u8> {
    let stream = str::from_utf8(stream).expect("workloads are text");
    let blocks = stream.split_inclusive("\n\n").enumerate();
    blocks.flat_map(|(n, block)| format!("id: {n}\n{block}").into_bytes()).collect()
}

/// Bytes that begin at a cache line, wherever the allocator puts them: the alignment of a stream
/// determines how many bytes SIMD processes one by one.
struct Aligned {
    memory: Vec<u8>,
    start: usize,
}

impl Aligned {
    const LINE: usize = 64;

    fn new(bytes: &[u8]) -> Self {
        let mut memory: Vec<u8> = Vec::with_capacity(bytes.len() + Self::LINE);
        let start = memory.as_ptr().align_offset(Self::LINE);
        memory.resize(start, 0);
        memory.extend_from_slice(bytes);
        Self { memory, start }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..]
    }
}
