//! Every sink of a block gets the same bytes.

use sseam::encode::{Block, TooSmall};

use crate::script::wait;

/// Writes the block everywhere, to a slice with so much room, too, and gives the bytes.
#[must_use]
pub fn write(block: &Block<'_>, room: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    block.append_to(&mut bytes);
    let needed = bytes.len();
    assert_eq!(block.encoded_len(), needed);
    assert!(block.pieces().all(|piece| !piece.is_empty()));
    assert_eq!(block.pieces().collect::<Vec<_>>().concat(), bytes);
    assert_eq!(block.to_string(), String::from_utf8_lossy(&bytes));
    let mut memory = vec![0xA5; room];
    match block.write_to_slice(&mut memory) {
        Ok(written) => assert_eq!(written, bytes),
        Err(TooSmall { needed: told }) => assert!(told == needed && room < needed),
    }
    let written = if room < needed { 0 } else { needed };
    assert!(memory[written..].iter().all(|byte| *byte == 0xA5), "written to behind the block");
    let (mut blocking, mut waiting) = (Vec::new(), Vec::new());
    block.write_to_embedded_io_v0_7(&mut blocking).expect("a vector takes all");
    wait(block.write_to_embedded_io_async_v0_7(&mut waiting)).expect("a vector takes all");
    assert!(blocking == bytes && waiting == bytes);
    bytes
}
