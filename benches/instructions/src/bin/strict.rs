//! A client that follows the Responses API, and checks the order of its events.

use std::hint::black_box;

use sseam::llm::strict::Check;
use sseam::llm::{Protocol, Tracker};

fn main() {
    let mut check = Check::new();
    sseam_instructions::tracking_client(Tracker::of(Protocol::RESPONSES), move |event| {
        black_box(check.observe(event));
    });
}
