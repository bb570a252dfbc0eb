//! How deep the stack has been.

use core::arch::asm;
use core::hint::black_box;

const PAINT: u32 = 0x5EA5_5EA5;

unsafe extern "C" {
    /// The lowest address that the stack may reach; `cortex-m-rt` places it.
    static mut _stack_end: u32;
}

/// Runs `work` on `state`. Says how many bytes of stack it took, the return
/// address included: those below here that no longer are as they were painted.
#[inline(never)]
pub fn used_by<S, R>(work: fn(&mut S) -> R, state: &mut S) -> (R, usize) {
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
