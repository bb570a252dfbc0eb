//! A client whose parser buffers in borrowed memory.

use sseam::{Parser, SliceBuf};

fn main() {
    let (mut data, mut meta) = ([0; 1024], [0; 3 * 128]);
    sseam_instructions::client(Parser::with_buffer(SliceBuf::new(&mut data, &mut meta)));
}
