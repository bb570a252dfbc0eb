//! What the programs share.
#![no_std]

pub mod stack;

use semihosting as _; // Its panic handler, which nothing calls.
use sseam::{Buffer, Parser};

/// An answer as a language model streams it, which `examples/embedded` listens to.
pub const ANSWER: &[u8] = include_bytes!("../../../../examples/embedded/answer.sse");

/// What a radio link brings at a time.
pub const FRAME: usize = 64;

/// What comes, frame by frame.
pub fn frames(coming: &[u8]) -> impl Iterator<Item = &[u8]> {
    coming.chunks(FRAME)
}

/// The parser in its loop. Answers how many events there were, and bytes of data in them.
#[inline(never)]
pub fn read<'f, B: Buffer>(
    parser: &mut Parser<B>,
    frames: impl Iterator<Item = &'f [u8]>,
) -> (u32, usize) {
    let mut seen = (0, 0);
    for frame in frames {
        let mut chunk = frame;
        while let Ok(Some(event)) = parser.next_event(&mut chunk) {
            seen.0 += 1;
            seen.1 += event.data().len();
        }
    }
    seen
}
