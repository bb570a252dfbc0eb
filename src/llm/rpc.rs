//! JSON-RPC and what A2A says inside it: the one protocol that is code, since a stream may carry
//! the responses to several requests, and no event ends it but the response to the one followed.

use super::node::{Node, Path, parts};
use super::payload::Discriminator;
use super::protocol::Protocol;
use super::sentinel::is_uncut;
use super::tracker::Verdict;
use super::{Outcome, Signal, Tracker, memory};
use crate::json::{Json, space};
use Outcome::{Completed, Failed, Incomplete};

/// What an event of JSON-RPC makes of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    /// A notification, a request, or a task that goes on.
    Nothing,
    /// How the stream comes out if nothing else comes.
    SoFar(Option<Outcome>),
    /// The terminal.
    Ends(Outcome),
}

/// What the data of an event makes of its stream: a batch, or one message. What is called as a
/// keep-alive is one unless it is a message for sure.
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
        match find(&mut protocol, &message, tracker.request) {
            Finding::Nothing => {}
            Finding::SoFar(outcome) => {
                tracker.so_far = outcome;
                verdict.has_error |= outcome == Some(Failed);
            }
            Finding::Ends(outcome) => {
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

/// What a message finds. `request` is a hash of the ID whose response ends the stream.
fn find(protocol: &mut &'static Protocol, node: &Node<'_>, request: Option<u32>) -> Finding {
    if *protocol != Protocol::A2A && is_a2a(node) {
        *protocol = Protocol::A2A;
    }
    let is_response = node.get("method").is_none();
    let answers =
        |request| node.get("id").is_some_and(|id| memory::key(0, id.as_bytes()) == request);
    let is_other = request.is_some_and(|request| !answers(request));
    if !is_response || is_other && node.has_member("jsonrpc") {
        return Finding::Nothing;
    }
    let outcome = match () {
        () if node.at("error").is_some_and(|error| error.is_object() || error.text().is_some()) => {
            Failed
        }
        () if *protocol == Protocol::A2A => return task(node),
        () if node.has_member("result") => Completed,
        () => return Finding::Nothing,
    };
    if request.is_some() { Finding::Ends(outcome) } else { Finding::SoFar(Some(outcome)) }
}

/// How the task of an A2A event stands, in either version.
fn task(node: &Node<'_>) -> Finding {
    const STATE: Path = "result.statusUpdate.status.state|result.task.status.state|\
                         result.status.state|statusUpdate.status.state|task.status.state";
    const MESSAGE: Path = "result.message.parts|message.parts";

    let is_final = node.at("result.final|statusUpdate.final|result.statusUpdate.final|final");
    let Some(state) = node.text(STATE) else {
        let is_message = node.at(MESSAGE).is_some() || node.is("result.kind", "message");
        return if is_message { Finding::Ends(Completed) } else { Finding::Nothing };
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
        () => return Finding::SoFar(None),
    };
    let is_end = is_final.map_or(is_end, |is_final| is_final.is_true());
    if is_end { Finding::Ends(outcome) } else { Finding::SoFar(Some(outcome)) }
}
