//! The heap as one thread uses it: counted, and refused where a test says so.
//!
//! The figures are each thread's own, so tests that run beside each other do not disturb
//! them. A test that asks for it makes [`Counted`] its global allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

/// The system's allocator, counted.
pub struct Counted;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    /// What other threads allocated may be freed here: it can be below zero.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// No size is above `isize::MAX`: `Layout` sees to that.
fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

fn changed(by: isize) {
    LIVE.set(LIVE.get() + by);
    PEAK.set(PEAK.get().max(LIVE.get()));
}

// SAFETY: it hands on to `System`, or answers null, which says that there is no memory.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > LARGEST.get() {
            return ptr::null_mut();
        }
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        changed(signed(layout.size()));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        changed(-signed(layout.size()));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > LARGEST.get() {
            return ptr::null_mut();
        }
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        changed(signed(size) - signed(layout.size()));
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What a piece of work asked of the heap.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// How often memory was asked for, or asked to grow.
    pub allocations: usize,
    /// The most bytes held at once.
    pub peak: usize,
    /// The bytes still held.
    pub held: isize,
}

/// Does the work and says what it asked of the heap, counted from its start.
pub fn usage<R>(work: impl FnOnce() -> R) -> (R, Usage) {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    let result = work();
    let usage = Usage {
        allocations: ALLOCATIONS.get() - allocations,
        peak: (PEAK.get() - live).unsigned_abs(),
        held: LIVE.get() - live,
    };
    (result, usage)
}

/// Does the work with a heap that has no more than so many bytes in a piece.
pub fn with_pieces_up_to<R>(largest: usize, work: impl FnOnce() -> R) -> R {
    LARGEST.set(largest);
    let result = work();
    LARGEST.set(usize::MAX);
    result
}
