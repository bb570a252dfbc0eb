//! Encoding to shared bytes.

use bytes::Bytes;

use super::Block;

/// Encodes the block as [`Block::to_vec`] does, for servers whose body takes `Bytes`.
///
/// ```
/// use bytes::Bytes;
/// use sseam::encode::Block;
///
/// assert_eq!(Bytes::from(Block::data("x")), "data: x\n\n");
/// ```
#[cfg_attr(docsrs, doc(cfg(any(feature = "stream", feature = "codec"))))]
impl From<Block<'_>> for Bytes {
    fn from(block: Block<'_>) -> Self {
        block.to_vec().into()
    }
}
