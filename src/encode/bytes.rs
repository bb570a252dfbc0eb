//! Into shared bytes.

use bytes::Bytes;

use super::Block;

/// The block in an allocation of its own, as [`Block::to_vec`] writes it: for the body of
/// a server that takes `Bytes`.
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
