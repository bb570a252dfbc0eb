//! A client that follows the Responses API.

use sseam::llm::{Protocol, Tracker};

fn main() {
    sseam_instructions::tracking_client(Tracker::of(Protocol::RESPONSES), |_| {});
}
