//! Moves a parser with the buffer that the argument names, again and again. Prints how often, and
//! the number of bytes.

use std::hint::black_box;

use sseam::{ArrayBuf, Parser, SliceBuf};
use sseam_instructions::{MOVES, arguments, counted_region};

fn main() {
    let [buffer] = arguments();
    match buffer.as_str() {
        "VecBuf" => count(Parser::new()),
        "ArrayBuf" => count(Parser::<ArrayBuf<1024>>::default()),
        "SliceBuf" => count(Parser::with_buffer(SliceBuf::new(&mut [0; 1024], &mut [0; 384]))),
        _ => panic!("no buffer is named {buffer}"),
    }
}

fn count<P>(parser: P) {
    black_box(counted_region(|| moved(parser)));
    println!("{MOVES} {}", MOVES * size_of::<P>());
}

/// Each round moves the parser to `black_box` and back.
#[inline(never)]
fn moved<P>(mut parser: P) -> P {
    for _ in 0..MOVES {
        parser = black_box(parser);
    }
    parser
}
