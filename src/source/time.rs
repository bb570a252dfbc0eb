//! Times in milliseconds, as 64 bits.
//!
//! The arithmetic of `Duration` uses 128 bits, may panic, or divides 64 bits, which is a kilobyte
//! of code on bare metal.

use core::time::Duration;

/// Returns whole milliseconds, rounded up, or `u64::MAX` if there are more.
#[inline(never)]
pub(super) const fn millis(time: Duration) -> u64 {
    let millis = time.subsec_nanos().div_ceil(1_000_000) as u64;
    time.as_secs().saturating_mul(1_000).saturating_add(millis)
}

/// Returns the same as [`Duration::from_millis`].
#[inline(never)]
pub(super) fn duration(millis: u64) -> Duration {
    // Divides byte by byte: a byte with the remainder before it has 18 bits.
    let (mut secs, mut left) = (0, 0);
    for byte in millis.to_be_bytes() {
        let part = left << 8 | u32::from(byte);
        secs = secs << 8 | u64::from(part / 1_000);
        left = part % 1_000;
    }
    Duration::new(secs, left * 1_000_000)
}
