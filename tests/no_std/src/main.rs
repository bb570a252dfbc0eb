//! Parses a stream, and writes one, without std and without an allocator: were one needed, this
//! would not link. Exits with 0 where it saw what it should.
#![no_std]
#![no_main]

#[path = "../../../examples/embedded/listen.rs"]
mod listen;

use core::hint::black_box;
use core::panic::PanicInfo;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use serde::Deserialize;
use sseam::adapter::embedded_io_v0_7::EventReader;
use sseam::encode::Block;
use sseam::payload::{Accumulator, JsonStr, Part, PartKind, responses};
use sseam::{ArrayBuf, Buffer, End, Outcome, Parser, SliceBuf};

const STREAM: &[u8] =
    b"\xEF\xBB\xBFevent: add\nid: 1\ndata: one\n\n: ping\n\ndata: two\r\ndata: lines\r\n\r\n";

/// What the example `embedded` listens to.
const CHAT: &[u8] = include_bytes!("../../../examples/embedded/answer.sse");

const RESPONSES: &[u8] = br#"data: {"type":"response.created","response":{"id":"r"}}

data: {"type":"response.output_text.delta","delta":"Good \ud83d"}

data: {"type":"response.output_text.delta","delta":"\ude00\n"}

data: {"type":"response.completed","response":{"usage":{"total_tokens":11}}}

"#;

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let in_place = Parser::with_buffer(ArrayBuf::<64, 16>::new());
    let (mut data, mut meta) = ([0; 64], [0; 48]);
    let over_slices = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
    let sizes = [1, 5, STREAM.len()];
    let good = sizes.iter().all(|&size| is_read(&mut in_place.clone(), size))
        && is_read(&mut { over_slices }, 7)
        && sizes.iter().all(|&size| is_gathered(size).unwrap_or(false))
        && is_written().unwrap_or(false)
        && is_lent(in_place).unwrap_or(false)
        && is_heard();
    i32::from(!good)
}

fn is_read<B: Buffer>(parser: &mut Parser<B>, size: usize) -> bool {
    let mut events = 0;
    for bytes in black_box(STREAM).chunks(size) {
        let mut chunk = bytes;
        while let Ok(Some(event)) = parser.next_event(&mut chunk) {
            let is_right = match events {
                0 => event.event_type() == "add" && event.data() == "one",
                _ => event.data() == "two\nlines" && event.last_event_id() == "1",
            };
            events += usize::from(is_right);
        }
    }
    events == 2 && parser.finish() == End::Clean
}

/// Whether the events come over embedded-io.
fn is_lent<B: Buffer>(parser: Parser<B>) -> Option<bool> {
    let mut events = EventReader::with_parser(black_box(STREAM), parser);
    let is_first = events.next_event().ok()??.data() == "one";
    let is_second = events.next_event().ok()??.data() == "two\nlines";
    Some(is_first && is_second && events.next_event().ok()?.is_none() && events.end().is_some())
}

/// Whether the client of the example hears the answer out, over embedded-io-async.
fn is_heard() -> bool {
    let mut text = heapless::String::<128>::new();
    let heard = {
        let listening = pin!(listen::listen(black_box(CHAT), &mut text));
        listening.poll(&mut Context::from_waker(Waker::noop()))
    };
    let Poll::Ready(Ok(heard)) = heard else { return false };
    heard.outcome == Outcome::Completed
        && (heard.events, heard.unread, heard.is_cut) == (10, 0, false)
        && text.starts_with("The light is on")
}

/// A type of one's own.
#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow, rename = "type")]
    kind: JsonStr<'a>,
}

/// Whether the text of the Responses stream is gathered.
fn is_gathered(size: usize) -> Option<bool> {
    let mut memory = [0; 64];
    let mut accumulator = Accumulator::new(&mut memory);
    let mut parser = Parser::with_buffer(ArrayBuf::<128, 16>::new());
    let mut tokens = None;
    for bytes in black_box(RESPONSES).chunks(size) {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).ok()? {
            let typed: Typed<'_> = event.json().ok()?;
            let payload = responses::Event::parse(&event).ok()?;
            accumulator.push_responses(&payload).ok()?;
            if let responses::Event::Completed(event) = payload {
                tokens = event.response.usage.filter(|_| typed.kind == "response.completed");
            }
        }
    }
    let text = accumulator.get(Part { kind: PartKind::Text, output: 0, content: 0 });
    Some(text.as_str() == Some("Good 😀\n") && tokens?.total_tokens == Some(11))
}

/// Whether what is written is read.
fn is_written() -> Option<bool> {
    let mut memory = [0; 64];
    let block = Block::data(black_box("two\r\nlines")).event_type("add").ok()?.id("1").ok()?;
    let mut vector = heapless::Vec::<u8, 64>::new();
    block.append_to_heapless(&mut vector).ok()?;
    let mut chunk = block.write_to_slice(&mut memory).ok()?;
    if vector != chunk {
        return None;
    }
    let mut parser = Parser::with_buffer(ArrayBuf::<64, 16>::new());
    let event = parser.next_event(&mut chunk).ok()??;
    Some(event.data() == "two\nlines" && event.event_type() == "add")
}

// `memcpy` and the program's start are all that it takes from the C library.
#[link(name = "c")]
unsafe extern "C" {}

/// The prebuilt `core` refers to it, though nothing unwinds here.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
