//! A client that prints what a response says: framing, verdict, payload, and text.

use sseam::Tracker;
use sseam::dialect::Responses;
use sseam::payload::Joiner;
use sseam::payload::responses::Event;

fn main() {
    let (mut tracker, mut joiner) = (Tracker::new(Responses::new()), Joiner::new());
    sseam_instructions::reading_client(|text, event| {
        let mut payload = Event::default();
        tracker.read(event, &mut payload).expect("a payload");
        match payload {
            Event::OutputTextDelta(event) | Event::FunctionCallArgumentsDelta(event) => {
                joiner.write(event.delta, text).expect("a string takes all");
            }
            Event::Completed(_) => tracker = Tracker::new(Responses::new()),
            _ => {}
        }
    });
}
