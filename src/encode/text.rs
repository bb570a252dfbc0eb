//! As text.

use core::fmt;

use super::Block;
use crate::Value;

/// Writes the block as text, to any [`fmt::Write`], with U+FFFD for
/// each maximal ill-formed part of its values, as the WHATWG UTF-8 decoder does: what
/// a browser would have made of the bytes.
///
/// Width and the like have no effect.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No character is cut: the pieces end at line ends, or where a value does.
        self.pieces().try_for_each(|piece| write!(f, "{}", Value::new(piece)))
    }
}
