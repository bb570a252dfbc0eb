//! A client that prints the text of a chat completion: framing, verdict, payload, and text.

use sseam::llm::payload::chat::Chunk;
use sseam::llm::{Protocol, Tracker};

fn main() {
    let mut tracker = Tracker::of(Protocol::CHAT);
    sseam_instructions::reading_client(|text, event| {
        let mut chunk = Chunk::default();
        tracker.read(event, &mut chunk).expect("a payload");
        chunk.choices.for_each(|choice| {
            for piece in choice.texts() {
                piece.append_to(text);
            }
            let Some(delta) = &choice.delta else { return };
            delta.tool_calls.for_each(|call| {
                let arguments = call.function.and_then(|function| function.arguments);
                if let Some(arguments) = arguments.and_then(|arguments| arguments.as_json_str()) {
                    arguments.append_to(text);
                }
            });
        });
    });
}
