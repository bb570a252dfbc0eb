//! A client that decodes events from what a socket has brought.

fn main() {
    sseam_instructions::adapters::decoded();
}
