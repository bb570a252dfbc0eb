//! Objects on the heap.

use std::alloc::{Layout, alloc};

/// Moves it to the heap; null if there is no memory, where `Box::new` would abort.
pub(crate) fn boxed<T>(object: T) -> *mut T {
    // SAFETY: none of the types has a size of zero.
    let place = unsafe { alloc(Layout::new::<T>()) }.cast::<T>();
    if !place.is_null() {
        // SAFETY: it is as large and as aligned as was asked for.
        unsafe { place.write(object) };
    }
    place
}

/// Frees what `boxed` made.
///
/// # Safety
///
/// It is null, or `boxed` made it, of that type, and nobody uses it any more.
pub(crate) unsafe fn unbox<T>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: it came from the global allocator, with the layout of the type.
        drop(unsafe { Box::from_raw(object) });
    }
}
