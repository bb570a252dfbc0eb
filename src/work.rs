//! Counts the work that a parser does, or a block that is written, so that a test can hold it to be linear.
//! Without the private feature `__work` there is nothing here to run.

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
