//! Keeps [`Buffer`](super::Buffer) to the buffers of this crate.

/// Cannot be named, and so not implemented, outside the crate.
pub trait Sealed {}
