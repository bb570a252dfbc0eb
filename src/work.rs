//! Counters of the bytes that parsing and encoding search and copy, for the tests of linear work.
//!
//! Without the private feature `__work` the counters do nothing.

#[cfg(feature = "__work")]
std::thread_local! {
    static SCANNED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
    static COPIED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// Counts searched bytes.
#[inline]
pub(crate) fn scanned(bytes: usize) {
    #[cfg(feature = "__work")]
    SCANNED.set(SCANNED.get() + bytes);
    let _ = bytes;
}

/// Counts copied bytes.
#[inline]
pub(crate) fn copied(bytes: usize) {
    #[cfg(feature = "__work")]
    COPIED.set(COPIED.get() + bytes);
    let _ = bytes;
}

/// Returns the numbers of bytes that this thread's parsers and blocks searched and copied since the
/// last call.
#[cfg(feature = "__work")]
#[must_use]
pub fn take() -> (usize, usize) {
    (SCANNED.take(), COPIED.take())
}
