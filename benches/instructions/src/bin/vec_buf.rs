//! A client whose parser buffers on the heap.

use sseam::Parser;

fn main() {
    sseam_instructions::client(Parser::new());
}
