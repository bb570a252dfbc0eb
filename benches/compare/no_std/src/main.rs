//! sseam's plain loop without `std`, timed: memchr cannot ask the processor
//! what it has, and searches with SSE2 where it could with AVX2.
//!
//! The comparison runs this once a round. It prints one line of CSV:
//! `workload,size,chunk,ns_per_event,events`.

#[allow(dead_code)] // The odd streams are only checked.
#[path = "../../src/streams.rs"]
mod streams;

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use sseam::{Parser, VecBuf};
use streams::Workload;

const USAGE: &str = "usage: compare_no_std WORKLOAD SIZE READINGS";

#[allow(clippy::cast_precision_loss)] // There are far fewer events than 2^53.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, size, readings] = &arguments[..] else { return Err(USAGE.into()) };
    let (size, readings): (usize, u32) = (size.parse()?, readings.parse()?);
    let named = Workload::all().into_iter().find(|workload| workload.name() == name);
    let stream = named.ok_or("no such workload")?.stream(size);

    let mut parser = Parser::new();
    // As in the comparison, the first readings do not count.
    let events = read(&mut parser, &stream)?;
    read(&mut parser, &stream)?;
    let start = Instant::now();
    for _ in 0..readings {
        read(&mut parser, black_box(&stream))?;
    }
    let ns = start.elapsed().as_secs_f64() * 1e9 / f64::from(readings);
    println!("{name},{size},whole,{},{events}", ns / events as f64);
    Ok(())
}

/// Looks at the bytes of type and data, and counts.
fn read(parser: &mut Parser<VecBuf>, stream: &[u8]) -> Result<usize, sseam::Error> {
    let (mut chunk, mut events) = (stream, 0);
    while let Some(event) = parser.next_event(&mut chunk)? {
        black_box(event.event_type().as_bytes());
        black_box(event.data().as_bytes());
        events += 1;
    }
    Ok(black_box(events))
}
