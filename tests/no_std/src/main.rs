//! Parses a stream without std and without an allocator: were one needed, this
//! would not link. Exits with 0 where it saw what it should.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;

use sseam::{ArrayBuf, Buffer, Parser, SliceBuf};

const STREAM: &[u8] =
    b"\xEF\xBB\xBFevent: add\nid: 1\ndata: one\n\n: ping\n\ndata: two\r\ndata: lines\r\n\r\n";

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let in_place = Parser::with_buffer(ArrayBuf::<64, 16>::new());
    let (mut data, mut meta) = ([0; 64], [0; 48]);
    let over_slices = Parser::with_buffer(SliceBuf::new(&mut data, &mut meta));
    let sizes = [1, 5, STREAM.len()];
    let good = sizes.iter().all(|&size| is_read(&mut in_place.clone(), size))
        && is_read(&mut { over_slices }, 7);
    i32::from(!good)
}

fn is_read<B: Buffer>(parser: &mut Parser<B>, size: usize) -> bool {
    let mut events = 0;
    for bytes in black_box(STREAM).chunks(size) {
        let mut chunk = bytes;
        while let Ok(Some(event)) = parser.next(&mut chunk) {
            let is_right = match events {
                0 => event.event_type() == "add" && event.data() == "one",
                _ => event.data() == "two\nlines" && event.last_event_id() == "1",
            };
            events += usize::from(is_right);
        }
    }
    events == 2 && !parser.finish().discarded()
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
