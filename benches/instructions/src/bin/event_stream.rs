//! A client that reads borrowed events from a stream of chunks.

fn main() {
    sseam_instructions::adapters::borrowed();
}
