//! A client that follows Chat Completions.

use sseam::dialect::Chat;

fn main() {
    sseam_instructions::tracking_client(Chat::new());
}
