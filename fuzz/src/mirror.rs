//! What the payloads should hold, by the rules of `sseam::payload`, read off a full
//! parse: the first member counts that is of its field's kind, the rest is absent.

use sseam::payload::{Content, ErrorBody, JsonStr, chat, messages, responses};

use crate::tree::Tree;

/// An object without members.
const EMPTY: &Tree = &Tree::Object(Vec::new());

/// Strings that may be absent, or that are then empty.
trait OrEmpty<'a> {
    fn or_empty(self) -> Option<JsonStr<'a>>;
}

impl<'a> OrEmpty<'a> for JsonStr<'a> {
    fn or_empty(self) -> Option<JsonStr<'a>> {
        Some(self)
    }
}

impl<'a> OrEmpty<'a> for Option<JsonStr<'a>> {
    fn or_empty(self) -> Option<JsonStr<'a>> {
        self
    }
}

#[track_caller]
fn text<'a>(ours: impl OrEmpty<'a>, theirs: Option<&str>, or_empty: bool) {
    let ours = ours.or_empty().map(|text| text.to_string());
    assert_eq!(ours.as_deref(), theirs.or(or_empty.then_some("")));
}

/// Fields that are strings, each with the names of its member; `or ""` where an absent
/// one is empty.
macro_rules! texts {
    ($ours:expr, $tree:expr, $($field:ident = $($name:literal)|+ $(or $empty:literal)?),* $(,)?) => {
        $(text($ours.$field, $tree.text(&[$($name),+]), false $(|| $empty.is_empty())?);)*
    };
}

/// Fields that are numbers.
macro_rules! numbers {
    ($ours:expr, $tree:expr, $($field:ident $(= $($name:literal)|+)?),* $(,)?) => {
        $(numbers!(@one $ours.$field, $tree, $field $($($name)|+)?);)*
    };
    (@one $ours:expr, $tree:expr, $field:ident) => {
        assert_eq!($ours, $tree.number(&[stringify!($field)]))
    };
    (@one $ours:expr, $tree:expr, $field:ident $($name:literal)|+) => {
        assert_eq!(Some($ours), $tree.number(&[$($name),+]).or(Some(0)))
    };
}

/// A field that is an object of further fields, where there is one.
fn inside<T>(ours: Option<T>, theirs: Option<&Tree>, same: impl Fn(T, &Tree)) {
    assert_eq!(ours.is_some(), theirs.is_some());
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        same(ours, theirs);
    }
}

fn is_error(tree: &Tree) -> Option<&Tree> {
    let is = tree.as_object().is_some() || tree.as_text().is_some_and(|text| !text.is_empty());
    is.then_some(tree)
}

fn error_body(ours: ErrorBody<'_>, tree: &Tree) {
    if let Some(message) = tree.as_text() {
        text(ours.message, Some(message), false);
        return assert!(ours.kind.is_none() && ours.code.is_none() && ours.param.is_none());
    }
    texts!(ours, tree, kind = "type", message = "message", param = "param");
    let code = tree.find(&["code"], |code| match code {
        Tree::Number(Some(number)) => Some(number.to_string()),
        Tree::Text(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(ours.code.map(|code| code.to_string()), code);
}

/// What the event calls itself: its first `type`, or else its `event` line; and whether
/// it is the former.
fn name<'t>(tree: &'t Tree, line: &'t str) -> (Option<&'t str>, bool) {
    let first = tree.members().iter().find(|(name, _)| name == "type");
    match first.and_then(|(_, kind)| kind.as_text()).filter(|kind| !kind.is_empty()) {
        Some(kind) => (Some(kind), true),
        None => (Some(line).filter(|line| !matches!(*line, "" | "message")), false),
    }
}

/// The error that an event of no known name is, if it is one.
fn error<'t>(tree: &'t Tree, line: &str) -> Option<(&'t Tree, bool)> {
    let (name, is_typed) = name(tree, line);
    let is_named = name == Some("error");
    if is_typed && !is_named {
        return None;
    }
    match tree.find(&["error"], is_error) {
        None => is_named.then_some((tree, true)),
        nested => nested.map(|nested| (nested, false)),
    }
}

fn same_error(ours: ErrorBody<'_>, tree: &Tree, line: &str) {
    let (body, is_flat) = error(tree, line).expect("an error");
    if is_flat {
        assert_eq!(ours.kind, None);
        let kind = |(name, _): &&(String, Tree)| name != "type";
        let members = body.members().iter().filter(kind).cloned().collect();
        return error_body(ours, &Tree::Object(members));
    }
    error_body(ours, body);
}

fn same_other(kind: Option<JsonStr<'_>>, tree: &Tree, line: &str, known: &[&str]) {
    let (name, is_typed) = name(tree, line);
    assert!(error(tree, line).is_none() && name.is_none_or(|name| !known.contains(&name)));
    // An `event` line is told where it could stand in JSON as it is.
    if is_typed || kind.is_some() {
        assert_eq!(kind.map(|kind| kind.to_string()).as_deref(), name);
    }
}

/// Whether a chunk of Chat Completions holds what is there.
pub fn chat(ours: &chat::Chunk<'_>, tree: &Tree) {
    texts!(ours, tree, id = "id", object = "object", model = "model");
    let is_flat = tree.text(&["object"]) == Some("error");
    let error = tree.find(&["error"], is_error).or(is_flat.then_some(tree));
    inside(ours.error, error, error_body);
    let usage = tree.members().iter().find_map(|(name, value)| match &**name {
        "usage" => value.as_object(),
        "x_groq" => value.members().iter().find(|(name, _)| name == "usage")?.1.as_object(),
        _ => None,
    });
    inside(ours.usage, usage, |ours, tree| {
        numbers!(ours, tree, prompt_tokens, completion_tokens, total_tokens);
        inside(
            ours.prompt_tokens_details,
            tree.object(&["prompt_tokens_details"]),
            |ours, tree| {
                numbers!(ours, tree, cached_tokens, audio_tokens);
            },
        );
        let details = tree.object(&["completion_tokens_details"]);
        inside(ours.completion_tokens_details, details, |ours, tree| {
            numbers!(ours, tree, reasoning_tokens, audio_tokens, accepted_prediction_tokens);
            numbers!(ours, tree, rejected_prediction_tokens);
        });
    });
    let choices = tree.objects("choices");
    assert_eq!(ours.choices.iter().count(), choices.len());
    for (ours, tree) in ours.choices.iter().zip(choices) {
        numbers!(ours, tree, index = "index");
        texts!(ours, tree, text = "text", finish_reason = "finish_reason");
        inside(ours.delta, tree.object(&["delta"]), delta);
    }
}

fn delta(ours: chat::Delta<'_>, tree: &Tree) {
    texts!(
        ours,
        tree,
        role = "role",
        refusal = "refusal",
        reasoning = "reasoning_content" | "reasoning"
    );
    let content = tree.find(&["content"], |content| {
        matches!(content, Tree::Text(_) | Tree::Array(_)).then_some(content)
    });
    match (ours.content, content) {
        (Some(Content::Text(ours)), Some(Tree::Text(tree))) => text(ours, Some(tree), false),
        (Some(Content::Parts(ours)), Some(Tree::Array(parts))) => {
            let parts: Vec<&Tree> = parts.iter().filter_map(Tree::as_object).collect();
            assert_eq!(ours.iter().count(), parts.len());
            for (ours, tree) in ours.iter().zip(parts) {
                texts!(ours, tree, kind = "type", text = "text");
            }
        }
        (ours, theirs) => assert!(ours.is_none() && theirs.is_none()),
    }
    let function = |ours: chat::Function<'_>, tree: &Tree| {
        texts!(ours, tree, name = "name", arguments = "arguments");
    };
    inside(ours.function_call, tree.object(&["function_call"]), function);
    let calls = tree.objects("tool_calls");
    assert_eq!(ours.tool_calls.iter().count(), calls.len());
    for (ours, tree) in ours.tool_calls.iter().zip(calls) {
        numbers!(ours, tree, index = "index");
        texts!(ours, tree, id = "id", kind = "type");
        inside(ours.function, tree.object(&["function"]), function);
    }
}

/// Calls the comparison of the variant, which its name has to be that of.
macro_rules! by_name {
    ($ours:ident, $tree:ident, $line:ident, $($variant:path = $name:literal: $same:ident,)*) => {{
        const KNOWN: &[&str] = &[$($name),*];
        match $ours {
            $($variant(ours) => {
                assert_eq!(name($tree, $line).0, Some($name));
                $same(ours, $tree);
            })*
            ours => otherwise(ours, $tree, $line, KNOWN),
        }
    }};
}

/// Whether an event of Responses holds what is there.
pub fn responses(ours: &responses::Event<'_>, tree: &Tree, line: &str) {
    use responses::Event as E;

    fn otherwise(ours: &E<'_>, tree: &Tree, line: &str, known: &[&str]) {
        match ours {
            E::Error(ours) => {
                assert!(name(tree, line).0.is_none_or(|name| !known.contains(&name)));
                numbers!(ours, tree, sequence_number);
                same_error(ours.error, tree, line);
            }
            E::Other(ours) => same_other(ours.kind, tree, line, known),
            ours => panic!("{ours:?} is not known"),
        }
    }
    fn delta(ours: &responses::Delta<'_>, tree: &Tree) {
        texts!(ours, tree, delta = "delta" or "", item_id = "item_id");
        numbers!(ours, tree, sequence_number, output_index = "output_index");
        numbers!(ours, tree, content_index = "content_index" | "summary_index");
    }
    fn done(ours: &responses::Done<'_>, tree: &Tree) {
        texts!(ours, tree, text = "text" | "refusal" | "arguments" | "input" or "", item_id = "item_id");
        numbers!(ours, tree, sequence_number, output_index = "output_index");
        numbers!(ours, tree, content_index = "content_index" | "summary_index");
    }
    fn output_item(ours: &responses::OutputItem<'_>, tree: &Tree) {
        numbers!(ours, tree, sequence_number, output_index = "output_index");
        let (ours, tree) = (ours.item, tree.object(&["item"]).unwrap_or(EMPTY));
        texts!(ours, tree, kind = "type" or "", id = "id", status = "status", role = "role");
        texts!(
            ours,
            tree,
            call_id = "call_id",
            name = "name",
            arguments = "arguments",
            input = "input"
        );
    }
    fn part(ours: &responses::ContentPart<'_>, tree: &Tree) {
        texts!(ours, tree, item_id = "item_id");
        numbers!(ours, tree, sequence_number, output_index = "output_index");
        numbers!(ours, tree, content_index = "content_index" | "summary_index");
        let (ours, tree) = (ours.part, tree.object(&["part"]).unwrap_or(EMPTY));
        texts!(ours, tree, kind = "type" or "", text = "text", refusal = "refusal");
    }
    fn lifecycle(ours: &responses::Lifecycle<'_>, tree: &Tree) {
        numbers!(ours, tree, sequence_number);
        let (ours, tree) = (ours.response, tree.object(&["response"]).unwrap_or(EMPTY));
        texts!(ours, tree, id = "id", status = "status", model = "model");
        inside(ours.error, tree.find(&["error"], is_error), error_body);
        inside(ours.incomplete_details, tree.object(&["incomplete_details"]), |ours, tree| {
            texts!(ours, tree, reason = "reason");
        });
        inside(ours.usage, tree.object(&["usage"]), |ours, tree| {
            numbers!(ours, tree, input_tokens, output_tokens, total_tokens);
            inside(
                ours.input_tokens_details,
                tree.object(&["input_tokens_details"]),
                |ours, tree| {
                    numbers!(ours, tree, cached_tokens);
                },
            );
            let details = tree.object(&["output_tokens_details"]);
            inside(ours.output_tokens_details, details, |ours, tree| {
                numbers!(ours, tree, reasoning_tokens);
            });
        });
    }
    by_name!(ours, tree, line,
        E::OutputTextDelta = "response.output_text.delta": delta,
        E::FunctionCallArgumentsDelta = "response.function_call_arguments.delta": delta,
        E::ReasoningSummaryTextDelta = "response.reasoning_summary_text.delta": delta,
        E::ReasoningTextDelta = "response.reasoning_text.delta": delta,
        E::CustomToolCallInputDelta = "response.custom_tool_call_input.delta": delta,
        E::RefusalDelta = "response.refusal.delta": delta,
        E::OutputTextDone = "response.output_text.done": done,
        E::FunctionCallArgumentsDone = "response.function_call_arguments.done": done,
        E::ReasoningSummaryTextDone = "response.reasoning_summary_text.done": done,
        E::ReasoningTextDone = "response.reasoning_text.done": done,
        E::CustomToolCallInputDone = "response.custom_tool_call_input.done": done,
        E::RefusalDone = "response.refusal.done": done,
        E::OutputItemAdded = "response.output_item.added": output_item,
        E::OutputItemDone = "response.output_item.done": output_item,
        E::ContentPartAdded = "response.content_part.added": part,
        E::ContentPartDone = "response.content_part.done": part,
        E::ReasoningSummaryPartAdded = "response.reasoning_summary_part.added": part,
        E::ReasoningSummaryPartDone = "response.reasoning_summary_part.done": part,
        E::Created = "response.created": lifecycle,
        E::Queued = "response.queued": lifecycle,
        E::InProgress = "response.in_progress": lifecycle,
        E::Completed = "response.completed": lifecycle,
        E::Incomplete = "response.incomplete": lifecycle,
        E::Failed = "response.failed": lifecycle,
    );
}

/// Whether an event of Messages holds what is there.
pub fn messages(ours: &messages::Event<'_>, tree: &Tree, line: &str) {
    use messages::{Delta, Event as E};

    const BARE: [&str; 2] = ["message_stop", "ping"];

    fn otherwise(ours: &E<'_>, tree: &Tree, line: &str, known: &[&str]) {
        let known = [known, &BARE].concat();
        match ours {
            E::MessageStop => assert_eq!(name(tree, line).0, Some(BARE[0])),
            E::Ping => assert_eq!(name(tree, line).0, Some(BARE[1])),
            E::Error(ours) => {
                assert!(name(tree, line).0.is_none_or(|name| !known.contains(&name)));
                same_error(*ours, tree, line);
            }
            E::Other(ours) => same_other(ours.kind, tree, line, &known),
            ours => panic!("{ours:?} is not known"),
        }
    }
    fn usage(ours: messages::Usage, tree: &Tree) {
        let tree = tree.object(&["usage"]).unwrap_or(EMPTY);
        numbers!(ours, tree, input_tokens, output_tokens);
        numbers!(ours, tree, cache_creation_input_tokens, cache_read_input_tokens);
    }
    fn message_start(ours: &messages::MessageStart<'_>, tree: &Tree) {
        let (ours, tree) = (ours.message, tree.object(&["message"]).unwrap_or(EMPTY));
        texts!(ours, tree, id = "id", model = "model", role = "role", stop_reason = "stop_reason");
        usage(ours.usage, tree);
    }
    fn block_start(ours: &messages::ContentBlockStart<'_>, tree: &Tree) {
        numbers!(ours, tree, index = "index");
        let (ours, tree) = (ours.content_block, tree.object(&["content_block"]).unwrap_or(EMPTY));
        texts!(ours, tree, kind = "type" or "", text = "text", thinking = "thinking");
        texts!(ours, tree, signature = "signature", id = "id", name = "name", data = "data");
        texts!(ours, tree, tool_use_id = "tool_use_id");
    }
    fn block_delta(ours: &messages::ContentBlockDelta<'_>, tree: &Tree) {
        numbers!(ours, tree, index = "index");
        let tree = tree.object(&["delta"]).unwrap_or(EMPTY);
        let (delta, member) = match ours.delta {
            Delta::Text(delta) => (("text_delta", delta), "text"),
            Delta::InputJson(delta) => (("input_json_delta", delta), "partial_json"),
            Delta::Thinking(delta) => (("thinking_delta", delta), "thinking"),
            Delta::Signature(delta) => (("signature_delta", delta), "signature"),
            Delta::Citations(ours) => {
                assert_eq!(tree.text(&["type"]), Some("citations_delta"));
                let tree = tree.object(&["citation"]).unwrap_or(EMPTY);
                texts!(ours, tree, kind = "type", cited_text = "cited_text", url = "url");
                texts!(ours, tree, title = "title" | "document_title");
                return;
            }
            Delta::Other { kind } => return text(kind, tree.text(&["type"]), true),
            delta => panic!("{delta:?} is not known"),
        };
        assert_eq!(tree.text(&["type"]), Some(delta.0));
        text(delta.1, tree.text(&[member]), true);
    }
    #[allow(clippy::trivially_copy_pass_by_ref)] // As the others take theirs.
    fn block_stop(ours: &messages::ContentBlockStop, tree: &Tree) {
        numbers!(ours, tree, index = "index");
    }
    fn message_delta(ours: &messages::MessageDelta<'_>, tree: &Tree) {
        usage(ours.usage, tree);
        let (ours, tree) = (ours.delta, tree.object(&["delta"]).unwrap_or(EMPTY));
        texts!(ours, tree, stop_reason = "stop_reason", stop_sequence = "stop_sequence");
    }
    by_name!(ours, tree, line,
        E::MessageStart = "message_start": message_start,
        E::ContentBlockStart = "content_block_start": block_start,
        E::ContentBlockDelta = "content_block_delta": block_delta,
        E::ContentBlockStop = "content_block_stop": block_stop,
        E::MessageDelta = "message_delta": message_delta,
    );
}
