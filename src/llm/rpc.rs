//! JSON-RPC, and A2A inside it.
//!
//! Their rules are code instead of a row: a stream may carry the responses to several requests, and
//! only the response to the followed request ends it.

use super::node::{Node, Path, parts};
use super::payload::Discriminator;
use super::protocol::Protocol;
use super::sentinel::is_uncut;
use super::tracker::Verdict;
use super::{Outcome, Signal, Tracker, memory};
use crate::json::{Json, space};
use Outcome::{Completed, Failed, Incomplete};

/// The effect of a message on its stream's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// None: a notification or a request.
    None,
    /// The outcome if the stream ends without another response. `None` for a task that continues.
    SoFar(Option<Outcome>),
    /// The final outcome.
    Ends(Outcome),
}

/// Judges an event's data: one message, or a batch. An event that looks like a keep-alive is one
/// unless it certainly contains a message.
pub(super) fn judge(
    tracker: &mut Tracker,
    protocol: &'static Protocol,
    data: &[u8],
    is_keep_alive: bool,
) -> Verdict {
    let mut verdict = Verdict::of(if is_keep_alive { Signal::Ignored } else { Signal::Payload });
    if !is_uncut(data) {
        return verdict;
    }
    let json = Json::of_skipped(space(data));
    let mut protocol = protocol;
    let alone = if json.is_array() { None } else { Some(json) };
    for message in json.elements().chain(alone) {
        let message = Node::of(message);
        if is_keep_alive && !is_a2a(&message) && !message.is("jsonrpc", "2.0") {
            continue;
        }
        if verdict.signal == Signal::Ignored {
            verdict.signal = Signal::Payload;
        }
        match effect_of(&mut protocol, &message, tracker.request) {
            Effect::None => {}
            Effect::SoFar(outcome) => {
                tracker.so_far = outcome;
                verdict.has_error |= outcome == Some(Failed);
            }
            Effect::Ends(outcome) => {
                tracker.settled = Some(outcome);
                verdict.signal = Signal::Terminal;
                verdict.has_error |= outcome == Failed;
            }
        }
    }
    tracker.protocol = Some(protocol);
    verdict
}

fn is_a2a(message: &Node<'_>) -> bool {
    Protocol::A2A.is_told_by(&Discriminator::None, message)
}

/// Returns a message's effect. `request` is a hash of the ID whose response ends the stream.
fn effect_of(protocol: &mut &'static Protocol, node: &Node<'_>, request: Option<u32>) -> Effect {
    if *protocol != Protocol::A2A && is_a2a(node) {
        *protocol = Protocol::A2A;
    }
    let is_response = node.get("method").is_none();
    let answers =
        |request| node.get("id").is_some_and(|id| memory::key(0, id.as_bytes()) == request);
    let is_other = request.is_some_and(|request| !answers(request));
    if !is_response || is_other && node.has_member("jsonrpc") {
        return Effect::None;
    }
    let outcome = match () {
        () if node
            .at("error")
            .is_some_and(|error| error.is_object() || error.as_text().is_some()) =>
        {
            Failed
        }
        () if *protocol == Protocol::A2A => return task(node),
        () if node.has_member("result") => Completed,
        () => return Effect::None,
    };
    if request.is_some() { Effect::Ends(outcome) } else { Effect::SoFar(Some(outcome)) }
}

/// Returns the effect of an A2A task's state, or of a message, in either version.
fn task(node: &Node<'_>) -> Effect {
    const STATE: Path = "result.statusUpdate.status.state|result.task.status.state|\
                         result.status.state|statusUpdate.status.state|task.status.state";
    const MESSAGE: Path = "result.message.parts|message.parts";

    let is_final = node.at("result.final|statusUpdate.final|result.statusUpdate.final|final");
    let Some(state) = node.text(STATE) else {
        let is_message = node.at(MESSAGE).is_some() || node.is("result.kind", "message");
        return if is_message { Effect::Ends(Completed) } else { Effect::None };
    };
    let is = |words| parts(words, b'|').any(|word| state == word);
    let (outcome, is_end) = match () {
        () if is("completed|TASK_STATE_COMPLETED") => (Completed, true),
        () if is("failed|TASK_STATE_FAILED|rejected|TASK_STATE_REJECTED") => (Failed, true),
        () if is("canceled|TASK_STATE_CANCELED|cancelled|TASK_STATE_CANCELLED") => {
            (Incomplete, true)
        }
        () if is("input-required|TASK_STATE_INPUT_REQUIRED") => (Incomplete, false),
        () if is("auth-required|TASK_STATE_AUTH_REQUIRED") => (Incomplete, false),
        () => return Effect::SoFar(None),
    };
    let is_end = is_final.map_or(is_end, |is_final| is_final.is_true());
    if is_end { Effect::Ends(outcome) } else { Effect::SoFar(Some(outcome)) }
}
