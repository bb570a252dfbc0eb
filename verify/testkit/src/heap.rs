//! Counts the heap use of one thread, and lets a test limit it.
//!
//! The counters are per thread, so that tests running in parallel do not affect each other. A test
//! that uses this makes [`Counted`] its global allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

/// The system's allocator, counted during [`usage`]. Otherwise it costs a comparison, so that a bench can
/// use it too.
pub struct Counted;

thread_local! {
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    /// May be negative: memory of other threads may be freed here.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// No size exceeds `isize::MAX`: `Layout` guarantees that.
fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

fn changed(by: isize) {
    LIVE.set(LIVE.get() + by);
    PEAK.set(PEAK.get().max(LIVE.get()));
}

// SAFETY: it forwards to `System`, or returns null, which means that allocation failed.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_WATCHED.get() {
            if layout.size() > LARGEST.get() {
                return ptr::null_mut();
            }
            ALLOCATIONS.set(ALLOCATIONS.get() + 1);
            changed(signed(layout.size()));
        }
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if IS_WATCHED.get() {
            changed(-signed(layout.size()));
        }
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if IS_WATCHED.get() {
            if size > LARGEST.get() {
                return ptr::null_mut();
            }
            ALLOCATIONS.set(ALLOCATIONS.get() + 1);
            changed(signed(size) - signed(layout.size()));
        }
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

fn watched<R>(work: impl FnOnce() -> R) -> R {
    let before = IS_WATCHED.replace(true);
    let result = work();
    IS_WATCHED.set(before);
    result
}

/// The heap use of a piece of work.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// The number of allocations and reallocations.
    pub allocations: usize,
    /// The largest number of bytes held at once.
    pub peak: usize,
    /// The number of bytes still held.
    pub held: isize,
}

/// Runs the work and returns its heap use.
pub fn usage<R>(work: impl FnOnce() -> R) -> (R, Usage) {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    let result = watched(work);
    let usage = Usage {
        allocations: ALLOCATIONS.get() - allocations,
        peak: (PEAK.get() - live).unsigned_abs(),
        held: LIVE.get() - live,
    };
    (result, usage)
}

/// Runs the work with a heap that refuses pieces larger than `largest`.
pub fn with_pieces_up_to<R>(largest: usize, work: impl FnOnce() -> R) -> R {
    LARGEST.set(largest);
    let result = watched(work);
    LARGEST.set(usize::MAX);
    result
}
