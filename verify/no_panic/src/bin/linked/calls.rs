//! What is called: all that works on a provider's bytes.

use core::fmt;
use core::hint::black_box;
use core::time::Duration;

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    StallWatch,
};
use sseam::encode::Block;
use sseam::json::{self, Json, JsonStr};
use sseam::payload::{Accumulator, Joiner, Part, PartKind, StrOrJson, chat, messages, responses};
use sseam::{ArrayBuf, Buffer, Event, Item, Notify, Parser, Tracker, Value};

use crate::{bytes, bytes_mut};

/// Calls all that a parser can do, from any state that the compiler can think of, each with a
/// parser and a chunk of which nothing is known.
pub fn read<B: Buffer>(parser: Parser<B>) {
    let mut parser = parser.with_notify(black_box(Notify::ALL));
    while black_box(true) {
        let mut chunk = bytes();
        black_box(&black_box(&mut parser).next_event(&mut chunk));
        black_box(chunk);
        let mut chunk = bytes();
        black_box(&black_box(&mut parser).next_item(&mut chunk));
        black_box(chunk);
        let mut chunk = bytes();
        let found = black_box(&mut parser).find(&mut chunk);
        black_box(chunk);
        if let Ok(Some(found)) = black_box(found) {
            // The token of any call, and any chunk.
            black_box(&black_box(&parser).view(bytes(), found));
        }
        black_box(&black_box(&mut parser).flush_notification());
        black_box(&black_box(&mut parser).flush_event());
        black_box(&black_box(&mut parser).flush_item());
        black_box(black_box(&mut parser).set_last_event_id(bytes()).is_ok());
        black_box(black_box(&parser).last_event_id());
        black_box(black_box(&parser).reconnection_time());
        let _ = black_box(black_box(&mut parser).finish());
        black_box(&mut parser).reset();
    }
}

/// Follows a stream through each dialect, and looks into JSON.
pub fn follow_each() {
    follow(Assistants::new());
    follow(Auto::new());
    follow(Chat::new());
    follow(CohereChat::new());
    follow(Done::new());
    follow(GenerateContent::new());
    follow(Messages::new());
    follow(Responses::new());
    follow(Responses::strict());
    black_box(black_box(&Auto::new()).settled());
    look_into(json::members(bytes()).next().map(|(_, value)| value));
    black_box(json::is_whole_object(bytes()));
    watch();
}

/// An event of any three values.
fn event() -> Event<'static> {
    Event::new(bytes()).with_type(bytes()).with_id(bytes())
}

fn follow<D: Dialect>(dialect: D) {
    let mut tracker = Tracker::new(dialect);
    while black_box(true) {
        black_box(black_box(&mut tracker).observe(&event()));
        for item in items() {
            black_box(black_box(&mut tracker).notice(&item));
        }
        if let Some(violation) = black_box(&tracker).violation() {
            black_box((violation.name(), violation.expected(), violation.found()));
        }
    }
    let end = Parser::with_buffer(ArrayBuf::<8, 8>::new()).finish();
    black_box(black_box(&tracker).finish(black_box(end)).as_str());
    black_box(tracker.dialect().name());
}

fn items() -> [Item<'static>; 4] {
    let value = || Value::new(bytes());
    [
        Item::Event(event()),
        Item::Comment { text: value(), truncated: black_box(true) },
        Item::UnknownField { name: value(), value: value(), truncated: black_box(true) },
        Item::EmptyBlock { event_type: value(), last_event_id: value() },
    ]
}

fn look_into(value: Option<Json<'_>>) {
    let Some(value) = black_box(value) else { return };
    if let Some(text) = value.text() {
        black_box((text.as_raw(), text.is_empty(), text == "type", text.starts_with("response.")));
    }
    black_box((value.u64(), value.is_null(), value.is_true()));
    black_box((value.is_object(), value.is_array()));
    black_box(value.members().get("type"));
    let mut members = value.members();
    for (name, value) in members.by_ref() {
        black_box((name.as_raw(), value));
    }
    black_box(members.is_broken());
    let mut elements = value.elements();
    for element in elements.by_ref() {
        black_box(element);
    }
    black_box(elements.is_broken());
}

fn watch() {
    let time = || black_box(Duration::ZERO);
    let mut watch = StallWatch::new(time()).with_silence_limit(time()).with_progress_limit(time());
    black_box(&mut watch).sign_of_life(time());
    black_box(&mut watch).observe(black_box(sseam::Signal::Message), time());
    black_box((black_box(&watch).stall(time()), black_box(&watch).stalls_at()));
}

/// Parses an event as each API has it, and a string.
pub fn parse_each() {
    black_box(&responses::Event::parse(&event()));
    black_box(&messages::Event::parse(&event()));
    if let Ok(chunk) = chat::Chunk::parse(&event()) {
        for choice in &chunk.choices {
            for text in choice.texts() {
                read_string(text);
            }
        }
        chunk.choices.for_each(|choice| {
            let function = choice.delta.and_then(|delta| delta.function_call);
            read_value(function.and_then(|function| function.arguments));
        });
        black_box((&chunk.error, chunk.choices.first()));
    }
    black_box(Tracker::new(Chat::new()).read(&event(), &mut chat::Chunk::default()).is_ok());
    black_box(
        Tracker::new(Responses::strict()).read(&event(), &mut responses::Event::default()).is_ok(),
    );
    black_box(
        Tracker::new(Messages::new()).read(&event(), &mut messages::Event::default()).is_ok(),
    );
    if let Some(text) = str::from_utf8(bytes()).ok().and_then(|raw| JsonStr::new(raw).ok()) {
        read_string(text);
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

fn read_value(value: Option<StrOrJson<'_>>) {
    let Some(value) = black_box(value) else { return };
    black_box((value.is_empty(), value == "text", value == black_box(value)));
    black_box(value.write_to(&mut Sink).is_ok());
}

fn read_string(text: JsonStr<'_>) {
    black_box((text.as_raw(), text.as_str(), text == "text", text == black_box(text)));
    let mut joiner = black_box(Joiner::new());
    black_box((joiner.write(text, &mut Sink).is_ok(), joiner.finish(&mut Sink).is_ok()));
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

/// Encodes a block of any values, into this memory too.
pub fn encode(memory: &mut [u8]) {
    let mut vector = heapless::Vec::<u8, 64>::new();
    let block = Block::data(bytes()).retry(black_box(Duration::ZERO));
    let block = block.event_type(bytes()).and_then(|block| block.id(bytes()));
    for block in [block, Ok(Block::comment(bytes())), Ok(Block::new())] {
        let Ok(block) = black_box(block) else { continue };
        black_box(block.encoded_len());
        for piece in block.pieces() {
            black_box(piece);
        }
        black_box(block.write_to_slice(bytes_mut(memory)).is_ok());
        black_box(block.append_to_heapless(black_box(&mut vector)).is_ok());
    }
}
