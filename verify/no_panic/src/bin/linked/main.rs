//! Calls everything that processes a provider's bytes, on bytes unknown to the compiler. Linked but
//! never run: see `src/main.rs`.
//!
//! A panic would call a function that does not exist, so this links only if no panic can be
//! reached. With the feature `no_heap` the same holds for an allocation.
#![no_std]
#![no_main]

mod calls;

use core::hint::black_box;
use core::panic::PanicInfo;

use sseam::{ArrayBuf, Parser, SliceBuf};

unsafe extern "C" {
    /// Undefined.
    safe fn a_panic_can_be_reached() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    a_panic_can_be_reached()
}

fn use_all() {
    let (mut data, mut meta, mut memory) = ([0; 64], [0; 48], [0; 64]);
    calls::read(Parser::with_buffer(ArrayBuf::<64, 16>::new()));
    calls::read(Parser::with_buffer(ArrayBuf::<0, 0>::new()));
    calls::read(Parser::with_buffer(SliceBuf::new(bytes_mut(&mut data), bytes_mut(&mut meta))));
    #[cfg(feature = "heap")]
    calls::read(Parser::with_buffer(sseam::VecBuf::with_limits(number(), number())));
    calls::connect(Parser::with_buffer(ArrayBuf::<64, 16>::new()));
    #[cfg(feature = "heap")]
    calls::connect(Parser::with_buffer(sseam::VecBuf::with_limits(number(), number())));
    calls::follow_each(bytes_mut(&mut memory));
    calls::parse_each();
    calls::encode(&mut memory);
    #[cfg(feature = "planted_panic")]
    black_box(bytes()[2]);
    #[cfg(feature = "planted_allocation")]
    black_box(alloc::vec![bytes().len()]);
}

/// Bytes of unknown content and length.
fn bytes() -> &'static [u8] {
    black_box(b"data: x\n\n")
}

fn bytes_mut(memory: &mut [u8]) -> &mut [u8] {
    black_box(memory)
}

/// Any number.
#[cfg(feature = "heap")]
fn number() -> usize {
    black_box(64)
}

#[cfg(any(feature = "heap", feature = "no_heap"))]
mod heap {
    use core::alloc::{GlobalAlloc, Layout};

    pub struct Heap;

    #[global_allocator]
    static HEAP: Heap = Heap;

    #[cfg(feature = "no_heap")]
    unsafe extern "C" {
        /// Undefined.
        safe fn an_allocation_can_be_reached() -> *mut u8;
    }

    // SAFETY: it never returns memory.
    unsafe impl GlobalAlloc for Heap {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            core::hint::black_box(layout);
            #[cfg(feature = "no_heap")]
            return an_allocation_can_be_reached();
            #[cfg(not(feature = "no_heap"))]
            core::hint::black_box(core::ptr::null_mut())
        }

        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            core::hint::black_box((memory, layout));
        }
    }
}

#[cfg(any(feature = "heap", feature = "no_heap"))]
extern crate alloc;

/// The entry point of a hosted program.
#[cfg(not(target_os = "none"))]
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    use_all();
    0
}

/// The entry point on bare metal.
#[cfg(target_os = "none")]
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    use_all();
    loop {}
}

// Only `memcpy` and the program's start are taken from the C library.
#[cfg(not(target_os = "none"))]
#[link(name = "c")]
unsafe extern "C" {}

/// The prebuilt `core` refers to it, though nothing unwinds here.
#[cfg(not(target_os = "none"))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
