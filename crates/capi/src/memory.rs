//! Objects in memory of the caller's.

use core::ffi::c_void;

/// Returns the memory as a place for an object; `None` if it is null, too small or not aligned.
pub(crate) fn place<T>(memory: *mut c_void, size: usize) -> Option<*mut T> {
    let place = memory.cast::<T>();
    (!place.is_null() && size >= size_of::<T>() && place.is_aligned()).then_some(place)
}
