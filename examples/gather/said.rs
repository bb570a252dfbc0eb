//! What an event says: visible text, tool calls, usage.

use std::io;

use sseam::Event;
use sseam::dialect::peek::{self, Json, Members};
use sseam::payload::{self, JsonStr, chat, messages, responses};

/// Takes what is said.
pub(crate) trait Listener {
    fn text(&mut self, text: JsonStr<'_>) -> io::Result<()>;
    /// The name of the tool that the call by that index is about, and a piece of its
    /// arguments.
    fn call(&mut self, index: u64, name: Option<JsonStr<'_>>, piece: Option<JsonStr<'_>>);
    /// The name, and all of the arguments, which may have come in pieces before.
    fn whole_call(&mut self, index: u64, name: Option<JsonStr<'_>>, arguments: Option<JsonStr<'_>>);
    fn usage(&mut self, input: Option<u64>, output: Option<u64>);
}

/// Why an event was not told to its end.
pub(crate) enum Untold {
    /// It is no payload of its dialect.
    Unread(payload::Error),
    /// The listener could not take the text.
    Unheard(io::Error),
}

impl From<payload::Error> for Untold {
    fn from(error: payload::Error) -> Self {
        Self::Unread(error)
    }
}

impl From<io::Error> for Untold {
    fn from(error: io::Error) -> Self {
        Self::Unheard(error)
    }
}

/// Tells the listener what the event says in that dialect.
pub(crate) fn tell(dialect: &str, event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    match dialect {
        "chat" => chat(event, to)?,
        "responses" | "responses-strict" => responses(event, to)?,
        "messages" => messages(event, to)?,
        "generate-content" => generate_content(event, to)?,
        "cohere-chat" => cohere_chat(event, to)?,
        "assistants" => assistants(event, to)?,
        _ => {}
    }
    Ok(())
}

/// The first choice.
fn chat(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    let chunk = chat::Chunk::parse(event)?;
    if let Some(usage) = chunk.usage {
        to.usage(usage.prompt_tokens, usage.completion_tokens);
    }
    for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
        let delta = choice.delta.unwrap_or_default();
        // The legacy way has one call, without an index.
        let legacy = delta.function_call.map(|function| (0, function));
        let calls = delta.tool_calls.iter().filter_map(|call| Some((call.index, call.function?)));
        for (index, function) in legacy.into_iter().chain(calls) {
            to.call(index, function.name, function.arguments);
        }
        for text in choice.texts() {
            to.text(text)?;
        }
    }
    Ok(())
}

fn responses(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    use responses::Event as E;

    match E::parse(event)? {
        E::OutputTextDelta(delta) => to.text(delta.delta)?,
        E::FunctionCallArgumentsDelta(delta) | E::CustomToolCallInputDelta(delta) => {
            to.call(delta.output_index, None, Some(delta.delta));
        }
        E::OutputItemAdded(event) => to.call(event.output_index, event.item.name, None),
        E::OutputItemDone(event) => {
            let responses::Item { name, arguments, input, .. } = event.item;
            to.whole_call(event.output_index, name, arguments.or(input));
        }
        E::Completed(event) | E::Incomplete(event) => {
            if let Some(usage) = event.response.usage {
                to.usage(usage.input_tokens, usage.output_tokens);
            }
        }
        _ => {}
    }
    Ok(())
}

fn messages(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    use messages::{Delta, Event as E};

    match E::parse(event)? {
        E::ContentBlockDelta(event) => match event.delta {
            Delta::Text(text) => to.text(text)?,
            Delta::InputJson(delta) => to.call(event.index, None, Some(delta)),
            _ => {}
        },
        E::ContentBlockStart(event) => to.call(event.index, event.content_block.name, None),
        E::MessageStart(event) => {
            to.usage(event.message.usage.input_tokens, event.message.usage.output_tokens);
        }
        E::MessageDelta(event) => to.usage(event.usage.input_tokens, event.usage.output_tokens),
        _ => {}
    }
    Ok(())
}

/// The first member by that name. These dialects have no typed payloads: a look
/// is enough.
fn member<'a>(mut members: Members<'a>, name: &str) -> Option<Json<'a>> {
    members.find(|(member, _)| *member == name).map(|(_, value)| value)
}

fn inner<'a>(value: Option<Json<'a>>, name: &str) -> Option<Json<'a>> {
    member(value?.members(), name)
}

fn top<'a>(event: &Event<'a>, name: &str) -> Option<Json<'a>> {
    member(peek::members(event.data().as_bytes()), name)
}

fn text(value: Option<Json<'_>>, to: &mut impl Listener) -> Result<(), Untold> {
    if let Some(text) = value.and_then(|value| value.text()) {
        to.text(text.try_into()?)?;
    }
    Ok(())
}

/// The parts of candidate 0 that are no thoughts.
fn generate_content(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    let candidates = top(event, "candidates").into_iter().flat_map(|list| list.elements());
    for candidate in candidates {
        let index = member(candidate.members(), "index").and_then(|index| index.u64());
        let content = member(candidate.members(), "content");
        let parts = inner(content, "parts").filter(|_| index.unwrap_or(0) == 0);
        for part in parts.into_iter().flat_map(|parts| parts.elements()) {
            if !member(part.members(), "thought").is_some_and(|thought| thought.is_true()) {
                text(member(part.members(), "text"), to)?;
            }
        }
    }
    let usage = top(event, "usageMetadata");
    usage_by(usage, ["promptTokenCount", "candidatesTokenCount"], to);
    Ok(())
}

/// `content-delta`: `delta.message.content.text`. `message-end`: `delta.usage`, with
/// the tokens that were used, or else those that are billed.
fn cohere_chat(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    let Some(kind) = top(event, "type").and_then(|kind| kind.text()) else { return Ok(()) };
    let delta = top(event, "delta");
    if kind == "content-delta" {
        text(inner(inner(inner(delta, "message"), "content"), "text"), to)?;
    } else if kind == "message-end" {
        let usage = inner(delta, "usage");
        let tokens = inner(usage, "tokens").or_else(|| inner(usage, "billed_units"));
        usage_by(tokens, ["input_tokens", "output_tokens"], to);
    }
    Ok(())
}

/// `thread.message.delta`: `delta.content[].text.value`. The end of a run: `usage`.
fn assistants(event: &Event<'_>, to: &mut impl Listener) -> Result<(), Untold> {
    if event.event_type() == "thread.message.delta" {
        let content = inner(top(event, "delta"), "content");
        for part in content.into_iter().flat_map(|content| content.elements()) {
            text(inner(member(part.members(), "text"), "value"), to)?;
        }
    } else if event.event_type() == "thread.run.completed"
        || event.event_type() == "thread.run.incomplete"
    {
        usage_by(top(event, "usage"), ["prompt_tokens", "completion_tokens"], to);
    }
    Ok(())
}

/// Both counts, by their names.
fn usage_by(usage: Option<Json<'_>>, names: [&str; 2], to: &mut impl Listener) {
    let [input, output] = names.map(|name| inner(usage, name).and_then(|count| count.u64()));
    to.usage(input, output);
}
