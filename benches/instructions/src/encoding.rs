//! A server that forwards the events that it reads.

use std::hint::black_box;

use sseam::encode::Block;
use sseam::{Event, Parser};

use crate::count_second;

/// Encodes each event into one vector, whose memory has grown before. Parsing is not counted.
pub fn encoded() {
    let mut bytes = Vec::new();
    count_second(events, |events| encode(events, &mut bytes));
}

/// The events of the chunks, each in its own memory.
fn events(chunks: &[&[u8]]) -> Vec<Event<'static>> {
    let mut parser = Parser::new();
    let mut events = Vec::new();
    for &bytes in chunks {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("a stream inside the bounds") {
            events.push(Box::leak(Box::new(event.into_owned())).as_event());
        }
    }
    events
}

#[inline(never)]
fn encode(events: &[Event<'_>], bytes: &mut Vec<u8>) -> usize {
    for &event in events {
        bytes.clear();
        Block::try_from(event).expect("as a parser yields them").append_to(bytes);
        black_box(&bytes);
    }
    events.len()
}
