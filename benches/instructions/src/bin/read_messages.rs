//! A client that prints what a message says: framing, verdict, payload, and text.

use sseam::Tracker;
use sseam::dialect::Messages;
use sseam::payload::Joiner;
use sseam::payload::messages::{Delta, Event};

fn main() {
    let (mut tracker, mut joiner) = (Tracker::new(Messages::new()), Joiner::new());
    sseam_instructions::reading_client(|text, event| {
        let mut payload = Event::default();
        tracker.read(event, &mut payload).expect("a payload");
        let Event::ContentBlockDelta(event) = payload else { return };
        if let Delta::Text(piece) = event.delta {
            joiner.write(piece, text).expect("a string takes all");
        }
    });
}
