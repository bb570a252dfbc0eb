//! Milliseconds as decimal digits.

use core::fmt;
use core::time::Duration;

use crate::Value;

/// The value of a `retry` line, as digits, so that it can be borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Millis {
    /// With leading zeros.
    digits: [u8; Self::MAX_LEN],
}

impl Millis {
    /// The length of `u64::MAX`.
    const MAX_LEN: usize = 20;

    pub(super) fn of(duration: Duration) -> Self {
        let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let mut digits = [b'0'; Self::MAX_LEN];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self { digits }
    }

    /// Returns the digits without leading zeros.
    pub(super) fn as_bytes(&self) -> &[u8] {
        let zeros = self.digits.iter().take_while(|digit| **digit == b'0').count();
        let start = zeros.min(Self::MAX_LEN - 1);
        self.digits.get(start..).unwrap_or_default()
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::new(self.as_bytes()), f)
    }
}
