//! Our types hold what `serde_json` and `serde-json-core` read into structs that are
//! written by hand: of every event of the three APIs, in streams written here, in
//! recorded ones, and in JSON that is made up.
//!
//! What the made-up JSON leaves out, as there the three differ by design: names that
//! are written with escapes (serde-json-core does not know them), names that come
//! twice (errors to serde; to ours the first counts), and structs written as arrays
//! (which `serde_json` takes). A value of another kind than its field is an error to
//! serde; to ours it counts as absent, and so it is compared with the same JSON
//! without it.
//!
//! The recorded streams are no part of this repository. Where they are absent they
//! are not tested, and the test says so.

#![allow(unreachable_pub)]

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code)] // What else is known of them.
#[path = "../dialects/fixtures.rs"]
mod fixtures;
mod holds;
mod made_up;
mod mirror;

use std::fmt::Debug;
use std::io::Write as _;
use std::path::Path;
use std::{fs, io};

use common::streams::cases;
use proptest::prelude::*;
use serde::Deserialize;
use sseam::dialect::is_done;
use sseam::payload::{ErrorBody, JsonStr, chat, messages, responses};
use sseam::{Event, Parser};

use holds::Holds;

/// What both back-ends read, and `Event::json`; nothing where none of them does.
fn read<'a, T: Deserialize<'a> + PartialEq + Debug>(event: &Event<'a>) -> Option<T> {
    let data = event.data().as_bytes();
    let one: Option<T> = serde_json::from_slice(data).ok();
    let other: Option<T> = serde_json_core::from_slice(data).ok().map(|(read, _)| read);
    assert_eq!(one, other, "{}", event.data());
    assert_eq!(event.json().ok(), one, "{}", event.data());
    one
}

/// Whether it holds the same as ours, if it could be read so.
fn same<'a, T, Ours>(event: &Event<'a>, ours: &Ours) -> Option<bool>
where
    T: Deserialize<'a> + PartialEq + Debug + Holds<Ours>,
{
    read::<T>(event).map(|theirs| theirs.holds(ours))
}

type Parts<'a> = Vec<Option<mirror::ContentPart<'a>>>;
type WithText<'a> = mirror::ErrorBody<'a, JsonStr<'a>>;
type WithNumber<'a> = mirror::ErrorBody<'a, u64>;

/// Whether the first way that it can be read in gives what ours has; nothing where
/// it can be read in none.
fn chat(event: &Event<'_>) -> Option<bool> {
    use mirror::Chunk;

    let ours = &chat::Chunk::parse(event).ok()?;
    let same = same::<Chunk<'_, JsonStr<'_>, WithText<'_>>, _>(event, ours)
        .or_else(|| same::<Chunk<'_, JsonStr<'_>, WithNumber<'_>>, _>(event, ours))
        .or_else(|| same::<Chunk<'_, JsonStr<'_>, JsonStr<'_>>, _>(event, ours))
        .or_else(|| same::<Chunk<'_, Parts<'_>, WithText<'_>>, _>(event, ours))
        .or_else(|| same::<Chunk<'_, Parts<'_>, WithNumber<'_>>, _>(event, ours))
        .or_else(|| same::<Chunk<'_, Parts<'_>, JsonStr<'_>>, _>(event, ours))?;
    // What is not flat has to be readable all the same: it is no error to serde either.
    let nothing = ErrorBody::default();
    let is_flat =
        ours.object.is_some_and(|object| object == "error") && matches!(failed(event)?, Failed::No);
    let flat = flat(event, if is_flat { ours.error.as_ref()? } else { &nothing })?;
    Some(same && (flat || !is_flat))
}

/// An error that is all of the event.
fn flat<'a>(event: &Event<'a>, ours: &ErrorBody<'a>) -> Option<bool> {
    same::<WithText<'_>, _>(event, ours).or_else(|| same::<WithNumber<'_>, _>(event, ours))
}

/// An error in the member `error`, in each way that it can be written.
enum Failed<'a> {
    No,
    WithText(WithText<'a>),
    WithNumber(WithNumber<'a>),
    Message(JsonStr<'a>),
}

/// Nothing where it cannot be read.
fn failed<'a>(event: &Event<'a>) -> Option<Failed<'a>> {
    use mirror::Failed as F;

    let text = || Some(read::<F<WithText<'_>>>(event)?.error.map_or(Failed::No, Failed::WithText));
    let number =
        || Some(read::<F<WithNumber<'_>>>(event)?.error.map_or(Failed::No, Failed::WithNumber));
    let message = || Some(read::<F<JsonStr<'_>>>(event)?.error.map_or(Failed::No, Failed::Message));
    text().or_else(number).or_else(message)
}

/// As above, of an event that ours takes for an error.
fn error<'a>(event: &Event<'a>, ours: &ErrorBody<'a>) -> Option<bool> {
    match failed(event)? {
        Failed::WithText(theirs) => Some(theirs.holds(ours)),
        Failed::WithNumber(theirs) => Some(theirs.holds(ours)),
        Failed::Message(theirs) if !theirs.is_empty() => Some(theirs.holds(ours)),
        _ => {
            let same = same::<mirror::Flat<'_, JsonStr<'_>>, _>(event, ours)
                .or_else(|| same::<mirror::Flat<'_, u64>, _>(event, ours))?;
            Some(same && ours.kind.is_none())
        }
    }
}

/// Whether the type is that, and the event holds the same in the first of these
/// structs that it can be read into.
macro_rules! by_type {
    ($event:ident, $ours:ident, $kind:ident, $($name:literal: $variant:path = $($theirs:ty)|+,)*) => {
        match ($kind.as_str(), &$ours) {
            $(($name, $variant(ours)) => {
                None$(.or_else(|| same::<$theirs, _>($event, ours)))+
            })*
            ($($name)|*, _) => Some(false),
            ("error", ours) => panic!("{} is no error, but {ours:?}", $event.data()),
            (_, ours) => panic!("{} is not known, but {ours:?}", $event.data()),
        }
    };
}

/// The event's type: what the JSON says, or else the `event` line.
fn kind(event: &Event<'_>) -> Option<String> {
    let kind = read::<mirror::Head<'_>>(event)?.kind.filter(|kind| !kind.is_empty());
    Some(kind.map_or_else(|| event.event_type().to_string(), |kind| kind.to_string()))
}

fn responses(event: &Event<'_>) -> Option<bool> {
    use mirror::{Contents, Delta, Done, Lifecycle, OutputItem};
    use responses::Event as E;

    let (ours, kind) = (E::parse(event).ok()?, kind(event)?);
    if let E::Other(other) = ours {
        let is_named = kind != "message" || other.kind.is_some();
        return Some(other.kind.is_some_and(|is| is == *kind) || !is_named);
    }
    if let E::Error(ours) = ours {
        let number = read::<mirror::Head<'_>>(event)?.sequence_number;
        return Some(error(event, &ours.error)? && number == ours.sequence_number);
    }
    by_type!(event, ours, kind,
        "response.output_text.delta": E::OutputTextDelta = Delta<'_>,
        "response.function_call_arguments.delta": E::FunctionCallArgumentsDelta = Delta<'_>,
        "response.reasoning_summary_text.delta": E::ReasoningSummaryTextDelta = Delta<'_>,
        "response.reasoning_text.delta": E::ReasoningTextDelta = Delta<'_>,
        "response.custom_tool_call_input.delta": E::CustomToolCallInputDelta = Delta<'_>,
        "response.refusal.delta": E::RefusalDelta = Delta<'_>,
        "response.output_text.done": E::OutputTextDone = Done<'_>,
        "response.function_call_arguments.done": E::FunctionCallArgumentsDone = Done<'_>,
        "response.reasoning_summary_text.done": E::ReasoningSummaryTextDone = Done<'_>,
        "response.reasoning_text.done": E::ReasoningTextDone = Done<'_>,
        "response.custom_tool_call_input.done": E::CustomToolCallInputDone = Done<'_>,
        "response.refusal.done": E::RefusalDone = Done<'_>,
        "response.output_item.added": E::OutputItemAdded = OutputItem<'_>,
        "response.output_item.done": E::OutputItemDone = OutputItem<'_>,
        "response.content_part.added": E::ContentPartAdded = Contents<'_>,
        "response.content_part.done": E::ContentPartDone = Contents<'_>,
        "response.reasoning_summary_part.added": E::ReasoningSummaryPartAdded = Contents<'_>,
        "response.reasoning_summary_part.done": E::ReasoningSummaryPartDone = Contents<'_>,
        "response.created": E::Created = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
        "response.queued": E::Queued = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
        "response.in_progress": E::InProgress = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
        "response.completed": E::Completed = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
        "response.incomplete": E::Incomplete = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
        "response.failed": E::Failed = Lifecycle<'_, JsonStr<'_>> | Lifecycle<'_, u64>,
    )
}

fn messages(event: &Event<'_>) -> Option<bool> {
    use messages::Event as E;

    let (ours, kind) = (E::parse(event).ok()?, kind(event)?);
    match ours {
        E::MessageStop => return Some(kind == "message_stop"),
        E::Ping => return Some(kind == "ping"),
        E::Error(ours) => return error(event, &ours),
        E::Other(other) => {
            let is_named = kind != "message" || other.kind.is_some();
            return Some(other.kind.is_some_and(|is| is == *kind) || !is_named);
        }
        _ => {}
    }
    by_type!(event, ours, kind,
        "message_start": E::MessageStart = mirror::MessageStart<'_>,
        "content_block_start": E::ContentBlockStart = mirror::ContentBlockStart<'_>,
        "content_block_delta": E::ContentBlockDelta = mirror::ContentBlockDelta<'_>,
        "content_block_stop": E::ContentBlockStop = mirror::ContentBlockStop,
        "message_delta": E::MessageDelta = mirror::MessageDelta<'_>,
    )
}

/// As the dialect of that name has it; nothing where it cannot be read.
fn agree(dialect: &str, event: &Event<'_>) -> Option<bool> {
    match dialect {
        "chat" => chat(event),
        "responses" => responses(event),
        "messages" => messages(event),
        _ => Some(true),
    }
}

/// Compares all events of a stream but `[DONE]`, and gives their number.
fn compare(name: &str, dialect: &str, stream: &[u8]) -> usize {
    let (mut chunk, mut parser) = (stream, Parser::new());
    let mut count = 0;
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        if !is_done(&event) {
            assert_eq!(agree(dialect, &event), Some(true), "{name}: {event:?}");
            count += 1;
        }
    }
    count
}

#[test]
fn of_streams_written_here() {
    let mut count = 0;
    for fixture in fixtures::FIXTURES {
        let dialect = (fixture.dialect)();
        let name = dialect.name().trim_end_matches("-strict").to_owned();
        if matches!(&*name, "chat" | "responses" | "messages") {
            count += compare(fixture.name, &name, fixture.stream.as_bytes());
        }
    }
    assert!(count > 15, "{count} events");
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn of_recorded_streams() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    if !folder.is_dir() {
        // Past the capture of the test harness, which would keep it to itself.
        let folder = folder.display();
        let _ = writeln!(io::stderr(), "\n!!! SKIPPED: no recorded streams in {folder}\n");
        return;
    }
    let table = fs::read_to_string(folder.join("EXPECTED.tsv")).expect("what to expect");
    let mut rows = table.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let column = |name| header.iter().position(|column| *column == name).expect(name);
    let [file, dialect] = ["file", "dialect"].map(column);
    let mut count = 0;
    for row in rows.filter(|row| matches!(row[dialect], "chat" | "responses" | "messages")) {
        let stream = fs::read(folder.join(row[file])).expect(row[file]);
        count += compare(row[file], row[dialect], &stream);
    }
    assert!(count > 1000, "{count} events");
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn of_json_that_is_made_up(choices in proptest::collection::vec(any::<u8>(), 0..300)) {
        let made_up = made_up::event(&choices);
        let [json, plain] = [&made_up.json, &made_up.plain].map(|json| Event::new(&**json));
        prop_assert_eq!(agree(made_up.dialect, &plain), Some(true), "{}", made_up.plain);
        // What is of another kind counts as absent, and is an error to serde.
        match made_up.dialect {
            "chat" => prop_assert_eq!(chat::Chunk::parse(&json), chat::Chunk::parse(&plain)),
            "responses" => prop_assert_eq!(responses::Event::parse(&json), responses::Event::parse(&plain)),
            _ => prop_assert_eq!(messages::Event::parse(&json), messages::Event::parse(&plain)),
        }
        if made_up.json != made_up.plain {
            prop_assert_eq!(agree(made_up.dialect, &json), None, "{}", made_up.json);
        }
    }
}
