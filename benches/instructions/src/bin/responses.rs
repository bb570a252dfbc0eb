//! A client that follows the Responses API.

use sseam::dialect::Responses;

fn main() {
    sseam_instructions::tracking_client(Responses::new());
}
