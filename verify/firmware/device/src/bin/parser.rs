//! The size of the parser, and its stack.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use device::{ANSWER, frames, read, stack_used_by};
use semihosting::{println, process};
use sseam::{ArrayBuf, End, Parser, SliceBuf};

#[entry]
fn main() -> ! {
    println!("Parser<SliceBuf>: {}", size_of::<Parser<SliceBuf<'_>>>());
    println!("Parser<ArrayBuf<64, 16>>: {}", size_of::<Parser<ArrayBuf<64, 16>>>());
    println!("Parser<ArrayBuf<1024, 64>>: {}", size_of::<Parser<ArrayBuf<1024, 64>>>());

    let mut parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
    let (seen, stack) = stack_used_by(|parser| read(parser, frames(ANSWER)), &mut parser);
    println!("stack of the parser: {stack}");

    let is_right = seen == (10, 1392) && parser.finish() == End::Clean;
    process::exit(i32::from(!is_right))
}
