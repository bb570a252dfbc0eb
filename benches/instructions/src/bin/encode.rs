//! A server that sends on what it reads.

fn main() {
    sseam_instructions::encoding::encoded();
}
