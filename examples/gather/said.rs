//! What an event says: visible text, tool calls, usage.

use std::fmt::Display;
use std::io::{self, Write};

use sseam::Event;
use sseam::dialect::peek::{self, Json, Members};
use sseam::payload::{Error, JsonStr, chat, messages, responses};

/// Takes what is said.
pub(crate) trait Listener {
    fn text(&mut self, text: &dyn Display) -> io::Result<()>;
    /// A tool call begins.
    fn call(&mut self, name: JsonStr<'_>);
    fn usage(&mut self, input: Option<u64>, output: Option<u64>);
    /// An event that is no payload of its dialect.
    fn unread(&mut self, error: Error);
}

/// Tells the listener what the event says in that dialect.
pub(crate) fn tell(dialect: &str, event: &Event<'_>, to: &mut impl Listener) -> io::Result<()> {
    let told = match dialect {
        "chat" => chat(event, to),
        "responses" | "responses-strict" => responses(event, to),
        "messages" => messages(event, to),
        "generate-content" => Ok(generate_content(event, to)),
        "cohere-chat" => Ok(cohere_chat(event, to)),
        "assistants" => Ok(assistants(event, to)),
        _ => Ok(Ok(())),
    };
    told.unwrap_or_else(|error| {
        to.unread(error);
        Ok(())
    })
}

type Told = Result<io::Result<()>, Error>;

fn chat(event: &Event<'_>, to: &mut impl Listener) -> Told {
    let chunk = chat::Chunk::parse(event)?;
    if let Some(usage) = chunk.usage {
        to.usage(usage.prompt_tokens, usage.completion_tokens);
    }
    for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
        for call in choice.delta.unwrap_or_default().tool_calls {
            if let Some(name) = call.function.and_then(|function| function.name) {
                to.call(name);
            }
        }
        for text in choice.texts() {
            if let Err(error) = to.text(&text) {
                return Ok(Err(error));
            }
        }
    }
    Ok(Ok(()))
}

fn responses(event: &Event<'_>, to: &mut impl Listener) -> Told {
    match responses::Event::parse(event)? {
        responses::Event::OutputTextDelta(delta) => return Ok(to.text(&delta.delta)),
        responses::Event::OutputItemAdded(event) => {
            event.item.name.into_iter().for_each(|name| to.call(name));
        }
        responses::Event::Completed(event) | responses::Event::Incomplete(event) => {
            if let Some(usage) = event.response.usage {
                to.usage(usage.input_tokens, usage.output_tokens);
            }
        }
        _ => {}
    }
    Ok(Ok(()))
}

fn messages(event: &Event<'_>, to: &mut impl Listener) -> Told {
    match messages::Event::parse(event)? {
        messages::Event::ContentBlockDelta(event) => {
            if let messages::Delta::Text(text) = event.delta {
                return Ok(to.text(&text));
            }
        }
        messages::Event::ContentBlockStart(event) => {
            event.content_block.name.into_iter().for_each(|name| to.call(name));
        }
        messages::Event::MessageStart(event) => {
            to.usage(event.message.usage.input_tokens, event.message.usage.output_tokens);
        }
        messages::Event::MessageDelta(event) => {
            to.usage(event.usage.input_tokens, event.usage.output_tokens);
        }
        _ => {}
    }
    Ok(Ok(()))
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

fn text(value: Option<Json<'_>>, to: &mut impl Listener) -> io::Result<()> {
    value.and_then(|value| value.text()).map_or(Ok(()), |text| to.text(&text))
}

/// The parts of candidate 0 that are no thoughts.
fn generate_content(event: &Event<'_>, to: &mut impl Listener) -> io::Result<()> {
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
    if let Some(usage) = top(event, "usageMetadata") {
        let count = |name| member(usage.members(), name).and_then(|count| count.u64());
        to.usage(count("promptTokenCount"), count("candidatesTokenCount"));
    }
    Ok(())
}

/// `content-delta`: `delta.message.content.text`.
fn cohere_chat(event: &Event<'_>, to: &mut impl Listener) -> io::Result<()> {
    let kind = top(event, "type").and_then(|kind| kind.text());
    if kind.is_some_and(|kind| kind == "content-delta") {
        let content = inner(inner(top(event, "delta"), "message"), "content");
        text(inner(content, "text"), to)?;
    }
    Ok(())
}

/// `thread.message.delta`: `delta.content[].text.value`.
fn assistants(event: &Event<'_>, to: &mut impl Listener) -> io::Result<()> {
    if event.event_type() == "thread.message.delta" {
        let content = inner(top(event, "delta"), "content");
        for part in content.into_iter().flat_map(|content| content.elements()) {
            text(inner(member(part.members(), "text"), "value"), to)?;
        }
    }
    Ok(())
}

/// Prints the text, and keeps the rest for the end.
pub(crate) struct Printer<W> {
    pub(crate) out: W,
    pub(crate) input_tokens: Option<u64>,
    pub(crate) output_tokens: Option<u64>,
}

impl<W: Write> Listener for Printer<W> {
    fn text(&mut self, text: &dyn Display) -> io::Result<()> {
        write!(self.out, "{text}")
    }

    fn call(&mut self, name: JsonStr<'_>) {
        crate::say(&format_args!("calls {name}"));
    }

    fn usage(&mut self, input: Option<u64>, output: Option<u64>) {
        self.input_tokens = input.or(self.input_tokens);
        self.output_tokens = output.or(self.output_tokens);
    }

    fn unread(&mut self, error: Error) {
        crate::say(&format_args!("an event could not be read: {error}"));
    }
}
