//! Whether our payload types hold what `serde_json` and `serde-json-core` read into structs
//! that are written by hand, of every event of the three APIs.
//!
//! The three differ by design in names that are written with escapes (serde-json-core does not
//! know them), names that come twice (errors to serde; to ours the first counts), and structs
//! written as arrays (which `serde_json` takes): of such JSON nothing can be compared. A value
//! of another kind than its field is an error to serde; to ours it counts as absent.

mod mirror;

use std::fmt::Debug;

use serde::Deserialize;
use sseam::Event;
use sseam::payload::{ErrorBody, JsonStr, chat, messages, responses};

use mirror::Holds;

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

    // To ours an empty message is no error.
    if matches!(failed(event), Some(Failed::Message(message)) if message.is_empty()) {
        return None;
    }
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

/// Whether the payload type of that dialect holds what serde reads; nothing where serde cannot
/// read the event.
pub fn agree(dialect: &str, event: &Event<'_>) -> Option<bool> {
    match dialect {
        "chat" => chat(event),
        "responses" => responses(event),
        "messages" => messages(event),
        _ => Some(true),
    }
}
