//! A client that follows the Messages API.

use sseam::dialect::Messages;

fn main() {
    sseam_instructions::tracking_client(Messages::new());
}
