//! A client that prints what a chat completion says: framing, verdict, payload, and text.

use sseam::Tracker;
use sseam::dialect::Chat;
use sseam::payload::Joiner;
use sseam::payload::chat::Chunk;

fn main() {
    let (mut tracker, mut joiner) = (Tracker::new(Chat::new()), Joiner::new());
    sseam_instructions::reading_client(|text, event| {
        let mut chunk = Chunk::default();
        tracker.read(event, &mut chunk).expect("a payload");
        chunk.choices.for_each(|choice| {
            for piece in choice.texts() {
                joiner.write(piece, text).expect("a string takes all");
            }
            let Some(delta) = &choice.delta else { return };
            delta.tool_calls.for_each(|call| {
                let arguments = call.function.and_then(|function| function.arguments);
                if let Some(arguments) = arguments.and_then(|arguments| arguments.as_json_str()) {
                    joiner.write(arguments, text).expect("a string takes all");
                }
            });
        });
    });
}
