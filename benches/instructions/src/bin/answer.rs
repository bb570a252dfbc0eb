//! A client that prints an answer in any API: framing, verdict, deltas, and text.

use sseam::llm::{Answer, Delta};

fn main() {
    let mut answer = Answer::new();
    sseam_instructions::reading_client(|text, event| {
        for delta in answer.read(event) {
            match delta {
                Delta::Text { text: piece, .. } | Delta::Arguments { json: piece, .. } => {
                    piece.append_to(text);
                }
                _ => {}
            }
        }
        if answer.tracker().is_over() {
            answer = Answer::new();
        }
    });
}
