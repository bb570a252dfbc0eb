//! Shared by the programs.
#![no_std]

use core::arch::asm;
use core::hint::black_box;

use semihosting as _; // Its panic handler, which is never called.
use sseam::{Buffer, Parser};

/// An answer as a language model streams it, which `examples/embedded` reads.
pub const ANSWER: &[u8] = include_bytes!("../../../../examples/embedded/answer.sse");

/// The size of a frame of a radio link.
pub const FRAME: usize = 64;

/// The input, frame by frame.
pub fn frames(coming: &[u8]) -> impl Iterator<Item = &[u8]> {
    coming.chunks(FRAME)
}

/// The parser in its loop. Returns the number of events, and of their bytes of data.
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

/// The pattern that fills the stack, to see how much of it was used.
const PAINT: u32 = 0x5EA5_5EA5;

unsafe extern "C" {
    /// The lowest address that the stack may reach; `cortex-m-rt` places it.
    static mut _stack_end: u32;
}

/// Runs `work` on `state`. Returns the result and how many bytes of stack it took, including the
/// return address: those whose pattern changed.
#[inline(never)]
pub fn stack_used_by<S, R>(work: fn(&mut S) -> R, state: &mut S) -> (R, usize) {
    let bottom = &raw mut _stack_end;
    let top: *mut u32;
    // SAFETY: it writes only to the memory between the used stack and the end of the stack. No
    // interrupt is enabled.
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
