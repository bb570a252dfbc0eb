//! A server that forwards the events that it reads.

fn main() {
    sseam_instructions::encoding::encoded();
}
