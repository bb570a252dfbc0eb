//! Only the parser in its loop, so that all code of this program is the parser's.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use device::{ANSWER, frames, read};
use sseam::{ArrayBuf, Parser};

#[entry]
fn main() -> ! {
    let mut parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
    loop {
        black_box(read(&mut parser, frames(black_box(ANSWER))));
    }
}
