//! A client that prints the text of a message: framing, verdict, payload, and text.

use sseam::llm::payload::messages::{Delta, StreamEvent};
use sseam::llm::{Protocol, Tracker};

fn main() {
    let mut tracker = Tracker::of(Protocol::MESSAGES);
    sseam_instructions::reading_client(|text, event| {
        let mut payload = StreamEvent::default();
        tracker.read(event, &mut payload).expect("a payload");
        let StreamEvent::ContentBlockDelta(event) = payload else { return };
        if let Delta::Text(piece) = event.delta {
            piece.append_to(text);
        }
    });
}
