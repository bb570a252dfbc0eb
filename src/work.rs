//! Counts the bytes that parsing and encoding search and copy, so that tests can hold the
//! work to be linear. Without the private feature `__work` the counters do nothing.

#[cfg(feature = "__work")]
std::thread_local! {
    static SCANNED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
    static MOVED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// So many bytes have been searched.
#[inline]
pub(crate) fn scanned(bytes: usize) {
    #[cfg(feature = "__work")]
    SCANNED.set(SCANNED.get() + bytes);
    let _ = bytes;
}

/// So many bytes have been copied.
#[inline]
pub(crate) fn moved(bytes: usize) {
    #[cfg(feature = "__work")]
    MOVED.set(MOVED.get() + bytes);
    let _ = bytes;
}

/// The bytes that this thread's parsers (and blocks) have searched and copied since the last call.
#[cfg(feature = "__work")]
#[must_use]
pub fn take() -> (usize, usize) {
    (SCANNED.take(), MOVED.take())
}
