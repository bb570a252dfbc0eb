//! A client that follows Chat Completions.

use sseam::llm::{Protocol, Tracker};

fn main() {
    sseam_instructions::tracking_client(Tracker::of(Protocol::CHAT), |_| {});
}
