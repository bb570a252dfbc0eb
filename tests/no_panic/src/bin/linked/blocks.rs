//! Events out.

use core::hint::black_box;
use core::time::Duration;

use sseam::encode::Block;

use crate::{bytes, bytes_mut};

/// Encodes a block of any values, into this memory too.
pub fn encode(memory: &mut [u8]) {
    let mut vector = heapless::Vec::<u8, 64>::new();
    let block = Block::data(bytes()).retry(black_box(Duration::ZERO));
    let block = block.event_type(bytes()).and_then(|block| block.id(bytes()));
    for block in [block, Ok(Block::comment(bytes())), Ok(Block::new())] {
        let Ok(block) = black_box(block) else { continue };
        black_box(block.encoded_len());
        for piece in block.pieces() {
            black_box(piece);
        }
        black_box(block.write_to_slice(bytes_mut(memory)).is_ok());
        black_box(block.append_to_heapless(black_box(&mut vector)).is_ok());
    }
}
