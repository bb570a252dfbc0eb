//! Counts the work that a parser does, or a block that is written, so that tests can hold it to be linear,
//! and done the fast way where there is one.
//! Without the private feature `__work` there is nothing here to run.

#[cfg(feature = "__work")]
std::thread_local! {
    static SCANNED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
    static MOVED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
    static STEPS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
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

/// The state machine was asked, which knows no fast way.
#[inline]
pub(crate) fn stepped() {
    #[cfg(feature = "__work")]
    STEPS.set(STEPS.get() + 1);
}

/// The bytes that this thread's parsers (and blocks) have searched and copied since the last call.
#[cfg(feature = "__work")]
#[must_use]
pub fn take() -> (usize, usize) {
    (SCANNED.take(), MOVED.take())
}

/// How often this thread's parsers have asked the state machine since the last call.
#[cfg(feature = "__work")]
#[must_use]
pub fn take_steps() -> usize {
    STEPS.take()
}
