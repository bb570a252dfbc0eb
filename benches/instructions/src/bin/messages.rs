//! A client that follows Messages.

use sseam::llm::{Protocol, Tracker};

fn main() {
    sseam_instructions::tracking_client(Tracker::of(Protocol::MESSAGES), |_| {});
}
