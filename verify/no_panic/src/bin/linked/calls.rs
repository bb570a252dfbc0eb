//! The calls: everything that processes a provider's bytes.

use core::fmt;
use core::hint::black_box;
use core::time::Duration;

use sseam::encode::Block;
use sseam::json::{self, Json, JsonStr};
use sseam::llm::payload::{
    ErrorBody, List, StrOrJson, chat, cohere, generate_content, interactions, messages, responses,
};
use sseam::llm::strict::Check;
use sseam::llm::{
    Answer, Delta, Ends, Kept, Outcome, Piece, Protocol, Says, Signal, SliceCollector, StallWatch,
    TextKind, Tracker, When,
};
use sseam::source::{
    Head, Healthy, Lost, Policy, Resume, Source, Step, is_event_stream, retry_after,
};
use sseam::{Buffer, End, Error, Event, Field, Item, Notify, Parser, Value};

use crate::{bytes, bytes_mut};

/// Calls all methods of a parser, each with a parser in an unknown state and an unknown chunk.
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
            // A token of any call, with any chunk.
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

/// Calls all methods of a source, in an unknown state and with any policy, time and head.
pub fn connect<B: Buffer>(parser: Parser<B>) {
    let healthy = [Healthy::Opens, Healthy::Event, Healthy::Lasts(time())];
    let policy = if black_box(true) { Policy::event_source() } else { Policy::call() }
        .with_resume(black_box(Resume::WithCursor))
        .with_healthy(black_box(healthy)[0])
        .with_max_retries(black_box(Some(7)))
        .with_reconnection_time(time())
        .with_min_wait(time())
        .with_max_backoff(time())
        .with_jitter(time())
        .with_transient(black_box(|status| status > 0));
    let mut source = Source::new(parser, black_box(policy));
    if black_box(true) {
        source = source.with_seed(black_box(7));
    }
    while black_box(true) {
        if let Step::Connect(request) = black_box(&mut source).step(time()) {
            black_box((request.last_event_id(), request.failures()));
            for header in request.headers() {
                black_box(header);
            }
        }
        let head = Head {
            status: black_box(200),
            content_type: black_box(Some(bytes())),
            retry_after: retry_after(bytes()),
        };
        black_box(black_box(&mut source).answered(&head, time()).is_ok());
        black_box(is_event_stream(bytes()));
        let mut chunk = bytes();
        black_box(&black_box(&mut source).next_event(&mut chunk));
        black_box(chunk);
        let mut chunk = bytes();
        black_box(&black_box(&mut source).next_item(&mut chunk));
        black_box(chunk);
        let mut chunk = bytes();
        let found = black_box(&mut source).find(&mut chunk);
        black_box(chunk);
        let found = black_box([found, black_box(&mut source).find_at_end()]);
        if let [Ok(Some(found)), _] | [_, Ok(Some(found))] = found {
            black_box(&black_box(&source).view(bytes(), found));
        }
        black_box(&black_box(&mut source).flush_event());
        black_box(&black_box(&mut source).flush_item());
        black_box(black_box(&source).resumes(time()));
        black_box(&mut source).ended(time());
        black_box(&mut source).lost(black_box(Lost::Futile), time());
        black_box(&mut source).done();
        black_box(&mut source).set_cursor(black_box(true));
        black_box(&mut source).close();
        black_box(&mut source).reconnect();
        let (ready_state, closed) = (black_box(&source).ready_state(), black_box(&source).closed());
        black_box((ready_state, closed, black_box(&source).end()));
        black_box(black_box(&source).parser().last_event_id());
    }
}

/// Any point in time.
fn time() -> Duration {
    black_box(Duration::ZERO)
}

/// A protocol with rules of each kind.
static OWN: Protocol = Protocol::named("own")
    .inside("in")
    .ends(&[(When::Has("end"), Ends::By("how", Outcome::Completed))])
    .restarts(&[When::Prefix("again")])
    .choices("list")
    .says(&[
        (When::Always, Says::Usage("usage")),
        (When::Always, Says::Each("list", &[(When::Always, Says::Whole(TextKind::Text, "text"))])),
    ]);

static AMONG: &[&Protocol] = &[&OWN];

/// Follows a stream in each protocol, and iterates over JSON.
pub fn follow_each(memory: &mut [u8]) {
    let protocol = black_box(Protocol::by_name(as_str()));
    follow(Tracker::new());
    follow(Tracker::of(&OWN));
    follow(Tracker::of_request(as_str()));
    follow(protocol.map_or(Tracker::among(AMONG), Tracker::of));
    read_answers(Answer::new(), memory);
    read_answers(protocol.map_or(Answer::among(AMONG), Answer::of), memory);
    check();
    look_into(json::members(bytes()).next().map(|(_, value)| value));
    black_box(json::is_whole_object(bytes()));
    watch();
}

fn as_str() -> &'static str {
    str::from_utf8(bytes()).unwrap_or_default()
}

/// An event of any three values.
fn event() -> Event<'static> {
    Event::new(bytes()).with_type(bytes()).with_id(bytes())
}

fn error() -> Error {
    black_box(Error::TooLarge { field: Field::Data, limit: 7 })
}

fn follow(tracker: Tracker) {
    let mut tracker = black_box(tracker);
    while black_box(true) {
        black_box(black_box(&mut tracker).observe(&event()));
        for item in items() {
            black_box(black_box(&mut tracker).notice(&item));
        }
        black_box(&mut tracker).lost(&error());
    }
    for end in [None, Some(End::Clean), Some(End::MidEvent), Some(End::Disconnected)] {
        black_box(black_box(&tracker).outcome(black_box(end)).as_str());
    }
    black_box(tracker.protocol().map(Protocol::name));
    black_box(tracker.reason().map(|reason| reason.outcome()));
}

fn read_answers(answer: Answer, memory: &mut [u8]) {
    let (mut answer, mut collector) = (black_box(answer), SliceCollector::new(memory));
    while black_box(true) {
        for delta in black_box(&mut answer).read(&event()) {
            take(&delta);
            black_box(black_box(&mut collector).push(&black_box(delta)).is_ok());
        }
        for item in items() {
            let mut reading = black_box(&mut answer).read_item(&item);
            black_box(reading.signal());
            // The deltas that were not requested.
            black_box(reading.next());
        }
        black_box(&mut answer).lost(&error());
        black_box((answer.usage(), answer.reason(), answer.outcome(black_box(None))));
        read_kept(black_box(&collector).text());
        read_kept(black_box(&collector).reasoning());
        read_kept(black_box(&collector).refusal());
        read_kept(black_box(&collector).error());
        for call in black_box(&collector).calls() {
            for part in call {
                read_kept(part);
            }
        }
        black_box(black_box(&collector).is_full());
    }
}

fn read_kept(kept: Kept<'_>) {
    black_box((kept.as_str(), kept.is_empty()));
    for piece in kept.pieces() {
        black_box(piece);
    }
}

fn take(delta: &Delta<'_>) {
    match *black_box(delta) {
        Delta::Text { text, .. } | Delta::Reasoning { text, .. } => read_piece(text),
        Delta::Call { id, name, .. } => [id, name].into_iter().flatten().for_each(read_piece),
        Delta::Arguments { json, .. } => read_piece(json),
        Delta::Opaque { json, .. } => look_into(Some(json)),
        Delta::Error { error, .. } => {
            black_box((error.kind, error.code));
            error.message.into_iter().for_each(read_piece);
        }
        other => _ = black_box(other),
    }
}

fn read_piece(piece: Piece<'_>) {
    let piece = black_box(piece);
    black_box((piece.as_str(), piece.as_json_str(), piece.is_empty(), piece == "text"));
    black_box(piece.write_to(&mut Sink).is_ok());
}

fn check() {
    let mut check = black_box(Check::new());
    while black_box(true) {
        for item in items() {
            if let Some(violation) = black_box(&mut check).notice(&item) {
                black_box((violation.name(), violation.expected(), violation.found()));
            }
        }
    }
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
    if let Some(text) = value.as_text() {
        black_box((text.as_raw(), text.is_empty(), text == "type", text.starts_with("response.")));
    }
    black_box((value.as_u64(), value.is_null(), value.is_true()));
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
    let mut watch = StallWatch::new(time()).with_silence_limit(time()).with_progress_limit(time());
    black_box(&mut watch).sign_of_life(time());
    black_box(&mut watch).observe(black_box(Signal::Payload), time());
    black_box((black_box(&watch).stall(time()), black_box(&watch).stalls_at()));
}

/// Parses an event by each API, and a string.
pub fn parse_each() {
    black_box(&responses::StreamEvent::parse(&event()));
    black_box(&messages::StreamEvent::parse(&event()));
    black_box(&interactions::StreamEvent::parse(&event()));
    black_box(&cohere::StreamEvent::parse(&event()));
    if let Ok(chunk) = generate_content::Chunk::parse(&event()) {
        for candidate in &chunk.candidates {
            candidate.content.parts.iter().for_each(|part| {
                black_box(&part);
            });
        }
    }
    if let Ok(chunk) = chat::Chunk::parse(&event()) {
        for choice in &chunk.choices {
            for text in choice.texts() {
                read_string(text);
            }
            let delta = choice.delta.unwrap_or_default();
            for thought in delta.content.iter().flat_map(|content| content.thoughts()) {
                read_string(thought);
            }
            black_box(choice.error.and_then(|error| error.read::<ErrorBody<'_>>()));
            let details = delta.reasoning_details.and_then(|details| details.read());
            let details: List<'_, chat::ReasoningDetail<'_>> = details.unwrap_or_default();
            details.iter().for_each(|detail| {
                black_box(&detail);
            });
        }
        chunk.choices.for_each(|choice| {
            let function = choice.delta.and_then(|delta| delta.function_call);
            read_value(function.and_then(|function| function.arguments));
        });
        black_box((&chunk.error, chunk.choices.first()));
    }
    let tracker = || Tracker::of(black_box(Protocol::CHAT));
    black_box(tracker().read(&event(), &mut chat::Chunk::default()).is_ok());
    black_box(tracker().read(&event(), &mut responses::StreamEvent::default()).is_ok());
    black_box(tracker().read(&event(), &mut messages::StreamEvent::default()).is_ok());
    if let Some(text) = str::from_utf8(bytes()).ok().and_then(|raw| JsonStr::new(raw).ok()) {
        read_string(text);
    }
}

fn read_value(value: Option<StrOrJson<'_>>) {
    let Some(value) = black_box(value) else { return };
    black_box((value.is_empty(), value == "text", value == black_box(value)));
    black_box(value.write_to(&mut Sink).is_ok());
}

fn read_string(text: JsonStr<'_>) {
    black_box((text.as_raw(), text.as_str(), text == "text", text == black_box(text)));
    black_box(text.chars().last());
    black_box(text.write_to(&mut Sink).is_ok());
}

/// Accepts everything.
struct Sink;

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

/// Encodes a block of any values, also into this memory.
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
