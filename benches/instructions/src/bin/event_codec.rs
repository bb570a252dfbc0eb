//! A client that decodes events from a socket's buffer.

fn main() {
    sseam_instructions::adapters::decoded();
}
