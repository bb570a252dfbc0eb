//! The switch between small code and fast code.

/// Small code instead of fast code: on bare metal of 32 bits and less, shortcuts are left out.
///
/// Nothing else changes: with `--cfg sseam_small`, the tests check that on the host.
pub(crate) const IS_SMALL: bool =
    cfg!(any(sseam_small, all(target_os = "none", not(target_pointer_width = "64"))));
