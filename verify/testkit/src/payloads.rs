//! Checks that our payload types hold what `serde_json` and `serde-json-core` read into
//! hand-written structs, for every event of the three APIs.
//!
//! The three differ by design in names with escapes (serde-json-core does not decode them),
//! repeated names (errors to serde; in ours the first counts), and structs written as arrays (which
//! `serde_json` accepts): such JSON cannot be compared. A value of another kind than its field is
//! an error to serde; in ours it counts as absent.

mod mirror;

use std::fmt;

use serde::Deserialize;
use sseam::Event;
use sseam::llm::payload::{ErrorBody, JsonStr, chat, messages, responses};

use mirror::{Holds, Text};

/// The string that `serde_json` borrows.
#[derive(Deserialize)]
struct BySerdeJson<'a>(#[serde(borrow)] JsonStr<'a>);

/// The string that `serde-json-core` borrows.
#[derive(Deserialize)]
struct BySerdeJsonCore<'a>(
    #[serde(borrow, deserialize_with = "sseam::json::escaped_str")] JsonStr<'a>,
);

macro_rules! texts {
    ($($name:ident)*) => {$(
        impl Text for $name<'_> {
            fn raw(&self) -> &str {
                self.0.as_raw()
            }
        }

        /// The raw string, for either type: results of both back-ends are compared by it.
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.raw())
            }
        }
    )*};
}
texts! { BySerdeJson BySerdeJsonCore }

/// Reads by `serde_json` into a type that may name the strings `Str`, after a comparison with the
/// result of `serde-json-core`, each by the event's method. `None` if neither can read it.
macro_rules! read {
    ($event:expr, $type:ty) => {{
        let by_core = |event: &Event<'_>| {
            #[allow(dead_code)]
            type Str<'a> = BySerdeJsonCore<'a>;
            let data = event.data().as_bytes();
            let alone: Option<$type> = serde_json_core::from_slice(data).ok().map(|(read, _)| read);
            let by_event: Option<$type> = event.json_core().ok();
            [format!("{alone:?}"), format!("{by_event:?}")]
        };
        #[allow(dead_code, clippy::items_after_statements)] // Next to its use.
        type Str<'a> = BySerdeJson<'a>;
        let event: &Event<'_> = $event;
        let alone: Option<$type> = serde_json::from_slice(event.data().as_bytes()).ok();
        let by_event: Option<$type> = event.json().ok();
        let read = format!("{alone:?}");
        assert_eq!(format!("{by_event:?}"), read, "{}", event.data());
        assert_eq!(by_core(event), [&*read, &*read], "{}", event.data());
        alone
    }};
}

/// Compares with ours, if it can be read this way.
macro_rules! same {
    ($event:expr, $ours:expr, $type:ty) => {
        read!($event, $type).map(|theirs| theirs.holds($ours))
    };
}

type Parts<S> = Vec<Option<mirror::ContentPart<S>>>;
type WithText<S> = mirror::ErrorBody<S, S>;
type WithNumber<S> = mirror::ErrorBody<S, i64>;

/// Compares the first way of reading that succeeds with ours; `None` if none does.
fn chat(event: &Event<'_>) -> Option<bool> {
    use mirror::Chunk;

    let ours = &chat::Chunk::parse(event).ok()?;
    // In ours an empty message is not an error.
    if matches!(failed(event), Some(Failed::Message(message)) if message.raw().is_empty()) {
        return None;
    }
    let same = same!(event, ours, Chunk<Str<'_>, Str<'_>, WithText<Str<'_>>>)
        .or_else(|| same!(event, ours, Chunk<Str<'_>, Str<'_>, WithNumber<Str<'_>>>))
        .or_else(|| same!(event, ours, Chunk<Str<'_>, Str<'_>, Str<'_>>))
        .or_else(|| same!(event, ours, Chunk<Str<'_>, Parts<Str<'_>>, WithText<Str<'_>>>))
        .or_else(|| same!(event, ours, Chunk<Str<'_>, Parts<Str<'_>>, WithNumber<Str<'_>>>))
        .or_else(|| same!(event, ours, Chunk<Str<'_>, Parts<Str<'_>>, Str<'_>>))?;
    // If it is not flat, it still has to be readable: it is not an error to serde either.
    let nothing = ErrorBody::default();
    let is_flat =
        ours.object.is_some_and(|object| object == "error") && matches!(failed(event)?, Failed::No);
    let flat = flat(event, if is_flat { ours.error.as_ref()? } else { &nothing })?;
    Some(same && (flat || !is_flat))
}

/// An error that is the whole event.
fn flat<'a>(event: &Event<'a>, ours: &ErrorBody<'a>) -> Option<bool> {
    same!(event, ours, WithText<Str<'_>>).or_else(|| same!(event, ours, WithNumber<Str<'_>>))
}

/// An error in the member `error`, in each of its forms.
enum Failed<'a> {
    No,
    WithText(WithText<BySerdeJson<'a>>),
    WithNumber(WithNumber<BySerdeJson<'a>>),
    Message(BySerdeJson<'a>),
}

/// `None` if it cannot be read.
fn failed<'a>(event: &Event<'a>) -> Option<Failed<'a>> {
    use mirror::Failed as F;

    let text =
        || Some(read!(event, F<WithText<Str<'_>>>)?.error.map_or(Failed::No, Failed::WithText));
    let number =
        || Some(read!(event, F<WithNumber<Str<'_>>>)?.error.map_or(Failed::No, Failed::WithNumber));
    let message = || Some(read!(event, F<Str<'_>>)?.error.map_or(Failed::No, Failed::Message));
    text().or_else(number).or_else(message)
}

/// The same for an event that ours considers an error.
fn error<'a>(event: &Event<'a>, ours: &ErrorBody<'a>) -> Option<bool> {
    match failed(event)? {
        Failed::WithText(theirs) => Some(theirs.holds(ours)),
        Failed::WithNumber(theirs) => Some(theirs.holds(ours)),
        Failed::Message(theirs) if !theirs.raw().is_empty() => Some(theirs.holds(ours)),
        _ => {
            let same = same!(event, ours, mirror::Flat<Str<'_>, Str<'_>>)
                .or_else(|| same!(event, ours, mirror::Flat<Str<'_>, i64>))?;
            Some(same && ours.kind.is_none())
        }
    }
}

/// Checks the type, and compares the event with the first of these structs that it can be read
/// into.
macro_rules! by_type {
    ($event:ident, $ours:ident, $kind:ident, $($name:literal: $variant:path = $($theirs:ty)|+,)*) => {
        match ($kind.as_str(), &$ours) {
            $(($name, $variant(ours)) => {
                None$(.or_else(|| same!($event, ours, $theirs)))+
            })*
            ($($name)|*, _) => Some(false),
            ("error", ours) => panic!("{} is not an error, but {ours:?}", $event.data()),
            (_, ours) => panic!("{} is not known, but {ours:?}", $event.data()),
        }
    };
}

/// The event's type: from the JSON, otherwise from the `event` line.
fn kind(event: &Event<'_>) -> Option<String> {
    let kind = read!(event, mirror::Head<Str<'_>>)?.kind.filter(|kind| !kind.raw().is_empty());
    Some(kind.map_or_else(|| event.event_type().to_string(), |kind| kind.0.to_string()))
}

fn responses(event: &Event<'_>) -> Option<bool> {
    use mirror::{Annotated, Contents, Delta, Done, Lifecycle, OutputItem, PartialImage};
    use responses::StreamEvent as E;

    let (ours, kind) = (E::parse(event).ok()?, kind(event)?);
    if let E::Other(other) = ours {
        let is_named = kind != "message" || other.kind.is_some();
        return Some(other.kind.is_some_and(|is| is == *kind) || !is_named);
    }
    if let E::Error(ours) = ours {
        let number = read!(event, mirror::Head<Str<'_>>)?.sequence_number;
        return Some(error(event, &ours.error)? && number == ours.sequence_number);
    }
    by_type!(event, ours, kind,
        "response.output_text.delta": E::OutputTextDelta = Delta<Str<'_>>,
        "response.function_call_arguments.delta": E::FunctionCallArgumentsDelta = Delta<Str<'_>>,
        "response.reasoning_summary_text.delta": E::ReasoningSummaryTextDelta = Delta<Str<'_>>,
        "response.reasoning_text.delta": E::ReasoningTextDelta = Delta<Str<'_>>,
        "response.custom_tool_call_input.delta": E::CustomToolCallInputDelta = Delta<Str<'_>>,
        "response.refusal.delta": E::RefusalDelta = Delta<Str<'_>>,
        "response.output_text.done": E::OutputTextDone = Done<Str<'_>>,
        "response.function_call_arguments.done": E::FunctionCallArgumentsDone = Done<Str<'_>>,
        "response.reasoning_summary_text.done": E::ReasoningSummaryTextDone = Done<Str<'_>>,
        "response.reasoning_text.done": E::ReasoningTextDone = Done<Str<'_>>,
        "response.custom_tool_call_input.done": E::CustomToolCallInputDone = Done<Str<'_>>,
        "response.refusal.done": E::RefusalDone = Done<Str<'_>>,
        "response.output_item.added": E::OutputItemAdded = OutputItem<Str<'_>>,
        "response.output_item.done": E::OutputItemDone = OutputItem<Str<'_>>,
        "response.content_part.added": E::ContentPartAdded = Contents<Str<'_>>,
        "response.content_part.done": E::ContentPartDone = Contents<Str<'_>>,
        "response.reasoning_summary_part.added": E::ReasoningSummaryPartAdded = Contents<Str<'_>>,
        "response.reasoning_summary_part.done": E::ReasoningSummaryPartDone = Contents<Str<'_>>,
        "response.created": E::Created = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.queued": E::Queued = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.in_progress": E::InProgress = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.completed": E::Completed = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.incomplete": E::Incomplete = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.failed": E::Failed = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.cancelled": E::Cancelled = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.done": E::Done = Lifecycle<Str<'_>, Str<'_>> | Lifecycle<Str<'_>, i64>,
        "response.reasoning.delta": E::ReasoningDelta = Delta<Str<'_>>,
        "response.reasoning.done": E::ReasoningDone = Done<Str<'_>>,
        "response.output_text.annotation.added": E::OutputTextAnnotationAdded = Annotated<Str<'_>>,
        "response.audio.delta": E::AudioDelta = Delta<Str<'_>>,
        "response.audio.transcript.delta": E::AudioTranscriptDelta = Delta<Str<'_>>,
        "response.code_interpreter_call_code.delta": E::CodeInterpreterCallCodeDelta = Delta<Str<'_>>,
        "response.code_interpreter_call_code.done": E::CodeInterpreterCallCodeDone = Done<Str<'_>>,
        "response.mcp_call_arguments.delta": E::McpCallArgumentsDelta = Delta<Str<'_>>,
        "response.mcp_call_arguments.done": E::McpCallArgumentsDone = Done<Str<'_>>,
        "response.shell_call_command.added": E::ShellCallCommandAdded = Done<Str<'_>>,
        "response.shell_call_command.delta": E::ShellCallCommandDelta = Delta<Str<'_>>,
        "response.shell_call_command.done": E::ShellCallCommandDone = Done<Str<'_>>,
        "response.apply_patch_call_operation_diff.delta": E::ApplyPatchCallOperationDiffDelta = Delta<Str<'_>>,
        "response.apply_patch_call_operation_diff.done": E::ApplyPatchCallOperationDiffDone = Done<Str<'_>>,
        "response.image_generation_call.partial_image": E::ImageGenerationCallPartialImage = PartialImage<Str<'_>>,
    )
}

fn messages(event: &Event<'_>) -> Option<bool> {
    use messages::StreamEvent as E;

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
        "message_start": E::MessageStart = mirror::MessageStart<Str<'_>>,
        "content_block_start": E::ContentBlockStart = mirror::ContentBlockStart<Str<'_>>,
        "content_block_delta": E::ContentBlockDelta = mirror::ContentBlockDelta<Str<'_>>,
        "content_block_stop": E::ContentBlockStop = mirror::ContentBlockStop,
        "message_delta": E::MessageDelta = mirror::MessageDelta<Str<'_>>,
    )
}

/// Returns `true` if the payload type of that dialect holds what serde reads; `None` if serde
/// cannot read the event.
pub fn agree(dialect: &str, event: &Event<'_>) -> Option<bool> {
    match dialect {
        "chat" => chat(event),
        "responses" => responses(event),
        "messages" => messages(event),
        _ => Some(true),
    }
}
