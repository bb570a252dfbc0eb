//! A client that reads owned events from a stream of chunks.

fn main() {
    sseam_instructions::adapters::owned();
}
