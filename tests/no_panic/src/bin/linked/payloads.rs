//! What providers send, typed and put together.

use core::fmt;
use core::hint::black_box;

use sseam::payload::{Accumulator, JsonStr, Part, PartKind, chat, messages, responses};

use crate::bytes;
use crate::dialects::event;

/// Parses an event as each API has it, and a string.
pub fn parse_each() {
    black_box(&responses::Event::parse(&event()));
    black_box(&messages::Event::parse(&event()));
    if let Ok(chunk) = chat::Chunk::parse(&event()) {
        for choice in &chunk.choices {
            for text in choice.texts() {
                read(text);
            }
        }
        black_box(&chunk.error);
    }
    if let Some(text) = str::from_utf8(bytes()).ok().and_then(|raw| JsonStr::new(raw).ok()) {
        read(text);
    }
}

/// Puts together what each API sends, in this memory.
pub fn gather(memory: &mut [u8]) {
    let mut accumulator = Accumulator::new(memory);
    while black_box(true) {
        if let Ok(chunk) = chat::Chunk::parse(&event()) {
            black_box(black_box(&mut accumulator).push_chat(&chunk).is_ok());
        }
        if let Ok(event) = responses::Event::parse(&event()) {
            black_box(black_box(&mut accumulator).push_responses(&event).is_ok());
        }
        if let Ok(event) = messages::Event::parse(&event()) {
            black_box(black_box(&mut accumulator).push_messages(&event).is_ok());
        }
        black_box(black_box(&mut accumulator).finish().is_ok());
        for piece in black_box(&accumulator).pieces() {
            black_box(piece);
        }
        let part = black_box(Part { kind: PartKind::Text, output: 0, content: 0 });
        black_box(black_box(&accumulator).get(part).as_str());
        black_box(black_box(&accumulator).get(part).is_empty());
        black_box(black_box(&accumulator).is_full());
        black_box(&mut accumulator).clear();
    }
}

fn read(text: JsonStr<'_>) {
    black_box((text.as_raw(), text.as_borrowed(), text == "text", text == black_box(text)));
    black_box(text.chars().last());
    black_box(text.write_to(&mut Sink).is_ok());
}

/// Takes whatever is written.
struct Sink;

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}
