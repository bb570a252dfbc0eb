//! Names and messages, and the version.

use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;

use crate::{sseam_outcome, sseam_status};

/// The version of this header: major, minor and patch, a byte each.
#[allow(clippy::identity_op, clippy::erasing_op)] // To be read.
pub const SSEAM_VERSION: u32 = (0 << 16) | (1 << 8) | 0;

/// Returns the version of the linked library.
///
/// Structs, enumerations and functions stay the same as long as the major and the minor version do. A
/// library fits this header if `sseam_version() >> 8 == SSEAM_VERSION >> 8 && sseam_version() >= SSEAM_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_version() -> u32 {
    SSEAM_VERSION
}

/// Returns the number that C has passed.
fn number<T>(value: &MaybeUninit<T>) -> i32 {
    const { assert!(size_of::<T>() == size_of::<i32>()) }
    // SAFETY: an argument of the size of an `i32` was passed, of which any value is one.
    unsafe { value.as_ptr().cast::<i32>().read() }
}

/// Returns what a status means: a string that ends in NUL, is never NULL, and must not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_status_message(status: MaybeUninit<sseam_status>) -> *const c_char {
    let message: &CStr = match number(&status) {
        -1 => c"an argument is NULL or impossible",
        0 => c"more is needed",
        1 => c"an item",
        2 => c"the data exceeds the limit: an event is lost",
        3 => c"the event type exceeds the limit: an event is lost",
        4 => c"the ID exceeds the limit: an event is lost",
        5 => c"failed to allocate memory: an event is lost",
        _ => c"an unknown status",
    };
    message.as_ptr()
}

/// Returns the name of an outcome in lower case, for logs: a string that ends in NUL, is never NULL, and
/// must not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_outcome_name(outcome: MaybeUninit<sseam_outcome>) -> *const c_char {
    let name: &CStr = match number(&outcome) {
        0 => c"completed",
        3 => c"incomplete",
        4 => c"failed",
        5 => c"truncated",
        _ => c"unknown",
    };
    name.as_ptr()
}
