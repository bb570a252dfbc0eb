//! What the programs share.
#![no_std]

use core::arch::asm;
use core::hint::black_box;

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

/// What the stack is painted with, to see how deep it has been.
const PAINT: u32 = 0x5EA5_5EA5;

unsafe extern "C" {
    /// The lowest address that the stack may reach; `cortex-m-rt` places it.
    static mut _stack_end: u32;
}

/// Runs `work` on `state`. Says how many bytes of stack it took, the return
/// address included: those below here that no longer are as they were painted.
#[inline(never)]
pub fn stack_used_by<S, R>(work: fn(&mut S) -> R, state: &mut S) -> (R, usize) {
    let bottom = &raw mut _stack_end;
    let top: *mut u32;
    // SAFETY: it writes to nothing but the memory between what is in use of the
    // stack and what is not the stack's. No interrupt is enabled.
    unsafe {
        asm!(
            "mov {top}, sp",
            "2:",
            "cmp {at}, {top}",
            "bhs 3f",
            "str {paint}, [{at}], #4",
            "b 2b",
            "3:",
            at = inout(reg) bottom => _,
            top = out(reg) top,
            paint = in(reg) PAINT,
        );
    }
    let result = black_box(work)(black_box(state));
    let mut deepest = bottom;
    // SAFETY: the same memory, which is aligned and painted.
    while deepest < top && unsafe { deepest.read_volatile() } == PAINT {
        deepest = deepest.wrapping_add(1);
    }
    (result, top.addr() - deepest.addr())
}
