//! A client whose parser keeps what it must on the heap.

use sseam::Parser;

fn main() {
    sseam_instructions::client(Parser::new());
}
