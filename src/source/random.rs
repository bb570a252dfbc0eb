//! Random numbers from a seed, for waits.

/// The pseudorandom generator `SplitMix64`: one addition and one mix a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Random(u64);

/// A fraction of one, from 0 to 1, in units of 2⁻³².
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn draw(&mut self) -> Fraction {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Fraction((mixed ^ (mixed >> 31)) >> 32)
    }
}

impl Fraction {
    pub(super) const ONE: Self = Self(1 << 32);

    /// Returns this fraction of `span`, computed in two halves: a product of 64 bits would
    /// overflow.
    pub(super) const fn of(self, span: u64) -> u64 {
        let (high, low) = (span >> 32, span & 0xFFFF_FFFF);
        high.wrapping_mul(self.0).wrapping_add(low.wrapping_mul(self.0) >> 32)
    }
}
