//! A client that prints the text of a response: framing, verdict, payload, and text.

use sseam::llm::payload::responses::StreamEvent;
use sseam::llm::{Protocol, Tracker};

fn main() {
    let mut tracker = Tracker::of(Protocol::RESPONSES);
    sseam_instructions::reading_client(|text, event| {
        let mut payload = StreamEvent::default();
        tracker.read(event, &mut payload).expect("a payload");
        match payload {
            StreamEvent::OutputTextDelta(event)
            | StreamEvent::FunctionCallArgumentsDelta(event) => {
                event.delta.append_to(text);
            }
            StreamEvent::Completed(_) => tracker = Tracker::of(Protocol::RESPONSES),
            _ => {}
        }
    });
}
