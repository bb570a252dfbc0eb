//! Whether a program's size counts more than its speed.

/// On bare metal of 32 bits and less it does. What is there for speed alone is
/// left out then, and nothing else changes: with `--cfg sseam_small` the tests
/// hold that on the host.
pub(crate) const IS_SMALL: bool =
    cfg!(any(sseam_small, all(target_os = "none", not(target_pointer_width = "64"))));
