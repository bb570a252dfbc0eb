//! The seal of [`Buffer`](super::Buffer).

/// A trait that other crates cannot name, and so not implement.
pub trait Sealed {}
