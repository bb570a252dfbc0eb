//! Encoding to text.

use core::fmt;

use super::Block;
use crate::Value;

/// Writes the block as text, with U+FFFD for each maximal ill-formed part of its values, as the
/// decoder of the WHATWG Encoding Standard does.
///
/// Format parameters such as the width have no effect.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No character is cut: pieces end at line ends or at the end of a value.
        self.pieces().try_for_each(|piece| write!(f, "{}", Value::new(piece)))
    }
}
