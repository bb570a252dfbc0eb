//! Encoding to text.

use core::fmt;

use super::Block;
use crate::Value;

/// Writes the block as text, with U+FFFD for invalid UTF-8.
///
/// Each maximal ill-formed part becomes one U+FFFD, as in the WHATWG Encoding Standard.
/// Format parameters such as the width have no effect.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No character is cut: pieces end at line ends or at the end of a value.
        self.pieces().try_for_each(|piece| write!(f, "{}", Value::new(piece)))
    }
}
