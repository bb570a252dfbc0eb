//! The trackers, and a look into JSON.

use core::hint::black_box;
use core::time::Duration;

use sseam::dialect::peek::{self, Json};
use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    StallWatch,
};
use sseam::{ArrayBuf, Event, Item, Parser, Tracker, Value};

use crate::bytes;

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
    look_into(peek::members(bytes()).next().map(|(_, value)| value));
    black_box(peek::is_whole_object(bytes()));
    watch();
}

/// An event of any three values.
pub fn event() -> Event<'static> {
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
    let mut members = value.members();
    black_box(members.next_if_named("type"));
    for (name, value) in black_box(members) {
        black_box((name.as_raw(), value));
    }
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
