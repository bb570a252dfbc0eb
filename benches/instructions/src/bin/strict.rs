//! A client that follows the Responses API, and holds the provider to it.

use sseam::dialect::Responses;

fn main() {
    sseam_instructions::tracking_client(Responses::strict());
}
